"""How a ratio is told (比率类指标): its whole, its part, its share, against its target rate and last year's share."""

from dataclasses import dataclass
from fractions import Fraction

from analysis.figures.exact import amount, decimals_of, plain
from analysis.figures.printed import percent, points_text
from analysis.telling.spans import Figure, Name, Spans, say
from analysis.telling.wording.change import change_clause, nothing_clause, points_clause
from analysis.telling.wording.numbers import Numbers, sources
from analysis.telling.wording.words import gap, joined, led, reason

SHORT = ("missed", "under_rate")


@dataclass(frozen=True, slots=True)
class RatioWords:
    """What a template says of a ratio: the leads of its whole and its part, the share's name, and the words for none."""

    whole: str = ""
    part: str = ""
    rate: str = "比率"
    none: str = ""


def ratio_clause(numbers: Numbers, whole: Numbers, words: RatioWords, turn: int, parts: Spans = ()) -> Spans:
    """The clause of a ratio, without its full stop; it covers the row of its whole, whose parts `parts` tells."""
    row = numbers.row
    whole_lead = words.whole or whole.indicator.name
    part_lead = words.part or numbers.indicator.name
    if whole.row.actual is None:
        told = say(whole_lead, gap(whole))
    elif row.state == "no_cases":
        none = say(words.none) if words.none else say(Name(numbers.year), "未", whole_lead)
        return joined([none, nothing_clause(whole)])
    else:
        told = joined([led(whole_lead, whole.actual), change_clause(whole, turn, with_base=True)])
        told = joined([told, parts, carried_clause(numbers, whole)], "；")
    if row.actual is None:
        return joined([told, say(part_lead, gap(numbers))], "；")
    part = led(part_lead, numbers.actual)
    if row.rate is None:
        return joined([told, part], "；")
    comma = "，" if numbers.row.carried else "；"  # 连同上年结转的5起共91起，化解90起
    share, target, change = share_clauses(numbers, words, turn)
    # What fell short comes last, with its reason right behind it.
    order = [share, change, target] if row.state in SHORT else [share, target, change]
    return joined([told, joined([part, *order])], comma) + _why(numbers)


def carried_clause(numbers: Numbers, whole: Numbers) -> Spans:
    """Cases carried over from last year belong to the whole: `连同上年结转的5起共91起`, of which the share is.

    Without the sum where nothing came this year, or where the whole is printed in a larger unit, perhaps rounded.
    """
    row, unit = numbers.row, numbers.indicator.unit or ""
    if not row.carried:
        return ()
    told = say("连同上年结转的", numbers.cell(row.carried, unit, "carried", row.carried_source))
    if not row.whole or whole.actual.unit != unit:
        return told
    total = row.whole + row.carried
    found = sources(row.whole_source, row.carried_source)
    formula = f"{plain(row.whole)} + {plain(row.carried)}"
    return say(told, "共", Figure(amount(total), unit, row.code, "whole_total", Fraction(total), found, formula))


def share_clauses(numbers: Numbers, words: RatioWords, turn: int) -> tuple[Spans, Spans, Spans]:
    """The share, its distance to the target rate, and its change, a clause each; empty where there is nothing to say."""
    row = numbers.row
    assert row.rate is not None
    target = None if row.target is None or row.target <= 0 else Fraction(row.target) / 100
    compared = row.change_state in ("up", "down")
    others = ([row.base_share] if compared and row.base_share is not None else []) + ([target] if target else [])
    set_with = max(decimals_of(row.target), 1) if target and row.target is not None else 1
    printed = points_text(row.rate, others, [target] if target else [], set_with)
    if printed.first is None:  # part and whole stand in the sentence; no rate of four decimals would be true
        return (), _side_of_target(numbers, target, percent(target, set_with)) if target else (), ()
    found = sources(row.actual_source, row.whole_source, row.carried_source)
    share = Figure(printed.first, "", row.code, "share", row.rate, found, _formula(numbers))
    against: Spans = ()
    if target:
        points = printed.differences[-1]
        text = printed.others[-1] if points is not None else percent(target, set_with)
        against = _against_target(numbers, target, text, points)
    base, moved = (printed.others[0], printed.differences[0]) if compared else ("", None)
    return say(words.rate, share), against, points_clause(numbers, turn, base, moved)


def _formula(numbers: Numbers) -> str:
    row = numbers.row
    assert row.actual is not None and row.whole is not None
    whole = f"({plain(row.whole)} + {plain(row.carried)})" if row.carried else plain(row.whole)
    return f"{plain(row.actual)} ÷ {whole} × 100%"


def _against_target(numbers: Numbers, target: Fraction, text: str, points: str | None) -> Spans:
    row = numbers.row
    rate = Figure(text, "", row.code, "target", target, sources(row.target_source))
    if row.rate == target:
        return say("达到年度目标（", rate, "）")
    higher = row.rate is not None and row.rate > target
    side = "高于" if higher else "低于"
    if points is None:
        return _side_of_target(numbers, target, text)
    found = sources(row.actual_source, row.whole_source, row.carried_source, row.target_source)
    exact = None if row.rate is None else abs(row.rate - target) * 100
    return say(
        f"{side}年度目标（",
        rate,
        "）",
        Figure(points, "个百分点", row.code, "difference", exact, found, f"与年度目标的{text}相减"),
    )


def _side_of_target(numbers: Numbers, target: Fraction, text: str) -> Spans:
    row = numbers.row
    rate = Figure(text, "", row.code, "target", target, sources(row.target_source))
    return say("高于" if row.rate is not None and row.rate > target else "低于", "年度目标（", rate, "）")


def _why(numbers: Numbers) -> Spans:
    row = numbers.row
    if row.state not in SHORT:
        return ()
    return reason(row.note, row.note_source, row.department)
