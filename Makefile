# Everything a person or a machine calls here. `make` alone explains it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
# Modules with rules and without a database.
TYPED := ots_tracker/env.py ots_tracker/embedded_postgres/__init__.py ots_tracker/embedded_postgres/machine.py \
	reference/partial_dates/value.py reference/names.py initiatives/statuses.py initiatives/standing.py \
	reference/archiving/addresses.py reference/archiving/connection.py reference/archiving/fetch.py reference/archiving/verdicts.py \
	meetings/cutting/lines.py meetings/cutting/marks.py meetings/cutting/words.py editorial/desk/merging.py editorial/desk/cells.py

.DEFAULT_GOAL := help
.PHONY: help run test check lint types deploy migrations openapi openapi-write translations bench races migrate seed stop lock

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-20s %s\n' "$$name" "$$text"; done

run: $(VENV)/installed.run  ## from a checkout to a running site; Ctrl-C stops it
	@exec $(MANAGE) serve

test: $(VENV)/installed.dev  ## all tests, browser included; ARGS="-k name" for some
	@browser=$$(.ci/chromium $(BIN)) && CHROMIUM=$$browser $(BIN)/pytest -n 2 $(ARGS)

check: lint types deploy migrations openapi translations  ## everything that can be said without running the tests

lint: $(VENV)/installed.dev  ## style and likely bugs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed.dev  ## types of the modules that hold rules
	$(BIN)/mypy $(TYPED)

# As it will stand on a server: https, with a secret nobody knows.
deploy: $(VENV)/installed.dev  ## Django's own checks, as if deployed
	SITE_URL=https://tracker.example.org SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(MANAGE) check --deploy --fail-level WARNING

migrations: $(VENV)/installed.dev  ## whether the migrations say what the models say
	$(MANAGE) makemigrations --check --dry-run

openapi: $(VENV)/installed.dev  ## whether docs/openapi.json says what the API does
	.ci/check-openapi $(BIN)

openapi-write: $(VENV)/installed.dev  ## make docs/openapi.json say what the API does
	$(MANAGE) spectacular --format openapi-json --fail-on-warn --file docs/openapi.json

translations: $(VENV)/installed.dev  ## whether every language says everything
	$(BIN)/python .ci/check-translations

bench: $(VENV)/installed.dev  ## how fast it is, as ratios measured in one run
	@$(BIN)/python -m benchmarks $(ARGS)

races: $(VENV)/installed.dev  ## whether two editors at once lose anything: 200 rounds on every path that writes
	@$(BIN)/python -m benchmarks.races

migrate: $(VENV)/installed.run  ## bring the database up to date
	$(MANAGE) migrate

seed: $(VENV)/installed.run  ## load the shipped data set
	$(MANAGE) load_dataset

stop: $(VENV)/installed.run  ## end the embedded PostgreSQL, which otherwise outlives the site
	@$(BIN)/python -m ots_tracker.embedded_postgres stop

lock:  ## pin the newest dependencies that fit pyproject.toml (needs uv)
	uv pip compile -q --upgrade $(LOCK) pyproject.toml -o requirements/run.txt
	uv pip compile -q --upgrade $(LOCK) -c requirements/run.txt pyproject.toml --group dev -o requirements/dev.txt

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# The environment: made once, completed when the pins change.

$(VENV)/bin/python:
	@.ci/make-venv $(PYTHON) $(VENV)

$(VENV)/installed.%: requirements/%.txt $(VENV)/bin/python
	@echo "Installing what requirements/$*.txt pins ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $<
	@touch $@
