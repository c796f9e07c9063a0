"""One town, one period: from returns to report, by way of the three notebooks, in one of three endings."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.figures.checks import require_checks
from analysis.figures.receipts.files import FOLDER as RECEIPTS
from analysis.figures.receipts.files import OVERVIEW
from analysis.figures.submissions import SUBMISSIONS
from analysis.figures.tables import load_returns
from analysis.intake.frames import FINDINGS
from analysis.intake.periods import read_period_name
from analysis.intake.start import require_usable
from analysis.intake.store import load_frame
from analysis.running.changes import Since, changes_since
from analysis.running.changes.standing import kept as to_compare
from analysis.running.course import Course, Progress, carry_out, export_all, ingest
from analysis.running.errors import RunError
from analysis.running.execute import check_parameters
from analysis.running.export import FORMATS
from analysis.running.final import freeze, in_the_way, require_final
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.warm import warm_up
from analysis.running.limits import MINUTES
from analysis.running.lock import workshop
from analysis.running.manifest import MANIFEST, hashed, write_manifest
from analysis.running.places import INDICATORS, NOTEBOOKS, REPORT, RETURNS, Places
from analysis.running.publish import Published, publish
from analysis.running.record import facts_of, manifest_of, obstacles_told
from analysis.running.steps import Steps
from analysis.scheme import Scheme, read_facts, read_scheme
from analysis.telling.edition import Edition, editions_of, suffix


@dataclass(frozen=True)
class Finished:
    """A run that made a report.

    Attributes:
        draft: whether it has gaps or errors (exit code 2).
        facts: what the report notebook says of the report: title, gaps, unanswered problems.
        submissions: who has returned, with the findings of each.
        findings: all findings.
        published: what lies where.
        seconds: by stage, how long it took.
        final: the folder of the final, where one was made.
        since: what changed against the run before.
    """

    places: Places
    draft: bool
    facts: Mapping[str, Any]
    submissions: pd.DataFrame
    findings: pd.DataFrame
    published: Published
    seconds: Mapping[str, float] = field(default_factory=dict)
    final: Path | None = None
    since: Since = field(default_factory=lambda: Since(None))


def run(
    places: Places,
    workers: int = 2,
    parameters: Mapping[str, object] | None = None,
    progress: Progress = lambda _what, _done, _all: None,
    final: bool = False,
    force: bool = False,
    minutes: float = MINUTES,
) -> Finished:
    """Make the report of a town and period.

    Args:
        places: where everything lies.
        workers: notebooks that run side by side.
        parameters: further parameters of the notebooks, checked against them.
        progress: told of each step.
        final: whether to freeze the report as a final.
        force: whether to run every notebook again, whatever it was made from.
        minutes: how long a notebook may take.

    Raises:
        SchemeError: the scheme or the facts can't be used.
        RunError: a stage failed, a file was changed meanwhile, or something stands in the way of a final; nothing of the
            last report was touched. Or the new one could not be put in its place: the next run does it.
        OSError: of the system, likewise; it names the place.
    """
    started = time.perf_counter()
    warm_up()  # it imports while this process reads the scheme
    extra = dict(parameters or {})
    inputs = hashed(places.inputs())  # before anything is read: what is read must be what they say
    scheme = _usable(places, extra)
    facts = read_facts(places.returns.parent, places.period, scheme)
    with workshop(places) as folder:
        staged = folder / "report"
        executed = staged / "notebooks"
        executed.mkdir(parents=True)
        editions = editions_of(scheme, places.period.year)
        with WarmPool(workers) as pool:  # processes: two notebooks in one would share the working directory
            course = Course(places, Steps(places, extra, executed, force, minutes), pool, progress, inputs)
            course.expected = len(scheme.departments) + 1 + len(editions) * (1 + len(FORMATS))
            ingest(course, scheme, facts)
            carry_out(course, INDICATORS, lambda: [course.steps.indicators()])
            reports = carry_out(course, REPORT, lambda: [course.steps.report(edition) for edition in editions])
            told = facts_of(executed / REPORT)
            told |= {"mentions": [line for step in reports for line in facts_of(step.job.output)["mentions"]]}
            submissions = load_frame(places.tables / "submissions.parquet", SUBMISSIONS)
            findings = load_frame(places.tables / "findings.parquet", FINDINGS)
            values, _, _ = load_returns(places.tables / RETURNS, scheme)
            found = in_the_way(scheme, facts, values, findings, submissions, told["gaps"])
            if final:
                require_final(found, f"{places.returns / 'waivers.csv'}")
            export_all(course, reports, editions, staged)
            told["missing_characters"] = sorted(course.missing)
        _stage_tables(places, staged, editions)
        course.seconds["total"] = time.perf_counter() - started
        manifest = manifest_of(places, facts, told, submissions, findings, course.done, course.seconds, extra, staged)
        manifest |= {"final": final, **obstacles_told(found), "inputs": inputs}
        write_manifest(staged / MANIFEST, manifest | to_compare(places.tables, scheme, facts))
        since = changes_since(staged, places.report)
        # From what was staged, and moved with it: a report that is open in Word keeps its place, and the new one goes beside.
        frozen = places.report / freeze(staged, places.report).name if final else None
        published = publish(staged, places.report)
    progress("", course.expected, course.expected)
    draft, spent = bool(told["draft"]), course.seconds
    return Finished(places, draft, told, submissions, findings, published, spent, frozen, since)


def _usable(places: Places, extra: Mapping[str, object]) -> Scheme:
    """The scheme, when it, the parameters and the folder of returns are fit for a run; told before any kernel starts."""
    own = sorted(extra.keys() & (places.parameters().keys() | {"department", "edition"}))
    if own:
        raise RunError(f"参数 {'、'.join(own)} 由运行本身给出，不能用 -p 改", "请用 --town、--period、--raw 等选项")
    check_parameters(extra, [places.notebooks / name for name in NOTEBOOKS])
    if not places.returns.is_dir():
        raise RunError(f"没有 {places.returns} 这个文件夹", _at_hand(places))
    scheme = read_scheme(places.scheme)
    require_usable(scheme)  # a slip in checks.csv is no department's fault
    require_checks(scheme)
    return scheme


def _stage_tables(places: Places, staged: Path, editions: Sequence[Edition]) -> None:
    """Take what the stages wrote for readers into the report's folder: lists of figures and findings, receipts."""
    figures = [f"figures{suffix(edition)}.{kind}" for edition in editions for kind in ("csv", "parquet")]
    for name in (*figures, "findings.csv", OVERVIEW):
        (staged / name).write_bytes((places.tables / name).read_bytes())
    shutil.copytree(places.tables / RECEIPTS, staged / RECEIPTS)


def _at_hand(places: Places) -> str:
    """What there is instead of a folder that is not there: the town's periods, or the towns."""
    town = places.returns.parent
    folder, what = (town, "报告期") if town.is_dir() else (places.raw, "乡镇")
    there = sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name != "targets") if folder.is_dir() else []
    other_names = [name for name in there if town.is_dir() and read_period_name(name) == places.period]
    if other_names:  # 2021-12, 2021年: the very period under another name
        return (
            f"{'、'.join(other_names)}说的就是{places.period.label}这一期：请把文件夹改名为 {places.period}，再运行。"
        )
    listed = f"现有的{what}：{'、'.join(there)}。" if there else ""
    made = f"township-report init {places.town} --period {places.period}"
    return f"{listed}写错了的请改正；新的{what}先用 {made} 建好，再放进各部门的上报表。"
