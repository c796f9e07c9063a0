"""The codes of what the first look and the reader ask about; they find while they read, before any check runs.

Reading is one look at the whole workbook: where it asked nothing, the check was passed once.
"""

from decimal import Decimal

from analysis.intake.checks.registry import Bound, rule

READING = (
    rule("not_returned", "complete", "phone", "period", always="error"),
    rule("refused", "complete", "reason", "todo", always="error"),
    rule("left_aside", "complete", "reason", "todo"),
    rule("sight_note", "complete", "note"),
    rule("unknown_row", "reading"),
    rule("unknown_code", "reading"),
    rule("near_name", "reading", bound=Bound(Decimal(0), Decimal(1), unit="相似程度，1为完全相同")),
    rule("code_name_differ", "reading"),
    rule("wrong_sheet", "reading"),
    rule("item_missing", "reading"),
    rule("row_twice", "reading", "first"),
    rule("foreign_indicator", "reading", "owner"),
    rule("not_this_year", "reading", "owner"),
    rule("sheet_ignored", "reading", "why"),
    rule("sheet_hidden", "reading"),
    rule("column_ignored", "reading"),
    rule("column_twice", "reading"),
    rule("not_number", "domain"),
    rule("uncertain_number", "domain"),
    rule("mark_unclear", "domain"),
    rule("percent_unclear", "domain", "low", "high"),
    rule("percent_unexpected", "domain"),
    rule("unit_in_cell", "domain", "typed_unit"),
    rule("unit_differs", "domain"),
    rule("unit_converted", "domain"),
    rule("error_cell", "domain"),
    rule("formula_without_value", "domain"),
    rule("merged_cell", "domain", "first"),
    rule("choice_unknown", "domain"),
    rule("month_unclear", "domain"),
    rule("date_unclear", "domain"),
)
"""All of them."""
