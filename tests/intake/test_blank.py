"""The blank return: what a department is asked for, what it can change, and that it stays text and the same bytes."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.blank import blank_return, workbook_bytes
from analysis.intake.form import HEADER_ROW
from analysis.intake.frames import Value, values_frame
from analysis.intake.hidden_sheet import check_word, scheme_version
from analysis.intake.layout import HIDDEN_SHEET, INSTRUCTIONS, SHEETS, SHEETS_BY_TABLE, SUBMITTER
from analysis.scheme import Facts, Period, PeriodFacts, Scheme, TargetRow, Town, read_scheme

ROOT = Path(__file__).resolve().parents[2]
YEAR = Period(2021)
VILLAGES = ("甲村", "乙村", "丙村")


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return read_scheme(ROOT / "scheme")


def facts_with(*targets: TargetRow, book: bool = True, period: Period = YEAR, **town: Any) -> Facts:
    described = {"name": "青禾镇", "county": "云川县", "addressee": "", "signature": "", "villages": VILLAGES} | town
    return Facts(
        Town(**described),
        period,
        PeriodFacts(report_date=date(2022, 1, 12), deadline=date(2022, 1, 7)),
        {(row.code, row.project or ""): row for row in targets},
        book,
    )


def saved(workbook: Workbook) -> Workbook:
    return load_workbook(io.BytesIO(workbook_bytes(workbook)))


def rows_of(workbook: Workbook, table: str) -> list[dict[str, Any]]:
    """The rows of a sheet, as cells by field."""
    sheet = SHEETS_BY_TABLE[table]
    rows = workbook[sheet.title].iter_rows(min_row=HEADER_ROW + 1)
    return [dict(zip([column.field for column in sheet.printed], row, strict=True)) for row in rows]


def row_of(workbook: Workbook, code: str, table: str = "indicator") -> dict[str, Any]:
    return next(row for row in rows_of(workbook, table) if row["code"].value == code)


def allowed(workbook: Workbook, cell: Any) -> Any:
    for validation in cell.parent.data_validations.dataValidation:
        if cell.coordinate in validation.sqref:
            return validation
    return None


def test_only_the_sheets_that_a_department_needs(scheme: Scheme) -> None:
    def titles(department: str) -> list[str]:
        return blank_return(scheme, facts_with(), department).sheetnames

    assert titles("财政所") == [INSTRUCTIONS, "指标", "文字材料", HIDDEN_SHEET]
    assert titles("经济发展办公室") == [INSTRUCTIONS, "指标", "分项", "项目", "文字材料", HIDDEN_SHEET]
    assert titles("党政综合办公室") == [INSTRUCTIONS, "履职", "文字材料", HIDDEN_SHEET]


def test_every_indicator_has_its_row(scheme: Scheme) -> None:
    seen = set()
    for department in scheme.departments:
        form = saved(blank_return(scheme, facts_with(), department.name))
        for sheet in SHEETS:
            if sheet.title in form.sheetnames:
                seen |= {row["code"].value for row in rows_of(form, sheet.table)}
    assert seen == {indicator.code for indicator in scheme.in_year(2021)}


def test_headings_are_those_of_the_layout(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(), "党建工作办公室"))
    for sheet in SHEETS:
        worksheet = form[sheet.title]
        assert [cell.value for cell in worksheet[HEADER_ROW]] == [column.heading for column in sheet.printed]
        assert worksheet["A1"].value == f"云川县青禾镇党建工作办公室2021年度目标任务完成情况上报表（{sheet.title}）"
        assert "填报单位：党建工作办公室" in worksheet["A2"].value
        assert worksheet.freeze_panes == f"A{HEADER_ROW + 1}"
        assert (worksheet.page_setup.orientation, worksheet.page_setup.paperSize) == ("landscape", 9)


def test_an_alias_is_understood_and_an_unknown_department_is_not(scheme: Scheme) -> None:
    form = blank_return(scheme, facts_with(), "党建办")
    assert form[HIDDEN_SHEET]["B1"].value == "党建工作办公室"
    with pytest.raises(ValueError, match="没有“渔政站”这个部门"):
        blank_return(scheme, facts_with(), "渔政站")


def test_the_first_sheet_asks_who_fills_it_in(scheme: Scheme) -> None:
    worksheet = saved(blank_return(scheme, facts_with(), "财政所"))[INSTRUCTIONS]
    cells = {row[0].value: row[1] for row in worksheet.iter_rows(min_row=2)}
    assert [label for label in cells if label in dict(SUBMITTER).values()] == [label for _, label in SUBMITTER]
    assert cells["填报单位"].value == "财政所" and cells["填报单位"].protection.locked
    assert cells["报告期"].value == "2021年"
    assert cells["报送期限"].value == "2022年1月7日前"
    assert cells["填报日期"].number_format == "yyyy-mm-dd" and not cells["填报日期"].protection.locked
    assert "示例" not in cells
    example = saved(blank_return(scheme, facts_with(example=True), "财政所"))[INSTRUCTIONS]
    assert any("虚构" in str(row[1].value) for row in example.iter_rows(min_row=2))


def test_a_part_of_the_year_is_named(scheme: Scheme) -> None:
    form = blank_return(scheme, facts_with(period=Period(2021, 9)), "财政所")
    assert form["指标"]["A1"].value == "云川县青禾镇财政所2021年1—9月目标任务完成情况上报表（指标）"
    assert form[HIDDEN_SHEET]["B2"].value == "2021-09"


def test_targets_are_filled_in_and_locked(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(TargetRow(code="E03", target="2260.50")), "财政所"))
    cell = row_of(form, "E03")["target"]
    assert (cell.value, cell.number_format, cell.protection.locked) == (2260.5, "0.00", True)
    assert form["指标"].protection.sheet
    assert not row_of(form, "E03")["actual"].protection.locked


def test_a_target_rate_keeps_its_decimals(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(TargetRow(code="L05", target="97.5%")), "社会事务办公室"))
    cell = row_of(form, "L05")["target"]
    assert (cell.value, cell.number_format) == (97.5, "0.0")


def test_an_unfinished_target_stays_empty_and_locked(scheme: Scheme) -> None:
    cell = row_of(saved(blank_return(scheme, facts_with(TargetRow(code="E03", target="待定")), "财政所")), "E03")[
        "target"
    ]
    assert cell.value is None and cell.protection.locked


def test_without_a_target_book_the_department_states_its_targets(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(book=False), "社会治理办公室"))
    assert not row_of(form, "M03")["target"].protection.locked
    assert row_of(form, "S01")["target"].protection.locked  # a count has none


@pytest.mark.parametrize(("code", "kind"), [("E07", "whole"), ("E01", "decimal")])
def test_figures_are_limited_by_their_units(scheme: Scheme, code: str, kind: str) -> None:
    form = saved(blank_return(scheme, facts_with(), "经济发展办公室"))
    validation = allowed(form, row_of(form, code)["actual"])
    assert (validation.type, validation.operator, validation.formula1) == (kind, "greaterThanOrEqual", "0")


def test_carried_over_only_where_the_scheme_has_it(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(), "社会治理办公室"))
    rows = rows_of(form, "indicator")
    assert [row["code"].value for row in rows if not row["carried"].protection.locked] == ["S02", "S04"]


def test_bases_come_from_last_years_return(scheme: Scheme) -> None:
    def value(code: str, field: str, number: str, table: str = "indicator") -> Value:
        return Value("财政所", "", "指标", "F4", table, code, "", 1, field, number, Decimal(number))

    previous = values_frame(
        [value("E03", "actual", "2200.35"), value("E03", "base", "1"), value("E03", "actual", "7", "part")]
    )
    cell = row_of(saved(blank_return(scheme, facts_with(), "财政所", previous)), "E03")["base"]
    assert (cell.value, cell.protection.locked) == (2200.35, False)
    assert row_of(saved(blank_return(scheme, facts_with(), "财政所")), "E03")["base"].value is None


def test_parts_are_villages_fixed_parts_or_empty_rows(scheme: Scheme) -> None:
    def parts(department: str, code: str, **town: Any) -> list[Any]:
        form = saved(blank_return(scheme, facts_with(**town), department))
        return [row["item"] for row in rows_of(form, "part") if row["code"].value == code]

    assert [cell.value for cell in parts("农业农村办公室", "E06")] == list(VILLAGES)
    assert [cell.value for cell in parts("水利站", "R01")] == ["镇级", "村级"]
    projects = parts("经济发展办公室", "E02")
    assert len(projects) > 5 and all(cell.value is None and not cell.protection.locked for cell in projects)
    assert all(cell.value is None for cell in parts("农业农村办公室", "E06", villages=()))


def test_projects_come_from_the_target_book(scheme: Scheme) -> None:
    book = (
        TargetRow(code="E04", project="桥梁", planned_month="2021年9月"),
        TargetRow(code="E04", project="水厂"),
    )
    form = saved(blank_return(scheme, facts_with(*book), "经济发展办公室"))
    rows = rows_of(form, "project")
    assert [(row["item"].value, row["planned_month"].value) for row in rows[:3]] == [
        ("桥梁", "2021-09"),
        ("水厂", None),
        (None, None),
    ]
    assert rows[0]["planned_month"].protection.locked and not rows[1]["planned_month"].protection.locked
    assert allowed(form, rows[0]["stage"]).formula1 == '"已完成,在建,未开工"'
    progress = allowed(form, rows[0]["progress"])
    assert (progress.operator, progress.formula1, progress.formula2) == ("between", "0", "100")


def test_text_rows_are_prepared(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(), "水利站"))
    rows = [(row["code"].value, row["category"].value) for row in rows_of(form, "text")]
    assert list(dict.fromkeys(rows)) == [("R06", "工作情况"), ("Q01", "存在的问题"), ("A01", "下一步措施")]
    assert all(rows.count(row) > 1 for row in set(rows))


def test_the_hidden_sheet_says_whose_it_is(scheme: Scheme) -> None:
    worksheet = saved(blank_return(scheme, facts_with(), "财政所"))[HIDDEN_SHEET]
    assert worksheet.sheet_state == "hidden"
    rows = {str(key): str(value) for key, value in worksheet.iter_rows(values_only=True)}
    assert rows["department"] == "财政所"
    assert rows["period"] == "2021"
    assert rows["town"] == "青禾镇"
    assert rows["scheme"] == scheme_version(scheme)
    assert rows["check"] == check_word(rows)
    assert check_word(rows | {"department": "水利站"}) != rows["check"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "#REF!", "坏\x01字"])
def test_no_text_becomes_a_formula(scheme: Scheme, text: str) -> None:
    book = (TargetRow(code="E04", project=text),)
    facts = facts_with(*book, name=text, county="", villages=(text,), phone=text)
    for department in ("经济发展办公室", "农业农村办公室"):
        form = saved(blank_return(scheme, facts, department))
        written = [cell for sheet in form for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not [cell for cell in written if cell.data_type in "fe"]
        assert any(cell.value == text.replace("\x01", "") for cell in written)


def test_the_same_form_has_the_same_bytes(scheme: Scheme) -> None:
    facts = facts_with(TargetRow(code="G09", target="14"))
    first, second = (workbook_bytes(blank_return(scheme, facts, "党建工作办公室")) for _ in range(2))
    assert first == second
    form = blank_return(scheme, facts, "党建工作办公室")
    assert workbook_bytes(form) == workbook_bytes(form) == first


def test_it_is_light_enough_to_send(scheme: Scheme) -> None:
    for department in scheme.departments:
        form = blank_return(scheme, facts_with(), department.name)
        assert len(workbook_bytes(form)) < 120_000
        assert all(isinstance(sheet, Worksheet) for sheet in form)
