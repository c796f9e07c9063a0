"""Read the whole scheme, and see that it does not contradict itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from analysis.scheme.consistency import contradictions
from analysis.scheme.models import (
    EVERY_DEPARTMENT,
    Check,
    Department,
    Indicator,
    Measure,
    PeopleWords,
    Relation,
    Row,
    Synonym,
    Theme,
    Word,
)
from analysis.scheme.problems import SchemeError, SchemeProblem
from analysis.scheme.report import ReportWords
from analysis.scheme.table import decoded, read_table
from analysis.scheme.toml_file import line_of, read_toml

R = TypeVar("R", bound=Row)
REPORT = "scheme/report.toml"
PEOPLE = "people.csv"


@dataclass(frozen=True)
class Scheme:
    """The assessment scheme (考核方案): what is measured, by whom, and the words that returns may use.

    Attributes:
        indicators: in the order of the report.
        departments: in the order of the report's tables.
        narrative: the folder of the chapter templates.
        words: what template text may say although a number stands in it.
        measures: the words before which a Chinese numeral is a number; the figure audit does not run without them.
        report: how the report and its forms are called.
        people: the words by which names of persons are known; without them only numbers of persons are.
    """

    indicators: tuple[Indicator, ...]
    departments: tuple[Department, ...]
    relations: tuple[Relation, ...]
    checks: tuple[Check, ...]
    synonyms: tuple[Synonym, ...]
    themes: tuple[Theme, ...]
    narrative: Path = field(default=Path())
    words: tuple[Word, ...] = ()
    measures: tuple[Measure, ...] = ()
    report: ReportWords = field(default_factory=ReportWords)
    people: tuple[PeopleWords, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        """The indicators by their codes."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def checks_by_code(self) -> dict[str, Check]:
        """The checks by their codes."""
        return {check.code: check for check in self.checks}

    def __getitem__(self, code: str) -> Indicator:
        return self.by_code[code]

    def bound(self, check: str) -> Decimal:
        """The bound of a check.

        Raises:
            ValueError: `checks.csv` has none; the stages' `require_…` functions tell before anything is read or computed.
        """
        value = self.checks_by_code[check].value
        if value is None:
            raise ValueError(f"scheme/checks.csv：审核规则“{check}”没有界限，请在 value 列填写数字")
        return value

    def in_year(self, year: int) -> tuple[Indicator, ...]:
        """The indicators that the scheme asks for in a year."""
        return tuple(indicator for indicator in self.indicators if indicator.valid_in(year))

    def asked_of(self, department: str, year: int) -> tuple[Indicator, ...]:
        """The indicators that a department returns in a year: its own, those it returns too, and those of everyone."""
        return tuple(
            indicator
            for indicator in self.in_year(year)
            if department in (indicator.owner, indicator.second_owner) or indicator.owner == EVERY_DEPARTMENT
        )

    def known_as(self, name: str) -> Department | None:
        """The department that is called so, by its name or one of its aliases."""
        return next((d for d in self.departments if name == d.name or name in d.aliases), None)


def read_scheme(folder: Path) -> Scheme:
    """Read and validate the scheme's folder.

    Raises:
        SchemeError: with every mistake found, each with file, row, column and remedy.
    """
    problems: list[SchemeProblem] = []

    def table(model: type[R], name: str, key: str) -> tuple[R, ...]:
        rows, found = read_table(folder / f"{name}.csv", model, f"scheme/{name}.csv")
        problems.extend(found)
        problems.extend(_repeated(rows, key, f"scheme/{name}.csv"))
        row_numbers[name] = {str(getattr(row, key)): number for number, row in rows} if key else {}
        return tuple(row for _, row in rows)

    row_numbers: dict[str, dict[str, int]] = {}
    indicators = table(Indicator, "indicators", "code")
    departments = table(Department, "departments", "name")
    relations = table(Relation, "relations", "name")
    checks = table(Check, "checks", "code")
    synonyms = table(Synonym, "synonyms", "")
    themes = table(Theme, "themes", "section")
    # Only the figure audit needs these two; it asks for what it misses.
    words = table(Word, "words", "word") if (folder / "words.csv").exists() else ()
    measures = table(Measure, "measures", "word") if (folder / "measures.csv").exists() else ()
    report = _report(folder / "report.toml", problems)
    scheme = Scheme(
        indicators,
        tuple(sorted(departments, key=lambda department: department.order)),
        relations,
        checks,
        synonyms,
        themes,
        folder / "narrative",
        words,
        measures,
        report or ReportWords(),
        table(PeopleWords, "people", "group") if (folder / PEOPLE).exists() else (),
    )
    if report is not None and not problems:
        problems.extend(_strangers(scheme, folder / "report.toml"))
    if not problems:  # a table that was not read would make every reference to it look wrong
        problems.extend(
            contradictions(scheme.indicators, scheme.departments, scheme.relations, scheme.themes, row_numbers)
        )
    if problems:
        raise SchemeError(problems)
    return scheme


def read_people(folder: Path) -> tuple[PeopleWords, ...]:
    """Only the words by which names are known, for what reads no other part of a scheme; nothing where there are none.

    Raises:
        SchemeError: with every mistake found.
    """
    if not (folder / PEOPLE).is_file():
        return ()
    rows, found = read_table(folder / PEOPLE, PeopleWords, f"scheme/{PEOPLE}")
    if problems := [*found, *_repeated(rows, "group", f"scheme/{PEOPLE}")]:
        raise SchemeError(problems)
    return tuple(row for _, row in rows)


def _report(path: Path, problems: list[SchemeProblem]) -> ReportWords | None:
    """The words of the report; None where there is no file, so that every word has its default, or it is wrong."""
    if not path.is_file():
        return None
    report, found = read_toml(path, ReportWords, REPORT)
    problems.extend(found)
    return report


def _strangers(scheme: Scheme, path: Path) -> Iterator[SchemeProblem]:
    """Rows that `report.toml` names as those of problems and measures, and that are not there or not for words."""
    for key, code in (("problems", scheme.report.problems), ("measures", scheme.report.measures)):
        row = scheme.by_code.get(code)
        if not code or (row is not None and row.kind == "text"):
            continue
        found = f"没有编码为“{code}”的指标" if row is None else f"{code} 不是文字（text）类的指标"
        remedy = f'{key} 请改为 indicators.csv 中写这一类文字的那一行的编码；没有的，写作 {key} = ""'
        yield SchemeProblem(REPORT, line_of(decoded(path), key), "", found, remedy)


def _repeated(rows: Sequence[tuple[int, Row]], key: str, file: str) -> Iterator[SchemeProblem]:
    seen: dict[object, int] = {}
    for number, row in rows:
        value = getattr(row, key) if key else _writing(row)
        if value in seen:
            shown = value if isinstance(value, str) else "、".join(str(part) for part in _flat(value) if part)
            yield SchemeProblem(file, number, key, f"“{shown}”与第{seen[value]}行重复", "请删去一行")
        seen.setdefault(value, number)


def _writing(row: Row) -> object:
    assert isinstance(row, Synonym)
    return (row.group, row.written, row.kinds)


def _flat(value: object) -> Iterable[object]:
    if isinstance(value, tuple):
        for part in value:
            yield from _flat(part)
    else:
        yield value
