"""What the cells of a blank return take, and what is said to who types into them."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation

from analysis.intake.exact import plain_number

LONGEST_TITLE, LONGEST_MESSAGE = 32, 225
"""Characters that Excel shows of a message's title and of the message."""


def figures(
    decimals: int, least: Decimal | None = None, most: Decimal | None = None, unit: str = "", hint: str = ""
) -> DataValidation:
    """A validation for figures: whole numbers or decimals, within bounds.

    Args:
        decimals: of the unit; none means whole numbers only.
        least: the lower bound, 0 where there is none.
        most: the upper bound, in the unit.
        unit: told to who fills in the cell, with `hint`; nothing is said where there is neither.
        hint: what else helps.
    """
    least = Decimal(0) if least is None else least
    kind = f"数字，最多{decimals}位小数" if decimals else "整数"
    bounds = f"不小于{plain_number(least)}" + ("" if most is None else f"、不大于{plain_number(most)}")
    validation = DataValidation(
        type="decimal" if decimals else "whole",
        operator="greaterThanOrEqual" if most is None else "between",
        formula1=plain_number(least),
        formula2=None if most is None else plain_number(most),
        allow_blank=True,
    )
    told = _told(validation, f"请填{bounds}的{kind}，不带单位和逗号。")
    if not unit and not hint:
        return told
    return _prompted(told, f"单位：{unit}" if unit else "填写说明", f"填{kind}。{hint}")


def one_of(words: Sequence[str], hint: str = "") -> DataValidation:
    """A drop-down of words."""
    validation = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
    told = _told(validation, f"请从下拉列表中选：{'、'.join(words)}。")
    return _prompted(told, "请选择", hint) if hint else told


def month(first: str, year: int, hint: str) -> DataValidation:
    """A validation for months typed as text, `2021-09`.

    Args:
        first: the address of the uppermost cell that it is for; the formula moves along with the others.
        year: for the example.
        hint: what the month is of.
    """
    number = f"RIGHT({first},2)"
    formula = f'AND(LEN({first})=7,MID({first},5,1)="-",ISNUMBER(VALUE(LEFT({first},4))),VALUE({number})>=1,VALUE({number})<=12)'
    validation = DataValidation(type="custom", formula1=formula, allow_blank=True)
    return _prompted(_told(validation, f"月份请写成 {year}-09 的样子。"), "月份", f"{hint}，写成 {year}-09 的样子。")


def date_of(year: int) -> DataValidation:
    """A validation for a date; one that is typed otherwise may stay."""
    validation = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
    told = _told(validation, f"日期请写成 {year}-1-5 的样子。")
    told.errorStyle = "warning"
    return told


def anything(title: str, hint: str) -> DataValidation:
    """Nothing is forbidden, but it is said what belongs there."""
    return _prompted(DataValidation(allow_blank=True), title, hint)


def _told(validation: DataValidation, message: str) -> DataValidation:
    validation.errorTitle, validation.error, validation.showErrorMessage = "不能这样填", message[:LONGEST_MESSAGE], True
    return validation


def _prompted(validation: DataValidation, title: str, message: str) -> DataValidation:
    validation.promptTitle, validation.prompt = title[:LONGEST_TITLE], message[:LONGEST_MESSAGE]
    validation.showInputMessage = True
    return validation
