"""`township-report run` as a process of its own: whatever happens to it, the scheduled run lives to tell."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

Say = Callable[[str], None]
Runner = Callable[[Sequence[str], Path, Say], int]
"""Called with the arguments of a command, the working directory and what takes its lines; gives the exit code."""
LATE = 10
"""Seconds that are waited for a process that was asked to end, and for what came from it: last lines, killed children."""


class TimeLimitError(RuntimeError):
    """A run that took too long and was ended."""


def runner(limit: float) -> Runner:
    """A runner that ends what takes longer than `limit` seconds."""
    return lambda arguments, root, say: run(arguments, root, say, limit)


def run(arguments: Sequence[str], root: Path, say: Say, limit: float) -> int:
    """Run `township-report` with these arguments, passing on each line as it is printed.

    Raises:
        TimeLimitError: it was ended, with all that it had started.
    """
    command = [sys.executable, "-P", "-m", "analysis.cli", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:backslashreplace", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        reader = threading.Thread(target=_pass_on, args=(process, say), daemon=True)
        reader.start()
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            raise TimeLimitError(f"运行超过 {limit / 60:g} 分钟，已结束") from None
        finally:
            _end(process)
            reader.join(LATE)


def _pass_on(process: "subprocess.Popen[str]", say: Say) -> None:
    for line in process.stdout or ():
        say(line.rstrip("\r\n"))


def _end(process: "subprocess.Popen[str]") -> None:
    """End a process that is still there, with its kernels and whatever else came from it.

    It is asked first: a run that is putting its files in place gets that done.
    """
    if process.poll() is not None:
        return
    try:
        top = psutil.Process(process.pid)
        family = [*top.children(recursive=True), top]
    except psutil.NoSuchProcess:
        return
    try:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(LATE)
    finally:
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
    process.wait()
    psutil.wait_procs(family, timeout=LATE)
