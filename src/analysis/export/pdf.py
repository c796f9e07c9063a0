"""A notebook as PDF after GB/T 9704-2012: Markdown, then pandoc, then typst."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst
from nbformat import NotebookNode
from traitlets import Bool, List, Unicode, default

from analysis.export.errors import ExportError
from analysis.export.facts import DocumentFacts
from analysis.export.fonts import available_fonts, choose_faces, face_lists
from analysis.export.markdown import GongwenMarkdownExporter, reader_arguments
from analysis.export.pandoc import TEMPLATES, run_pandoc

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""Archivable and accessible: typst refuses to write a file that breaks either."""

FILTERS = (
    "headings.lua",
    "tables.lua",
    "pictures.lua",
    "links.lua",
    "signature.lua",
    "title.lua",
    "numbers.lua",
    "punctuation.lua",
    "typst.lua",
    "text.lua",
)


class GongwenPDFExporter(GongwenMarkdownExporter):
    """Export a notebook as PDF in the form of an official document."""

    export_from_notebook = "PDF（公文）"

    font_folders = List(Unicode(), help="Folders with further fonts, searched beside the system's.").tag(config=True)
    system_fonts = Bool(True, help="Whether fonts installed on the machine are used.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    output_mimetype = "application/pdf"

    missing_characters: tuple[str, ...] = ()
    """Characters of the last export that no font has, and for which 〓 was printed."""

    def from_notebook_node(  # type: ignore[override]  # bytes, as nbconvert's own PDF exporters give
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Export one executed notebook.

        Returns
        -------
        tuple
            The file's bytes, and nbconvert's resources; ``missing_characters`` in them lists the characters that no
            font has.
        """
        pdf, resources = super().from_notebook_node(nb, resources, **kw)
        resources["missing_characters"] = list(self.missing_characters)
        return pdf, resources

    def build(self, text: str, facts: DocumentFacts, folder: Path, notebook_folder: Path) -> bytes:
        """Typeset Markdown whose pictures lie in ``folder``."""
        reader, arguments = reader_arguments(facts, folder, notebook_folder)
        source = run_pandoc(
            text,
            reader=reader,
            writer="typst",
            folder=folder,
            arguments=[*arguments, "--standalone", f"--template={TEMPLATES / 'pandoc' / 'main.typ'}"],
            filters=FILTERS,
            epoch=int(facts.timestamp.timestamp()),
        )
        fonts = available_fonts(tuple(self.font_folders), self.system_fonts)
        faces = face_lists(choose_faces(fonts.families()))
        (folder / "document.json").write_text(json.dumps(_for_typst(facts, faces), ensure_ascii=False), "utf-8")
        (folder / "main.typ").write_text(source, "utf-8")
        shutil.copy(TEMPLATES / "typst" / "gongwen.typ", folder)
        pdf, self.missing_characters = typeset(folder, fonts, facts)
        if self.missing_characters:
            self.log.warning("PDF 中以“〓”代替没有字形的字符：%s", "、".join(map(_named, self.missing_characters)))
        return pdf


def typeset(folder: Path, fonts: typst.Fonts, facts: DocumentFacts) -> tuple[bytes, tuple[str, ...]]:
    """Compile ``main.typ`` in a folder.

    A character that no font has cannot stand in an archivable file, but one emoji in a department's return must not
    stop a report either: 〓, the compositor's mark for a missing sort, is printed for it. Likewise a picture that cannot
    be decoded is told instead of shown.

    Returns
    -------
    tuple
        The file's bytes, and the characters that were replaced.
    """
    missing: list[str] = []
    while True:
        try:
            return _compiled(folder / "main.typ", fonts, facts), tuple(missing)
        except typst.TypstError as error:
            unknown = [text for text in _undisplayable(str(error.diagnostic)) if text not in missing]
            if unknown:
                missing += unknown
                _replace(folder, dict.fromkeys(unknown, "〓"))
                continue
            lost = _unreadable_pictures(folder, fonts)
            if not lost:
                raise ExportError(
                    f"PDF 排版失败：{error.message}", str(error.diagnostic).strip(), "请检查相应文字、图表或表格"
                ) from error
            _replace(folder, {f'picture("{name}"': f'lost-picture("{name}"' for name in lost})


def _compiled(source: Path, fonts: typst.Fonts, facts: DocumentFacts) -> bytes:
    compiler = typst.Compiler(str(source), root=str(source.parent), font_paths=fonts)
    pdf = compiler.compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=facts.timestamp)
    assert isinstance(pdf, bytes)
    return pdf


def _replace(folder: Path, replacements: Mapping[str, str]) -> None:
    for name in ("main.typ", "document.json"):
        file = folder / name
        text = file.read_text("utf-8")
        for old, new in replacements.items():
            text = text.replace(old, new)
        file.write_text(text, "utf-8")


def _unreadable_pictures(folder: Path, fonts: typst.Fonts) -> list[str]:
    """Return the pictures that typst cannot decode, which its message does not name; each is tried alone."""
    lost = []
    text = (folder / "main.typ").read_text("utf-8")
    for file in sorted((folder / "media").glob("*")):
        name = f"media/{file.name}"
        if f'#picture("{name}"' not in text and f'(picture("{name}"' not in text:
            continue
        trial = folder / "trial.typ"
        trial.write_text(f'#image("{name}")', "utf-8")
        try:
            typst.Compiler(str(trial), root=str(folder), font_paths=fonts).compile(format="pdf")
        except typst.TypstError:
            lost.append(name)
    return lost


def _undisplayable(diagnostic: str) -> list[str]:
    """Return the characters that typst complains about; an ASCII one is never replaced, it could be markup."""
    shown = re.findall(r'the text `"(.+?)"` could not be displayed', diagnostic)
    shown += re.findall(r'contains the codepoint `"(.+?)"`', diagnostic)
    texts = [re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text) for text in shown]
    return list(dict.fromkeys(text for text in texts if not text.isascii()))


def _named(text: str) -> str:
    return text + "（" + " ".join(f"U+{ord(character):04X}" for character in text) + "）"


def _for_typst(facts: DocumentFacts, faces: dict[str, list[str]]) -> dict[str, object]:
    language, _, region = facts.lang.partition("-")
    return {
        "plain-title": facts.plain_title,
        "title-lines": facts.title.splitlines(),
        "authors": [facts.author] if facts.author else [],
        "date": [facts.date.year, facts.date.month, facts.date.day],
        "language": language.lower(),
        "region": region.upper() or None,
        "faces": faces,
    }
