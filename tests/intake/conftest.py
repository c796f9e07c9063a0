"""Returns as real workbooks: a right one of each department of a small scheme, to be made wrong in one place."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pandera.config import config_context

from analysis.intake.ingest import Ingested, ingest
from analysis.intake.layout import HIDDEN_SHEET, INSTRUCTIONS, SHEETS, SHEETS_BY_TABLE, SUBMITTER
from analysis.scheme import Facts, Period, PeriodFacts, Scheme, TargetRow, Town, read_scheme

ROOT = Path(__file__).parents[2]
FIRST_ROW = 4
INDICATORS = """\
code,chapter,section,name,unit,kind,direction,owner,second_owner,whole,strict,carried_over,ceiling,breakdown,parts,lower,upper,since,until
E01,章,经济,固定资产投资,万元,target,up,经济发展办公室,,,,,,,,,500000,,
E02,章,经济,争取项目资金,万元,target,up,经济发展办公室,,,,,,项目,,,,,
E04,章,经济,重点项目建设,,project,,经济发展办公室,,,,,,,,,,,
E05,章,经济,大棚投资,万元,count,up,经济发展办公室,,,,,,,,,,,
E07,章,经济,新增就业岗位,个,count,up,经济发展办公室,,,,,,,,,,,
E08,章,经济,就业岗位台账,个,count,up,经济发展办公室,,,,,,,,,,,
E03,章,经济,一般公共预算支出,万元,target,up,财政所,,,,,是,,,,100000,,
E06,章,经济,旧口径支出,万元,count,up,财政所,,,,,,,,,,,2020
R01,章,河湖,两级河长巡河,次,target,up,水利站,,,,,,级别,镇级、村级,,,,
R02,章,河湖,发现“四乱”问题,件,count,neutral,水利站,,,,,,,,,,,
R03,章,河湖,整改“四乱”问题,件,ratio,up,水利站,,R02,,,,,,,,,
R06,章,河湖,河湖长制工作情况,,text,,水利站,,,,,,,,,,,
S01,章,治理,受理矛盾纠纷,起,count,neutral,社会治理办公室,,,,,,,,,,,
S02,章,治理,化解矛盾纠纷,起,ratio,up,社会治理办公室,,S01,,是,,,,,,,
S05,章,治理,民转刑案件,起,zero,down,社会治理办公室,,,,,,,,,,,
S06,章,治理,应参保人数,人,count,up,社会治理办公室,,,,,,,,,,,
S07,章,治理,实际参保人数,人,ratio,up,社会治理办公室,,S06,是,,,,,,,,
S08,章,治理,越级上访,件,target,down,社会治理办公室,,,,,,,,,,,
M02,章,治理,社会治安防控体系,,status,,社会治理办公室,,,,,,,,,,,
Q01,存在的问题和不足,,突出问题,,text,,各部门,,,,,,,,,,,
A01,下一步工作措施,,下一步措施,,text,,各部门,,,,,,,,,,,
"""
DEPARTMENTS = "order,name,aliases\n1,财政所,\n2,经济发展办公室,经发办\n3,水利站,\n4,社会治理办公室,综治办\n"
RELATIONS = """\
name,relation,left,right,explanation
带动就业,sum,E07,E04.jobs,新增就业岗位等于各项目带动就业之和
岗位台账,equal,E08,E07,两处是同一个数
大棚投资,at_most,E05,E01,大棚投资包含在内
"""
ROWS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "财政所": {
        "indicator": [
            {"code": "E03", "target": 2260, "actual": 2200.5, "base": 2100, "note": "项目支付跨年，余款下年支付"}
        ]
    },
    "经济发展办公室": {
        "indicator": [
            {"code": "E01", "target": 28000, "actual": 30000, "base": 26000},
            {"code": "E02", "target": 4000, "actual": 4200.5, "base": 3900},
            {"code": "E05", "actual": 500, "base": 400},
            {"code": "E07", "actual": 30, "base": 25},
            {"code": "E08", "actual": 30, "base": 25},
        ],
        "part": [
            {"code": "E02", "item": "农田建设", "amount": 3000.5},
            {"code": "E02", "item": "道路改造", "amount": 1200},
        ],
        "project": [
            {
                "code": "E04",
                "item": "冷链仓库",
                "place": "柳坪村",
                "stage": "已完成",
                "progress": 100,
                "planned_month": "2021-09",
                "finished_month": "2021-08",
                "investment": 1200.5,
                "jobs": 20,
                "in_use": "是",
            },
            {
                "code": "E04",
                "item": "加工厂",
                "place": "石门村",
                "stage": "在建",
                "progress": 60,
                "planned_month": "2022-06",
                "investment": 800,
                "jobs": 10,
            },
        ],
    },
    "水利站": {
        "indicator": [
            {"code": "R01", "target": 1500, "actual": 1600, "base": 1400},
            {"code": "R02", "actual": 20, "base": 25},
            {"code": "R03", "target": 95, "actual": 20, "base": 24},
        ],
        "part": [{"code": "R01", "item": "镇级", "amount": 400}, {"code": "R01", "item": "村级", "amount": 1200}],
        "text": [{"code": "R06", "category": "工作情况", "paragraph": "开展清河行动，河道面貌改善"}],
    },
    "社会治理办公室": {
        "indicator": [
            {"code": "S01", "actual": 100, "base": 110},
            {"code": "S02", "target": 90, "actual": 95, "base": 100, "carried": 0},
            {"code": "S05", "actual": 0, "base": 0},
            {"code": "S06", "actual": 9000, "base": 9100},
            {"code": "S07", "target": 95, "actual": 8900, "base": 9000},
            {"code": "S08", "target": 10, "actual": 8, "base": 12},
        ],
        "duty": [{"code": "M02", "status": "按时完成"}],
    },
}
BOOK = {"E01": "28000", "E02": "4000", "E03": "2260", "R01": "1500", "R03": "95", "S02": "90", "S07": "95", "S08": "10"}


@dataclass
class Return:
    """A return that can be changed cell by cell before it is written as a workbook."""

    scheme: Scheme
    department: str
    tables: dict[str, list[dict[str, Any]]]
    hidden: dict[str, str] | None = None
    stated: dict[str, str] = field(default_factory=dict)
    title: str = "清河镇2021年度上报表"
    headings: dict[str, str] = field(default_factory=dict)
    """By printed heading, another one; None leaves the column out."""
    order: Callable[[list[str]], list[str]] = list
    titles: dict[str, str] = field(default_factory=dict)
    above: int = FIRST_ROW - 2
    after: Callable[[Any], None] = lambda workbook: None

    def set(self, table: str, row: int, **cells: Any) -> Return:
        self.tables[table][row].update(cells)
        return self

    def columns(self, table: str) -> list[str]:
        fields = [column.field for column in SHEETS_BY_TABLE[table].printed]
        return self.order([name for name in fields if self.headings.get(SHEETS_BY_TABLE[table].heading(name), "-")])

    def cell(self, table: str, row: int, name: str) -> str:
        column = openpyxl.utils.get_column_letter(self.columns(table).index(name) + 1)
        return f"{column}{self.above + 2 + row}"

    def workbook(self) -> Any:
        workbook = openpyxl.Workbook()
        first = workbook.active
        first.title = INSTRUCTIONS
        first["A1"] = self.title
        for row, (name, label) in enumerate(SUBMITTER, 2):
            if name in self.stated:
                first.cell(row, 1, label)
                first.cell(row, 2, self.stated[name])
        for sheet in SHEETS:
            rows = self.tables.get(sheet.table)
            if rows is None:
                continue
            worksheet = workbook.create_sheet(self.titles.get(sheet.title, sheet.title))
            if self.above:
                worksheet["A1"] = self.title
            names = self.columns(sheet.table)
            for column, name in enumerate(names, 1):
                heading = sheet.heading(name)
                worksheet.cell(self.above + 1, column, self.headings.get(heading, heading))
            for number, row in enumerate(rows):
                indicator = self.scheme.by_code.get(row.get("code") or "")
                known = {"name": indicator.name, "unit": indicator.unit, "line": number + 1} if indicator else {}
                for column, name in enumerate(names, 1):
                    value = {**known, **row}.get(name)
                    if value is not None:
                        cell = worksheet.cell(self.above + 2 + number, column)
                        cell.value = value
                        if isinstance(value, str) and value.startswith("="):
                            cell.data_type = "s" if sheet.table == "text" else "f"
        if self.hidden is not None:
            hidden = workbook.create_sheet(HIDDEN_SHEET)
            for row, pair in enumerate(self.hidden.items(), 1):
                hidden.cell(row, 1, pair[0])
                hidden.cell(row, 2, pair[1])
            hidden.sheet_state = "hidden"
        self.after(workbook)
        return workbook

    def save(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.workbook().save(path)
        return path


@pytest.fixture(scope="session")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    folder = tmp_path_factory.mktemp("scheme")
    for name, text in (("indicators", INDICATORS), ("departments", DEPARTMENTS), ("relations", RELATIONS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "themes.csv").write_text("order,section,theme\n", encoding="utf-8")
    for name in ("checks", "synonyms", "people"):
        shutil.copy(ROOT / "scheme" / f"{name}.csv", folder)
    return read_scheme(folder)


@pytest.fixture(scope="session")
def town() -> Town:
    return Town(
        name="清河镇",
        county="云岭县",
        addressee="云岭县人民政府",
        signature="清河镇人民政府",
        phone="0900-1",
        phones={"财政所": "0900-3"},
    )


@pytest.fixture
def facts(town: Town) -> Facts:
    return Facts(
        town,
        Period(2021),
        PeriodFacts(report_date=date(2022, 1, 12)),
        {(code, ""): TargetRow(code=code, target=target) for code, target in BOOK.items()},
        True,
        (),
        {(code, ""): row for row, code in enumerate(BOOK, 2)},
    )


@pytest.fixture
def a_return(scheme: Scheme) -> Callable[..., Return]:
    def make(department: str, **changes: Any) -> Return:
        made = Return(
            scheme,
            department,
            deepcopy(ROWS[department]),
            {"department": department, "period": "2021", "scheme": "x"},
            {"department": department, "period": "2021年", "filled_by": "张三", "phone": "0900-9"},
        )
        for table in ("text",):
            made.tables.setdefault(table, []).extend(
                [
                    {"code": "Q01", "category": "存在的问题", "paragraph": "人手不足"},
                    {"code": "A01", "category": "下一步措施", "paragraph": "加强培训"},
                ]
            )
        return replace(made, **changes)

    return make


@pytest.fixture
def read(tmp_path: Path, scheme: Scheme, facts: Facts) -> Callable[..., Ingested]:
    """Save a return into a period's folder and ingest it."""

    def run(made: Return, name: str = "", facts: Facts = facts) -> Ingested:
        made.save(tmp_path / "period" / (name or f"{made.department}.xlsx"))
        with config_context(validation_enabled=False):  # most of the time; test_ingest has it on
            return ingest(tmp_path / "period", made.department, scheme, facts)

    return run


@pytest.fixture(scope="session")
def found() -> Callable[..., list[tuple[str, str]]]:
    """The findings as check and cell, notes left out unless asked for."""

    def of(ingested: Ingested, *, notes: bool = False) -> list[tuple[str, str]]:
        frame = ingested.findings
        if not notes:
            frame = frame[frame["severity"] != "note"]
        return list(zip(frame["check"], frame["cell"], strict=True))

    return of


@pytest.fixture(scope="session")
def number() -> Callable[..., Any]:
    """The number of a field, None where it has none."""

    def of(ingested: Ingested, code: str, name: str, item: str = "") -> Any:
        values = ingested.values
        row = values[(values["code"] == code) & (values["field"] == name) & (values["item"] == item)]
        assert len(row) == 1, f"{len(row)} values of {code}.{name}"
        value = row["number"].iloc[0]
        return None if row["number"].isna().iloc[0] else value

    return of


@pytest.fixture(scope="session")
def checks_csv() -> list[dict[str, str]]:
    with (ROOT / "scheme" / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
