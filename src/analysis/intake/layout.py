"""The sheets of a return and their columns: what the blank form prints and what the reader looks for."""

from dataclasses import dataclass
from typing import Literal

Table = Literal["submitter", "indicator", "part", "project", "duty", "text"]
HIDDEN_SHEET = "_township_report"
INSTRUCTIONS = "填报说明"
RECEIPT_SHEET, RECEIPT_MARK = "审核回执", "_township_receipt"
"""What the marked copy of a return has beside it: the list of findings, and the hidden mark of what it corrects."""
STAGES = ("已完成", "在建", "未开工")
"""Stages of a project: done, under way, not started."""
STATUSES = ("按时完成", "逾期完成", "未完成", "未到期")
"""What a duty can be."""
YES_NO = ("是", "否")
SUM_ROW = "合计（自动）"
"""The name of the rows below the parts of an indicator that add them up by formula: no part, and nothing to be told of."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: the field of the tidy table, and its heading.

    `filled_in` tells whether the department fills it in; a column that is not `printed` is no part of the blank form, but
    read where a return has it.
    """

    field: str
    heading: str
    width: float
    filled_in: bool = True
    printed: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a return: the table it feeds, its title on the tab, its columns in order."""

    table: Table
    title: str
    columns: tuple[Column, ...]

    @property
    def printed(self) -> tuple[Column, ...]:
        """The columns of the blank form."""
        return tuple(column for column in self.columns if column.printed)

    def heading(self, field: str) -> str:
        """The heading of a field."""
        return next(column.heading for column in self.columns if column.field == field)


SUBMITTER = (
    ("department", "填报单位"),
    ("period", "报告期"),
    ("filled_by", "填报人"),
    ("checked_by", "审核人"),
    ("phone", "联系电话"),
    ("filled_on", "填报日期"),
)
"""Label and field of the first sheet: a label in one cell, what is filled in to its right."""

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "indicator",
        "指标",
        (
            Column("line", "序号", 6, False),
            Column("code", "编码", 8, False),
            Column("name", "指标名称", 34, False),
            Column("unit", "单位", 8, False),
            Column("target", "目标任务数", 14, False),
            Column("actual", "完成数", 14),
            Column("base", "上年同期数", 14),
            Column("carried", "上年结转数", 12),
            Column("note", "说明", 44),
            Column("rate", "完成率", 10, printed=False),
            Column("growth", "同比增长", 10, printed=False),
        ),
    ),
    Sheet(
        "part",
        "分项",
        (
            Column("code", "编码", 8, False),
            Column("name", "指标名称", 34, False),
            Column("item", "分项名称", 28),
            Column("amount", "完成数", 14),
        ),
    ),
    Sheet(
        "project",
        "项目",
        (
            Column("code", "编码", 7, False),
            Column("item", "名称", 26),
            Column("place", "地点", 12),
            Column("stage", "阶段", 9),
            Column("progress", "形象进度%", 10),
            Column("planned_month", "计划完成月份", 11),
            Column("finished_month", "实际完成月份", 11),
            Column("used_month", "投用月份", 10),
            Column("investment", "投资（万元）", 11),
            Column("jobs", "带动就业（个）", 9),
            Column("income", "预计村集体年收入（万元）", 14),
            Column("in_use", "是否投用", 7),
            Column("reason", "未开工或滞后原因", 34),
        ),
    ),
    Sheet(
        "duty",
        "履职",
        (
            Column("code", "编码", 8, False),
            Column("name", "事项", 34, False),
            Column("status", "完成情况", 12),
            Column("note", "说明", 60),
        ),
    ),
    Sheet(
        "text",
        "文字材料",
        (
            Column("code", "编码", 8),
            Column("category", "类别", 12),
            Column("paragraph", "内容", 90),
            Column("answers", "对应问题", 20),
        ),
    ),
)
SHEETS_BY_TABLE: dict[str, Sheet] = {sheet.table: sheet for sheet in SHEETS}
