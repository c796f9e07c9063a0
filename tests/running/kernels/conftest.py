"""A warm process for the session, and kernels started by either provisioner."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.provisioner import NAME, ForkedProcess
from analysis.running.kernels.spec import install
from analysis.running.kernels.warm import ADDRESS, WarmProcess

PATIENCE = 60


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmProcess]:
    """A warm process, ready."""
    warm = awaited(WarmProcess())
    yield warm
    warm.close()


def awaited(warm: WarmProcess) -> WarmProcess:
    """A warm process when it is ready: its first answer says so."""
    with WarmPool(1, warm) as pool:
        assert pool.submit(os.getppid).result() == warm.process.pid, warm.failure()
    assert warm.ready()
    return warm


class Kernel:
    """A kernel, and what it says when it is told to run something."""

    def __init__(self, manager: KernelManager, **how: Any) -> None:
        self.manager = manager
        manager.start_kernel(**how)
        self.client = manager.client()
        self.client.start_channels()
        try:
            self.client.wait_for_ready(timeout=PATIENCE)
        except RuntimeError:
            self.close()
            raise

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    @property
    def process(self) -> ForkedProcess:
        return self.manager.provisioner.process

    @property
    def served(self) -> str:
        return self.manager.provisioner.served

    def run(self, code: str) -> str:
        """The text that code prints; its exception's name if it fails."""
        said: list[str] = []

        def heard(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                said.append(content["text"])
            elif message["msg_type"] == "error":
                said.append(content["ename"])

        self.client.execute_interactive(code, timeout=PATIENCE, output_hook=heard)
        return "".join(said).strip()

    def tell(self, code: str) -> str:
        """Have code run without waiting for its end, but for its first words; gives the message's number."""
        told = self.client.execute(code, stop_on_error=False)
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=PATIENCE)
            except Empty:
                raise AssertionError("the kernel says nothing") from None
            if message["msg_type"] == "stream":
                return told

    def reply(self, told: str) -> str:
        """How something told has ended: `ok`, or the exception's name."""
        while True:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == told:
                return str(message["content"].get("ename", message["content"]["status"]))

    def close(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture
def start(warm: WarmProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Kernel]]:
    """Start a kernel: `start("warm")` by our provisioner, `start("local")` by the ordinary one."""
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    monkeypatch.setenv(ADDRESS, warm.address)
    install(tmp_path / "data")
    started: list[Kernel] = []

    def start(provisioner: str, **how: Any) -> Kernel:
        specs = KernelSpecManager(kernel_dirs=[str(tmp_path / "data" / "kernels"), *KernelSpecManager().kernel_dirs])
        name = NAME if provisioner == "warm" else "python3"
        sockets = tmp_path / f"{len(started)}"
        sockets.mkdir()
        short = Path(os.path.relpath(sockets)) if len(str(sockets)) > 90 else sockets
        manager = KernelManager(
            kernel_name=name,
            kernel_spec_manager=specs,
            transport="ipc",
            ip=str(short.absolute() / "k"),
            connection_file=str(sockets / "kernel.json"),
        )
        started.append(Kernel(manager, **how))
        return started[-1]

    yield start
    for kernel in started:
        kernel.close()
