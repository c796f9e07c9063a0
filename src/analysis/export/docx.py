"""A notebook as a Word document after GB/T 9704-2012: Markdown, then pandoc with ``reference.docx``."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import typst
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import List, Unicode, default

from analysis.export.facts import DocumentFacts
from analysis.export.fonts import available_fonts
from analysis.export.markdown import GongwenMarkdownExporter, reader_arguments
from analysis.export.pandoc import TEMPLATES, run_pandoc
from analysis.export.word import finish
from analysis.export.word_settings import units_of

REFERENCE = Path(__file__).parent / "reference.docx"

FILTERS = ("headings.lua", "tables.lua", "pictures.lua", "links.lua", "signature.lua", "title.lua", "docx.lua")


class DrawnVectors(Preprocessor):
    """Give a picture that is SVG alone a PNG beside it."""

    enabled = True

    def preprocess_cell(
        self,
        cell: NotebookNode,
        resources: dict[str, Any],
        index: int,  # noqa: ARG002  # nbconvert gives it
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Draw the SVG of each output that has no other picture."""
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/svg+xml" in data and not {"image/png", "image/jpeg"} & set(data):
                drawn = _drawn(str(data["image/svg+xml"]))
                if drawn:
                    data["image/png"] = base64.b64encode(drawn).decode()
                else:
                    data.setdefault("text/plain", "〔图片数据损坏，无法显示〕")
        return cell, resources


def _drawn(svg: str) -> bytes | None:
    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    try:
        png = typst.compile(
            source.encode(), format="png", ppi=200, sys_inputs={"svg": svg}, font_paths=available_fonts()
        )
    except typst.TypstError:
        return None
    return png if isinstance(png, bytes) else None


class GongwenDOCXExporter(GongwenMarkdownExporter):
    """Export a notebook as a Word document in the form of an official document."""

    export_from_notebook = "Word（公文）"

    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    # Word shows SVG from 2016 on only, and pandoc cannot embed it by itself.
    picture_types = List(
        Unicode(), ["image/png", "image/jpeg"], help="Picture formats that Word can hold, best first."
    ).tag(config=True)

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()
        self._preprocessors.insert(2, DrawnVectors(parent=self))  # type: ignore[no-untyped-call]

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".docx"

    def build(self, text: str, facts: DocumentFacts, folder: Path, notebook_folder: Path) -> bytes:
        """Make the Word document from Markdown whose pictures lie in ``folder``."""
        reader, arguments = reader_arguments(facts, folder, notebook_folder)
        target = folder / "document.docx"
        run_pandoc(
            text,
            reader=reader,
            writer="docx",
            folder=folder,
            arguments=[
                *arguments,
                f"--output={target}",
                f"--reference-doc={REFERENCE}",
                f"--template={TEMPLATES / 'pandoc' / 'document.openxml'}",
                f"--metadata=title={facts.plain_title}",
                f"--metadata=title-lines={facts.title}",
                f"--metadata=author={facts.author}",
                f"--metadata=lang={facts.lang}",
            ],
            filters=FILTERS,
            epoch=int(facts.timestamp.timestamp()),
        )
        return finish(target.read_bytes(), units_of(text))
