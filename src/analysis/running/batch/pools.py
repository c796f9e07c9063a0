"""Workers on this machine: an executor in which a process that dies takes only its own call with it."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
CLEARING_SECONDS = 20.0


class LocalWorkers(Executor):
    """A number of worker processes, each started anew when it has died.

    A `ProcessPoolExecutor` ends all its processes when one dies, and nobody can tell which call was to blame. So each
    worker here is a pool of its own. Its calls fail with `BrokenProcessPool`, the others go on.

    Args:
        workers: processes; each stays, with all that it has imported, for the next call.
    """

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(workers, "workers")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._all = [_Worker() for _ in range(workers)]
        for worker in self._all:
            self._idle.put(worker)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function called in a worker; it, its arguments and its result have to be picklable."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no further calls; wait for those that run, or end their processes if others are not to be waited for."""
        if not wait:
            for worker in self._all:
                worker.end()
        self._threads.shutdown(wait=True, cancel_futures=cancel_futures)
        for worker in self._all:
            worker.close()

    def _call(self, function: Callable[..., T], args: tuple[Any, ...], keywords: dict[str, Any]) -> T:
        worker = self._idle.get()
        try:
            return worker.call(function, args, keywords)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process, or none yet."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._pid = 0
        self._ended = False
        self._lock = threading.Lock()

    def call(self, function: Callable[..., T], args: tuple[Any, ...], keywords: dict[str, Any]) -> T:
        pool = self._started()
        try:
            return pool.submit(function, *args, **keywords).result()
        except BrokenProcessPool:
            self.close()
            raise

    def end(self) -> None:
        """End the process, so that what it is doing is given up in an orderly way."""
        with self._lock:
            self._ended = True
            if self._pid:
                with contextlib.suppress(OSError):  # it has gone; Windows has its own error for that
                    os.kill(self._pid, signal.SIGTERM)

    def close(self) -> None:
        """Let the process go."""
        with self._lock:
            pool, self._pool, self._pid = self._pool, None, 0
        if pool is not None:
            pool.shutdown()

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._ended:
                raise BrokenProcessPool("the workers have been ended")
            if self._pool is None:  # spawned: what this process has started in threads is no fork's business
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
                self._pid = self._pool.submit(os.getpid).result()
            return self._pool


class Ended(SystemExit):
    """The worker has been told to end."""


def _begin() -> None:
    """Leave Ctrl-C to the process that has started this one, end in order when it says so, and when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _unwind)
    parent = parent_process()
    assert parent is not None  # this is a worker
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _unwind(*_: object) -> None:
    """Leave the call as an error would, so that its temporary folders and its kernels go too."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Ended


def _end_with(sentinel: int) -> None:
    """End in order once the parent is gone, however it went; then nobody takes the result, and nothing holds this process."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(CLEARING_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
