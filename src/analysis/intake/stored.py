"""What the reader of values leaves out of an .xlsx: error cells, formulas without a value, percent formats; and its size.

The parts are XML of somebody else: no entity is resolved, nothing is fetched.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from analysis.intake.bounds import MAX_FILLED, MAX_TEXT, check_area, damaged, too_large

_BUILT_IN_PERCENT = {"9", "10"}
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stored:
    """How the cells of a sheet are stored, by address where it matters.

    Attributes:
        errors: the error that stands in a cell, `#DIV/0!`.
        unset: cells with a formula that was never computed.
        percent: cells with a number shown in per cent.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    unset: frozenset[str] = frozenset()
    percent: frozenset[str] = frozenset()


def stored_forms(archive: zipfile.ZipFile) -> dict[str, Stored]:
    """Look at all sheets of an .xlsx.

    Returns:
        By the sheet's title, how its cells are stored.

    Raises:
        Refusal: the workbook is beyond the bounds on cells and text, or its parts make no sense.
    """
    try:
        book = _main_part(archive)
        targets = _relations(archive, book)
        lengths = _shared_lengths(archive, _related(archive, book, "sharedStrings"))
        percent_styles = _percent_styles(archive, _related(archive, book, "styles"))
        forms: dict[str, Stored] = {}
        budget = _Budget()
        for element in _parse(archive, book).iter("{*}sheet"):
            relation = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
            part, kind = targets.get(str(relation), ("", ""))
            if kind == "worksheet":
                title = str(element.get("name"))
                forms[title] = _scan(archive, part, title, percent_styles, lengths, budget)
        return forms
    except (KeyError, etree.XMLSyntaxError, ValueError, IndexError, zipfile.BadZipFile):
        raise damaged() from None


class _Budget:
    """What is left of the bounds of a whole workbook."""

    def __init__(self) -> None:
        self.filled = 0
        self.text = 0

    def take(self, text: int) -> None:
        self.filled += 1
        self.text += text
        if self.filled > MAX_FILLED:
            raise too_large(f"填了内容的单元格超过{MAX_FILLED}个")
        if self.text > MAX_TEXT:
            raise too_large(f"文字超过{MAX_TEXT}字")


def _scan(
    archive: zipfile.ZipFile, part: str, title: str, percent_styles: set[str], lengths: list[int], budget: _Budget
) -> Stored:
    errors: dict[str, str] = {}
    unset: set[str] = set()
    percent: set[str] = set()
    rows = columns = row = column = 0
    # Cells and rows may leave out their addresses; they then follow the one before.
    for event, element in _iterparse(archive, part, ("start", "end"), ("{*}row", "{*}c")):
        name = etree.QName(element).localname
        if event == "start":
            if name == "row":
                row, column = int(element.get("r") or row + 1), 0
            continue
        if name == "row":
            element.clear()
        if name != "c":
            continue
        row, column = _position(element.get("r"), row, column)
        address = f"{get_column_letter(column)}{row}"
        content = element.findtext("{*}v")
        formula = element.find("{*}f") is not None
        kind = element.get("t", "n")
        inline = "".join(str(text) for text in element.itertext("{*}t")) if kind == "inlineStr" else ""
        if content or inline:
            rows, columns = max(rows, row), max(columns, column)
            budget.take(_length(kind, content or "", inline, lengths))
            if kind == "e":
                errors[address] = content or ""
            elif kind == "n" and element.get("s", "0") in percent_styles:
                percent.add(address)
        elif formula and kind != "str":  # a formula whose stored value is an empty text has one
            unset.add(address)
        element.clear()
    check_area(title, rows, columns, f"{get_column_letter(columns)}{rows}" if columns else "A1")
    return Stored(errors, frozenset(unset), frozenset(percent))


def _length(kind: str, content: str, inline: str, lengths: list[int]) -> int:
    if kind != "s":
        return len(content) + len(inline)
    index = int(content)
    return lengths[index] if 0 <= index < len(lengths) else 0


def _position(address: str | None, row: int, column: int) -> tuple[int, int]:
    if address is None:
        return row, column + 1
    match = _CELL.fullmatch(address)
    if match is None:
        raise ValueError(address)
    return int(match[2]), column_index_from_string(match[1])


def _shared_lengths(archive: zipfile.ZipFile, part: str | None) -> list[int]:
    lengths: list[int] = []
    if part is None:
        return lengths
    for _, element in _iterparse(archive, part, ("end",), ("{*}si",)):
        lengths.append(sum(len(str(text)) for text in element.itertext()))
        element.clear()
    return lengths


def _percent_styles(archive: zipfile.ZipFile, part: str | None) -> set[str]:
    """The cell styles (by number, as cells name them) that show a number in per cent."""
    if part is None:
        return set()
    styles = _parse(archive, part)
    formats = set(_BUILT_IN_PERCENT)
    for element in styles.iter("{*}numFmt"):
        code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", str(element.get("formatCode", "")))
        if "%" in code:
            formats.add(str(element.get("numFmtId")))
    of_cells = styles.find("{*}cellXfs")
    if of_cells is None:
        return set()
    return {str(n) for n, style in enumerate(of_cells.findall("{*}xf")) if style.get("numFmtId") in formats}


def _main_part(archive: zipfile.ZipFile) -> str:
    book = _related(archive, "", "officeDocument")
    if book is None:
        raise ValueError("no workbook part")
    return book


def _related(archive: zipfile.ZipFile, part: str, kind: str) -> str | None:
    return next((target for target, of in _relations(archive, part).values() if of == kind), None)


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """By id, the parts that a part is related to, and as what; those outside the workbook are left out."""
    folder, name = posixpath.split(part)
    relations = {}
    for element in _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels")).iter("{*}Relationship"):
        if element.get("TargetMode") == "External":
            continue
        target = str(element.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        relations[str(element.get("Id"))] = (path, str(element.get("Type", "")).rsplit("/", 1)[-1])
    return relations


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(archive.read(part), parser)


def _iterparse(
    archive: zipfile.ZipFile, part: str, events: tuple[str, ...], tags: tuple[str, ...]
) -> "etree.iterparse[tuple[str, etree._Element]]":
    return etree.iterparse(
        io.BytesIO(archive.read(part)),
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
