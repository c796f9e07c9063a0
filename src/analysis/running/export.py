"""The executed report notebook in the three formats of the report."""

from pathlib import Path

FORMATS = ("report.html", "report.pdf", "report.docx")
"""The files of a report."""


def export(kind: str, notebook: Path, folder: Path) -> Path:
    """Write one format of a report into a folder.

    Args:
        kind: the file's name, one of `FORMATS`.
        notebook: the executed report notebook.
        folder: where the file goes.

    Raises:
        analysis.export.ExportError: in Chinese, where the notebook can't be set so.
    """
    import nbformat

    from analysis.export import GongwenDOCXExporter, GongwenHTMLExporter, GongwenPDFExporter

    exporters = {
        "report.html": GongwenHTMLExporter,
        "report.pdf": GongwenPDFExporter,
        "report.docx": GongwenDOCXExporter,
    }
    body, _ = exporters[kind]().from_notebook_node(nbformat.read(notebook, as_version=4))
    path = folder / kind
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path
