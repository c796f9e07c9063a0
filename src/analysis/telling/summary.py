"""The year in figures: how many rows were assessed and how they came out, in numbers that add up."""

from collections.abc import Sequence
from fractions import Fraction

from analysis.figures.completion import Outcome
from analysis.figures.model import Assessment
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Span, say
from analysis.telling.wording.words import joined

Spans = tuple[Span, ...]
ORDER: tuple[Outcome, ...] = ("完成", "进行中", "未到期", "未完成", "无法评价")


def counts_clause(material: Material) -> Spans:
    """`承担考核指标60项，其中完成52项（超额完成20项），未完成8项`; outcomes that nothing came to are not told."""
    rows = [row for row in material.assessments if row.outcome is not None]
    if not rows:
        return say("没有列入考核的指标")
    told = [say(outcome, _outcome(rows, outcome)) for outcome in ORDER if any(row.outcome == outcome for row in rows)]
    return say("承担考核指标", counted("assessed", rows, "列入考核的指标数"), "，其中", joined(told))


def _outcome(rows: Sequence[Assessment], outcome: Outcome) -> Spans:
    of_it = [row for row in rows if row.outcome == outcome]
    figure = counted(outcome, of_it, f"结果为“{outcome}”的指标数")
    if outcome != "完成":
        return say(figure)
    special = [
        (word, [row for row in of_it if row.state == state])
        for word, state in (("超额完成", "exceeded"), ("逾期完成", "late"), ("超出上限", "over_ceiling"))
    ]
    inner = [say(word, counted(word, some, f"其中{word}的指标数")) for word, some in special if some]
    return say(figure, "（含", joined(inner, "、"), "）") if inner else say(figure)


def zero_counts_clause(material: Material) -> Spans:
    """`零发生承诺12项，全部兑现`, or how many were kept and how many were not."""
    rows = [row for row in material.assessments if material.scheme[row.code].kind == "zero"]
    kept = [row for row in rows if row.state == "kept"]
    broken = [row for row in rows if row.state == "broken"]
    rest = [row for row in rows if row.state not in ("kept", "broken")]
    if not rows:
        return say("未设零发生承诺")
    opening = say("零发生承诺", counted("zero", rows, "零发生类指标数"))
    if len(kept) == len(rows):
        return say(opening, "，全部兑现")
    told = [say("兑现", counted("zero_kept", kept, "未发生的指标数"))]
    if broken:
        told.append(say("未兑现", counted("zero_broken", broken, "发生了的指标数")))
    if rest:
        told.append(say("未上报", counted("zero_unknown", rest, "未上报的指标数")))
    return joined([opening, *told])


def counted(role: str, rows: Sequence[Assessment], formula: str) -> Figure:
    """A count of rows as a figure; its formula names the rows, its sources are their cells."""
    codes = "、".join(row.code for row in rows)
    found = tuple(dict.fromkeys(source for row in rows if (source := row.actual_source)))
    return Figure(str(len(rows)), "项", "", f"count.{role}", Fraction(len(rows)), found, f"{formula}：{codes}")
