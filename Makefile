PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
HAS_TOKEN := [ -n "$$DISCORD_TOKEN" ] || grep -qs '^DISCORD_TOKEN=[^[:space:]]' .env

# Where it is set, each of the processes that are started here compiles all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint bench

run: $(VENV)/.bot  ## the bot, or without a token the playground
	@if $(HAS_TOKEN); then exec $(BIN)/python -m bot; else \
	$(MAKE) --no-print-directory $(VENV)/.playground && exec $(BIN)/python -m playground; fi

test: $(VENV)/.dev  ## every test
	@$(BIN)/python -m pytest -n 3 --dist worksteal

lint: $(VENV)/.dev  ## style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(VENV)/.dev  ## how fast it answers
	@$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	@echo "Making $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Cliffhanger needs Python 3.11 or newer: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.bot: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the bot needs …"
	@$(PIP) -r $< && touch $@

$(VENV)/.playground: requirements-playground.txt $(VENV)/.bot
	@echo "Installing the playground …"
	@$(PIP) -r $< && touch $@

$(VENV)/.dev: requirements-dev.txt requirements-playground.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	@$(PIP) -r $< && touch $@ $(VENV)/.bot $(VENV)/.playground
