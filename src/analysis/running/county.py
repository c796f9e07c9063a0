"""A county's report from its townships' tables: `4_county.ipynb`, then the three formats, in one of the three endings."""

import shutil
import time
from collections.abc import Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.intake.whole import beside
from analysis.running.county_copy import Copy, copied
from analysis.running.errors import RunError
from analysis.running.execute import Job, execute, failed
from analysis.running.export import FORMATS, as_exported, export, of_edition
from analysis.running.kernels.pool import WarmPool
from analysis.running.limits import MINUTES
from analysis.running.lock import workshop
from analysis.running.manifest import MANIFEST, ending_of, now, outputs_of, versions, write_manifest
from analysis.running.places import Places
from analysis.running.publish import Published, publish
from analysis.running.record import facts_of
from analysis.scheme import read_scheme
from analysis.scheme.county import County, read_county
from analysis.scheme.names import below
from analysis.telling.edition import Edition, editions_of, suffix

NOTEBOOK = "4_county.ipynb"
LISTS = ("figures.csv", "figures.parquet", "contributions.csv")
"""What the notebook writes for readers, of each edition."""


@dataclass(frozen=True)
class RolledUp:
    """A county's report that was made.

    Attributes:
        draft: whether townships are missing, or figures of them (exit code 2).
        facts: what the notebook says of the report.
        published: what lies where.
        seconds: how long it took.
    """

    report: Path
    draft: bool
    facts: Mapping[str, Any]
    published: Published
    seconds: float


def run_county(places: Places, towns: str = "", workers: int = 2, minutes: float = MINUTES) -> RolledUp:
    """Make a county's report.

    Args:
        places: where everything lies; its town is the county, as its `.toml` beside the townships is called.
        towns: folders of the townships to roll up, with 、 between them; empty for all of the county. Without the others it
            is a draft that names them.
        workers: notebooks and formats that are made side by side.
        minutes: how long a notebook may take.

    Raises:
        SchemeError: the scheme or the county's facts can't be used.
        RunError: another run of the county or of a township is under way, or the notebook or a format failed;
            nothing of the last report was touched.
    """
    started = time.perf_counter()
    read_scheme(places.scheme)  # a slip is told with the files' own places, before anything is locked or copied
    _require_tables(places, read_county(places.raw, places.town, places.period, towns))
    with workshop(places) as folder:
        staged = folder / "report"
        (staged / "notebooks").mkdir(parents=True)
        copy = copied(places, towns, NOTEBOOK, folder / "inputs")
        inputs = copy.inputs()
        editions = editions_of(read_scheme(copy.places.scheme), places.period.year)
        with WarmPool(workers) as pool:
            jobs = {edition: _job(copy, towns, edition, staged, minutes) for edition in editions}
            for future in as_completed([pool.submit(execute, job) for job in jobs.values()]):
                executed = future.result()
                copy.name_in(executed.path)
                if executed.error is not None:
                    raise failed(replace(executed, error=copy.as_named(executed.error)), places.tables)
            formats = {
                pool.submit(export, kind, job.output, staged, edition): of_edition(kind, edition)
                for edition, job in jobs.items()
                for kind in FORMATS
            }
            missing = {mark for made, _ in as_exported(formats, minutes) for mark in made.result().missing}
        told = facts_of(jobs["office"].output) | {"missing_characters": sorted(missing)}
        tables = [copy.places.tables / of_edition(name, edition) for edition in editions for name in LISTS]
        for table in tables:
            shutil.copyfile(table, staged / table.name)
        seconds = time.perf_counter() - started
        about = {"towns": towns, "inputs": inputs}
        write_manifest(staged / MANIFEST, _manifest(places, copy.county, told, staged, seconds) | about)
        published = publish(staged, places.report)
        for table in tables:
            with beside(places.tables / table.name) as new:
                shutil.copyfile(table, new)
    return RolledUp(places.report, bool(told["draft"]), told, published, seconds)


def _require_tables(places: Places, county: County) -> None:
    """See that there is something to roll up, and that the county's own tables don't fall into a township's folder."""
    if any(township.folder == places.town for township in county.townships):
        raise RunError(f"县“{places.town}”和它的一个乡镇的文件夹同名", "请给县的 .toml 文件另取一个名称")
    chosen = [township.folder for township in county.townships if township.folder not in county.left_out]
    folders = [below(places.processed, folder, str(places.period)) for folder in chosen]
    if not any((folder / "indicators.parquet").is_file() for folder in folders):
        found = f"{places.processed} 中没有任何乡镇 {places.period} 的数据"
        raise RunError(found, "请先运行各乡镇的报告（township-report run），再汇总。")


def _job(copy: Copy, towns: str, edition: Edition, staged: Path, minutes: float) -> Job:
    places = copy.places
    parameters = {
        "county": places.town,
        "period": str(places.period),
        "towns": towns,
        "raw": str(places.raw),
        "processed": str(places.processed),
        "scheme": str(places.scheme),
        "edition": edition,
    }
    name = f"{Path(NOTEBOOK).stem}{suffix(edition)}"
    return Job(name, copy.notebook, parameters, staged / "notebooks" / f"{name}.ipynb", places.root, minutes)


def _manifest(places: Places, county: County, told: Mapping[str, Any], staged: Path, seconds: float) -> dict[str, Any]:
    from analysis.export import fonts_used

    return {
        "county": places.town,
        "period": str(places.period),
        "title": told["title"],
        "ending": ending_of(told["draft"]),
        "finished": now(),
        "townships": [township.folder for township in county.townships],
        "left_out": [township.folder for township in county.townships if township.folder in county.left_out],
        "gaps": told["gaps"],
        "fonts": dict(fonts_used()),
        "missing_characters": told["missing_characters"],
        "versions": versions(),
        "seconds": {"total": round(seconds, 2)},
        "outputs": outputs_of(staged),
    }
