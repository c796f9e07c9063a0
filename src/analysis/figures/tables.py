"""The files of stage 2: what stage 1 wrote and what earlier periods returned, and the tables that are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

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
)
from analysis.intake.frames import FINDINGS, VALUES, typed_frame
from analysis.intake.ingest import CHECKS, read_period
from analysis.intake.look import first_look
from analysis.intake.sighting import Sighting
from analysis.intake.store import as_text, load_frame, save_frame, save_text
from analysis.intake.whole import require_whole, together
from analysis.scheme import Facts, Period, Scheme
from analysis.scheme.period import YEARS_BACK

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
TABLES = (*RECORDS, "findings", "checks", "submissions")
"""All tables of stage 2."""


@dataclass(frozen=True)
class Computed:
    """What stage 2 writes.

    Attributes:
        tables: by name, see `RECORDS`.
        findings: of both stages, in the order of what they weigh (`intake.frames.FINDINGS`).
        submissions: who has returned (`submissions.SUBMISSIONS`).
        checks: of both stages, by department and check, how often it passed, found something, could not be made
            (`intake.ingest.CHECKS`).
    """

    tables: Mapping[str, pd.DataFrame]
    findings: pd.DataFrame
    submissions: pd.DataFrame
    checks: pd.DataFrame


def joined(frames: Sequence[pd.DataFrame], schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The rows of several frames of a schema in one."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else typed_frame([], schema)


def load_returns(folder: Path, scheme: Scheme) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The values, the findings and the counts of the checks that stage 1 wrote for all departments, in the scheme's order.

    Raises:
        FileNotFoundError: in Chinese, where a department has not been read.
    """
    values, findings, checks = [], [], []
    for department in scheme.departments:
        try:
            values.append(load_frame(folder / f"{department.name}.parquet", VALUES))
            findings.append(load_frame(folder / f"{department.name}.findings.parquet", FINDINGS))
            checks.append(load_frame(folder / f"{department.name}.checks.parquet", CHECKS))
        except FileNotFoundError as error:
            raise FileNotFoundError(f"还没有读取{department.name}的上报表，请先对它运行 1_ingest") from error
    return joined(values, VALUES), joined(findings, FINDINGS), joined(checks, CHECKS)


def stray_files(folder: Path, scheme: Scheme, facts: Facts) -> list[Sighting]:
    """The files in the returns' folder that are no department's."""
    looked = first_look(folder, scheme, facts.town, facts.period)
    return [sighting for sighting in looked if sighting.department is None]


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
    for back in range(1, YEARS_BACK + 1):
        period = facts.period.years_before(back)
        values = _values_of(period, raw, processed, scheme, facts)
        if values is not None:
            years[period.year] = values
    return years


def earlier_in_year(raw: Path, processed: Path, scheme: Scheme, facts: Facts) -> dict[Period, pd.DataFrame]:
    """The values of the earlier periods of the same year (`2021-03` before `2021-09`), as `earlier_returns` gives years'.

    Returns:
        By period, a frame of values whose files are named with their period; periods without returns are left out.
    """
    periods: dict[Period, pd.DataFrame] = {}
    for month in range(1, facts.period.month):
        period = Period(facts.period.year, month)
        values = _values_of(period, raw, processed, scheme, facts)
        if values is not None:
            periods[period] = values
    return periods


def _values_of(period: Period, raw: Path, processed: Path, scheme: Scheme, facts: Facts) -> pd.DataFrame | None:
    """The values of another period, from its returns, else as its own run kept them; None where there are none."""
    folder, kept = raw / str(period), processed / str(period) / "returns"
    if folder.is_dir():
        then = replace(facts, period=period, targets={}, has_target_book=False, waivers=(), target_rows={})
        read = read_period(folder, scheme, then)
        values = joined([ingested.values for ingested in read.values()], VALUES)
    elif kept.is_dir():
        paths = (path for path in sorted(kept.glob("*.parquet")) if path.suffixes == [".parquet"])
        values = joined([load_frame(path, VALUES) for path in paths], VALUES)
    else:
        return None
    return values.assign(file=str(period) + "/" + values["file"]) if len(values) else None


def save_computed(computed: Computed, folder: Path) -> None:
    """Write the tables of stage 2 into a period's folder."""
    with together(folder):
        for name, table in computed.tables.items():
            save_frame(table, folder / f"{name}.parquet")
        save_frame(computed.findings, folder / "findings.parquet")
        save_text(as_text(computed.findings).to_csv(index=False, lineterminator="\n"), folder / "findings.csv")
        save_frame(computed.checks, folder / "checks.parquet")
        save_frame(computed.submissions, folder / "submissions.parquet")


def load_records(folder: Path, name: str) -> list[object]:
    """The records of one of stage 2's tables.

    Raises:
        FileNotFoundError: in Chinese, where stage 2 has not run.
        ValueError: in Chinese, where it did not come to its end.
    """
    require_whole(folder)
    record = RECORDS[name]
    try:
        frame = load_frame(folder / f"{name}.parquet", schema_of(record))
    except FileNotFoundError as error:
        raise FileNotFoundError("还没有计算指标，请先运行 2_indicators") from error
    return list(from_frame(frame, record))
