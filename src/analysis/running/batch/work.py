"""One township in a worker: fetch, run, bring back. It returns how that ended; no township makes it raise."""

import multiprocessing
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from os import getpid
from pathlib import Path
from typing import Any

import analysis
from analysis.intake.places import project_root
from analysis.running.batch.fetched import Fetched, bring, bring_failed, fetch, listed
from analysis.running.batch.journal import recover
from analysis.running.batch.known import known, note
from analysis.running.batch.model import DONE, GAPS, BatchError, Outcome, Task, failed
from analysis.running.batch.peak import measured
from analysis.running.batch.store import Store
from analysis.running.batch.town import Ended, run_town
from analysis.running.errors import RunError
from analysis.running.failures import of_error
from analysis.running.manifest import sha256
from analysis.running.places import NOTEBOOKS, Places, places_of
from analysis.running.unchanged import CODE, digest_of, of_program
from analysis.scheme import Period, SchemeError

Run = Callable[[Places, Task], Ended]
"""Makes a township's report: its places on this machine's disk, and what is asked for."""


def work(task: Task, run: Run = run_town) -> Outcome:
    """Make a township's report.

    Args:
        task: the township, with where everything lies.
        run: what makes the report on this machine's disk.

    Returns:
        How it ended. An error of the township, the scheme, the store or the program is an outcome; only what ends the
        process itself is none.
    """
    begun = time.monotonic()
    _allow_children()
    with measured() as peak:
        try:
            outcome = _worked(task, run)
        except (RunError, BatchError) as error:
            outcome = failed(task, error.found, error.remedy)
        except (SchemeError, OSError) as error:
            told = of_error(error) if isinstance(error, OSError) else None
            again = isinstance(error, OSError) and not isinstance(error, FileNotFoundError)
            outcome = failed(task, *(told or (str(error), "改正后再运行一次批处理，只运行没有完成的")), again=again)
        except MemoryError:
            outcome = failed(task, "内存不够", "请减少同时运行的工作进程（--workers）", again=True)
        except Exception as error:  # a fault of the program in one township is not to stop the others
            outcome = failed(task, f"程序出错（{type(error).__name__}：{error}）", "请把这一行发给维护者")
    seconds = round(time.monotonic() - begun, 2)
    return replace(outcome, seconds=seconds, tries=task.tries, worker=worker_name(), peak_mb=round(peak.mb, 1))


def _worked(task: Task, run: Run) -> Outcome:
    project = own_project()
    store = Store(task.root)
    period = Period.parse(task.period)
    with tempfile.TemporaryDirectory(prefix="township-", dir=_scratch(), ignore_cleanup_errors=True) as temporary:
        scheme = _scheme(task, project, Path(temporary))
        if task.stamp and task.stamp != stamp_of(project, scheme):
            raise RunError(
                f"{worker_name()} 上的程序、笔记本或考核方案和发起批处理的机器不一样",
                "请在每台机器上装同一版本，考核方案放到 --root 下的 scheme 文件夹，再运行一次",
            )
        if store.local is not None:
            places = _places(project, store.local, task.town, period, scheme)
            return _outcome(task, run(places, task))
        return _elsewhere(task, run, store, _places(project, Path(temporary), task.town, period, scheme))


def _elsewhere(task: Task, run: Run, store: Store, places: Places) -> Outcome:
    """Run a township whose files lie on no disk of this machine."""
    town, period = task.town, task.period
    recover(store, town, period)
    seen = listed(store, town, period)
    outcome = known(store, task, seen)
    if outcome is not None:
        return outcome
    fetched = fetch(store, town, period, seen, places.raw.parent)
    try:
        ended = run(places, task)
    except (RunError, SchemeError, FileNotFoundError) as error:
        raise _retold(error, store, fetched, task) from error
    bring(store, town, period, fetched)
    outcome = _outcome(task, ended)
    note(store, task, seen, listed(store, town, period), outcome)
    return outcome


def _retold(error: Exception, store: Store, fetched: Fetched, task: Task) -> RunError:
    """An error that names places of the store: the worker's folder is gone when it is read."""
    bring_failed(store, task.town, task.period, fetched)
    found, remedy = (error.found, error.remedy) if isinstance(error, RunError) else (str(error), "")
    here = str(fetched.folder)
    return RunError(found.replace(here, store.url), remedy.replace(here, store.url))


def _outcome(task: Task, ended: Ended) -> Outcome:
    return Outcome(task.town, GAPS if ended.draft else DONE, ended.reason, unchanged=ended.unchanged)


def _places(project: Path, root: Path, town: str, period: Period, scheme: Path) -> Places:
    """The root's layout: `raw`, `processed` and `reports` beside each other."""
    folders = {name: root / name for name in ("raw", "processed", "reports")}
    return places_of(project, town, period, **folders, scheme=scheme)


def _scheme(task: Task, project: Path, temporary: Path) -> Path:
    """The scheme's folder on this machine's disk."""
    return scheme_folder(task.scheme, temporary) if task.scheme else project / "scheme"


def scheme_folder(url: str, temporary: Path) -> Path:
    """A scheme on this machine's disk, fetched into a temporary folder if it lies elsewhere.

    Raises:
        BatchError: there is none.
    """
    store = Store(url)
    names = list(store.files(""))
    if "indicators.csv" not in names:
        raise BatchError(f"{url} 里没有考核方案（应有 indicators.csv）", "请用 --scheme 指明考核方案文件夹")
    if store.local is not None:
        return store.local
    files = {name: temporary / "scheme" / name for name in names}
    for path in files.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    store.fetch(files)
    return temporary / "scheme"


def stamp_of(project: Path, scheme: Path) -> str:
    """The digest of the program, the project's notebooks and a scheme's files: what every worker must run alike.

    It is taken anew each time: a Dask worker outlives many batches, and its notebooks may be edited in between.
    """
    files = sorted(path for path in scheme.rglob("*") if path.is_file() and not path.name.startswith("."))
    notebooks = [f"{name}:{sha256(project / 'notebooks' / name)}" for name in NOTEBOOKS]
    tables = [f"{path.relative_to(scheme).as_posix()}:{sha256(path)}" for path in files]
    return digest_of("\n".join([of_program()[CODE], *notebooks, *tables]))


def own_project() -> Path:
    """The project with the notebooks that this process runs: around its working directory, or around its source.

    Raises:
        RunError: neither.
    """
    for start in (Path.cwd(), Path(analysis.__path__[0])):
        try:
            return project_root(start)
        except FileNotFoundError:
            continue
    raise RunError(f"{worker_name()} 找不到项目文件夹", "请在项目文件夹里启动工作进程")


def worker_name() -> str:
    """Where this runs: the address of a Dask worker, else machine and process."""
    worker = _dask_worker()
    return f"{socket.gethostname()}:{getpid()}" if worker is None else str(worker.address)


def _scratch() -> str | None:
    """A Dask worker's own folder, which Dask clears away after a worker that died; else the system's."""
    worker = _dask_worker()
    return None if worker is None else str(worker.local_directory)


def _dask_worker() -> Any:
    """The Dask worker that this runs in; none elsewhere."""
    if "distributed" not in sys.modules:
        return None
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:
        return None


def _allow_children() -> None:
    """Dask's workers are daemons, which Python forbids to start processes by `multiprocessing`; a run has to."""
    process = multiprocessing.current_process()
    if process.daemon:
        process.daemon = False
