"""What a workbook says of itself: whose return it is and for which period."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.intake.headers import Survey
from analysis.intake.hidden_sheet import CHECK, check_word
from analysis.intake.layout import HIDDEN_SHEET, INSTRUCTIONS
from analysis.intake.spots import address
from analysis.intake.words import Words
from analysis.intake.workbook import Cell, SheetGrid, Workbook
from analysis.intake.writing import clean, plain
from analysis.scheme import Department, Period, Scheme, Town

SEARCHED_ROWS = 80
SEARCHED_COLUMNS = 20
HIDDEN_ROWS = 50
_UP_TO = {"全年": 12, "上半年": 6, "前三季度": 9, "前3季度": 9, "一季度": 3, "1季度": 3}
"""Words for the months from January on."""
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:年度|年)?(?:(?:1月?份?)?[-—–~至到](?P<last>\d{1,2})月?份?|(?P<month>\d{1,2})月份?"
    rf"|第?(?P<words>{'|'.join(_UP_TO)}))?",
    re.ASCII,
)
_TITLE_PERIOD = re.compile(
    r"(?:19|20|21)\d{2}年(?!\d{1,2}月\d{1,2}日)度?"  # a day is when something was written
    r"(?P<part>全年|[上下]半年|[前第]?[一二三四1-4]季度|\d{1,2}月?份?[-—–~至到]\d{1,2}月|\d{1,2}月)?",
    re.ASCII,
)
_OTHER_MONTHS = re.compile(r"(?<!\d)([2-9]|1[0-2])月?份?[-—–~至到]\d{1,2}月|[二三四234]季度|下半年", re.ASCII)
_MONTHS = re.compile(r"(?<!\d)1月?份?[-—–~至到]\d{1,2}月", re.ASCII)
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
    return Claim(said.get("department") or None, said.get("period") or _title_period(survey))


def _title_period(survey: Survey) -> str | None:
    """The period that titles name; a year alone says nothing against months of it in another title."""
    written = [text for title in _titles(survey) if (text := _period_in(title))]
    told = [text for text in written if not any(other != text and other.startswith(text) for other in written)]
    named = {read_period_name(text) or text: text for text in told}
    return next(iter(named.values())) if len(named) == 1 else None


def _period_in(title: str) -> str | None:
    """The period that a title names, be it in two places: 2021年度上报表（1—9月）."""
    match = _TITLE_PERIOD.search(title)
    if match is None:
        return None
    months = _MONTHS.search(title, match.end()) if match["part"] is None else None
    return f"{match[0]}{months[0]}" if months else match[0]


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
    for sheet, header in survey.headed:
        if not sheet.visible:
            continue
        rows = header.first if header else 3 if sheet.title == INSTRUCTIONS else 0
        for row in range(min(rows, 5, len(sheet.rows))):
            for column in range(min(sheet.width, SEARCHED_COLUMNS)):
                if title := plain(sheet.heading(row, column)):
                    yield title


def read_period_name(text: str) -> Period | None:
    """Read a period as people write it: 2021, 2021年度, 2021年1—9月, 2021-09, 2021年上半年; None where it is none."""
    match = _PERIOD.fullmatch(plain(text))
    if match is None:
        return None
    month = int(match["last"] or match["month"] or _UP_TO.get(match["words"], 12))
    try:
        return Period.parse(f"{match['year']}-{month:02d}")
    except ValueError:
        return None


def is_part_alone(text: str) -> bool:
    """Whether a period is of months that don't begin with January, 7—9月, 三季度: figures of those are not cumulative."""
    return _OTHER_MONTHS.search(plain(text)) is not None


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
