"""How zero commitments are told (零发生): the broken first, one by one; then those that were kept, together."""

from collections.abc import Sequence
from itertools import groupby

from analysis.telling.spans import Figure, Name, Spans, say
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.words import gap, joined, listed, reason


def zero_sentences(rows: Sequence[tuple[str, Numbers]]) -> list[Spans]:
    """The sentences of several zero commitments, without their full stops.

    Args:
        rows: what each is called in the prose, and its figures, in the template's order.
    """
    broken = [_broken(lead, numbers) for lead, numbers in rows if numbers.row.state not in ("kept", "not_reported")]
    missing = [say(lead, gap(numbers)) for lead, numbers in rows if numbers.row.state == "not_reported"]
    kept = [(lead, numbers) for lead, numbers in rows if numbers.row.state == "kept"]
    kept.sort(key=lambda pair: -pair[1].row.zero_years)
    groups = [list(group) for _, group in groupby(kept, key=lambda pair: pair[1].row.zero_years)]
    together = [_together([_kept(group) for group in groups], kept[0][1])] if groups else []
    return [*broken, *together, *missing]


def _together(clauses: Sequence[Spans], first: Numbers) -> Spans:
    """Those that were kept, in one sentence; of a part of a year it says first of which part."""
    if first.period.whole_year:
        return joined(clauses)
    return say(Name(first.year), joined(clauses, "；"))


def _broken(lead: str, numbers: Numbers) -> Spans:
    row = numbers.row
    told = say("发生", lead, numbers.actual)
    change = row.change_absolute
    if change is None:
        compared: Spans = ()
    elif change == 0:
        compared = say(f"与{numbers.last}持平")
    else:
        compared = say(f"较{numbers.last}", "增加" if change > 0 else "减少", numbers.change_absolute)
    return joined([told, compared]) + reason(row.note, row.note_source, row.department)


def _kept(group: Sequence[tuple[str, Numbers]]) -> Spans:
    """Several that were kept for as many years: 甲、乙和丙均连续3年零发生."""
    years = group[0][1].row.zero_years
    names = [say(lead) for lead, _ in group]
    every = "均" if len(group) > 1 else ""
    if years <= 1:
        told = say(listed(names), every, "为零发生") if every else say(listed(names), "零发生")
        change = group[0][1].row.change_absolute
        if len(group) == 1 and change is not None and change < 0:
            told = joined([told, say(f"较{group[0][1].last}减少", group[0][1].change_absolute)])
        return told
    first = group[0][1]
    found = tuple(dict.fromkeys(s for _, n in group for s in (n.row.actual_source, n.row.base_source) if s))
    count = Figure(
        str(years), "年", first.row.code, "zero_years", None, found, "由本期起逐年上溯，至有发生或无数据之年止"
    )
    if first.period.whole_year:
        return say(listed(names), f"{every}连续", count, "零发生")
    # Of earlier years no more than the same months is known.
    return say(listed(names), "均为零发生" if every else "零发生", "，连续", count, "同期零发生")
