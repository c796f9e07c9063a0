"""One run at a time for a town and period: a second one is told so, and a killed one leaves nothing in the way."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.running.errors import BusyError
from analysis.running.places import Places


def staging(places: Places) -> str:
    """What the name of a folder ends in, in which a run of this period stages what it makes."""
    return f".{places.period}.run"


def lock_file(places: Places) -> Path:
    """The file by which a town and period is locked."""
    return places.report.parent / f".{places.period}.lock"


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the lock of a town and period; the system lets it go whatever ends the process.

    What a killed run had staged is taken away: nobody else can be at work on it.

    Raises:
        BusyError: another run holds it.
    """
    folder = places.report.parent
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_file(places), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"{places.town} {places.period} 正在另一处运行", "请等它结束后再运行；上一次的报告没有改动。"
        ) from None
    try:
        for left in folder.glob(f".*{staging(places)}"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()
