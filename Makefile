# Earnest's commands. `make` alone lists them; each target's sentence stands after its `##`.
#
# Everything runs in .venv, made from the pinned requirements when they changed and only then.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
DATA ?= .earnest

# A stamp is touched when an environment was made; it is stale when a requirement changed.
RUN_STAMP := $(VENV)/.run-stamp
DEV_STAMP := $(VENV)/.dev-stamp

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Compiling for every platform at once, without a word about where the files came from. Extras stay
# in the pins, because an older pip looks for `name[extra]` beside the pin of `name` and finds newer
# releases whose hashes nobody pinned.
COMPILE := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test coverage check mutants bench chaos format docs requirements clean

help: ## List these commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## Start Earnest with its own database and a demo maker, and say where to open it.
	$(BIN)/earnest serve --demo --orders --data $(DATA)

test: $(DEV_STAMP) ## Run all tests, then ask for full branch coverage of core and 95 % elsewhere.
	$(BIN)/coverage erase
	EARNEST_HYPOTHESIS_PROFILE=$${EARNEST_HYPOTHESIS_PROFILE:-ci} \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report= $(ARGS)
	@$(MAKE) --no-print-directory coverage

coverage: $(DEV_STAMP) ## Show which lines and branches the last `make test` did not reach.
	@echo "core: every branch"
	@$(BIN)/coverage report --include='src/earnest/core/*' --fail-under=100
	@echo "everything else: 95 %"
	@$(BIN)/coverage report --omit='src/earnest/core/*' --fail-under=95

check: $(DEV_STAMP) ## Check format, lint, types, layers and the house rules of tests/tidy.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --quiet tests/tidy

# The figures stand in docs/benchmarks.md; `mutmut show NAME` prints a change that nobody noticed.
mutants: $(DEV_STAMP) ## Change terms and settlement in small ways and count what no test notices.
	EARNEST_HYPOTHESIS_PROFILE=mutants $(BIN)/mutmut run --max-children $(WORKERS) $(ARGS)
	$(BIN)/python -m benchmarks.mutants --again --workers $(WORKERS)

bench: $(DEV_STAMP) ## Measure the figures of docs/benchmarks.md on this machine, in about 20 minutes.
	$(BIN)/python -m benchmarks $(ARGS)

# One trial: make chaos ARGS="--only kills --rounds 20 --seed 7"; ARGS=trials lists them.
chaos: $(DEV_STAMP) ## Break a running Earnest on purpose and look for what was lost (docs/chaos.md).
	$(BIN)/python -m chaos $(ARGS)

format: $(DEV_STAMP) ## Format the code and mend what the linter can mend by itself.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

docs: $(RUN_STAMP) ## Write the pages that follow from the code: order life, laws, keys of terms.
	$(BIN)/earnest diagram > docs/order-life.md
	$(BIN)/earnest law --folder docs/law
	$(BIN)/earnest terms schema --markdown > docs/terms-keys.md

requirements: $(DEV_STAMP) ## Pin the newest versions that the lists in requirements/*.in allow.
	$(COMPILE) --upgrade requirements/run.in requirements/build.in -o requirements/run.txt
	$(COMPILE) --upgrade requirements/dev.in -o requirements/dev.txt

clean: ## Remove the environment, caches and reports; the demo's data in .earnest stay.
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov
	rm -rf build dist mutants src/earnest.egg-info
	rm -f .coverage .coverage.*
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@if [ -d .earnest ]; then echo "Kept .earnest, the demo's data. To start afresh: rm -r .earnest"; fi

# The interpreter is checked before anything is made, because what fails later says less.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Earnest needs Python 3.11 or newer, and there is no '$(PYTHON)' here." >&2; \
		echo "Install it, or name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Earnest needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
		echo "Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: its module ensurepip is missing." >&2; \
		echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Earnest needs to run (about a minute the first time) ..."
	@$(PIP_INSTALL) --require-hashes -r requirements/run.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# dev.txt pins everything of run.txt as well, so one installation serves both.
$(DEV_STAMP): requirements/run.txt requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what developers need (about a minute the first time) ..."
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(RUN_STAMP) $@
