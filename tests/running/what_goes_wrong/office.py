"""An office whose runs cost little: the bureau's scheme and returns, the stages' own functions, no kernel and no typesetting."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pandera.pandas as pa
import pytest
from second_scheme import bureau

from analysis.export.facts import FACTS_MIME
from analysis.figures.receipts.files import FOLDER, OVERVIEW
from analysis.figures.stage import compute
from analysis.figures.tables import earlier_in_year, earlier_returns, load_returns, save_computed, stray_files
from analysis.intake.ingest import ingest
from analysis.intake.store import save_frame
from analysis.intake.whole import beside
from analysis.running import course
from analysis.running import run as running
from analysis.running.execute import Execution, Job
from analysis.running.export import Exported, of_edition, read_notebook
from analysis.running.kernels import warm
from analysis.running.manifest import read_manifest, sha256
from analysis.running.places import Places, places_of
from analysis.scheme import Period, read_facts, read_scheme
from analysis.telling.edition import Edition
from analysis.telling.figure_list import save_figures
from analysis.telling.narrative import read_narrative
from analysis.telling.show import facts_of
from analysis.telling.spans import Paragraph, text_of
from analysis.telling.tell import load_material, tell

DEPARTMENTS = ("登记注册科", "安全监管科", "执法稽查科")
FIRST, SECOND = "512户", "513户"
"""What the first department has returned, and what it says after `edit`."""
STEPS = (f"1_ingest-{DEPARTMENTS[0]}", "2_indicators", "3_report", "report.html", "report.docx")
"""What runs again after `edit`: each stage, the first format and the last."""


@dataclass
class Office:
    """A folder with `raw`, `scheme`, `processed` and `reports`.

    Attributes:
        before: what is to happen before a step, by its name: a notebook of the run, a file of the report.
        ran: the steps that were executed.
    """

    folder: Path
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)

    @property
    def places(self) -> Places:
        folders = {name: self.folder / name for name in ("raw", "processed", "reports", "scheme")}
        return places_of(bureau.ROOT, bureau.TOWN, Period(2021, 3), **folders)

    @property
    def report(self) -> Path:
        return self.places.report

    def options(self) -> list[str]:
        """How the command line is told of this office."""
        folders = [
            part for name in ("raw", "processed", "reports", "scheme") for part in (f"--{name}", self.folder / name)
        ]
        return ["--town", bureau.TOWN, "--period", "2021-03", *map(str, folders)]

    def run(self, **how: Any) -> running.Finished:
        self.ran.clear()
        return running.run(self.places, **how)

    def copied(self, folder: Path) -> "Office":
        shutil.copytree(self.folder, folder)
        return Office(folder)

    def returned(self, department: str = DEPARTMENTS[0]) -> Path:
        return self.places.returns / f"{department}.xlsx"

    def edit(self, number: int = 513, department: str = DEPARTMENTS[0]) -> None:
        """The department types another number into its first row."""
        workbook = openpyxl.load_workbook(self.returned(department))
        workbook["指标"]["F4"] = number
        workbook.save(self.returned(department))

    def happens(self, name: str) -> None:
        self.ran.append(name)
        self.before.pop(name, lambda: None)()

    def tells(self) -> set[str]:
        """What the report says in each of its formats, of the figure that `edit` changes: one, if all are of one run."""
        texts = [(self.report / f"report.{kind}").read_text(encoding="utf-8") for kind in ("html", "pdf", "docx")]
        return {next((said for said in (FIRST, SECOND) if said in text), "") for text in texts}

    def whole(self) -> str:
        """What the report says, when its files are those of one run and `run.json` is right about them and about the returns."""
        manifest = read_manifest(self.report)
        assert manifest is not None
        for name, entry in manifest["outputs"].items():
            assert "sha256" not in entry or sha256(self.report / name) == entry["sha256"], name
        (said,) = self.tells()
        return said


def stub(office: Office, patch: pytest.MonkeyPatch) -> Office:
    """Let runs in this process take the office's stubs for kernels and typesetters."""
    # The stages' own tests validate every table; here that would be most of the time.
    patch.setattr(pa.DataFrameSchema, "validate", lambda _schema, frame: frame)
    for module in (running, warm):
        patch.setattr(module, "warm_up", lambda: None)
    patch.setattr(running, "WarmPool", lambda _workers: _Here())
    patch.setattr(course, "execute", lambda job: _execute(office, job))
    patch.setattr(course, "export", lambda *asked: _export(office, *asked))
    return office


class _Here(Executor):
    """Calls at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **keywords))
        return future


def _execute(office: Office, job: Job) -> Execution:
    """What the notebook's cells do, by the same functions; receipts are a line."""
    office.happens(job.name)
    given, period = job.parameters, Period.parse(str(job.parameters["period"]))
    town, tables = Path(str(given["raw"])) / str(given["town"]), office.places.tables
    scheme = read_scheme(Path(str(given["scheme"])))
    facts = read_facts(town, period, scheme)
    shown: dict[str, Any] = {}
    if job.name.startswith("1_"):
        department = str(given["department"])
        read = ingest(town / str(period), department, scheme, facts)
        for kind, frame in (("", read.values), (".findings", read.findings), (".checks", read.checks)):
            save_frame(frame, tables / "returns" / f"{department}{kind}.parquet")
    elif job.name == "2_indicators":
        values, findings, checks = load_returns(tables / "returns", scheme)
        earlier = earlier_returns(town, tables.parent, scheme, facts)
        within = earlier_in_year(town, tables.parent, scheme, facts)
        strays = stray_files(town / str(period), scheme, facts)
        save_computed(compute(scheme, facts, values, findings, earlier, strays, checks, within), tables)
        for name in (OVERVIEW, *(f"{FOLDER}/{department}.html" for department in DEPARTMENTS)):
            with beside(tables / name) as new:
                new.write_text(f"{name} {len(values)}", encoding="utf-8")
    else:
        material, submissions = load_material(tables, scheme, facts)
        told = tell(material, submissions, read_narrative(scheme.narrative))
        save_figures(told.figures, tables)
        blocks = [block for chapter in told.report.chapters for block in chapter.blocks if isinstance(block, Paragraph)]
        shown = {FACTS_MIME: facts_of(told, facts), "text/plain": "\n".join(text_of(block.spans) for block in blocks)}
    output = {"output_type": "display_data", "data": shown, "metadata": {}}
    cell = {"cell_type": "code", "id": "a", "source": "", "metadata": {}, "execution_count": 1, "outputs": [output]}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    job.output.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return Execution(job.name, job.output, 0.0)


def _export(office: Office, kind: str, notebook: Path, folder: Path, edition: Edition) -> Exported:
    office.happens(kind)
    said = read_notebook(notebook).cells[0].outputs[0].data["text/plain"]
    path = folder / of_edition(kind, edition)
    path.write_text(f"{kind}\n{said}", encoding="utf-8")
    return Exported(path)
