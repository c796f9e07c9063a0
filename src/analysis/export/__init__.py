"""From one executed notebook to HTML, PDF and DOCX in the form of a Chinese official document (公文).

Three nbconvert exporters, each usable by name (``jupyter nbconvert --to gongwen-pdf FILE.ipynb``) or from Python::

    pdf, resources = GongwenPDFExporter().from_notebook_node(notebook)

They are imported on first use: a caller who asks only for the font of a chart does not pay for nbconvert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.export.docx import GongwenDOCXExporter
    from analysis.export.errors import ExportError
    from analysis.export.fonts import chart_font_file, fonts_used
    from analysis.export.html import GongwenHTMLExporter
    from analysis.export.pdf import GongwenPDFExporter

__all__ = [
    "ExportError",
    "GongwenDOCXExporter",
    "GongwenHTMLExporter",
    "GongwenPDFExporter",
    "chart_font_file",
    "fonts_used",
]

_MODULE_OF = {
    "ExportError": "errors",
    "GongwenDOCXExporter": "docx",
    "GongwenHTMLExporter": "html",
    "GongwenPDFExporter": "pdf",
    "chart_font_file": "fonts",
    "fonts_used": "fonts",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
