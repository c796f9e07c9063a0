"""An executor whose calls are forked from the warm process, each in a process of its own."""

import contextlib
import os
import pickle
import socket
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

from analysis.running.kernels.warm import ADDRESS, WarmProcess, warm_up
from analysis.running.kernels.wire import Request, WarmError, ask

T = TypeVar("T")


class WarmPool(Executor):
    """Calls in processes that have imported everything: no call waits for an import, none meets what another has left.

    A call whose process or whose warm process dies is made again in an ordinary pool of spawned processes; so are all calls
    where nothing can be forked. So a call must be one that can be made twice, as the stages of a run can.

    Args:
        workers: calls that run side by side.
        warm: the warm process; by default this process's own, which stays for the next pool.
    """

    def __init__(self, workers: int, warm: WarmProcess | None = None) -> None:
        self._workers = workers
        self._warm = warm or warm_up()
        self._threads = ThreadPoolExecutor(workers, "warm-pool")
        self._lock = Lock()
        self._stock: ProcessPoolExecutor | None = None
        self._running: set[socket.socket] = set()
        self._given_up = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function called; it, its arguments and its result have to be picklable."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no further calls, and wait for those that run."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        if self._stock is not None:
            self._stock.shutdown(wait=wait, cancel_futures=cancel_futures)

    def give_up(self) -> None:
        """End the calls that run, with their kernels, and drop those that wait."""
        with self._lock:
            self._given_up = True
            for connection in self._running:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            # What runs in the ordinary pool would otherwise be waited for; before Python 3.14 it can't be asked to end.
            for process in list((getattr(self._stock, "_processes", None) or {}).values()):
                process.kill()
        self.shutdown(wait=True, cancel_futures=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the calls; after an error or Ctrl-C, end them."""
        if kind is None:
            self.shutdown()
        else:
            self.give_up()

    def _call(self, function: Callable[..., T], args: tuple[Any, ...], keywords: dict[str, Any]) -> T:
        """Call in a forked child, or else in a spawned one."""
        if self._warm is not None:
            try:
                good, result = self._forked(self._warm.address, pickle.dumps((function, args, keywords)))
            except WarmError:
                if self._given_up:
                    raise CancelledError from None
            else:
                if not good:
                    raise result
                return result  # type: ignore[no-any-return]  # what `function` has returned
        try:
            return self._spawning().submit(function, *args, **keywords).result()
        except BrokenProcessPool:
            if self._given_up:
                raise CancelledError from None
            raise

    def _forked(self, address: str, payload: bytes) -> tuple[bool, Any]:
        """What comes of a call: whether it returned, and what it returned or raised.

        Raises:
            WarmError: the child, or the warm process, has died before it had a result.
        """
        request = Request("call", [], {**os.environ, ADDRESS: address}, str(Path.cwd()))
        source, sink = os.pipe()
        with os.fdopen(source, "rb") as pipe:
            try:
                connection, _ = ask(address, request, [1, 2, sink], payload)
            finally:
                os.close(sink)
            with connection:
                self._note(connection)
                try:
                    data = pipe.read()
                finally:
                    with self._lock:
                        self._running.discard(connection)
        if not data:
            raise WarmError("the call's process has died")
        good, result = pickle.loads(data)  # from this process's own child
        return good, result

    def _note(self, connection: socket.socket) -> None:
        """Remember a call that runs, so that it can be ended."""
        with self._lock:
            self._running.add(connection)
            if self._given_up:
                connection.shutdown(socket.SHUT_RDWR)

    def _spawning(self) -> ProcessPoolExecutor:
        """The ordinary pool, made when it is needed."""
        with self._lock:
            if self._given_up:
                raise CancelledError
            if self._stock is None:
                self._stock = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
            return self._stock
