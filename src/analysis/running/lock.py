"""One run at a time for a town and period: a second one is told who is at work, and a killed one leaves nothing in the way."""

import getpass
import json
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from analysis.intake.whole import sweep
from analysis.running.errors import BusyError, RunError
from analysis.running.execute import forget_failed
from analysis.running.failures import naming, require_writable
from analysis.running.manifest import now, when
from analysis.running.places import Places
from analysis.running.publish import finish

FINISHED = "上一次运行在更换报告时中断了，现在已经换完。"


def staging(places: Places) -> str:
    """What the name of a folder ends in, in which a run of this period stages what it makes."""
    return f".{places.period}.run"


def lock_file(places: Places) -> Path:
    """The file by which a town and period is locked."""
    return places.report.parent / f".{places.period}.lock"


def _holder_file(places: Places) -> Path:
    """Where the holder says who it is: the locked file itself can't be read by others on Windows."""
    return places.report.parent / f".{places.period}.holder"


def taken(file: Path) -> BaseFileLock | None:
    """A lock that the system lets go whatever ends this process; None where another process holds it.

    Raises:
        RunError: the disk knows no such locks, as some network shares.
        OSError: the file can't be made.
    """
    lock: BaseFileLock = FileLock(file, timeout=0)
    try:
        with warnings.catch_warnings(action="ignore"):
            lock.acquire()
    except Timeout:
        pass
    except NotImplementedError:  # so earlier versions of filelock
        raise _no_locks(file) from None
    if isinstance(lock, SoftFileLock):  # and later ones: a file that is there, and stays when a run is killed
        lock.release()
        raise _no_locks(file)
    return lock if lock.is_locked else None


def _no_locks(file: Path) -> RunError:
    return RunError(
        f"{file.parent} 所在的磁盘不支持加锁，不能保证只有一处在运行",
        "请用 --reports（定时运行的日志用 --log-folder）放到本机的磁盘上。",
    )


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the lock of a town and period; the system lets it go whatever ends the process.

    What a killed run had begun to move to its places is finished, and what it had staged is taken away: nobody else can be
    at work on it.

    Raises:
        BusyError: another run holds it.
        RunError: what a killed run had begun can't be finished.
    """
    folder = places.report.parent
    folder.mkdir(parents=True, exist_ok=True)
    lock = taken(lock_file(places))
    if lock is None:
        raise BusyError(
            f"{places.town} {places.period} 正在另一处运行{_holder(places)}",
            "请等它结束后再运行；上一次的报告没有改动。",
        )
    try:
        _say_who(places)
        finish(places.report)
        sweep(places.tables)
        for left in folder.glob(f".*{staging(places)}"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        with suppress(OSError):
            _holder_file(places).unlink(missing_ok=True)
        lock.release()


@contextmanager
def workshop(places: Places) -> Iterator[Path]:
    """Hold the lock, and give a folder on the report's disk to make it in, which is gone at the end.

    Raises:
        BusyError, RunError: see `alone`.
        OSError: files can't be written, here or in the folder of tables; it names the place.
    """
    folder = places.report.parent
    with naming(places.report), alone(places), tempfile.TemporaryDirectory(staging(places), ".", folder) as temporary:
        require_writable(places.tables)
        forget_failed(places.tables)
        yield Path(temporary)


def made_good(places: Places) -> str:
    """Finish what a run had begun to move as it was killed, before anything else is looked at.

    Returns:
        What to tell the user.
    """
    with alone(places):
        return FINISHED


def _say_who(places: Places) -> None:
    said = {"user": _user(), "host": socket.gethostname(), "process": os.getpid(), "since": now()}
    with suppress(OSError):  # a courtesy, no more
        _holder_file(places).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in a container
        return "?"


def _holder(places: Places) -> str:
    """Who holds the lock, in brackets; nothing where that can't be read."""
    try:
        said = json.loads(_holder_file(places).read_text(encoding="utf-8"))
        return f"（{said['user']}，电脑 {said['host']}，进程 {said['process']}，{when(said['since'])} 开始）"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
