"""How the cells of a sheet are stored, beside their values: errors, formulas without a value, percent formats, what is hidden."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.intake.bounds import MAX_AREA, Budget, check_area
from analysis.intake.refusal import damaged, too_large
from analysis.intake.spots import Spot, address

_NO_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def in_percent(number_format: str) -> bool:
    """Whether a number format shows a number in per cent; a sign in quotation marks or brackets is but text."""
    return "%" in _NO_FORMAT.sub("", number_format)


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
