.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
export PORT ?= 8000
export UV_PYTHON_DOWNLOADS = never

RUN = .venv/bin/python
BESIDE_SERVERS = $(RUN) -m engagement.services
INSTALLED = .venv/installed
CHECKER = tests/browser/node_modules/installed

help: ## Show what make can do here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

demo: $(INSTALLED) ## Start everything with demo data on http://localhost:8000 (PORT=…); Ctrl-C stops it
	@$(BESIDE_SERVERS) $(RUN) -m engagement.demo

test: $(INSTALLED) tools ## Run all tests with PostgreSQL, Valkey and a headless Chromium (ARGS=… for pytest)
	@$(BESIDE_SERVERS) --fast $(RUN) -m pytest -q -n 2 $(ARGS)

test-languages: $(INSTALLED) tools ## Look at every page in all languages: axe, the HTML checker, 320 pixels
	@$(BESIDE_SERVERS) --fast $(RUN) -m pytest -q -n 2 --all-languages tests/test_html.py tests/browser/test_pages.py -k "sound or valid"

lint: $(INSTALLED) ## Check style, types, templates and migrations
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	@$(BESIDE_SERVERS) --fast .venv/bin/mypy --no-error-summary
	@$(BESIDE_SERVERS) --fast $(RUN) manage.py makemigrations --check --dry-run --verbosity 1

check-deploy: $(INSTALLED) ## Check docker-compose.yml against its schema and lint the Dockerfile
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml
	@.venv/bin/hadolint Dockerfile

messages: $(INSTALLED) tools ## Collect the sentences of pages and mails into the catalogues, and compile them
	@$(BESIDE_SERVERS) --fast $(RUN) manage.py makemessages --all --add-location=file --no-wrap --no-obsolete --ignore='tests/*'
	@$(BESIDE_SERVERS) --fast $(RUN) manage.py compilemessages --ignore=.venv

screenshots: $(INSTALLED) tools ## Photograph the running demo for the README
	@PYTHONPATH=. $(RUN) docs/screenshots.py

bench-matching: $(INSTALLED) ## Measure the matching of a city and a state (SIZES="S M L" for the country too)
	@$(BESIDE_SERVERS) --data .run/benchmarks $(RUN) -m benchmarks.matching $(SIZES)

bench-growth: $(INSTALLED) ## Measure one, two and four workers on the same night, and kill one of them
	@$(BESIDE_SERVERS) --data .run/benchmarks $(RUN) -m benchmarks.growth

bench-fairness: $(INSTALLED) ## Measure fair prices against a published table, and in the weeks of a city
	@$(BESIDE_SERVERS) --data .run/benchmarks $(RUN) -m benchmarks.fairness

bench-site: $(INSTALLED) tools ## Measure the search page and the page of an opportunity as visitors meet them
	@$(BESIDE_SERVERS) --data .run/benchmarks $(RUN) -m benchmarks.site

bench-desk: $(INSTALLED) ## Measure the desk and the review queue as staff of small and large agencies meet them
	@$(BESIDE_SERVERS) --data .run/benchmarks $(RUN) -m benchmarks.desk $(SIZES)

tools: $(INSTALLED) $(CHECKER) ## Install what only the tests need: Chromium, gettext, the Nu HTML checker
	@.ci/tools

clean: ## Forget the data of the demo
	rm -rf .run

# Both stamps are newer than what they stand for, so that an installed checkout needs no network.
$(INSTALLED): pyproject.toml uv.lock
	@echo "Installing …"
	@$(PYTHON) -m venv .venv
	@$(RUN) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@.venv/bin/uv sync --locked --inexact --quiet
	@touch $@

$(CHECKER): $(INSTALLED) tests/browser/package-lock.json
	@.venv/bin/npm ci --prefix tests/browser --silent --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: help demo test test-languages lint check-deploy messages screenshots bench-matching bench-growth bench-fairness bench-site bench-desk tools clean
