"""What a department writes on the receipt's sheet: reasons go to the rows they explain, measures become paragraphs."""

import pytest

from analysis.intake.answers import with_answers
from analysis.intake.frames import Value
from analysis.intake.headers import Survey
from analysis.intake.layout import RECEIPT_SHEET
from analysis.intake.read import Read
from analysis.intake.words import words_of
from analysis.intake.workbook import SheetGrid, Workbook

HEAD = ["问题编号", "指标或项目", "", "", "", "发现的问题", "原因（请填写）", "下一步措施（请填写）"]


def with_receipt(*rows):
    def after(workbook):
        sheet = workbook.create_sheet(RECEIPT_SHEET, 0)
        sheet.append(["清河镇财政所2021年上报表审核回执"])
        sheet.append(["审核发现的问题"])
        sheet.append(["序号", "轻重", "工作表", "单元格", "指标", "发现的问题", "怎么办"])
        sheet.append(["1", "疑问", "指标", "I4", "E03", "没有写明原因", "请写明"])
        sheet.append(["请答复的问题"])
        sheet.append(HEAD)
        for name, about, reason, measure in rows:
            sheet.append([name, about, None, None, None, "目标2260万元，完成2200.5万元", reason, measure])

    return after


@pytest.fixture
def texts():
    def of(ingested, field="paragraph"):
        values = ingested.values
        rows = values[(values["table"] == "text") & (values["field"] == field) & (values["sheet"] == RECEIPT_SHEET)]
        return list(zip(rows["text"], rows["cell"], strict=True))

    return of


def test_a_reason_explains_its_row_and_a_measure_answers_the_problem(a_return, read, found, texts):
    made = a_return("财政所", after=with_receipt(("E03", "一般公共预算支出", "项目跨年，余款下年付", "加快支付")))
    made.set("indicator", 0, note=None)
    ingested = read(made)
    assert found(ingested) == []  # without the reason: missed_unexplained
    note = ingested.values[(ingested.values["code"] == "E03") & (ingested.values["field"] == "note")].iloc[0]
    assert (note["text"], note["sheet"], note["cell"]) == ("项目跨年，余款下年付", RECEIPT_SHEET, "G7")
    assert texts(ingested) == [("加快支付", "H7")]
    assert texts(ingested, "answers") == [("E03", "H7")]
    assert texts(ingested, "category") == [("下一步措施", "H7")]


def test_a_receipt_without_answers_reads_as_the_return_alone(a_return, read, texts):
    alone = read(a_return("财政所"), "财政所.xlsx")
    again = read(
        a_return("财政所", after=with_receipt(("E03", "", "（已填在本表的其他工作表，不用再填）跨年", None))),
        "财政所.xlsx",
    )
    columns = [name for name in alone.values.columns if name != "typed"]
    assert again.values[columns].equals(alone.values[columns])
    assert again.findings.equals(alone.findings)
    assert texts(again) == []


def test_a_reason_beside_another_one_is_kept_as_words_on_the_problem(a_return, read, texts):
    ingested = read(a_return("财政所", after=with_receipt(("E03", "", "还有一个原因", "加快支付\n\n催缴"))))
    assert texts(ingested) == [("还有一个原因", "G7"), ("加快支付", "H7"), ("催缴", "H7")]
    assert {answer for answer, _ in texts(ingested, "answers")} == {"E03"}


def test_a_projects_reason_finds_its_project_by_name(a_return, read):
    made = a_return("经济发展办公室", after=with_receipt(("E04-1", "冷链 仓库", "雨水偏多", "倒排工期")))
    values = read(made).values
    reason = values[(values["field"] == "reason") & (values["item"] == "冷链仓库")].iloc[0]
    assert (reason["text"], reason["sheet"]) == ("雨水偏多", RECEIPT_SHEET)


def test_a_reason_of_another_project_is_not_put_to_the_first(a_return, read, texts):
    made = a_return(
        "经济发展办公室", after=with_receipt(("E04-2", "加工厂", "土地未批", None), ("E04-3", "无此厂", "停工", None))
    )
    ingested = read(made)
    reasons = ingested.values[ingested.values["field"] == "reason"].set_index("item")["text"]
    assert reasons["加工厂"] == "土地未批" and reasons.isna()["冷链仓库"]
    assert texts(ingested) == [("停工", "G8")], "no row of the return is of that project: its reason is kept as words"


def test_an_answer_said_twice_is_told_once_and_tied_to_the_problem(a_return, read, texts):
    made = a_return("财政所", after=with_receipt(("E03", "", None, "加强培训")))
    ingested = read(made)
    assert texts(ingested) == []  # the return's own paragraph says the same
    values = ingested.values
    line = values.loc[(values["table"] == "text") & (values["text"] == "加强培训"), "line"].iloc[0]
    answers = values[(values["table"] == "text") & (values["line"] == line) & (values["field"] == "answers")]
    assert answers["text"].tolist() == ["E03"]


def test_a_reason_explains_the_row_of_its_whole_code(scheme):
    """Codes have three to five characters: E101 is not E10."""
    head = ["" if cell is None else cell for cell in HEAD]
    sheet = SheetGrid(RECEIPT_SHEET, True, [head, ["E101", "", "", "", "", "", "雨水偏多", ""]])
    survey = Survey(Workbook("a.xlsx", (sheet,)), words_of(scheme))
    notes = [
        Value("财政所", "a.xlsx", "指标", f"I{line}", "indicator", code, "", line, "note", "")
        for line, code in enumerate(("E10", "E101"), 1)
    ]
    answered = with_answers(Read(tuple(notes), ()), survey, "财政所").values
    assert [(value.code, value.text) for value in answered] == [("E10", None), ("E101", "雨水偏多")]
