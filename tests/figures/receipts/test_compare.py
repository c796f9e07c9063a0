"""What a correction mended: told by check, indicator, item and column, wherever the row has moved."""

from decimal import Decimal

import pytest

from analysis.figures.receipts.compare import changed_cells, compared
from analysis.intake.frames import Finding, Value
from analysis.intake.receipt_mark import told_of
from analysis.scheme import read_scheme


@pytest.fixture(scope="module")
def scheme(root):
    return read_scheme(root / "scheme")


def finding(check, cell="F4", code="E03", item="", heading="完成数", sheet="指标"):
    return Finding(
        "财政所", check, "error", f"{check}在{cell}", "改正", "a.xlsx", sheet, cell, code, item, heading=heading
    )


def test_settled_staying_and_new():
    before = [finding("not_number"), finding("negative", "F5", "E06"), finding("row_missing", "", "E09", heading="")]
    now = [finding("negative", "F9", "E06"), finding("parts_sum", "F4")]
    settled, stays, new = compared(told_of(before), now)
    assert [told.check for told in settled] == ["not_number", "row_missing"]
    assert stays == 1
    assert [each.check for each in new] == ["parts_sum"]


def test_of_several_alike_those_at_the_same_cell_stay_first():
    before = [finding("not_whole", "F4", item="甲"), finding("not_whole", "F5", item="甲")]
    settled, stays, new = compared(told_of(before), [finding("not_whole", "F5", item="甲")])
    assert ([told.cell for told in settled], stays, new) == (["F4"], 1, [])


def test_findings_of_a_sheet_are_told_apart_by_the_sheet():
    before = [finding("sheet_ignored", "", None, heading="", sheet="附1")]
    now = [finding("sheet_ignored", "", None, heading="", sheet="附2")]
    settled, stays, new = compared(told_of(before), now)
    assert (len(settled), stays, len(new)) == (1, 0, 1)


def value(typed, field="actual", code="E03", cell="F4", table="indicator", item="", line=1, number=None):
    return Value("财政所", "a.xlsx", "指标", cell, table, code, item, line, field, typed, number)


def told(changes):
    return [(change.cell, change.about, change.before, change.after) for change in changes]


def test_cells_that_changed_though_their_rows_moved(scheme):
    before = [value("约300"), value("", "note"), value("12", code="E07", cell="F5")]
    after = [value("12", code="E07", cell="F4"), value("300", cell="F5"), value("已核实单据", "note", cell="I5")]
    name = scheme["E03"].name
    assert told(changed_cells(scheme, before, after)) == [
        ("F5", f"{name}（E03）完成数", "约300", "300"),
        ("I5", f"{name}（E03）说明", "", "已核实单据"),
    ]


def test_the_same_number_typed_otherwise_is_no_change(scheme):
    before = [value("1,200", number=Decimal(1200)), value("１２", code="E07", number=Decimal(12))]
    after = [value("1200", number=Decimal(1200)), value("12", code="E07", number=Decimal(12))]
    assert changed_cells(scheme, before, after) == []


def test_a_row_that_is_gone_and_a_paragraph_that_is_new(scheme):
    before = [value("5", "amount", table="part", item="柳坪村", cell="D4")]
    after = [value("加强培训", "paragraph", None, "C4", "text", "1")]
    assert told(changed_cells(scheme, before, after)) == [
        ("C4", "内容", "", "加强培训"),
        ("D4", f"{scheme['E03'].name}（E03）“柳坪村”完成数", "5", ""),
    ]


def paragraph(line, sheet, cell, **fields):
    texts = {"paragraph": "加强培训", **fields}
    return [
        Value("财政所", "a.xlsx", sheet, cell, "text", None, str(line), line, field, text, text=text)
        for field, text in texts.items()
    ]


def test_what_was_answered_is_named_by_its_problem(scheme):
    after = [
        *paragraph(1, "审核回执", "G12", category="存在的问题", answers="E04-2", paragraph="汛期停工"),
        *paragraph(2, "审核回执", "H12", category="下一步措施", answers="E04-2"),
        *paragraph(3, "文字材料", "C5", category="存在的问题", answers="E05", paragraph="人手不足"),
        *paragraph(4, "文字材料", "C6", category="工作情况", paragraph="开展了培训"),
    ]
    assert [(cell, about) for cell, about, _, _ in told(changed_cells(scheme, [], after))] == [
        ("G12", "E04-2的原因"),
        ("H12", "E04-2的下一步措施"),
        ("C5", "E05的存在的问题"),
        ("C6", "工作情况"),
    ]
    (gone,) = changed_cells(scheme, after[-2:], [])
    assert (gone.about, gone.before, gone.gone) == ("工作情况", "开展了培训", True)
