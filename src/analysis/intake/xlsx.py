"""What the reader of values leaves out of an .xlsx: error cells, formulas without a value, percent formats, hidden rows.

Going through the parts tells their size too, before anything is loaded.
"""

import posixpath
from collections.abc import Mapping

from analysis.intake.bounds import Budget, check_strings
from analysis.intake.package import Package, walk
from analysis.intake.refusal import damaged
from analysis.intake.spots import spot
from analysis.intake.stored import Noted, Stored, in_percent

_BUILT_IN_PERCENT = {"9", "10"}


def xlsx_forms(package: Package) -> dict[str, Stored]:
    """Look at all sheets of an .xlsx.

    Returns:
        By the sheet's title, how its cells are stored.

    Raises:
        Refusal: the workbook is beyond the bounds on cells and text, or its parts make no sense.
    """
    budget = Budget()
    book = _related(_relations(package, "", budget), "officeDocument")
    if book is None:
        raise damaged()
    relations = _relations(package, book, budget)
    lengths = _shared_lengths(package, _related(relations, "sharedStrings"), budget)
    percent_styles = _percent_styles(package, _related(relations, "styles"), budget)
    forms: dict[str, Stored] = {}
    for title, relation in _sheets(package, book, budget):
        part, kind = relations.get(relation, ("", ""))
        if kind == "worksheet":
            forms[title] = _Scan(title, percent_styles, lengths, budget).of(package.read(part))
    return forms


class _Scan:
    """Goes through the cells of a sheet's part. Cells and rows without an address follow the one before."""

    def __init__(self, title: str, percent_styles: set[str], lengths: list[int], budget: Budget) -> None:
        self._noted = Noted(title, budget)
        self._budget = budget
        self._percent_styles = percent_styles
        self._lengths = lengths
        self._row = self._column = -1
        self._kind, self._style, self._formula, self._filled = "n", "0", False, False
        self._value: list[str] = []
        self._inside = ""  # the element whose text is the cell's

    def of(self, part: bytes) -> Stored:
        try:
            walk(part, self._budget, self._start, self._end, self._text)
        except (ValueError, IndexError):  # an address, a number or a string's place that is none
            raise damaged() from None
        return self._noted.done()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            place = attributes.get("r")
            self._row, self._column = spot(place) if place else (self._row, self._column + 1)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._formula, self._filled, self._value = False, False, []
        elif name in ("v", "t"):
            self._inside, self._filled = name, True
        elif name == "f":
            self._formula = True
        elif name == "row":
            place = attributes.get("r")
            self._row, self._column = int(place) - 1 if place else self._row + 1, -1
            if attributes.get("hidden") in ("1", "true"):
                self._noted.hide_rows(self._row, self._row)
        elif name == "col":
            if attributes.get("hidden") in ("1", "true"):
                self._noted.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)
        elif name == "mergeCell":
            one, _, other = attributes.get("ref", "").partition(":")
            self._noted.merge(spot(one), spot(other or one))

    def _text(self, text: str) -> None:
        if self._inside:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""
        elif name == "c":
            self._take("".join(self._value))

    def _take(self, content: str) -> None:
        here = (self._row, self._column)
        if self._filled:
            self._noted.fill(*here, self._lengths[int(content)] if content and self._kind == "s" else len(content))
        if content and self._kind == "e":
            self._noted.errors[here] = content
        elif content and self._kind == "n" and self._style in self._percent_styles:
            self._noted.percent.add(here)
        elif not content and self._formula and self._kind != "str":  # an empty text is a value that was stored
            self._noted.unset.add(here)


def _shared_lengths(package: Package, part: str | None, budget: Budget) -> list[int]:
    """How many characters each of the shared strings has."""
    lengths: list[int] = []
    total = 0

    def start(name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            lengths.append(0)
            check_strings(len(lengths), total)

    def text(piece: str) -> None:
        nonlocal total
        if lengths:
            lengths[-1] += len(piece)
            total += len(piece)

    if part is not None:
        walk(package.read(part), budget, start, text=text)
        check_strings(len(lengths), total)
    return lengths


def _percent_styles(package: Package, part: str | None, budget: Budget) -> set[str]:
    """The cell styles (by number, as cells name them) that show a number in per cent."""
    formats, of_cells = set(_BUILT_IN_PERCENT), list[str]()
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name == "numFmt" and in_percent(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            of_cells.append(attributes.get("numFmtId", ""))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    if part is not None:
        walk(package.read(part), budget, start, end)
    return {str(number) for number, style in enumerate(of_cells) if style in formats}


def _sheets(package: Package, book: str, budget: Budget) -> list[tuple[str, str]]:
    """Title and relation of each sheet."""
    sheets: list[tuple[str, str]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            budget.take_sheet()
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), relation))

    walk(package.read(book), budget, start)
    return sheets


def _related(relations: Mapping[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for target, of in relations.values() if of == kind), None)


def _relations(package: Package, part: str, budget: Budget) -> dict[str, tuple[str, str]]:
    """By id, the parts that a part is related to, and as what; those outside the workbook are left out."""
    folder, name = posixpath.split(part)
    relations: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        relations[attributes.get("Id", "")] = (path, attributes.get("Type", "").rsplit("/", 1)[-1])

    walk(package.read(posixpath.join(folder, "_rels", f"{name}.rels")), budget, start)
    return relations
