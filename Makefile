# `make` alone lists the verbs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := venv/bin
ZPRETTY_FILES = $(shell git ls-files '*.zcml' '*.pt' '*.xml')
T ?=

export VAR PORT HOST DB LDAP SMTP THREADS

.PHONY: help run test lint format pins clean bootstrap bootstrap-test

help: ## List the verbs
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

bootstrap:
	@$(PYTHON) instance/bootstrap.py run

bootstrap-test:
	@$(PYTHON) instance/bootstrap.py test

run: bootstrap ## Run the portal on 127.0.0.1:8080 (PORT= VAR= DB=postgresql LDAP=demo)
	@exec $(BIN)/python -m civisdata.policy.operations.serve

# One domain's quick levels, or any expression of the marks in pytest.ini.
DOMAINS := territory news citizens vault tasks policy theme
QUICK = $(if $(and $(filter 1,$(words $(T))),$(filter $(T),$(DOMAINS))),$(T) and (unit or integration),$(T))

test: bootstrap-test ## Run all tests, or some (T=vault, T="vault and browser", T=services)
	@$(BIN)/python -m pytest $(if $(T),-m "$(QUICK)")

lint: bootstrap ## Check style of Python, ZCML and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/zpretty --check $(ZPRETTY_FILES)

format: bootstrap ## Format Python, ZCML and templates
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .
	@$(BIN)/zpretty -i $(ZPRETTY_FILES)

pins: bootstrap ## Make requirements.txt from requirements.in and constraints.txt
	@{ echo '# Every package that is installed, pinned. Made by `make pins`.'; \
	  $(BIN)/uv pip compile -q --no-header --no-annotate --python-version 3.11 \
	    -c constraints.txt requirements.in; } > requirements.txt.new
	@mv requirements.txt.new requirements.txt

clean: ## Remove what was installed; data in instance/var stays
	rm -rf venv bin parts .installed.cfg
