"""The totals of the targets over the years, in the annex of the county's report."""

from fractions import Fraction

from analysis.figures.exact import amount, grouped, plain
from analysis.scheme import Indicator
from analysis.telling.annex import NONE
from analysis.telling.county.material import CountyMaterial
from analysis.telling.county.sources import listed_in
from analysis.telling.county.townships import counted
from analysis.telling.spans import Figure, Name, Spans, Table, say


def years_table(material: CountyMaterial) -> Table | None:
    """The totals of the targets over the years, each with the number of townships that it is of."""
    years = sorted({year for year, _ in material.rolled.totals})
    targets = [i for i in material.scheme.in_year(material.facts.period.year) if i.kind == "target"]
    if len(years) < 2 or not targets:
        return None

    def cell(indicator: Indicator, year: int) -> Spans:
        total = material.total(indicator.code, year).reported
        redefined = any(indicator.redefined_in(one) for one in years if one > year)
        if not total.towns or redefined:
            return NONE
        formula = f"{total.towns}个乡镇之和，{plain(total.actual)}{indicator.unit}"
        source = (listed_in(material, indicator.code, "完成数", year),)
        text = grouped(amount(total.actual))
        figure = Figure(text, "", indicator.code, f"table.{year}", Fraction(total.actual), source, formula)
        towns = counted(material, total.towns, f"table.{year}.towns", f"{year}年有这项数的乡镇数", "", "")
        return say(figure, "（", towns, "）")

    rows = tuple(
        (
            (Name(indicator.code),),
            (Name(indicator.name),),
            (Name(indicator.unit or ""),),
            *(cell(indicator, year) for year in years),
        )
        for indicator in targets
    )
    heads = ("编码", "指标", "单位", *(f"{year}年" for year in years))
    numeric = frozenset(range(3, 3 + len(years)))
    same = "" if material.facts.period.whole_year else "同期"
    caption = f"目标类指标历年{same}合计（括号内为乡镇数）"
    return Table(caption, heads, (6, 26, 8, *(16 for _ in years)), rows, numeric, "annex-years")
