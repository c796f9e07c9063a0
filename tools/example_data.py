"""Make the example township in data/raw/qinghe: blank returns, filled in with the figures of tools/example.

Every workbook is the blank return of its department with the cells filled that a person would fill, so that the form
is proven usable. Nothing is random: the same files give the same bytes.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.blank import blank_return, workbook_bytes
from analysis.intake.form import HEADER_ROW, cell_at, fit_rows, write_text
from analysis.intake.frames import Value, values_frame
from analysis.intake.layout import INSTRUCTIONS, SHEETS, SHEETS_BY_TABLE, SUBMITTER, SUM_ROW
from analysis.scheme import Facts, Indicator, Period, Scheme, read_facts, read_scheme
from analysis.scheme.report import MEASURE, PROBLEM, WORK

ROOT = Path(__file__).resolve().parents[1]
AUTHORED = ROOT / "tools" / "example"
TOWN = ROOT / "data" / "raw" / "qinghe"
PERIODS = (Period(2019), Period(2020), Period(2021, 9), Period(2021))
NUMBERS = ("progress", "investment", "jobs", "income")
CATEGORY_OF = {"Q01": PROBLEM, "A01": MEASURE}


@dataclass(frozen=True)
class Authored:
    """The figures and words of the example, as they stand in tools/example."""

    folder: Path = AUTHORED

    def table(self, name: str) -> list[dict[str, str]]:
        """Read a table, a dictionary a row."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def figures(self) -> dict[str, dict[str, str]]:
        """Figures by code, a column a period."""
        return {row["code"]: row for row in self.table("figures")}

    def of(self, name: str, period: Period) -> Iterator[dict[str, str]]:
        """The rows of a table that has a period in each row."""
        return (row for row in self.table(name) if row["period"] == str(period))

    def texts(self, period: Period) -> list[dict[str, str]]:
        """The paragraphs of a period."""
        content = tomllib.loads((self.folder / str(period) / "texts.toml").read_text(encoding="utf-8"))
        paragraphs: list[dict[str, str]] = content["text"]
        return paragraphs


def main() -> None:
    """Write the example township over the one that is there."""
    for path in write_town(TOWN):
        print(path.relative_to(ROOT))


def write_town(folder: Path, authored: Authored | None = None) -> list[Path]:
    """Write the example township into a folder, and tell which files it is made of."""
    authored = authored or Authored()
    scheme = read_scheme(ROOT / "scheme")
    written: list[Path] = []

    def write(name: str, content: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)

    write("README.md", (authored.folder / "town_readme.md").read_bytes())
    write("town.toml", (authored.folder / "town.toml").read_bytes())
    for year in sorted({period.year for period in PERIODS}):
        write(f"targets/{year}.csv", target_book(scheme, authored, year))
    for period in PERIODS:
        for source in sorted((authored.folder / str(period)).iterdir()):
            if source.name != "texts.toml":
                write(f"{period}/{source.name}", source.read_bytes())
        facts = read_facts(folder, period, scheme)
        for department in scheme.departments:
            workbook = filled_return(scheme, facts, authored, department.name)
            write(f"{period}/{department.name}.xlsx", workbook_bytes(workbook))
    return written


def target_book(scheme: Scheme, authored: Authored, year: int) -> bytes:
    """The target book of a year: targets, target rates, planned months."""
    whole = Period(year)
    documents = {row["chapter"]: row["document"] for row in authored.of("documents", whole)}
    targets = {row["code"]: row for row in authored.table("targets")}
    projects = list(authored.of("projects", whole))
    duties = {row["code"]: row["planned_month"] for row in authored.of("duties", whole)}
    lines = [["编码", "项目名称", "目标", "计划月份", "依据"]]
    for indicator in scheme.in_year(year):
        code, document = indicator.code, documents.get(indicator.chapter, "")
        if code in targets:
            target = targets[code]
            lines.append([code, "", target[str(year)], target.get(f"{year} planned_month", ""), document])
        elif indicator.kind == "project":
            lines += [
                [code, row["item"], "", row["planned_month"], document] for row in projects if row["code"] == code
            ]
        elif code in duties:
            lines.append([code, "", "", duties[code], document])
    return ("\ufeff" + "".join(",".join(line) + "\n" for line in lines)).encode()


def filled_return(scheme: Scheme, facts: Facts, authored: Authored, department: str) -> Workbook:
    """A department's blank return, filled in as a person of the department would."""
    period = facts.period
    asked = {indicator.code: indicator for indicator in scheme.asked_of(department, period.year)}
    workbook = blank_return(scheme, facts, department, _previous(authored, asked, department, period.years_before()))
    _sign(workbook, authored, facts, department)
    notes = {row["code"]: row["note"] for row in authored.of("notes", period)}
    corrections = list(authored.of("cells", period))
    for row, code in _rows(workbook, "indicator"):
        figure = authored.figures[code][str(period)]
        if figure:
            row["actual"].value = _number(figure)
        for correction in corrections:
            if correction["code"] == code:
                row[correction["field"]].value = _number(correction["value"])
        if code in notes:
            write_text(row["note"], notes[code])
    _fill_parts(workbook, authored, period)
    _fill_rows(workbook, "project", list(authored.of("projects", period)))
    _fill_rows(workbook, "duty", list(authored.of("duties", period)))
    paragraphs = [
        text | {"category": CATEGORY_OF.get(text["code"], WORK)}
        for text in authored.texts(period)
        if text.get("department", department) == department
    ]
    _fill_rows(workbook, "text", paragraphs)
    for sheet in SHEETS:
        if sheet.title in workbook.sheetnames:
            fit_rows(workbook[sheet.title], sheet)
    return workbook


def _previous(
    authored: Authored, asked: Mapping[str, Indicator], department: str, period: Period
) -> pd.DataFrame | None:
    """The actual figures of the same months of last year as reading that return gives them, so that the form knows the bases."""
    sheet = SHEETS_BY_TABLE["indicator"].title
    known = [(code, authored.figures[code][str(period)]) for code in asked if asked[code].numeric]
    return values_frame(
        Value(department, "", sheet, "", "indicator", code, "", line, "actual", figure, Decimal(figure))
        for line, (code, figure) in enumerate(known, 1)
        if figure
    )


def _sign(workbook: Workbook, authored: Authored, facts: Facts, department: str) -> None:
    person = next(row for row in authored.table("submitters") if row["department"] == department)
    values: dict[str, str | date] = {
        "filled_by": person["filled_by"],
        "checked_by": person["checked_by"],
        "phone": facts.town.phones[department],
        "filled_on": date.fromisoformat(person[str(facts.period)]),
    }
    labels = {text: name for name, text in SUBMITTER}
    worksheet = workbook[INSTRUCTIONS]
    for row, cells in enumerate(worksheet.iter_rows(values_only=True), 1):
        for column, text in enumerate(cells, 1):
            name = labels.get(str(text), "")
            if name in values:
                cell_at(worksheet, row, column + 1).value = values[name]


def _fill_parts(workbook: Workbook, authored: Authored, period: Period) -> None:
    """Fill in the parts: where the form names them, those; where it does not, the parts that the period has."""
    authored_parts: dict[str, dict[str, str]] = {}
    for part in authored.table("parts"):
        if part[str(period)]:
            authored_parts.setdefault(part["code"], {})[part["item"]] = part[str(period)]
    for row, code in _rows(workbook, "part"):
        parts = authored_parts[code]
        if row["item"].value:
            row["amount"].value = _number(parts.pop(str(row["item"].value), "0"))
        elif parts:
            item = next(iter(parts))
            write_text(row["item"], item)
            row["amount"].value = _number(parts.pop(item))


def _fill_rows(workbook: Workbook, table: str, records: list[dict[str, str]]) -> None:
    """Fill in projects, duties or paragraphs, each on the next row of its code (a project on the row of its name)."""
    waiting: dict[str, list[dict[str, str]]] = {}
    for record in records:
        waiting.setdefault(record["code"], []).append(record)
    for row, code in _rows(workbook, table):
        if not waiting.get(code):
            continue
        record = waiting[code].pop(0)
        if row.get("item") is not None and row["item"].value != record["item"]:
            raise ValueError(f"the form has {row['item'].value} where {record['item']} is expected")
        for field, cell in row.items():
            typed = record.get(field, "")
            if typed and field not in ("code", "item"):
                if field in NUMBERS:
                    cell.value = _number(typed)
                else:
                    write_text(cell, typed)


def _rows(workbook: Workbook, table: str) -> Iterator[tuple[dict[str, Cell], str]]:
    """The rows of a table's sheet as cells by field, with their codes; none where the department has no such sheet."""
    sheet = SHEETS_BY_TABLE[table]
    if sheet.title not in workbook.sheetnames:
        return
    worksheet = workbook[sheet.title]
    assert isinstance(worksheet, Worksheet)
    for number in range(HEADER_ROW + 1, worksheet.max_row + 1):
        cells = {column.field: cell_at(worksheet, number, place) for place, column in enumerate(sheet.printed, 1)}
        if "item" not in cells or cells["item"].value != SUM_ROW:
            yield cells, str(cells["code"].value)


def _number(typed: str) -> int | float:
    number = Decimal(typed)
    return int(number) if number == number.to_integral_value() else float(number)


if __name__ == "__main__":
    main()
