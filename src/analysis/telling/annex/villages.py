"""The annex's table of what is broken down by village."""

from fractions import Fraction

from analysis.figures.exact import amount, grouped
from analysis.scheme import Indicator
from analysis.telling.annex.cells import NONE, Spans
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Name, Table, say


def village_table(material: Material) -> Table | None:
    """A column an indicator that is broken down by village, a row a village."""
    by_village = [
        i
        for i in material.scheme.in_year(material.facts.period.year)
        if i.breakdown == material.scheme.report.places and material.parts_of(i.code)
    ]
    villages = list(
        dict.fromkeys([*material.facts.town.villages, *(p.item for i in by_village for p in material.parts_of(i.code))])
    )
    if not by_village:
        return None
    rows = [((Name(village),), *(_of_village(material, i, village) for i in by_village)) for village in villages]
    heads = (material.scheme.report.places, *(f"{i.name}（{i.unit}）" for i in by_village))
    numeric = frozenset(range(1, len(heads)))
    return Table(
        f"分{heads[0]}完成情况", heads, (10, *(18 for _ in by_village)), tuple(rows), numeric, "annex-villages"
    )


def _of_village(material: Material, indicator: Indicator, village: str) -> Spans:
    for part in material.parts_of(indicator.code):
        if part.item == village and part.amount is not None:
            text = grouped(amount(part.amount))
            return say(Figure(text, "", part.code, "table.part", Fraction(part.amount), (part.source,), item=village))
    return NONE
