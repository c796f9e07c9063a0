"""How much memory a call takes, with the processes that it starts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

EVERY_SECONDS = 1.0
MB = 1024 * 1024


@dataclass
class Peak:
    """The most memory seen so far, in MB."""

    mb: float = 0.0


@contextmanager
def measured() -> Iterator[Peak]:
    """Measure this process and its descendants once a second.

    Pages that forked processes share are counted once where the system tells (Linux: proportional set size).
    """
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while True:
            peak.mb = max(peak.mb, tree_mb())
            if ended.wait(EVERY_SECONDS):
                return

    thread = threading.Thread(target=watch, name="peak", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def tree_mb(pid: int | None = None) -> float:
    """The memory of a process, this one by default, and of its descendants, in MB."""
    try:
        process = psutil.Process(pid)
        processes = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    return sum(map(_bytes_of, processes)) / MB


def _bytes_of(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", 0) or memory.uss)
    except psutil.AccessDenied:
        return 0
    except psutil.Error:  # gone meanwhile
        return 0
