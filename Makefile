# make setup    the installation, once
# make compare  a first comparison, in 3 minutes
# make test     lint, types, floors, tests
# make docs     the documentation, into .site

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ngn-installed

.PHONY: setup compare test lint tests docs clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt "matminer>=0.9"
	$(BIN)/python -m pip install --quiet --no-deps "matbench==0.6"
	touch $(STAMP)

compare: setup
	$(BIN)/ngn-compare cgcnn schnet megnet cogn congn --budget 3m

test: lint tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

tests: setup
	$(BIN)/python -m pytest --numprocesses 2

docs: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev,docs]"
	DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --quiet --strict

clean:
	rm -rf $(VENV)
