"""What a workbook says of itself: whose return it is and for which period."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.intake.headers import Survey
from analysis.intake.hidden_sheet import CHECK, check_word
from analysis.intake.layout import HIDDEN_SHEET, INSTRUCTIONS
from analysis.intake.periods import period_of_titles
from analysis.intake.spots import address
from analysis.intake.words import Words
from analysis.intake.workbook import Cell, SheetGrid, Workbook
from analysis.intake.writing import clean, narrow, plain
from analysis.scheme import Department, Scheme, Town

SEARCHED_ROWS = 80
SEARCHED_COLUMNS = 20
HIDDEN_ROWS = 50
_BODY = "(人民政府|政府|党委)?"
"""What may follow a township's or an office's name before a department's."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the first sheet with what is filled in: 填报单位 财政所."""

    field: str
    text: str
    sheet: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Claim:
    """What a workbook says of itself, each part as written; None where it says nothing.

    `scheme` is the version of the scheme that its form was made from; `edited` tells that somebody changed the hidden
    sheet by hand, so that it says nothing.
    """

    department: str | None = None
    period: str | None = None
    town: str | None = None
    scheme: str | None = None
    edited: bool = False


def hidden_claim(workbook: Workbook) -> Claim:
    """What the hidden sheet says: keys in column A, values in column B."""
    sheet = next((sheet for sheet in workbook.sheets if sheet.title == HIDDEN_SHEET), None)
    if sheet is None:
        return Claim()
    rows = range(min(len(sheet.rows), HIDDEN_ROWS))
    said = {key: clean(sheet.cell(row, 1).text) for row in rows if (key := plain(sheet.cell(row, 0).text))}
    if CHECK in said and said[CHECK] != check_word(said):
        return Claim(edited=True)
    department, period, town, scheme = (said.get(key) or None for key in ("department", "period", "town", "scheme"))
    return Claim(department, period, town, scheme)


def labels(survey: Survey) -> list[Label]:
    """What is filled in beside the labels of the first sheet or in the title rows of the others; the first of each."""
    found: dict[str, Label] = {}
    for sheet, header in survey.headed:
        if not sheet.visible:
            continue
        for label in _labels(sheet, header.first if header else SEARCHED_ROWS, survey.words):
            if label.field not in found or (not found[label.field].text and label.text):
                found[label.field] = label
    return list(found.values())


def _labels(sheet: SheetGrid, rows: int, words: Words) -> Iterator[Label]:
    for row, values in enumerate(sheet.rows[:rows]):
        for column, value in enumerate(values[:SEARCHED_COLUMNS]):
            if not isinstance(value, str) or not value:
                continue
            field = words.submitter_label(value)
            if field is not None:
                beside = _filled_in(sheet, row, column)
                yield Label(field, clean(beside.text), sheet.title, beside)
                continue
            for name, filled in words.labelled(value):
                yield Label(name, clean(filled), sheet.title, Cell(address(row, column), clean(filled)))


def _filled_in(sheet: SheetGrid, row: int, column: int) -> Cell:
    """The first filled cell to the right of a label (before the next label's place at the latest)."""
    start = column + 1
    while sheet.merged.get((row, start)) == (row, column):
        start += 1
    beside = sheet.cell(row, start)
    return beside if not beside.blank else Cell(address(row, start))


def visible_claim(survey: Survey, filled: list[Label]) -> Claim:
    """What the labels say; else, for the period, the title rows where all of them name the same one."""
    said = {label.field: label.text for label in filled}
    return Claim(said.get("department") or None, said.get("period") or period_of_titles(list(_titles(survey))))


def town_in_titles(survey: Survey, scheme: Scheme, town: Town) -> str | None:
    """The other township that titles name right before a department (杨林镇财政所), None where one names this one.

    乡镇财政所, 各镇财政所 name none.
    """
    endings = "|".join(map(re.escape, scheme.report.endings)) or "(?!)"
    names = "|".join(re.escape(plain(name)) for known in scheme.departments for name in (known.name, *known.aliases))
    pattern = re.compile(f"([\u3400-\u9fff]{{1,8}}?(?<![各全我本乡])(?:{endings})){_BODY}(?:{names})")
    titles = list(_titles(survey))
    if any(plain(town.name) in title for title in titles):
        return None
    return next((match[1] for title in titles if (match := pattern.search(title))), None)


def _titles(survey: Survey) -> Iterator[str]:
    """What stands in the title rows, without the day on which somebody filled it in: 填报时间：2021年11月 is no period."""
    words = survey.words
    for sheet, header in survey.headed:
        if not sheet.visible:
            continue
        rows = header.first if header else 3 if sheet.title == INSTRUCTIONS else 0
        for row in range(min(rows, 5, len(sheet.rows))):
            texts = [sheet.heading(row, column) for column in range(min(sheet.width, SEARCHED_COLUMNS))]
            days = {
                _filled_in(sheet, row, column).text
                for column, text in enumerate(texts)
                if words.submitter_label(text) == "filled_on"
            }
            for text in texts:
                title = narrow(text)
                for name, filled in words.labelled(text):
                    if name == "filled_on":
                        title = title.replace(filled, "")
                if text not in days and (title := plain(title)):
                    yield title


def read_department_name(text: str, scheme: Scheme, town: Town) -> tuple[Department | None, bool]:
    """Read a department as people write it: with or without the town before it.

    Returns:
        The department, None where the scheme has none of that name; and whether the text names another town's.
    """
    written = plain(text)
    known = scheme.known_as(written)
    if known is not None:
        return known, False
    names = sorted(
        (
            (plain(name), department)
            for department in scheme.departments
            for name in (department.name, *department.aliases)
        ),
        key=lambda pair: -len(pair[0]),
    )
    for name, department in names:
        if written.endswith(name):
            before = written.removesuffix(name)
            endings = "|".join(map(re.escape, scheme.report.endings)) or "(?!)"
            elsewhere = bool(re.search(f"({endings}){_BODY}$", before)) and plain(town.name) not in before
            return department, elsewhere
    return None, False


def departments_by_content(survey: Survey, scheme: Scheme) -> Counter[str]:
    """How many rows of a workbook only one department owns, by department: by their codes, else by their names."""
    codes = {i.code: i.owner for i in scheme.indicators if i.second_owner is None}
    owners: dict[str, set[str]] = defaultdict(set)
    for indicator in scheme.indicators:
        owners[plain(indicator.name)] |= {indicator.owner, indicator.second_owner or indicator.owner}
    names = {name: next(iter(own)) for name, own in owners.items() if len(own) == 1}
    known = {department.name for department in scheme.departments}
    votes: Counter[str] = Counter()
    for sheet, header in survey.headed:
        if header is None or not sheet.visible:
            continue
        for row in range(header.last + 1, len(sheet.rows)):
            code, name = (
                plain(sheet.heading(row, header.columns[key])) if key in header.columns else ""
                for key in ("code", "name")
            )
            owner = codes.get(code.upper()) or names.get(name)
            if owner in known:
                votes[owner] += 1
    return votes
