"""What a forked child does: put back what the warm process has changed, then be a kernel, or call a function."""

import contextlib
import locale
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from analysis.running.kernels.preload import INLINE
from analysis.running.kernels.wire import Request

_PARENT_DEATH_SIGNAL = 1


def become(request: Request, descriptors: Sequence[int], warm: int, added: Mapping[str, str]) -> None:
    """Take on the request's surroundings: as a process that the client has started itself.

    Args:
        request: what the client has asked for.
        descriptors: where standard output and error go.
        warm: the warm process; this one goes with it.
        added: what libraries add to the environment when they are imported.
    """
    os.setsid()  # a group of its own: an interrupt reaches this child and what it starts, nobody else
    _go_with(warm)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(descriptors[0], 1)
    os.dup2(descriptors[1], 2)
    os.chdir(request.cwd)
    os.environ.clear()
    os.environ.update({**added, **request.env})
    if request.kind == "kernel":
        _be_first_to_go()
    if request.kind == "kernel" and not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = INLINE  # as ipykernel does, but before matplotlib is told
    time.tzset()
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")
    _reset_libraries()


def _go_with(warm: int) -> None:
    """Be killed when the warm process dies, where the system offers that; ipykernel also looks every second."""
    import ctypes

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != warm:  # it died before the line above
        os._exit(1)


def _be_first_to_go() -> None:
    """When memory runs out, let the system kill this kernel rather than the run, or what else the user has open."""
    with contextlib.suppress(OSError):  # only Linux has that
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


def _reset_libraries() -> None:
    import matplotlib as mpl
    import numpy as np

    # Python's own generator starts anew in a child by itself, numpy's does not.
    np.random.seed()
    # Read from the environment as matplotlib is imported, that is: in the warm process.
    mpl.rcParams["backend"] = os.environ.get("MPLBACKEND") or mpl.rcParamsDefault["backend"]


def be_kernel(argv: Sequence[str]) -> int:
    """Run IPython's kernel until it is shut down, as `python -m ipykernel_launcher` does; gives the exit code."""
    import ipykernel_launcher  # type: ignore[import-untyped]
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [ipykernel_launcher.__file__, *argv]
    # The handle's default was read from the environment as ipykernel was imported; the parent is the warm process.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(list(argv))  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
    return 0


def call(payload: bytes, result: int) -> NoReturn:
    """Call a pickled function, write what comes of it, pickled, into a pipe, and end."""
    try:
        function, args, keywords = pickle.loads(payload)  # from this user's own process, see `wire`
        outcome = pickle.dumps((True, function(*args, **keywords)))
    except BaseException as error:
        outcome = _pickled(error)
    with os.fdopen(result, "wb") as pipe:
        pipe.write(outcome)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)  # what the warm process would do at its exit is not for this one to do


def _pickled(error: BaseException) -> bytes:
    """An exception with its traceback as a note; one that can't be pickled by its name."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickled = pickle.dumps((False, error))
        pickle.loads(pickled)  # some only fail when read
    except Exception:
        pickled = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return pickled
