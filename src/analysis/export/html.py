"""A notebook as one self-contained HTML page."""

from __future__ import annotations

import base64
import html
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from analysis.export.contents import Arranged, arrange
from analysis.export.pandoc import NOTEBOOK_MARKDOWN, TEMPLATES, run_pandoc
from analysis.export.selection import HIDING_TAGS, MARK, FoldedCells, ReportOutputs
from analysis.figures.receipts import rendering

_PRIORITY = [
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "text/plain",
]


class GongwenHTMLExporter(HTMLExporter):
    """Export a notebook as a page that needs nothing but itself: no font, no request, and no script to be read."""

    export_from_notebook = "HTML（公文）"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "gongwen-html"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("extra_template_paths")
    def _extra_template_paths_default(self) -> list[str]:
        return [str(rendering.LOOK)]

    @property
    def default_config(self) -> Config:
        """Leave out what needs scripts: widgets and JavaScript."""
        config = Config({"NbConvertBase": {"display_data_priority": _PRIORITY}})
        return Config({**super().default_config, **HIDING_TAGS, **config})

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()  # type: ignore[no-untyped-call]
        # before the others: what is left out need not be worked on
        self._preprocessors.insert(0, ReportOutputs(parent=self))  # type: ignore[no-untyped-call]
        self._preprocessors.insert(1, FoldedCells(parent=self))  # type: ignore[no-untyped-call]

    def default_filters(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        """Add the filters that the template uses."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "arrange", arrange
        yield "figure", figure
        yield "markdown_as_html", markdown_as_html
        yield "markdown_cell_as_html", markdown_cell_as_html
        yield "policy", policy

    def from_notebook_node(  # type: ignore[override]  # text, as nbconvert's own exporter gives
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Export one executed notebook.

        Returns
        -------
        tuple
            The page, and nbconvert's resources.
        """
        page, resources = super().from_notebook_node(nb, resources=resources, **kw)
        return page.strip() + "\n", resources


def policy(document: Arranged, style: str, script: str) -> str:
    """Return the page's Content-Security-Policy.

    Style attributes are allowed to a document that brings some, as an ordinary notebook may; no report does.
    """
    return rendering.policy(style, script if document.scripted else "", attributes=document.styled)


def figure(output: NotebookNode, mime: str) -> str:
    """Return a picture of an output, in the page itself, with its title and its alternative text."""
    data = output.data[mime]
    if mime == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    mark = output.metadata.get(MARK, {})
    title = str(mark.get("title", ""))
    caption = f"<figcaption>{html.escape(title)}</figcaption>" if title else ""
    alt = html.escape(str(mark.get("alt", "")))
    picture = f'<img src="data:{mime};base64,{"".join(data.split())}" alt="{alt}">'
    if not mark:
        return f'\n<figure class="plain-picture">{picture}</figure>\n'
    # A frame that scrolls: on a phone the chart keeps the size at which its text can be read.
    label = html.escape(title or "图")
    frame = f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{picture}</div>'
    return f'\n<figure class="chart">{frame}{caption}</figure>\n'


def markdown_as_html(text: str) -> str:
    """Return Markdown as HTML, with formulas as MathML: browsers show it without a script."""
    with tempfile.TemporaryDirectory(prefix="gongwen-") as folder:
        return run_pandoc(
            text,
            reader=NOTEBOOK_MARKDOWN,
            writer="html",
            folder=Path(folder),
            arguments=["--mathml", "--shift-heading-level-by=1", "--syntax-highlighting=none"],
        )


def markdown_cell_as_html(cell: NotebookNode) -> str:
    """Return a Markdown cell as HTML, its attachments included."""
    text = cell.source
    for name, bundle in cell.get("attachments", {}).items():
        for mime, data in bundle.items():
            text = text.replace(f"attachment:{name}", f"data:{mime};base64,{data}")
    return markdown_as_html(text)
