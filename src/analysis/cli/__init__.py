"""The console command `township-report`: a module for each group of commands, which import what they need when they run."""

import contextlib
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
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a character that a console lacks stops nothing
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: list[str]) -> int:
    """Run a command line and give its exit code; whatever goes wrong is told on the standard error."""
    from analysis.cli import errors
    from analysis.running.console import console, say
    from analysis.running.errors import BusyError

    try:
        code = app(arguments or ["--help"], standalone_mode=False, prog_name="township-report")
    except (Exception, KeyboardInterrupt) as error:
        for line, style in errors.told(error):
            say(console(stderr=True), line, style)
        if isinstance(error, KeyboardInterrupt):
            return INTERRUPTED
        return SKIPPED if isinstance(error, BusyError) else FAILED
    if code == INTERRUPTED:  # as typer gives it
        for line, style in errors.told(KeyboardInterrupt()):
            say(console(stderr=True), line, style)
    return code if isinstance(code, int) else DONE
