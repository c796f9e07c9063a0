"""Each check finds what it is for, at its cell; that it keeps quiet on a right return is tested in test_ingest."""

from dataclasses import replace

import pytest
from intake.examples_of_checks import EXAMPLES, Case
from pandera.config import config_context

from analysis.figures.checks import ACROSS_CHECKS
from analysis.intake.checks import by_weight
from analysis.intake.checks.registry import FUNCTIONS, RULES
from analysis.intake.frames import Finding
from analysis.intake.ingest import ingest
from analysis.scheme import Period, TargetRow

FINANCE, ECONOMY, WATER, SOCIAL = "财政所", "经济发展办公室", "水利站", "社会治理办公室"


@pytest.fixture
def results(tmp_path, a_return, facts, scheme):
    """Ingest a right return with a change: its findings, and of a check how often it passed, found, could not look."""

    def run(code, change):
        case = Case(a_return(EXAMPLES[code].department), facts, tmp_path, scheme)
        change(case)
        if case.sent:
            case.made.save(tmp_path / f"{case.made.department}.xlsx")
        with config_context(validation_enabled=False):
            ingested = ingest(tmp_path, case.made.department, case.scheme, case.facts)
        counts = ingested.checks.set_index("check")
        told = tuple(counts.loc[code, ["passed", "found", "not_evaluated"]]) if code in counts.index else (0, 0, 0)
        return told, ingested.findings

    return run


def test_every_check_has_examples():
    assert set(EXAMPLES) == set(RULES)
    owed = {code for code, rule in RULES.items() if rule.unless}
    assert {code for code, example in EXAMPLES.items() if example.unless} == owed


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_check_finds_what_it_is_for(code, results):
    (_, found, _), findings = results(code, EXAMPLES[code].found)
    assert found >= 1
    assert found == (findings["check"] == code).sum()


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_check_passes_what_is_right(code, results):
    (passed, found, _), findings = results(code, EXAMPLES[code].passed)
    assert (passed >= 1, found) == (True, 0)
    assert code not in set(findings["check"])


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.unless])
def test_a_check_that_can_not_be_made_says_so(code, results):
    (_, found, not_evaluated), _ = results(code, EXAMPLES[code].unless)
    assert (found, not_evaluated >= 1) == (0, True)


def wrong(department, table, row, check, column, **cells):
    return pytest.param(department, table, row, cells, check, column, id=f"{check}-{department}-{'-'.join(cells)}")


@pytest.mark.parametrize(
    ("department", "table", "row", "cells", "check", "column"),
    [
        # complete
        wrong(FINANCE, "indicator", 0, "figure_empty", "actual", actual=None),
        wrong(FINANCE, "indicator", 0, "figure_empty", "actual", actual="—"),
        wrong(ECONOMY, "indicator", 0, "base_empty", "base", base=None),
        wrong(ECONOMY, "project", 0, "project_empty", "stage", stage=None),
        wrong(ECONOMY, "project", 0, "project_detail_empty", "place", place=None),
        wrong(ECONOMY, "project", 1, "project_detail_empty", "progress", progress=None),
        wrong(ECONOMY, "project", 1, "project_detail_empty", "planned_month", planned_month=None),
        wrong(SOCIAL, "duty", 0, "duty_empty", "status", status=None),
        # domain
        wrong(SOCIAL, "indicator", 1, "negative", "carried", carried=-1),
        wrong(FINANCE, "indicator", 0, "negative", "base", base=-1),
        wrong(SOCIAL, "indicator", 0, "not_whole", "base", base=110.5),
        wrong(FINANCE, "indicator", 0, "many_decimals", "actual", actual=2200.555),
        wrong(FINANCE, "indicator", 0, "too_many_decimals", "actual", actual=2200.12345),
        wrong(ECONOMY, "indicator", 0, "beyond_bounds", "actual", actual=500001),
        # arithmetic
        wrong(ECONOMY, "part", 1, "parts_sum", None, amount=1300),
        wrong(WATER, "indicator", 2, "part_above_whole", "actual", actual=21),
        wrong(SOCIAL, "indicator", 4, "part_above_whole_strict", "actual", actual=9001),
        wrong(ECONOMY, "indicator", 4, "relation_equal", "actual", actual=31),
        wrong(ECONOMY, "indicator", 2, "relation_at_most", "actual", actual=30001),
        wrong(ECONOMY, "project", 1, "relation_sum", None, jobs=11),
        # target book
        wrong(ECONOMY, "indicator", 0, "target_differs", "target", target=27000),
        wrong(FINANCE, "indicator", 0, "above_ceiling", "actual", actual=2260.01),
        # projects and duties
        wrong(ECONOMY, "project", 1, "finished_not_done", "stage", finished_month="2021-12"),
        wrong(ECONOMY, "project", 0, "done_without_month", "finished_month", finished_month=None),
        wrong(ECONOMY, "project", 0, "done_after_period", "finished_month", finished_month="2022-01"),
        wrong(ECONOMY, "project", 1, "late_without_reason", "reason", planned_month="2021-12", reason="核实无误"),
        wrong(ECONOMY, "project", 1, "late_without_reason", "reason", stage="未开工", progress=0),
        wrong(ECONOMY, "project", 1, "progress_range", "progress", progress=101),
        wrong(ECONOMY, "project", 1, "progress_range", "progress", progress=-5),
        wrong(ECONOMY, "project", 0, "progress_stage", "progress", progress=99),
        wrong(ECONOMY, "project", 1, "progress_stage", "progress", progress=100),
        wrong(SOCIAL, "duty", 0, "duty_without_note", "note", status="未完成"),
        wrong(SOCIAL, "duty", 0, "duty_without_note", "note", status="逾期完成", note="无"),
        # text
        wrong(WATER, "text", 0, "placeholder", "paragraph", paragraph="清理河道xx公里"),
        wrong(WATER, "text", 0, "placeholder", "paragraph", paragraph="清理河道××公里"),
        wrong(WATER, "text", 0, "placeholder", "paragraph", paragraph="清理河道待填公里"),
        wrong(WATER, "text", 0, "too_long", "paragraph", paragraph="长" * 1001),
        wrong(WATER, "text", 1, "category_empty", "category", code=None, category=None),
        # explanations
        wrong(FINANCE, "indicator", 0, "missed_unexplained", "note", note=None),
        wrong(FINANCE, "indicator", 0, "missed_unexplained", "note", note="核实无误。"),
        wrong(WATER, "indicator", 2, "missed_unexplained", "note", actual=18),
        wrong(SOCIAL, "indicator", 2, "missed_unexplained", "note", actual=1),
        wrong(SOCIAL, "indicator", 5, "missed_unexplained", "note", actual=11),
    ],
)
def test_found_at_its_cell(a_return, read, found, department, table, row, cells, check, column):
    made = a_return(department).set(table, row, **cells)
    expected = made.cell(table, row, column) if column else None
    results = [each for each in found(read(made)) if each[0] not in ("text_missing",)]
    assert [each[0] for each in results] == [check]
    if expected:
        assert results[0][1] == expected


@pytest.mark.parametrize(
    ("department", "table", "row", "cells"),
    [
        (ECONOMY, "project", 1, {"planned_month": "2021-12", "reason": "征地未完成，延至明年"}),
        (ECONOMY, "project", 1, {"stage": "未开工", "progress": 0, "reason": "资金未到位"}),
        (ECONOMY, "project", 1, {"finished_month": "2022-06"}),
        (SOCIAL, "duty", 0, {"status": "逾期完成", "note": "换届推迟，已补办"}),
        (SOCIAL, "duty", 0, {"status": "未到期"}),
        (SOCIAL, "indicator", 1, {"actual": 105, "carried": 5}),
        (SOCIAL, "indicator", 2, {"actual": 1, "note": "已依法处理，正在整改"}),
        (SOCIAL, "indicator", 5, {"actual": 10}),
        (WATER, "indicator", 2, {"actual": 19}),
        (FINANCE, "indicator", 0, {"base": None, "note": "今年新设指标，没有同期数"}),
        (FINANCE, "indicator", 0, {"actual": 2200.55}),
        (FINANCE, "indicator", 0, {"actual": 2260, "note": None}),
        (ECONOMY, "indicator", 0, {"actual": 500000}),
        (WATER, "text", 0, {"paragraph": "长" * 1000}),
    ],
)
def test_the_other_side_passes(a_return, read, found, department, table, row, cells):
    assert found(read(a_return(department).set(table, row, **cells))) == []


@pytest.mark.parametrize(("department", "table"), [(FINANCE, "indicator"), (ECONOMY, "project"), (SOCIAL, "duty")])
def test_a_row_that_is_missing(a_return, read, found, department, table):
    made = a_return(department)
    made.tables[table] = made.tables[table][:0] if table != "indicator" else [{"code": "E06", "actual": 1}]
    results = found(read(made))
    assert ("row_missing", "") in results
    assert {check for check, _ in results} <= {"row_missing", "relation_sum"}


def test_texts_that_are_missing(a_return, read, found):
    made = a_return(WATER)
    made.tables["text"] = [{"code": "R06", "category": "工作情况"}]
    ingested = read(made)
    assert found(ingested) == [("text_missing", "")]
    assert [check for check, _ in found(ingested, notes=True)].count("words_missing") == 2


def test_an_answer_without_a_paragraph(a_return, read, found):
    made = a_return(WATER)
    made.tables["text"].append({"code": "A01", "category": "下一步措施", "answers": "P-1"})
    assert found(read(made)) == [("paragraph_empty", made.cell("text", 3, "paragraph"))]


def test_parts_that_are_missing(a_return, read, found):
    made = a_return(WATER)
    made.tables["part"].pop()
    results = found(read(made))
    assert [check for check, _ in results] == ["parts_sum", "parts_missing"]
    made.tables["part"] = []
    assert found(read(made)) == [("parts_missing", "")]


def test_no_parts_of_nothing(a_return, read, found):
    made = a_return(ECONOMY).set("indicator", 1, actual=0, note="今年没有争取到")
    made.tables["part"] = []
    assert found(read(made)) == []


def test_an_empty_part_stays_missing(a_return, read, found, number):
    made = a_return(ECONOMY)
    made.tables["part"].append({"code": "E02", "item": "水利工程"})
    ingested = read(made)
    assert found(ingested) == [("part_empty", "D6")]
    assert number(ingested, "E02", "amount", "水利工程") is None


@pytest.mark.parametrize(
    ("amounts", "hint"),
    [
        ([3000.5, None], "“道路改造”空着，填1200即可对上"),
        ([3000.5, 12000], "“道路改造”（D5）若为1200即可对上"),
        ([3000.5, 2100], "“道路改造”（D5）若为1200即可对上，请看是否两位数字写反"),
        ([3000.5, 1200, 77], "去掉“多出来的”（D6）的77即可对上"),
        ([3000.5, 1205], None),
        ([100, 100, 4100.5], None),
    ],
)
def test_the_one_part_that_would_mend_the_sum(a_return, read, amounts, hint):
    made = a_return(ECONOMY)
    names = ["农田建设", "道路改造", "多出来的"]
    made.tables["part"] = [
        {"code": "E02", "item": name, "amount": amount} for name, amount in zip(names, amounts, strict=False)
    ]
    findings = read(made).findings
    message = findings[findings["check"] == "parts_sum"].iloc[0]["message"]
    assert "4200.5" in message
    if hint is None:
        assert "即可对上" not in message
    else:
        assert hint in message


def test_exact_sums(a_return, read, found):
    made = a_return(ECONOMY).set("indicator", 1, actual=0.3, note="项目减少")
    made.tables["part"] = [{"code": "E02", "item": f"{n}", "amount": 0.1} for n in "甲乙丙"]
    assert found(read(made)) == []


def test_submitter_is_a_note(a_return, read, found):
    ingested = read(a_return(FINANCE, stated={"department": FINANCE, "period": "2021年"}))
    assert found(ingested) == []
    assert [check for check, _ in found(ingested, notes=True)].count("submitter_empty") == 2


def with_book(facts, **targets):
    book = dict(facts.targets)
    for code, target in targets.items():
        book[code, ""] = TargetRow(code=code, target=target)
    return replace(facts, targets=book)


@pytest.mark.parametrize("target", ["待定", "", None])
def test_an_unfinished_book_is_told_with_its_row(a_return, read, found, facts, target):
    ingested = read(a_return(ECONOMY), facts=with_book(facts, E01=target))
    assert found(ingested) == [("book_unfinished", "E4")]
    row = ingested.findings.iloc[0]
    assert "targets/2021.csv第2行" in row["message"]
    assert "暂用上报表中的28000万元" in row["message"]


def test_an_unfinished_book_and_no_target_in_the_return(a_return, read, found, facts):
    made = a_return(ECONOMY).set("indicator", 0, target=None)
    assert found(read(made, facts=with_book(facts, E01="待定"))) == [
        ("target_missing", "E4"),
        ("book_unfinished", "E4"),
    ]


def test_a_target_that_the_book_lacks(a_return, read, found, facts):
    short = replace(facts, targets={key: row for key, row in facts.targets.items() if key[0] != "E01"}, target_rows={})
    ingested = read(a_return(ECONOMY), facts=short)
    assert found(ingested) == [("book_unfinished", "E4")]
    assert "targets/2021.csv" in ingested.findings.iloc[0]["message"]


def test_a_town_without_a_book_uses_the_returns(a_return, read, found, facts):
    bookless = replace(facts, targets={}, has_target_book=False, target_rows={})
    assert found(read(a_return(ECONOMY), facts=bookless)) == []
    made = a_return(ECONOMY).set("indicator", 0, target=None)
    assert found(read(made, facts=bookless)) == [("target_missing", "E4")]


def test_the_books_target_counts_where_the_return_has_none(a_return, read, found):
    assert found(read(a_return(ECONOMY).set("indicator", 0, target=None))) == []


def test_a_target_of_zero(a_return, read, found, facts):
    made = a_return(ECONOMY).set("indicator", 0, target=0)
    ingested = read(made, facts=with_book(facts, E01="0"))
    assert found(ingested) == [("target_zero", "E4")]
    assert "targets/2021.csv第2行" in ingested.findings.iloc[0]["message"]


def test_a_target_rate_above_one_hundred(a_return, read, found, facts):
    made = a_return(WATER).set("indicator", 2, target=101, note="目标有误")
    assert found(read(made, facts=with_book(facts, R03="101"))) == [("rate_above_100", "E6")]


def test_the_planned_month_of_the_book_prevails(a_return, read, found, facts):
    book = {**facts.targets, ("E04", "加工厂"): TargetRow(code="E04", project="加工厂", planned_month="2021-10")}
    results = found(read(a_return(ECONOMY), facts=replace(facts, targets=book)))
    assert sorted(results) == [("late_without_reason", "M5"), ("month_differs", "F5")]


def test_a_duty_whose_month_has_passed(a_return, read, found, facts):
    book = {**facts.targets, ("M02", ""): TargetRow(code="M02", planned_month="2021-06")}
    made = a_return(SOCIAL).set("duty", 0, status="未到期")
    assert found(read(made, facts=replace(facts, targets=book))) == [("duty_not_due", "C4")]


@pytest.mark.parametrize(("actual", "owed"), [(19599, True), (19600, False), (21000, False)])
def test_within_the_year_only_what_is_far_behind_owes_a_reason(a_return, read, found, facts, actual, owed):
    made = a_return(ECONOMY, hidden={"department": ECONOMY, "period": "2021-09"}, stated={}, title="上报表")
    made.set("indicator", 0, actual=actual).set("indicator", 2, actual=1)
    made.set("project", 0, finished_month="2021-08")
    results = found(read(made, facts=replace(facts, period=Period(2021, 9))))
    assert results == ([("missed_unexplained", "I4")] if owed else [])


def test_what_could_not_be_looked_at_is_counted(a_return, read):
    made = a_return(ECONOMY).set("indicator", 3, actual=None)
    checks = read(made).checks.set_index("check")
    assert checks.loc["relation_sum", "not_evaluated"] == 1
    assert checks.loc["relation_equal", "not_evaluated"] == 1
    assert checks.loc["relation_at_most", "passed"] == 1
    assert checks.loc["figure_empty", "found"] == 1


def test_relations_of_several_departments_are_left_to_the_next_stage(a_return, read):
    assert "relation_sum" not in set(read(a_return(FINANCE)).checks["check"])


def test_every_check_has_its_row_and_every_row_its_check(checks_csv):
    rules = {**RULES, **ACROSS_CHECKS.rules}
    assert {row["code"]: row["group"] for row in checks_csv} == {code: rule.group for code, rule in rules.items()}
    assert all(row["about"] and row["about"] != row["code"] for row in checks_csv)
    assert len(rules) == len(RULES) + len(ACROSS_CHECKS.rules)


def test_no_wording_is_left_with_marks(a_return, read):
    made = a_return(ECONOMY).set("indicator", 0, actual="约3", target=1).set("project", 0, stage="快了", progress=300)
    for row in read(made).findings.itertuples():
        for text in (row.message, row.remedy):
            assert "{" not in text
            assert "（）" not in text
            assert "None" not in text


def test_checks_are_registered_once():
    assert len({function.__name__ for function in FUNCTIONS}) == len(FUNCTIONS)


def test_an_emptied_month_of_the_book_is_told_with_what_is_used(a_return, read, found, facts):
    book = {**facts.targets, ("E04", "加工厂"): TargetRow(code="E04", project="加工厂", planned_month="待定")}
    rows = {**facts.target_rows, ("E04", "加工厂"): 9}
    ingested = read(a_return(ECONOMY), facts=replace(facts, targets=book, target_rows=rows))
    assert found(ingested) == [("month_unfinished", "")]
    row = ingested.findings.iloc[0]
    assert "targets/2021.csv第9行）的计划月份为“待定”" in row["message"]
    assert "暂用上报表中的2022-06" in row["message"]
    assert (row["code"], row["item"], row["sheet"]) == ("E04", "加工厂", "项目")


def test_a_duty_of_the_year_needs_no_month_and_one_that_can_not_be_read_is_told(a_return, read, found, facts):
    for typed, expected in ((None, []), ("年底", [("month_unfinished", "")])):
        book = {**facts.targets, ("M02", ""): TargetRow(code="M02", planned_month=typed)}
        assert found(read(a_return(SOCIAL), facts=replace(facts, targets=book))) == expected


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2021-12", []),
        ("2021-05", ["missed_unexplained"]),
        ("年底", ["missed_unexplained", "month_unfinished"]),  # the time progress holds as long as nobody can read it
    ],
)
def test_a_target_that_is_planned_for_later_owes_no_reason_before(a_return, read, found, facts, month, expected):
    made = a_return(ECONOMY, hidden={"department": ECONOMY, "period": "2021-09"}, stated={}, title="上报表")
    made.set("indicator", 0, actual=100).set("indicator", 2, actual=1).set("project", 0, finished_month="2021-08")
    planned = facts.targets["E01", ""].model_copy(update={"planned_month": month})
    facts = replace(facts, period=Period(2021, 9), targets={**facts.targets, ("E01", ""): planned})
    ingested = read(made, facts=facts)
    assert sorted(check for check, _ in found(ingested)) == expected
    assert ingested.findings["message"].str.contains("年中暂按序时进度评价").any() == ("month_unfinished" in expected)


def test_what_a_text_says_is_told_at_its_cell(a_return, read, found):
    made = a_return(WATER).set("text", 0, paragraph="全年整改“四乱”问题18件")
    ingested = read(made)
    assert found(ingested) == [("text_contradicts", made.cell("text", 0, "paragraph"))]
    assert "整改“四乱”问题（R03）所报的数不符" in ingested.findings.iloc[0]["message"]


def test_findings_stand_in_the_order_of_what_they_weigh(scheme):
    def finding(check, severity, code=None, cell="", sheet="指标", department=FINANCE):
        return Finding(department, check, severity, "x", "y", "f", sheet, cell, code)

    given = [
        finding("note", "note"),
        finding("whole file", "warning", sheet=""),
        finding("count", "error", "E05", "F2"),
        finding("unknown row", "error", None, "B9"),
        finding("second in the row", "error", "E01", "G4"),
        finding("first in the row", "error", "E01", "F4"),
        finding("assessed later", "error", "S05", "F1"),
        finding("other department", "error", None, sheet="", department=ECONOMY),
        finding("whole return", "error", None, sheet=""),
        finding("other sheet", "error", "E01", "A1", "分项"),
    ]
    ordered = by_weight(given, scheme, ["指标", "分项"])
    assert [each.check for each in ordered] == [
        "whole return",
        "other department",
        "first in the row",
        "second in the row",
        "other sheet",
        "assessed later",
        "count",
        "unknown row",
        "whole file",
        "note",
    ]
    assert by_weight(reversed(given), scheme, ["指标", "分项"]) == ordered
