"""Blank returns for all departments of a town, written where the office finds them; nothing that was filled in is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.intake.blank import blank_return, workbook_bytes
from analysis.intake.headers import Survey
from analysis.intake.identity import hidden_claim
from analysis.intake.ingest import read_period
from analysis.intake.read import read_return
from analysis.intake.refusal import Refusal
from analysis.intake.whole import beside
from analysis.intake.words import words_of
from analysis.intake.workbook import open_workbook
from analysis.intake.writing import plain
from analysis.running.places import Places
from analysis.scheme import Facts, Scheme, SchemeError, SchemeProblem, read_facts, read_scheme

FOLDER = "空白上报表"
PRINTED = ("department", "period", "unit")
"""Fields that the form states by itself and that nobody fills in; so it does the targets where there is a target book."""
OF_AN_EARLIER_SCHEME = ("foreign_indicator", "not_this_year")
"""What is found in a blank form whose department was asked for more when it was made."""


@dataclass(frozen=True, slots=True)
class Template:
    """A blank return that was made.

    Attributes:
        department: whose it is.
        path: where it lies.
        note: why it lies beside its usual place, in Chinese; empty where it doesn't.
    """

    department: str
    path: Path
    note: str = ""


def make_templates(places: Places, out: Path | None = None, departments: Sequence[str] = ()) -> list[Template]:
    """Make the blank returns of a town and period.

    Figures of the same months of last year are filled in as bases where there are returns that can be read. A file of the
    same name is replaced only where it is a blank return of the same department and period that nobody has filled in;
    else, or where it is open in Excel or WPS, the new one is put beside it.

    Args:
        places: where everything lies.
        out: the folder to write to; `reports/<town>/<period>/空白上报表` where none is given.
        departments: names or aliases; all departments where none is given.

    Returns:
        What was made, in the scheme's order.

    Raises:
        SchemeError: the scheme or the facts can't be used, or there is no such department.
    """
    scheme = read_scheme(places.scheme)
    wanted = _wanted(scheme, departments)
    _require_period(places)
    # No blank return prints the report's date, and nobody knows it yet when they are sent out.
    undated = date(places.period.year, places.period.month, 28)
    facts = read_facts(places.raw / places.town, places.period, scheme, undated)
    folder = places.report / FOLDER if out is None else out
    last = _last_year(places, scheme, facts)
    return [_make(folder, scheme, facts, name, _known_of(last, name)) for name in wanted]


def _wanted(scheme: Scheme, departments: Sequence[str]) -> list[str]:
    """The departments' names in the scheme's order."""
    known = {name: scheme.known_as(name) for name in departments}
    problems = [
        SchemeProblem(
            "scheme/departments.csv",
            0,
            "name",
            f"没有“{name}”这个部门",
            f"请改为以下之一：{'、'.join(department.name for department in scheme.departments)}",
        )
        for name, department in known.items()
        if department is None
    ]
    if problems:
        raise SchemeError(problems)
    chosen = {department.name for department in known.values() if department is not None}
    return [department.name for department in scheme.departments if not chosen or department.name in chosen]


def _require_period(places: Places) -> None:
    """See that the period has its facts: blank returns are made before any return has come, and so before its folder."""
    town = places.raw / places.town
    if (places.returns / "period.toml").is_file() or not (town / "town.toml").is_file():
        return  # a town that is not there is told by who reads it
    period = places.period
    remedy = (
        f"请在 {town} 中新建文件夹 {period}，在里面新建文本文件 period.toml，写一行"
        f" report_date = {period.month_after}-15（报告日期，还不知道的可以先估计，以后再改）；"
        f"再写一行 deadline = {period.month_after}-07，报送期限就会印在空白上报表上。"
        f"township-report init {places.town} --period {period} 会建好这些文件"
    )
    raise SchemeError([SchemeProblem(f"{period}/period.toml", 0, "", "没有这个文件，还不能做空白上报表", remedy)])


def _last_year(places: Places, scheme: Scheme, facts: Facts) -> Mapping[str, pd.DataFrame]:
    """By department, what was returned for the same months of last year; nothing where no return can be read."""
    period = facts.period.years_before()
    folder = places.raw / places.town / str(period)
    if not folder.is_dir():
        return {}
    then = replace(facts, period=period, targets={}, has_target_book=False, waivers=(), target_rows={})
    return {name: ingested.values for name, ingested in read_period(folder, scheme, then).items()}


def _known_of(last: Mapping[str, pd.DataFrame], department: str) -> pd.DataFrame | None:
    """What is known of last year for a department: its own figures before those that another had then returned."""
    frames = [frame for name, frame in last.items() if name != department and len(frame)]
    if department in last:
        frames.append(last[department])
    return pd.concat(frames, ignore_index=True) if frames else None


def _make(folder: Path, scheme: Scheme, facts: Facts, department: str, previous: pd.DataFrame | None) -> Template:
    content = workbook_bytes(blank_return(scheme, facts, department, previous))
    printed = _filled_in(content, scheme, facts, department) or set()
    usual, note = folder / f"{department}.xlsx", ""
    names = _names(usual)
    while True:
        path = next(names)
        try:
            old = path.read_bytes() if path.exists() else None
            if old is not None and old != content:
                there = _filled_in(old, scheme, facts, department)
                if there is None or there - printed:
                    note = note or f"《{path.name}》已经有人填写或改动过，没有覆盖"
                    continue
            if old != content:
                with beside(path) as new:
                    new.write_bytes(content)
        except PermissionError:
            if not path.exists():
                raise  # the folder can't be written to, and no other name would help
            note = note or f"《{path.name}》正被打开，没有覆盖"
            continue
        return Template(department, path, f"{note}，新表写在《{path.name}》" if note else "")


def _names(usual: Path) -> Iterator[Path]:
    """The usual name, then those beside it."""
    yield usual
    number = 1
    while True:
        yield usual.with_name(f"{usual.stem}（新{number if number > 1 else ''}）{usual.suffix}")
        number += 1


def _filled_in(content: bytes, scheme: Scheme, facts: Facts, department: str) -> set[tuple[str, ...]] | None:
    """What stands in a form's open cells, each by its table, row and column.

    Returns:
        None where the workbook is no form of the department and period, or holds what no form has.
    """
    try:
        survey = Survey(open_workbook("", content), words_of(scheme))
        claim = hidden_claim(survey.workbook)
        ours = (claim.department, claim.period, claim.town) == (department, str(facts.period), facts.town.name)
        if not ours:
            return None
        read = read_return(survey, department, scheme, facts.period)
    except Refusal:
        return None
    if any(found.check not in OF_AN_EARLIER_SCHEME for found in read.found):
        return None
    printed = (*PRINTED, "target") if facts.has_target_book else PRINTED
    # A village, or a project of the target book, that an earlier form printed for what is another department's now is nobody's
    # work either.
    known = {*map(plain, facts.town.villages), *(plain(item) for _, item in facts.targets)}
    rows = {(v.table, v.code or "", plain(v.item), "item", "") for v in read.values if v.item}
    rows = {row for row in rows if row[2] not in known}
    cells = {
        (v.table, v.code or "", plain(v.item), v.field, v.typed)
        for v in read.values
        if v.typed.strip() and v.field not in printed
    }
    return rows | cells
