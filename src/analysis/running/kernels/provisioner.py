"""A kernel provisioner of jupyter_client that has its kernels forked from the warm process."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.running.kernels.warm import ADDRESS, address_at_hand
from analysis.running.kernels.wire import Request, WarmError, ask, read_line

NAME = "township-warm"
"""Its entry point in the group `jupyter_client.kernel_provisioners`."""
WARM, LOCAL = "warm", "local"
_LAUNCHER = ["-m", "ipykernel_launcher"]
served: list[str] = []
"""How each kernel that this process has asked for was started, `WARM` or `LOCAL`, the last one last."""


class ForkedProcess:
    """As much of `subprocess.Popen` as a provisioner uses, for a process that is not this one's child.

    Nobody but the warm process can wait for it: that one sends its exit code. When the warm process is killed, the kernel
    goes with it, and counts as killed.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection = connection
        self.pid = pid
        self.returncode: int | None = None
        connection.setblocking(True)

    def poll(self) -> int | None:
        """The exit code, negative for a signal; none while it runs."""
        if self.returncode is None and self._said():
            line = None
            with contextlib.suppress(OSError):
                line = read_line(self.connection)
            self.returncode = -signal.SIGKILL if line is None else int(line["exit"])
            self.connection.close()
        return self.returncode

    def _said(self) -> bool:
        """Whether the warm process has sent something or gone."""
        try:
            self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    async def ended(self) -> None:
        """Wait until there is an exit code."""
        loop = asyncio.get_running_loop()
        while self.poll() is None:
            said = asyncio.Event()
            loop.add_reader(self.connection, said.set)
            try:
                await said.wait()
            finally:
                loop.remove_reader(self.connection)

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code; a provisioner waits by `poll` before it calls this."""
        if self.returncode is None:
            self.connection.settimeout(timeout)
            with contextlib.suppress(OSError):
                self.connection.recv(1, socket.MSG_PEEK)
            self.connection.setblocking(True)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to a process that still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to go."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from the warm process; where that can't be, starts it as the ordinary provisioner does.

    Attributes:
        served: how the kernel was started, `WARM` or `LOCAL`.
    """

    served: str | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel.

        Args:
            cmd: its command line, with the connection file.
            kwargs: as `subprocess.Popen` takes them: `env`, `cwd`, `stdout`, `stderr`; `independent` of this process.
        """
        forked = _forked(cmd, kwargs)
        self.served = LOCAL if forked is None else WARM
        served.append(self.served)
        if forked is None:
            kwargs["env"] = _without_address(kwargs.get("env"))
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]  # stands in for a Popen
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end: told, where it was forked, instead of looked for ten times a second."""
        if isinstance(self.process, ForkedProcess):
            with contextlib.suppress(NotImplementedError):
                await self.process.ended()
        return await super().wait()


def _forked(cmd: list[str], kwargs: dict[str, Any]) -> ForkedProcess | None:
    """The kernel, forked; none when it has to be started the ordinary way."""
    if cmd[1:3] != _LAUNCHER or not _this_interpreter(cmd[0]) or kwargs.get("independent"):
        return None
    address = address_at_hand()
    if address is None:
        return None
    request = Request(
        "kernel",
        cmd[3:],
        {**_without_address(kwargs.get("env")), "JPY_PARENT_PID": str(os.getpid())},
        str(Path(kwargs.get("cwd") or Path.cwd()).absolute()),
    )
    try:
        return ForkedProcess(
            *ask(address, request, [_descriptor(kwargs, "stdout", 1), _descriptor(kwargs, "stderr", 2)])
        )
    except WarmError:
        return None


def _this_interpreter(program: str) -> bool:
    """Whether a program is the one that runs this and so the warm process; links count, since they say which venv."""
    return Path(program).absolute() == Path(sys.executable).absolute()


def _without_address(env: dict[str, str] | None) -> dict[str, str]:
    """A kernel's environment: a notebook has no business with the warm process."""
    return {name: value for name, value in (os.environ if env is None else env).items() if name != ADDRESS}


def _descriptor(kwargs: dict[str, Any], name: str, default: int) -> int:
    """Where a kernel's stream goes, as `Popen` is told it: nowhere said, a number, or a file."""
    given = kwargs.get(name)
    if given is None:
        return default
    return given if isinstance(given, int) else int(given.fileno())
