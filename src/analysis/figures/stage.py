"""Stage 2's way in: from the departments' tables to assessed indicators, parts, projects, duties, words and problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.figures.assess import assess, past_of
from analysis.figures.gather import gather
from analysis.figures.model import (
    Assessment,
    Duty,
    Paragraph,
    Part,
    Past,
    Problem,
    Project,
    from_frame,
    schema_of,
    to_frame,
)
from analysis.figures.problems import problems_of
from analysis.figures.review import FILE_UNKNOWN, require_checks, review
from analysis.figures.submissions import submissions_frame
from analysis.figures.works import duties_of, projects_of
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found, Place
from analysis.intake.frames import FINDINGS, VALUES, Finding, Value, findings_frame
from analysis.intake.ingest import read_period
from analysis.intake.look import first_look
from analysis.intake.store import as_text, load_frame, save_frame, save_text
from analysis.scheme import Facts, Scheme

RECORDS = {
    "indicators": Assessment,
    "parts": Part,
    "projects": Project,
    "duties": Duty,
    "texts": Paragraph,
    "problems": Problem,
    "past": Past,
}
"""The tables of stage 2 and the record of each."""
NOBODY = "未认出部门"
"""Who a file belongs to that is no department's."""
EARLIEST = 10
"""How many years back zero commitments and lines are followed at most."""


@dataclass(frozen=True)
class Computed:
    """The tables that stage 2 writes, by name (see `RECORDS`), with all findings and the submissions."""

    tables: Mapping[str, pd.DataFrame]
    findings: pd.DataFrame
    submissions: pd.DataFrame


def compute(
    scheme: Scheme,
    facts: Facts,
    values: pd.DataFrame,
    findings: pd.DataFrame,
    earlier: Mapping[int, pd.DataFrame],
    strays: Sequence[Finding] = (),
) -> Computed:
    """Compute everything that the report tells.

    Args:
        scheme: what is measured.
        facts: the period and its target book.
        values: the values of all departments of the period (`intake.frames.VALUES`).
        findings: what stage 1 found (`intake.frames.FINDINGS`).
        earlier: by year, the values of the same months of earlier years; their files are named `2020/财政所.xlsx`.
        strays: files of the folder that are no department's return, see `stray_files`.

    Raises:
        SchemeError: a check of this stage is missing from `checks.csv`, or has no bound.
    """
    require_checks(scheme)
    returned = gather(scheme, from_frame(values, Value))
    before = {year: gather(scheme, from_frame(frame, Value)) for year, frame in earlier.items()}
    projects = list(projects_of(scheme, facts, returned))
    duties = list(duties_of(scheme, facts, returned))
    assessed = assess(scheme, facts, returned, before, projects, duties)
    reviewed = findings_frame([*review(scheme, returned, assessed, projects), *strays])
    records: dict[str, list[object]] = {
        "indicators": [*assessed],
        "parts": [part for parts in returned.parts.values() for part in parts],
        "projects": [*projects],
        "duties": [*duties],
        "texts": [*returned.paragraphs],
        "problems": [*problems_of(scheme, facts.period, assessed, projects, duties)],
        "past": [*past_of(scheme, {**before, facts.period.year: returned})],
    }
    everything = pd.concat([findings, reviewed], ignore_index=True)
    return Computed(
        {name: to_frame(records[name], record) for name, record in RECORDS.items()},
        everything,
        submissions_frame(scheme, facts, returned, values, everything),
    )


# ---- files -------------------------------------------------------------------------------------------------------


def load_returns(folder: Path, scheme: Scheme) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The values and the findings that stage 1 wrote for all departments, in the scheme's order.

    Raises:
        FileNotFoundError: in Chinese, where a department has not been read.
    """
    values, findings = [], []
    for department in scheme.departments:
        try:
            values.append(load_frame(folder / f"{department.name}.parquet", VALUES))
            findings.append(load_frame(folder / f"{department.name}.findings.parquet", FINDINGS))
        except FileNotFoundError as error:
            raise FileNotFoundError(f"还没有读取{department.name}的上报表，请先对它运行 1_ingest") from error
    return pd.concat(values, ignore_index=True), pd.concat(findings, ignore_index=True)


def stray_files(folder: Path, scheme: Scheme, facts: Facts) -> list[Finding]:
    """A finding for every file in the returns' folder that is no department's: nothing that was sent is passed over."""
    return [
        worded(
            Found(FILE_UNKNOWN, Place(sighting.file), {"reason": sighting.reason, "todo": sighting.remedy}),
            NOBODY,
            scheme,
        )
        for sighting in first_look(folder, scheme, facts.town, facts.period)
        if sighting.department is None
    ]


def earlier_returns(raw: Path, processed: Path, scheme: Scheme, facts: Facts) -> dict[int, pd.DataFrame]:
    """The values of the same months of earlier years, read from their returns; as kept by their own run where those are gone.

    The returns come first, so that a report does not depend on what an earlier run, by an earlier scheme, left behind.

    Args:
        raw: the town's folder of returns, `data/raw/<town>`.
        processed: the town's folder of tables, `data/processed/<town>`.
        scheme: what is measured.
        facts: of the period that is reported on; the town's hold for earlier years too.

    Returns:
        By year, a frame of values whose files are named with their period; years without returns are left out.
    """
    years: dict[int, pd.DataFrame] = {}
    for back in range(1, EARLIEST + 1):
        period = facts.period.years_before(back)
        folder, kept = raw / str(period), processed / str(period) / "returns"
        if folder.is_dir():
            then = replace(facts, period=period, targets={}, has_target_book=False, waivers=(), target_rows={})
            read = read_period(folder, scheme, then)
            values = pd.concat([ingested.values for ingested in read.values()], ignore_index=True)
        elif kept.is_dir():
            frames = [
                load_frame(path, VALUES) for path in sorted(kept.glob("*.parquet")) if path.suffixes == [".parquet"]
            ]
            values = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
        else:
            continue
        if len(values):
            years[period.year] = values.assign(file=str(period) + "/" + values["file"])
    return years


def save_computed(computed: Computed, folder: Path) -> None:
    """Write the tables of stage 2 into a period's folder."""
    for name, table in computed.tables.items():
        save_frame(table, folder / f"{name}.parquet")
    save_frame(computed.findings, folder / "findings.parquet")
    save_text(as_text(computed.findings).to_csv(index=False, lineterminator="\n"), folder / "findings.csv")
    save_frame(computed.submissions, folder / "submissions.parquet")


def load_records(folder: Path, name: str) -> list[object]:
    """The records of one of stage 2's tables.

    Raises:
        FileNotFoundError: in Chinese, where stage 2 has not run.
    """
    record = RECORDS[name]
    try:
        frame = load_frame(folder / f"{name}.parquet", schema_of(record))
    except FileNotFoundError as error:
        raise FileNotFoundError("还没有计算指标，请先运行 2_indicators") from error
    return list(from_frame(frame, record))
