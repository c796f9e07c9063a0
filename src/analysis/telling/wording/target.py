"""How a target is told (目标类指标): actual, rate, difference, change, and why it was missed."""

from dataclasses import dataclass

from analysis.figures.printed import points_text, rate_text
from analysis.telling.spans import Figure, Spans, say
from analysis.telling.wording.change import change_clause, explanation, nothing_clause
from analysis.telling.wording.numbers import Numbers, sources
from analysis.telling.wording.words import gap, joined, led, reason
from analysis.telling.wording.works import month_text

COMPARED = ("up", "down", "flat", "nearly_flat", "from_zero")
SHORT = ("missed", "over_ceiling", "behind")


@dataclass(frozen=True, slots=True)
class TargetWords:
    """What a template may say otherwise of a target: its lead, and how target, rate and the row are called."""

    lead: str = ""
    target: str = "年度目标"
    rate: str = "完成率"
    name: str = ""


def target_clause(
    numbers: Numbers, words: TargetWords, turn: int, facts: dict[str, Spans] | None = None, parts: Spans = ()
) -> Spans:
    """The clause of a target, without its full stop; `parts` tells its parts.

    The change stands right behind the figure that changed, never behind the rate, which did not. A shortfall comes last,
    with its reason right behind it: a reason that follows a rise would explain the rise.
    """
    row = numbers.row
    lead = words.lead or numbers.indicator.name
    if row.actual is None:
        return led(lead, gap(numbers), facts)
    actual = led(lead, numbers.actual, facts)
    down = numbers.indicator.direction == "down"
    short = row.state in SHORT or (down and row.target is not None and row.actual > row.target)
    # Of a shortfall the department's words are the reason, and told with it.
    why = () if short and row.note else explanation(numbers)
    if row.state == "not_due" and not row.actual:  # 0个，完成率0.0% would read as a failure
        name = words.name or numbers.indicator.name
        planned = joined([say(name, words.target, numbers.target), _planned(numbers)])
        return joined([planned, say("目前完成", numbers.actual), nothing_clause(numbers)])
    if row.state == "no_target" or (row.state == "not_meaningful" and not down):
        change = change_clause(numbers, turn, with_base=True) + why  # without a rate the sentence rests on the base
        return joined([joined([actual, _no_rate(numbers, words), change]), parts], "；")
    change = change_clause(numbers, turn, with_base=False) + why
    if down:
        told, distance = actual, against_limit(numbers, words)
    else:
        # With its reason the change comes last, so that the reason ends the sentence.
        told, rest = against_target(numbers, words, 0 if why and row.actual else turn, actual, () if why else change)
        change = change if why else rest
        distance = by_how_much(numbers, words, turn)
    if short:
        distance += reason(row.note, row.note_source, row.department)
        if parts:
            return joined([joined([told, change]), parts, distance], "；")
        return joined([told, change, distance])
    return joined([joined([told, distance, change]), parts], "；")


def against_target(
    numbers: Numbers, words: TargetWords, turn: int, actual: Spans, change: Spans
) -> tuple[Spans, Spans]:
    """Actual against target with the rate, in one of three equal wordings; `actual` is the figure in its lead.

    Returns:
        The clauses, and the change where it is still to be told: where target or rate would stand between the figure and
        its change, as if they had changed, it is told among the clauses.
    """
    rate = rate_of(numbers)
    inside, behind = (change, ()) if numbers.row.change_state in COMPARED else ((), change)
    if rate is None:  # so near the target that a rate would print as 100 %: the difference tells it
        return joined([actual, inside, say(words.target, numbers.target)]), behind
    name = words.name or numbers.indicator.name
    done = say(name, words.target, numbers.target, "，实际完成", numbers.actual)
    forms = (
        (joined([actual, inside, say(f"为{words.target}", numbers.target, "的", rate)]), behind),
        (joined([done, inside, say(words.rate, rate)]), behind),
        (joined([actual, inside, say(words.target, numbers.target, f"，{words.rate}", rate)]), behind),
    )
    # The second form names the row itself; a lead with a place of its own for the figure can't be put so.
    if not numbers.row.actual:  # nothing done: 为年度目标1个的0.0% reads badly
        return forms[2]
    return forms[turn % 3] if "{" not in words.lead else forms[(turn % 2) * 2]


def rate_of(numbers: Numbers) -> Figure | None:
    """The completion rate as printed; None where it would read as 100 % and is not."""
    row = numbers.row
    assert row.rate is not None
    if row.state in ("on_track", "behind"):
        text = points_text(row.rate, [numbers.period.time_progress], [numbers.period.time_progress]).first
    else:
        text = rate_text(row.rate)
    return None if text is None else numbers.rate(text)


def by_how_much(numbers: Numbers, words: TargetWords, turn: int) -> Spans:
    """By how much a target is exceeded or missed, or how it stands to the time progress."""
    row = numbers.row
    if row.state in ("on_track", "behind") and rate_of(numbers) is None:  # no rate that could stand beside the progress
        return say(f"比{words.target}少", numbers.difference)
    target = "目标" if words.target == TargetWords().target else words.target
    match row.state:
        case "exceeded":
            return say(("超额", f"超出{target}")[turn % 2], numbers.difference)
        case "over_ceiling":
            return say(f"超出{target}", numbers.difference)
        case "missed":
            return say(f"比{target}少", numbers.difference)
        case "on_track":
            # Two equal wordings: that it is reached, and by how much.
            return _ahead(numbers) if turn % 2 and row.rate != numbers.period.time_progress else _reached(numbers)
        case "behind":
            return _behind(numbers)
        case "not_due":
            return _planned(numbers)
    return ()


def _planned(numbers: Numbers) -> Spans:
    """When a target is to be done that does not grow with the year: a plan; townships may have several, and none in common."""
    row = numbers.row
    if row.planned_month is None:
        return ()
    shown = month_text(row.planned_month, numbers.period)
    month = Figure(shown, "", row.code, "planned_month", None, sources(row.planned_source))
    return say("计划", month, "完成")


def time_progress(numbers: Numbers, text: str | None = None) -> Figure:
    """The time progress (序时进度) as a figure; it follows from the period alone."""
    exact = numbers.period.time_progress
    shown = text or rate_text(exact) or ""
    formula = f"{numbers.period.month} ÷ 12 × 100%"
    return Figure(shown, "", numbers.indicator.code, "time_progress", exact, (), formula)


def _reached(numbers: Numbers) -> Spans:
    progress = numbers.period.time_progress
    shown = points_text(numbers.row.rate or progress, [progress], [progress]).others[0]
    return say("达到序时进度（", time_progress(numbers, shown), "）")


def _ahead(numbers: Numbers) -> Spans:
    shown, points = _to_progress(numbers, "ahead")
    return say("快于序时进度（", shown, "）", points) if points else _reached(numbers)


def _behind(numbers: Numbers) -> Spans:
    shown, points = _to_progress(numbers, "behind")
    return say("落后序时进度（", shown, "）", points) if points else say("落后于序时进度（", shown, "）")


def _to_progress(numbers: Numbers, role: str) -> tuple[Figure, Figure | None]:
    """The time progress and the distance to it in points; no distance where the printed rates would give another."""
    row, progress = numbers.row, numbers.period.time_progress
    printed = points_text(progress if row.rate is None else row.rate, [progress], [progress])
    shown = time_progress(numbers, printed.others[0])
    if row.rate is None or printed.first is None or printed.differences[0] is None:
        return shown, None
    exact = abs(row.rate - progress) * 100
    found = sources(row.actual_source, row.target_source)
    rates = (printed.first, printed.others[0])
    formula = " − ".join(rates if role == "ahead" else reversed(rates))
    points = Figure(printed.differences[0], "个百分点", row.code, role, exact, found, formula)
    return shown, points


def _limit(words: TargetWords) -> str:
    return "控制数" if words.target == TargetWords().target else words.target


def _no_rate(numbers: Numbers, words: TargetWords) -> Spans:
    if numbers.row.state == "no_target":
        return say("未下达", _limit(words) if numbers.indicator.direction == "down" else words.target)
    return say(f"{words.target}为", numbers.target, "，不计算", words.rate)


def against_limit(numbers: Numbers, words: TargetWords) -> Spans:
    """A figure that should stay at or under its target is told by its distance; its rate stands in the annex alone."""
    target, row = _limit(words), numbers.row
    if row.actual == row.target:
        return say(f"与{target}", numbers.target, "持平")
    side = "超出" if (row.actual or 0) > (row.target or 0) else "低于"
    return say(f"{side}{target}（", numbers.target, "）", numbers.difference)
