"""Returns as people make them, as real workbooks of several programs: read all the same, and what was forgiven is noted."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from intake.writers import (
    ENDINGS,
    WRITERS,
    Error,
    Page,
    Rich,
    Shown,
    by_libreoffice,
    by_openpyxl,
    by_xlsxwriter,
    by_xlwt,
)
from pandera.config import config_context

from analysis.intake.ingest import ingest
from analysis.intake.package import Package
from analysis.intake.workbook import open_workbook

ERRORS = ("#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#N/A", "#NULL!")
TITLE = [["清河镇2021年度社会治理工作情况表"], ["填报单位（盖章）：综治办　　填表人：张三　　联系电话：0900-9"]]
MESSY = [
    Page(
        "Sheet1",
        [
            *TITLE,
            ["序号", "考核指标", "去年\n同期", "本年度", None, "计量单位", "结转", "备注", "责任领导"],
            [None, None, None, "目标", "实际完成"],
            [1, "受理矛盾纠纷", "110起", None, "１００", "起", None, None, "李四"],
            [2, "化解矛盾纠纷", 100, Shown(0.9, "0%"), "　95\n", "起", 0, Rich("下", "年补做")],
            [],
            [3, "民转刑案件", "零", "—", "无", "起"],
            ["小计", None, 999, None, 999],
            [4, "应参保人数", 9100, "/", "9,000", "人"],
            ["序号", "考核指标", "去年\n同期", "目标", "实际完成", "计量单位", "结转", "备注", "责任领导"],
            [5, "实际参保人数", "0.9万人", "95%", "８，９００", "人", None, "外出务工，下年参保"],
            [6, "越级上访", Shown(12, "0.00"), "10件", "8", "件"],
            [None, "合计", 1, 1, 1],
        ],
        merged=[
            *((2, column, 3, column) for column in (0, 1, 2, 5, 6, 7, 8)),
            (2, 3, 2, 4),
        ],
        hidden_rows=[9],
        hidden_columns=[5],
    ),
    Page("重点工作", [["工作任务", "完成状态"], ["社会治安防控体系", "按期完成"]]),
    Page(
        "文字",
        [["分类", "具体内容"], ["存在问题", "人手不足"], ["下一步打算", Rich("加强", "培训")]],
    ),
]
EXPECTED = {
    ("S01", "actual"): 100,
    ("S01", "base"): 110,
    ("S02", "target"): 90,
    ("S02", "actual"): 95,
    ("S05", "target"): None,
    ("S05", "actual"): 0,
    ("S05", "base"): 0,
    ("S06", "actual"): 9000,
    ("S07", "target"): 95,
    ("S07", "actual"): 8900,
    ("S07", "base"): 9000,
    ("S08", "target"): 10,
    ("S08", "actual"): 8,
    ("S08", "base"): 12,
}
FORMS = [
    Page(
        "项目",
        [
            [
                "编码",
                "名称",
                "地点",
                "阶段",
                "形象进度%",
                "计划完成月份",
                "实际完成月份",
                "投资（万元）",
                "带动就业（个）",
            ],
            ["E04", "冷链仓库", "柳坪村", "竣工", Shown(1, "0%"), date(2021, 9, 1), "2021.8", "1.2亿元", "20个"],
            ["E04", "加工厂", "石门村", "在建", Shown(0.6, "0.0%;[Red]-0.0%"), 2021.9, "—", "800万元", 10],
            ["E04", "水厂", "石门村", "在建", 1, "9月", None, "1,200.5", 10],
            ["E04", "茶厂", "石门村", "在建", 0.985, datetime(2021, 12, 31, 8), None, "800多", "三百"],
            ["E04", "酒厂", "石门村", "在建", Shown(0.5, '0.0"%"'), 2021.1, None, "1.2.3", "约300"],
        ],
    ),
]
PROJECTS = {
    ("冷链仓库", "progress"): Decimal(100),
    ("加工厂", "progress"): Decimal(60),
    ("冷链仓库", "planned_month"): "2021-09",
    ("冷链仓库", "finished_month"): "2021-08",
    ("加工厂", "planned_month"): "2021-09",
    ("水厂", "planned_month"): "2021-09",
    ("茶厂", "planned_month"): "2021-12",
    ("冷链仓库", "investment"): Decimal(12000),
    ("水厂", "investment"): Decimal("1200.5"),
    ("冷链仓库", "jobs"): Decimal(20),
    ("水厂", "progress"): "percent_unclear",
    ("茶厂", "progress"): "percent_unclear",
    ("酒厂", "progress"): "percent_unclear",
    ("酒厂", "planned_month"): "month_unclear",
    ("茶厂", "investment"): "uncertain_number",
    ("酒厂", "investment"): "not_number",
    ("茶厂", "jobs"): "not_number",
    ("酒厂", "jobs"): "uncertain_number",
}
CELLS = [
    Page("指标", [[Error(error)] for error in ERRORS]),
    Page("格式", [[Shown(0.985, form)] for form in ("0%", "0.00%", "0.0%", "0.00%;[Red]-0.00%", '0.0"%"', "0.00")]),
    Page(
        "公式",
        [[Shown(2, None, "=1+1")], [Shown("ab", None, '="a"&"b"')], [Shown("", None, '=""')], [Rich("富", "文本")]],
    ),
    Page("藏", [["甲"]], hidden=True),
]
CONVERTED = {"messy": MESSY, "forms": FORMS, "cells": CELLS}


@pytest.fixture(scope="module")
def converted(tmp_path_factory, save_by_libreoffice):
    """Give a workbook that LibreOffice saved from one of XlsxWriter; each kind is converted once."""
    folder = tmp_path_factory.mktemp("converted")

    @cache
    def all_of(ending):
        files = {name: by_xlsxwriter(pages) for name, pages in CONVERTED.items()}
        files["days"] = by_xlsxwriter(DAYS, date1904=True)
        return by_libreoffice(save_by_libreoffice, files, ending, folder)

    return lambda name, ending: all_of(ending)[name]


WRITTEN = [
    *WRITERS,
    *(pytest.param(f"libreoffice {ending}", marks=pytest.mark.slow) for ending in ENDINGS),
]


@pytest.fixture
def written(request, converted):
    """Write one of the workbooks by the program that the test is run for."""

    def write(name):
        if request.param.startswith("libreoffice"):
            return converted(name, request.param.split()[1])
        return WRITERS[request.param](CONVERTED[name])

    write.by = request.param
    return write


@pytest.fixture
def ingested(tmp_path, scheme, facts):
    """Ingest the bytes of a workbook, under a file name that says nothing."""

    def run(content, department, name="最终版(2) 改.xlsx"):
        (tmp_path / "2021").mkdir(exist_ok=True)
        (tmp_path / "2021" / name).write_bytes(content)
        with config_context(validation_enabled=False):
            return ingest(tmp_path / "2021", department, scheme, facts)

    return run


def values_of(ingested, *keys):
    return {tuple(row[key] for key in keys): row for row in ingested.values.to_dict("records")}


def notes(ingested):
    found = ingested.findings[ingested.findings["check"] == "sight_note"]
    return list(zip(found["sheet"], found["cell"], found["message"], strict=True))


@pytest.mark.parametrize("written", WRITTEN, indirect=True)
def test_a_return_that_never_saw_the_blank_form(written, ingested, found):
    read = ingested(written("messy"), "社会治理办公室")
    assert read.sighting is not None
    assert (read.sighting.status, read.sighting.known_by) == ("return", "填报单位")
    assert found(read) == []
    values = values_of(read, "code", "field")
    for key, number in EXPECTED.items():
        row = values[key]
        assert (None if number is None else Decimal(number)) == (row["number"] if row["number"] is not None else None)
    assert values["M02", "status"]["text"] == "按时完成"
    assert values["S02", "note"]["text"] == "下年补做"
    texts = read.values[(read.values["table"] == "text") & (read.values["field"] == "paragraph")]
    assert list(texts["text"]) == ["人手不足", "加强培训"]
    submitter = values_of(read, "table", "field")
    assert submitter["submitter", "filled_by"]["text"] == "张三"
    assert submitter["submitter", "phone"]["text"] == "0900-9"


@pytest.mark.parametrize("written", WRITTEN, indirect=True)
def test_what_was_forgiven_is_noted_with_its_cell(written, ingested):
    read = ingested(written("messy"), "社会治理办公室")
    values = values_of(read, "code", "field")
    for code, field, cell, note in (
        ("S01", "base", "C5", "去掉了单位“起”"),
        ("S01", "actual", "E5", "文字型数字"),
        ("S02", "actual", "E6", "文字型数字"),
        ("S05", "target", "D8", "“—”按没有数字处理"),
        ("S05", "actual", "E8", "“无”按0处理"),
        ("S05", "base", "C8", "“零”按0处理"),
        ("S06", "actual", "E10", "千分位"),
        ("S07", "base", "C12", "由万人折算为人：9000"),
        ("S07", "actual", "E12", "没有编码，按指标名称认出是S07"),
        ("M02", "status", "B2", "“按期完成”按“按时完成”处理"),
    ):
        assert values[code, field]["cell"] == cell
        assert note in values[code, field]["noted"]
    told = notes(read)
    for sheet, cell, note in (
        ("Sheet1", "", "按内容认作“指标”表读取"),
        ("Sheet1", "A4", "“实际完成”按“完成数”"),
        ("Sheet1", "A4", "各列的次序与空白上报表不同"),
        ("Sheet1", "A10", "第10行是隐藏的，照常读取"),
        ("Sheet1", "F4", "F列是隐藏的，照常读取"),
        ("Sheet1", "A9", "第9、14行是合计，没有读取"),
        ("Sheet1", "A11", "第11行是重复的表头，没有读取"),
        ("重点工作", "", "按内容认作“履职”表读取"),
    ):
        assert any((sheet, cell) == place[:2] and note in place[2] for place in told), (sheet, cell, note, told)
    ignored = read.findings[read.findings["check"] == "column_ignored"]
    assert "责任领导" in ignored["message"].iloc[0]


@pytest.mark.parametrize("written", WRITTEN, indirect=True)
def test_percents_dates_units_and_what_is_never_guessed(written, ingested):
    read = ingested(written("forms"), "经济发展办公室")
    values = values_of(read, "item", "field")
    asked = {(row["item"], row["cell"]): row["check"] for row in read.findings.to_dict("records")}
    for (item, field), expected in PROJECTS.items():
        row = values[item, field]
        if isinstance(expected, Decimal):
            assert row["number"] == expected, (item, field)
        elif expected.startswith("2"):
            assert row["text"] == expected, (item, field)
        else:
            assert asked[item, row["cell"]] == expected
            assert row["number"] is None or row["number"] != row["number"] or str(row["number"]) == "<NA>"
    assert "2021-09" in values["加工厂", "planned_month"]["noted"]
    assert "没有写年份" in values["水厂", "planned_month"]["noted"]
    assert "折算为万元：12000" in values["冷链仓库", "investment"]["noted"]


@pytest.mark.parametrize("written", WRITTEN, indirect=True)
def test_error_cells_percent_formats_and_hidden_sheets(written):
    workbook = open_workbook("x", written("cells"))
    errors, formats, formulas, hidden = workbook.sheets
    told = ["#DIV/0!"] * 7 if "libreoffice" in written.by else list(ERRORS)
    computed = [errors.cell(row, 0).error for row in range(7)]
    assert computed in (told, list(ERRORS))
    assert [formats.cell(row, 0).percent for row in range(6)] == [True, True, True, True, False, False]
    assert [formats.cell(row, 0).raw for row in range(6)] == [0.985] * 6
    assert formulas.cell(3, 0).text == "富文本"
    assert (formulas.visible, hidden.visible, hidden.cell(0, 0).text) == (True, False, "甲")
    if written.by in ("openpyxl", "xlwt"):
        assert [formulas.cell(row, 0).unset for row in range(3)] == [True] * 3
    elif "xls" not in written.by or written.by == "xlsxwriter":
        assert [formulas.cell(row, 0).text for row in range(3)] == ["2", "ab", ""]


DAYS = [Page("指标", [[date(2021, 9, 1)], [datetime(2021, 12, 31, 8, 30)]])]


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_dates_of_both_systems(writer, date1904):
    sheet = open_workbook("x", writer(DAYS, date1904=date1904)).sheets[0]
    assert [str(sheet.cell(row, 0).raw)[:10] for row in range(2)] == ["2021-09-01", "2021-12-31"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_dates_of_1904_by_libreoffice(converted, ending):
    sheet = open_workbook("x", converted("days", ending)).sheets[0]
    assert [str(sheet.cell(row, 0).raw)[:10] for row in range(2)] == ["2021-09-01", "2021-12-31"]


MERGED = [
    Page(
        "指标",
        [
            ["编码", "目标任务数", "完成数", "上年同期数"],
            ["R01", 1500, 1600, 1400],
            ["R02", None, 20, None],
            ["R03", "95%", 20, 24],
        ],
        merged=[(1, 3, 2, 3)],
    )
]


@pytest.mark.parametrize("writer", [by_openpyxl, by_xlsxwriter, by_xlwt])
def test_merged_figures_belong_to_their_first_row(writer, ingested, found, number):
    read = ingested(writer(MERGED), "水利站")
    assert ("merged_cell", "D3") in found(read)
    assert number(read, "R01", "base") == 1400
    assert number(read, "R02", "base") is None


@pytest.mark.slow
def test_merged_figures_of_an_ods(tmp_path, ingested, found, save_by_libreoffice):
    content = by_libreoffice(save_by_libreoffice, {"x": by_openpyxl(MERGED)}, "ods", tmp_path / "made")["x"]
    assert ("merged_cell", "D3") in found(ingested(content, "水利站"))


@pytest.mark.parametrize("name", ["财政所.et", "财政所.XLS", "～经费～ 表 (3).dat", "a b'c&d<e>.xlsx", "没有后缀"])
@pytest.mark.parametrize("writer", [by_openpyxl, by_xlwt])
def test_a_file_is_what_it_holds_under_any_name(writer, name, ingested, number):
    pages = [Page("指标", [["编码", "完成数", "上年同期数"], ["E03", "2200.5", 2100]])]
    read = ingested(writer(pages), "财政所", name)
    assert number(read, "E03", "actual") == Decimal("2200.5")


def test_a_second_sheet_of_the_same_kind_is_noted(ingested, number):
    heading = ["编码", "完成数"]
    pages = [Page("指标", [heading, ["R01", 1600]]), Page("指标 (2)", [heading, ["R02", 20]])]
    read = ingested(by_xlwt(pages), "水利站")
    assert number(read, "R02", "actual") == 20
    assert any(place[0] == "指标 (2)" and "与“指标”表是同一类，一并读取" in place[2] for place in notes(read))


def test_many_unknown_rows_are_counted(ingested):
    rows = [[None, f"不相干的事{'甲乙丙丁'[n % 4] * 9}{n}", n] for n in range(200)]
    read = ingested(by_xlwt([Page("指标", [["编码", "指标名称", "完成数"], ["R01", None, 1], *rows])]), "水利站")
    unknown = read.findings[read.findings["check"] == "unknown_row"]
    assert len(unknown) == 50
    assert sum("连同以下共151行" in message for message in unknown["message"]) == 1


def test_chinese_numerals_are_called_so(ingested):
    pages = [Page("指标", [["编码", "完成数"], ["R01", "十三"], ["R02", "三百多"]])]
    read = ingested(by_xlwt(pages), "水利站")
    messages = read.findings.set_index("cell")["message"].to_dict()
    assert "不用汉字数字" in messages["B2"]
    assert "不是确数" in messages["B3"]


def test_a_formula_of_an_ods_that_was_never_computed():
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    cells = (
        '<table:table-cell table:formula="of:=1+1"/>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    )
    sheet = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="指标"><table:table-row>{cells}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", sheet)
    grid = open_workbook("x", stream.getvalue()).sheets[0]
    assert [grid.cell(0, column).unset for column in range(3)] == [True, False, False]
    assert [grid.cell(0, column).text for column in range(3)] == ["", "2", "TRUE"]


def test_a_macro_is_never_looked_at_and_stays(tmp_path, ingested, number):
    stream = io.BytesIO(by_xlsxwriter([Page("指标", [["编码", "完成数"], ["E03", 2200.5]])]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open")
    read = ingested(stream.getvalue(), "财政所", "财政所.xlsm")
    assert number(read, "E03", "actual") == Decimal("2200.5")
    assert Path(tmp_path / "2021" / "财政所.xlsm").read_bytes() == stream.getvalue()
    stream.seek(0)
    package = Package(stream.getvalue())
    package.read("xl/workbook.xml")
    with zipfile.ZipFile(package.repacked()) as seen:
        assert seen.namelist() == ["xl/workbook.xml"]


def test_an_external_link_is_never_followed(ingested, number):
    pages = [Page("指标", [["编码", "完成数"], ["E03", Shown(2200.5, None, "='\\\\host\\share\\[x.xlsx]a'!A1")]])]
    assert number(ingested(by_xlsxwriter(pages), "财政所"), "E03", "actual") == Decimal("2200.5")
