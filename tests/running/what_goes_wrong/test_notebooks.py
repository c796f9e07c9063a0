"""A notebook that hangs, that eats memory, whose kernel or warm process is killed: told with its cell, and what to do."""

import errno
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.running import course
from analysis.running.broken_off import Clock, failure_of, of_cell
from analysis.running.errors import RunError
from analysis.running.execute import FAILED, Execution, Job, _provisioner, execute, failed
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.warm import ADDRESS, WarmProcess
from analysis.running.manifest import read_manifest
from analysis.running.record import facts_of

from .office import FIRST, Office

KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
SECOND_S = 1 / 60
HANGS = """
import ctypes, os, signal
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
ctypes.PyDLL(None).pause()  # in native code, which holds the interpreter's lock
"""
SLOW = "while True: pass"


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmProcess]:
    warm = WarmProcess()
    with WarmPool(1, warm) as pool:
        assert pool.submit(abs, -1).result() == 1
    yield warm
    warm.close()


@pytest.fixture(autouse=True)
def _in_warm_kernels(warm: WarmProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, warm.address)


def job_of(folder: Path, *cells: str, minutes: float = 1.0) -> Job:
    notebook = new_notebook(cells=[new_markdown_cell("# 说明"), *map(new_code_cell, cells)], metadata=KERNEL)
    nbformat.write(notebook, folder / "笔记本.ipynb")
    return Job("3_report", folder / "笔记本.ipynb", {}, folder / "out" / "3_report.ipynb", folder, minutes)


@pytest.mark.parametrize("source", [SLOW, HANGS], ids=["in Python", "in native code that heeds no signal"])
def test_one_that_hangs_is_stopped_and_kept(tmp_path: Path, source: str) -> None:
    pid = "import os; print(os.getpid(), flush=True)"
    executed = execute(job_of(tmp_path, pid, "\n" + source.strip(), "print('never')", minutes=SECOND_S))
    first = source.strip().splitlines()[0]
    assert executed.error == f"运行了{SECOND_S:g}分钟还没有结束，已经停止；停在第2个代码单元（{first}）。"
    assert "用 --timeout 放宽" in executed.remedy and not executed.machine
    remedy = failed(executed, tmp_path).remedy
    kept = tmp_path / f"3_report{FAILED}"
    assert f"出错的笔记本在 {kept}" in remedy and executed.remedy in remedy
    cells = json.loads(kept.read_text(encoding="utf-8"))["cells"]
    number = int("".join(cells[1]["outputs"][0]["text"]))
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_one_whose_kernel_is_killed(tmp_path: Path) -> None:
    """As the system does when memory runs out: it is to take the kernel before anything else."""
    adjusted = "print(open('/proc/self/oom_score_adj').read())"
    executed = execute(job_of(tmp_path, adjusted, "import os; os.kill(os.getpid(), 9)"))
    assert executed.provisioner == "warm"
    assert executed.error is not None and executed.error.startswith(
        "内核被系统强行结束了，多半是内存不够；停在第2个代码单元"
    )
    assert "用 --workers 1 少开几个" in executed.remedy
    assert "800" in executed.path.read_text(encoding="utf-8")


def test_one_whose_kernel_crashes(tmp_path: Path) -> None:
    executed = execute(job_of(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"))
    assert executed.error is not None and "内核自己退出了（信号 SIGSEGV），多半是程序库崩溃" in executed.error
    assert "township-report doctor" in executed.remedy


def test_one_whose_warm_process_is_killed_is_executed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = WarmProcess()
    monkeypatch.setenv(ADDRESS, other.address)
    dies = f"import os, signal\nif os.getppid() == {other.process.pid}: os.kill({other.process.pid}, 9); signal.pause()"
    with WarmPool(1, other) as pool:
        executed = pool.submit(execute, job_of(tmp_path, dies, "print('on')")).result()
    other.close()
    assert executed.provisioner == "local" and executed.error is None
    assert "on" in executed.path.read_text(encoding="utf-8")


def test_out_of_memory_in_a_cell_is_told() -> None:
    numpy = of_cell("_ArrayMemoryError", "Unable to allocate 745. GiB for an array")
    assert numpy.error == "内存不够（Unable to allocate 745. GiB for an array）。" and "--workers 1" in numpy.remedy
    assert of_cell("MemoryError", "").error == "内存不够（MemoryError）。"
    assert failure_of(MemoryError(), Clock(1), []).error == "内存不够。"


def test_only_the_system_itself_tells_of_the_machine() -> None:
    """A return that quotes the system's words stops its own department only."""
    full = of_cell("OSError", "[Errno 28] No space left on device: '/x'")
    assert full.machine and full.error == "磁盘满了，写不进去：/x"
    assert not of_cell("ValueError", "“[Errno 28] No space left on device: '/x'”不是数").machine


def test_a_kernel_that_never_starts_is_told() -> None:
    never = failure_of(RuntimeError("Kernel didn't respond in 120 seconds"), Clock(1), [])
    assert never.machine and never.error == "内核没有启动，多半是电脑太忙，或者内存不够。"


@pytest.mark.parametrize(
    ("error", "told", "machine"),
    [
        (OSError(errno.ENOSPC, "full", "1_ingest.ipynb"), "磁盘满了，写不进去：1_ingest.ipynb", True),
        (OSError("in its own words"), "OSError：in its own words", False),
        (KeyError("cells"), "KeyError：'cells'", False),
    ],
)
def test_what_stops_it_outside_its_cells_is_told(error: Exception, told: str, machine: bool) -> None:
    failure = failure_of(error, Clock(1), [])
    assert (failure.error, failure.machine) == (told, machine)


def test_a_cell_counts_once_however_often_its_time_is_asked_for() -> None:
    clock, cells = Clock(1), [new_code_cell("a = 1"), new_code_cell("\nb = 2")]
    for cell in (cells[0], cells[0], cells[1]):
        clock.left(cell)
    assert clock.cell == "停在第2个代码单元（b = 2）"


def test_an_exit_of_the_kernel_is_told() -> None:
    from nbclient.exceptions import DeadKernelError

    assert "内核自己退出了（退出码 1）" in (failure_of(DeadKernelError("Kernel died"), Clock(1), [1]).error or "")


def test_a_report_notebook_that_shows_no_report_is_told(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_code_cell("1", outputs=[])]), tmp_path / "3_report.ipynb")
    with pytest.raises(RunError, match="3_report 没有给出报告"):
        facts_of(tmp_path / "3_report.ipynb")


def test_where_every_department_fails_no_return_is_to_blame(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "execute", lambda job: Execution(job.name, job.output, 1.0, "没有 pandas 这个软件包"))
    with pytest.raises(RunError, match=r"1_ingest-\S+ 没有运行完：没有 pandas 这个软件包"):
        office.run(force=True)
    assert office.whole() == FIRST


@pytest.mark.parametrize(("step", "others"), [("1_ingest-登记注册科", True), ("2_indicators", False)])
def test_what_a_run_makes_of_it(office: Office, step: str, others: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One department's return never stops the others; without a later stage there is no report."""
    run, stopped = course.execute, f"运行了30分钟还没有结束，已经停止；停在第{signal.SIGINT}个代码单元（x）。"

    def execute(job: Job) -> Execution:
        executed = run(job)
        return executed if job.name != step else Execution(job.name, job.output, 1800.0, stopped)

    monkeypatch.setattr(course, "execute", execute)
    office.edit()
    if others:
        finished = office.run()
        assert finished.draft and read_manifest(office.report)["owed"] == ["登记注册科"]
        (finding,) = (row for row in finished.findings.to_dict("records") if row["check"] == "refused")
        assert stopped in finding["message"] and "请重新运行一次" in finding["remedy"]
        assert (office.report / "notebooks" / f"{step}.ipynb").is_file()
        return
    with pytest.raises(RunError, match="2_indicators 没有运行完：运行了30分钟还没有结束"):
        office.run()
    assert (office.places.tables / f"{step}{FAILED}").is_file() and office.whole() == FIRST
    monkeypatch.setattr(course, "execute", run)
    office.run()
    assert not (office.places.tables / f"{step}{FAILED}").exists()


def test_where_its_entry_point_is_not_installed_the_ordinary_kernels_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.running.kernels.provisioner.NAME", "nowhere")
    factory = KernelProvisionerFactory.instance()
    usual = factory.default_provisioner_name
    with _provisioner(warm=True):
        assert factory.default_provisioner_name == usual
