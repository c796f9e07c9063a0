"""Who has returned (上报情况): a row a department, for the annex and the run's summary."""

import pandas as pd
import pandera.pandas as pa

from analysis.figures.gather import Returned
from analysis.intake.frames import TEXT, typed_frame
from analysis.scheme import Facts, Scheme

SUBMISSIONS = pa.DataFrameSchema(
    {
        "department": pa.Column(TEXT),
        "state": pa.Column(TEXT),
        "file": pa.Column(TEXT, nullable=True),
        "filled_by": pa.Column(TEXT, nullable=True),
        "filled_on": pa.Column(TEXT, nullable=True),
        "phone": pa.Column(TEXT, nullable=True),
        "errors": pa.Column("int64"),
        "warnings": pa.Column("int64"),
        "notes": pa.Column("int64"),
        "waived": pa.Column("int64"),
    },
    strict=True,
)


def submissions_frame(
    scheme: Scheme, facts: Facts, returned: Returned, values: pd.DataFrame, findings: pd.DataFrame
) -> pd.DataFrame:
    """A row a department, in the scheme's order: whether it has returned, who filled it in and when, its findings.

    The date is what the department wrote, never the file's; the phone the department's own, else the office's list.
    `waived` counts the errors that a waiver covers.
    """
    waivers = {waiver.subject for waiver in facts.waivers}
    submitter = values[values["table"] == "submitter"]
    rows = []
    for department in scheme.departments:
        name = department.name
        cells = submitter[(submitter["department"] == name) & submitter["text"].notna()]
        own = cells.set_index("field")["text"].to_dict()
        found = findings[findings["department"] == name]
        severities = found["severity"].value_counts().to_dict()
        files = values.loc[values["department"] == name, "file"]
        refused = bool((found["check"] == "refused").any())
        rows.append(
            {
                "department": name,
                "state": "已上报" if name in returned.departments else "退回" if refused else "未上报",
                "file": files.iloc[0] if len(files) else None,
                "filled_by": own.get("filled_by"),
                "filled_on": own.get("filled_on"),
                "phone": own.get("phone") or facts.town.phones.get(name) or facts.town.phone,
                "errors": int(severities.get("error", 0)),
                "warnings": int(severities.get("warning", 0)),
                "notes": int(severities.get("note", 0)),
                "waived": int(_waived(found, waivers, name if name not in returned.departments else "").sum()),
            }
        )
    return typed_frame(rows, SUBMISSIONS)


def _waived(found: pd.DataFrame, waivers: set[str], owing: str) -> "pd.Series[bool]":
    """Which findings are errors that a waiver covers: of their indicator, or of a department whose return is owed."""
    return (found["severity"] == "error") & (found["code"].isin(waivers) | (owing in waivers))
