"""Figures compared by code, item and role; those that were computed stand under what they were computed from."""

from dataclasses import replace

from analysis.running.changes.console import figure_line, told
from analysis.running.changes.figures import figure_changes
from analysis.running.changes.model import Cause, Changes
from analysis.running.changes.page import page
from analysis.running.changes.telling import Printed, Spot, Telling

F4, F5, G4, C2 = "[财政所.xlsx]指标!F4", "[财政所.xlsx]指标!F5", "[财政所.xlsx]指标!G4", "[targets/2021.csv]!C2"
NAMES = {"E01": ("税收收入", "财政所"), "E02": ("非税收入", "财政所")}


def printed(
    role: str, text: str, value: str | None, *sources: str, formula: str = "", code: str = "E01", item: str = ""
) -> Printed:
    return Printed(code, item, role, text, value, formula, sources, Spot(("一、总体",), "s1"))


def report(*figures: Printed) -> Telling:
    return Telling(figures, (), NAMES)


def of_target(actual: str, rate: str, exact: str) -> list[Printed]:
    return [
        printed("actual", f"{actual}万元", actual, F4),
        printed("target", "200万元", "200", C2),
        printed("rate", rate, exact, F4, C2, formula=f"{actual} ÷ 200 × 100%"),
        printed("table.actual", actual, actual, F4),
        printed("table.target", "200", "200", C2),
        printed("table.rate", rate, exact, F4, C2, formula=f"{actual} ÷ 200 × 100%"),
    ]


def outline(causes: tuple[Cause, ...]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [(c.root.id, c.root.kind, [(d.id, d.kind) for d in c.dependents]) for c in causes]


def test_the_same_figures_are_no_change() -> None:
    assert figure_changes(report(*of_target("180", "90.0%", "9/10")), report(*of_target("180", "90.0%", "9/10"))) == (
        (),
        (),
    )


def test_a_figure_is_told_once_however_often_it_is_printed_and_its_rate_stands_under_it() -> None:
    causes, _ = figure_changes(report(*of_target("180", "90.0%", "9/10")), report(*of_target("190", "95.0%", "19/20")))
    assert outline(causes) == [("E01.actual", "changed", [("E01.rate", "changed")])]
    root = causes[0].root
    assert (root.name, root.label, root.department) == ("税收收入", "完成数", "财政所")
    assert (root.before.text, root.after.text, root.after.sources) == ("180万元", "190万元", (F4,))
    assert causes[0].dependents[0].after.formula == "190 ÷ 200 × 100%"


def test_a_rate_that_rounds_to_the_same_is_told_apart() -> None:
    causes, _ = figure_changes(
        report(*of_target("180.01", "90.0%", "18001/20000")), report(*of_target("180.02", "90.0%", "9001/10000"))
    )
    assert outline(causes) == [("E01.actual", "changed", [("E01.rate", "same")])]


def test_other_decimals_of_the_same_value_stand_under_what_made_them_so() -> None:
    def share(part: str, text: str, exact: str, target: str) -> Telling:
        return report(
            printed("actual", f"{part}起", part, F4),
            printed("share", text, exact, F4, F5, formula=f"{part} ÷ 92 × 100%"),
            printed("target", target, "19/20", C2),
            printed("table.rate", text, exact, F4, F5, formula=f"{part} ÷ 92 × 100%"),
        )

    causes, _ = figure_changes(share("91", "98.9%", "91/92", "95.0%"), share("90", "97.826%", "45/46", "95.000%"))
    assert outline(causes) == [("E01.actual", "changed", [("E01.share", "changed"), ("E01.target", "reprinted")])]


def test_an_operand_of_another_indicator_is_the_cause_there() -> None:
    def average(total: str, each: str) -> Telling:
        return report(
            printed("actual", f"{total}本", total, F4),
            printed("average", f"{each}本", each, F4, F5, formula=f"{total} ÷ 10", code="E02"),
        )

    causes, _ = figure_changes(average("50", "5"), average("60", "6"))
    assert outline(causes) == [("E01.actual", "changed", [("E02.average", "changed")])]


def test_of_two_operands_that_changed_the_one_of_its_own_indicator_is_the_cause() -> None:
    def share(whole: str, part: str, text: str) -> Telling:
        return report(
            printed("actual", f"{whole}起", whole, F4),
            printed("actual", f"{part}起", part, F5, code="E02"),
            printed("share", text, f"{part}/{whole}", F4, F5, formula=f"{part} ÷ {whole} × 100%", code="E02"),
        )

    causes, _ = figure_changes(share("101", "50", "49.5%"), share("103", "60", "58.3%"))
    assert outline(causes) == [("E01.actual", "changed", []), ("E02.actual", "changed", [("E02.share", "changed")])]


def test_a_count_stands_under_the_indicator_that_came_or_went_not_under_one_that_changed_within() -> None:
    def counted(one: str, other: str, count: str, *cells: str) -> Telling:
        return report(
            printed("actual", one, one, F4),
            printed("actual", other, other, F5, code="E02"),
            printed("count.完成", f"{count}项", count, *cells, code="", formula=f"结果为“完成”的指标数：{count}"),
        )

    causes, _ = figure_changes(counted("10", "20", "2", F4, F5), counted("11", "9", "1", F4))
    assert outline(causes) == [("E01.actual", "changed", []), ("E02.actual", "changed", [("count.完成", "changed")])]
    causes, _ = figure_changes(counted("10", "20", "2", F4, F5), counted("1", "2", "0"))
    assert outline(causes)[-1] == ("count.完成", "changed", [])  # two causes: it stands for itself


def test_a_target_figure_is_new_with_a_late_return_and_gone_without_it() -> None:
    none, some = report(*of_target("180", "90.0%", "9/10")[1:2]), report(*of_target("180", "90.0%", "9/10"))
    assert outline(figure_changes(none, some)[0]) == [("E01.actual", "new", [("E01.rate", "new")])]
    assert outline(figure_changes(some, none)[0]) == [("E01.actual", "gone", [("E01.rate", "gone")])]


def test_figures_of_a_renamed_file_are_counted_not_listed() -> None:
    before = of_target("180", "90.0%", "9/10")
    renamed = [replace(f, sources=tuple(s.replace("财政所", "财政所更正") for s in f.sources)) for f in before]
    causes, moved = figure_changes(report(*before), report(*renamed))
    assert causes == ()
    assert [(m.department, m.before, m.after, m.figures) for m in moved] == [
        ("财政所", "财政所.xlsx", "财政所更正.xlsx", 1)
    ]


def test_the_cell_may_move_while_its_number_changes() -> None:
    before, after = of_target("180", "90.0%", "9/10"), of_target("190", "95.0%", "19/20")
    moved = [replace(f, sources=tuple(s.replace("F4", "F9") for s in f.sources)) for f in after]
    causes, renamed = figure_changes(report(*before), report(*moved))
    assert outline(causes) == [("E01.actual", "changed", [("E01.rate", "changed")])]
    assert renamed == ()


def test_two_projects_of_one_name_are_two_figures() -> None:
    def projects(second: str) -> Telling:
        return report(
            printed("investment", "10万元", "10", F4, item="文化广场"),
            printed("investment", second, second.removesuffix("万元"), F5, item="文化广场"),
        )

    causes, _ = figure_changes(projects("20万元"), projects("30万元"))
    assert [(c.root.before.text, c.root.after.text) for c in causes] == [("20万元", "30万元")]


def test_the_point_of_a_line_over_the_years_is_the_actual_that_stands_beside_it() -> None:
    def years(actual: str) -> Telling:
        return report(
            printed("actual", f"{actual}万元", actual, F4),
            printed("base", "150万元", "150", G4),
            printed("chart.2020", "150", "150", G4),
            printed("chart.2021", actual, actual, F4),
        )

    assert outline(figure_changes(years("180"), years("190"))[0]) == [("E01.actual", "changed", [])]


def test_a_month_has_no_value_and_changes_all_the_same() -> None:
    before, after = (report(printed("finished_month", month, None, F4, item="广场")) for month in ("8月", "9月"))
    assert outline(figure_changes(before, after)[0]) == [("E01.广场.finished_month", "changed", [])]


def test_what_is_gone_stands_where_it_stood() -> None:
    one, two, three = (printed("actual", n, n, f"[x.xlsx]指标!F{n}", code=f"E0{n}") for n in "123")
    causes, _ = figure_changes(report(one, two, three), report(replace(one, text="9", value="9"), three))
    assert [c.root.id for c in causes] == ["E01.actual", "E02.actual"]


def test_a_figure_that_went_from_the_prose_into_a_table_is_the_same_figure() -> None:
    causes, _ = figure_changes(
        report(printed("actual", "180万元", "180", F4)), report(printed("table.actual", "190", "190", F4))
    )
    assert outline(causes) == [("E01.actual", "changed", [])]
    assert (causes[0].root.before.text, causes[0].root.after.text) == ("180万元", "190")


def test_what_prints_the_same_is_counted_and_not_listed() -> None:
    causes, _ = figure_changes(
        report(*of_target("180.01", "90.0%", "18001/20000")), report(*of_target("180.02", "90.0%", "9001/10000"))
    )
    changes = Changes("报告", "上一次运行", (), (), causes, ())
    lines = told(changes)
    assert [line for line in lines if "完成" in line] == [
        "    E01 税收收入：完成数 180.01万元 → 180.02万元；财政所.xlsx 指标 F4；财政所"
    ]
    assert lines[-1] == "另有1个数字重新计算过，印出来不变。"
    listed = page(changes, "")
    assert listed.count("E01 税收收入：") == 1 and 'class="dependent"' not in listed


def test_a_figure_of_several_cells_without_a_formula_names_none() -> None:
    causes, _ = figure_changes(report(printed("actual", "1", "1", F4, F5)), report(printed("actual", "2", "2", F4, F5)))
    assert figure_line(causes[0].root) == "E01 税收收入：完成数 1 → 2"
