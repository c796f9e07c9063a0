"""The hidden mark of a receipt copy: it comes back as it was written, or not at all."""

import io

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.layout import RECEIPT_MARK
from analysis.intake.receipt_mark import ReceiptMark, Told, mark_rows, read_mark
from analysis.intake.workbook import open_workbook

MARK = ReceiptMark(
    "财政所",
    "2021-09",
    "清河镇",
    "最终版(2).xlsx",
    ("a" * 64, "b" * 64),
    (
        Told(
            "not_number", "error", "指标", "F4", "E03", "", "完成数", "财政所《最终版(2).xlsx》“指标”表F4：不是数字。"
        ),
        Told("refused", "error", "", "", "", "", "", "=cmd|' /C calc'!A0"),
    ),
)


def written(rows):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = RECEIPT_MARK
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if text:
                cell.value = text
                cell.data_type = "s"
    content = io.BytesIO()
    workbook.save(content)
    return open_workbook("x.xlsx", content.getvalue())


def test_a_mark_comes_back_as_it_was_written():
    assert read_mark(written(mark_rows(MARK))) == MARK


def test_a_workbook_without_a_mark_has_none():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "指标"
    content = io.BytesIO()
    workbook.save(content)
    assert read_mark(open_workbook("x.xlsx", content.getvalue())) is None


@given(st.integers(0, 6), st.integers(0, 2))
def test_a_mark_that_was_changed_anywhere_is_none(row, column):
    rows = mark_rows(MARK)
    row = min(row, len(rows) - 1)
    column = min(column, len(rows[row]) - 1)
    rows[row][column] += "0"
    assert read_mark(written(rows)) is None
