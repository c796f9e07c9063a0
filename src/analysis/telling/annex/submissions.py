"""The annex's table of who has returned."""

from fractions import Fraction

import pandas as pd

from analysis.telling.annex.cells import Spans
from analysis.telling.spans import Figure, Name, Table, say


def submission_table(submissions: pd.DataFrame, shared: bool) -> Table:
    """Who has returned; to share without the clerks' names, and without counts of internal rows' findings."""
    departments = tuple(str(name) for name in submissions["department"])
    if shared:
        dated = [
            ((Name(str(row["department"])),), (Name(str(row["state"])),), (Name(_or_dash(row["filled_on"])),))
            for row in submissions.to_dict("records")
        ]
        heads: tuple[str, ...] = ("部门", "上报情况", "填报日期")
        return Table("上报情况", heads, (40, 20, 20), tuple(dated), anchor="annex-submissions", departments=departments)
    rows = [
        (
            (Name(str(row["department"])),),
            (Name(str(row["state"])),),
            (Name(_or_dash(row["filled_by"])),),
            (Name(_or_dash(row["filled_on"])),),
            *(
                _count(str(row["department"]), severity, int(row[severity]))
                for severity in ("errors", "warnings", "notes")
            ),
        )
        for row in submissions.to_dict("records")
    ]
    heads = ("部门", "上报情况", "填报人", "填报日期", "错误", "疑问", "提示")
    widths, counts = (24, 12, 12, 14, 8, 8, 8), frozenset({4, 5, 6})
    return Table("上报情况", heads, widths, tuple(rows), counts, "annex-submissions", departments=departments)


def _or_dash(value: object) -> str:
    return "—" if pd.isna(value) or not str(value) else str(value)  # type: ignore[call-overload]


def _count(department: str, severity: str, number: int) -> Spans:
    return say(
        Figure(str(number), "", "", f"submission.{severity}", Fraction(number), (), "审核发现的条数", department)
    )
