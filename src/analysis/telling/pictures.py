"""Which charts a report has: the rows that each is drawn from, its title, which states the answer, its alternative."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from analysis.figures.exact import plain
from analysis.figures.model import Assessment
from analysis.figures.printed import change_text, rate_text
from analysis.telling.charts import (
    change_alt,
    change_chart,
    chart_bundle,
    completion_alt,
    completion_chart,
    years_alt,
    years_chart,
)
from analysis.telling.material import Material
from analysis.telling.spans import Chart, Figure, Name, say, text_of
from analysis.telling.summary import counted
from analysis.telling.wording.change import percent_figure
from analysis.telling.wording.words import joined

Bundle = tuple[dict[str, str], dict[str, object]]
DONE = ("exceeded", "met", "over_ceiling", "within", "on_track")


def completion_picture(material: Material, most: int) -> Chart | None:
    """How far the targets were met: those that fell short first, then as the scheme orders them; `most` is not used."""
    del most  # every target is shown: one left out would mislead
    rated = [
        row
        for row in material.assessments
        if row.rate is not None
        and row.outcome is not None
        and material.scheme[row.code].kind == "target"
        and material.scheme[row.code].direction == "up"
    ]
    if not rated:
        return None
    done, short = [r for r in rated if r.state in DONE], [r for r in rated if r.state not in DONE]
    figures = [_rate_figure(material, row) for row in (*short, *done)]
    rows = pd.DataFrame(
        {
            "name": [material.scheme[row.code].name for row in (*short, *done)],
            "rate": [float(row.rate or 0) for row in (*short, *done)],
            "label": [f"差{f.text}" if f.role == "chart.difference" else f.text for f in figures],
            "state": [row.state for row in (*short, *done)],
        }
    )
    verb = "达到" if material.facts.period.whole_year else "达到序时进度的"
    told = [say(verb, counted("chart.done", done, "达到目标的目标类指标数"))]
    if short:
        told.append(say("未达到", counted("chart.short", short, "没有达到目标的目标类指标数")))
    title = joined([say(counted("chart.targets", rated, "有完成率的目标类指标数"), "有数量目标的任务"), *told])
    progress = _progress(material)
    alt = completion_alt(rows, progress.text if progress else None)
    return Chart("completion", title, alt, rows, (*([progress] if progress else []), *figures))


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


def change_picture(material: Material, most: int) -> Chart | None:
    """The largest rises and falls: at most `most` of each, of rows whose percentage may be told."""
    moved = [
        (row, text)
        for row in material.assessments
        if row.change is not None
        and not row.small_base
        and material.scheme[row.code].kind in ("target", "count")
        and row.change_state in ("up", "down")
        and (text := change_text(row.change)) is not None
    ]
    if not moved:
        return None
    moved.sort(key=lambda pair: -(pair[0].change or 0))
    rises = [pair for pair in moved if (pair[0].change or 0) > 0][:most]
    falls = [pair for pair in moved if (pair[0].change or 0) < 0][-most:]
    shown = [*rises, *falls]
    rows = pd.DataFrame(
        {
            "name": [material.scheme[row.code].name for row, _ in shown],
            "change": [float(row.change or 0) for row, _ in shown],
            "label": [("增长" if (row.change or 0) > 0 else "下降") + text for row, text in shown],
        }
    )
    told = [say(f"{verb}最多的是", Name(material.scheme[row.code].name)) for verb, row in _extremes(rises, falls)]
    title = joined([say("同比变动最大的指标（上年基数较小的除外）"), *told])
    figures = [replace(percent_figure(material.numbers(row.code), text), role="chart.change") for row, text in shown]
    return Chart("changes", title, change_alt(rows), rows, tuple(figures))


def _extremes(
    rises: Sequence[tuple[Assessment, str]], falls: Sequence[tuple[Assessment, str]]
) -> list[tuple[str, Assessment]]:
    return [*([("增长", rises[0][0])] if rises else []), *([("下降", falls[-1][0])] if falls else [])]


def years_picture(material: Material, most: int) -> Chart | None:
    """Lines over the years of the first `most` targets that have a figure in each of three years or more."""
    years = sorted({past.year for past in material.past})[-5:]
    if len(years) < 3:
        return None
    kept: dict[str, dict[int, Figure]] = {}
    for past in material.past:
        indicator = material.scheme[past.code]
        if past.year in years and indicator.kind == "target" and not any(indicator.redefined_in(y) for y in years[1:]):
            kept.setdefault(past.code, {})[past.year] = _of_year(past.code, past.year, past.actual, past.source)
    for row in material.assessments:  # last year is what this year's return says it was, as in the prose
        if row.code in kept and row.base is not None and years[-1] == material.facts.period.year:
            kept[row.code][years[-1] - 1] = _of_year(row.code, years[-1] - 1, row.base, row.base_source)
    complete = [code for code in kept if len(kept[code]) == len(years)][:most]
    if not complete:
        return None
    rows = pd.DataFrame(
        [
            {
                "name": f"{material.scheme[code].name}（{material.scheme[code].unit}）",
                "year": year,
                "value": float(kept[code][year].value or 0),
                "label": kept[code][year].number,
            }
            for code in complete
            for year in years
        ]
    )
    title = say("主要目标任务", Name(f"{years[0]}—{years[-1]}年"), "完成数")
    figures = tuple(kept[code][year] for code in complete for year in years)
    return Chart("years", title, years_alt(rows), rows, figures)


def _of_year(code: str, year: int, number: Decimal, source: str | None) -> Figure:
    return Figure(plain(number), "", code, f"chart.{year}", Fraction(number), (source,) if source else ())


CHARTS: dict[str, Callable[[Material, int], Chart | None]] = {
    "completion": completion_picture,
    "changes": change_picture,
    "years": years_picture,
}
"""The charts that a template can ask for, by name."""


def chart_of(kind: str, material: Material, most: int) -> Chart | None:
    """A chart by its name; None where there is nothing to draw."""
    return CHARTS[kind](material, most)


def draw(chart: Chart, time_progress: float | None) -> Bundle:
    """Draw a chart for a notebook: its data by MIME type, and its metadata."""
    title = text_of(chart.title)
    match chart.kind:
        case "completion":
            figure = completion_chart(chart.rows, title, time_progress)
        case "changes":
            figure = change_chart(chart.rows, title)
        case _:
            figure = years_chart(chart.rows, title)
    return chart_bundle(figure, title, chart.alt)
