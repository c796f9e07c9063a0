"""A small scheme, and returns built cell by cell, for the tests of stage 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings

from analysis.figures.assess import assess
from analysis.figures.gather import Returned, gather
from analysis.figures.model import Assessment
from analysis.figures.works import duties_of, projects_of
from analysis.intake.frames import Value
from analysis.scheme import (
    Check,
    Department,
    Facts,
    Indicator,
    Period,
    PeriodFacts,
    Scheme,
    Synonym,
    TargetRow,
    Town,
)

settings.register_profile("figures", deadline=None, derandomize=True, max_examples=120)
settings.load_profile("figures")

FINANCE, GOVERNANCE, ECONOMY = "财政所", "社会治理办公室", "经济发展办公室"
SHEETS = {"indicator": "指标", "part": "分项", "project": "项目", "duty": "履职", "text": "文字材料"}
COLUMNS = (
    "target",
    "actual",
    "base",
    "carried",
    "note",
    "amount",
    "stage",
    "planned_month",
    "finished_month",
    "reason",
)
CHECKS = (
    ("missed_unexplained", "explanation", "warning", 5, "没有写明原因"),
    ("change_unexplained", "years", "warning", 50, "{found}{unit}，上年{base}{unit}，变动超过{expected}，没有写明原因"),
    ("base_restated", "years", "warning", None, "上年同期数为{found}，上年上报{expected}（{before}）"),
    ("unit_suspected", "years", "warning", 20, "{found}，上年{base}，约为上年的{expected}"),
    ("all_as_last_year", "years", "warning", 3, "{found}个数都与上年相同"),
    ("below_earlier", "years", "warning", None, "{found}，少于{period}的{expected}（{before}）"),
    ("reporters_differ", "departments", "error", None, "本部门报{found}，{other}报{expected}"),
    ("relation_across", "departments", "error", None, "{left}为{found}，应{expected}（{right}，{others}）"),
    ("project_missing", "projects_book", "error", None, "没有{found}，{hint}"),
    ("file_unknown", "files", "warning", None, "文件没有读取：{reason}"),
)


@pytest.fixture(scope="session")
def indicator() -> Callable[..., Indicator]:
    """A row of the scheme: a target in 万元 that should rise, unless changed."""

    def make(**changes: Any) -> Indicator:
        row: dict[str, Any] = {"code": "E01", "chapter": "章", "section": "经济", "name": "投资", "unit": "万元"}
        row |= {"kind": "target", "direction": "up", "owner": FINANCE} | changes
        return Indicator(**row)

    return make


@pytest.fixture(scope="session")
def make_scheme() -> Callable[..., Scheme]:
    """A scheme of these indicators, with the checks that stage 2 uses."""

    def make(*indicators: Indicator) -> Scheme:
        return Scheme(
            indicators,
            tuple(Department(order=n, name=name) for n, name in enumerate((FINANCE, GOVERNANCE, ECONOMY), 1)),
            (),
            tuple(
                Check(code=code, group=group, severity=severity, value=value, wording=wording, remedy="请核对")
                for code, group, severity, value, wording in CHECKS
            ),
            (Synonym(group="mark", meaning="空话", written="核实无误", kinds="说明"),),
            (),
        )

    return make


@pytest.fixture(scope="session")
def scheme(make_scheme: Callable[..., Scheme], indicator: Callable[..., Indicator]) -> Scheme:
    """An indicator of every kind."""
    governed = {"owner": GOVERNANCE, "unit": "件", "section": "治理"}
    none = {"unit": None, "direction": None}
    return make_scheme(
        indicator(name="固定资产投资"),
        indicator(code="E03", name="一般公共预算支出", ceiling="是"),
        indicator(code="E04", name="重点项目", kind="project", owner=ECONOMY, **none),
        indicator(code="E05", name="发放补贴", kind="count", second_owner=ECONOMY),
        indicator(code="S01", name="受理纠纷", kind="count", direction="neutral", **governed),
        indicator(code="S02", name="化解纠纷", kind="ratio", whole="S01", carried_over="是", **governed),
        indicator(code="S05", name="民转刑案件", kind="zero", **governed | {"direction": "down"}),
        indicator(code="S08", name="越级上访", **governed | {"direction": "down"}),
        indicator(code="H07", name="轮次", kind="fact", owner=GOVERNANCE, **none | {"unit": "轮"}),
        indicator(code="M02", name="防控体系", kind="status", owner=GOVERNANCE, **none),
        indicator(code="Q01", name="突出问题", kind="text", owner="各部门", **none),
        indicator(code="X09", name="旧口径", kind="count", until=2020),
    )


@pytest.fixture(scope="session")
def make_facts() -> Callable[..., Facts]:
    """The facts of a period; `book` gives targets by code, planned months by code or by code and project."""

    def make(
        period: str = "2021",
        book: Mapping[str | tuple[str, str], str] | None = None,
        months: Mapping[str | tuple[str, str], str] | None = None,
    ) -> Facts:
        rows: dict[tuple[str, str], TargetRow] = {}
        for kept, column in ((book or {}, "target"), (months or {}, "planned_month")):
            for key, text in kept.items():
                code, project = (key, "") if isinstance(key, str) else key
                rows[code, project] = TargetRow(code=code, project=project or None, **{column: text})
        town = Town(
            name="清河镇",
            county="云岭县",
            addressee="云岭县人民政府",
            signature="清河镇人民政府",
            phone="0900-1",
            phones={GOVERNANCE: "0900-2"},
        )
        numbers = {key: row for row, key in enumerate(rows, 2)}
        facts = PeriodFacts(report_date=date(2022, 1, 12))
        return Facts(town, Period.parse(period), facts, rows, bool(rows), (), numbers, BOOK_COLUMNS)

    return make


BOOK_COLUMNS = {"code": "A", "project": "B", "target": "C", "planned_month": "D", "document": "E"}


class Returns:
    """Returns in the making: each call adds a row; figures are given as typed."""

    def __init__(self, folder: str = "") -> None:
        self.folder = folder
        self.values: list[Value] = []
        self._lines: dict[tuple[str, str], int] = {}

    def row(
        self, table: str, code: str | None = None, by: str = FINANCE, item: str = "", **cells: str | int | None
    ) -> Returns:
        """A row of a table: text in the text fields, else numbers; an empty cell is None."""
        line = self._lines[by, table] = self._lines.get((by, table), 0) + 1
        texts = {"note", "stage", "planned_month", "finished_month", "reason", "status", "paragraph", "category"}
        texts |= {"answers", "filled_by", "filled_on", "phone"}
        for place, (name, typed) in enumerate(cells.items()):
            column = "ABCDEFGHIJ"[COLUMNS.index(name)] if name in COLUMNS else "KLMNOPQR"[place]
            shown = "" if typed is None else str(typed)
            is_text = name in texts
            self.values.append(
                Value(
                    by,
                    f"{self.folder}{by}.xlsx",
                    SHEETS.get(table, "填报说明"),
                    f"{column}{line}",
                    table,
                    code,
                    item,
                    line,
                    name,
                    shown,
                    None if is_text or typed is None else Decimal(shown),
                    shown if is_text and typed is not None else None,
                )
            )
        return self

    def figures(self, code: str, by: str = FINANCE, **cells: str | int | None) -> Returns:
        """A row of the indicator sheet."""
        return self.row("indicator", code, by, **cells)

    def project(self, item: str, code: str = "E04", by: str = ECONOMY, **cells: str | int | None) -> Returns:
        """A row of the project sheet."""
        return self.row("project", code, by, item, **cells)


@pytest.fixture(scope="session")
def returns() -> type[Returns]:
    """Begin a set of returns."""
    return Returns


@pytest.fixture(scope="session")
def assessed() -> Callable[..., dict[str, Assessment]]:
    """Gather returns and assess them, by code."""

    def run(
        scheme: Scheme, facts: Facts, now: Returns, earlier: Mapping[int, Returns] | None = None
    ) -> dict[str, Assessment]:
        returned = gather(scheme, now.values)
        before: dict[int, Returned] = {year: gather(scheme, made.values) for year, made in (earlier or {}).items()}
        projects, duties = list(projects_of(scheme, facts, returned)), list(duties_of(scheme, facts, returned))
        return {row.code: row for row in assess(scheme, facts, returned, before, projects, duties)}

    return run
