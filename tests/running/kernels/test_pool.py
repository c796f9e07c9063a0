"""Calls in forked processes; what dies is called again in a spawned one."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import BrokenExecutor, CancelledError
from pathlib import Path

import pytest

from analysis.running.errors import RunError
from analysis.running.kernels import pool as pools
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.provisioner import NAME
from analysis.running.kernels.warm import WarmProcess, warm_up

pytestmark = pytest.mark.slow


def test_every_call_has_a_process_of_its_own(warm: WarmProcess) -> None:
    with WarmPool(2, warm) as pool:
        calls = [pool.submit(os.getpid) for _ in range(4)]
        assert len({call.result() for call in calls} | {os.getpid()}) == 5
        assert pool.submit(os.getcwd).result() == str(Path.cwd())
        pool.submit(os.chdir, "/").result()
        assert pool.submit(os.getcwd).result() == str(Path.cwd())


def test_an_exception_comes_back_with_where_it_was_raised(warm: WarmProcess) -> None:
    with WarmPool(1, warm) as pool:
        failed = pool.submit(int, "x").exception()
    assert isinstance(failed, ValueError) and "Traceback" in failed.__notes__[0]


def test_an_exception_with_arguments_of_its_own_comes_back(warm: WarmProcess) -> None:
    from analysis.running.export import export

    with WarmPool(1, warm) as pool:
        failed = pool.submit(export, "report.html", Path("/nowhere.ipynb"), Path("/nowhere")).exception()
        assert isinstance(failed, FileNotFoundError)
        assert str(RunError("什么", "怎么办")) == str(pool.submit(RunError, "什么", "怎么办").result())


def test_large_results_and_arguments_pass(warm: WarmProcess) -> None:
    text = "字" * 3_000_000
    with WarmPool(1, warm) as pool:
        assert pool.submit(str.upper, text).result() == text


def test_a_call_whose_process_dies_is_made_again_in_a_spawned_one(warm: WarmProcess, tmp_path: Path) -> None:
    program = f"import os, sys\nif os.getppid() == {warm.process.pid}: os.kill(os.getpid(), 9)\nopen({str(tmp_path / 'done')!r}, 'w')"
    with WarmPool(1, warm) as pool:
        pool.submit(exec, program).result()
    assert (tmp_path / "done").exists()


def test_calls_go_on_when_the_warm_process_is_killed() -> None:
    other = WarmProcess()
    with WarmPool(2, other) as pool:
        assert pool.submit(os.getppid).result() == other.process.pid
        other.process.kill()
        assert [call.result() for call in [pool.submit(abs, -n) for n in range(4)]] == [0, 1, 2, 3]
        assert pool.submit(os.getppid).result() == os.getpid()
    other.close()


def test_a_call_that_kills_the_spawned_process_too_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "warm_up", lambda: None)
    with WarmPool(1) as pool:
        assert isinstance(pool.submit(exec, "import os; os._exit(1)").exception(), BrokenExecutor)


def test_where_nothing_can_be_forked_a_spawned_process_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert warm_up() is None
    with WarmPool(1) as pool:
        assert pool.submit(os.getppid).result() == os.getpid()


def test_a_warm_process_that_fails_at_its_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pools.WarmPool.__init__.__globals__, "warm_up", lambda: failed)
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    failed = WarmProcess()
    monkeypatch.delenv("PYTHONHOME")
    with WarmPool(1) as pool:
        assert pool.submit(abs, -1).result() == 1
    failed.process.wait(30)
    assert failed.failure()
    failed.close()


@pytest.mark.parametrize("forks", [True, False])
def test_an_error_ends_the_calls_that_run(
    forks: bool, warm: WarmProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that run in the ordinary pool, where nothing can be forked."""
    fifo = tmp_path / "running"
    os.mkfifo(fifo)
    if not forks:
        monkeypatch.setattr(pools, "warm_up", lambda: None)
    with pytest.raises(KeyboardInterrupt), WarmPool(1, warm if forks else None) as pool:
        running = pool.submit(
            exec, f"import os, time\nopen({str(fifo)!r}, 'w').write(str(os.getpid()))\ntime.sleep(1000)"
        )
        waiting = pool.submit(abs, -1)
        pid = int(fifo.read_text())
        raise KeyboardInterrupt
    assert waiting.cancelled()
    with pytest.raises(CancelledError):
        running.result()
    assert gone(pid)


def gone(pid: int) -> bool:
    """Whether a process ends: looked for, since it is nobody's child here."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
    return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_takes_everything_along(how: signal.Signals) -> None:
    program = textwrap.dedent("""
        import os, sys
        from analysis.running.kernels.pool import WarmPool
        pool = WarmPool(1)
        pool.submit(os.getpid).result()
        pool.submit(exec, "import os, sys, time; os.write(1, f'{os.getpid()} {os.getppid()}\\\\n'.encode()); time.sleep(1000)")
        print(pool._warm.folder, file=sys.stderr, flush=True)
        sys.stdin.read()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None and run.stderr is not None
        call, warm = map(int, run.stdout.readline().split())
        folder = Path(run.stderr.readline().strip())
        run.send_signal(how)
        assert gone(call) and gone(warm)
    assert not folder.exists()


def test_the_provisioner_is_registered() -> None:
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    assert NAME in KernelProvisionerFactory.instance().provisioners
