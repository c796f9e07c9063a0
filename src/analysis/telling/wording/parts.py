"""How the parts of a total are told (其中 …): by size, up to the scheme's limit, then the rest."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from analysis.figures.exact import amount, plain
from analysis.figures.model import Part
from analysis.telling.spans import Figure, Name, Spans, say
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.words import joined


def parts_clause(numbers: Numbers, parts: Sequence[Part], places: str = "村") -> Spans:
    """The clause `其中甲村12座、乙村8座，其余3个村共5座`; empty where there are none; `places` is the breakdown by place.

    The rest is told only where the parts add up to the total, so that it holds on a calculator.
    """
    known = [(part, part.amount) for part in parts if part.amount is not None and part.amount > 0]
    if not known or numbers.row.actual is None:
        return ()
    if not numbers.indicator.parts:  # parts that the scheme lists keep its order; others go by size
        known.sort(key=lambda pair: -pair[1])
    if len(known) == 1 and known[0][1] == numbers.row.actual:
        return say("全部在" if numbers.indicator.breakdown == places else "具体为", Name(known[0][0].item))
    limit = numbers.indicator.parts_shown or len(known)
    if len(known) == limit + 1:  # 其余1个村 saves nothing
        limit += 1
    shown, rest = known[:limit], known[limit:]
    told = say("其中", joined([_part(numbers, part, number) for part, number in shown], "、"))
    adds_up = sum(number for _, number in known) == numbers.row.actual
    return joined([told, _rest(numbers, rest)]) if rest and adds_up else told


def _part(numbers: Numbers, part: Part, number: Decimal) -> Spans:
    unit = numbers.indicator.unit or ""
    return say(
        Name(part.item),
        Figure(amount(number), unit, part.code, "part", Fraction(number), (part.source,), item=part.item),
    )


def _rest(numbers: Numbers, rest: Sequence[tuple[Part, Decimal]]) -> Spans:
    total = sum((number for _, number in rest), Decimal(0))
    code, unit = numbers.indicator.code, numbers.indicator.unit or ""
    found = tuple(part.source for part, _ in rest)
    count = Figure(str(len(rest)), "个", code, "rest_count", Fraction(len(rest)), found, "其余分项的个数")
    formula = " + ".join(plain(number) for _, number in rest)
    figure = Figure(amount(total), unit, code, "rest", Fraction(total), found, formula)
    return say("其余", count, numbers.indicator.breakdown or "分项", "共", figure)
