"""The stages of a run on its way: what runs side by side, what is taken over, what a failure leaves behind."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.intake.checks.wording import worded
from analysis.intake.found import Found, Place
from analysis.intake.frames import findings_frame, typed_frame, values_frame
from analysis.intake.ingest import CHECKS
from analysis.intake.look import first_look
from analysis.intake.store import save_frame
from analysis.running.errors import RunError
from analysis.running.execute import Execution, execute, failed
from analysis.running.export import FORMATS, Exported, as_exported, export, of_edition
from analysis.running.manifest import read_manifest
from analysis.running.places import RETURNS, Places
from analysis.running.record import Done
from analysis.running.steps import Step, Steps, keep_exports, keep_made
from analysis.running.unchanged import digests, files_told
from analysis.scheme import Facts, Scheme
from analysis.telling.edition import Edition

OF_PROJECT = ("raw/", "scheme/", "notebooks/")
"""How the names of inputs begin that are files of the project, not tables that the stages write."""
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""


@dataclass
class Course:
    """A run on its way: where it is, what has been done, and the hashes of its inputs as `run.json` will have them."""

    places: Places
    steps: Steps
    pool: Executor
    progress: Progress
    inputs: Mapping[str, Mapping[str, Any]]
    expected: int = 0
    done: list[Done] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def tell(self, what: str) -> None:
        """Tell of what is being done."""
        self.progress(what, len(self.done), self.expected)


def ingest(course: Course, scheme: Scheme, facts: Facts) -> None:
    """Stage 1 for every department, side by side; one that breaks the notebook stops its department only.

    Raises:
        RunError: all failed, the machine is to blame, or a file was changed meanwhile.
    """
    begun = time.perf_counter()
    looked = first_look(course.places.returns, scheme, facts.town, facts.period)
    plan = {department.name: course.steps.ingest(department.name, looked) for department in scheme.departments}
    broken = {}
    for step, executed in _executed(course, list(plan.values())):
        if executed.error is not None:
            broken[step.job.name] = executed
        if executed.machine:
            raise failed(executed, course.places.tables)
    if len(broken) == len(plan):  # no return is to blame
        raise failed(next(iter(broken.values())), course.places.tables)
    for department, step in plan.items():
        if step.job.name in broken:
            error = broken[step.job.name].error or ""
            save_nothing(department, error, scheme, course.places.tables / RETURNS)
        _keep(course, step, course.steps.ingest(department, looked), good=step.job.name not in broken)
    course.seconds["1_ingest"] = time.perf_counter() - begun


def carry_out(course: Course, what: str, planned: Callable[[], list[Step]]) -> list[Step]:
    """Notebooks of the town, side by side.

    Args:
        course: the run.
        what: how the progress calls them.
        planned: gives the steps as the files are at the moment.

    Raises:
        RunError: one failed, or a file was changed meanwhile.
    """
    begun = time.perf_counter()
    course.tell(what)
    steps = planned()
    for _, executed in _executed(course, steps):
        if executed.error is not None:
            raise failed(executed, course.places.tables)
    for step, again in zip(steps, planned(), strict=True):
        _keep(course, step, again)
    course.seconds[Path(what).stem] = time.perf_counter() - begun
    return steps


def _keep(course: Course, step: Step, again: Step, good: bool = True) -> None:
    """Let a step's notebook say what it was made of; what changed on the way may have been read before or after."""
    require_same(course.inputs, step.inputs, again.inputs, course.places.town)
    if step.why and good:
        keep_made(step, course.places.tables)


def require_same(
    recorded: Mapping[str, Mapping[str, Any]], planned: Mapping[str, str], again: Mapping[str, str], town: str
) -> None:
    """See that what a step was made from is what `run.json` will say, and still is.

    Of files that someone changes while a run reads them no report is made: none could say which state it shows.

    Args:
        recorded: size and SHA-256 of the run's inputs as it began, by the manifest's names, `raw/qinghe/2021/财政所.xlsx`.
        planned: digests of a step's inputs as it began, by the step's names, `raw/2021/财政所.xlsx`.
        again: the same now.
        town: the township's folder, which the manifest's names have and the step's have not.

    Raises:
        RunError: naming the files.
    """
    began = {name: str(recorded.get(_in_manifest(name, town), {}).get("sha256", "")) for name in _files(planned)}
    told = files_told(began, _files(planned)) + files_told(planned, again)
    if planned != again and not told:  # the same files, which now are others' returns
        told = ["各部门的上报表"]
    if told:
        raise RunError(
            f"运行期间有文件被改动：{'；'.join(dict.fromkeys(told))}。读到的可能一半是改前的，一半是改后的，所以没有出报告",
            "请等文件改好、存好，再运行一次；上一次的报告没有改动。",
        )


def _files(digests: Mapping[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in digests.items() if name.startswith(OF_PROJECT)}


def _in_manifest(name: str, town: str) -> str:
    return f"raw/{town}/{name.removeprefix('raw/')}" if name.startswith("raw/") else name


def _executed(course: Course, steps: Sequence[Step]) -> Iterator[tuple[Step, Execution]]:
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


def export_all(course: Course, reports: Sequence[Step], editions: Sequence[Edition], staged: Path) -> None:
    """The formats of each edition, side by side; a file whose notebook is the same, and that nobody changed, stays."""
    begun = time.perf_counter()
    running: dict[Future[Exported], str] = {}
    reasons: dict[str, tuple[str, ...]] = {}
    made: dict[Path, dict[str, Path]] = {}
    for step, edition in zip(reports, editions, strict=True):
        for kind in FORMATS:
            name = of_edition(kind, edition)
            made.setdefault(step.job.output, {})[name] = staged / name
            why = step.why or _not_as_exported(course.places.report / name, step)
            if why:
                running[course.pool.submit(export, kind, step.job.output, staged, edition)] = name
                reasons[name] = why
            else:
                shutil.copyfile(course.places.report / name, staged / name)
                course.done.append(Done(name))
                course.missing.update((read_manifest(course.places.report) or {}).get("missing_characters", ()))
    for future, name in as_exported(running, course.steps.minutes):
        course.missing.update(future.result().missing)
        course.done.append(Done(name, reasons[name]))
        course.tell(name)
    for notebook, exports in made.items():
        keep_exports(notebook, exports)
    course.seconds["export"] = time.perf_counter() - begun


def _not_as_exported(file: Path, step: Step) -> tuple[str, ...]:
    """Why a file has to be exported although its notebook is the same."""
    before = step.last.exports.get(file.name) if step.last else None
    return () if before and digests({file.name: file})[file.name] == before else (f"{file.name} 被改动或删除",)


def save_nothing(department: str, error: str, scheme: Scheme, folder: Path) -> None:
    """What is kept of a department whose notebook broke: no value, and a finding that says so."""
    marks = {
        "reason": f"读取时出错（{error}）",
        "todo": "请重新运行一次；仍然出错的，请检查这份上报表，其他部门不受影响",
    }
    finding = worded(Found("refused", Place(), marks), department, scheme)
    save_frame(typed_frame([], CHECKS), folder / f"{department}.checks.parquet")
    save_frame(values_frame([]), folder / f"{department}.parquet")
    save_frame(findings_frame([finding]), folder / f"{department}.findings.parquet")
