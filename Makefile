# `make` alone lists what can be done. Every target makes the environment it needs; nothing but Python 3.11 or newer and pip is assumed.
# Another Python: `make setup PYTHON=python3.13`. More options for the tests: `make test PYTEST_ADDOPTS="-x -k demo"`; one after the other: `make test CORES=`.

PYTHON ?= python3
FUZZ_SECONDS ?= 10
CORES ?= -n auto --dist loadfile
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.racecall-installed
MADE_HERE := demo/.made-by-make

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test slow fuzz lint docs check bench clean

help:  ## list the targets (this text)
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup: $(STAMP)  ## make the environment in .venv, with the `racecall` command in .venv/bin
	@echo "$(BIN)/racecall is ready"

# Words go to stderr, so that `make bench` prints JSON and nothing else.
# Some systems ship Python without the module that puts pip into a new environment: then the system's own pip fills it.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "racecall needs Python 3.11 or newer, and \`$(PYTHON)\` is not. If you have one under another name: make setup PYTHON=python3.12" >&2; exit 2; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) (about a minute the first time) ..." >&2
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
	  $$pip --disable-pip-version-check --no-input -qq install --editable '.[dev]' >&2
	@touch $@

demo: $(STAMP)  ## replay the night of 4 April 2017 and leave its folder in demo/election
	@if [ -e demo ] && [ ! -e $(MADE_HERE) ]; then \
	  echo "demo/ was not made by \`make demo\`, so it stays. Move it away, or run: $(BIN)/racecall demo --out ANOTHER_FOLDER" >&2; exit 2; fi
	@rm -rf demo && mkdir demo && touch $(MADE_HERE)
	@$(BIN)/racecall demo --out demo && echo && echo "(the racecall command is $(BIN)/racecall)"

test: $(STAMP)  ## run the tests, without the slow ones
	@$(BIN)/python -m pytest -m "not slow" $(CORES)

slow: $(STAMP)  ## run the slow tests: calibration, long fuzzing, killing `add` in a loop
	@$(BIN)/python -m pytest -m slow $(CORES) || [ $$? -eq 5 ]  # 5: nothing is marked slow

fuzz: $(STAMP)  ## break every reader on purpose, FUZZ_SECONDS=10 each (Linux, CPython 3.11 to 3.13)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || { echo "Installing Atheris into $(VENV) (once) ..." >&2; \
	  if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
	  $$pip --disable-pip-version-check --no-input -qq install --only-binary=:all: 'atheris>=3' >&2 || \
	  { echo "Atheris has wheels for Linux and CPython 3.11 to 3.13 only; make slow damages documents without it." >&2; exit 2; }; }
	@$(BIN)/python tests/fuzz --seconds $(FUZZ_SECONDS) $(FEED)

lint: $(STAMP)  ## format, lint, types and the order of imports
	@echo "ruff format" && $(BIN)/ruff format --check --quiet .
	@echo "ruff" && $(BIN)/ruff check --quiet .
	@echo "mypy" && $(BIN)/mypy --no-error-summary src benchmarks
	@echo "import-linter" && $(BIN)/lint-imports --no-logo --no-cache >/dev/null || $(BIN)/lint-imports --no-logo --no-cache

docs: $(STAMP)  ## build the documents; a warning is an error
	@$(BIN)/sphinx-build -q -W --keep-going -b html -d docs/_build/doctrees docs docs/_build/html
	@echo "docs: docs/_build/html/index.html"

check: lint docs test  ## everything a change must pass: lint, docs, test

bench: $(STAMP)  ## measure speed and size; JSON to the screen and to bench.json
	@$(BIN)/python -m benchmarks --out bench.json

clean:  ## remove what the other targets made, but keep .venv
	@if [ -e $(MADE_HERE) ]; then rm -rf demo; fi
	@rm -rf docs/_build fuzz-found bench.json build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
