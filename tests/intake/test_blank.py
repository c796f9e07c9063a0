"""The blank return: what a department is asked for, what it can change, and that it stays text and the same bytes."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from libreoffice import Save
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake import read_period
from analysis.intake.blank import blank_return, workbook_bytes
from analysis.intake.form import HEADER_ROW, MADE_ON
from analysis.intake.frames import Value, values_frame
from analysis.intake.guidance import CHANGE, guidance
from analysis.intake.headers import Survey
from analysis.intake.hidden_sheet import check_word, scheme_version
from analysis.intake.layout import HIDDEN_SHEET, INSTRUCTIONS, SHEETS, SHEETS_BY_TABLE, SUBMITTER, SUM_ROW
from analysis.intake.read import read_return
from analysis.intake.words import words_of
from analysis.intake.workbook import open_workbook
from analysis.scheme import Facts, Period, PeriodFacts, Scheme, TargetRow, Town, read_facts, read_scheme

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "data" / "raw" / "qinghe"
YEAR = Period(2021)
VILLAGES = ("甲村", "乙村", "丙村")


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return read_scheme(ROOT / "scheme")


def facts_with(*targets: TargetRow, book: bool = True, period: Period = YEAR, **town: Any) -> Facts:
    described = {
        "name": "青禾镇",
        "county": "云川县",
        "addressee": "云川县人民政府",
        "signature": "青禾镇",
        "villages": VILLAGES,
    } | town
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
    frozen = {"indicator": "D4", "part": "C4", "project": "C4", "duty": "C4", "text": "A4"}
    for sheet in SHEETS:
        worksheet = form[sheet.title]
        assert [cell.value for cell in worksheet[HEADER_ROW]] == [column.heading for column in sheet.printed]
        assert worksheet["A1"].value == f"云川县青禾镇党建工作办公室2021年度目标任务完成情况上报表（{sheet.title}）"
        assert "填报单位：党建工作办公室" in worksheet["A2"].value
        assert worksheet.freeze_panes == frozen[sheet.table]
        assert worksheet.print_title_rows == f"$1:${HEADER_ROW}"
        assert (worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight) == (1, 0)
        assert (worksheet.page_setup.orientation, worksheet.page_setup.paperSize) == ("landscape", 9)


def test_an_alias_is_understood_and_an_unknown_department_is_not(scheme: Scheme) -> None:
    form = blank_return(scheme, facts_with(), "党建办")
    assert form[HIDDEN_SHEET]["B1"].value == "党建工作办公室"
    with pytest.raises(ValueError, match="没有“渔政站”这个部门"):
        blank_return(scheme, facts_with(), "渔政站")


def beside(worksheet: Any, label: str) -> Any:
    """The cell to the right of a label."""
    return next(row[n + 1] for row in worksheet.iter_rows() for n, cell in enumerate(row) if cell.value == label)


def test_the_first_sheet_asks_who_fills_it_in(scheme: Scheme) -> None:
    worksheet = saved(blank_return(scheme, facts_with(phone="0900-1"), "财政所"))[INSTRUCTIONS]
    for label, value in (
        ("填报单位", "财政所"),
        ("报告期", "2021年"),
        ("报送期限", "2022年1月7日前"),
        ("咨询电话", "0900-1"),
    ):
        cell = beside(worksheet, label)
        assert cell.value == value and cell.protection.locked, label
    open_labels = ("填报人", "审核人", "联系电话", "填报日期")
    assert all(beside(worksheet, label).value is None for label in open_labels)
    assert not any(beside(worksheet, label).protection.locked for label in open_labels)
    assert beside(worksheet, "填报日期").number_format == "yyyy-mm-dd"
    assert {label for _, label in SUBMITTER} <= {cell.value for row in worksheet.iter_rows() for cell in row}
    example = saved(blank_return(scheme, facts_with(example=True), "财政所"))[INSTRUCTIONS]
    assert "虚构" in beside(example, "示例").value
    assert not any(cell.value == "示例" for row in worksheet.iter_rows() for cell in row)


def test_the_first_sheet_shows_the_colours_that_the_others_have(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(), "财政所"))
    swatches = {
        cell.value: cell.fill.fgColor.rgb for row in form[INSTRUCTIONS].iter_rows() for cell in row if cell.value
    }
    row = row_of(form, "E03")
    assert swatches["浅黄色"] == row["actual"].fill.fgColor.rgb
    assert swatches["灰色"] == row["target"].fill.fgColor.rgb != swatches["浅黄色"]


def test_the_first_sheet_tells_only_of_what_the_department_fills_in(scheme: Scheme) -> None:
    def told(department: str, facts: Facts) -> str:
        worksheet = blank_return(scheme, facts, department)[INSTRUCTIONS]
        return "\n".join(str(cell.value) for row in worksheet.iter_rows() for cell in row if cell.value)

    assert "形象进度" not in told("财政所", facts_with()) and "形象进度" in told("经济发展办公室", facts_with())
    assert "完成数" not in told("党政综合办公室", facts_with())
    assert "完成数填全年累计数" in told("财政所", facts_with())
    assert "没有完成目标、与上年相比变动超过50%的，在说明中写明原因" in told("财政所", facts_with())
    part = told("财政所", facts_with(period=Period(2021, 9)))
    assert "完成数填1—9月累计数" in part
    assert "落后序时进度超过5个百分点、与上年同期相比变动超过50%的，在说明中写明原因" in part
    nothing_known = Facts(facts_with().town, YEAR, PeriodFacts(report_date=date(2022, 1, 12)), {}, False)
    assert "报送期限" not in told("财政所", nothing_known) and "咨询电话" not in told("财政所", nothing_known)


def test_nothing_is_told_of_bounds_and_bases_that_are_not_asked_for(scheme: Scheme) -> None:
    unbounded = replace(scheme, checks=tuple(check for check in scheme.checks if check.code != CHANGE))
    fact = scheme["E03"].model_copy(update={"compare": False})
    (told,) = guidance(unbounded, YEAR, {"indicator": [fact]})
    assert "没有完成目标的，在说明中写明原因；超额较多的也请说明。说明写成一句话，句末不加句号。" in told.how
    assert not [text for text in told.how if "上年同期数" in text or "变动" in text]


def test_a_sheet_that_is_listed_can_be_gone_to(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(), "经济发展办公室"))
    links = [cell.hyperlink.location for row in form[INSTRUCTIONS].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{title}'!A1" for title in form.sheetnames[1:-1]]


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


def test_a_target_rate_of_at_most_one_percent_is_not_asked_about(scheme: Scheme) -> None:
    """Locked as it is, nobody could answer whether a bare 0.5 is 0.5 % or 50 %."""
    facts = facts_with(TargetRow(code="L05", target="0.5%"))
    form = blank_return(scheme, facts, "社会事务办公室")
    cell = row_of(saved(form), "L05")["target"]
    assert (cell.value, cell.number_format, cell.protection.locked) == (0.005, "0.0%", True)
    survey = Survey(open_workbook("a.xlsx", workbook_bytes(form)), words_of(scheme))
    read = read_return(survey, "社会事务办公室", scheme, YEAR)
    targets = {value.code: value.number for value in read.values if value.field == "target"}
    assert targets["L05"] == Decimal("0.5")
    assert not [found for found in read.found if found.check == "percent_unclear"]


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
    assert (validation.type, validation.formula1) == (kind, "0")
    upper = scheme[code].upper
    assert validation.operator == ("greaterThanOrEqual" if upper is None else "between")
    assert validation.formula2 == (None if upper is None else str(upper))
    assert validation.promptTitle == f"单位：{scheme[code].unit}" and validation.showInputMessage
    assert row_of(form, code)["actual"].number_format == ("0" if kind == "whole" else "0.00")


def test_messages_are_within_what_excel_shows(scheme: Scheme) -> None:
    for department in scheme.departments:
        for worksheet in blank_return(scheme, facts_with(book=False), department.name):
            for validation in worksheet.data_validations.dataValidation:
                assert len(validation.prompt or "") <= 255 and len(validation.promptTitle or "") <= 32
                assert len(validation.error or "") <= 225 and len(validation.errorTitle or "") <= 32
                assert len(validation.formula1 or "") <= 255


def test_months_are_typed_as_text(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(TargetRow(code="E04", project="桥梁")), "经济发展办公室"))
    for row in rows_of(form, "project"):
        for name in ("planned_month", "finished_month", "used_month"):
            validation = allowed(form, row[name])
            assert row[name].number_format == "@" and validation.type == "custom"
            column = row[name].column_letter
            assert f"LEN({column}{HEADER_ROW + 1})=7" in validation.formula1  # relative to its uppermost cell
            assert str(validation.sqref).startswith(f"{column}{HEADER_ROW + 1}")


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
        *named, last = [row["item"] for row in rows_of(form, "part") if row["code"].value == code]
        assert last.value == SUM_ROW and last.protection.locked
        return named

    assert [cell.value for cell in parts("农业农村办公室", "E06")] == list(VILLAGES)
    assert [cell.value for cell in parts("水利站", "R01")] == ["镇级", "村级"]
    projects = parts("经济发展办公室", "E02")
    assert len(projects) > 5 and all(cell.value is None and not cell.protection.locked for cell in projects)
    assert all(cell.value is None for cell in parts("农业农村办公室", "E06", villages=()))


def test_the_sum_stands_below_its_parts_and_is_held_against_the_total(scheme: Scheme) -> None:
    form = saved(blank_return(scheme, facts_with(), "纪委"))
    rows = [row for row in rows_of(form, "part") if row["code"].value == "D03"]
    first, last = rows[0]["amount"].coordinate, rows[-2]["amount"].coordinate
    assert rows[-1]["amount"].value == f"=SUM({first}:{last})"
    assert f"'指标'!{row_of(form, 'D03')['actual'].coordinate}" in rows[-1]["name"].value


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


def sum_rows(form: Workbook) -> list[dict[str, Any]]:
    return [row for row in rows_of(form, "part") if row["item"].value == SUM_ROW]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "#REF!", "坏\x01字"])
def test_no_text_becomes_a_formula(scheme: Scheme, text: str) -> None:
    book = (TargetRow(code="E04", project=text),)
    facts = facts_with(*book, name=text, county="云川县", villages=(text,), phone=text)
    for department in ("经济发展办公室", "农业农村办公室"):
        form = saved(blank_return(scheme, facts, department))
        written = [cell for sheet in form for row in sheet.iter_rows() for cell in row if cell.value is not None]
        sums = {f"'分项'!{cell.coordinate}" for row in sum_rows(form) for cell in row.values()}
        assert not [c for c in written if c.data_type in "fe" and f"'{c.parent.title}'!{c.coordinate}" not in sums]
        assert not [cell for cell in written if cell.data_type == "f" and text in str(cell.value)]
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


def test_rows_grow_with_what_is_typed_into_them(scheme: Scheme) -> None:
    book = (TargetRow(code="E04", project="很长的项目名称" * 12),)
    form = blank_return(scheme, facts_with(*book), "经济发展办公室")
    content = workbook_bytes(form)
    heights = [form["项目"].row_dimensions[row].height for row in (HEADER_ROW + 1, HEADER_ROW + 2)]
    assert heights[0] > heights[1] * 2
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = package.read(f"xl/worksheets/sheet{form.sheetnames.index('项目') + 1}.xml").decode()
    assert re.search(rf'<row r="{HEADER_ROW}"[^>]*customHeight', sheet)
    assert not re.search(rf'<row r="{HEADER_ROW + 1}"[^>]*customHeight', sheet)


def test_its_properties_say_what_it_is_and_no_time(scheme: Scheme) -> None:
    properties = saved(blank_return(scheme, facts_with(), "财政所")).properties
    assert properties.title == "云川县青禾镇财政所2021年度目标任务完成情况上报表"
    assert properties.creator == "云川县青禾镇"
    assert properties.created == properties.modified == MADE_ON


def test_columns_and_rows_can_be_made_wider_and_nothing_else(scheme: Scheme) -> None:
    for worksheet in blank_return(scheme, facts_with(), "党建工作办公室").worksheets[:-1]:
        protection = worksheet.protection
        assert protection.sheet and not protection.formatColumns and not protection.formatRows
        assert protection.formatCells and protection.sort and protection.insertRows
        assert worksheet.sheet_properties.tabColor is not None


@pytest.fixture(scope="module")
def example_facts(scheme: Scheme) -> Facts:
    return read_facts(TOWN, YEAR, scheme)


def findings_of(folder: Path, scheme: Scheme, facts: Facts) -> dict[str, list[str]]:
    """By department, the checks that found something and the messages; a missing return is none of this test's."""
    return {
        name: list(ingested.findings["check"] + ingested.findings["message"])
        for name, ingested in read_period(folder, scheme, facts).items()
        if ingested.sighting is not None
    }


def test_filled_in_and_handed_back_it_reads_without_a_finding(scheme: Scheme, example_facts: Facts) -> None:
    """The example's returns are blank forms filled in; that no problems and measures were written is no finding of the form."""
    found = findings_of(TOWN / "2021", scheme, example_facts)
    assert len(found) == 15
    assert not [text for texts in found.values() for text in texts if not text.startswith("words_missing")]


def test_it_reads_the_same_after_openpyxl_saved_it(tmp_path: Path, scheme: Scheme, example_facts: Facts) -> None:
    for path in (TOWN / "2021").glob("*.xlsx"):
        load_workbook(path).save(tmp_path / path.name)
    assert findings_of(tmp_path, scheme, example_facts) == findings_of(TOWN / "2021", scheme, example_facts)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_it_reads_the_same_after_libreoffice_saved_it(
    tmp_path: Path, scheme: Scheme, example_facts: Facts, kind: str, save_by_libreoffice: Save
) -> None:
    names = ("经济发展办公室", "纪委", "社会治理办公室", "党建工作办公室")
    save_by_libreoffice((TOWN / "2021" / f"{name}.xlsx" for name in names), kind, tmp_path / "saved")
    before = read_period(TOWN / "2021", scheme, example_facts)
    after = read_period(tmp_path / "saved", scheme, example_facts)
    for name in names:
        here, there = before[name], after[name]
        assert list(there.findings["check"]) == list(here.findings["check"])
        columns = ["cell", "code", "item", "field", "number", "text"]
        assert there.values[columns].equals(here.values[columns])
