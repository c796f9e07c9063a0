"""What a department answers on the receipt's own sheet: a reason and a measure beside each problem.

A reason is put where the return has its explanations (说明, 未开工或滞后原因), unless the row explains itself already; a
measure becomes a paragraph of 文字材料 that answers the problem. Both keep the cell of the receipt as their source.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from analysis.intake.cells import read_text
from analysis.intake.frames import Value
from analysis.intake.headers import Survey
from analysis.intake.layout import RECEIPT_SHEET
from analysis.intake.read import Read
from analysis.intake.words import Words
from analysis.intake.workbook import Cell, SheetGrid
from analysis.intake.writing import plain
from analysis.scheme.facts import name_key
from analysis.scheme.report import CATEGORIES

NUMBER, ABOUT, REASON, MEASURE = "问题编号", "指标或项目", "原因", "下一步措施"
"""The headings of the problems on the receipt's sheet; those to be filled in may have a remark in brackets."""
TAKEN_FROM = "（已填在"
"""How a cell begins that repeats what stands elsewhere in the return."""
MOST_ROWS, MOST_COLUMNS = 2_000, 20
EXPLAINED_IN = {"indicator": "note", "duty": "note", "project": "reason"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands beside a problem: its name, what it is about, and the two cells."""

    name: str
    about: str
    reason: Cell | None
    measure: Cell | None


def answers_in(sheet: SheetGrid) -> Iterator[Answer]:
    """The answers on a receipt's sheet, in order."""
    columns: Mapping[str, int] = {}
    for row in range(min(len(sheet.rows), MOST_ROWS)):
        texts = [plain(sheet.heading(row, column)) for column in range(min(sheet.width, MOST_COLUMNS))]
        heads = {
            head: n
            for head in (NUMBER, ABOUT, REASON, MEASURE)
            for n, text in enumerate(texts)
            if text.split("(")[0] == head
        }
        if NUMBER in heads and (REASON in heads or MEASURE in heads):
            columns = heads
            continue
        name = texts[columns[NUMBER]].upper() if columns else ""
        if not name:
            columns = {}  # the table has ended
            continue
        cells = {head: sheet.cell(row, columns[head]) for head in (REASON, MEASURE) if head in columns}
        about = sheet.heading(row, columns[ABOUT]) if ABOUT in columns else ""
        yield Answer(name, about, *(_given(cells.get(head)) for head in (REASON, MEASURE)))


def _given(cell: Cell | None) -> Cell | None:
    if cell is None or cell.blank or cell.text.strip().startswith(TAKEN_FROM):
        return None
    return cell


def with_answers(read: Read, survey: Survey, department: str) -> Read:
    """A return as read, with the answers of its receipt's sheet where it has one."""
    # Where the department has a sheet of that title itself, ours has a number behind it.
    sheets = [sheet for sheet in survey.workbook.sheets if re.fullmatch(rf"{RECEIPT_SHEET}\d*", sheet.title)]
    sheet = next((sheet for sheet in reversed(sheets) if any(answers_in(sheet))), None)
    if sheet is None:
        return read
    values = list(read.values)
    line = max((value.line for value in values if value.table == "text"), default=0)
    for answer in answers_in(sheet):
        unplaced = answer.reason is not None and not _explained(values, answer, answer.reason, survey.words)
        for cell, category in ((answer.reason if unplaced else None, CATEGORIES[1]), (answer.measure, CATEGORIES[2])):
            for paragraph in (read_text(cell).text or "").split("\n") if cell is not None else ():
                if cell is not None and paragraph and not _told_already(values, paragraph, answer.name):
                    line += 1
                    values += _paragraph(department, survey.file, cell, line, category, paragraph, answer.name)
    return replace(read, values=tuple(values))


def _explained(values: list[Value], answer: Answer, cell: Cell, words: Words) -> bool:
    """Put a reason into the row that it explains; False where the row explains itself otherwise, or is not there."""
    text = read_text(cell).text
    code, _, project = answer.name.partition("-")
    for place, value in enumerate(values):
        if (
            value.code != code
            or EXPLAINED_IN.get(value.table) != value.field
            or (value.table == "project") != bool(project)
        ):
            continue
        if project and name_key(value.item) != name_key(answer.about):
            continue
        if words.explains(value.text):
            return plain(value.text or "") == plain(text or "")
        noted = f"写在“{RECEIPT_SHEET}”表"
        values[place] = replace(value, sheet=RECEIPT_SHEET, cell=cell.address, typed=cell.text, text=text, noted=noted)
        return True
    return False


def _told_already(values: list[Value], paragraph: str, name: str) -> bool:
    """Whether 文字材料 has the same words; if they were tied to no problem there, they are to this one now."""
    same = [
        v for v in values if v.table == "text" and v.field == "paragraph" and plain(v.text or "") == plain(paragraph)
    ]
    for place, value in enumerate(values):
        if (
            value.table == "text"
            and value.field == "answers"
            and same
            and value.line == same[0].line
            and not value.text
        ):
            values[place] = replace(value, text=name, noted=f"写在“{RECEIPT_SHEET}”表")
    return bool(same)


def _paragraph(
    department: str, file: str, cell: Cell, line: int, category: str, paragraph: str, name: str
) -> Iterator[Value]:
    texts = {"category": category, "paragraph": paragraph, "answers": name}
    for field, text in texts.items():
        yield Value(
            department, file, RECEIPT_SHEET, cell.address, "text", None, str(line), line, field, text, text=text
        )
