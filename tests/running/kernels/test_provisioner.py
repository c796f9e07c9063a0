"""A forked kernel does what an ordinary one does, whatever happens to it."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.running.kernels.provisioner import ForkedProcess
from analysis.running.kernels.warm import ADDRESS, WarmProcess
from analysis.running.kernels.wire import Request, WarmError, ask

BOTH = pytest.mark.parametrize("provisioner", ["warm", "local"])
pytestmark = pytest.mark.slow


def ended(pid: int) -> bool:
    """Whether a process is gone or only waits to be reaped; blocks until it is."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        import select

        return bool(select.select([watched], [], [], 30)[0])
    finally:
        os.close(watched)


def test_the_kernel_is_forked_from_the_warm_process(start: Callable, warm: WarmProcess) -> None:
    first, second = start("warm"), start("warm")
    assert first.served == second.served == "warm"
    for kernel in (first, second):
        assert isinstance(kernel.process, ForkedProcess)
        assert kernel.run("import os; print(os.getpid(), os.getppid())") == f"{kernel.pid} {warm.process.pid}"
    first.run("mine = 1")
    assert second.run("mine") == "NameError"


def test_no_signal_reaches_who_has_got_the_number_of_a_kernel_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, number: sent.append(number))
    ours, warm = socket.socketpair()
    process = ForkedProcess(ours, 4711)
    process.terminate()
    warm.sendall(b'{"exit": 0}\n')
    process.kill()
    warm.close()
    assert sent == [signal.SIGTERM] and process.returncode == 0


SURROUNDINGS = """
import asyncio, json, locale, os, signal, sys, threading, warnings
import matplotlib, matplotlib.pyplot as plt, pandas as pd, numpy as np, pandera.pandas
mine = ("JPY_PARENT_PID",)
print(json.dumps({
    "env": {k: v for k, v in os.environ.items() if k not in mine},
    "cwd": os.getcwd(),
    "argv": sys.argv[:2],
    "path": sys.path,
    "flags": str(sys.flags),
    "main": sys.modules["__main__"].__name__,
    "signals": {s.name: str(signal.getsignal(s)).split(" at ")[0] for s in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)},
    "mask": len(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "group": os.getpgid(0) == os.getpid() == os.getsid(0),
    "stdin": sys.stdin is not None,
    "encoding": [sys.stdout.encoding, locale.getlocale()],
    "backend": matplotlib.get_backend(),
    "rc": {k: repr(v) for k, v in matplotlib.rcParams.items() if not k.startswith("_")},
    "figures": plt.get_fignums(),
    "pandas": [pd.get_option(n) for n in ("display.max_columns", "display.width", "display.max_rows")],
    "numpy": np.get_printoptions(),
    "parent": os.getppid() > 1,
}, default=str, sort_keys=True))
"""


def test_the_surroundings_are_those_of_an_ordinary_kernel(start: Callable, tmp_path: Path) -> None:
    env = {**os.environ, "TZ": "Asia/Shanghai", "ONLY_HERE": "1"}
    warm, local = (json.loads(start(p, env=env, cwd=str(tmp_path)).run(SURROUNDINGS)) for p in ("warm", "local"))
    assert warm["env"].pop("ONLY_HERE") == local["env"].pop("ONLY_HERE")
    assert ADDRESS not in warm["env"] and local["env"].pop(ADDRESS)  # ours keeps it to itself
    for part, found in local.items():
        assert warm[part] == found, part


def test_time_zone_and_random_numbers_are_its_own(start: Callable) -> None:
    draw = "import random, numpy as np; print(random.random(), np.random.random(), __import__('time').strftime('%z'))"
    env = {**os.environ, "TZ": "Asia/Shanghai"}
    one, two = (
        start("warm", env=env).run(draw).split(),
        start("warm", env={**os.environ, "TZ": "UTC"}).run(draw).split(),
    )
    assert one[0] != two[0] and one[1] != two[1]
    assert (one[2], two[2]) == ("+0800", "+0000")


@BOTH
def test_an_interrupt_stops_the_cell_and_not_the_kernel(start: Callable, provisioner: str) -> None:
    kernel = start(provisioner)
    told = kernel.tell("import time\nprint('on', flush=True)\ntime.sleep(1000)")
    kernel.manager.interrupt_kernel()
    assert kernel.reply(told) == "KeyboardInterrupt"
    assert kernel.run("print(6 * 7)") == "42"
    assert kernel.manager.is_alive()


@BOTH
@pytest.mark.parametrize(
    ("last", "code"),
    [
        ("import os; os._exit(3)", 3),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            -signal.SIGKILL,
        ),  # as the kernel does without memory
        ("exit()", 0),
    ],
)
def test_the_end_of_a_kernel_is_told(start: Callable, provisioner: str, last: str, code: int) -> None:
    kernel = start(provisioner)
    kernel.client.execute(last)
    assert kernel.process.wait(30) == code
    assert kernel.process.poll() == code
    assert not kernel.manager.is_alive()


@BOTH
def test_a_kernel_that_ignores_signals_is_killed_with_what_it_started(start: Callable, provisioner: str) -> None:
    kernel = start(provisioner)
    child = int(
        kernel.run(
            "import signal, subprocess; [signal.signal(s, signal.SIG_IGN) for s in (signal.SIGINT, signal.SIGTERM)]\n"
            "p = subprocess.Popen(['sleep', '1000']); print(p.pid)"
        )
    )
    pid = kernel.pid
    kernel.manager.shutdown_kernel(now=True)
    assert ended(pid) and ended(child)


@BOTH
def test_a_kernel_is_restarted(start: Callable, provisioner: str) -> None:
    kernel = start(provisioner)
    kernel.run("kept = 1")
    before = kernel.pid
    kernel.manager.restart_kernel(now=False)
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.run("kept") == "NameError"
    assert kernel.pid != before and ended(before)


@BOTH
def test_out_of_memory_is_an_error_in_the_cell(start: Callable, provisioner: str) -> None:
    kernel = start(provisioner)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))"
    assert kernel.run(f"{limit}\nb = bytearray(8 << 30)") == "MemoryError"
    assert kernel.run("print('on')") == "on"


def test_a_manager_killed_takes_its_kernel_along(warm: WarmProcess) -> None:
    program = textwrap.dedent(f"""
        import os, sys
        from analysis.running.kernels.wire import Request, ask
        request = Request("kernel", [], dict(os.environ), os.getcwd())
        life, pid = ask({warm.address!r}, request, [1, 2])
        print(pid, flush=True)
        sys.stdin.read()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as manager:
        assert manager.stdout is not None
        pid = int(manager.stdout.readline())
        assert pid != manager.pid
        manager.kill()
        assert ended(pid)


def test_the_warm_process_killed_takes_kernels_along_and_the_ordinary_provisioner_serves(
    start: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = WarmProcess()
    monkeypatch.setenv(ADDRESS, other.address)
    kernel = start("warm")
    assert kernel.served == "warm" and int(kernel.run("import os; print(os.getppid())")) == other.process.pid
    pid = kernel.pid
    other.process.kill()
    assert ended(pid)
    assert kernel.process.wait(30) == -signal.SIGKILL
    assert not kernel.manager.is_alive()
    next_one = start("warm")
    assert next_one.served == "local" and next_one.run("print(1)") == "1"
    other.close()


@pytest.mark.parametrize("why", ["PYTHONHASHSEED", "matplotlibrc", "no such interpreter setting"])
def test_what_was_read_before_the_fork_has_to_be_the_same(start: Callable, tmp_path: Path, why: str) -> None:
    env = dict(os.environ)
    if why == "PYTHONHASHSEED":
        env[why] = "7"
    if why == "matplotlibrc":
        (tmp_path / why).write_text("lines.linewidth: 9\n", encoding="utf-8")
    kernel = start("warm", env=env, cwd=str(tmp_path))
    assert kernel.served == ("warm" if why.startswith("no such") else "local")
    if why == "matplotlibrc":
        assert kernel.run("import matplotlib; print(matplotlib.rcParams['lines.linewidth'])") == "9.0"


def test_nobody_else_can_ask_for_a_fork(start: Callable, warm: WarmProcess) -> None:
    assert stat.S_IMODE(warm.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(warm.address).stat().st_mode) == 0o600
    kernel = start("warm")
    assert stat.S_IMODE(Path(kernel.manager.connection_file).stat().st_mode) == 0o600
    assert ADDRESS not in kernel.run("import os; print(list(os.environ))")
    if os.getuid() == 0:
        program = f"import os, socket; os.setuid(65534); socket.socket(socket.AF_UNIX).connect({warm.address!r})"
        refused = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert "PermissionError" in refused.stderr


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x00",
        b"\xff" * 8,
        b"\x00\x00\x00\x02\x00\x00\x00\x00{]",
        b"\x00\x00\x00\x02\x00\x00\x00\x00{}",
        b"\x00\x00\x00\x09\x00\x00\x00\x00{",
    ],
)
def test_nonsense_is_refused_and_does_not_stop_it(warm: WarmProcess, sent: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(warm.address)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        said = connection.recv(1000)
        assert b"refused" in said
    with pytest.raises(WarmError, match="not such a request"):
        ask(warm.address, Request("call", [], dict(os.environ), "/"), [1, 2])
    assert warm.alive()
