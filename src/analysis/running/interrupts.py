"""Signals that end a run: told like Ctrl-C, and kept waiting while files are moved to their places."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

ENDING = tuple(number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None)
"""A service that is stopped, a terminal that is closed."""


class Stopped(KeyboardInterrupt):
    """The process was asked to end.

    Attributes:
        number: the signal.
    """

    number: int | None = None
    """The signal that came last in this process; command-line libraries swallow the exception."""


def end_in_order() -> None:
    """Let SIGTERM and SIGHUP unwind this process as Ctrl-C does; one that is ignored, as under `nohup`, stays so."""
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    Stopped.number = number
    raise Stopped(number)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and the like do nothing for a moment: what is under way takes milliseconds, and the work is done then."""
    if threading.current_thread() is not threading.main_thread():  # no other thread is interrupted
        yield
        return
    numbers = [number for number in (signal.SIGINT, *ENDING) if signal.getsignal(number) is not None]
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
