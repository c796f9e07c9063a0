"""Who has returned and how clean (上报情况), for the office's page; not one of the report's charts."""

import pandas as pd

from analysis.figures.submissions import RETURNED
from analysis.telling.charts import grid_alt, grid_chart, svg_of


def submissions_picture(rows: pd.DataFrame) -> tuple[str, str, str]:
    """Draw the grid of departments by kinds of findings.

    Args:
        rows: as for `charts.grid_chart`.

    Returns:
        Its title, its text alternative, and the picture as SVG.
    """
    title = submissions_title(rows)
    return title, grid_alt(rows), svg_of(grid_chart(rows, title))


def submissions_title(rows: pd.DataFrame) -> str:
    """`15个部门已上报13个，其中11个没有错误`, or that all have returned, or none."""
    states = rows.groupby("department", sort=False)["state"].first()
    returned = set(states.index[states == RETURNED])
    wrong = set(rows.loc[(rows["severity"] == "error") & (rows["count"] > 0), "department"])
    clean = len(returned - wrong)
    if not returned:
        return f"{len(states)}个部门都没有上报"
    told = "全部上报" if len(returned) == len(states) else f"已上报{len(returned)}个"
    every = "都" if len(returned) > 1 else ""
    if clean == len(returned):
        answer = f"{every}没有错误"
    elif clean == 0:
        answer = f"{every}有错误"
    else:
        answer = f"其中{clean}个没有错误"
    return f"{len(states)}个部门{told}，{answer}"
