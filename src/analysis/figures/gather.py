"""From the departments' values to the rows of an indicator: which cell is its actual, its base, its note."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.figures.model import Paragraph, Part, reference
from analysis.intake.frames import Value
from analysis.intake.words import words_of
from analysis.scheme import Scheme

Cells = dict[str, Value]
"""The values of one row of a return, by field."""


def category_of(scheme: Scheme, code: str | None) -> str | None:
    """What a paragraph is about, by its code, which says more than its category; None where it has no code of a text."""
    if code is None or code not in scheme.by_code or scheme[code].kind != "text":
        return None
    return scheme.report.category_of(code)


def source_of(value: Value | None) -> str | None:
    """The source of a value as `[file]sheet!cell`."""
    return None if value is None else reference(value.file, value.sheet, value.cell)


def number_of(cells: Cells, name: str) -> Decimal | None:
    """The number of a field, if the row has one."""
    value = cells.get(name)
    return None if value is None else value.number


def text_of(cells: Cells, name: str) -> str | None:
    """The cleaned text of a field, if the row has one."""
    value = cells.get(name)
    return None if value is None or not value.text else value.text


@dataclass
class Returned:
    """What the departments returned for a period, found by code.

    Attributes:
        rows: an indicator's or a duty's row, of the department that owes it.
        others: the same of departments that returned it besides, by code and department.
        parts: the parts of a total, as returned.
        projects: the projects' rows by code, in their order.
        paragraphs: the departments' own words.
        departments: who has returned.
    """

    rows: dict[str, Cells] = field(default_factory=dict)
    others: dict[tuple[str, str], Cells] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    projects: dict[str, list[Cells]] = field(default_factory=dict)
    paragraphs: list[Paragraph] = field(default_factory=list)
    departments: set[str] = field(default_factory=set)

    def number(self, code: str, name: str) -> Decimal | None:
        """A number of an indicator's row."""
        return number_of(self.rows.get(code, {}), name)

    def source(self, code: str, name: str) -> str | None:
        """The cell of a field of an indicator's row."""
        return source_of(self.rows.get(code, {}).get(name))


def gather(scheme: Scheme, values: Iterable[Value]) -> Returned:
    """Arrange the values of all departments of one period by code.

    A row that a department returned unasked, or as second reporter, is kept apart: the report tells the owner's figure.
    A code that the scheme does not know is left out (reading it was a finding already).
    """
    returned = Returned()
    words = words_of(scheme)
    for row in _rows(values):
        if not row:
            continue
        first = next(iter(row.values()))
        returned.departments.add(first.department)
        if first.table == "text":
            returned.paragraphs.extend(_paragraph(scheme, row))
            continue
        for name in ("note", "reason"):
            if name in row and not words.explains(row[name].text):
                del row[name]  # 无, 核实无误, 123: no reason that a report could print
        code = first.code
        if code is None or code not in scheme.by_code:
            continue
        own = first.department == scheme[code].owner
        if first.table in ("indicator", "duty"):
            if own:
                returned.rows.setdefault(code, row)
            else:
                returned.others.setdefault((code, first.department), row)
        elif first.table == "part" and own and (amount := row.get("amount")) is not None and first.item:
            source = reference(amount.file, amount.sheet, amount.cell)
            returned.parts.setdefault(code, []).append(Part(code, first.item, amount.number, source))
        elif first.table == "project" and own and first.item:
            returned.projects.setdefault(code, []).append(row)
    return returned


def _rows(values: Iterable[Value]) -> Iterator[Cells]:
    """Group values into the rows of the workbooks that they were read from; a table's lines count through its sheets."""
    rows: dict[tuple[str, str, int], Cells] = {}
    for value in values:
        rows.setdefault((value.department, value.table, value.line), {})[value.field] = value
    yield from (row for row in rows.values())


def _paragraph(scheme: Scheme, row: Cells) -> Iterator[Paragraph]:
    text = text_of(row, "paragraph")
    value = row.get("paragraph")
    if text and value is not None:
        yield Paragraph(
            value.department,
            category_of(scheme, value.code) or text_of(row, "category") or "",
            text,
            reference(value.file, value.sheet, value.cell),
            value.code,
            text_of(row, "answers"),
        )
