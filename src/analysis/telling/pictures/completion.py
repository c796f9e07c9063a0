"""How far the targets were met (完成率): which targets, in which order, and what the title says of them."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from analysis.figures.completion import STATE_NAMES
from analysis.figures.model import Assessment
from analysis.figures.printed import rate_text
from analysis.telling.charts import completion_alt
from analysis.telling.material import Material
from analysis.telling.spans import Chart, Figure, Name, Spans, say, text_of
from analysis.telling.summary import counted
from analysis.telling.wording.words import joined

DONE = ("exceeded", "met", "over_ceiling", "within", "on_track")


def completion_picture(material: Material, most: int, codes: Sequence[str] = ()) -> Chart | None:
    """The targets with a completion rate: first those that fell short, then those not reported, met, and not due.

    At most `most` are drawn, so that those not due and met are left out first; the chart says how many. The title counts all.
    """
    del codes  # a choice of targets would mislead
    targets = [
        row
        for row in material.assessments
        if material.scheme[row.code].kind == "target" and material.scheme[row.code].direction == "up"
    ]
    rated = [row for row in targets if row.rate is not None and row.outcome is not None]
    if not rated:
        return None
    done, later = [r for r in rated if r.state in DONE], [r for r in rated if r.state == "not_due"]
    short = [row for row in rated if row not in done and row not in later]
    owed = [row for row in targets if row.state == "not_reported" and row.target is not None]
    ordered = [*short, *owed, *done, *later]
    shown, left_out = ordered[:most], ordered[most:]
    figures = {row.code: _rate_figure(material, row) for row in shown if row.rate is not None}
    rows = pd.DataFrame(
        {
            "name": [material.scheme[row.code].name for row in shown],
            "rate": [None if row.rate is None else float(row.rate) for row in shown],
            "label": [_label(figures.get(row.code)) for row in shown],
            "state": [row.state for row in shown],
        }
    )
    note = _note(left_out)
    progress = _progress(material)
    alt = completion_alt(rows, progress.text if progress else None, text_of(note))
    printed = [span for span in note if isinstance(span, Figure)]
    title = _title(material, done, short, owed, later)
    return Chart(
        "completion",
        title,
        alt,
        rows,
        (*([progress] if progress else []), *figures.values(), *printed),
        text_of(note),
    )


def _title(
    material: Material,
    done: Sequence[Assessment],
    short: Sequence[Assessment],
    owed: Sequence[Assessment],
    later: Sequence[Assessment],
) -> Spans:
    """`24项有数量目标的任务，达到18项，未达到6项`; of a part of a year, who keeps up with the time progress."""
    # In the order of the scheme: who changes sides changes no count but those of the sides.
    every = [row for row in material.assessments if row in {*short, *owed, *done, *later}]
    aim = "目标" if material.facts.period.whole_year else "序时进度"
    if len(every) == 1 and later:
        return say(Name(material.scheme[every[0].code].name), STATE_NAMES["not_due"])
    if len(every) == 1:
        return say(Name(material.scheme[every[0].code].name), "达到" if done else "未达到", aim)
    limits = any(
        material.scheme[row.code].kind == "target" and material.scheme[row.code].direction == "down"
        for row in material.assessments
    )
    tasks = "有数量目标的任务（控制数除外）" if limits else "有数量目标的任务"
    opening = say(counted("chart.targets", every, "有数量目标的目标类指标数"), tasks)
    if len(done) == len(every):
        return say(opening, "，全部达到", aim)
    verb = "达到" if material.facts.period.whole_year else f"完成或达到{aim}"
    told = [
        say(
            {"short": "未达到", "owed": "未上报", "later": STATE_NAMES["not_due"]}.get(word, verb),
            counted(f"chart.{word}", some, formula),
        )
        for word, some, formula in (
            ("done", done, "达到目标的目标类指标数"),
            ("short", short, "没有达到目标的目标类指标数"),
            ("owed", owed, "没有上报完成数的目标类指标数"),
            ("later", later, "计划月份还没有到的目标类指标数"),
        )
        if some
    ]
    if len(short) == len(every):
        told = [say("均未达到", aim)]
    return joined([opening, *told])


def _note(left_out: Sequence[Assessment]) -> Spans:
    """What is not drawn, for the foot of the chart."""
    if not left_out:
        return ()
    met = "达到目标的" if all(row.state in DONE for row in left_out) else ""
    number = counted("chart.left_out", left_out, "图中没有画出的目标类指标数")
    return say(f"另有{met}", number, "没有画出，数字见附表。")


def _label(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return f"差{figure.text}" if figure.role == "chart.difference" else figure.text


def _rate_figure(material: Material, row: Assessment) -> Figure:
    """What stands at a bar's end: the rate, or the difference where the rate would read as 100 % and is not."""
    period, numbers = material.facts.period, material.numbers(row.code)
    text = rate_text(row.rate or Fraction(0), [] if period.whole_year else [period.time_progress])
    if text is not None:
        return numbers.rate(text, "chart.rate")
    return replace(numbers.difference, role="chart.difference")


def _progress(material: Material) -> Figure | None:
    """The time progress, which is a line of the chart; none in a whole year."""
    period = material.facts.period
    if period.whole_year:
        return None
    text = rate_text(period.time_progress) or ""
    return Figure(text, "", "", "chart.time_progress", period.time_progress, (), f"{period.month} ÷ 12 × 100%")
