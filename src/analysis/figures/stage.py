"""Stage 2's way in: from the departments' tables to assessed indicators, parts, projects, duties, words and problems."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.figures.assess import assess, past_of
from analysis.figures.checks import Across, Reviewed, require_checks, review
from analysis.figures.gather import gather
from analysis.figures.model import from_frame, to_frame
from analysis.figures.problems import problems_of
from analysis.figures.submissions import submissions_frame
from analysis.figures.tables import RECORDS, Computed, joined
from analysis.figures.works import duties_of, projects_of
from analysis.intake.checks import by_weight
from analysis.intake.frames import Finding, Value, findings_frame, typed_frame
from analysis.intake.ingest import CHECKS
from analysis.intake.sighting import Sighting
from analysis.scheme import Facts, Period, Scheme

COUNTS = ("passed", "found", "not_evaluated")


def compute(
    scheme: Scheme,
    facts: Facts,
    values: pd.DataFrame,
    findings: pd.DataFrame,
    earlier: Mapping[int, pd.DataFrame],
    strays: Sequence[Sighting] = (),
    checks: pd.DataFrame | None = None,
    within: Mapping[Period, pd.DataFrame] | None = None,
) -> Computed:
    """Compute everything that the report tells.

    Args:
        scheme: what is measured.
        facts: the period and its target book.
        values: the values of all departments of the period (`intake.frames.VALUES`).
        findings: what stage 1 found (`intake.frames.FINDINGS`).
        earlier: by year, the values of the same months of earlier years; their files are named `2020/财政所.xlsx`.
        strays: files of the folder that are no department's return, see `stray_files`.
        checks: how often stage 1's checks passed, found something, could not be made (`intake.ingest.CHECKS`).
        within: by period, the values of earlier periods of the same year, see `earlier_in_year`.

    Raises:
        SchemeError: a check of this stage is missing from `checks.csv`, or has no bound.
    """
    require_checks(scheme)
    returned = gather(scheme, from_frame(values, Value))
    before = {year: gather(scheme, from_frame(frame, Value)) for year, frame in earlier.items()}
    this_year = {period: gather(scheme, from_frame(frame, Value)) for period, frame in (within or {}).items()}
    projects = list(projects_of(scheme, facts, returned))
    duties = list(duties_of(scheme, facts, returned))
    assessed = assess(scheme, facts, returned, before, projects, duties)
    reviewed = review(Across(scheme, facts, returned, before, this_year, assessed, projects, strays))
    records: dict[str, list[object]] = {
        "indicators": [*assessed],
        "parts": [part for parts in returned.parts.values() for part in parts],
        "projects": [*projects],
        "duties": [*duties],
        "texts": [*returned.paragraphs],
        "problems": [*problems_of(scheme, facts.period, assessed, projects, duties, returned.paragraphs)],
        "past": [*past_of(scheme, {**before, facts.period.year: returned})],
    }
    everything = _all_findings(scheme, values, findings, reviewed)
    return Computed(
        {name: to_frame(records[name], record) for name, record in RECORDS.items()},
        everything,
        submissions_frame(scheme, facts, returned, values, everything),
        _all_checks(checks, reviewed),
    )


def _all_findings(scheme: Scheme, values: pd.DataFrame, findings: pd.DataFrame, reviewed: Reviewed) -> pd.DataFrame:
    """The findings of both stages, in the order of what they weigh in the report."""
    sheets = [str(title) for title in values["sheet"].unique()]
    return findings_frame(by_weight([*from_frame(findings, Finding), *reviewed.findings], scheme, sheets))


def _all_checks(checks: pd.DataFrame | None, reviewed: Reviewed) -> pd.DataFrame:
    """The counts of both stages; those of this one behind the others."""
    own = [
        {"department": department, "check": code, **{name: getattr(tally, name) for name in COUNTS}}
        for department, tallies in reviewed.tallies.items()
        for code, tally in sorted(tallies.items())
    ]
    return joined([*([checks] if checks is not None else []), typed_frame(own, CHECKS)], CHECKS)
