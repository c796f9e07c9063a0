"""What a check looks at: one department's values, the scheme and the facts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from analysis.intake.fields import WORDS
from analysis.intake.frames import Value
from analysis.intake.words import Words, words_of
from analysis.scheme import Facts, Indicator, Scheme

Cells = Mapping[str, Value]
"""The values of one row by their fields."""


@dataclass(frozen=True)
class Context:
    """One department's return, ready to be checked.

    Attributes:
        department: whose return it is.
        values: what was read of it.
        scheme: indicators, relations, the checks' bounds and words.
        facts: the target book, the period.
        file: the workbook's name.
        asked_cells: cells that the reader already asks about, by sheet and address.
    """

    department: str
    values: Sequence[Value]
    scheme: Scheme
    facts: Facts
    file: str = ""
    asked_cells: Collection[tuple[str, str]] = field(default_factory=frozenset)

    @cached_property
    def words(self) -> Words:
        """The words of the scheme."""
        return words_of(self.scheme)

    @cached_property
    def asked(self) -> tuple[Indicator, ...]:
        """The indicators that the department returns this year."""
        return self.scheme.asked_of(self.department, self.facts.period.year)

    @cached_property
    def _rows(self) -> dict[str, dict[int, dict[str, Value]]]:
        rows: dict[str, dict[int, dict[str, Value]]] = defaultdict(lambda: defaultdict(dict))
        for value in self.values:
            rows[value.table][value.line][value.field] = value
        return rows

    @cached_property
    def _rows_by_code(self) -> dict[tuple[str, str | None], list[Cells]]:
        rows: dict[tuple[str, str | None], list[Cells]] = defaultdict(list)
        for table, by_line in self._rows.items():
            for row in by_line.values():
                rows[table, _code(row)].append(row)
        return rows

    def rows(self, table: str, code: str | None = None) -> list[Cells]:
        """The rows of a table, of one indicator where a code is given."""
        if code is None:
            return list(self._rows.get(table, {}).values())
        return list(self._rows_by_code.get((table, code), ()))

    def row(self, table: str, code: str) -> Cells | None:
        """The one row of an indicator or a duty, if the return has it."""
        return next(iter(self.rows(table, code)), None)

    def figure(self, code: str, name: str) -> Decimal | None:
        """A figure of an indicator, None where the return has none."""
        cell = (self.row("indicator", code) or {}).get(name)
        return cell.number if cell else None

    def value(self, check: str) -> Decimal:
        """The bound of a check, see `Scheme.bound`."""
        return self.scheme.bound(check)

    def unread(self, value: Value) -> bool:
        """Whether the reader already asks about a cell, so that its number can't be looked at."""
        return (value.sheet, value.cell) in self.asked_cells

    def written(self) -> Iterator[tuple[Value, str, str]]:
        """What departments wrote in words of their own, with its field: texts, and once each the names of parts and projects."""
        named: set[tuple[str, str, str]] = set()
        for value in self.values:
            if value.field in WORDS and value.text:
                yield value, value.field, value.text
            key = (value.table, value.code or "", value.item)
            if value.table in ("part", "project") and value.item and key not in named:
                named.add(key)
                yield value, "item", value.item

    def figures(self, *names: str) -> Iterator[tuple[Indicator, Value]]:
        """The figures in the named fields of all rows that have an indicator, with the indicator."""
        for value in self.values:
            if value.field in names and value.code is not None:
                indicator = self.scheme.by_code.get(value.code)
                if indicator is not None:
                    yield indicator, value


def _code(row: Cells) -> str | None:
    return next((value.code for value in row.values()), None)
