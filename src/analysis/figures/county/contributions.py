"""What each township contributed to the totals, a line a township, indicator and year, for whoever checks a total."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.figures.completion import STATE_NAMES
from analysis.figures.county.assessed import each_detail
from analysis.figures.county.partitions import CELLS, FIGURES, Partitions
from analysis.figures.exact import plain
from analysis.intake.store import FORMULA
from analysis.intake.whole import beside
from analysis.scheme import Indicator, Scheme

FILE = "contributions.csv"
NAMES = ("目标", "完成数", "上年同期", "分母", "上年分母", "上年结转", "更早结转")
HEADS = ("编码", "指标", "单位", "乡镇", "年份", "完成情况", "结果", *NAMES, *(f"{name}的单元格" for name in NAMES))


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
        figures = [plain(row.figures[name]) if name in row.figures else "" for name in FIGURES]
        cells = [row.cells.get(cell.removesuffix("_source"), "") for cell in CELLS]
        state = STATE_NAMES.get(row.state, row.state)  # type: ignore[call-overload]  # a state of another version
        texts = [indicator.code, indicator.name, indicator.unit or "", names.get(row.town, row.town)]
        yield [_safe(text) for text in (*texts, str(row.year), state, row.outcome or "", *figures, *cells)]


def _safe(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text
