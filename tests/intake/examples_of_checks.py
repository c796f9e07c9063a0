"""For each check of stage 1 a return that it finds something in, one that passes, and one that it can't look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.scheme import Facts, Scheme, TargetRow

FINANCE, ECONOMY, WATER, SOCIAL = "财政所", "经济发展办公室", "水利站", "社会治理办公室"


@dataclass
class Case:
    """A right return about to be saved, with the facts; a change makes it what it is an example of."""

    made: Any
    facts: Facts
    folder: Path
    scheme: Scheme
    sent: bool = True

    def set(self, table: str, row: int, **cells: Any) -> None:
        self.made.set(table, row, **cells)

    def add(self, table: str, **cells: Any) -> None:
        self.made.tables.setdefault(table, []).append(cells)

    def after(self, change: Callable[[Any], None]) -> None:
        """Change the workbook before it is saved."""
        self.made.after = change

    def book(self, code: str, project: str = "", **row: str | None) -> None:
        """A row of the target book."""
        rows = {**self.facts.targets, (code, project): TargetRow(code=code, project=project or None, **row)}
        self.facts = replace(self.facts, targets=rows)


Change = Callable[[Case], None]


@dataclass(frozen=True)
class Example:
    """A department, what is wrong with its return, what is right, and what leaves the check without what it needs."""

    department: str
    found: Change
    passed: Change = lambda case: None
    unless: Change | None = None


def without_people(case: Case) -> None:
    case.scheme = replace(case.scheme, people=())


def sets(table: str, row: int, **cells: Any) -> Change:
    return lambda case: case.set(table, row, **cells)


def adds(table: str, **cells: Any) -> Change:
    return lambda case: case.add(table, **cells)


def books(code: str, project: str = "", **row: str | None) -> Change:
    return lambda case: case.book(code, project, **row)


def cell(sheet: str, address: str, value: Any) -> Change:
    def change(workbook: Any) -> None:
        workbook[sheet][address] = value

    return lambda case: case.after(change)


def both(*changes: Change) -> Change:
    def change(case: Case) -> None:
        for each in changes:
            each(case)

    return change


def column(heading: str, *values: Any, percent: bool = False) -> Change:
    """A column behind those of the indicator sheet's form, as some departments add it."""

    def change(workbook: Any) -> None:
        sheet = workbook["指标"]
        for row, value in enumerate((heading, *values), 3):
            sheet.cell(row, 12, value)
            if percent and row > 3:
                sheet.cell(row, 12).number_format = "0.0%"

    return lambda case: case.after(change)


def nothing_sent(case: Case) -> None:
    case.sent = False


def a_text_file(case: Case) -> None:
    case.sent = False
    (case.folder / f"{case.made.department}.xlsx").write_bytes(b"not a workbook")


def a_second_file(case: Case) -> None:
    (case.folder / f"{case.made.department}（补）.xlsx").write_bytes(b"not a workbook")


def no_hidden_sheet(case: Case) -> None:
    case.made.hidden, case.made.stated, case.made.title = None, {}, ""


def of_no_version(case: Case) -> None:
    case.made.hidden = {"department": case.made.department, "period": "2021"}


def no_row(table: str, row: int = 0) -> Change:
    return lambda case: case.made.tables[table].pop(row) and None


def hidden_sheet(case: Case) -> None:
    def change(workbook: Any) -> None:
        workbook["分项"].sheet_state = "hidden"

    case.after(change)


def a_foreign_sheet(case: Case) -> None:
    case.after(lambda workbook: workbook.create_sheet("通讯录").append(["姓名", "电话"]))


def an_error(case: Case) -> None:
    def change(workbook: Any) -> None:
        workbook["指标"]["F4"].value, workbook["指标"]["F4"].data_type = "#DIV/0!", "e"

    case.after(change)


def merged(case: Case) -> None:
    case.after(lambda workbook: workbook["指标"].merge_cells("G4:G5"))


def no_income_column(case: Case) -> None:
    case.made.headings = {"预计村集体年收入（万元）": None}


def no_code_column(case: Case) -> None:
    case.made.headings = {"编码": None}
    case.set("indicator", 0, name="一般公共预算支出额")


def nobody_named(case: Case) -> None:
    case.made.stated = {"department": case.made.department, "period": "2021年"}


def bookless(case: Case) -> None:
    case.facts = replace(case.facts, targets={}, has_target_book=False)


def a_date(typed: str) -> Change:
    def change(case: Case) -> None:
        case.made.stated = {**case.made.stated, "filled_on": typed}

    return change


INDICATOR, PART, PROJECT, DUTY, TEXT = "indicator", "part", "project", "duty", "text"
EXAMPLES: dict[str, Example] = {
    # ---- what the first look and the reader ask about
    "not_returned": Example(FINANCE, nothing_sent),
    "refused": Example(FINANCE, a_text_file),
    "left_aside": Example(FINANCE, a_second_file),
    "sight_note": Example(FINANCE, no_hidden_sheet, of_no_version),
    "unknown_row": Example(FINANCE, adds(INDICATOR, name="完全不相干的一件事", actual=1)),
    "unknown_code": Example(FINANCE, adds(INDICATOR, code="Z99", name="别的", actual=1)),
    "near_name": Example(FINANCE, no_code_column),
    "code_name_differ": Example(ECONOMY, sets(INDICATOR, 0, name="争取项目资金")),
    "wrong_sheet": Example(SOCIAL, adds(INDICATOR, code="M02", actual=1)),
    "item_missing": Example(ECONOMY, adds(PART, code="E02", amount=1)),
    "row_twice": Example(FINANCE, adds(INDICATOR, code="E03", actual=1)),
    "foreign_indicator": Example(FINANCE, adds(INDICATOR, code="E01", actual=30000)),
    "not_this_year": Example(FINANCE, adds(INDICATOR, code="E06", actual=1)),
    "sheet_ignored": Example(FINANCE, a_foreign_sheet),
    "sheet_hidden": Example(ECONOMY, hidden_sheet),
    "column_ignored": Example(FINANCE, column("责任领导", "张三")),
    "column_twice": Example(FINANCE, column("实际完成", 1)),
    "not_number": Example(FINANCE, sets(INDICATOR, 0, actual="两千")),
    "uncertain_number": Example(FINANCE, sets(INDICATOR, 0, actual="约2200")),
    "mark_unclear": Example(FINANCE, sets(INDICATOR, 0, actual="无")),
    "percent_unclear": Example(WATER, sets(INDICATOR, 2, target=0.95)),
    "percent_unexpected": Example(FINANCE, sets(INDICATOR, 0, actual="95%")),
    "unit_in_cell": Example(FINANCE, sets(INDICATOR, 0, actual="2200户")),
    "unit_differs": Example(FINANCE, sets(INDICATOR, 0, unit="公顷")),
    "unit_converted": Example(FINANCE, sets(INDICATOR, 0, unit="亿元", target=0.226, actual=0.22005, base=0.21)),
    "error_cell": Example(FINANCE, an_error),
    "formula_without_value": Example(FINANCE, sets(INDICATOR, 0, actual="=1100*2")),
    "merged_cell": Example(WATER, merged),
    "choice_unknown": Example(ECONOMY, sets(PROJECT, 0, stage="快了")),
    "month_unclear": Example(ECONOMY, sets(PROJECT, 0, finished_month="年底前后")),
    "date_unclear": Example(FINANCE, a_date("年前"), a_date("2022-01-05")),
    # ---- complete
    "row_missing": Example(ECONOMY, no_row(INDICATOR, 2)),
    "figure_empty": Example(FINANCE, sets(INDICATOR, 0, actual=None)),
    "base_empty": Example(ECONOMY, sets(INDICATOR, 0, base=None)),
    "parts_missing": Example(WATER, no_row(PART)),
    "part_empty": Example(ECONOMY, adds(PART, code="E02", item="水利工程")),
    "project_empty": Example(ECONOMY, sets(PROJECT, 0, stage=None)),
    "project_detail_empty": Example(ECONOMY, sets(PROJECT, 0, place=None)),
    "duty_empty": Example(SOCIAL, sets(DUTY, 0, status=None)),
    "text_missing": Example(WATER, no_row(TEXT)),
    "words_missing": Example(WATER, no_row(TEXT, 2)),
    "column_missing": Example(ECONOMY, no_income_column),
    "submitter_empty": Example(FINANCE, nobody_named),
    # ---- domain
    "negative": Example(FINANCE, sets(INDICATOR, 0, base=-1)),
    "not_whole": Example(SOCIAL, sets(INDICATOR, 0, base=110.5)),
    "many_decimals": Example(FINANCE, sets(INDICATOR, 0, actual=2200.555)),
    "too_many_decimals": Example(FINANCE, sets(INDICATOR, 0, actual=2200.12345)),
    "beyond_bounds": Example(ECONOMY, sets(INDICATOR, 0, actual=500001)),
    "rate_above_100": Example(WATER, sets(INDICATOR, 2, target=101)),
    # ---- arithmetic
    "parts_sum": Example(ECONOMY, sets(PART, 1, amount=1300), unless=sets(INDICATOR, 1, actual=None)),
    "part_above_whole": Example(WATER, sets(INDICATOR, 2, actual=21), unless=sets(INDICATOR, 1, actual=None)),
    "part_above_whole_strict": Example(
        SOCIAL, sets(INDICATOR, 4, actual=9001), sets(INDICATOR, 4, actual=9000), sets(INDICATOR, 3, actual=None)
    ),
    "relation_equal": Example(ECONOMY, sets(INDICATOR, 4, actual=31), unless=sets(INDICATOR, 3, actual=None)),
    "relation_sum": Example(ECONOMY, sets(PROJECT, 1, jobs=11), unless=sets(PROJECT, 1, jobs=None)),
    "relation_at_most": Example(
        ECONOMY, sets(INDICATOR, 2, actual=30001), sets(INDICATOR, 2, actual=30000), sets(INDICATOR, 0, actual=None)
    ),
    "stated_rate_differs": Example(
        FINANCE,
        column("完成率", "97.3%"),
        column("完成率", "97.4%"),
        both(bookless, sets(INDICATOR, 0, target=None), column("完成率", 97)),
    ),
    # ---- the target book
    "target_differs": Example(ECONOMY, sets(INDICATOR, 0, target=27000), unless=bookless),
    "book_unfinished": Example(ECONOMY, books("E01", target="待定")),
    "target_missing": Example(ECONOMY, both(bookless, sets(INDICATOR, 0, target=None)), bookless),
    "target_zero": Example(ECONOMY, books("E01", target="0")),
    "month_differs": Example(
        ECONOMY,
        books("E04", "加工厂", planned_month="2022-10"),
        books("E04", "加工厂", planned_month="2022-06"),
        lambda case: None,
    ),
    "month_unfinished": Example(
        ECONOMY, books("E04", "加工厂", planned_month=None), books("E04", "加工厂", planned_month="2022年6月")
    ),
    "above_ceiling": Example(
        FINANCE,
        sets(INDICATOR, 0, actual=2260.01),
        sets(INDICATOR, 0, actual=2260),
        sets(INDICATOR, 0, actual=None),
    ),
    "missed_unexplained": Example(
        FINANCE, sets(INDICATOR, 0, note="核实无误。"), unless=sets(INDICATOR, 0, actual=None)
    ),
    # ---- projects and duties
    "finished_not_done": Example(
        ECONOMY, sets(PROJECT, 1, finished_month="2021-12"), unless=sets(PROJECT, 1, stage=None)
    ),
    "done_without_month": Example(ECONOMY, sets(PROJECT, 0, finished_month=None)),
    "done_after_period": Example(ECONOMY, sets(PROJECT, 0, finished_month="2022-01")),
    "late_without_reason": Example(
        ECONOMY,
        sets(PROJECT, 1, planned_month="2021-12", reason="核实无误"),
        sets(PROJECT, 1, planned_month="2021-12", reason="征地未完成，延至明年"),
        sets(PROJECT, 1, stage=None),
    ),
    "progress_range": Example(ECONOMY, sets(PROJECT, 1, progress=101), unless=sets(PROJECT, 1, progress=None)),
    "progress_stage": Example(ECONOMY, sets(PROJECT, 0, progress=99), unless=sets(PROJECT, 0, stage=None)),
    "duty_without_note": Example(
        SOCIAL,
        sets(DUTY, 0, status="逾期完成", note="无"),
        sets(DUTY, 0, status="逾期完成", note="换届推迟，已补办"),
        sets(DUTY, 0, status=None),
    ),
    "duty_not_due": Example(
        SOCIAL,
        both(books("M02", planned_month="2021-06"), sets(DUTY, 0, status="未到期")),
        both(books("M02", planned_month="2022-06"), sets(DUTY, 0, status="未到期")),
        sets(DUTY, 0, status="未到期"),
    ),
    # ---- texts
    "paragraph_empty": Example(WATER, adds(TEXT, code="A01", category="下一步措施", answers="P-1")),
    "category_empty": Example(WATER, sets(TEXT, 1, code=None, category=None)),
    "placeholder": Example(WATER, sets(TEXT, 0, paragraph="清理河道××公里")),
    "too_long": Example(WATER, sets(TEXT, 0, paragraph="长" * 1001), sets(TEXT, 0, paragraph="长" * 1000)),
    "personal_number": Example(WATER, sets(TEXT, 0, paragraph="电话13812345678。")),
    "person_named": Example(WATER, sets(TEXT, 0, paragraph="村民张三家已通水。"), unless=without_people),
    "text_contradicts": Example(
        WATER,
        sets(TEXT, 0, paragraph="全年两级河长巡河1500次，整改“四乱”问题21件"),
        sets(TEXT, 0, paragraph="全年两级河长巡河1600次，整改“四乱”问题20件"),
        both(sets(TEXT, 0, paragraph="整改“四乱”问题21件"), sets(INDICATOR, 2, actual=None, target=None, base=None)),
    ),
}
