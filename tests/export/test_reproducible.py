"""The same notebook gives the same bytes, whatever the folder, the hour, the time zone and the locale."""

from __future__ import annotations

import copy
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

PROGRAM = """
import sys
from pathlib import Path
from analysis.export import GongwenDOCXExporter, GongwenHTMLExporter, GongwenPDFExporter
for exporter in (GongwenHTMLExporter, GongwenPDFExporter, GongwenDOCXExporter):
    body, resources = exporter().from_filename("3_report.ipynb")
    Path("report" + resources["output_extension"]).write_bytes(body.encode() if isinstance(body, str) else body)
"""
SUFFIXES = (".html", ".pdf", ".docx")


def exported(notebook: NotebookNode, folder: Path, **environment: str) -> list[str]:
    """Export in a process of its own, and return the hash of each file."""
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "3_report.ipynb")
    kept = {name: value for name, value in os.environ.items() if name not in ("SOURCE_DATE_EPOCH", "TZ", "LC_ALL")}
    command = [sys.executable, "-c", PROGRAM]
    subprocess.run(command, cwd=folder, env=kept | environment, check=True, capture_output=True)
    return [hashlib.sha256((folder / f"report{suffix}").read_bytes()).hexdigest() for suffix in SUFFIXES]


def executed(notebook: NotebookNode, hour: int) -> NotebookNode:
    """The notebook as papermill leaves it at some hour."""
    copied = copy.deepcopy(notebook)
    copied.metadata["papermill"] = {"start_time": f"2022-01-13T{hour:02}:00:00", "output_path": f"run-{hour}"}
    for number, cell in enumerate(copied.cells):
        cell["id"] = f"cell-{hour}-{number}"
        cell.metadata["execution"] = {"iopub.execute_input": f"2022-01-13T{hour:02}:00:01"}
        cell["execution_count"] = hour
    return copied


def test_same_bytes_anywhere(example_notebook: NotebookNode, tmp_path: Path) -> None:
    here = exported(executed(example_notebook, 1), tmp_path / "a", PYTHONHASHSEED="1")
    there = exported(
        executed(example_notebook, 23),
        tmp_path / "别处" / "b c",
        TZ="America/New_York",
        LC_ALL="C",
        SOURCE_DATE_EPOCH="1234567890",
        PYTHONHASHSEED="2",
    )
    assert dict(zip(SUFFIXES, here, strict=True)) == dict(zip(SUFFIXES, there, strict=True))
