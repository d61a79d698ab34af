# The only list of commands. `make help` prints it; the build server runs .ci/run, which uses it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-run demo test check bench proof docs browser lock clean

BIN := .venv/bin
# What is installed is remembered inside the environment, so it is gone when that is.
RUN_STAMP := .venv/.installed-run
DEV_STAMP := .venv/.installed-dev
BUILD_FILES := pyproject.toml hatch_build.py package.json package-lock.json
# One thread for each of the test workers: more only wait for each other.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
SCRIPTS = $(shell grep -l "__main__" $(1)/*.py)

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1@\2/' | column -t -s@ 2>/dev/null \
	  || grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

setup: $(DEV_STAMP) ## Make .venv with everything that development needs

setup-run: $(RUN_STAMP) ## Make .venv with what running needs

.venv/bin/python:
	tools/venv

$(RUN_STAMP): requirements/run.txt $(BUILD_FILES) | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements/dev.txt $(RUN_STAMP)
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(RUN_STAMP) ## Simulate a business, find its segments, compare with the truth
	$(BIN)/segmentry demo

test: $(DEV_STAMP) ## Run all tests, with system packages installed where missing and allowed
	tools/system-packages
	$(ONE_THREAD) $(BIN)/pytest -n 2 --dist loadgroup

check: $(DEV_STAMP) ## Format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV_STAMP) ## Measure speed and memory; figures into docs/
	set -e; for script in $(call SCRIPTS,benchmarks); do $(BIN)/python $$script; done

proof: $(DEV_STAMP) ## Long proofs; figures into docs/proof/
	set -e; for script in $(call SCRIPTS,tests/proof); do PYTHONPATH=tests $(BIN)/python $$script; done

docs: $(DEV_STAMP) ## Write docs/reference, and the trace of docs/ARCHITECTURE.md
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/trace.py

browser: $(DEV_STAMP) ## Run the tests that need Chromium
	tools/system-packages
	$(ONE_THREAD) $(BIN)/pytest -m browser

lock: ## Pin all requirements anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" -o requirements/dev.txt
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" -c requirements/dev.txt -o requirements/run.txt

clean: ## Remove caches and the demo; .venv stays
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist demo
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
