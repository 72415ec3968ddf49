# What can be done here. `make` alone tells.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
SHARED_OUT := -n 2 --dist loadfile --no-loadscope-reorder

help: ## tell what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp var/secret_key ## start Putki with its demo team
	@LOG_FORMAT=$${LOG_FORMAT:-console} LOG_LEVEL=$${LOG_LEVEL:-WARNING} \
		exec $(BIN)/python manage.py up --demo --seconds-to-stop 3

var/secret_key:
	@umask 077 && mkdir -p var && \
		$(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) tools/virtualenv.py $(VENV) requirements.txt $@

$(VENV)/dev.stamp: requirements-dev.txt
	@$(PYTHON) tools/virtualenv.py $(VENV) requirements-dev.txt $@

# check --deploy is asked about a site as it should be: over https, with a secret.
check: $(VENV)/dev.stamp ## everything that can be told without running it
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://putki.example SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/djlint --lint --quiet --configuration pyproject.toml config production experiments playbook

# What looks at plain values, texts and pages, or generates input, says the same on any database;
# `make soak` runs it on PostgreSQL too. One path a line.
SAME_EVERYWHERE := $(shell cat tests/same_everywhere.txt)

# Races, faults and the acceptance of the contract need a running house each and wait more than they
# compute: the short ones run on PostgreSQL, `make soak` runs them on the embedded default too.
HOUSES := tests/acceptance tests/races tests/faults/test_jobs.py tests/faults/test_listening.py \
	tests/faults/test_webhooks.py tests/faults/test_writing.py

test: $(VENV)/dev.stamp ## every test on SQLite, what concerns the database on PostgreSQL, then a browser
	$(PYTHON) tools/browser.py
	$(PYTEST) $(SHARED_OUT) -m "not browser and not soak" $(addprefix --ignore=,$(HOUSES)) tests
	$(BIN)/python tools/postgres.py $(PYTEST) $(SHARED_OUT) -m "not browser and not soak" \
		$(addprefix --ignore=tests/,$(SAME_EVERYWHERE)) tests
	$(PYTEST) $(SHARED_OUT) -m "browser and not soak" tests

soak: $(VENV)/dev.stamp ## the long tests: faults, races, fuzzing
	$(BIN)/python tools/postgres.py $(PYTEST) $(SHARED_OUT) -m "not browser and not soak" \
		$(addprefix tests/,$(filter-out browser,$(SAME_EVERYWHERE)))
	$(PYTEST) $(SHARED_OUT) -m "not browser" $(HOUSES)
	$(BIN)/python tools/postgres.py $(PYTEST) -m soak tests

bench: $(VENV)/dev.stamp ## how fast it is, beside what the machine could do
	$(BIN)/python tools/postgres.py $(BIN)/python -m bench

screenshots: $(VENV)/dev.stamp ## take the pictures of the docs anew
	$(PYTHON) tools/browser.py
	$(BIN)/python -m tools.screenshots

lock: ## make the lists of packages anew from the .in files
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links requirements.in -o requirements.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links requirements-dev.in -o requirements-dev.txt

.DEFAULT_GOAL := help
.PHONY: help run check test soak bench screenshots lock
