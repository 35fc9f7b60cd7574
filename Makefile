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
DOMAINS := territory news contacts citizens vault tasks policy theme
DOMAIN = $(if $(filter 1,$(words $(T))),$(filter $(T),$(DOMAINS)))
QUICK = $(wildcard tests/unit/$(DOMAIN) tests/integration/$(DOMAIN))
# Processes that share the tests, at most one a core. Each sets the layers up anew, which
# pays where there is much to share; with 0, pytest runs all tests itself.
SHARED := vault
WORKERS ?= $(if $(if $(T),$(filter $(DOMAIN),$(SHARED)),all),$(shell \
  n=$$(nproc); echo $$((n < 2 ? 0 : n < 4 ? n : 4))),0)

test: bootstrap-test ## Run all tests, or some (T=vault, T="vault and browser"; WORKERS=0)
	@$(BIN)/python -m pytest -n $(WORKERS) $(if $(DOMAIN),$(QUICK),$(if $(T),-m "$(T)"))

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
