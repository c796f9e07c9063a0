"""The stage's way in: one department's return, or all of a period, as frames of values and findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from analysis.intake.answers import with_answers
from analysis.intake.checks import check_return, ordered
from analysis.intake.checks.context import Context
from analysis.intake.checks.run import Tally
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found, Place
from analysis.intake.frames import TEXT, Finding, Value, findings_frame, typed_frame, values_frame
from analysis.intake.headers import Survey
from analysis.intake.look import look_and_open, look_at
from analysis.intake.read import read_return
from analysis.intake.sighting import Sighting
from analysis.intake.start import require_usable
from analysis.scheme import Facts, Scheme, SchemeError, SchemeProblem

CHECKS = pa.DataFrameSchema(
    {"department": pa.Column(TEXT), "check": pa.Column(TEXT)}
    | {name: pa.Column("int64") for name in ("passed", "found", "not_evaluated")},
    strict=True,
)


@dataclass(frozen=True)
class Ingested:
    """What stage 1 gives of a department.

    Attributes:
        department: its name.
        values: one row a cell, see `frames.Value`; empty where no return could be read.
        findings: one row a finding, see `frames.Finding`; the worst first.
        sighting: what the first look made of its file; none where there is no file.
        checks: by check, how often it passed, found something, could not be made.
    """

    department: str
    values: pd.DataFrame
    findings: pd.DataFrame
    sighting: Sighting | None
    checks: pd.DataFrame


def ingest(folder: Path, department: str, scheme: Scheme, facts: Facts) -> Ingested:
    """Read and check one department's return.

    Args:
        folder: the period's folder with the returns of all departments, `data/raw/<town>/<period>`.
        department: the department's name, as `departments.csv` writes it.
        scheme: the scheme.
        facts: the facts of the town and this period.

    Raises:
        SchemeError: the scheme's checks or words can't be used, or it has no such department. Nothing that a
            department sends raises anything: a missing or refused return is a finding.
    """
    require_usable(scheme)
    if all(known.name != department for known in scheme.departments):
        raise _no_such_department(department, scheme)
    looked = look_and_open(folder, scheme, facts.town, facts.period)
    return _framed([_outcome(looked, department, scheme, facts)])[department]


def read_period(folder: Path, scheme: Scheme, facts: Facts) -> dict[str, Ingested]:
    """Read and check the returns of all departments of a period, with one first look for all.

    Raises:
        SchemeError: the scheme's checks or words can't be used.
    """
    require_usable(scheme)
    looked = look_and_open(folder, scheme, facts.town, facts.period)
    return _framed([_outcome(looked, department.name, scheme, facts) for department in scheme.departments])


def ingest_file(path: Path, scheme: Scheme, facts: Facts) -> tuple[Sighting, Ingested | None]:
    """Read and check one workbook by itself, wherever it lies; what lies beside it is not looked at.

    Returns:
        What the first look made of it, and what was read; none where it was refused or is no department's.

    Raises:
        SchemeError: the scheme's checks or words can't be used.
    """
    require_usable(scheme)
    sighting, survey = look_at(path, scheme, facts.town, facts.period)
    if sighting.status != "return" or sighting.department is None or survey is None:
        return sighting, None
    outcome = _read_and_checked(sighting, survey, sighting.department, scheme, facts, ())
    return sighting, _framed([outcome])[sighting.department]


@dataclass(frozen=True)
class _Outcome:
    """What came of a department's return, before it is put into frames."""

    department: str
    sighting: Sighting | None
    values: tuple[Value, ...]
    findings: tuple[Finding, ...]
    tallies: Mapping[str, Tally]


def _outcome(
    looked: Sequence[tuple[Sighting, Survey | None]], department: str, scheme: Scheme, facts: Facts
) -> _Outcome:
    own = [(sighting, survey) for sighting, survey in looked if sighting.department == department]
    for sighting, survey in own:
        if sighting.status == "return" and survey is not None:
            beside = [_left_aside(other) for other, _ in own if other.status == "refused"]
            return _read_and_checked(sighting, survey, department, scheme, facts, beside)
    refused = [sighting for sighting, _ in own if sighting.status != "superseded"]  # nothing is to be done about those
    found = [_refused(sighting) for sighting in refused] or [_not_returned(department, facts)]
    findings = [worded(each, department, scheme) for each in found]
    tallies = {found[0].check: Tally(found=len(found))}
    return _Outcome(department, own[0][0] if own else None, (), ordered(findings, ()), tallies)


def _read_and_checked(
    sighting: Sighting, survey: Survey, department: str, scheme: Scheme, facts: Facts, beside: Sequence[Found]
) -> _Outcome:
    read = with_answers(read_return(survey, department, scheme, facts.period), survey, department)
    asked = frozenset((each.place.sheet, each.place.cell) for each in read.found if each.place.heading)
    context = Context(department, read.values, scheme, facts, survey.file, asked)
    notes = [Found("sight_note", Place(survey.file), {"note": note}) for note in sighting.notes]
    checked = check_return(context, [*notes, *beside, *read.found], [sheet.title for sheet in survey.sheets])
    return _Outcome(department, sighting, read.values, checked.findings, checked.tallies)


def _framed(outcomes: Sequence[_Outcome]) -> dict[str, Ingested]:
    """Put outcomes into frames: made and validated once for all departments, then shared out."""
    tallied = [list(_tallied(outcome)) for outcome in outcomes]
    values = _shared_out(
        values_frame(value for outcome in outcomes for value in outcome.values), [len(o.values) for o in outcomes]
    )
    findings = _shared_out(
        findings_frame(finding for outcome in outcomes for finding in outcome.findings),
        [len(outcome.findings) for outcome in outcomes],
    )
    checks = _shared_out(
        typed_frame([row for rows in tallied for row in rows], CHECKS), [len(rows) for rows in tallied]
    )
    return {
        outcome.department: Ingested(outcome.department, read, found, outcome.sighting, counted)
        for outcome, read, found, counted in zip(outcomes, values, findings, checks, strict=True)
    }


def _shared_out(frame: pd.DataFrame, counts: Sequence[int]) -> Iterator[pd.DataFrame]:
    """Each department's rows: they follow each other in the frame."""
    start = 0
    for count in counts:
        yield frame.iloc[start : start + count].reset_index(drop=True)
        start += count


def _left_aside(sighting: Sighting) -> Found:
    """A file of the department that was refused beside the one that was read: it may be what should have been read."""
    return Found("left_aside", Place(sighting.file), {"reason": sighting.reason, "todo": sighting.remedy})


def _refused(sighting: Sighting) -> Found:
    return Found("refused", Place(sighting.file), {"reason": sighting.reason, "todo": sighting.remedy})


def _not_returned(department: str, facts: Facts) -> Found:
    phone = facts.town.phones.get(department, "")
    return Found("not_returned", Place(), {"phone": phone or "未登记", "period": facts.period.label})


def _no_such_department(department: str, scheme: Scheme) -> SchemeError:
    listed = "、".join(known.name for known in scheme.departments)
    return SchemeError(
        [SchemeProblem("scheme/departments.csv", 0, "name", f"没有“{department}”这个部门", f"请改为以下之一：{listed}")]
    )


def _tallied(outcome: _Outcome) -> Iterator[dict[str, Any]]:
    for code, tally in sorted(outcome.tallies.items()):
        yield {"department": outcome.department, "check": code, **asdict(tally)}
