"""An indicator's figures over the years, and the report's chart of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from analysis.exploring.words import months_of, share_text, with_unit
from analysis.figures.completion import share
from analysis.figures.exact import amount
from analysis.scheme import Indicator
from analysis.telling.charts import years_alt
from analysis.telling.material import Material
from analysis.telling.spans import Chart, say


@dataclass(frozen=True, slots=True)
class OfYear:
    """An indicator in a year.

    Attributes:
        number: its figure in its unit; none where it is not known.
        source: the figure's cell.
        share: a ratio's share, exact; none where it is not known.
        comparable: whether it is counted as in the reported year.
        remark: what there is to know of the year, in Chinese.
    """

    year: int
    number: Decimal | None
    source: str | None
    share: Fraction | None
    comparable: bool
    remark: str


def figures_over_years(material: Material, indicator: Indicator) -> list[OfYear]:
    """The figures of the same months from the first known year to the reported one; a year without a figure has its place."""
    this, row = material.facts.period.year, material.by_code[indicator.code]
    known = {past.year: (past.actual, past.source) for past in material.past if past.code == indicator.code}
    if row.base is not None:  # last year is what this year's return says it was, as in the prose
        known[this - 1] = (row.base, row.base_source or "")
    first = min([*known, this])
    since = indicator.comparable_since
    return [
        OfYear(
            year,
            known[year][0] if year in known else None,
            known[year][1] if year in known else None,
            _share(material, indicator, year),
            since is None or year >= since or this < since,
            _remark(material, indicator, year, year in known),
        )
        for year in range(first, this + 1)
    ]


def _share(material: Material, indicator: Indicator, year: int) -> Fraction | None:
    """A ratio's share in a year; of years before the last only where no cases carried over would be wanted too."""
    if indicator.whole is None:
        return None
    this, row = material.facts.period.year, material.by_code[indicator.code]
    if year == this:
        return row.rate
    if year == this - 1:
        return row.base_share
    if indicator.carried_over:
        return None
    past = {found.code: found.actual for found in material.past if found.year == year}
    return share(past.get(indicator.code), past.get(indicator.whole))


def _remark(material: Material, indicator: Indicator, year: int, known: bool) -> str:
    this, row = material.facts.period.year, material.by_code[indicator.code]
    said = []
    if not known:
        said.append("数据暂缺")
    if year == this - 1 and row.returned_base is not None and row.base is not None:
        unit = indicator.unit or ""
        said.append(f"上年报表为{amount(row.returned_base)}{unit}，本年报表更正为{amount(row.base)}{unit}")
    if indicator.carried_over and known and year < this - 1:
        said.append("当年的上年结转数没有保存，不计算比率")
    since = indicator.comparable_since
    if since is not None and year < since <= this:
        said.append(f"{since}年起口径改变，不可比，图中不画")
    return "；".join(said)


def series_chart(material: Material, indicator: Indicator, rows: Sequence[OfYear]) -> Chart | None:
    """The chart of the comparable years; none where none has a figure."""
    drawn = [row for row in rows if row.comparable]
    while drawn and drawn[0].number is None:
        drawn = drawn[1:]
    if not drawn:
        return None
    series = [
        (
            with_unit(indicator),
            row.year,
            None if row.number is None else float(row.number),
            None if row.number is None else amount(row.number),
        )
        for row in drawn
    ]
    if any(row.share is not None for row in drawn):
        series += [
            (
                f"{indicator.name}的比率",
                row.year,
                None if row.share is None else float(row.share),
                None if row.share is None else share_text(row.share),
            )
            for row in drawn
        ]
    frame = pd.DataFrame(series, columns=["name", "year", "value", "label"])
    return Chart("years", say(_title(material, indicator, drawn)), years_alt(frame), frame)


def _title(material: Material, indicator: Indicator, drawn: Sequence[OfYear]) -> str:
    """`建成设施农业大棚，2019—2021年逐年增加`: the title states the answer."""
    of_ratio = indicator.whole is not None and all(row.share is not None for row in drawn)
    values = [Fraction(row.number) for row in drawn if row.number is not None]
    name = indicator.name
    if of_ratio:
        values, name = [row.share for row in drawn if row.share is not None], f"{indicator.name}的比率"
    if len(values) < 2:
        return f"{name}只有一年的数{months_of(material)}"
    steps = [after - before for before, after in pairwise(values)]
    years = f"{drawn[0].year}—{drawn[-1].year}年"
    every = "逐年" if len(values) > 2 else ""
    up, down, more, less = ("上升", "下降", "升", "降") if of_ratio else ("增加", "减少", "增", "减")
    if all(step > 0 for step in steps):
        answer = f"{every}{up}"
    elif all(step < 0 for step in steps):
        answer = f"{every}{down}"
    elif not any(steps):
        answer = "没有变化"
    elif all(step >= 0 for step in steps):
        answer = f"有{more}无{less}"
    elif all(step <= 0 for step in steps):
        answer = f"有{less}无{more}"
    else:
        answer = f"有{more}有{less}"
    return f"{name}，{years}{months_of(material)}{answer}"
