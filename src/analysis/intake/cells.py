"""One cell → an exact number, or the question that it raises. What can't be read for certain is never guessed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal

from analysis.intake.exact import exact, plain_number
from analysis.intake.fields import CHOICES, PERCENT
from analysis.intake.words import ASK, NOTHING, ZERO, Words
from analysis.intake.workbook import Cell
from analysis.intake.writing import clean, narrow, plain

LARGEST = Decimal(10) ** 15
KEPT_DECIMALS = Decimal(1).scaleb(-18)
"""A number has no more decimals than the tables keep; what is beyond is the residue of a formula."""
_EXACT = Context(prec=60)
_AMOUNT = re.compile(
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)\s*(?P<unit>[^\d\s.,+-][^\d]*)?",
    re.ASCII,
)
_NUMERAL = re.compile(r"[负第共计合]?[〇零一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟]")
_WORD = re.compile(r"[\u4e00-\u9fff]")
_ABOUT = re.compile(r"[约近超逾余多几数]|左右|上下|以上|以下|以内|大概|估计|不足|不到|至|~|～|—|–")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says.

    Attributes:
        typed: what stands in it, as text.
        number: its exact number, if it is one.
        text: its cleaned text, month, date or choice, if it is one.
        noted: what was forgiven in reading it, in Chinese.
        trouble: the code of the check that asks about it; none where it was read.
        marks: what the wording of the trouble needs beside the usual.
    """

    typed: str
    number: Decimal | None = None
    text: str | None = None
    noted: tuple[str, ...] = ()
    trouble: str | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


def read_number(cell: Cell, words: Words, unit: str, heading: str, *kinds: str) -> Reading:
    """Read a number in a unit.

    Args:
        cell: the cell.
        words: marks and units.
        unit: the unit in which the number is wanted; `%` for a rate in per cent.
        heading: the column's heading, for which marks may mean something of their own.
        kinds: the kinds of indicator for which they may.

    Returns:
        The number in the unit; nothing where the cell is blank or says that there is none; else the trouble.
    """
    trouble = cell_trouble(cell)
    if trouble is not None:
        return trouble
    raw = cell.raw
    if isinstance(raw, bool | date | datetime | time | timedelta):
        return Reading(cell.text, trouble="not_number", marks={"expected": "数字，不是日期或是否值"})
    if isinstance(raw, str):
        return _of_text(raw, words, unit, heading, kinds)
    return _bounded(_of_stored(cell, exact(raw) if math.isfinite(raw) else None, unit))


def cell_trouble(cell: Cell) -> Reading | None:
    """What is wrong with the cell itself, whatever should stand in it."""
    if cell.error:
        return Reading(cell.error, trouble="error_cell")
    if cell.unset:
        return Reading("", trouble="formula_without_value")
    if cell.merged_under is not None and cell.blank:
        return Reading("", trouble="merged_cell", marks={"first": cell.merged_under})
    return None


def _of_stored(cell: Cell, number: Decimal | None, unit: str) -> Reading:
    """A number that Excel keeps as one: its percent format decides what it says."""
    if number is None:
        return Reading(cell.text, trouble="not_number", marks={"expected": "数字"})
    if unit == PERCENT:
        if cell.percent:
            number = _EXACT.multiply(number, Decimal(100))
            return Reading(f"{number.normalize():f}%", number)
        if 0 < abs(number) <= 1:
            return Reading(
                cell.text,
                trouble="percent_unclear",
                marks={"low": plain_number(number), "high": _times_hundred(number)},
            )
    elif cell.percent:
        return Reading(f"{_times_hundred(number)}%", trouble="percent_unexpected")
    return Reading(cell.text, number)


def _of_text(raw: str, words: Words, unit: str, heading: str, kinds: tuple[str, ...]) -> Reading:
    if not plain(raw):
        return Reading(raw)
    mark = words.mark(raw, heading, *kinds)
    if mark == ZERO:
        return Reading(raw, Decimal(0), noted=(f"“{raw.strip()}”按0处理",))
    if mark == NOTHING:
        return Reading(raw, noted=(f"“{raw.strip()}”按没有数字处理",))
    if mark == ASK:
        return Reading(raw, trouble="mark_unclear")
    match = _AMOUNT.fullmatch(clean(narrow(raw)))
    if match is None:
        if _ABOUT.search(raw):
            return Reading(raw, trouble="uncertain_number")
        expected = "阿拉伯数字，不用汉字数字" if _NUMERAL.match(plain(raw)) else "数字"
        return Reading(raw, trouble="not_number", marks={"expected": expected})
    digits = re.sub(r"[, ]", "", match["number"])
    noted = ["文字型数字已按数字读取"]
    if digits != match["number"]:
        noted.append("去掉了千分位分隔符")
    return _in_unit(raw, Decimal(digits), plain(match["unit"] or "").strip("()"), words, unit, noted)


def _in_unit(raw: str, number: Decimal, typed_unit: str, words: Words, unit: str, noted: list[str]) -> Reading:
    """A number typed as text, with or without a unit of its own, in the unit that is wanted."""
    if typed_unit == PERCENT and unit != PERCENT:
        return Reading(raw, trouble="percent_unexpected")
    if typed_unit in ("", PERCENT):
        if not typed_unit and unit == PERCENT and 0 < abs(number) <= 1:
            marks = {"low": plain_number(number), "high": _times_hundred(number)}
            return Reading(raw, trouble="percent_unclear", marks=marks)
        return _bounded(Reading(raw, number, noted=tuple(noted)))
    if _ABOUT.search(typed_unit):
        return Reading(raw, trouble="uncertain_number")
    factor = words.factor(typed_unit, unit)
    if factor is None:
        if not _WORD.search(typed_unit):
            return Reading(raw, trouble="not_number", marks={"expected": "数字"})
        return Reading(raw, trouble="unit_in_cell", marks={"unit": unit, "typed_unit": typed_unit})
    converted = _EXACT.multiply(number, factor)
    told = f"由{typed_unit}折算为{unit}：{plain_number(converted)}" if factor != 1 else f"去掉了单位“{typed_unit}”"
    return _bounded(Reading(raw, converted, noted=(*noted, told)))


def _bounded(reading: Reading) -> Reading:
    number = reading.number
    if number is None:
        return reading
    if abs(number) >= LARGEST:
        return Reading(reading.typed, trouble="not_number", marks={"expected": "15位以内的数字"})
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -18:
        number = number.quantize(KEPT_DECIMALS, context=_EXACT)
    return Reading(reading.typed, number, reading.text, reading.noted)


def _times_hundred(number: Decimal) -> str:
    return plain_number(_EXACT.multiply(number, Decimal(100)))


def read_choice(cell: Cell, words: Words, name: str) -> Reading:
    """Read a cell with a list to choose from, as the layout writes the choice."""
    trouble = cell_trouble(cell)
    if trouble is not None:
        return trouble
    if cell.blank:
        return Reading(cell.text)
    choice = words.choice(name, cell.text)
    if choice is None:
        return Reading(cell.text, trouble="choice_unknown", marks={"expected": "、".join(CHOICES[name])})
    noted = () if plain(cell.text) == choice else (f"“{cell.text.strip()}”按“{choice}”处理",)
    return Reading(cell.text, text=choice, noted=noted)


def read_text(cell: Cell) -> Reading:
    """Read a text: cleaned of what nobody sees, otherwise as typed."""
    trouble = cell_trouble(cell)
    if trouble is not None and trouble.trouble != "merged_cell":  # an explanation of several rows stays with the first
        return trouble
    return Reading(cell.text, text=clean(cell.text) or None)
