"""A township's run: as papermill and nbconvert do it out of the box, as ours does it cold, unchanged, with one return changed."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clock import Measured, alternating, command, timed
from floor import PERIOD, ROOT, TOWN

PROGRAM = Path(sys.executable).parent / "township-report"
HERE = Path(__file__).parent


@contextmanager
def office() -> Iterator[Path]:
    """A folder with the example's returns, for a run of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(ROOT / "data" / "raw", folder / "raw")
        yield folder


def run(folder: Path, *more: str, period: str = PERIOD) -> None:
    """A run as the user starts it."""
    places = [word for name in ("raw", "processed", "reports") for word in (f"--{name}", str(folder / name))]
    command(PROGRAM, "run", "--town", TOWN, "--period", period, "--workers", "2", *places, *more, cwd=ROOT)


def plain(folder: Path) -> None:
    """The same notebooks through papermill's own command, one after another, then nbconvert's own exporters."""
    import csv

    from analysis.scheme.table import decoded

    departments = [row["name"] for row in csv.DictReader(decoded(ROOT / "scheme" / "departments.csv").splitlines())]
    executed = folder / "executed"
    executed.mkdir()

    def papermill(notebook: str, name: str, **own: str) -> None:
        own |= {"raw": str(folder / "raw"), "processed": str(folder / "processed")}
        parameters = [word for pair in own.items() for word in ("-r", *pair)]
        source, target = ROOT / "notebooks" / notebook, executed / f"{name}.ipynb"
        command(Path(sys.executable).parent / "papermill", source, target, *parameters, cwd=ROOT)

    for department in departments:
        papermill("1_ingest.ipynb", f"1_ingest-{department}", department=department)
    papermill("2_indicators.ipynb", "2_indicators")
    for edition in ("office", "shared"):
        papermill("3_report.ipynb", f"3_report-{edition}", edition=edition)
        for exporter in ("html", "webpdf"):
            nbconvert(executed / f"3_report-{edition}.ipynb", exporter, folder)


def nbconvert(notebook: Path, exporter: str, folder: Path) -> None:
    """One export through nbconvert's command; its webpdf through the browser that the machine has."""
    if exporter == "webpdf":
        script = HERE / "stock_webpdf.py"
        command(sys.executable, script, notebook, folder / f"{notebook.stem}-stock.pdf", cwd=ROOT)
        return
    words = ("nbconvert", "--to", exporter, "--output-dir", str(folder))
    command(Path(sys.executable).parent / "jupyter", *words, notebook, cwd=ROOT)


def floor(folder: Path) -> None:
    """The same functions in one fresh process."""
    (folder / "floor").mkdir(exist_ok=True)
    command(sys.executable, HERE / "floor.py", folder / "floor", cwd=ROOT)


def change_a_return(folder: Path, turn: int) -> None:
    """Change a figure of one return, as a department does that sends a corrected workbook."""
    import openpyxl

    path = folder / "raw" / TOWN / PERIOD / "经济发展办公室.xlsx"
    workbook = openpyxl.load_workbook(path)
    row = next(cells for cells in workbook["指标"].iter_rows() if cells[1].value == "E07")
    row[5].value = 174 - turn % 2
    workbook.save(path)


def town(times: int) -> dict[str, Measured]:
    """Measure a township's run in every way."""
    measured = {name: Measured() for name in ("plain", "cold", "unchanged", "one return changed", "floor")}
    for turn in range(times):
        with office() as folder:
            measured["plain"].seconds.append(timed(lambda: plain(folder)))
        with office() as folder:
            measured["cold"].seconds.append(timed(lambda: run(folder)))
            measured["unchanged"].seconds.append(timed(lambda: run(folder)))
            change_a_return(folder, turn + 1)
            measured["one return changed"].seconds.append(timed(lambda: run(folder)))
            measured["floor"].seconds.append(timed(lambda: floor(folder)))
    return measured


def exports(times: int) -> dict[str, Measured]:
    """Measure the exporters beside nbconvert's own and bare pandoc, on the example's executed notebook.

    In one process, as a run exports, and each as a command of its own, most of which is the start of Python and nbconvert.
    """
    with office() as folder:
        run(folder)
        notebook = folder / "reports" / TOWN / PERIOD / "notebooks" / "3_report.ipynb"
        nbconvert(notebook, "markdown", folder)
        plain_text = folder / "3_report.md"
        told = command(sys.executable, HERE / "exporting.py", notebook, plain_text, str(times), cwd=ROOT)
        script = "import pypandoc, sys; pypandoc.convert_file(sys.argv[1], 'docx', outputfile=sys.argv[2])"
        pandoc = (sys.executable, "-c", script)
        return {name: Measured(seconds) for name, seconds in json.loads(told).items()} | alternating(
            {
                "html, command": lambda: nbconvert(notebook, "gongwen-html", folder),
                "stock html, command": lambda: nbconvert(notebook, "html", folder),
                "pdf, command": lambda: nbconvert(notebook, "gongwen-pdf", folder),
                "stock webpdf, command": lambda: nbconvert(notebook, "webpdf", folder),
                "docx, command": lambda: nbconvert(notebook, "gongwen-docx", folder),
                "bare pandoc docx, command": lambda: command(*pandoc, plain_text, folder / "bare.docx", cwd=folder),
            },
            times,
        )
