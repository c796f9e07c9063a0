"""How a change from last year is told (同比)."""

from fractions import Fraction

from analysis.figures.exact import plain
from analysis.figures.printed import change_text, times_text
from analysis.telling.spans import Figure, Spans, say
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.words import reason


def change_clause(numbers: Numbers, turn: int, with_base: bool) -> Spans:
    """The clause that tells the change, `比上年的980万元增长22.4%`; empty where the scheme compares nothing.

    Args:
        numbers: the indicator's figures.
        turn: which of the equal wordings to take.
        with_base: whether to print the base, so that the sentence can be recomputed by itself.
    """
    row, last = numbers.row, numbers.last
    match row.change_state:
        case "no_base":
            return say(f"无{last}数" if last.endswith("同期") else "无上年同期数")
        case "not_comparable":
            return say(f"因口径调整，与{last}不可比")
        case "not_compared" | "not_reported" | "kept" | "broken":
            return ()
        case "flat":
            return say(f"与{last}持平")
        case "nearly_flat":
            return say(f"与{last}基本持平")
        case "from_zero":
            return say(f"{last}为零，增加", numbers.change_absolute)
        case "not_meaningful":
            return _of_balance(numbers)
    return _rise_or_fall(numbers, turn, with_base)


def _rise_or_fall(numbers: Numbers, turn: int, with_base: bool) -> Spans:
    row, last = numbers.row, numbers.last
    assert row.change is not None
    up = row.change > 0
    told = percent_clause(numbers)
    if not told:
        return say(f"较{last}", "增加" if up else "减少", numbers.change_absolute)
    if with_base:
        return (say(f"比{last}的", numbers.base, told), say(f"{last}为", numbers.base, "，同比", told))[turn % 2]
    return say(("同比", f"比{last}")[turn % 2], told)


def nothing_clause(numbers: Numbers) -> Spans:
    """The clause behind `未立案`: what there was last year; that it fell by 100 % would say nothing more."""
    if percent_clause(numbers):
        return say(f"{numbers.last}为", numbers.base)
    return change_clause(numbers, 0, with_base=True)


def explanation(numbers: Numbers) -> Spans:
    """Why a figure changed beyond its bound, in the department's words, to stand right behind the change; else empty."""
    row, bound = numbers.row, numbers.change_bound
    if bound is None or row.change is None or row.small_base or row.change_state not in ("up", "down"):
        return ()
    if abs(row.change) * 100 <= Fraction(bound):
        return ()
    return reason(row.note, row.note_source, row.department)


def percent_clause(numbers: Numbers) -> Spans:
    """Only the change itself, `增长22.4%`; empty where no percentage may be told."""
    row = numbers.row
    percent = None if row.change is None or row.small_base else change_text(row.change)
    if row.change is None or percent is None:
        return ()
    verb = "增长" if row.change > 0 else "下降"
    return say(verb, percent_figure(numbers, percent), _times(numbers, verb))


def percent_figure(numbers: Numbers, text: str) -> Figure:
    """The relative change, without its sign, printed as `text`."""
    row = numbers.row
    base = numbers.comparable_base
    assert base is not None and row.actual is not None
    low, high = sorted((base, row.actual))
    formula = f"({plain(high)} − {plain(low)}) ÷ {plain(base)} × 100%"
    return Figure(text, "", row.code, "change", row.change, numbers.base_sources, formula)


def _times(numbers: Numbers, verb: str) -> Spans:
    """From +100 % up the rise is told in times as well, as about so many where it was rounded; a fall never is."""
    row = numbers.row
    base = numbers.comparable_base
    times = times_text(row.change) if row.change is not None else None
    if times is None or base is None or row.actual is None:
        return ()
    formula = f"({plain(row.actual)} − {plain(base)}) ÷ {plain(base)}"
    word = "即" if row.change == Fraction(times) else "约"
    return say(f"，{word}{verb}", Figure(times, "倍", row.code, "times", row.change, numbers.base_sources, formula))


def _of_balance(numbers: Numbers) -> Spans:
    """Balances that are or were negative have no percentage: the words say which way they went."""
    row, last = numbers.row, numbers.last
    if row.base is None or row.actual is None or row.change_absolute is None or row.change_absolute == 0:
        return say(f"与{last}持平") if row.change_absolute == 0 else ()
    up = row.change_absolute > 0
    if row.base < 0 < row.actual:
        verb = "扭亏，增加"
    elif row.actual < 0 < row.base:
        verb = "由盈转亏，减少"
    elif row.base < 0 and row.actual <= 0:
        verb = "减亏" if up else "增亏"
    else:
        verb = "增加" if up else "减少"
    return say(f"较{last}{verb}", numbers.change_absolute)


def points_clause(numbers: Numbers, turn: int, base_rate: str, points: str | None) -> Spans:
    """The change of a share in percentage points, with last year's share; the share alone where points do not agree.

    Args:
        numbers: the ratio's figures.
        turn: which of the equal wordings to take.
        base_rate: last year's share as printed beside this year's.
        points: the difference as printed, without sign; None where the printed shares would give another.
    """
    row, last = numbers.row, numbers.last
    match row.change_state:
        case "no_base":  # a base that is known and has no share (nothing received last year) is not one that is missing
            return say("无上年同期数") if row.whole_base is None or row.base is None else ()
        case "flat":
            return say(f"与{last}持平")
        case "nearly_flat":
            return say(f"与{last}基本持平")
        case "up" | "down":
            pass
        case _:
            return ()
    found = tuple(s for s in (row.base_source, row.whole_base_source, row.base_carried_source) if s)
    base = Figure(base_rate, "", row.code, "base_share", row.base_share, found, _base_formula(numbers))
    if points is None:
        return say(f"{last}为", base)
    everything = (*(s for s in (row.actual_source, row.whole_source, row.carried_source) if s), *found)
    exact = None if row.change is None else Fraction(row.change) * 100
    moved = Figure(points, "个百分点", row.code, "points", exact, everything, f"与{last}的{base_rate}相减")
    verb = "提高" if row.change_state == "up" else "降低"
    return (say(f"比{last}的", base, verb, moved), say(f"{last}为", base, "，", verb, moved))[turn % 2]


def _base_formula(numbers: Numbers) -> str:
    row = numbers.row
    assert row.base is not None and row.whole_base is not None
    whole = plain(row.whole_base)
    if row.base_carried:
        whole = f"({whole} + {plain(row.base_carried)})"
    return f"{plain(row.base)} ÷ {whole} × 100%"
