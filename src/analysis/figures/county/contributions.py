"""What each township contributed to the totals: its own figures with their cells, and the list of them for who checks one."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from analysis.figures.completion import STATE_NAMES
from analysis.figures.county.partitions import CELLS, FIGURES, Partitions
from analysis.figures.exact import plain, typed
from analysis.intake.store import FORMULA
from analysis.intake.whole import beside
from analysis.scheme import Indicator, Scheme

COLUMNS = {
    "target": "目标",
    "actual": "完成数",
    "base": "上年同期",
    "whole": "分母",
    "whole_base": "上年分母",
    "carried": "上年结转",
    "base_carried": "更早结转",
    "planned_month": "计划完成月份",
}
"""What the list calls a figure, and the month of a target that is planned for one."""
TEXTS = ("编码", "指标", "单位", "乡镇", "年份", "完成情况", "结果")
HEADS = (*TEXTS, *COLUMNS.values(), *(f"{name}的单元格" for name in COLUMNS.values()))


@dataclass(frozen=True, slots=True)
class Detail:
    """A township's own figures of an indicator in a year, with their cells; rate and last year's share exact."""

    town: str
    year: int
    code: str
    state: str
    outcome: str | None
    rate: Fraction | None
    figures: Mapping[str, Decimal]
    cells: Mapping[str, str]
    base_share: Fraction | None = None
    planned_month: str | None = None

    def is_in(self, basis: str, ratio: bool) -> bool:
        """Whether it went into the totals over a set of townships, as `roll_up` has it: reported, aimed, compared."""
        figures = self.figures
        reported = "actual" in figures and (not ratio or "whole" in figures)
        match basis:
            case "aimed":
                return reported and "target" in figures
            case "compared":
                nothing = figures.get("base") == 0 and figures.get("whole_base") == 0
                known = not ratio or self.base_share is not None or nothing
                return reported and "base" in figures and known
        return reported


def details(partitions: Partitions, wanted: Iterable[tuple[str, str]], year: int) -> dict[tuple[str, str], Detail]:
    """The figures of some townships' indicators with their cells, by township and code, read again for what is told by name."""
    pairs = set(wanted)
    towns = dict.fromkeys(town for town, _ in sorted(pairs))
    if not pairs:
        return {}
    return {
        (detail.town, detail.code): detail
        for detail in each_detail(partitions, towns)
        if detail.year == year and (detail.town, detail.code) in pairs
    }


def each_detail(partitions: Partitions, towns: Iterable[str] | None = None) -> Iterator[Detail]:
    """Every row of all years, one after another."""
    names = ("code", "state", "outcome", "rate", "base_share", *FIGURES, "planned_month", *CELLS.values())
    for batch in partitions.batches(names, towns):
        for row in batch.to_pylist():
            rate, base_share = (None if row[name] is None else Fraction(row[name]) for name in ("rate", "base_share"))
            yield Detail(
                row["town"],
                row["year"],
                row["code"],
                row["state"],
                row["outcome"],
                rate,
                {name: typed(row[name]) for name in FIGURES if row[name] is not None},
                {name: row[cell] for name, cell in CELLS.items() if row[cell] is not None},
                base_share,
                row["planned_month"],
            )


def save_contributions(partitions: Partitions, scheme: Scheme, names: Mapping[str, str], path: Path) -> None:
    """Write the list as a CSV that Excel opens as it is, row after row.

    Args:
        partitions: where the townships' tables lie.
        scheme: the indicators of the edition; rows of others are left out.
        names: the townships' names by folder.
        path: the file.
    """
    with beside(path) as new, new.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADS)
        writer.writerows(_rows(partitions, scheme, names))


def _rows(partitions: Partitions, scheme: Scheme, names: Mapping[str, str]) -> Iterator[list[str]]:
    asked: dict[int, dict[str, Indicator]] = {}
    for row in each_detail(partitions):
        if row.year not in asked:
            asked[row.year] = {indicator.code: indicator for indicator in scheme.in_year(row.year)}
        indicator = asked[row.year].get(row.code)
        if indicator is None:
            continue
        state = STATE_NAMES.get(row.state, row.state)  # type: ignore[call-overload]  # a state of another version
        texts = [indicator.code, indicator.name, indicator.unit or "", names.get(row.town, row.town)]
        figures = [plain(row.figures[name]) if name in row.figures else "" for name in FIGURES]
        cells = [row.cells.get(name, "") for name in COLUMNS]
        told = (*texts, str(row.year), state, row.outcome or "", *figures, row.planned_month or "", *cells)
        yield [_safe(text) for text in told]


def _safe(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text
