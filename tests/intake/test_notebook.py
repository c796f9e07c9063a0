"""The notebook of stage 1: thin, clean in git, and it does what `ingest` does."""

import re
import shutil

import nbformat
import pandas as pd
import papermill
import pytest

from analysis.intake.frames import FINDINGS, VALUES
from analysis.intake.store import load_frame


@pytest.fixture
def path(request):
    return request.config.rootpath / "notebooks" / "1_ingest.ipynb"


def test_it_is_clean_and_explained(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert [cell.metadata.get("tags") for cell in code].count(["parameters"]) == 1
    assert all(re.search(r"[\u4e00-\u9fff]", cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_its_parameters_are_typed_and_explained(path):
    parameters = papermill.inspect_notebook(str(path))
    assert list(parameters) == ["town", "period", "department", "raw", "processed", "scheme"]
    assert all(each["inferred_type_name"] == "str" and each["help"] for each in parameters.values())


@pytest.mark.slow
@pytest.mark.parametrize("folder", [".", "notebooks"])
def test_it_runs_from_the_root_and_from_its_folder(path, folder, request, tmp_path, a_return, scheme, monkeypatch):
    raw = tmp_path / "raw" / "qinghe"
    a_return("财政所").save(raw / "2021" / "财政所.xlsx")
    (raw / "town.toml").write_text('name="清河镇"\ncounty="云岭县"\naddressee="县"\nsignature="镇"\n', encoding="utf-8")
    (raw / "2021" / "period.toml").write_text("report_date = 2022-01-12\n", encoding="utf-8")
    shutil.copytree(scheme.narrative.parent, tmp_path / "scheme")
    monkeypatch.chdir(request.config.rootpath / folder)
    papermill.execute_notebook(
        str(path),
        str(tmp_path / "run.ipynb"),
        {"raw": str(tmp_path / "raw"), "processed": str(tmp_path / "processed"), "scheme": str(tmp_path / "scheme")},
        progress_bar=False,
    )
    returns = tmp_path / "processed" / "qinghe" / "2021" / "returns"
    assert not load_frame(returns / "财政所.parquet", VALUES).empty
    load_frame(returns / "财政所.findings.parquet", FINDINGS)
    assert set(pd.read_parquet(returns / "财政所.checks.parquet")["department"]) == {"财政所"}
