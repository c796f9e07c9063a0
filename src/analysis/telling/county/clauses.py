"""What the county's sentences say otherwise than a township's: facts, broken commitments, duties, the whole of a ratio."""

from collections.abc import Sequence
from fractions import Fraction

from analysis.figures.change import change
from analysis.figures.completion import State
from analysis.figures.exact import amount
from analysis.figures.model import Assessment
from analysis.scheme import Indicator
from analysis.telling.county.material import CountyMaterial
from analysis.telling.county.sources import listed_in
from analysis.telling.county.townships import NAMED, all_in, named, own, split, towns_of
from analysis.telling.spans import Figure, Name, Spans, say
from analysis.telling.wording.count import CountWords
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.words import joined, led, listed

DUTY_STATES: tuple[tuple[str, tuple[State, ...], bool], ...] = (
    ("按时完成", ("done",), False),
    ("逾期完成", ("late",), True),
    ("未完成", ("undone",), True),
    ("在建", ("under_way",), False),
    ("未到期", ("not_due",), False),
    ("不列入考核", ("reported",), False),
)


def fact_range(material: CountyMaterial, indicator: Indicator, words: CountWords) -> Spans:
    """A fact can't be added up: the same in all townships, or from the lowest to the highest."""
    total, code = material.total(indicator.code), indicator.code
    assert total.lowest is not None and total.highest is not None
    if total.highest == 0 and words.none:
        return say(words.none)
    low, high = (
        Figure(
            amount(number),
            indicator.unit or "",
            code,
            role,
            Fraction(number),
            (listed_in(material, code, "完成数"),),
            formula,
        )
        for number, role, formula in (
            (total.lowest, "lowest", "各乡镇中最小的数"),
            (total.highest, "highest", "各乡镇中最大的数"),
        )
    )
    lead = words.lead or indicator.name
    if total.lowest == total.highest:
        return say(led(lead, high), "，各乡镇相同") if total.reported.towns > 1 else led(lead, high)
    placed = [part for span in led(lead, low) for part in ((low, "至", high) if span is low else (span,))]
    return say("各乡镇", *placed)


def broken_clause(material: CountyMaterial, lead: str, numbers: Numbers) -> Spans:
    """A zero commitment that was broken: the number with the townships that it comes from, and the change."""
    indicator, row = numbers.indicator, numbers.row
    towns = towns_of(material, indicator.code, ["broken"])
    details = [material.details[town, indicator.code] for town in towns if (town, indicator.code) in material.details]
    each = [
        say(Name(material.names_of_towns[detail.town]), own(material, indicator, detail, "actual"))
        for detail in details
        if "actual" in detail.figures
    ]
    compared: Spans = ()
    if row.change_absolute is not None:
        more = row.change_absolute > 0
        compared = say(f"较{numbers.last}", "增加" if more else "减少", numbers.change_absolute)
        compared = compared if row.change_absolute else say(f"与{numbers.last}持平")
    whose = named(material, towns, indicator.code) if len(each) > NAMED else listed(each, last="、")
    return joined([say("发生", lead, numbers.actual, "（", whose, "）"), compared])


def on_time_clause(material: CountyMaterial, rows: Sequence[Indicator]) -> Spans:
    """Several duties that all townships did on time: `甲、乙和丙，5个乡镇均按时完成`."""
    names = listed([Name(row.name) for row in rows])
    code = rows[0].code
    towns = material.total(code).asked - material.total(code).states["not_reported"]
    told = split(material, code, towns, DUTY_STATES)
    return say(names, "，", *framed(material, code, told))


def framed(material: CountyMaterial, code: str, told: Spans) -> list[str | Spans]:
    """How townships are split by state, with who is not among them."""
    without = material.without(code)
    if not without:
        return [told]
    if without == material.missing:
        return [all_in(material), told]
    return [told, "（缺", named(material, without, code), "）"]


def whole_of(material: CountyMaterial, row: Assessment) -> Numbers:
    """The whole of a ratio over the ratio's own townships."""
    indicator = material.scheme[material.scheme[row.code].whole or ""]
    changed = change(indicator, material.facts.period, row.whole_base, row.whole)
    hidden = row.change_state == "not_compared" and row.base is None
    whole = Assessment(
        indicator.code,
        row.department,
        "reported",
        actual=row.whole,
        actual_source=row.whole_source,
        base=row.whole_base,
        base_source=row.whole_base_source,
        change_state="not_compared" if hidden else changed.state,
        change=None if hidden else changed.change,
        change_absolute=changed.absolute,
        small_base=changed.small_base,
    )
    return material.numbers_of(whole)
