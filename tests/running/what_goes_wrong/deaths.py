"""Deaths and failures at every operation on files, seen by Python's own audit events: nothing is replaced by a stand-in.

An event comes before its operation. So who dies at the next one dies after the last one, and every moment is met.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink"}
Hook = Callable[[str, str], None]
"""Told of each operation that changes files: its event, and the path that is changed."""
PATIENCE = 60
_hook: list[Hook] = []
_watching: list[bool] = []


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if not _hook or not (event == "open" or event in CHANGING):
        return
    path = args[0]
    if isinstance(path, int) or path is None:
        return
    if event == "open" and not _writes(args[1], args[2]):
        return
    hook = _hook[-1]
    _hook.append(lambda *_: None)  # what the hook itself does is nobody's business
    try:
        hook(event, os.fsdecode(path))
    finally:
        _hook.pop()


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def watched(action: Callable[[], object], hook: Hook) -> None:
    """Do something, with the hook told of every operation before it is made."""
    if not _watching:
        sys.addaudithook(_audit)  # there is no way to take it off again
        _watching.append(True)
    _hook.append(hook)
    try:
        action()
    finally:
        _hook.pop()


def in_a_child(action: Callable[[], object]) -> int:
    """Do something in a forked process; its exit code, negative for the signal that it died of."""
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            signal.alarm(PATIENCE)
            action()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killing(at: int) -> Hook:
    """Dies by SIGKILL at a moment: before an operation, or with half of a file written, each of which is one more moment."""
    moments = count()

    def hook(event: str, path: str) -> None:
        if next(moments) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if event == "open" and next(moments) == at:
            if not Path(path).is_dir():  # a nameless temporary file is opened by its folder
                Path(path).write_bytes(b"HALF")
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def deaths(prepare: Callable[[], Callable[[], object]], start: int = 0, step: int = 1) -> Iterator[int]:
    """Die at every moment of an action in turn, until it comes to its end alive.

    Args:
        prepare: puts everything as it was before, and gives the action.
        start: the first moment to die at.
        step: how many moments further the next death is.

    Yields:
        The moment, after each death.
    """
    for at in count(start, step):
        action = prepare()
        code = in_a_child(lambda action=action, at=at: watched(action, killing(at)))
        if code == 0:
            return
        assert code == -signal.SIGKILL, f"moment {at}: {code}"
        yield at


def failing(at: int, error: OSError) -> Hook:
    """Raises an error of the system at an operation, and at every later one that writes: a disk stays full."""
    operations = count()

    def hook(event: str, _path: str) -> None:
        if event in ("open", "os.rename", "os.mkdir") and next(operations) >= at:
            raise error

    return hook
