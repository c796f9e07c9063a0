"""Reports told in this process, as a run would leave them in its folder."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import example
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.running.changes.telling import Telling, telling_of
from analysis.running.manifest import sha256
from analysis.telling import show
from analysis.telling.figure_list import save_figures
from analysis.telling.narrative import read_narrative
from analysis.telling.tell import Told, tell

PERIOD = "2021"


class Office:
    """A copy of the example township whose returns can be typed over and told again."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.town = folder / "raw" / example.TOWN
        shutil.copytree(root / "data" / "raw" / example.TOWN, self.town)

    @property
    def returns(self) -> Path:
        return self.town / PERIOD

    def tell(self) -> tuple[Told, dict[str, Any]]:
        """The report, and the manifest of the run that would have made it."""
        material, submissions = example.material_of(self.root, PERIOD, self.folder / "processed", self.town)
        told = tell(material, submissions, read_narrative(material.scheme.narrative))
        names = ("department", "state", "file", "filled_on", "errors", "warnings", "notes")
        rows = submissions[list(names)].astype(object).where(submissions[list(names)].notna(), None)
        problems = [
            {**asdict(p), "reason": bool(p.reason), "measure": bool(p.measure), "reason_source": None}
            for p in material.problems
        ]
        files = {f"raw/{example.TOWN}/{PERIOD}/{p.name}": {"sha256": sha256(p)} for p in self.returns.glob("*.xlsx")}
        manifest = {
            "town": example.TOWN,
            "period": PERIOD,
            "title": "".join(told.report.title.splitlines()),
            "ending": "done with gaps" if told.report.draft else "done",
            "gaps": [asdict(gap) for gap in told.report.gaps],
            "submissions": rows.to_dict("records"),
            "problems": problems,
            "waived": [],
            "inputs": files,
            "outputs": {},
            "example": True,
            "body": material.scheme.report.body,
            "indicators": {indicator.code: indicator.name for indicator in material.scheme.indicators},
        }
        return told, manifest


def notebook_of(told: Told) -> nbformat.NotebookNode:
    """The executed report notebook of a report; its charts without their pictures, which nobody compares."""
    drawn, show.draw = (
        show.draw,
        lambda chart, _: (
            {"text/plain": "chart"},
            {"gongwen": {"role": "chart", "title": show_title(chart), "alt": chart.alt}},
        ),
    )
    try:
        outputs = [new_output("display_data", data, metadata=mark) for data, mark in show.bundles(told.report, None)]
    finally:
        show.draw = drawn
    return new_notebook(cells=[new_code_cell("show(told, facts)", outputs=outputs)])


def show_title(chart: Any) -> str:
    return "".join(span.text for span in chart.title)


def retold(told: Told, manifest: Mapping[str, Any]) -> Telling:
    return telling_of(notebook_of(told), told.figures, manifest)


def leave(told: Told, manifest: Mapping[str, Any], folder: Path) -> Path:
    """What a run leaves in its folder, as far as it is compared."""
    (folder / "notebooks").mkdir(parents=True)
    nbformat.write(notebook_of(told), folder / "notebooks" / "3_report.ipynb")
    save_figures(told.figures, folder)
    (folder / "run.json").write_text(json.dumps(manifest, default=str), encoding="utf-8")
    return folder
