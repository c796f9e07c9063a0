"""Months and dates as people type them: 2021.9, 2021年9月, 9月, 2021-09, Excel's own dates."""

import re
from datetime import date, datetime

from analysis.intake.cells import Reading, cell_trouble, read_text
from analysis.intake.words import NOTHING, Words
from analysis.intake.workbook import Cell
from analysis.intake.writing import plain
from analysis.scheme import Period

YEARS = range(1990, 2101)
"""A 9 in a cell that shows dates is the ninth of January 1900, and meant otherwise."""
_YEAR_MONTH = re.compile(
    r"(?P<year>\d{4})(?:年|[-./])?(?P<month>(?<=\D)\d{1,2}|(?<=\d)\d{2})(?:月份?|[-./月](?P<day>\d{1,2})日?)?(?:底|末)?",
    re.ASCII,
)
_MONTH = re.compile(r"(?P<month>\d{1,2})月份?(?:底|末)?", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:年|[-./])?(\d{1,2})(?:月|[-./])?(\d{1,2})日?", re.ASCII)


def read_month(cell: Cell, words: Words, heading: str, period: Period) -> Reading:
    """Read a month as `2021-09`; a month without a year is one of the period's year, with a note."""
    trouble = cell_trouble(cell)
    if trouble is not None:
        return trouble
    if cell.blank:
        return Reading(cell.text)
    if isinstance(cell.raw, date) and cell.raw.year in YEARS:
        return _forgiven(cell, f"{cell.raw.year}-{cell.raw.month:02d}")
    if words.mark(cell.text, heading) == NOTHING:
        return Reading(cell.text, noted=(f"“{cell.text.strip()}”按没有月份处理",))
    written = plain(cell.text)
    if isinstance(cell.raw, float | int) and re.fullmatch(r"\d{4}\.1", written):
        # Excel keeps 2021.10 as the number 2021.1: January and October look the same.
        return Reading(cell.text, trouble="month_unclear", marks={"expected": "1月还是10月看不出来"})
    match = _YEAR_MONTH.fullmatch(written)
    if match and int(match["year"]) in YEARS and 1 <= int(match["month"]) <= 12:
        return _forgiven(cell, f"{match['year']}-{int(match['month']):02d}")
    match = _MONTH.fullmatch(written)
    if match and 1 <= int(match["month"]) <= 12:
        month = f"{period.year}-{int(match['month']):02d}"
        return Reading(cell.text, text=month, noted=(f"没有写年份，按{period.year}年处理",))
    return Reading(cell.text, trouble="month_unclear", marks={"expected": f"月份写作 {period.year}-09"})


def _forgiven(cell: Cell, month: str) -> Reading:
    """A month, with a note where it is written otherwise than asked for: as 2021-09 or 2021年9月."""
    year, number = month.split("-")
    written = plain(cell.text)
    if written in (month, f"{year}年{int(number)}月", f"{year}年{number}月"):
        return Reading(cell.text, text=month)
    return Reading(cell.text, text=month, noted=(f"“{cell.text.strip()}”按{month}处理",))


def read_date(cell: Cell) -> Reading:
    """Read a date as ISO."""
    reading = read_text(cell)
    if reading.trouble is not None or reading.text is None:
        return reading
    if isinstance(cell.raw, datetime):
        return Reading(cell.text, text=cell.raw.date().isoformat())
    if isinstance(cell.raw, date):
        return Reading(cell.text, text=cell.raw.isoformat())
    match = _DATE.fullmatch(plain(cell.text))
    try:
        if match:
            return Reading(cell.text, text=date(*(int(part) for part in match.groups())).isoformat())
    except ValueError:
        pass
    return Reading(cell.text, trouble="date_unclear")
