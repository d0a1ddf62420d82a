FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    UV_PYTHON_DOWNLOADS=never \
    PATH=/house/.venv/bin:$PATH \
    NUMBA_CACHE_DIR=/house/compiled

RUN pip install --no-cache-dir uv==0.13.9 \
    && useradd --uid 1000 --no-create-home engagement

WORKDIR /house
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-cache

COPY . .
# The three addresses are needed to read the settings only; nothing is asked there, and nothing of them stays.
RUN SECRET_KEY=build DATABASE_URL=postgres:///build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input --verbosity 0 \
    && install --directory --owner=1000 compiled

USER 1000
# The rule of matching is compiled here, not when the first page asks for it. The folder is the one place in the house
# that may be written: on a machine with another processor the rule is compiled again (docker-compose.yml keeps it).
RUN SECRET_KEY=build DATABASE_URL=postgres:///build REDIS_URL=redis://build \
    python manage.py compile_rule

EXPOSE 8000
# Threads, so that slow visitors hold nobody up; a buffering proxy stands in front (README, "Deploy").
CMD ["gunicorn", "engagement.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm"]
