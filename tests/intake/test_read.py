"""What real returns look like: read all the same, with a note; what is asked about rather than guessed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from analysis.intake.rows import Indicators

BARE = {"目标任务数": "目标", "完成数": "实际完成", "上年同期数": "去年同期", "说明": "备注"}


def kinds(ingested, severity):
    return list(ingested.findings[ingested.findings["severity"] == severity]["check"])


def cell(ingested, code, name):
    values = ingested.values
    return values[(values["code"] == code) & (values["field"] == name)].iloc[0]


def test_headings_worded_otherwise(a_return, read, found, number):
    ingested = read(a_return("财政所", headings=BARE))
    assert found(ingested) == []
    assert number(ingested, "E03", "actual") == Decimal("2200.5")


def test_headings_with_spaces_line_breaks_and_full_width(a_return, read, found):
    headings = {"完成数": "完 成\n数", "投资（万元）": "投资(万元)", "形象进度%": "形象进度\n（％）"}
    assert found(read(a_return("经济发展办公室", headings=headings))) == []


def test_columns_in_another_order(a_return, read, found, number):
    ingested = read(a_return("经济发展办公室", order=lambda names: list(reversed(names))))
    assert found(ingested) == []
    assert number(ingested, "E01", "actual") == 30000


def test_no_code_column(a_return, read, found, number):
    ingested = read(a_return("经济发展办公室", headings={"编码": None}))
    assert [each for each in found(ingested) if each[0] != "category_empty"] == []
    assert number(ingested, "E01", "actual") == 30000
    assert number(ingested, "E02", "amount", "农田建设") == Decimal("3000.5")
    assert number(ingested, "E04", "jobs", "加工厂") == 10  # the department's only project indicator
    assert "按指标名称认出" in cell(ingested, "E01", "actual")["noted"]


def test_no_title_rows_and_many(a_return, read, found):
    for above in (0, 7):
        assert found(read(a_return("财政所", above=above))) == []


def test_tabs_titled_otherwise(a_return, read, found):
    titles = {"指标": "Sheet1", "分项": "明细", "项目": "重点项目表"}
    assert found(read(a_return("经济发展办公室", titles=titles))) == []


def test_tabs_with_misleading_titles(a_return, read, found):
    assert found(read(a_return("经济发展办公室", titles={"指标": "项目", "项目": "指标"}))) == []


def test_two_header_rows_with_merged_cells(a_return, read, found, number):
    def after(workbook):
        sheet = workbook["指标"]
        sheet.insert_rows(3)
        for column in range(1, 10):
            sheet.cell(3, column, sheet.cell(4, column).value)
            if column not in (5, 6):
                sheet.cell(4, column).value = None
                sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
        sheet["E3"], sheet["E4"], sheet["F4"] = "本年度", "目标", "完成"
        sheet["F3"].value = None
        sheet.merge_cells("E3:F3")

    ingested = read(a_return("财政所", after=after))
    assert found(ingested) == []
    assert number(ingested, "E03", "target") == 2260
    assert cell(ingested, "E03", "actual")["cell"] == "F5"


def test_two_header_rows_without_merged_cells(a_return, read, found, number):
    def after(workbook):
        sheet = workbook["指标"]
        sheet.insert_rows(4)
        for column, (upper, lower) in {5: ("目标", "任务数"), 6: ("完成", "数"), 7: ("上年", "同期数")}.items():
            sheet.cell(3, column).value, sheet.cell(4, column).value = upper, lower

    ingested = read(a_return("财政所", after=after))
    assert found(ingested) == []
    assert [number(ingested, "E03", name) for name in ("target", "base")] == [2260, 2100]
    assert cell(ingested, "E03", "target")["cell"] == "E5"


def test_extra_columns_are_ignored_with_a_note(a_return, read, found):
    def after(workbook):
        workbook["指标"]["J3"], workbook["指标"]["J4"] = "责任领导", "张三"

    ingested = read(a_return("财政所", after=after))
    assert found(ingested) == []
    note = ingested.findings[ingested.findings["check"] == "column_ignored"].iloc[0]
    assert "责任领导" in note["message"]


def test_the_same_column_twice(a_return, read, found, number):
    def after(workbook):
        workbook["指标"]["J3"], workbook["指标"]["J4"] = "实际完成", 1

    ingested = read(a_return("财政所", after=after))
    assert found(ingested) == [("column_twice", "J3")]
    assert number(ingested, "E03", "actual") == Decimal("2200.5")


def test_the_printed_heading_counts_where_another_for_the_same_stands_before_it(a_return, read, found, number):
    def after(workbook):
        sheet = workbook["指标"]
        printed = next(cell for cell in sheet[3] if cell.value == "完成数")
        sheet.insert_cols(printed.column)
        sheet.cell(3, printed.column - 1, "实际完成")
        sheet.cell(4, printed.column - 1, 1)

    ingested = read(a_return("财政所", after=after))
    assert [check for check, _ in found(ingested)] == ["column_twice"]
    assert number(ingested, "E03", "actual") == Decimal("2200.5")


def test_a_name_without_a_code_that_belongs_elsewhere_is_told_so(a_return, read, found):
    made = a_return("经济发展办公室")
    made.tables["indicator"].append({"name": made.scheme["E04"].name, "actual": 5})
    assert "wrong_sheet" in [check for check, _ in found(read(made))]


def test_rows_in_another_order_blank_rows_and_totals(a_return, read, found, number):
    made = a_return("经济发展办公室")
    made.tables["indicator"].reverse()
    made.tables["indicator"][1:1] = [{}, {"name": "合计", "actual": 99999}, {"name": "小计：", "actual": 5}]
    made.tables["part"].append({"item": "合 计", "amount": 4200.5})
    ingested = read(made)
    assert found(ingested) == []
    assert number(ingested, "E01", "actual") == 30000


def test_headings_and_signatures_between_rows_are_no_rows(a_return, read, found):
    made = a_return("财政所")
    made.tables["indicator"] += [{"name": "一、社会经济发展"}, {"code": "填表人：张三", "name": "审核人：李四"}]
    assert found(read(made)) == []


def test_a_header_repeated_on_every_page(a_return, read, found):
    made = a_return("财政所")
    made.tables["indicator"].append({"code": "编码", "name": "指标名称", "target": "目标任务数", "actual": "完成数"})
    assert found(read(made)) == []


def test_the_same_row_twice(a_return, read, found, number):
    made = a_return("财政所")
    made.tables["indicator"].append({"code": "E03", "actual": 1})
    ingested = read(made)
    assert found(ingested) == [("row_twice", "B5")]
    assert "B4" in ingested.findings.iloc[0]["message"]
    assert number(ingested, "E03", "actual") == Decimal("2200.5")


def test_the_same_part_twice(a_return, read, found):
    made = a_return("经济发展办公室")
    made.tables["part"].append({"code": "E02", "item": "农田 建设", "amount": 1})
    assert found(read(made)) == [("row_twice", "A6")]


def test_an_indicator_of_another_department_is_kept_to_be_compared(a_return, read, found, number):
    made = a_return("财政所")
    made.tables["indicator"].append({"code": "E01", "actual": 30000})
    ingested = read(made)
    assert found(ingested) == []
    assert "foreign_indicator" in kinds(ingested, "note")
    assert "经济发展办公室" in ingested.findings[ingested.findings["check"] == "foreign_indicator"].iloc[0]["message"]
    assert number(ingested, "E01", "actual") == 30000
    assert set(ingested.values["department"]) == {"财政所"}


def test_an_indicator_that_the_scheme_dropped(a_return, read, found):
    made = a_return("财政所")
    made.tables["indicator"].append({"code": "E06", "actual": 1})
    ingested = read(made)
    assert found(ingested) == []
    assert "not_this_year" in kinds(ingested, "note")


def test_an_unknown_code(a_return, read, found):
    made = a_return("财政所")
    made.tables["indicator"].append({"code": "Z99", "name": "别的", "actual": 1})
    assert found(read(made)) == [("unknown_code", "B5")]


def test_a_near_name_is_offered_and_not_taken(a_return, read, found):
    made = a_return("财政所", headings={"编码": None})
    made.tables["indicator"][0]["name"] = "一般公共预算支出额"
    ingested = read(made)
    assert ("near_name", "B4") in found(ingested)
    assert ("row_missing", "") in found(ingested)
    near = ingested.findings[ingested.findings["check"] == "near_name"].iloc[0]
    assert "一般公共预算支出（E03）" in near["message"]
    assert ingested.values[ingested.values["field"] == "actual"].empty


def test_a_name_like_none(a_return, read, found):
    made = a_return("财政所")
    made.tables["indicator"].append({"name": "完全不相干的一件事", "actual": 1})
    assert found(read(made)) == [("unknown_row", "C5")]


def test_an_amount_that_nobody_can_place_is_asked_about(a_return, read, found):
    made = a_return("经济发展办公室")
    made.tables["part"].append({"amount": 12})
    ingested = read(made)
    assert ("unknown_row", "A6") in found(ingested)
    assert ingested.findings["message"].str.contains("“没有编码和名称”这一行认不出").any()


def test_code_and_name_differ(a_return, read, found):
    made = a_return("经济发展办公室")
    made.tables["indicator"][0]["name"] = "争取项目资金"
    assert found(read(made)) == [("code_name_differ", "B4")]


def test_a_name_that_two_indicators_have_is_never_taken_for_one_of_them(scheme):
    """Nobody can say which is meant where the codes are gone; an indicator of another department is no rival."""
    own, other = scheme["E05"], scheme["R02"]
    twins = [own, own.model_copy(update={"code": "E15"}), other.model_copy(update={"code": "R12", "name": own.name})]
    both = Indicators(replace(scheme, indicators=tuple(twins)), own.owner, 2021, 0.8)
    assert both.identify("indicator", "", own.name).marks == {"found": f"{own.name}（E05、E15都叫这个名称）"}
    assert both.identify("indicator", "E15", own.name).indicator == twins[1]
    alone = Indicators(replace(scheme, indicators=(own, twins[2])), own.owner, 2021, 0.8)
    assert alone.identify("indicator", "", own.name).indicator == own


def test_a_category_that_nobody_knows_is_asked_about_once(a_return, read, found):
    made = a_return("水利站").set("text", 1, code=None, category="随便写写")
    assert [each for each in found(read(made)) if each[0] != "words_missing"] == [
        ("choice_unknown", made.cell("text", 1, "category"))
    ]


def test_who_fills_in_is_asked_for_where_the_label_stands(a_return, read, found):
    made = a_return("财政所", stated={"department": "财政所", "period": "2021", "filled_by": None, "phone": "0900-9"})
    assert found(read(made), notes=True)[-1] == ("submitter_empty", "B4")


def test_another_departments_indicator_is_asked_about_once(a_return, read, found):
    made = a_return("水利站")
    made.tables["part"] += [{"code": "E02", "item": item, "amount": 1} for item in ("一", "二")]
    assert [check for check, _ in found(read(made), notes=True)].count("foreign_indicator") == 1


def test_a_heading_with_a_unit_that_nothing_can_be_converted_from(a_return, read, found):
    made = a_return("财政所", headings={"完成数": "完成数（件）"})
    assert found(read(made)) == [("unit_differs", made.cell("indicator", 0, "actual"))]


def test_a_row_in_the_wrong_sheet(a_return, read, found):
    made = a_return("社会治理办公室")
    made.tables["indicator"].append({"code": "M02", "actual": 1})
    assert found(read(made)) == [("wrong_sheet", "B10")]


def test_a_figure_among_projects_and_one_without_parts_among_parts(a_return, read):
    made = a_return("经济发展办公室")
    made.tables["project"].append({"code": "E05", "item": "大棚", "stage": "在建"})
    made.tables["part"].append({"code": "E05", "item": "大棚", "amount": 5})
    findings = read(made).findings
    expected = findings.loc[findings["check"] == "wrong_sheet", "expected"].tolist()
    assert sorted(expected) == ["“指标”表", "“指标”表（这一指标没有分项）"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("２２００．５", "2200.5"), ("2,200.5", "2200.5"), ("2200.5万元", "2200.5"), ("0.22005亿元", "2200.5")],
)
def test_numbers_typed_as_text(a_return, read, found, number, typed, value):
    ingested = read(a_return("财政所").set("indicator", 0, actual=typed))
    assert found(ingested) == []
    assert number(ingested, "E03", "actual") == Decimal(value)
    row = cell(ingested, "E03", "actual")
    assert row["typed"] == typed
    assert row["noted"]


@pytest.mark.parametrize(
    ("typed", "check"),
    [
        ("约2200", "uncertain_number"),
        ("2200多", "uncertain_number"),
        ("两千", "not_number"),
        ("2.2.0", "not_number"),
        ("见附件", "not_number"),
        ("无", "mark_unclear"),
        ("95%", "percent_unexpected"),
        ("2200户", "unit_in_cell"),
    ],
)
def test_figures_that_are_asked_about(a_return, read, found, number, typed, check):
    ingested = read(a_return("财政所").set("indicator", 0, actual=typed))
    assert found(ingested) == [(check, "F4")]
    assert number(ingested, "E03", "actual") is None
    assert typed in ingested.findings.iloc[0]["message"]


def test_an_error_cell_and_a_formula_without_a_value(a_return, read, found):
    def error(workbook):
        workbook["指标"]["F4"].value, workbook["指标"]["F4"].data_type = "#DIV/0!", "e"

    assert found(read(a_return("财政所", after=error))) == [("error_cell", "F4")]
    assert found(read(a_return("财政所").set("indicator", 0, actual="=1100*2"))) == [("formula_without_value", "F4")]


def test_merged_figures_belong_to_the_first_row(a_return, read, found, number):
    made = a_return("水利站", after=lambda workbook: workbook["指标"].merge_cells("G4:G5"))
    ingested = read(made)
    assert found(ingested) == [("merged_cell", "G5")]
    assert number(ingested, "R01", "base") == 1400
    assert number(ingested, "R02", "base") is None


def test_merged_codes_belong_to_all_their_rows(a_return, read, found, number):
    def after(workbook):
        for letter in "AB":
            workbook["分项"].merge_cells(f"{letter}4:{letter}5")

    ingested = read(a_return("经济发展办公室", after=after))
    assert found(ingested) == []
    assert number(ingested, "E02", "amount", "道路改造") == 1200


def test_hidden_rows_and_columns_are_read(a_return, read, found):
    def after(workbook):
        workbook["指标"].row_dimensions[4].hidden = True
        workbook["指标"].column_dimensions["F"].hidden = True

    assert found(read(a_return("财政所", after=after))) == []


def test_a_hidden_sheet_is_told(a_return, read, found):
    def after(workbook):
        workbook["分项"].sheet_state = "hidden"

    checks = [check for check, _ in found(read(a_return("经济发展办公室", after=after)))]
    assert checks == ["parts_missing", "sheet_hidden"]


def test_a_second_sheet_of_the_same_kind_is_read_too(a_return, read, found, number):
    def after(workbook):
        second = workbook.create_sheet("指标 (2)")
        for row in workbook["指标"].iter_rows(values_only=True):
            second.append(row)
        workbook["指标"].delete_rows(5, 2)
        second.delete_rows(4)
        second.delete_rows(6, 9)

    ingested = read(a_return("经济发展办公室", after=after))
    assert number(ingested, "E02", "actual") == Decimal("4200.5")
    assert cell(ingested, "E02", "actual")["sheet"] == "指标 (2)"


def test_a_foreign_sheet_is_left_out_with_a_note(a_return, read, found):
    def after(workbook):
        workbook.create_sheet("通讯录").append(["姓名", "电话"])

    ingested = read(a_return("财政所", after=after))
    assert found(ingested) == []
    assert "sheet_ignored" in kinds(ingested, "note")


def test_a_table_whose_column_is_gone_is_told_which(a_return, read, found):
    ingested = read(a_return("经济发展办公室", headings={"完成数": None}))
    ignored = ingested.findings[ingested.findings["check"] == "sheet_ignored"]
    told = [message.partition("》")[2] for message in ignored["message"]]
    assert told == [f"“{sheet}”表：认不出这张表（没有“完成数”列），没有读取。" for sheet in ("指标", "分项")]
    assert ("row_missing", "") in found(ingested)


def test_unit_column(a_return, read, found, number):
    made = a_return("财政所").set("indicator", 0, unit="亿元", target=0.226, actual=0.22005, base=0.21)
    ingested = read(made)
    assert found(ingested) == [("unit_converted", "D4")]
    assert number(ingested, "E03", "actual") == Decimal("2200.5")
    assert found(read(a_return("财政所").set("indicator", 0, unit="公顷"))) == [("unit_differs", "D4")]


def test_a_unit_in_the_heading(a_return, read, found, number):
    made = a_return("经济发展办公室", headings={"投资（万元）": "投资（亿元）", "完成数": "完成数（全年）"})
    made.set("project", 0, investment=0.12).set("project", 1, investment=0.08)
    ingested = read(made)
    assert found(ingested) == []
    assert number(ingested, "E04", "investment", "冷链仓库") == 1200


def test_target_rates(a_return, read, found, number):
    assert number(read(a_return("水利站").set("indicator", 2, target="95%")), "R03", "target") == 95
    assert found(read(a_return("水利站").set("indicator", 2, target=0.95)))[0] == ("percent_unclear", "E6")

    def after(workbook):
        workbook["指标"]["E6"].number_format = "0%"

    ingested = read(a_return("水利站", after=after).set("indicator", 2, target=0.95))
    assert found(ingested) == []
    assert number(ingested, "R03", "target") == 95


def test_progress_of_one(a_return, read, found):
    assert found(read(a_return("经济发展办公室").set("project", 0, progress=1))) == [("percent_unclear", "E4")]


def test_months_of_projects(a_return, read):
    made = a_return("经济发展办公室").set("project", 0, planned_month="9月", finished_month=2021.8, used_month="—")
    values = read(made).values
    months = values[values["item"] == "冷链仓库"].set_index("field")["text"]
    assert (months["planned_month"], months["finished_month"]) == ("2021-09", "2021-08")
    assert values[values["field"] == "used_month"]["text"].isna().all()


def test_a_month_that_is_unclear(a_return, read, found):
    made = a_return("经济发展办公室").set("project", 0, finished_month=2021.1)
    assert found(read(made)) == [("month_unclear", "G4")]


def test_choices_worded_otherwise(a_return, read, found):
    made = a_return("经济发展办公室").set("project", 0, stage="竣工").set("project", 1, stage="快了")
    ingested = read(made)
    assert found(ingested) == [("choice_unknown", "D5")]
    (asked,) = ingested.findings[ingested.findings["check"] == "choice_unknown"].to_dict("records")
    assert asked["remedy"] == "请从下拉列表中选择：已完成、在建、未开工。"
    values = ingested.values
    assert values[(values["item"] == "冷链仓库") & (values["field"] == "stage")]["text"].iloc[0] == "已完成"


def test_unused_lines_of_the_form_are_no_rows(a_return, read, found):
    made = a_return("经济发展办公室")
    made.tables["part"].append({"code": "E02"})
    made.tables["project"].append({"code": "E04"})
    made.tables["text"].append({"code": "Q01", "category": "存在的问题"})
    ingested = read(made)
    assert found(ingested) == []
    assert set(ingested.values[ingested.values["table"] == "project"]["item"]) == {"冷链仓库", "加工厂"}


def test_paragraphs_are_numbered_and_may_lack_a_code(a_return, read, found):
    made = a_return("财政所")
    made.tables["text"] = [
        {"category": "存在问题", "paragraph": "人手不足"},
        {"category": "下一步措施", "paragraph": "加强培训", "answers": "E03"},
    ]
    ingested = read(made)
    assert [check for check, _ in found(ingested, notes=True) if check == "words_missing"] == []
    texts = ingested.values[(ingested.values["table"] == "text") & (ingested.values["field"] == "paragraph")]
    assert list(texts["item"]) == ["1", "2"]
    assert texts["code"].isna().all()


def test_the_scheme_has_a_word_for_every_heading_of_the_form(scheme):
    from analysis.intake.layout import SHEETS
    from analysis.intake.words import words_of

    for sheet in SHEETS:
        assert words_of(scheme).sheet(sheet.title) == sheet
        for column in sheet.printed:
            assert words_of(scheme).heading(sheet, column.heading)[0] == column.field
