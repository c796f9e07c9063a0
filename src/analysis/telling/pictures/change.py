"""The largest rises and falls year over year (同比)."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.figures.printed import change_text
from analysis.telling.charts import change_alt
from analysis.telling.material import Material
from analysis.telling.spans import Chart, Name, say
from analysis.telling.wording.change import percent_figure
from analysis.telling.wording.words import joined


def change_picture(material: Material, most: int, codes: Sequence[str] = ()) -> Chart | None:
    """The largest rises and falls: at most `most` of each, of rows whose percentage may be told."""
    del codes  # the largest are the largest
    moved = [
        (row, row.change, text)
        for row in material.assessments
        if row.change
        and not row.small_base
        and material.scheme[row.code].kind in ("target", "count")
        and row.change_state in ("up", "down")
        and (text := change_text(row.change)) is not None
    ]
    moved.sort(key=lambda found: -found[1])
    rises = [found for found in moved if found[1] > 0][: max(0, most)]
    falls = [found for found in moved if found[1] < 0][::-1][: max(0, most)][::-1]
    shown = [*rises, *falls]
    if not shown:
        return None
    rows = pd.DataFrame(
        {
            "name": [material.scheme[row.code].name for row, _, _ in shown],
            "change": [float(change) for _, change, _ in shown],
            "label": [("增长" if change > 0 else "下降") + text for _, change, text in shown],
        }
    )
    last = "上年" if material.facts.period.whole_year else "上年同期"
    note = f"{last}基数较小的指标不列。" if any(row.small_base for row in material.assessments) else ""
    extremes = [*([("增幅", rises[0])] if rises else []), *([("降幅", falls[-1])] if falls else [])]
    told = [say(f"{which}最大的是", Name(material.scheme[row.code].name)) for which, (row, _, _) in extremes]
    figures = [replace(percent_figure(material.numbers(row.code), text), role="chart.change") for row, _, text in shown]
    small = f"{last}基数较小的除外，" if note else ""
    return Chart("changes", say(small, "同比", joined(told)), change_alt(rows, note), rows, tuple(figures), note)
