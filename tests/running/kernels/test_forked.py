"""What the provisioner does, with a socket in the warm process's place: which kernels it forks, how it waits and ends them."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.running.kernels import provisioner
from analysis.running.kernels.client import RememberingManager
from analysis.running.kernels.provisioner import ForkedProcess, WarmProvisioner

LAUNCHER = [sys.executable, "-m", "ipykernel_launcher", "-f", "kernel.json"]
Pair = tuple[ForkedProcess, socket.socket]


@pytest.fixture
def forked() -> Iterator[Pair]:
    """A process, and the warm process's end of its connection."""
    mine, warm = socket.socketpair()
    with mine, warm, subprocess.Popen(["sleep", "1000"]) as sleeping:
        yield ForkedProcess(mine, sleeping.pid), warm
        sleeping.kill()


def test_its_end_is_waited_for_and_told(forked: Pair) -> None:
    process, warm = forked
    assert process.poll() is None

    async def ends() -> None:
        waiting = asyncio.create_task(process.ended())
        await asyncio.sleep(0)
        assert not waiting.done()
        warm.sendall(b'{"exit": 3}\n')
        await waiting

    asyncio.run(ends())
    assert process.poll() == 3
    process.kill()  # nobody, or somebody else, has that number now


@pytest.mark.parametrize(("how", "number"), [("kill", signal.SIGKILL), ("terminate", signal.SIGTERM)])
def test_it_is_ended(how: str, number: int, forked: Pair) -> None:
    process, _ = forked
    getattr(process, how)()
    _, status = os.waitpid(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == -number
    getattr(process, how)()  # gone, and not told yet


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the warm process is asked for, and `local` for each ordinary start."""
    told: list[Any] = []

    async def local(*_: Any, **__: Any) -> dict[str, Any]:
        told.append("local")
        return {}

    def ask(_: str, request: Any, descriptors: list[int]) -> tuple[socket.socket, int]:
        told.append((request.argv, descriptors))
        return socket.socket(), 1

    monkeypatch.setattr(LocalProvisioner, "launch_kernel", local)
    monkeypatch.setattr(provisioner, "address_at_hand", lambda: "socket")
    monkeypatch.setattr(provisioner, "ask", ask)
    return told


@pytest.mark.parametrize(
    ("command", "how"),
    [
        (["/usr/bin/R", "--slave", "-e"], {}),
        (["/another/python", *LAUNCHER[1:]], {}),
        (LAUNCHER, {"independent": True}),
    ],
)
def test_a_kernel_that_is_none_of_ours_is_started_the_ordinary_way(
    command: list[str], how: dict[str, Any], asked: list[Any]
) -> None:
    asyncio.run(WarmProvisioner().launch_kernel(command, **how))
    assert asked == ["local"]


def test_its_output_goes_where_it_is_told_to(asked: list[Any], tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as file:
        asyncio.run(WarmProvisioner().launch_kernel(LAUNCHER, stdout=file, stderr=7))
        assert asked == [(["-f", "kernel.json"], [file.fileno(), 7])]


def test_a_manager_without_a_kernel_says_that_none_lives() -> None:
    assert not asyncio.run(RememberingManager().is_alive())
