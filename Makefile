# Two commands do everything on a fresh machine with Python 3.11 or newer and pip: `make report` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AIRFLOW := .venv-airflow
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
TOWN ?= qinghe
PERIOD ?= 2021

.PHONY: report test lint docs bench lab lock golden clean

report: $(VENV)/.ready  ## set up, then make the example's report
	$(BIN)/township-report run --town $(TOWN) --period $(PERIOD)

test: $(VENV)/.ready-dev $(AIRFLOW)/.ready  ## set up, then run all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

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

lock: $(VENV)/.ready-dev  ## renew the pinned versions from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o requirements.lock

golden: $(VENV)/.ready-dev  ## renew the expected reports; look at the diff before committing it
	$(BIN)/python -m pytest tests/golden --renew -q

clean:  ## away with what was made on the way; reports, returns, scheme and the set-up stay
	rm -rf data/processed/*/ build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The lock pins by constraint, so that a report needs none of the developers' tools.
$(VENV)/.ready: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -c requirements.lock setuptools
	$(PIP) install -c requirements.lock --no-build-isolation -e .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(PIP) install -c requirements.lock --no-build-isolation -e '.[dev]'
	touch $@

# Airflow pins what the project does not: it lives apart, and a test imports the example DAG there.
$(AIRFLOW)/.ready: ops/airflow/requirements.in ops/airflow/constraints.txt
	test -x $(AIRFLOW)/bin/python || $(PYTHON) -m venv $(AIRFLOW)
	$(AIRFLOW)/bin/python -m pip --disable-pip-version-check -q install --no-compile \
	  -c ops/airflow/constraints.txt -r ops/airflow/requirements.in
	touch $@
