"""One town, one period: from returns to report, by way of the three notebooks, in one of three endings."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.export.facts import FACTS_MIME
from analysis.figures.obstacles import Obstacle, standing
from analysis.figures.receipts.files import FOLDER as RECEIPTS
from analysis.figures.receipts.files import OVERVIEW
from analysis.figures.review import require_checks
from analysis.figures.submissions import RETURNED, SUBMISSIONS
from analysis.figures.tables import load_returns
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found, Place
from analysis.intake.frames import FINDINGS, findings_frame, values_frame
from analysis.intake.start import require_usable
from analysis.intake.store import load_frame, save_frame
from analysis.running.errors import RunError
from analysis.running.execute import Execution, Job, check_parameters, execute, known_parameters, submit
from analysis.running.export import FORMATS, export, read_notebook
from analysis.running.final import freeze, in_the_way, require_final
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.warm import warm_up
from analysis.running.manifest import hashed, now, versions, write_manifest
from analysis.running.places import Places
from analysis.running.publish import MANIFEST, Published, publish
from analysis.scheme import Facts, Scheme, read_facts, read_scheme
from analysis.telling.edition import Edition, editions_of, suffix

INGEST, INDICATORS, REPORT = "1_ingest.ipynb", "2_indicators.ipynb", "3_report.ipynb"
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
    """

    places: Places
    draft: bool
    facts: Mapping[str, Any]
    submissions: pd.DataFrame
    findings: pd.DataFrame
    published: Published
    seconds: Mapping[str, float] = field(default_factory=dict)
    final: Path | None = None


def run(
    places: Places,
    workers: int = 2,
    parameters: Mapping[str, object] | None = None,
    progress: Progress = lambda _what, _done, _all: None,
    final: bool = False,
) -> Finished:
    """Make the report of a town and period.

    Args:
        places: where everything lies.
        workers: notebooks that run side by side.
        parameters: further parameters of the notebooks, checked against them.
        progress: told of each step.
        final: whether to freeze the report as a final.

    Raises:
        SchemeError: the scheme or the facts can't be used.
        RunError: a stage failed, or something stands in the way of a final; nothing of the last report was touched.
    """
    started = time.perf_counter()
    warm_up()  # it imports while this process reads the scheme
    extra = dict(parameters or {})
    scheme = _usable(places, extra)
    inputs = hashed(_inputs(places))  # as they are now, not as someone has replaced them since
    facts = read_facts(places.returns.parent, places.period, scheme)
    places.report.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{places.period}-", dir=places.report.parent) as temporary:
        staged = Path(temporary) / "report"
        kept = staged / "notebooks"
        kept.mkdir(parents=True)
        editions = editions_of(scheme, places.period.year)
        steps = len(scheme.departments) + 1 + len(editions) * (1 + len(FORMATS))
        seconds: dict[str, float] = {}
        # Processes of their own: two notebooks in one process would share the working directory.
        with WarmPool(workers) as pool:
            done = _ingest(places, scheme, extra, kept, pool, lambda what, n: progress(what, n, steps))
            seconds["1_ingest"] = time.perf_counter() - started
            progress(INDICATORS, done, steps)
            seconds["2_indicators"] = _execute(places, [_job(places, INDICATORS, extra, kept)], pool)
            progress(REPORT, done + 1, steps)
            reports = [_report_job(places, extra, kept, edition) for edition in editions]
            seconds["3_report"] = _execute(places, reports, pool)
            told = _facts_of(kept / REPORT)
            told |= {"mentions": [line for job in reports for line in _facts_of(job.output)["mentions"]]}
            submissions = load_frame(places.tables / "submissions.parquet", SUBMISSIONS)
            findings = load_frame(places.tables / "findings.parquet", FINDINGS)
            values, _, _ = load_returns(places.tables / "returns", scheme)
            found = in_the_way(scheme, facts, values, findings, submissions, told["gaps"])
            if final:
                require_final(found, f"{places.returns / 'waivers.csv'}")
            begun = time.perf_counter()
            exports = {
                pool.submit(export, kind, job.output, staged, suffix(edition)): kind
                for edition, job in zip(editions, reports, strict=True)
                for kind in FORMATS
            }
            for number, future in enumerate(as_completed(exports), done + 1 + len(editions)):
                future.result()
                progress(exports[future], number, steps)
            seconds["export"] = time.perf_counter() - begun
        fonts = _fonts()
        _stage_tables(places, staged, editions)
        seconds["total"] = time.perf_counter() - started
        manifest = _manifest(places, facts, told, submissions, fonts, seconds, extra, staged)
        manifest |= {"final": final, **_obstacles_told(found), "inputs": inputs}
        write_manifest(staged / MANIFEST, manifest)
        # From what was staged: a report that is open in Word keeps its place, and the new one goes beside it.
        frozen = freeze(staged, places.report) if final else None
        published = publish(staged, places.report)
    progress("", steps, steps)
    return Finished(places, bool(told["draft"]), told, submissions, findings, published, seconds, frozen)


def _usable(places: Places, extra: Mapping[str, object]) -> Scheme:
    """The scheme, when it, the parameters and the folder of returns are fit for a run; told before any kernel starts."""
    own = sorted(extra.keys() & (places.parameters().keys() | {"department", "edition"}))
    if own:
        raise RunError(f"参数 {'、'.join(own)} 由运行本身给出，不能用 -p 改", "请用 --town、--period、--raw 等选项")
    check_parameters(extra, [places.notebooks / name for name in (INGEST, INDICATORS, REPORT)])
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


def _obstacles_told(found: Sequence[Obstacle]) -> dict[str, Any]:
    """What stands in the way of a final, and what was waived by whom."""
    return {
        "in_the_way": [obstacle.text for obstacle in standing(found)],
        "waived": [
            {**obstacle.waiver.model_dump(mode="json"), "what": obstacle.text}
            for obstacle in found
            if obstacle.waiver is not None
        ],
    }


def _at_hand(places: Places) -> str:
    """What there is instead of a folder that is not there: the town's periods, or the towns."""
    town = places.returns.parent
    folder, what = (town, "报告期") if town.is_dir() else (places.raw, "乡镇")
    there = sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name != "targets") if folder.is_dir() else []
    listed = f"现有的{what}：{'、'.join(there)}。" if there else ""
    return f"{listed}新的报告期请先建好文件夹，放进各部门上报表和 period.toml。"


def _ingest(
    places: Places,
    scheme: Scheme,
    extra: Mapping[str, object],
    kept: Path,
    pool: Executor,
    progress: Callable[[str, int], None],
) -> int:
    """Stage 1 for every department, side by side; one that breaks the notebook stops its department only."""
    jobs = [
        _job(places, INGEST, {**extra, "department": d.name}, kept, f"1_ingest-{d.name}") for d in scheme.departments
    ]
    failed: list[Execution] = []
    for number, future in enumerate(as_completed(submit(pool, jobs)), 1):
        executed = future.result()
        progress(executed.name.removeprefix("1_ingest-"), number)
        if executed.error is not None:
            failed.append(executed)
    if len(failed) == len(jobs):  # no return is to blame
        raise RunError(_failed(failed[0]), _remedy(failed[0], places))
    for executed in failed:
        department = executed.name.removeprefix("1_ingest-")
        _save_nothing(department, executed.error or "", scheme, places.tables / "returns")
    return len(jobs)


def _execute(places: Places, jobs: Sequence[Job], pool: Executor) -> float:
    """Execute notebooks of the town side by side.

    Returns:
        The seconds of the slowest.

    Raises:
        RunError: one failed.
    """
    executed = [pool.submit(execute, job) for job in jobs]
    done = [future.result() for future in executed]
    for execution in done:
        if execution.error is not None:
            raise RunError(_failed(execution), _remedy(execution, places))
    return max(execution.seconds for execution in done)


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


def _job(places: Places, notebook: str, extra: Mapping[str, object], kept: Path, name: str = "") -> Job:
    path = places.notebooks / notebook
    known = _known(path, extra)
    name = name or Path(notebook).stem
    return Job(name, path, {**places.parameters(), **known}, kept / f"{name}.ipynb", places.root)


def _report_job(places: Places, extra: Mapping[str, object], kept: Path, edition: Edition) -> Job:
    job = _job(places, REPORT, extra, kept, f"{Path(REPORT).stem}{suffix(edition)}")
    return replace(job, parameters={**job.parameters, "edition": edition})


def _known(notebook: Path, extra: Mapping[str, object]) -> dict[str, object]:
    """Of further parameters, those that this notebook takes."""
    known = known_parameters(notebook)
    return {name: value for name, value in extra.items() if name in known}


def _failed(executed: Execution) -> str:
    return f"{executed.name} 没有运行完：{executed.error}"


def _remedy(executed: Execution, places: Places) -> str:
    """Keep the failed notebook where the user can look at it: the staged one goes with its folder."""
    failed = places.tables / f"{executed.name}-出错.ipynb"
    if executed.path.is_file():
        failed.parent.mkdir(parents=True, exist_ok=True)
        failed.write_bytes(executed.path.read_bytes())
    return f"上一次的报告没有改动。出错的笔记本在 {failed}，改正后重新运行即可。"


def _facts_of(notebook: Path) -> dict[str, Any]:
    """What the executed report notebook says of its report."""
    for cell in read_notebook(notebook).cells:
        for output in cell.get("outputs", []):
            if FACTS_MIME in output.get("data", {}):
                return dict(output["data"][FACTS_MIME])
    raise RunError("3_report 没有给出报告", "请检查 notebooks/3_report.ipynb 是否被改动")


def _fonts() -> dict[str, str]:
    """Which face each part of the PDF is set in."""
    from analysis.export import fonts_used

    return dict(fonts_used())


def _manifest(
    places: Places,
    facts: Facts,
    told: Mapping[str, Any],
    submissions: pd.DataFrame,
    fonts: Mapping[str, str],
    seconds: Mapping[str, float],
    extra: Mapping[str, object],
    staged: Path,
) -> dict[str, Any]:
    made = hashed({path.name: path for path in staged.iterdir() if path.is_file()})
    made |= {path.name: {} for path in staged.iterdir() if path.is_dir()}
    made |= hashed({f"{RECEIPTS}/{path.name}": path for path in (staged / RECEIPTS).iterdir()})
    counts = submissions[["errors", "warnings", "notes"]].sum()
    return {
        "town": places.town,
        "period": str(places.period),
        "title": told["title"],
        "ending": "done with gaps" if told["draft"] else "done",
        "finished": now(),
        "parameters": {**extra, "town": places.town, "period": str(places.period)},
        "target_book": facts.target_file if facts.has_target_book else None,
        "gaps": told["gaps"],
        "unanswered_problems": told["unanswered"],
        "internal_mentions": told["mentions"],
        "findings": {name: int(counts[name]) for name in ("errors", "warnings", "notes")},
        "owed": submissions.loc[submissions["state"] != RETURNED, "department"].tolist(),
        "fonts": dict(fonts),
        "versions": versions(),
        "seconds": {stage: round(spent, 2) for stage, spent in seconds.items()},
        "outputs": made | {MANIFEST: {}},
    }


def _inputs(places: Places) -> dict[str, Path]:
    """Every file that may have gone into the report: the returns of this and earlier years, facts, scheme, notebooks."""
    folders = {"raw": places.raw / places.town, "scheme": places.scheme}
    files = {
        f"{name}/{path.relative_to(folder.parent if name == 'raw' else folder).as_posix()}": path
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return files | {f"notebooks/{name}": places.notebooks / name for name in (INGEST, INDICATORS, REPORT)}
