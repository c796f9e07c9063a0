"""The first targets of the scheme over the years."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from analysis.figures.exact import amount
from analysis.telling.charts import years_alt
from analysis.telling.material import Material
from analysis.telling.spans import Chart, Figure, Name, Spans, say
from analysis.telling.wording.words import joined

LEAST, MOST = 3, 5
"""Years that a line needs, and years that are shown at most."""

Series = Mapping[int, Figure]


def years_picture(material: Material, most: int, codes: Sequence[str] = ()) -> Chart | None:
    """Lines over the last years of the first `most` targets that have figures of three years or more."""
    del codes
    told = {past.year for past in material.past}
    if not told:
        return None
    # A year of which nobody has a figure has its place too: no line goes over it.
    years = range(max(min(told), max(told) - MOST + 1), max(told) + 1)
    kept = _kept(material, years)
    chosen = [code for code in kept if len(kept[code]) >= LEAST][: max(0, most)]
    if not chosen:
        return None
    rows = pd.DataFrame(
        [
            {
                "name": f"{material.scheme[code].name}（{material.scheme[code].unit}）",
                "year": year,
                "value": float(found.value or 0) if (found := kept[code].get(year)) else None,
                "label": found.number if found else None,
            }
            for code in chosen
            for year in years
        ]
    )
    figures = tuple(kept[code][year] for code in chosen for year in years if year in kept[code])
    return Chart("years", _title(material, years, [kept[code] for code in chosen]), years_alt(rows), rows, figures)


def _kept(material: Material, years: Sequence[int]) -> dict[str, dict[int, Figure]]:
    """By code and year, the figures of the targets that are counted alike in all these years."""
    kept: dict[str, dict[int, Figure]] = {}
    for past in material.past:
        indicator = material.scheme[past.code]
        alike = not any(indicator.redefined_in(year) for year in years[1:])
        if past.year in years and indicator.kind == "target" and alike and past.code in material.by_code:
            kept.setdefault(past.code, {})[past.year] = _of_year(past.code, past.year, past.actual, past.source)
    for row in material.assessments:  # last year is what this year's return says it was, as in the prose
        if row.code in kept and row.base is not None and years[-1] == material.facts.period.year:
            kept[row.code][years[-1] - 1] = _of_year(row.code, years[-1] - 1, row.base, row.base_source)
    return {code: {year: found[year] for year in years if year in found} for code, found in kept.items()}


def _title(material: Material, years: Sequence[int], shown: Sequence[Series]) -> Spans:
    """`2019—2021年，图中9项目标任务中7项完成数逐年增加`; of a part of a year, 同期完成数."""
    what = "完成数" if material.facts.period.whole_year else "同期完成数"
    opening = say("图中", _number(shown, "shown", "图中的目标类指标数"), "目标任务")
    steady = [(word, [s for s in shown if _steady(s, sign)]) for word, sign in (("增加", 1), ("减少", -1))]
    told = [
        say(
            _number(some, "rising" if word == "增加" else "falling", f"历年完成数逐年{word}的目标类指标数"),
            what,
            f"逐年{word}",
        )
        for word, some in steady
        if some
    ]
    whole = next((word for word, some in steady if len(some) == len(shown)), "")
    if whole or not told:
        answer = say(opening, f"的{what}", f"{'全部' if len(shown) > 1 else ''}逐年{whole}" if whole else "有增有减")
    else:
        answer = say(opening, "中", joined(told))
    return say(Name(f"{years[0]}—{years[-1]}年"), "，", answer)


def _steady(series: Series, sign: int) -> bool:
    """Whether each known year is above the one before (`sign` 1), or below (-1)."""
    values = [figure.value or Fraction(0) for _, figure in sorted(series.items())]
    return all((after - before) * sign > 0 for before, after in pairwise(values))


def _number(series: Sequence[Series], role: str, formula: str) -> Figure:
    figures = [figure for one in series for figure in one.values()]
    found = tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
    codes = "、".join(dict.fromkeys(figure.code for figure in figures))
    count = len(series)
    return Figure(str(count), "项", "", f"count.chart.{role}", Fraction(count), found, f"{formula}：{codes}")


def _of_year(code: str, year: int, number: Decimal, source: str | None) -> Figure:
    return Figure(amount(number), "", code, f"chart.{year}", Fraction(number), (source,) if source else ())
