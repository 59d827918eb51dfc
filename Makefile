# Everything here works on a plain Debian 12 with python3 and make.
# PYTHON=python3.13 chooses the interpreter of a new .venv.

PYTHON ?= python3
BIN := .venv/bin
FUZZ_SECONDS ?= 60
FAULT_KILLS ?= 50
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(LOCK_FLAGS)

export PYTHON
# Tests start hundreds of processes: each would compile all of maskline anew, a second of work.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test faults lint types format fuzz bench lock install install-dev console peers clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: install ## Start everything with a demo tenant, in the foreground
	@$(BIN)/maskline demo serve

test: install-dev peers ## Run the whole test suite (PYTEST_ARGS="..." for pytest)
	@$(BIN)/pytest $(or $(PYTEST_ARGS),-n 4 --dist loadgroup)

faults: install-dev peers ## Kill, cut off, fill and slow down things for long, and count (FAULT_KILLS=50)
	@MASKLINE_KILLS=$(FAULT_KILLS) MASKLINE_SEED=$${MASKLINE_SEED:-$$(date +%s)} \
		MASKLINE_OUTAGE_S=$${MASKLINE_OUTAGE_S:-30} $(BIN)/pytest -s tests/integration/faults

lint: install-dev ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: install-dev ## Check types
	@$(BIN)/basedpyright

format: install-dev ## Rewrite the code in the house style
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

fuzz: install-dev ## Feed parsers with garbage (FUZZ_SECONDS=60 each)
	@set -e; for target in tests/property/fuzz_*.py; do \
		echo "== $$target"; $(BIN)/python $$target --seconds $(FUZZ_SECONDS); done

bench: install-dev peers ## Measure, and print the performance tables (ONLY=binds for one)
	@set -e; for bench in bench/$(or $(ONLY),[a-z]*).py; do \
		echo "== $$bench"; $(BIN)/python $$bench; done

lock: install-dev ## Renew requirements/*.txt (LOCK_FLAGS=--upgrade for newer versions)
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet uv
	@$(LOCK) pyproject.toml requirements/build.in -o requirements/run.txt
	@$(LOCK) --extra dev -c requirements/run.txt \
		pyproject.toml requirements/build.in -o requirements/dev.txt
	@$(LOCK) --extra postgres --extra s3 -c requirements/dev.txt \
		pyproject.toml requirements/build.in -o requirements/image.txt

install: ## Make .venv with what running needs
	@sh tools/install.sh run
	@sh tools/build_console.sh

install-dev: ## Make .venv with what testing needs
	@sh tools/install.sh dev
	@sh tools/build_console.sh

console: ## Build the web console, and say it when that can't be done
	@sh tools/install.sh run
	@sh tools/build_console.sh --force

peers: ## Install the programs that tests call (SIPp), when that is possible
	@sh tools/install_peers.sh

clean: ## Remove .venv and caches; data in var/ stays
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist console/node_modules src/maskline/console/static
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +
