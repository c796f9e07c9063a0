"""Completion rate and state of an indicator (完成率, 完成情况), by the rules of the assessment."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from analysis.scheme import Indicator, Period

State = Literal[
    "exceeded",
    "met",
    "missed",
    "over_ceiling",
    "on_track",
    "behind",
    "within",
    "kept",
    "broken",
    "under_rate",
    "done",
    "late",
    "undone",
    "not_due",
    "under_way",
    "above_whole",
    "no_cases",
    "not_meaningful",
    "no_target",
    "not_reported",
    "reported",
]
Outcome = Literal["完成", "进行中", "未到期", "未完成", "无法评价"]

OUTCOMES: dict[State, Outcome] = {
    "exceeded": "完成",
    "met": "完成",
    "over_ceiling": "完成",
    "kept": "完成",
    "done": "完成",
    "late": "完成",
    "on_track": "进行中",
    "behind": "进行中",
    "within": "进行中",
    "under_rate": "进行中",
    "under_way": "进行中",
    "not_due": "未到期",
    "missed": "未完成",
    "broken": "未完成",
    "undone": "未完成",
    "not_reported": "无法评价",
    "no_target": "无法评价",
    "not_meaningful": "无法评价",
    "no_cases": "无法评价",
}
"""The outcome (结果) that a state counts as; `reported` (a count, a fact, a ratio without target, `above_whole`) is not assessed."""

STATE_NAMES: dict[State, str] = {
    "exceeded": "超额完成",
    "met": "完成",
    "missed": "未完成",
    "over_ceiling": "超出上限",
    "on_track": "达到序时进度",
    "behind": "落后序时进度",
    "within": "控制数以内",
    "kept": "零发生",
    "broken": "发生",
    "under_rate": "未达目标率",
    "done": "按时完成",
    "late": "逾期完成",
    "undone": "未完成",
    "not_due": "未到期",
    "under_way": "在建",
    "above_whole": "超过分母",
    "no_cases": "无此类事项",
    "not_meaningful": "不适用",
    "no_target": "未下达目标",
    "not_reported": "未上报",
    "reported": "—",
}
"""States as tables print them."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion: the exact rate where there is one (1 for 100 %), and the state."""

    rate: Fraction | None
    state: State

    @property
    def outcome(self) -> Outcome | None:
        """What the state counts as in the opening paragraph; None where it is not assessed."""
        return OUTCOMES.get(self.state)


def completion(
    indicator: Indicator,
    period: Period,
    target: Decimal | None,
    actual: Decimal | None,
    planned_month: str | None = None,
) -> Completion:
    """Completion of a target, a zero commitment, a count or a fact.

    Args:
        indicator: its kind, direction, ceiling and rule decide.
        period: a whole year, or a part of one with its time progress.
        target: the target in the indicator's unit.
        actual: the figure returned, in the same unit.
        planned_month: as `2021-12`, when an up target is to be done that does not grow with the year (an inspection in
            December); before it the time progress says nothing of it, and what falls short is not due.
    """
    if actual is None:
        return Completion(None, "not_reported")
    if indicator.kind == "zero":
        if actual < 0:
            return Completion(None, "not_meaningful")
        return Completion(None, "broken" if actual > 0 else "kept")
    if indicator.kind != "target":
        return Completion(None, "reported")
    if target is None:
        return Completion(None, "no_target")
    if target <= 0 or actual < 0:
        return Completion(None, "not_meaningful")
    if indicator.direction == "down":
        return _down(indicator, period, target, actual)
    rate = Fraction(actual) / Fraction(target)
    if rate > 1:
        return Completion(rate, "over_ceiling" if indicator.ceiling else "exceeded")
    if rate == 1:
        return Completion(rate, "met")
    if period.whole_year:
        return Completion(rate, "missed")
    if planned_month is not None and planned_month > period.last_month:
        return Completion(rate, "not_due")
    return Completion(rate, "on_track" if rate >= period.time_progress else "behind")


def _down(indicator: Indicator, period: Period, target: Decimal, actual: Decimal) -> Completion:
    rate: Fraction | None = 2 - Fraction(actual) / Fraction(target)
    if indicator.rate_rule == "inverse":
        rate = Fraction(target) / Fraction(actual) if actual else None
    if actual > target:
        return Completion(rate, "missed")
    if not period.whole_year:
        return Completion(rate, "within")
    return Completion(rate, "met" if actual == target else "exceeded")


def share(part: Decimal | None, whole: Decimal | None, carried: Decimal | None = None) -> Fraction | None:
    """A share (办结率, 参保率 …): part of the whole and what was carried over; None where the whole is 0 or unknown."""
    if part is None or whole is None:
        return None
    total = Fraction(whole) + Fraction(carried or 0)
    return Fraction(part) / total if total > 0 else None


def share_completion(
    indicator: Indicator,
    period: Period,
    part: Decimal | None,
    whole: Decimal | None,
    carried: Decimal | None,
    target_rate: Fraction | None,
) -> Completion:
    """Completion of a ratio: its share, and the state by its target rate where it has one (1 for 100 %)."""
    if part is None or whole is None:
        return Completion(None, "not_reported")
    if part < 0 or whole < 0 or (carried or 0) < 0:
        return Completion(None, "not_meaningful")
    exact = share(part, whole, carried)
    if exact is None:
        return Completion(None, "not_meaningful" if part > 0 else "no_cases")
    if target_rate is None:
        return Completion(exact, "above_whole" if exact > 1 else "reported")
    if target_rate <= 0:
        return Completion(exact, "not_meaningful")
    if exact == target_rate:
        return Completion(exact, "met")
    if (exact > target_rate) != (indicator.direction == "down"):
        return Completion(exact, "exceeded")
    return Completion(exact, "missed" if period.whole_year else "under_rate")
