SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON3 ?= python3
BIN := .venv/bin
READY := .venv/.ready
SUPABASE := sql/node_modules/.package-lock.json
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--python-version 3.11 --custom-compile-command "make lock"

# $(call passes,how many at once,which tests,before it). What failed beside others on a busy machine is tried once more by
# itself, for a check that fails by chance is soon believed by nobody; both runs are told, and what fails twice is a failure.
define passes
{ $(3) $(BIN)/python -m pytest $(1) $(2); status=$$?; [ $$status -eq 0 ] || { [ $$status -eq 1 ] \
	    && $(3) $(BIN)/python -m pytest --last-failed --last-failed-no-failures none $(2); }; }
endef

.PHONY: help setup install run test test-production check bench screenshots lock

help: ## List these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

setup: $(READY) ## Make .venv with the pinned packages (the others do this themselves)

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Staffroom needs Python 3.11 or newer: name one with make PYTHON3=/path/to/python3." >&2; exit 1; }
	@$(PYTHON3) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python can't make virtual environments: install python3-venv first." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON3) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q Home.py core pages
	@touch $@

# The build tool is none of what runs, so its line comes out of the developers' list, with its hash.
install: ## Make .venv with nothing but what a server needs
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Staffroom needs Python 3.11 or newer: name one with make install PYTHON3=/path/to/python3." >&2; exit 1; }
	$(PYTHON3) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r <(sed -n '/^setuptools==/,/^    #/p' requirements-dev.txt)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q Home.py core pages

$(SUPABASE): sql/package-lock.json
	@command -v npm >/dev/null || { \
	  echo "The Supabase CLI comes by npm: install Node.js and npm (on Debian nodejs and npm) first." >&2; exit 1; }
	cd sql && npm ci --no-progress --loglevel=error
	@touch $@

run: $(READY) ## Start the app (PORT and HOST may be set)
	@exec $(BIN)/staffroom serve

# Most tests wait, for a database or a clock, so there are more at once than processors. The browser's tests have a run
# of their own: their event loop would be in the way of tests that start one, and they measure what a person waits for.
# What is compiled is kept, also where the environment wishes otherwise: each worker would compile all the tests anew.
test: $(READY) ## All tests, browser included, in random order
	@CHROMIUM="$$(.ci/find-chromium)" || exit 1; export CHROMIUM PYTHONDONTWRITEBYTECODE=; failed=0; \
	  $(call passes,-n 4 --dist worksteal,--ignore tests/e2e --ignore tests/production tests) || failed=1; \
	  $(call passes,-n 3 --dist worksteal,tests/e2e) || failed=1; \
	  exit $$failed

# What ends programs or servers of its own says nothing about SQL, and runs with the other tests.
test-production: $(READY) $(SUPABASE) ## The SQL tests, and a school's whole set-up in the browser, on the PostgreSQL that this system has installed
	@CHROMIUM="$$(.ci/find-chromium)" || exit 1; export CHROMIUM; failed=0; \
	  $(call passes,-n 4 --dist worksteal,-m "not processes" tests/integration,.ci/with-postgres) || failed=1; \
	  $(call passes,,tests/production,.ci/with-postgres) || failed=1; \
	  exit $$failed

check: $(READY) ## Linters, types, import rules and SQL style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint sql

bench: $(READY) ## Measure what the README promises
	@CHROMIUM="$$(.ci/find-chromium)" && export CHROMIUM && \
	  for script in bench/[a-z]*.py; do $(BIN)/python -m "bench.$$(basename "$$script" .py)" || exit 1; done

screenshots: $(READY) ## Take the pictures in docs/screenshots anew
	@CHROMIUM="$$(.ci/find-chromium)" && export CHROMIUM && $(BIN)/python -m docs.screenshots.take

lock: $(READY) ## Recompile requirements.txt and requirements-dev.txt (UPGRADE=--upgrade for newer versions)
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
