"""Who has returned (上报情况): a row a department, for the annex and the run's summary."""

import pandas as pd
import pandera.pandas as pa

from analysis.figures.gather import Returned
from analysis.intake.frames import TEXT, typed_frame
from analysis.scheme import Facts, Scheme

RETURNED, NOT_RETURNED, SENT_BACK = "已上报", "未上报", "退回"
"""What can be said of a department's return: it was read; none has come; what came was refused."""
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
        state = RETURNED if name in returned.departments else SENT_BACK if refused else NOT_RETURNED
        rows.append(
            {
                "department": name,
                "state": state,
                "file": files.iloc[0] if len(files) else None,
                "filled_by": own.get("filled_by"),
                "filled_on": own.get("filled_on"),
                "phone": own.get("phone") or facts.town.phones.get(name),
                "errors": int(severities.get("error", 0)),
                "warnings": int(severities.get("warning", 0)),
                "notes": int(severities.get("note", 0)),
                "waived": sum(
                    facts.waiver_for(name, None if pd.isna(code) else code, state != RETURNED) is not None
                    for code in found.loc[found["severity"] == "error", "code"]
                ),
            }
        )
    return typed_frame(rows, SUBMISSIONS)
