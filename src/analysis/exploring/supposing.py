"""What if the target were another (假设): the same rules, exact, and the report's own words."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pandas as pd

from analysis.exploring.data import Data
from analysis.exploring.view import View
from analysis.exploring.words import sentence_of
from analysis.figures.completion import OUTCOMES, STATE_NAMES, Outcome, State, completion, share_completion
from analysis.figures.exact import MOST_DECIMALS, amount, decimals_of, difference, typed
from analysis.figures.model import Assessment
from analysis.figures.printed import points_text, rate_text
from analysis.scheme import Indicator, Period
from analysis.scheme.models import KIND_NAMES
from analysis.telling.annex import HEADS, indicator_row
from analysis.telling.charts import completion_alt
from analysis.telling.material import Material
from analysis.telling.spans import Chart, say, text_of

NONE = "—"
LARGEST = Decimal(10) ** 15
"""Below this targets are taken: more digits Excel does not keep either."""


@dataclass(frozen=True, kw_only=True)
class WhatIf(View):
    """What would follow from another target; nothing of it is kept anywhere.

    Attributes:
        target: the target supposed, in the indicator's unit; of a ratio its target rate in per cent.
        rate: the completion rate, of a ratio its share; exact, 1 for 100 %; none where there is none.
        state, outcome: what it would count as.
        difference: actual less target in the unit, of a ratio in points; exact; none without an actual.
    """

    target: Decimal
    rate: Fraction | None
    state: State
    outcome: Outcome | None
    difference: Fraction | None


def what_if(data: Data, code: str, target: Decimal | int | float | str) -> WhatIf:
    """Suppose another target for an indicator, and tell what would follow by the rules of the assessment.

    Args:
        data: as `load` gives it.
        code: an indicator of the kind target or ratio.
        target: in the indicator's unit, of a ratio in per cent; at most four decimals.

    Raises:
        ValueError: in Chinese, where the indicator has no target, or the number can't be one.
    """
    indicator = data.indicator(code)
    if not indicator.has_target:
        raise ValueError(f"{code}（{indicator.name}）是{KIND_NAMES[indicator.kind]}类，没有可以改的目标")
    now, material, supposed = data.material.by_code[code], data.material, _number(target)
    then = _assessed(indicator, material.facts.period, now, supposed)
    other = replace(material, assessments=[then if row.code == code else row for row in material.assessments])
    return WhatIf(
        title=f"{code} {indicator.name}：假设目标是{amount(supposed)}{_unit(indicator)}",
        sentences=(
            f"现在：{sentence_of(material, code)}",
            f"假设：{sentence_of(other, code)}",
            "假设的结果只在这里显示，不改动任何数据。",
        ),
        tables={"现在和假设": _table(indicator, (material, now), (other, then))},
        chart=_chart(indicator, material.facts.period, {"现在": now, "假设": then}),
        time_progress=None if material.facts.period.whole_year else float(material.facts.period.time_progress),
        target=supposed,
        rate=then.rate,
        state=then.state,
        outcome=then.outcome,
        difference=_difference(indicator, then),
    )


def target_codes(data: Data) -> list[str]:
    """The codes of the period's indicators for which another target can be supposed."""
    by_code = data.material.scheme.by_code
    return [row.code for row in data.material.assessments if by_code[row.code].has_target]


def _number(given: Decimal | int | float | str) -> Decimal:
    """The number as written: 0.1 is one tenth."""
    try:
        number = Decimal(str(given).strip().replace(",", "").removesuffix("%"))
    except InvalidOperation:
        raise ValueError(f"目标“{given}”不是数字") from None
    if not number.is_finite() or not 0 <= number < LARGEST:
        raise ValueError(f"目标“{given}”不能用：应不小于零，整数部分不超过15位")
    if number.as_tuple().exponent < -MOST_DECIMALS and decimals_of(number) > MOST_DECIMALS:  # type: ignore[operator]  # finite
        raise ValueError(f"目标“{given}”的小数太多，最多{MOST_DECIMALS}位")
    return typed(number)


def _assessed(indicator: Indicator, period: Period, row: Assessment, target: Decimal) -> Assessment:
    """The assessment with another target. The department's words are of the real one, and left out."""
    if indicator.kind == "ratio":
        done = share_completion(indicator, period, row.actual, row.whole, row.carried, Fraction(target) / 100)
    else:
        done = completion(indicator, period, target, row.actual, row.planned_month)
    return replace(
        row,
        target=target,
        target_source=None,
        rate=done.rate,
        state=done.state,
        outcome=OUTCOMES.get(done.state),
        note=None,
        note_source=None,
    )


def _difference(indicator: Indicator, row: Assessment) -> Fraction | None:
    if row.target is None or row.actual is None:
        return None
    if indicator.kind == "ratio":
        return None if row.rate is None else row.rate * 100 - Fraction(row.target)
    return Fraction(row.actual) - Fraction(row.target)


def _difference_text(indicator: Indicator, row: Assessment) -> str:
    """`少5座`, `多1.5个百分点`, `持平`."""
    exact = _difference(indicator, row)
    if exact is None or row.target is None:
        return NONE
    if exact == 0:
        return "持平"
    side = "多" if exact > 0 else "少"
    if indicator.kind != "ratio":
        return f"{side}{amount(abs(difference(row.actual or Decimal(0), row.target)))}{indicator.unit}"
    rate = Fraction(row.target) / 100
    points = points_text(row.rate or Fraction(0), [rate], [rate]).differences[0]
    return f"{'高' if exact > 0 else '低'}{points}个百分点" if points else ("高于目标" if exact > 0 else "低于目标")


def _unit(indicator: Indicator) -> str:
    return "%" if indicator.kind == "ratio" else indicator.unit or ""


def _table(indicator: Indicator, now: tuple[Material, Assessment], then: tuple[Material, Assessment]) -> pd.DataFrame:
    columns = {}
    for heading, (material, row) in (("现在", now), ("假设", then)):
        printed = dict(zip(HEADS, indicator_row(material, indicator, row), strict=True))
        columns[heading] = [
            NONE if row.target is None else f"{amount(row.target)}{_unit(indicator)}",
            NONE if row.actual is None else f"{amount(row.actual)}{indicator.unit}",
            text_of(printed["完成率"]),
            _difference_text(indicator, row),
            STATE_NAMES[row.state],
            row.outcome or NONE,
        ]
    rate = "比率" if indicator.kind == "ratio" else "完成率"
    return pd.DataFrame({"": ["目标", "完成数", rate, "与目标相比", "完成情况", "考核结果"], **columns})


def _chart(indicator: Indicator, period: Period, rows: dict[str, Assessment]) -> Chart | None:
    """Both rates as the report's bars; of a target to reach alone: a limit or a target rate has no bar against 100 %."""
    rated = {name: row for name, row in rows.items() if row.rate is not None and row.target is not None}
    if indicator.kind != "target" or indicator.direction != "up" or "假设" not in rated:
        return None
    progress = [] if period.whole_year else [period.time_progress]
    frame = pd.DataFrame(
        [
            {
                "name": f"{name}：目标{amount(row.target or Decimal(0))}{indicator.unit}",
                "rate": float(row.rate or 0),
                "label": rate_text(row.rate or Fraction(0), progress) or _difference_text(indicator, row),
                "state": row.state,
            }
            for name, row in rated.items()
        ]
    )
    label = rate_text(period.time_progress) if progress else None
    title = say(
        f"目标改为{amount(rows['假设'].target or Decimal(0))}{indicator.unit}，{STATE_NAMES[rows['假设'].state]}"
    )
    return Chart("completion", title, completion_alt(frame, label), frame)
