"""A run's folder as `township-report run` leaves it, made in this process without a kernel."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.export import GongwenDOCXExporter
from analysis.running.manifest import sha256
from analysis.scheme import Period, read_facts, read_scheme
from analysis.telling.figure_list import save_figures
from analysis.telling.show import FACTS_TYPE, bundles, facts_of


@pytest.fixture(scope="session")
def run_folder(root: Path, told_example: Callable[[str], object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`reports/qinghe/2021` of a run."""
    folder = tmp_path_factory.mktemp("reports") / "qinghe" / "2021"
    (folder / "notebooks").mkdir(parents=True)
    told = told_example("2021")
    facts = read_facts(root / "data" / "raw" / "qinghe", Period.parse("2021"), read_scheme(root / "scheme"))
    outputs = [new_output("display_data", {FACTS_TYPE: facts_of(told, facts)})]
    outputs += [new_output("display_data", data, metadata=mark) for data, mark in bundles(told.report, None)]
    notebook = new_notebook(cells=[new_code_cell("show(told, facts)", outputs=outputs)])
    nbformat.write(notebook, folder / "notebooks" / "3_report.ipynb")
    (folder / "report.docx").write_bytes(GongwenDOCXExporter().from_notebook_node(notebook)[0])
    save_figures(told.figures, folder)
    outputs_made = {"report.docx": {"sha256": sha256(folder / "report.docx")}}
    manifest = {
        "title": "".join(told.report.title.splitlines()),
        "finished": "2022-01-13T10:00:00+08:00",
        "outputs": outputs_made,
    }
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
