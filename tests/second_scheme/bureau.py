"""A county bureau with a scheme of its own: its folders put together, its returns filled in as a department does.

`python tests/second_scheme/bureau.py FOLDER` makes them in a folder, for a run from the command line.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.layout import INSTRUCTIONS, SHEETS_BY_TABLE, SUBMITTER
from analysis.running.places import places_of
from analysis.running.templates import make_templates
from analysis.scheme import Period, read_scheme

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OF_EVERY_SCHEME = ("checks.csv", "synonyms.csv", "measures.csv", "people.csv")
"""What a scheme of one's own takes over as it is."""
TOWN, PERIODS = "scjg", ("2020-03", "2021-03")
TEXTS = (
    "paragraph",
    "answers",
    "note",
    "place",
    "stage",
    "finished_month",
    "used_month",
    "in_use",
    "filled_by",
    "phone",
)


def make_bureau(folder: Path) -> None:
    """Put together `scheme/` and `raw/scjg/`; the bases of 2021 come from what was returned for 2020."""
    make_scheme(folder)
    make_returns(folder)


def make_scheme(folder: Path) -> None:
    """Put together the scheme, with the tables that it takes over from the township's."""
    shutil.copytree(HERE / "scheme", folder / "scheme")
    for name in OF_EVERY_SCHEME:
        shutil.copy(ROOT / "scheme" / name, folder / "scheme")


def make_returns(folder: Path) -> None:
    """Make the blank returns of the folder's scheme, and fill in what they ask for."""
    shutil.copytree(HERE / "data", folder / "raw" / TOWN, ignore=shutil.ignore_patterns("returns.csv"))
    codes = set(read_scheme(folder / "scheme").by_code)
    for book in (folder / "raw" / TOWN / "targets").glob("*.csv"):
        head, *rows = book.read_text(encoding="utf-8").splitlines()
        book.write_text("\n".join([head, *(row for row in rows if row.split(",")[0] in codes)]), encoding="utf-8")
    for period in PERIODS:
        blanks = folder / "blank" / period
        make_templates(
            places_of(ROOT, TOWN, Period.parse(period), raw=folder / "raw", scheme=folder / "scheme"), blanks
        )
        for department, rows in _returned(period).items():
            blank = blanks / f"{department}.xlsx"
            asked = [row for row in rows if not row["code"] or row["code"] in codes]
            if blank.is_file():
                fill_in(blank, asked, folder / "raw" / TOWN / period / blank.name)


def _returned(period: str) -> dict[str, list[dict[str, str]]]:
    by_department: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (HERE / "data" / period / "returns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_department[row["department"]].append(row)
    return by_department


def fill_in(blank: Path, rows: list[dict[str, str]], filled: Path) -> None:
    """Fill in a blank return, cell by cell, and save it."""
    workbook = openpyxl.load_workbook(blank)
    for row in rows:
        table, field = row["table"], row["field"]
        if table == "submitter":
            label = dict(SUBMITTER)[field]
            cell = next(c for c in _cells(workbook[INSTRUCTIONS]) if c.value == label).offset(column=1)
        else:
            layout = SHEETS_BY_TABLE[table]
            sheet = workbook[layout.title]
            heads = {
                c.value: c.column for c in _cells(sheet) if c.value in {column.heading for column in layout.columns}
            }
            line = _line(sheet, heads, row, layout.heading(field))
            cell = sheet.cell(line, heads[layout.heading(field)])
        cell.value = _typed(field, row["value"])
    workbook.save(filled)


def _cells(sheet: Worksheet) -> Iterator[openpyxl.cell.Cell]:
    for row in sheet.iter_rows():
        yield from row


def _line(sheet: Worksheet, heads: dict[str, int], row: dict[str, str], heading: str) -> int:
    """The row of a code and item; of paragraphs the first that is empty there, or has just been written."""
    lines = [c.row for c in _cells(sheet) if c.column == heads["编码"] and c.value == row["code"]]
    if row["item"]:
        of_item = heads.get("分项名称") or heads["名称"]
        return next(line for line in lines if sheet.cell(line, of_item).value == row["item"])
    if row["table"] == "text":
        return next(line for line in lines if sheet.cell(line, heads[heading]).value is None)
    return lines[0]


def _typed(field: str, value: str) -> object:
    if field == "filled_on":
        return date.fromisoformat(value)
    return value if field in TEXTS or field.endswith("_by") else float(value) if "." in value else int(value)


if __name__ == "__main__":
    make_bureau(Path(sys.argv[1]))
