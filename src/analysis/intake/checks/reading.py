"""The codes of what the first look and the reader ask about; they find while they read, before any check runs.

Reading is one look at the whole workbook: where it asked nothing, the check was passed once.
"""

from decimal import Decimal

from analysis.intake.checks.registry import Bound, rule

NOT_RETURNED = rule("not_returned", "complete", "phone", "period", always="error")
REFUSED = rule("refused", "complete", "reason", "todo", always="error")
LEFT_ASIDE = rule("left_aside", "complete", "reason", "todo")
SIGHT_NOTE = rule("sight_note", "complete", "note")

UNKNOWN_ROW = rule("unknown_row", "reading")
UNKNOWN_CODE = rule("unknown_code", "reading")
NEAR_NAME = rule("near_name", "reading", bound=Bound(Decimal(0), Decimal(1), unit="相似程度，1为完全相同"))
CODE_NAME_DIFFER = rule("code_name_differ", "reading")
WRONG_SHEET = rule("wrong_sheet", "reading")
ITEM_MISSING = rule("item_missing", "reading")
ROW_TWICE = rule("row_twice", "reading", "first")
FOREIGN_INDICATOR = rule("foreign_indicator", "reading", "owner")
NOT_THIS_YEAR = rule("not_this_year", "reading", "owner")
SHEET_IGNORED = rule("sheet_ignored", "reading")
SHEET_HIDDEN = rule("sheet_hidden", "reading")
COLUMN_IGNORED = rule("column_ignored", "reading")
COLUMN_TWICE = rule("column_twice", "reading")

NOT_NUMBER = rule("not_number", "domain")
UNCERTAIN_NUMBER = rule("uncertain_number", "domain")
MARK_UNCLEAR = rule("mark_unclear", "domain")
PERCENT_UNCLEAR = rule("percent_unclear", "domain", "low", "high")
PERCENT_UNEXPECTED = rule("percent_unexpected", "domain")
UNIT_IN_CELL = rule("unit_in_cell", "domain", "typed_unit")
UNIT_DIFFERS = rule("unit_differs", "domain")
UNIT_CONVERTED = rule("unit_converted", "domain")
ERROR_CELL = rule("error_cell", "domain")
FORMULA_WITHOUT_VALUE = rule("formula_without_value", "domain")
MERGED_CELL = rule("merged_cell", "domain", "first")
CHOICE_UNKNOWN = rule("choice_unknown", "domain")
MONTH_UNCLEAR = rule("month_unclear", "domain")
DATE_UNCLEAR = rule("date_unclear", "domain")

READING = (
    NOT_RETURNED,
    REFUSED,
    LEFT_ASIDE,
    SIGHT_NOTE,
    UNKNOWN_ROW,
    UNKNOWN_CODE,
    NEAR_NAME,
    CODE_NAME_DIFFER,
    WRONG_SHEET,
    ITEM_MISSING,
    ROW_TWICE,
    FOREIGN_INDICATOR,
    NOT_THIS_YEAR,
    SHEET_IGNORED,
    SHEET_HIDDEN,
    COLUMN_IGNORED,
    COLUMN_TWICE,
    NOT_NUMBER,
    UNCERTAIN_NUMBER,
    MARK_UNCLEAR,
    PERCENT_UNCLEAR,
    PERCENT_UNEXPECTED,
    UNIT_IN_CELL,
    UNIT_DIFFERS,
    UNIT_CONVERTED,
    ERROR_CELL,
    FORMULA_WITHOUT_VALUE,
    MERGED_CELL,
    CHOICE_UNKNOWN,
    MONTH_UNCLEAR,
    DATE_UNCLEAR,
)
"""All of them."""
