"""The rows of a table below its header: which hold data, and which indicator each is about.

An indicator is known by its code, else by its exact name. A near name is offered, never taken.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.intake.fields import heading_of, table_of
from analysis.intake.headers import Header
from analysis.intake.layout import SHEETS_BY_TABLE, SUM_ROW, Table
from analysis.intake.workbook import Cell, SheetGrid
from analysis.intake.writing import plain
from analysis.scheme import Indicator, Scheme
from analysis.scheme.models import CODE

ABOUT = ("code", "name", "item")
"""Columns that say what a row is about."""
KEYS = ("line", *ABOUT)
"""The columns that hold no values."""
TOTAL, REPEATED = "合计", "重复的表头"
"""Kinds of rows that are passed over, as a note calls them."""
_CODE = re.compile(CODE)
_TOTAL = re.compile(r"(本页|各项|以上|全[镇乡县区市局院省]|全街道)?(合计|小计|总计|共计|累计)数?([:(].*)?")
_LONGEST_NAME = 60
NEAR_NAMES_LOOKED_FOR = 200
"""Comparing names is slow; who sends thousands of unknown rows is told so without a near name for each."""


@dataclass(frozen=True, slots=True)
class Identified:
    """What a row is about.

    Attributes:
        indicator: the indicator, where one is known for certain.
        noted: what was forgiven.
        trouble: the code of the check that asks about the row; none where all is well.
        marks: what its wording needs.
    """

    indicator: Indicator | None = None
    noted: tuple[str, ...] = ()
    trouble: str | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row below a header.

    Attributes:
        number: its place in the sheet, counted from 0.
        passed_over: what kind of row it is that holds no data, `TOTAL` or `REPEATED`; empty for all others.
        cells: its cells by field.
        keys: by field of `KEYS`, what it says; empty where the table has no such column.
        filled: the other fields whose cells are not blank.
    """

    number: int
    passed_over: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    filled: Sequence[str] = ()


def rows_below(grid: SheetGrid, header: Header) -> Iterator[Row]:
    """The rows of a table but those that the form adds up by itself; totals and headings of the department's own told apart."""
    headings = _headings(grid, header)
    for number in range(header.last + 1, len(grid.rows)):
        keys = {name: _key_text(grid, number, header.columns.get(name), name) for name in KEYS}
        if any(is_total(text) for text in keys.values()):
            if not any(plain(text) == plain(SUM_ROW) for text in keys.values()):
                yield Row(number, TOTAL)
        elif any(keys[name] and plain(keys[name]) in said for name, said in headings.items()):
            yield Row(number, REPEATED)
        else:
            cells = {name: grid.cell(number, column) for name, column in header.columns.items()}
            filled = [name for name, cell in cells.items() if name not in KEYS and not cell.blank]
            yield Row(number, "", cells, keys, filled)


def _headings(grid: SheetGrid, header: Header) -> dict[str, set[str]]:
    """By key column, what a header says in it that is repeated at the top of every printed page."""
    return {
        name: {
            plain(text)
            for text in (
                heading_of(header.sheet.table, name),
                grid.heading(header.first, header.columns[name]),
                grid.heading(header.last, header.columns[name]),
            )
            if text
        }
        for name in ABOUT
        if name in header.columns
    }


def _key_text(grid: SheetGrid, row: int, column: int | None, name: str) -> str:
    """The text of a key cell; a code or a name that was merged over several rows belongs to all of them."""
    if column is None:
        return ""
    return grid.heading(row, column) if name in ("code", "name") else grid.cell(row, column).text


def is_total(text: str) -> bool:
    """Whether a row is a subtotal or total of others rather than a row of its own."""
    return "计" in text and _TOTAL.fullmatch(plain(text)) is not None


def belongs(indicator: Indicator, table: Table) -> bool:
    """Whether an indicator's rows stand in a table."""
    if table == "part":
        return indicator.numeric and indicator.breakdown is not None
    return table_of(indicator) == table


class Indicators:
    """The indicators that a department's rows may be about."""

    def __init__(self, scheme: Scheme, department: str, year: int, cutoff: float) -> None:
        self._scheme = scheme
        self._asked = scheme.asked_of(department, year)
        self._cutoff = cutoff
        self._near_left = NEAR_NAMES_LOOKED_FOR
        self._by_name: dict[str, list[Indicator]] = defaultdict(list)
        for indicator in (*self._asked, *scheme.indicators):  # those asked of the department come first
            self._by_name[plain(indicator.name)].append(indicator)

    def only(self, table: Table) -> Indicator | None:
        """The indicator that all rows of a table are about, where the department has but one of that kind."""
        owned = [indicator for indicator in self._asked if belongs(indicator, table)]
        return owned[0] if len(owned) == 1 else None

    def identify(self, table: Table, code_text: str, name_text: str) -> Identified:
        """Say what a row is about, from its code and its name as typed."""
        code, name = plain(code_text).upper(), plain(name_text)
        if _CODE.fullmatch(code):
            return self._by_code(table, code, name)
        named = self._called(table, name)
        if len(named) == 1:
            found = f"编码“{code_text.strip()}”看不懂" if code else "没有编码"
            return Identified(named[0], (f"{found}，按指标名称认出是{named[0].code}",))
        if named:
            found = f"{name_text.strip()}（{'、'.join(indicator.code for indicator in named)}都叫这个名称）"
            return Identified(None, (), "unknown_row", {"found": found})
        elsewhere = self._by_name.get(name)
        if name and elsewhere:
            return _wrong_sheet(elsewhere[0], table)
        near = self._near(table, name)
        if near is not None:
            return Identified(
                None, (), "near_name", {"found": name_text.strip(), "expected": f"{near.name}（{near.code}）"}
            )
        return Identified(None, (), "unknown_row", {"found": (code_text.strip() or name_text.strip())[:_LONGEST_NAME]})

    def _called(self, table: Table, name: str) -> list[Indicator]:
        """The indicators of a table that are called so: those asked of the department, else any."""
        called = {indicator.code: indicator for indicator in self._by_name.get(name, ()) if belongs(indicator, table)}
        return [called[i.code] for i in self._asked if i.code in called] or list(called.values())

    def _by_code(self, table: Table, code: str, name: str) -> Identified:
        indicator = self._scheme.by_code.get(code)
        if indicator is None:
            return Identified(None, (), "unknown_code", {"found": code})
        if not belongs(indicator, table):
            return _wrong_sheet(indicator, table)
        others = [other for other in self._by_name.get(name, ()) if other.code != code]
        if others and plain(indicator.name) != name:
            other = f"{others[0].name}（{others[0].code}）"
            return Identified(indicator, (), "code_name_differ", {"found": other, "expected": indicator.name})
        return Identified(indicator)

    def _near(self, table: Table, name: str) -> Indicator | None:
        if not name or self._near_left == 0:
            return None
        self._near_left -= 1
        candidates = {key: i for key, listed in self._by_name.items() for i in listed if belongs(i, table)}
        close = difflib.get_close_matches(name[:_LONGEST_NAME], candidates, n=1, cutoff=self._cutoff)
        return candidates[close[0]] if close else None


def _wrong_sheet(indicator: Indicator, table: Table) -> Identified:
    expected = f"“{SHEETS_BY_TABLE[table_of(indicator)].title}”表"
    if table == "part" and indicator.numeric:
        expected += "（这一指标没有分项）"
    return Identified(None, (), "wrong_sheet", {"found": f"{indicator.name}（{indicator.code}）", "expected": expected})
