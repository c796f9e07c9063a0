"""A workbook → the values of its return, each with its cell, and what could not be read for certain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from analysis.intake.cells import Reading, read_choice, read_number, read_text
from analysis.intake.exact import plain_number
from analysis.intake.fields import CHOICES, DATES, DERIVED, FIGURES, MONTHS, NUMBERS, heading_of, unit_of
from analysis.intake.forgiven import passed_over, shape_notes
from analysis.intake.found import Found, Place
from analysis.intake.frames import Value
from analysis.intake.headers import Header, Survey, lacking
from analysis.intake.identity import Label, labels
from analysis.intake.layout import INSTRUCTIONS
from analysis.intake.months import read_date, read_month
from analysis.intake.rows import ABOUT, KEYS, REPEATED, TOTAL, Identified, Indicators, Row, rows_below
from analysis.intake.words import Words
from analysis.intake.workbook import Cell, SheetGrid
from analysis.intake.writing import clean, plain
from analysis.scheme import Indicator, Period, Scheme

ASKED_AT_MOST = 50
"""Rows of a sheet that are asked about one by one when nobody knows them."""
NEAR_NAME = "near_name"


@dataclass(frozen=True)
class Read:
    """A return as it was read.

    Attributes:
        values: its values, in the order of sheets, rows and columns; empty cells of known rows too, without number.
        found: what could not be read for certain, and what was left out.
    """

    values: tuple[Value, ...]
    found: tuple[Found, ...]


def read_return(survey: Survey, department: str, scheme: Scheme, period: Period) -> Read:
    """Read a department's workbook.

    Args:
        survey: the opened workbook with its headers.
        department: whose return it is.
        scheme: indicators, words and the threshold of near names.
        period: the period that the return is for.
    """
    near = scheme.checks_by_code.get(NEAR_NAME)
    cutoff = near.value if near is not None and near.value is not None else Decimal("0.8")
    indicators = Indicators(scheme, department, period.year, float(min(max(cutoff, Decimal(0)), Decimal(1))))
    asked = frozenset(indicator.code for indicator in scheme.asked_of(department, period.year))
    reader = _Reader(survey.file, department, asked, period, survey.words, indicators)
    for label in labels(survey):
        reader.take_label(label)
    for grid, header in survey.headed:
        if header is None:
            reader.leave_out(grid)
        elif not grid.visible:
            reader.ask("sheet_hidden", Place(survey.file, grid.title))
        else:
            reader.take_table(grid, header)
    return Read(tuple(reader.values), tuple(reader.found))


@dataclass
class _Reader:
    """Collects the values of a return; what is about the whole return rather than a row is kept here."""

    file: str
    department: str
    asked: frozenset[str]
    period: Period
    words: Words
    indicators: Indicators
    values: list[Value] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    seen: dict[tuple[str, str, str], str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, list[str]] = field(default_factory=dict)

    def ask(self, check: str, place: Place, marks: Mapping[str, str] | None = None) -> None:
        self.found.append(Found(check, place, marks or {}))

    def take_label(self, label: Label) -> None:
        reading = read_date(label.cell) if label.field in DATES else read_text(label.cell)
        place = Place(self.file, label.sheet, label.cell.address, heading=heading_of("submitter", label.field))
        self._keep(reading, place, "submitter", "", 1, label.field)

    def leave_out(self, grid: SheetGrid) -> None:
        """A sheet that is none of the return's; the instructions are none either, and meant to be there."""
        if grid.visible and not plain(grid.title).startswith(INSTRUCTIONS):
            without = lacking(grid, self.words)
            why = f"（没有{'、'.join(without)}列）" if without else ""
            self.ask("sheet_ignored", Place(self.file, grid.title), {"why": why})

    def take_table(self, grid: SheetGrid, header: Header) -> None:
        earlier = self.sheets.setdefault(header.sheet.table, [])
        self.found += shape_notes(self.file, grid, header, earlier)
        earlier.append(grid.title)
        passed: dict[str, list[int]] = {TOTAL: [], REPEATED: []}
        unknown: list[tuple[Row, Identified]] = []
        rest = 0
        for row in rows_below(grid, header):
            if row.passed_over:
                passed[row.passed_over].append(row.number)
                continue
            if header.sheet.table == "text":
                self._take_paragraph(grid, row)
                continue
            about = self._identify(header, row)
            if about.indicator is None:
                if not _asked_about(header, row):
                    continue
                if len(unknown) < ASKED_AT_MOST:
                    unknown.append((row, about))
                else:
                    rest += 1
            elif header.sheet.table not in ("part", "project") or row.filled or row.keys["item"]:
                self._ask_row(grid, row, about)
                self._take_row(grid, header, row, about, about.indicator)
            # else it is a line of the form that was not needed
        self._ask_unknown(grid, unknown, rest)
        for what, numbers in passed.items():
            self.found += passed_over(self.file, grid, numbers, what)

    def _ask_unknown(self, grid: SheetGrid, unknown: Sequence[tuple[Row, Identified]], rest: int) -> None:
        """Ask about the rows that nobody knows; where they are too many, the last one asked about stands for the rest."""
        for row, about in unknown[: -1 if rest else None]:
            self._ask_row(grid, row, about)
        if rest:
            row, last = unknown[-1]
            found = f"{last.marks.get('found', '')}（连同以下共{rest + 1}行）"
            self._ask_row(grid, row, replace(last, marks={**last.marks, "found": found}))

    def _identify(self, header: Header, row: Row) -> Identified:
        table = header.sheet.table
        only = self.indicators.only(table) if table in ("part", "project") else None
        if only is not None and "code" not in header.columns and not row.keys["name"]:
            return Identified(only, (f"没有编码列，本部门只有{only.code}有这类行",))
        return self.indicators.identify(table, row.keys["code"], row.keys["name"])

    def _ask_row(self, grid: SheetGrid, row: Row, about: Identified) -> None:
        if about.trouble is None:
            return
        keys = [row.cells[name] for name in ABOUT if name in row.cells and not row.cells[name].blank]
        cell = (keys or list(row.cells.values()))[0].address
        code = about.indicator.code if about.indicator else None
        marks = (
            {**about.marks, "found": about.marks["found"] or "没有编码和名称"}
            if "found" in about.marks
            else about.marks
        )
        self.ask(about.trouble, Place(self.file, grid.title, cell, code), marks)

    def _take_row(self, grid: SheetGrid, header: Header, row: Row, about: Identified, indicator: Indicator) -> None:
        table, item = header.sheet.table, clean(row.keys["item"]).replace("\n", " ")
        first = next((row.cells[name] for name in ABOUT if name in row.cells), next(iter(row.cells.values())))
        place = Place(self.file, grid.title, first.address, indicator.code, item)
        key = (table, indicator.code, plain(item))
        if table in ("part", "project") and not item:
            self.ask("item_missing", place)
        elif key in self.seen:
            self.ask("row_twice", place, {"first": self.seen[key]})
            return
        else:
            self.seen[key] = f"“{grid.title}”表{first.address}"
        self._tell_unasked(indicator, place)
        line = self._next_line(table)
        row_unit = self._row_unit(indicator, header, row.cells, place)
        for name, cell in row.cells.items():
            if name in KEYS:
                continue
            at = replace(place, cell=cell.address, heading=heading_of(table, name))
            unit = header.units.get(name) or (row_unit if name in FIGURES else None)
            reading = self._reading(name, cell, indicator, unit, at)
            noted = (*about.noted, *reading.noted) if name in FIGURES or table != "indicator" else reading.noted
            self._keep(replace(reading, noted=noted), at, table, item, line, name)

    def _take_paragraph(self, grid: SheetGrid, row: Row) -> None:
        """A row of the text sheet; one without a paragraph is a line of the form, unless it answers something."""
        if "paragraph" not in row.filled and "answers" not in row.filled:
            return
        coded = plain(row.keys["code"]) != ""
        about = self.indicators.identify("text", row.keys["code"], "") if coded else Identified()
        self._ask_row(grid, row, about)
        code = about.indicator.code if about.indicator else None
        line = self._next_line("text")
        place = Place(self.file, grid.title, row.cells["paragraph"].address, code, str(line))
        if about.indicator is not None:
            self._tell_unasked(about.indicator, place)
        for name, cell in row.cells.items():
            if name not in KEYS:
                at = replace(place, cell=cell.address, heading=heading_of("text", name))
                reading = read_choice(cell, self.words, name) if name in CHOICES else read_text(cell)
                self._keep(reading, at, "text", str(line), line, name)

    def _tell_unasked(self, indicator: Indicator, place: Place) -> None:
        if indicator.code in self.asked:
            return
        check = "foreign_indicator" if indicator.valid_in(self.period.year) else "not_this_year"
        key = ("unasked", indicator.code, "")
        if key not in self.seen:  # once an indicator, not once a part
            self.seen[key] = place.cell
            self.ask(check, place, {"owner": indicator.owner})

    def _row_unit(self, indicator: Indicator, header: Header, cells: Mapping[str, Cell], place: Place) -> str | None:
        """The unit that a row states, where it is another than the scheme's and figures can be converted from it."""
        if header.sheet.table != "indicator" or "unit" not in cells or cells["unit"].blank:
            return None
        typed, wanted = plain(cells["unit"].text), indicator.unit or ""
        factor = self.words.factor(typed, wanted)
        if typed == plain(wanted) or factor == 1:
            return None
        check = "unit_differs" if factor is None else "unit_converted"
        at = replace(place, cell=cells["unit"].address, heading=heading_of("indicator", "unit"))
        self.ask(check, at, {"found": typed, "expected": wanted})
        return typed if factor is not None else None

    def _reading(self, name: str, cell: Cell, indicator: Indicator, stated_unit: str | None, place: Place) -> Reading:
        heading = place.heading
        if name in MONTHS:
            return read_month(cell, self.words, heading, self.period)
        if name in CHOICES:
            return read_choice(cell, self.words, name)
        if name not in NUMBERS:
            return read_text(cell)
        unit = unit_of(name, indicator)
        if name in DERIVED:  # nobody is asked about a rate that is computed anyway
            stated = read_number(cell, self.words, unit, heading)
            return replace(stated, trouble=None, noted=())
        kinds = ("neutral", indicator.kind) if _neutral(indicator) else (indicator.kind,)
        factor = self.words.factor(stated_unit, unit) if stated_unit else None
        if stated_unit and factor is None and unit != "%":
            self.ask("unit_differs", place, {"found": stated_unit, "expected": unit})
        if stated_unit is None or factor is None or factor == 1:
            return read_number(cell, self.words, unit, heading, *kinds)
        reading = read_number(cell, self.words, stated_unit, heading, *kinds)
        if reading.number is None:
            return reading
        number = reading.number * factor
        return replace(
            reading, number=number, noted=(*reading.noted, f"由{stated_unit}折算为{unit}：{plain_number(number)}")
        )

    def _keep(self, reading: Reading, at: Place, table: str, item: str, line: int, name: str) -> None:
        self.values.append(
            Value(
                self.department,
                self.file,
                at.sheet,
                at.cell,
                table,
                at.code,
                item,
                line,
                name,
                reading.typed,
                reading.number,
                reading.text,
                "；".join(dict.fromkeys(reading.noted)) or None,
            )
        )
        if reading.trouble is not None:
            self.ask(reading.trouble, at, {"found": reading.typed.strip(), **reading.marks})

    def _next_line(self, table: str) -> int:
        self.lines[table] = self.lines.get(table, 0) + 1
        return self.lines[table]


def _asked_about(header: Header, row: Row) -> bool:
    """Whether a row that nobody knows holds an answer, so that it is no heading, signature or remark between the rows.

    A part or project without code and name is a line of the form, unless a figure of it is filled in.
    """
    answered = any(name not in ("unit", "note", "place", "reason") for name in row.filled)
    named = bool(row.keys["item"]) or header.sheet.table in ("indicator", "duty")
    return answered and (named or any(name in row.filled for name in ("amount", "stage", "investment")))


def _neutral(indicator: Indicator) -> bool:
    return indicator.kind == "count" and indicator.direction == "neutral"
