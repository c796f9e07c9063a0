# Two commands do everything on a fresh machine with Python 3.11 or newer and pip: `make report` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AIRFLOW := .venv-airflow
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
TOWN ?= qinghe
PERIOD ?= 2021
UPGRADE ?= --upgrade

# A run and its tests start many Pythons: what one has compiled, the others need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test coverage lint docs bench lab lock wheelhouse offline audit golden clean

report: $(VENV)/.ready  ## set up, then make the example's report
	$(BIN)/township-report run --town $(TOWN) --period $(PERIOD)

test: $(VENV)/.ready-dev $(AIRFLOW)/.ready  ## set up, then run all tests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

coverage: $(VENV)/.ready-dev $(AIRFLOW)/.ready  ## which lines and branches no test meets; takes twice as long as the tests
	rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

lint: $(VENV)/.ready-dev  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.ready-dev report  ## the documentation as a site in build/docs; a warning is an error
	$(BIN)/python tools/docs_site.py build/docs

bench: $(VENV)/.ready-dev  ## how long a run takes beside its floor, as ratios
	$(BIN)/python tools/bench

lab: $(VENV)/.ready  ## JupyterLab on notebooks/explore.ipynb
	$(BIN)/township-report lab

# One resolution pins everything; the shorter locks are held to it. The build's own requirement comes from standard input.
LOCK = echo 'setuptools>=80' | $(BIN)/uv pip compile pyproject.toml - --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q
lock: $(VENV)/.ready-dev  ## renew the pinned versions from pyproject.toml (UPGRADE= keeps those that still fit)
	$(LOCK) --all-extras $(UPGRADE) -o requirements-dev.lock
	$(LOCK) --extra cluster --extra schedule -c requirements-dev.lock -o requirements-extras.lock
	$(LOCK) -c requirements-dev.lock -o requirements.lock

wheelhouse: $(VENV)/.ready  ## all packages as files, for a machine without a network (PLATFORM=win_amd64 PYTHON_VERSION=3.11)
	$(BIN)/python tools/wheelhouse.py $(if $(PLATFORM),--platform $(PLATFORM)) \
	  $(if $(PYTHON_VERSION),--python-version $(PYTHON_VERSION)) $(if $(LOCKED),--lock $(LOCKED))

offline: $(VENV)/.ready  ## whether the project can be installed from the wheelhouse, with no network
	$(BIN)/python tools/wheelhouse.py --into build/wheelhouse
	PYTHON=$(BIN)/python sh tools/offline.sh build/wheelhouse

audit: $(VENV)/.ready-dev  ## whether all packages are as locked, not withdrawn, free, and without known flaws
	$(BIN)/python tools/audit.py

golden: $(VENV)/.ready-dev  ## renew the expected reports; look at the diff before committing it
	$(BIN)/python -m pytest tests/golden --renew -q

clean:  ## away with what was made on the way; reports, returns, scheme and the set-up stay
	rm -rf data/processed/*/ build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A package is taken only if it is the very file that the lock has the hash of; a report needs none of the developers' tools.
INSTALL = $(PIP) install --require-hashes
$(VENV)/.ready: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(INSTALL) -r requirements-dev.lock
	touch $@

# Airflow pins what the project does not: it lives apart, and a test imports the example DAG there.
$(AIRFLOW)/.ready: ops/airflow/requirements.in ops/airflow/constraints.txt
	test -x $(AIRFLOW)/bin/python || $(PYTHON) -m venv $(AIRFLOW)
	$(AIRFLOW)/bin/python -m pip --disable-pip-version-check -q install --no-compile \
	  -c ops/airflow/constraints.txt -r ops/airflow/requirements.in
	touch $@
