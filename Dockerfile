FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    UV_PYTHON_DOWNLOADS=never \
    PATH=/house/.venv/bin:$PATH

RUN pip install --no-cache-dir uv==0.13.9 \
    && useradd --uid 1000 --no-create-home engagement

WORKDIR /house
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-cache

COPY . .
# The three addresses are needed to read the settings only; nothing is asked there, and nothing of them stays.
RUN SECRET_KEY=build DATABASE_URL=postgres:///build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input --verbosity 0

USER 1000
EXPOSE 8000
# Threads, so that slow visitors hold nobody up; a buffering proxy stands in front (README, "Deploy").
CMD ["gunicorn", "engagement.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm"]
