"""The executed report notebook in the three formats of the report."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis.running.errors import RunError
from analysis.telling.edition import Edition, suffix

FORMATS = ("report.html", "report.pdf", "report.docx")
"""The files of a report."""


@dataclass(frozen=True)
class Exported:
    """A file of a report, and the characters for which no font at hand has a glyph (of the PDF alone)."""

    path: Path
    missing: tuple[str, ...] = ()


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read an executed notebook."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def as_exported(running: Mapping[Future[Exported], str], minutes: float) -> Iterator[tuple[Future[Exported], str]]:
    """Formats that are being made side by side, each with its name, as they are done.

    Args:
        running: the calls of `export`, with the names of the files.
        minutes: how long they may take together; the executor ends what runs when an error leaves its context.

    Raises:
        RunError: one has not been made in that time.
    """
    try:
        for future in as_completed(running, minutes * 60):
            yield future, running[future]
    except TimeoutError:
        left = "、".join(name for future, name in running.items() if not future.done())
        raise RunError(
            f"{left} 排版了{minutes:g}分钟还没有做完，已经停止。",
            "再运行一次；确实需要更久的，用 --timeout 放宽。上一次的报告没有改动。",
        ) from None


def of_edition(name: str, edition: Edition) -> str:
    """The name of an edition's file: `report.html`, `report-shared.html`."""
    file = Path(name)
    return f"{file.stem}{suffix(edition)}{file.suffix}"


def export(kind: str, notebook: Path, folder: Path, edition: Edition = "office") -> Exported:
    """Write one format of a report into a folder.

    Args:
        kind: the file's name, one of `FORMATS`.
        notebook: the executed report notebook.
        folder: where the file goes.
        edition: which one the notebook tells.

    Raises:
        RunError: the notebook can't be set so.
    """
    from analysis.export import ExportError, GongwenDOCXExporter, GongwenHTMLExporter, GongwenPDFExporter

    exporters = {
        "report.html": GongwenHTMLExporter,
        "report.pdf": GongwenPDFExporter,
        "report.docx": GongwenDOCXExporter,
    }
    exporter = exporters[kind]()  # type: ignore[no-untyped-call]  # traitlets
    try:
        body, resources = exporter.from_notebook_node(read_notebook(notebook))
    except ExportError as error:
        raise RunError(f"{kind} 没有做成：{error}", "上一次的报告没有改动。") from error
    path = folder / of_edition(kind, edition)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return Exported(path, tuple(resources.get("missing_characters", ())))
