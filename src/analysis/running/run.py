"""One town, one period: from returns to report, by way of the three notebooks, in one of three endings."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.figures.receipts.files import FOLDER as RECEIPTS
from analysis.figures.receipts.files import OVERVIEW
from analysis.figures.review import require_checks
from analysis.figures.submissions import SUBMISSIONS
from analysis.figures.tables import load_returns
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found, Place
from analysis.intake.frames import FINDINGS, findings_frame, values_frame
from analysis.intake.look import first_look
from analysis.intake.start import require_usable
from analysis.intake.store import load_frame, save_frame
from analysis.running.changes import Since, changes_since
from analysis.running.changes.standing import kept as to_compare
from analysis.running.errors import RunError
from analysis.running.execute import Execution, check_parameters, execute
from analysis.running.export import FORMATS, export
from analysis.running.final import freeze, in_the_way, require_final
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.warm import warm_up
from analysis.running.lock import alone, staging
from analysis.running.manifest import hashed, write_manifest
from analysis.running.places import INDICATORS, NOTEBOOKS, REPORT, Places
from analysis.running.publish import MANIFEST, Published, publish
from analysis.running.record import Done, facts_of, manifest_of, obstacles_told
from analysis.running.steps import RETURNS, Step, Steps, keep_exports, keep_made
from analysis.running.unchanged import digests
from analysis.scheme import Facts, Scheme, read_facts, read_scheme
from analysis.telling.edition import Edition, editions_of, suffix

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""


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
        disturbed: notebooks whose inputs were changed while they ran; they run again the next time.
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
    disturbed: Sequence[str] = ()
    since: Since = field(default_factory=lambda: Since(None))


def run(
    places: Places,
    workers: int = 2,
    parameters: Mapping[str, object] | None = None,
    progress: Progress = lambda _what, _done, _all: None,
    final: bool = False,
    force: bool = False,
) -> Finished:
    """Make the report of a town and period.

    Args:
        places: where everything lies.
        workers: notebooks that run side by side.
        parameters: further parameters of the notebooks, checked against them.
        progress: told of each step.
        final: whether to freeze the report as a final.
        force: whether to run every notebook again, whatever it was made from.

    Raises:
        SchemeError: the scheme or the facts can't be used.
        RunError: a stage failed, or something stands in the way of a final; nothing of the last report was touched.
    """
    started = time.perf_counter()
    warm_up()  # it imports while this process reads the scheme
    extra = dict(parameters or {})
    scheme = _usable(places, extra)
    inputs = hashed(places.inputs())  # as they are now, not as someone has replaced them since
    facts = read_facts(places.returns.parent, places.period, scheme)
    with alone(places), tempfile.TemporaryDirectory(staging(places), ".", places.report.parent) as temporary:
        staged = Path(temporary) / "report"
        executed = staged / "notebooks"
        executed.mkdir(parents=True)
        editions = editions_of(scheme, places.period.year)
        with WarmPool(workers) as pool:  # processes: two notebooks in one would share the working directory
            course = _Course(places, Steps(places, extra, executed, force), pool, progress)
            course.expected = len(scheme.departments) + 1 + len(editions) * (1 + len(FORMATS))
            _ingest(course, scheme, facts)
            _carry_out(course, INDICATORS, lambda: [course.steps.indicators()])
            reports = _carry_out(course, REPORT, lambda: [course.steps.report(edition) for edition in editions])
            told = facts_of(executed / REPORT)
            told |= {"mentions": [line for step in reports for line in facts_of(step.job.output)["mentions"]]}
            submissions = load_frame(places.tables / "submissions.parquet", SUBMISSIONS)
            findings = load_frame(places.tables / "findings.parquet", FINDINGS)
            values, _, _ = load_returns(places.tables / RETURNS, scheme)
            found = in_the_way(scheme, facts, values, findings, submissions, told["gaps"])
            if final:
                require_final(found, f"{places.returns / 'waivers.csv'}")
            _export(course, reports, editions, staged)
        _stage_tables(places, staged, editions)
        course.seconds["total"] = time.perf_counter() - started
        manifest = manifest_of(places, facts, told, submissions, course.done, course.seconds, extra, staged)
        manifest |= {"final": final, **obstacles_told(found), "inputs": inputs}
        write_manifest(staged / MANIFEST, manifest | to_compare(places.tables, scheme, facts))
        since = changes_since(staged, places.report)
        # From what was staged: a report that is open in Word keeps its place, and the new one goes beside it.
        frozen = freeze(staged, places.report) if final else None
        published = publish(staged, places.report)
    progress("", course.expected, course.expected)
    draft, spent = bool(told["draft"]), course.seconds
    return Finished(places, draft, told, submissions, findings, published, spent, frozen, course.disturbed, since)


@dataclass
class _Course:
    """A run on its way: where it is, and what has been done."""

    places: Places
    steps: Steps
    pool: Executor
    progress: Progress
    expected: int = 0
    done: list[Done] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    disturbed: list[str] = field(default_factory=list)

    def tell(self, what: str) -> None:
        """Tell of what is being done."""
        self.progress(what, len(self.done), self.expected)


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
    listed = f"现有的{what}：{'、'.join(there)}。" if there else ""
    return f"{listed}新的报告期请先建好文件夹，放进各部门上报表和 period.toml。"


def _ingest(course: _Course, scheme: Scheme, facts: Facts) -> None:
    """Stage 1 for every department, side by side; one that breaks the notebook stops its department only."""
    begun = time.perf_counter()
    looked = first_look(course.places.returns, scheme, facts.town, facts.period)
    plan = {department.name: course.steps.ingest(department.name, looked) for department in scheme.departments}
    failed = {}
    for step, executed in _executed(course, list(plan.values())):
        if executed.error is not None:
            failed[step.job.name] = executed
    if len(failed) == len(plan):  # no return is to blame
        first = next(iter(failed.values()))
        raise RunError(_failed(first), _remedy(first, course.places))
    for department, step in plan.items():
        if step.job.name in failed:
            error = failed[step.job.name].error or ""
            _save_nothing(department, error, scheme, course.places.tables / RETURNS)
        elif step.why:
            _keep(course, step, course.steps.ingest(department, looked))
    course.seconds["1_ingest"] = time.perf_counter() - begun


def _carry_out(course: _Course, what: str, planned: Callable[[], list[Step]]) -> list[Step]:
    """Notebooks of the town, side by side.

    Args:
        course: the run.
        what: how the progress calls them.
        planned: gives the steps as the files are at the moment.

    Raises:
        RunError: one failed.
    """
    begun = time.perf_counter()
    course.tell(what)
    steps = planned()
    for _, executed in _executed(course, steps):
        if executed.error is not None:
            raise RunError(_failed(executed), _remedy(executed, course.places))
    for step, again in zip(steps, planned(), strict=True):
        if step.why:
            _keep(course, step, again)
    course.seconds[Path(what).stem] = time.perf_counter() - begun
    return steps


def _keep(course: _Course, step: Step, again: Step) -> None:
    """Let a step's notebook say what it was made of, unless that changed on the way."""
    if not keep_made(step, again.inputs, course.places.tables):
        course.disturbed.append(step.job.name)


def _executed(course: _Course, steps: Sequence[Step]) -> Iterator[tuple[Step, Execution]]:
    """Run those of some steps that have to, side by side, and take over the notebooks of the others."""
    running = {}
    for step in steps:
        if step.why:
            running[course.pool.submit(execute, step.job)] = step
        else:
            shutil.copyfile(course.places.report / "notebooks" / step.job.output.name, step.job.output)
            course.done.append(Done(step.job.name))
    for future in as_completed(running):
        step, executed = running[future], future.result()
        course.done.append(Done(step.job.name, step.why, executed.seconds, executed.provisioner))
        course.tell(step.job.name.removeprefix("1_ingest-"))
        yield step, executed


def _export(course: _Course, reports: Sequence[Step], editions: Sequence[Edition], staged: Path) -> None:
    """The formats of each edition, side by side; a file whose notebook is the same, and that nobody changed, stays."""
    begun = time.perf_counter()
    running = {}
    made: dict[Path, dict[str, Path]] = {}
    for step, edition in zip(reports, editions, strict=True):
        for kind in FORMATS:
            name = f"{Path(kind).stem}{suffix(edition)}{Path(kind).suffix}"
            made.setdefault(step.job.output, {})[name] = staged / name
            why = step.why or _not_as_exported(course.places.report / name, step)
            if why:
                running[course.pool.submit(export, kind, step.job.output, staged, suffix(edition))] = Done(name, why)
            else:
                shutil.copyfile(course.places.report / name, staged / name)
                course.done.append(Done(name))
    for future in as_completed(running):
        future.result()
        course.done.append(running[future])
        course.tell(running[future].name)
    for notebook, exports in made.items():
        keep_exports(notebook, exports)
    course.seconds["export"] = time.perf_counter() - begun


def _not_as_exported(file: Path, step: Step) -> tuple[str, ...]:
    """Why a file has to be exported although its notebook is the same."""
    before = step.last.exports.get(file.name) if step.last else None
    return () if before and digests({file.name: file})[file.name] == before else (f"{file.name} 被改动或删除",)


def _save_nothing(department: str, error: str, scheme: Scheme, folder: Path) -> None:
    """What is kept of a department whose notebook broke: no value, and a finding that says so."""
    marks = {
        "reason": f"读取时出错（{error}）",
        "todo": "请重新运行一次；仍然出错的，请检查这份上报表，其他部门不受影响",
    }
    finding = worded(Found("refused", Place(), marks), department, scheme)
    (folder / f"{department}.checks.parquet").unlink(missing_ok=True)
    save_frame(values_frame([]), folder / f"{department}.parquet")
    save_frame(findings_frame([finding]), folder / f"{department}.findings.parquet")


def _failed(executed: Execution) -> str:
    return f"{executed.name} 没有运行完：{executed.error}"


def _remedy(executed: Execution, places: Places) -> str:
    """Keep the failed notebook where the user can look at it: the staged one goes with its folder."""
    failed = places.tables / f"{executed.name}-出错.ipynb"
    if executed.path.is_file():
        failed.parent.mkdir(parents=True, exist_ok=True)
        failed.write_bytes(executed.path.read_bytes())
    return f"上一次的报告没有改动。出错的笔记本在 {failed}，改正后重新运行即可。"
