"""Starting the warm process, finding it again, ending it."""

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

from analysis.running.kernels.preload import SINGLE

ADDRESS = "TOWNSHIP_REPORT_WARM"
"""Environment variable that tells a child of the warm process where to ask for others."""
SOCKET = "s"
LONGEST = 90
"""Characters of the socket's folder: a socket's name holds some hundred, and kernels' sockets have longer ones."""
_CLOSING_SECONDS = 10.0
_SERVER = """import sys
if sys.path[0] == "": del sys.path[0]
from analysis.running.kernels.server import main
sys.exit(main())"""
"""What lies in the working directory is no module. Not by `-P`: children would show that flag, and IPython heeds it."""


class WarmProcess:
    """A process that has imported what notebooks import, started by this one and ended with it.

    Attributes:
        address: its socket, in a folder of mode 0700; children may be asked for at once and are served when it is ready.
        stamp: the state of `analysis`' source as it was started.
    """

    def __init__(self) -> None:
        """Start it.

        Raises:
            OSError: it can't be started here.
        """
        self.folder = private_folder("warm-")
        self.address = str(self.folder / SOCKET)
        self.stamp = source_stamp()
        self._ready = False
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        try:
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(self.address)
                (self.folder / SOCKET).chmod(0o600)
                listener.listen(256)
                self._life, there = socket.socketpair()
                with there:
                    self.process = _start(listener, there, self.folder, self._said)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def ready(self) -> bool:
        """Whether it has imported everything, so that a child is there at once."""
        if not self._ready:
            with contextlib.suppress(OSError):  # nothing has come yet, or nothing will
                self._ready = bool(self._life.recv(1, socket.MSG_DONTWAIT))
        return self._ready and self.alive()

    def failure(self) -> str | None:
        """Why it has died by itself, in its own words; none if it runs or has ended well."""
        if not self.process.poll():
            return None
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), f"exit code {self.process.returncode}")

    def fresh(self) -> bool:
        """Whether it runs and has imported `analysis` as it is now."""
        return self.alive() and self.stamp == source_stamp()

    def retire(self) -> None:
        """Let it serve nobody new, and go with the last of its children."""
        with contextlib.suppress(OSError):
            self._life.send(b"x")

    def close(self) -> None:
        """End it, with every child, and wait until it is gone."""
        self._life.close()
        self.process.terminate()
        try:
            self.process.wait(_CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._said.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _start(listener: socket.socket, life: socket.socket, folder: Path, said: IO[bytes]) -> subprocess.Popen[bytes]:
    numbers = (listener.fileno(), life.fileno())
    return subprocess.Popen(
        [sys.executable, "-c", _SERVER, *map(str, numbers), str(folder)],
        env={**os.environ, **SINGLE, "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        pass_fds=numbers,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,  # Ctrl-C at the terminal is for this process, which then ends that one
    )


def private_folder(prefix: str) -> Path:
    """A new folder of mode 0700 with a path short enough for sockets."""
    folder = tempfile.mkdtemp(prefix=prefix)
    if len(folder) > LONGEST and Path("/tmp").is_dir():
        Path(folder).rmdir()
        folder = tempfile.mkdtemp(prefix=prefix, dir="/tmp")
    return Path(folder)


def source_stamp() -> tuple[int, int]:
    """How many source files `analysis` has, and when the last one was changed, in nanoseconds."""
    package = Path(__file__).parents[2]
    times = [path.stat().st_mtime_ns for path in package.rglob("*.py")]
    return len(times), max(times)


_lock = threading.Lock()
_shared: WarmProcess | None = None
_retired: list[WarmProcess] = []


def warm_up() -> WarmProcess | None:
    """This process's own warm process: started by the first call, anew when it has died or the source has changed.

    It ends with this process, whatever ends that. Call it early: it imports while the caller does other things.

    Returns:
        None where there is no fork, or no way to start a process.
    """
    global _shared  # noqa: PLW0603  # one a process
    if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        return None
    with _lock:
        if _shared is not None and not _shared.fresh():
            _shared.retire()  # kernels that an analyst has open go on
            _retired.append(_shared)
            _shared = None
        if _shared is None:
            with contextlib.suppress(OSError):
                _shared = WarmProcess()
        return _shared


def address_at_hand() -> str | None:
    """Where a kernel can be had now, without waiting: none while the warm process still imports, or can't be had.

    A child of a warm process is told by its environment; any other process has one of its own, started here if need be.
    """
    told = os.environ.get(ADDRESS)
    if told is not None:
        return told
    warm = warm_up()
    return warm.address if warm is not None and warm.ready() else None


@atexit.register
def close_warm() -> None:
    """End this process's warm processes; a later `warm_up` starts another."""
    global _shared  # noqa: PLW0603
    with _lock:
        for warm in [*_retired, *([_shared] if _shared is not None else [])]:
            warm.close()
        _retired.clear()
        _shared = None
