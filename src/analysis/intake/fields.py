"""What the fields of the tables hold: numbers and in which unit, months, choices; everything else is text."""

from analysis.intake.layout import SHEETS_BY_TABLE, STAGES, STATUSES, SUBMITTER, YES_NO, Table
from analysis.scheme import Indicator
from analysis.scheme.report import CATEGORIES

NUMBERS = (
    "target",
    "actual",
    "base",
    "carried",
    "amount",
    "progress",
    "investment",
    "jobs",
    "income",
    "rate",
    "growth",
)
FIGURES = ("target", "actual", "base", "carried")
"""The number columns of the indicator sheet."""
DERIVED = ("rate", "growth")
"""Rates that a return may state beside its figures: compared with the computed ones, never told."""
MONTHS = ("planned_month", "finished_month", "used_month")
DATES = ("filled_on",)
WORDS = ("paragraph", "note", "reason", "place", "answers")
"""Fields that departments fill in in words of their own."""
CHOICES = {"stage": STAGES, "status": STATUSES, "category": CATEGORIES, "in_use": YES_NO}
"""Fields with a list to choose from."""
CHOICE_GROUPS = {"stage": "stage", "status": "status", "category": "category", "in_use": "use"}
"""The group of `synonyms.csv` that knows other writings of a choice."""
PROJECT_UNITS = {"investment": "万元", "jobs": "个", "income": "万元", "progress": "%"}
PERCENT = "%"


def table_of(indicator: Indicator) -> Table:
    """The table in which an indicator has its row, or its rows; the parts of a figure are beside it."""
    homes: dict[str, Table] = {"project": "project", "status": "duty", "text": "text"}
    return homes.get(indicator.kind, "indicator")


def unit_of(field: str, indicator: Indicator) -> str:
    """The unit in which a field of an indicator is to be filled in."""
    if field in PROJECT_UNITS:
        return PROJECT_UNITS[field]
    if field in DERIVED:
        return PERCENT
    if field == "target" and indicator.kind == "ratio":
        return PERCENT  # the target of a share is its target rate
    return indicator.unit or ""


def expected_decimals(field: str, indicator: Indicator) -> int:
    """How many decimals a field may have before it is asked about."""
    if field in PROJECT_UNITS:
        return {"万元": 2, "%": 2}.get(PROJECT_UNITS[field], 0)
    return 2 if unit_of(field, indicator) == PERCENT else indicator.expected_decimals


def heading_of(table: str, field: str) -> str:
    """How the blank form calls a field."""
    if table == "submitter":
        return dict(SUBMITTER)[field]
    return SHEETS_BY_TABLE[table].heading(field)
