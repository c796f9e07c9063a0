"""An executed notebook as pandoc Markdown with its pictures beside it: the common way to PDF and DOCX."""

from __future__ import annotations

import binascii
import re
import tempfile
from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nbconvert.exporters import MarkdownExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import List, Unicode, default
from traitlets.config import Config

from analysis.export.facts import DocumentFacts
from analysis.export.pandoc import NOTEBOOK_MARKDOWN, REPORT_MARKDOWN, TEMPLATES
from analysis.export.selection import HIDING_TAGS, MARK, FoldedCells, ReportOutputs


def escape_markdown(text: str) -> str:
    r"""Return text that pandoc reads back as the same text, on one line.

    Examples
    --------
    >>> escape_markdown("*a* [x]")
    '\\*a\\* \\[x\\]'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def fenced(text: str, language: str = "") -> str:
    """Return text as a code block whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    label = f"{{{language}}}" if language.startswith("=") else re.sub(r"[^\w+-]", "", language)
    return f"{fence}{label}\n{text.strip(chr(10)).rstrip()}\n{fence}"


def picture(output: NotebookNode, mime: str) -> str:
    """Return a picture of an output as Markdown; a chart brings its title and its alternative text along."""
    file = Path(output.metadata["filenames"][mime]).as_posix()
    mark = output.metadata.get(MARK, {})
    alt = escape_markdown(str(mark.get("alt", "")))
    # An attribute is read with the same backslashes as text.
    attributes = f'{{.chart alt="{alt}"}}' if mark else ""
    return f"![{escape_markdown(str(mark.get('title', '')))}](<{file}>){attributes}"


class SoundPictures(Preprocessor):
    """Take out pictures whose data is no base64, at which nbconvert would stop, and pictures of formulas."""

    enabled = True

    def preprocess_cell(
        self,
        cell: NotebookNode,
        resources: dict[str, Any],
        index: int,  # noqa: ARG002  # nbconvert gives it
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Leave the other forms of such an output, or a line that tells of it."""
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for mime in [mime for mime in data if mime in _BASE64 and not _is_base64(data[mime])]:
                del data[mime]
                data.setdefault("text/plain", "〔图片数据损坏，无法显示〕")
            # SymPy gives a formula and a picture of it: the formula can be read aloud, and edited in Word.
            if str(data.get("text/latex", "")).lstrip().startswith(("$", "\\[", "\\(")):
                for mime in ("image/svg+xml", "image/png", "image/jpeg"):
                    data.pop(mime, None)
        return cell, resources


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What a program sends to a terminal, as progress bars do: no font has it, and an archivable PDF may not hold it."""

_BASE64 = {"image/png", "image/jpeg", "application/pdf"}


def _is_base64(text: object) -> bool:
    try:
        binascii.a2b_base64(str(text))
    except (binascii.Error, ValueError):
        return False
    return True


class GongwenMarkdownExporter(MarkdownExporter):
    """Base of the exporters that go through Markdown and pandoc."""

    export_from_notebook: Any = None

    picture_types = List(
        Unicode(),
        ["image/svg+xml", "image/png", "image/jpeg"],
        help="Picture formats that the output format can hold, best first.",
    ).tag(config=True)

    @default("template_name")
    def _template_name_default(self) -> str:
        return "gongwen-markdown"

    @default("template_extension")
    def _template_extension_default(self) -> str:
        return ".md.j2"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Config:
        """Prefer Markdown, then pictures that the format can hold, then tables."""
        priority = ["text/markdown", *self.picture_types, "text/html", "text/latex", "text/plain"]
        config = Config({"NbConvertBase": {"display_data_priority": priority}})
        return Config({**super().default_config, **HIDING_TAGS, **config})

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()  # type: ignore[no-untyped-call]
        # before the others: what is left out need not be worked on
        self._preprocessors.insert(0, ReportOutputs(parent=self))  # type: ignore[no-untyped-call]
        self._preprocessors.insert(1, FoldedCells(parent=self))  # type: ignore[no-untyped-call]
        self._preprocessors.insert(2, SoundPictures(parent=self))  # type: ignore[no-untyped-call]

    def default_filters(self) -> Iterable[tuple[str, Callable[..., str]]]:
        """Add the filters that the template uses."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "fenced", fenced
        yield "picture", picture

    def from_notebook_node(  # type: ignore[override]  # bytes, as nbconvert's own PDF exporters give
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Export one executed notebook.

        Returns
        -------
        tuple
            The file's bytes, and nbconvert's resources.
        """
        text, resources = super().from_notebook_node(nb, resources=resources, **kw)
        facts: DocumentFacts = resources[MARK]
        notebook_folder = resources.get("metadata", {}).get("path") or "."
        with tempfile.TemporaryDirectory(prefix="gongwen-") as name:
            folder = Path(name)
            # The pictures go into the document itself, so nbconvert must not write them beside it.
            for file, content in resources.pop("outputs", {}).items():
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content if isinstance(content, bytes) else str(content).encode())
            document = self.build(_CONTROL.sub("", text), facts, folder, Path(notebook_folder).resolve())
        resources["output_extension"] = self.file_extension
        return document, resources

    @abstractmethod
    def build(self, text: str, facts: DocumentFacts, folder: Path, notebook_folder: Path) -> bytes:
        """Make the document from Markdown whose pictures lie in ``folder``."""


def reader_arguments(facts: DocumentFacts, folder: Path, notebook_folder: Path) -> tuple[str, list[str]]:
    """Return pandoc's reader for this document, and the arguments that belong to it."""
    if facts.is_report:
        # A narrow page makes pandoc take the widths of every table from its dashes.
        return REPORT_MARKDOWN, ["--columns=8", f"--resource-path={folder}"]
    separator = ";" if notebook_folder.drive else ":"
    return NOTEBOOK_MARKDOWN, [f"--resource-path={folder}{separator}{notebook_folder}"]
