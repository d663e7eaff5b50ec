# Everything a person or a machine does with this project. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := deploy/requirements
ICAL_JS := build/ical_js/.ready
PEERS := build/peers
CAL_COM := tests/benchmarks/peers/cal_com
POSTGRES_15 := /usr/lib/postgresql/15/bin

.PHONY: help setup run test test-again test-postgresql-15 check format bench bench-peers locks clean
help: ## This list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

setup: $(VENV)/.ready $(ICAL_JS) ## Create .venv and install the locked dependencies (hashes checked)

$(VENV)/.ready: $(LOCKS)/runtime.txt $(LOCKS)/development.txt pyproject.toml
	@echo "Installing the locked packages, about a minute"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(LOCKS)/development.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The second calendar parser of the tests; its Node.js comes with the locked wheels.
$(ICAL_JS): $(VENV)/.ready tests/contract/ical_js/package.json tests/contract/ical_js/package-lock.json
	mkdir -p $(@D)
	cp tests/contract/ical_js/package.json tests/contract/ical_js/package-lock.json $(@D)/
	$(BIN)/npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --omit=optional --silent
	touch $@

run: setup ## Bring up the whole stack with the demo division
	$(BIN)/remit up --demo

test: setup ## Every test but the benchmarks; the integration suite on PostgreSQL 15 too, where it is installed
	$(BIN)/python -m pytest
	@$(MAKE) --no-print-directory test-postgresql-15

test-again: setup ## Only what failed in the last run, then PostgreSQL 15
	$(BIN)/python -m pytest --last-failed
	@$(MAKE) --no-print-directory test-postgresql-15

test-postgresql-15: setup ## The integration suite on an installed PostgreSQL 15
	@if [ -x $(POSTGRES_15)/initdb ]; then \
		$(BIN)/python -m pytest -p no:cacheprovider tests/integration --postgres $(POSTGRES_15); \
	else echo "PostgreSQL 15 is not installed: its leg of the integration suite was not run"; fi

check: setup ## Format, lint, types, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -p no:randomly tests/integration/database -k tables_declare

format: setup ## Put the code in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## The goals table, with references and verdicts; writes build/bench.json
	$(BIN)/python -m tests.benchmarks

bench-peers: setup $(PEERS)/.ready ## The goals beside other products, which it installs into build/peers
	$(BIN)/python -m tests.benchmarks --peers

# Other products, for comparison alone: an environment and a folder of their own, from locks of their own.
$(PEERS)/.ready: $(LOCKS)/peers.txt $(CAL_COM)/package.json $(CAL_COM)/package-lock.json
	@echo "Installing the peers, about a minute"
	rm -rf $(PEERS)
	$(PYTHON) -m venv $(PEERS)/python
	$(PEERS)/python/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(LOCKS)/peers.txt
	mkdir -p $(PEERS)/cal_com
	cp $(CAL_COM)/package.json $(CAL_COM)/package-lock.json $(PEERS)/cal_com/
	$(BIN)/npm ci --prefix $(PEERS)/cal_com --ignore-scripts --no-audit --no-fund --omit=optional --silent
	touch $@

locks: ## Compile the lock files anew (needs the network)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --override $(LOCKS)/overrides.in --no-emit-index-url --no-header -o $(LOCKS)/runtime.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --override $(LOCKS)/overrides.in --no-emit-index-url --no-header --group test --group lint --group type --group bench --group build -c $(LOCKS)/runtime.txt -o $(LOCKS)/development.txt pyproject.toml $(LOCKS)/build.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o $(LOCKS)/peers.txt $(LOCKS)/peers.in

clean: ## Remove what was built; data folders stay
	rm -rf $(VENV) build *.egg-info
