"""`township-report batch`: plan the townships, run them, tell what came of it."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.live import Live

from analysis.figures.checks import require_checks
from analysis.intake.start import require_usable
from analysis.running.batch.batch import Batch, Watch, Work
from analysis.running.batch.model import BatchError, Outcome, Task
from analysis.running.batch.progress import LiveTable, Plain
from analysis.running.batch.result import Result, as_csv, print_result
from analysis.running.batch.store import Store
from analysis.running.batch.work import own_project, scheme_folder, stamp_of, work
from analysis.running.batch.workers import Workers, cluster, local_workers
from analysis.running.console import say
from analysis.running.limits import MINUTES
from analysis.scheme import Period, read_scheme
from analysis.scheme.names import wrong_with


@dataclass(frozen=True)
class Asked:
    """What the command line asks for.

    Attributes:
        root: an fsspec URL or a path; below it `raw`, `processed`, `reports` and, if it has its own, `scheme`.
        period: which period.
        towns: only these; all where none is named.
        scheme: an fsspec URL or a path; empty for `scheme` below the root, or else the project's.
        scheduler: of a Dask cluster; empty for this machine.
        workers: processes of this machine.
        parameters: further parameters of the notebooks.
        force: whether to run everything again.
        minutes: how long a notebook may take.
    """

    root: str
    period: Period
    towns: Sequence[str] = ()
    scheme: str = ""
    scheduler: str = ""
    workers: int = 1
    parameters: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    minutes: float = MINUTES


def batch(asked: Asked, console: Console, work: Work = work) -> Result:
    """Run every township under a root.

    Args:
        asked: what to do.
        console: for people.
        work: runs one township in a worker.

    Raises:
        BatchError: nothing could run, or the workers were lost; what was done until then is in the table below the root.
        OSError: the root can't be read, or not be written to.
    """
    begun = time.monotonic()
    store = Store(_absolute(asked.root))
    tasks = plan(asked, store)
    with _workers(asked) as workers:
        say(console, f"{len(tasks)} 个乡镇，{asked.period}，{workers.where}")
        if workers.dashboard:
            say(console, f"Dask 面板：{workers.dashboard}")
        with _watch(console, len(tasks), workers.where) as watch:
            running = Batch(workers, work, watch)
            try:
                running.run(tasks)
            except (BatchError, KeyboardInterrupt):
                with suppress(OSError):  # the store may be what was lost
                    written = _write(store, asked.period, running.outcomes)
                    told = f"已有结果的 {len(running.outcomes)} 个乡镇记在 {written}。"
                    say(console, f"{told}再运行同一条命令就接着做，已完成的不再运行。")
                raise
    outcomes = sorted(running.outcomes.values(), key=lambda outcome: outcome.town)
    result = Result(str(asked.period), outcomes, time.monotonic() - begun)
    print_result(console, result)
    say(console, f"各乡镇的结果：{_write(store, asked.period, running.outcomes)}")
    return result


def plan(asked: Asked, store: Store) -> list[Task]:
    """A task for each township under the root.

    Raises:
        BatchError: there is none, or a folder's name can be none.
        SchemeError: the scheme can't be used: told once, not for every township.
    """
    there = [name for name in store.folders("raw") if not name.startswith(".")]
    odd = [f"{name!r}（{wrong}）" for name in there if (wrong := wrong_with(name))]
    if odd:
        raise BatchError(f"raw 下的文件夹名不能用：{'、'.join(odd)}", "请改名")
    unknown = [town for town in asked.towns if town not in there]
    if unknown:
        raise BatchError(f"{store.url} 的 raw 下没有 {'、'.join(unknown)}", "请检查 --town，应当是 raw 下的文件夹名")
    towns = sorted(set(asked.towns)) if asked.towns else there
    if not towns:
        raise BatchError(f"{store.url} 的 raw 下没有乡镇", "请建好 raw/<乡镇>/<报告期>，放进各部门上报表")
    project = own_project()
    scheme = _scheme_url(asked, store)
    with tempfile.TemporaryDirectory() as temporary:
        folder = scheme_folder(scheme, Path(temporary)) if scheme else project / "scheme"
        read = read_scheme(folder)
        require_usable(read)
        require_checks(read)
        stamp = stamp_of(project, folder)
    given = dict(asked.parameters)
    return [
        Task(store.url, town, str(asked.period), scheme, stamp, given, asked.force, asked.minutes) for town in towns
    ]


def _scheme_url(asked: Asked, store: Store) -> str:
    if not asked.scheme:
        return f"{store.url.rstrip('/')}/scheme" if "indicators.csv" in store.files("scheme") else ""
    url = _absolute(asked.scheme)
    if asked.scheduler and store.local is None and Store(url).local is not None:
        raise BatchError(f"工作进程可能读不到本机的 {url}", f"请把考核方案放到 {store.url} 下的 scheme 文件夹")
    return url


def _absolute(url: str) -> str:
    """A path as the workers can use it, whose working directory is another; a URL stays."""
    return url if "://" in url or "::" in url else str(Path(url).resolve())


def _workers(asked: Asked) -> AbstractContextManager[Workers]:
    return cluster(asked.scheduler) if asked.scheduler else local_workers(asked.workers)


@contextmanager
def _watch(console: Console, towns: int, where: str) -> Iterator[Watch]:
    if not console.is_terminal:
        yield Plain(console, towns)
        return
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        yield LiveTable(live, towns, where)


def _write(store: Store, period: Period, outcomes: Mapping[str, Outcome]) -> str:
    """Write the table of outcomes below the root; beside the last one where that is open in Excel or WPS on Windows."""
    content = as_csv(outcomes[town] for town in sorted(outcomes))
    name = f"reports/batch-{period}.csv"
    try:
        store.write(name, content)
    except PermissionError:
        name = f"reports/batch-{period}（新）.csv"
        store.write(name, content)
    return f"{store.url.rstrip('/')}/{name}"
