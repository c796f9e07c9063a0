"""How some indicators are spread over the villages (分村)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from analysis.figures.exact import amount, plain
from analysis.figures.model import Part
from analysis.scheme import Indicator
from analysis.telling.charts import parts_alt
from analysis.telling.charts.parts import MOST_COLUMNS, REST
from analysis.telling.material import Material
from analysis.telling.spans import Chart, Figure, Name, Spans, say
from analysis.telling.wording.words import joined, listed

MOST_VILLAGES = 30
"""Villages that a page holds; those with the least are drawn together."""

Amounts = dict[str, Part]


def villages_picture(material: Material, most: int, codes: Sequence[str] = ()) -> Chart | None:
    """The amounts of at most `most` indicators by village, in the town's order of its villages.

    Args:
        material: what it is drawn from.
        most: indicators, four at most.
        codes: which ones, in this order; empty for those that reach most villages, targets before others.
    """
    known = {
        indicator.code: found
        for indicator in material.scheme.in_year(material.facts.period.year)
        if indicator.breakdown == material.scheme.report.places and (found := _amounts(material, indicator.code))
    }
    wanted = [code for code in dict.fromkeys(codes) if code in known] if codes else _weighty(material, known)
    chosen = wanted[: max(0, min(most, MOST_COLUMNS))]
    if not chosen:
        return None
    villages, rest = _villages(material, [known[code] for code in chosen])
    rest_name = f"{REST}各{material.scheme.report.places}" if rest else ""
    rows, figures = [], []
    for code in chosen:
        indicator = material.scheme[code]
        told = [_figure(indicator, part) for village in villages if (part := known[code].get(village))]
        if others := [known[code][village] for village in rest if village in known[code]]:
            told.append(_together(indicator, others))
        figures += told
        by_item = {figure.item or rest_name: figure for figure in told}
        rows += [
            {
                "name": f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name,
                "item": item,
                "amount": float(shown.value or 0) if (shown := by_item.get(item)) else None,
                "label": shown.number if shown else None,
            }
            for item in (*villages, *([rest_name] if rest else []))
        ]
    frame = pd.DataFrame(rows)
    title = _title(material, {code: known[code] for code in chosen})
    return Chart("villages", title, parts_alt(frame), frame, tuple(figures))


def _amounts(material: Material, code: str) -> Amounts:
    """The parts of a total by village, where something is above zero."""
    found = {part.item: part for part in material.parts_of(code) if part.amount is not None}
    return found if any(part.amount and part.amount > 0 for part in found.values()) else {}


def _weighty(material: Material, known: dict[str, Amounts]) -> list[str]:
    """The indicators that tell most of the villages: targets first, then those with something in most of them."""

    def weight(code: str) -> tuple[bool, int]:
        reached = sum(1 for part in known[code].values() if part.amount)
        return material.scheme[code].kind != "target", -reached

    return sorted(known, key=weight)


def _villages(material: Material, found: Sequence[Amounts]) -> tuple[list[str], list[str]]:
    """The villages to be drawn, in the town's order, others last; and those that are drawn together."""
    given = dict.fromkeys(village for amounts in found for village in amounts)
    ordered = [village for village in material.facts.town.villages if village in given]
    ordered += [village for village in given if village not in ordered]
    if len(ordered) <= MOST_VILLAGES:
        return ordered, []
    shares = dict.fromkeys(ordered, Fraction(0))
    for amounts in found:
        total = sum((abs(Fraction(part.amount or 0)) for part in amounts.values()), Fraction(0))
        for village, part in amounts.items():
            shares[village] += abs(Fraction(part.amount or 0)) / total
    kept = set(sorted(ordered, key=lambda village: -shares[village])[: MOST_VILLAGES - 1])
    return [village for village in ordered if village in kept], [village for village in ordered if village not in kept]


def _figure(indicator: Indicator, part: Part) -> Figure:
    number = part.amount or Decimal(0)
    return Figure(amount(number), "", indicator.code, "chart.part", Fraction(number), (part.source,), item=part.item)


def _together(indicator: Indicator, parts: Sequence[Part]) -> Figure:
    """The sum of the villages that have no bar of their own."""
    numbers = [part.amount or Decimal(0) for part in parts]
    total = sum(numbers, Decimal(0))
    formula = " + ".join(plain(number) for number in numbers)
    found = tuple(part.source for part in parts)
    return Figure(amount(total), "", indicator.code, "chart.rest", Fraction(total), found, formula)


def _title(material: Material, chosen: dict[str, Amounts]) -> Spans:
    """`双河村建成设施农业大棚、村集体经济收益分红最多，大岭村硬化道路最多`: the village that has most of each."""
    leaders: dict[tuple[str, ...], list[str]] = {}
    for code, amounts in chosen.items():
        most = max(part.amount or Decimal(0) for part in amounts.values())
        leading = tuple(village for village, part in amounts.items() if part.amount == most)
        leaders.setdefault(leading, []).append(code)
    told = []
    for leading, codes in leaders.items():
        names = joined([say(Name(material.scheme[code].name)) for code in codes], "、")
        if len(leading) == 1:
            told.append(say(Name(leading[0]), names, "最多"))
        elif len(leading) == 2:
            told.append(say(listed([Name(village) for village in leading]), names, "并列最多"))
        else:
            number = _leading(material, codes[0], [chosen[codes[0]][village] for village in leading])
            told.append(say(number, names, "并列最多"))
    return joined(told)


def _leading(material: Material, code: str, parts: Sequence[Part]) -> Figure:
    places = material.scheme.report.places
    found = tuple(part.source for part in parts)
    formula = f"并列最多的{places}数：" + "、".join(part.item for part in parts)
    return Figure(str(len(parts)), f"个{places}", code, "count.chart.leading", Fraction(len(parts)), found, formula)
