"""The facts of a town and a period that stand beside the returns: town, target book, deadline and date, waivers."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from analysis.scheme.load import Scheme
from analysis.scheme.models import KIND_NAMES, Indicator, Row
from analysis.scheme.period import Period
from analysis.scheme.problems import SchemeError, SchemeProblem
from analysis.scheme.table import columns_of, read_table
from analysis.scheme.toml_file import read_toml

_TARGET = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*%?", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*(?:月|[-/]0?1)?", re.ASCII)
"""Excel makes the first of September of 2021-09, and may save it as 2021/9/1."""
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", re.ASCII)
Filled = Annotated[str, Field(min_length=1)]
"""Text that has to be there: an empty one has yet to be filled in."""


class Town(BaseModel):
    """A township (乡镇): `town.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Filled
    county: Filled
    addressee: Filled
    signature: Filled
    villages: tuple[str, ...] = ()
    phone: str = ""
    phones: Mapping[str, str] = Field(default_factory=dict)
    example: bool = False


class PeriodFacts(BaseModel):
    """The facts of a period: `period.toml`; all but the report's date are optional."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_date: date
    deadline: date | None = None
    document_number: str | None = None
    issuer: str | None = None


class TargetRow(Row):
    """A row of the target book (目标任务书): `targets/<year>.csv`.

    Target and month are kept as typed: an unfinished book (待定, an empty cell) is a finding of the row, and the others
    go on. A ratio's target is its target rate in per cent; the planned month is of a project or a duty.
    """

    headings: ClassVar[Mapping[str, str]] = {
        "编码": "code",
        "项目名称": "project",
        "目标": "target",
        "计划月份": "planned_month",
        "依据": "document",
    }
    code: str
    project: str | None = None
    target: str | None = None
    planned_month: str | None = None
    document: str | None = None

    @property
    def value(self) -> Decimal | None:
        """The target as a number, or None where the book has none that can be read.

        1.2E+08 is none: Excel has cut its digits off when it saved the table.
        """
        match = _TARGET.fullmatch(unicodedata.normalize("NFKC", self.target or ""))
        return Decimal(match["number"].replace(",", "")) if match else None

    @property
    def in_percent(self) -> bool:
        """Whether the target is typed with a percent sign."""
        return (self.target or "").endswith(("%", "％"))

    @property
    def month(self) -> str | None:
        """The planned month as `2021-09`, or None where the book has none that can be read."""
        match = _MONTH.fullmatch(self.planned_month or "")
        return f"{match[1]}-{int(match[2]):02d}" if match and 1 <= int(match[2]) <= 12 else None


def name_key(name: str) -> str:
    """What tells a project's name apart, however its spaces and brackets were typed."""
    return "".join(char for char in unicodedata.normalize("NFKC", name) if not char.isspace())


def _day(value: object) -> object:
    """A date as Excel may have rewritten it, 2022/1/12, or as people type it; anything else as it is."""
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else value


class Waiver(Row):
    """A waiver (豁免): what may be missing in the final, why, by whose decision and when."""

    headings: ClassVar[Mapping[str, str]] = {"对象": "subject", "理由": "reason", "批准人": "by", "日期": "on"}
    subject: str
    reason: str
    by: str
    on: Annotated[date, BeforeValidator(_day)]


@dataclass(frozen=True)
class Facts:
    """What is known of a town and a period beside the returns.

    `targets` is the target book by code and project name as `name_key` gives it (empty for indicators); `target_rows` gives
    the rows' numbers by the same key, `target_columns` the letters of its fields; `has_target_book` tells an empty book from
    none.
    """

    town: Town
    period: Period
    period_facts: PeriodFacts
    targets: Mapping[tuple[str, str], TargetRow]
    has_target_book: bool
    waivers: tuple[Waiver, ...] = ()
    target_rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    target_columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def target_file(self) -> str:
        """How a source names the target book."""
        return f"targets/{self.period.year}.csv"

    def target(self, code: str, project: str = "") -> TargetRow | None:
        """The row of the target book for an indicator or a project, if it has one."""
        return self.targets.get((code, name_key(project)))

    def waiver_for(self, department: str, code: str | None, owing: bool) -> Waiver | None:
        """The waiver that covers something missing or wrong, if one does.

        An indicator's waiver covers all that is about it; a department's covers what is of its return as a whole, and
        everything where the return itself is owed.

        Args:
            department: whose return it is about.
            code: the indicator; empty or none where it is of the whole return.
            owing: whether the department's return has not come or was refused.
        """
        subjects = {waiver.subject: waiver for waiver in self.waivers}
        own = subjects.get(code) if code else None
        return own or (subjects.get(department) if owing or not code else None)

    def target_cell(self, code: str, column: str, project: str = "") -> str:
        """The cell of a field of the target book, as Excel names it when it opens the file: `C12`."""
        letter = self.target_columns.get(column, "A")
        return f"{letter}{self.target_rows.get((code, name_key(project)), 1)}"


def read_facts(town_folder: Path, period: Period, scheme: Scheme, report_date: date | None = None) -> Facts:
    """Read the facts beside a town's returns.

    Args:
        town_folder: `data/raw/<town>`.
        period: the period to report on.
        scheme: against which the target book's codes are checked.
        report_date: what stands in for the report's date where it is not known yet; without it that is a mistake.

    Raises:
        SchemeError: with every mistake found; a missing target book or waiver list is none.
    """
    town, problems = read_toml(town_folder / "town.toml", Town, "town.toml")
    usual = {"report_date": report_date} if report_date else None
    period_facts, found = read_toml(
        town_folder / str(period) / "period.toml", PeriodFacts, f"{period}/period.toml", usual
    )
    problems += found
    book = town_folder / "targets" / f"{period.year}.csv"
    rows: list[tuple[int, TargetRow]] = []
    if book.is_file():
        rows, found = read_table(book, TargetRow, f"targets/{book.name}")
        problems += found
        problems += _book_problems(rows, scheme, f"targets/{book.name}")
    waivers: list[tuple[int, Waiver]] = []
    waiver_file = town_folder / str(period) / "waivers.csv"
    if waiver_file.is_file():
        waivers, found = read_table(waiver_file, Waiver, f"{period}/waivers.csv")
        problems += found
        known = set(scheme.by_code) | {department.name for department in scheme.departments}
        problems += [
            SchemeProblem(f"{period}/waivers.csv", n, "对象", f"没有“{w.subject}”这个指标或部门", "请填编码或部门全称")
            for n, w in waivers
            if w.subject not in known
        ]
    if problems or town is None or period_facts is None:
        raise SchemeError(problems)
    return Facts(
        town,
        period,
        period_facts,
        {(row.code, name_key(row.project or "")): row for _, row in rows},
        book.is_file(),
        tuple(waiver for _, waiver in waivers),
        {(row.code, name_key(row.project or "")): number for number, row in rows},
        columns_of(book, TargetRow) if book.is_file() else {},
    )


def _book_problems(rows: list[tuple[int, TargetRow]], scheme: Scheme, file: str) -> list[SchemeProblem]:
    problems: list[SchemeProblem] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        indicator = scheme.by_code.get(row.code)
        if indicator is None:
            problems.append(SchemeProblem(file, number, "编码", f"没有编码为“{row.code}”的指标", "请改为方案中的编码"))
            continue
        key = (row.code, name_key(row.project or ""))
        if key in seen:
            problems.append(SchemeProblem(file, number, "编码", f"与第{seen[key]}行重复", "请删去一行"))
        seen.setdefault(key, number)
        if row.project and indicator.kind != "project":
            problems.append(SchemeProblem(file, number, "项目名称", f"{row.code} 不是项目类指标", "请删去项目名称"))
        if row.target is not None and not indicator.has_target:
            problems.append(
                SchemeProblem(
                    file, number, "目标", f"{row.code} 是{KIND_NAMES[indicator.kind]}类，没有目标任务数", "请删去这个数"
                )
            )
        problems += _target_problems(row, indicator, number, file)
        plannable = indicator.kind in ("project", "status") or (
            indicator.kind == "target" and indicator.direction == "up"
        )
        if row.planned_month is not None and not plannable:
            problems.append(SchemeProblem(file, number, "计划月份", f"{row.code} 没有计划月份", "请删去"))
    return problems


def _target_problems(row: TargetRow, indicator: Indicator, number: int, file: str) -> Iterator[SchemeProblem]:
    """A target of which nobody can say whether it is in per cent."""
    rate = indicator.kind == "ratio" or indicator.unit == "%"
    if rate and row.value is not None and 0 < abs(row.value) <= 1 and not row.in_percent:
        shares = f"{row.value.normalize():f}% 还是 {(row.value * 100).normalize():f}%"
        yield SchemeProblem(file, number, "目标", f"“{row.target}”看不出是 {shares}", "请写上 %")
    if indicator.has_target and not rate and row.in_percent:
        found = f"{row.code} 的单位是{indicator.unit}，不能写百分数“{row.target}”"
        yield SchemeProblem(file, number, "目标", found, "请写目标数")
