"""What the reader of values leaves out of an .xlsx: error cells, formulas without a value, percent formats, hidden rows.

Going through the parts tells their size too, before anything is loaded.
"""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.intake.bounds import MAX_AREA, Budget, check_area, check_strings
from analysis.intake.package import Package, walk
from analysis.intake.refusal import damaged, too_large
from analysis.intake.spots import Spot, address, spot

_BUILT_IN_PERCENT = {"9", "10"}
NO_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class Stored:
    """How the cells of a sheet are stored, where it matters.

    Attributes:
        errors: the error that stands in a cell, `#DIV/0!`.
        unset: cells with a formula that was never computed.
        percent: cells with a number shown in per cent.
        merged: for each cell of a merged range but its first, the first.
        hidden_rows: rows that are hidden.
        hidden_columns: columns that are hidden.
        texts: what a cell holds where the reader of values would give something else.
    """

    errors: Mapping[Spot, str] = field(default_factory=dict)
    unset: frozenset[Spot] = frozenset()
    percent: frozenset[Spot] = frozenset()
    merged: Mapping[Spot, Spot] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    texts: Mapping[Spot, str] = field(default_factory=dict)


NOTHING_STORED = Stored()
"""Of a sheet of which nothing is known."""


class Noted:
    """Collects how the cells of a sheet are stored while somebody goes through them."""

    def __init__(self, title: str, budget: Budget) -> None:
        self.title = title
        self.rows = self.columns = 0
        self.errors: dict[Spot, str] = {}
        self.unset: set[Spot] = set()
        self.percent: set[Spot] = set()
        self.texts: dict[Spot, str] = {}
        self._merges: list[tuple[Spot, Spot]] = []
        self._hidden_rows: list[range] = []
        self._hidden_columns: list[range] = []
        self._budget = budget

    def fill(self, row: int, column: int, text: int) -> None:
        """Count a filled cell with as many characters."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        self._budget.take_filled(text)

    def merge(self, first: Spot, last: Spot) -> None:
        """Take a merged range."""
        self._budget.take_merged()
        self._merges.append((first, last))

    def hide_rows(self, first: int, last: int) -> None:
        """Take hidden rows, from one to another."""
        self._hidden_rows.append(range(max(first, 0), last + 1))

    def hide_columns(self, first: int, last: int) -> None:
        """Take hidden columns, from one to another."""
        self._hidden_columns.append(range(max(first, 0), last + 1))

    def done(self) -> Stored:
        """Give what was collected.

        Raises:
            Refusal: the sheet is larger than the reader can hold.
        """
        last = address(self.rows - 1, self.columns - 1) if self.rows and self.columns else "A1"
        check_area(self.title, self.rows, self.columns, last)
        return Stored(
            self.errors,
            frozenset(self.unset),
            frozenset(self.percent),
            self._merged(),
            _covered(self._hidden_rows, self.rows),
            _covered(self._hidden_columns, self.columns),
            self.texts,
        )

    def _merged(self) -> dict[Spot, Spot]:
        """The cells under merged ranges; only as far as the sheet is filled."""
        under: dict[Spot, Spot] = {}
        visited = 0
        for (top, left), (bottom, right) in self._merges:
            height, width = min(bottom + 1, self.rows) - top, min(right + 1, self.columns) - left
            visited += max(height, 0) * max(width, 0)
            if visited > MAX_AREA // 4:
                raise too_large("合并单元格过多")
            for row in range(top, top + height):
                for column in range(left, left + width):
                    if (row, column) != (top, left):
                        under[row, column] = (top, left)
        return under


def _covered(ranges: Sequence[range], end: int) -> frozenset[int]:
    """The numbers below an end that ranges cover: a few bytes can hide every row there could be, over and over."""
    covered: set[int] = set()
    visited = 0
    for each in ranges:
        filled = range(each.start, min(each.stop, end))
        visited += len(filled)
        if visited > MAX_AREA:
            raise damaged()
        covered.update(filled)
    return frozenset(covered)


def stored_forms(package: Package) -> dict[str, Stored]:
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
        if name == "numFmt" and "%" in NO_FORMAT.sub("", attributes.get("formatCode", "")):
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
