"""Which indicator a row is about: by its code, else by its exact name. A near name is offered, never taken."""

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.intake.fields import table_of
from analysis.intake.layout import SHEETS_BY_TABLE, Table
from analysis.intake.writing import plain
from analysis.scheme import Indicator, Scheme
from analysis.scheme.models import CODE

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


def is_total(text: str) -> bool:
    """Whether a row is a subtotal or total of others rather than a row of its own."""
    return "计" in text and _TOTAL.fullmatch(plain(text)) is not None


def belongs(indicator: Indicator, table: Table) -> bool:
    """Whether an indicator's rows stand in a table."""
    if table == "part":
        return indicator.numeric and indicator.breakdown is not None
    return table_of(indicator) == table


class Rows:
    """Knows the indicators of a return's rows."""

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
        named = next((i for i in self._by_name.get(name, ()) if belongs(i, table)), None)
        if _CODE.fullmatch(code):
            return self._by_code(table, code, name)
        if named is not None:
            found = f"编码“{code_text.strip()}”看不懂" if code else "没有编码"
            return Identified(named, (f"{found}，按指标名称认出是{named.code}",))
        elsewhere = self._by_name.get(name)
        if name and elsewhere:
            return _wrong_sheet(elsewhere[0], table)
        near = self._near(table, name)
        if near is not None:
            return Identified(
                None, (), "near_name", {"found": name_text.strip(), "expected": f"{near.name}（{near.code}）"}
            )
        return Identified(None, (), "unknown_row", {"found": (code_text.strip() or name_text.strip())[:_LONGEST_NAME]})

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
