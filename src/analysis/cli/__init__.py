"""The console command `township-report`: a module for each group of commands, which import what they need when they run."""

import contextlib
import os
import signal
import sys

from analysis.cli import comparing, exploring, machine, making, scheduling, sharing, starting
from analysis.cli.base import DONE, FAILED, GAPS, INTERRUPTED, SKIPPED, app

__all__ = [
    "DONE",
    "FAILED",
    "GAPS",
    "INTERRUPTED",
    "SKIPPED",
    "app",
    "comparing",
    "exploring",
    "machine",
    "main",
    "making",
    "scheduling",
    "sharing",
    "starting",
]


def main() -> None:
    """Run the command; every failure that a user can meet is told in Chinese, with exit code 1."""
    _speak_unicode()
    from analysis.running.interrupts import Stopped, end_in_order

    end_in_order()
    code = exit_code(sys.argv[1:])
    if Stopped.number is not None:  # whoever has asked is told that it was heeded, as a service's manager wants to be
        signal.signal(Stopped.number, signal.SIG_DFL)
        signal.raise_signal(Stopped.number)
    sys.exit(code)


def _speak_unicode() -> None:
    """Names of files are Chinese, and so is all that is said, whatever the locale."""
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8":  # no way to change that in a process that runs
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-P", "-m", "analysis.cli", *sys.argv[1:]])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            if stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968"):  # nobody has chosen that
                stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a character that a console lacks stops nothing


def exit_code(arguments: list[str]) -> int:
    """Run a command line and give its exit code; whatever goes wrong is told on the standard error."""
    from analysis.cli import errors
    from analysis.running.console import console, say
    from analysis.running.errors import BusyError

    try:
        code = app(arguments or ["--help"], standalone_mode=False, prog_name="township-report")
    except (Exception, KeyboardInterrupt) as error:
        with contextlib.suppress(OSError):  # a terminal that was closed hears nothing
            for line, style in errors.told(error):
                say(console(stderr=True), line, style)
        if isinstance(error, KeyboardInterrupt):
            return INTERRUPTED
        return SKIPPED if isinstance(error, BusyError) else FAILED
    if code == INTERRUPTED:  # as typer gives it
        with contextlib.suppress(OSError):
            for line, style in errors.told(KeyboardInterrupt()):
                say(console(stderr=True), line, style)
    return code if isinstance(code, int) else DONE
