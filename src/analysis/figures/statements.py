"""What a rule found in one line, with its figures as printed: for the receipt that asks about it, not for the report."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analysis.figures.change import comparable_base
from analysis.figures.exact import amount, difference
from analysis.figures.model import Assessment, Duty, Project
from analysis.figures.printed import change_text, points_text, rate_text
from analysis.figures.works import DONE
from analysis.scheme import Indicator, Period, Scheme

LEAST = "不到0.0001"
"""What is told of a shortfall that four decimals do not show."""


def figures_of(scheme: Scheme, period: Period, row: Assessment, rule: str) -> str:
    """The figures by which a rule found an indicator: `目标60户，完成50户，完成率83.3%`.

    Args:
        scheme: of which the whole of a ratio is named.
        period: with the time progress that a figure is behind.
        row: the indicator as assessed.
        rule: one of `problems.RULES`.
    """
    indicator = scheme[row.code]
    match rule:
        case "zero_broken":
            clauses = _clauses(("零发生：发生", row.actual, indicator))
        case "share_under":
            clauses = _share(scheme, indicator, row)
        case "over_ceiling":
            clauses = _against(indicator, row, "上限", "超出")
        case "change_beyond":
            clauses = _changed(indicator, row, period)
        case "behind":
            clauses = _behind(indicator, row, period)
        case _ if indicator.direction == "down":
            clauses = _against(indicator, row, "控制数", "超出")
        case _:
            clauses = _missed(indicator, row)
    return "，".join(clauses)


def figures_of_project(project: Project) -> str:
    """When a project was planned and how far it is: `计划2021-09完成，阶段：在建，形象进度80%`."""
    told = [f"计划{project.planned_month}完成"] if project.planned_month else []
    if project.stage == DONE and project.finished_month:
        return "，".join([*told, f"实际{project.finished_month}完成"])
    told.append(f"阶段：{project.stage}")
    if project.progress is not None:
        told.append(f"形象进度{amount(project.progress)}%")
    return "，".join(told)


def figures_of_duty(duty: Duty) -> str:
    """When a duty was due and how it was done: `计划2021-06完成，完成情况：逾期完成`."""
    told = [f"计划{duty.planned_month}完成"] if duty.planned_month else []
    return "，".join([*told, f"完成情况：{duty.status or '未完成'}"])


def _clauses(*told: tuple[str, Decimal | None, Indicator]) -> Iterator[str]:
    """Each figure behind what it is."""
    for words, number, indicator in told:
        assert number is not None  # no rule finds a row without its figures
        yield f"{words}{amount(number)}{indicator.unit or ''}"


def _missed(indicator: Indicator, row: Assessment) -> Iterator[str]:
    yield from _clauses(("目标", row.target, indicator), ("完成", row.actual, indicator))
    rate = None if row.rate is None else rate_text(row.rate)
    if rate is not None:
        yield f"完成率{rate}"
    else:  # 99.99999 %: the shortfall is told as an amount
        assert row.target is not None and row.actual is not None
        short = amount(abs(difference(row.target, row.actual)))
        yield f"差{short if short != '0' else LEAST}{indicator.unit or ''}"


def _against(indicator: Indicator, row: Assessment, limit: str, beyond: str) -> Iterator[str]:
    yield from _clauses((limit, row.target, indicator), ("实际", row.actual, indicator))
    assert row.target is not None and row.actual is not None
    yield f"{beyond}{amount(abs(difference(row.actual, row.target)))}{indicator.unit or ''}"


def _behind(indicator: Indicator, row: Assessment, period: Period) -> Iterator[str]:
    yield from _clauses(("目标", row.target, indicator), ("完成", row.actual, indicator))
    assert row.rate is not None
    points = points_text(row.rate, [period.time_progress], [period.time_progress])
    if points.first is not None:
        yield f"完成率{points.first}"
    yield f"序时进度{points.others[0]}"


def _share(scheme: Scheme, indicator: Indicator, row: Assessment) -> Iterator[str]:
    whole = scheme[indicator.whole or row.code]
    yield from _clauses((whole.name, row.whole, whole))
    if row.carried:
        yield from _clauses(("上年结转", row.carried, whole))
    yield from _clauses((indicator.name, row.actual, indicator))
    assert row.rate is not None and row.target is not None
    wanted = Fraction(row.target) / 100
    printed = rate_text(row.rate, [wanted])
    if printed is not None:
        yield f"比率{printed}"
    yield f"目标率{amount(row.target)}%"


def _changed(indicator: Indicator, row: Assessment, period: Period) -> Iterator[str]:
    last, this = ("上年", "本年") if period.whole_year else ("上年同期", "本期")
    base = comparable_base(indicator, period, row.base)
    last += "" if base == row.base else "（按现行口径折算）"
    yield from _clauses((last, base, indicator), (this, row.actual, indicator))
    assert row.change is not None
    if (printed := change_text(row.change)) is not None:
        yield f"{'增长' if row.change > 0 else '下降'}{printed}"
