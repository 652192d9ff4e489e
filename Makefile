# Every target sets up what it needs, once, in .venv; nothing outside this folder is touched.
#
#   make forecast                       forecast isis-2017
#   make forecast ARGS="--country CAN"  the same, with arguments of `afterfall forecast`
#   make serve                          open the page in a browser, on this machine alone
#   make serve ARGS="--port 0"          the same, with arguments of `afterfall serve`
#   make test                           run the quick tests
#   make test ARGS="tests/parity -x"    the same, with arguments of pytest
#   make check                          all that must pass before a change lands
#   make verify                         slow tests, ten thousand changed cases, and the calibration of the fit
#   make regression-update              renew the stored numbers and print what changed (see CONTRIBUTING.md)
#   make page                           build the page from web/ (needs Node 20.19 or newer; users never do)
#   make site                           build the site into site/, without any network
#   make notebooks                      run the notebooks of docs/notebooks and store their outputs
#   make bench                          run the benchmarks
#   make cases REFERENCE=FOLDER         rebuild the bundled cases from reference data (scripts/README.md)
#   make lock                           renew the locks after a change of dependencies
#   make extra EXTRA=brief              add an optional part (brief, fit, explore, web, cluster) to .venv
#   make clean                          remove what was set up and built; runs are kept
#
# PYTHON=python3.12 names the interpreter that .venv is made with; by default it is python3.11, or else a newer one.

VENV := .venv
BIN := $(VENV)/bin
CASE ?= isis-2017
ARGS ?=
FITS ?= 40
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
COMPILE := $(VENV)/locks/bin/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --all-build-deps \
	--no-header --no-emit-index-url --no-emit-options --no-emit-trusted-host

.DEFAULT_GOAL := help
.PHONY: help forecast serve test verify regression-update lint format check site notebooks extra bench cases page lock clean

help:
	@sed -n 's/^#   //p' Makefile

forecast: $(VENV)/.runs
	@$(BIN)/afterfall forecast $(CASE) $(ARGS)

serve: $(VENV)/.serves
	@$(BIN)/afterfall serve $(ARGS)

test: $(VENV)/.develops
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

verify: $(VENV)/.develops
	$(BIN)/python -m pytest -m slow --numprocesses auto --dist loadfile $(ARGS)
	AFTERFALL_FUZZ_CASES=10000 $(BIN)/python -m pytest --numprocesses auto tests/property/test_what_check_passes_runs.py
	$(BIN)/python benchmarks/calibration.py --fits $(FITS)

regression-update: $(VENV)/.develops
	@$(BIN)/python -m tests.regression.update

lint: $(VENV)/.develops
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=benchmarks $(BIN)/mypy benchmarks scripts
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.develops
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test

# A warning (a link that leads nowhere, a page that is in no menu) is an error.
site: $(VENV)/.develops
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "site/index.html"

notebooks: $(VENV)/.develops
	@$(BIN)/python scripts/run_notebooks.py $(ARGS)

bench: $(VENV)/.develops
	$(BIN)/python benchmarks/keyed_c.py
	$(BIN)/python benchmarks/against_numpy.py
	$(BIN)/python benchmarks/step_error.py
	$(BIN)/python benchmarks/coupling.py
	$(BIN)/python benchmarks/comparing.py
	$(BIN)/python benchmarks/whole_case.py
	$(BIN)/python benchmarks/first_use.py
	$(BIN)/python benchmarks/scale_out.py

# make itself exits with 2 where a recipe fails, as the script does where reference data are missing.
cases: $(VENV)/.runs
	@$(BIN)/python scripts/make_cases.py $(if $(REFERENCE),--reference $(REFERENCE)) $(ARGS)

# Exactly what the lock names, its tests, then the build; it fails past a budget of size. The built files are committed.
page:
	@node --version >/dev/null 2>&1 || { echo "make page needs Node 20.19 or newer: https://nodejs.org" >&2; exit 2; }
	npm --prefix web ci --no-audit --no-fund
	npm --prefix web test
	npm --prefix web run build

# Editable, so that the source in this folder stays what runs; `pip install .` would put a copy in its place.
extra: $(VENV)/.runs
	@test -n "$(EXTRA)" || { echo "name an optional part: make extra EXTRA=brief (or fit, explore, web, cluster)" >&2; exit 2; }
	@sed -n 's/^\([A-Za-z0-9._-]*==[^ ;]*\).*/\1/p' locks/dev.txt > $(VENV)/constraints.txt
	@$(PIP) install --no-build-isolation --constraint $(VENV)/constraints.txt --editable '.[$(EXTRA)]'

lock: $(BIN)/python
	$(BIN)/python -m venv --clear $(VENV)/locks
	$(VENV)/locks/bin/python -m pip --quiet install pip-tools==7.6.2
	$(COMPILE) --output-file locks/base.txt pyproject.toml
	$(COMPILE) --extra web --constraint locks/base.txt --output-file locks/web.txt pyproject.toml
	$(COMPILE) --extra dev --constraint locks/base.txt --output-file locks/dev.txt pyproject.toml

clean:
	rm -rf $(VENV) web/node_modules build dist site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find benchmarks scripts src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- set-up

# The lock, then this package: everything that is downloaded is checked against a hash.
define install
	@echo "setting up $(VENV) from $(1): a few minutes, once" >&2
	@sh locks/install_locked.sh $(BIN)/python $(1)
endef

$(VENV)/.runs: locks/base.txt pyproject.toml | $(BIN)/python
	$(call install,locks/base.txt)
	@touch $@

$(VENV)/.serves: locks/web.txt pyproject.toml | $(BIN)/python
	$(call install,locks/web.txt)
	@touch $@ $(VENV)/.runs

$(VENV)/.develops: locks/dev.txt pyproject.toml | $(BIN)/python
	$(call install,locks/dev.txt)
	@touch $@ $(VENV)/.runs $(VENV)/.serves

$(BIN)/python:
	@sh locks/new_environment.sh $(VENV) $(PYTHON)
