# What can be done here. `make` alone tells.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

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
# `make soak` runs it on PostgreSQL too.
SAME_EVERYWHERE := test_look.py test_languages.py config browser production/test_flow.py \
	production/test_history.py production/test_oracles.py production/test_ordering.py \
	production/flow production/test_forecast.py \
	production/test_worddiff.py production/test_durations.py production/test_templatetags.py \
	production/test_settings_pages.py production/test_item_pages.py production/test_demo.py \
	production/flow production/test_forecast.py production/test_charts.py production/test_flow_page.py \
	production/test_flow_settings.py production/test_utm.py production/test_walltime.py \
	production/test_mix.py production/test_rules.py production/test_markdown.py \
	production/publications/test_states.py production/publications/test_panel.py \
	production/webhooks/test_pages.py production/test_log_pages.py production/test_settings_forms.py \
	experiments/stats \
	production/imports/test_trello.py production/imports/test_csvfile.py \
	production/imports/test_import_pages.py production/api/test_description.py \
	production/api/test_conformance.py production/api/test_tenants.py production/api/test_roles.py

test: $(VENV)/dev.stamp ## every test on SQLite, what concerns the database on PostgreSQL, then a browser
	$(PYTHON) tools/browser.py
	$(PYTEST) -n 2 --dist loadgroup -m "not browser and not soak" tests
	$(BIN)/python tools/postgres.py $(PYTEST) -n 2 --dist loadgroup -m "not browser and not soak" \
		$(addprefix --ignore=tests/,$(SAME_EVERYWHERE)) tests
	$(PYTEST) -m "browser and not soak" tests

soak: $(VENV)/dev.stamp ## the long tests: faults, races, fuzzing
	$(BIN)/python tools/postgres.py $(PYTEST) -n 2 --dist loadgroup -m "not browser and not soak" \
		$(addprefix tests/,$(filter-out browser,$(SAME_EVERYWHERE)))
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
