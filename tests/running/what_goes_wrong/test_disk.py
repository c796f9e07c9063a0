"""A disk that is full, a folder that may not be written to, a file where a folder should be: told so, and nothing touched."""

import ctypes
import errno
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.cli import FAILED, errors, exit_code
from analysis.running import course
from analysis.running.broken_off import of_cell
from analysis.running.errors import RunError
from analysis.running.execute import Execution, Job
from analysis.running.publish import finish, unfinished

from .deaths import failing, in_a_child, watched
from .office import FIRST, SECOND, Office
from .test_killed_while_publishing import Scene

UNTOUCHED = "上一次的报告没有改动。"
FULL = OSError(errno.ENOSPC, "No space left on device")


def told(error: BaseException) -> str:
    return "\n".join(line for line, _ in errors.told(error))


def said_in_a_child(action: Callable[[], object], capfd: pytest.CaptureFixture[str]) -> str:
    """What the command line says of an action that fails in a process of its own."""

    def fails() -> None:
        try:
            action()
        except BaseException as error:
            print(told(error))
            return
        raise AssertionError("it did not fail")

    assert in_a_child(fails) == 0
    return capfd.readouterr().out


def test_a_full_disk_really(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    """No file of this process may grow beyond some kilobytes: the system refuses the write, as it does on a full disk."""
    office.edit()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
        office.run()

    said = said_in_a_child(limited, capfd)
    assert "磁盘满了，写不进去：" in said and f"{office.folder}" in said
    assert "请清理出空间再运行一次。上一次的报告没有改动。" in said
    assert office.whole() == FIRST
    office.run()
    assert office.whole() == SECOND


def test_a_disk_that_fills_up_at_any_write_of_publishing(tmp_path: Path) -> None:
    """Nothing was touched; or some files are where they belong, that is said, and the next start moves the others."""
    scene, ends = Scene(tmp_path), set()
    before = {path.relative_to(scene.origin): path for path in (scene.origin / "2021").rglob("*") if path.is_file()}
    for at in range(200):
        scene.fresh()
        try:
            watched(scene.publish, failing(at, OSError(*FULL.args)))
        except OSError as error:
            assert UNTOUCHED in told(error) and not unfinished(scene.report)
            now = {
                path.relative_to(scene.now)
                for path in scene.report.rglob("*")
                if path.is_file() and ".publishing" not in str(path)
            }
            assert now == before.keys()
            ends.add("untouched")
        except RunError as error:
            assert "没有换完：磁盘满了" in told(error) and UNTOUCHED not in told(error)
            assert "再运行一次会先接着换完" in told(error)
            scene.require_no_mix()
            finish(scene.report)
            scene.require_done()
            ends.add("begun")
        else:
            break
    assert ends == {"untouched", "begun"} and at > 20
    scene.require_done()


@pytest.mark.parametrize("step", ["2_indicators", "report.pdf"])
def test_a_disk_that_fills_up_in_a_stage(office: Office, step: str) -> None:
    office.edit()

    def full() -> None:
        raise OSError(*FULL.args)

    office.before[step] = full
    with pytest.raises(OSError) as failed:
        office.run()
    assert told(failed.value).endswith(f"磁盘满了，写不进去：{office.report}\n请清理出空间再运行一次。{UNTOUCHED}")
    assert office.whole() == FIRST


def test_a_full_disk_is_no_departments_fault(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken notebook costs its department the place in the draft; what the machine lacks ends the run."""
    office.edit()
    failure = of_cell("OSError", "[Errno 28] No space left on device: '/数据/登记注册科.parquet'")
    assert failure.error == "磁盘满了，写不进去：/数据/登记注册科.parquet" and failure.machine

    def execute(job: Job) -> Execution:
        job.output.write_text("{}", encoding="utf-8")
        return Execution(job.name, job.output, 0.0, failure.error, remedy=failure.remedy, machine=failure.machine)

    monkeypatch.setattr(course, "execute", execute)
    with pytest.raises(RunError) as failed:
        office.run()
    assert "1_ingest-登记注册科 没有运行完：磁盘满了，写不进去：/数据/登记注册科.parquet\n请清理出空间" in str(
        failed.value
    )
    assert office.whole() == FIRST


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[Errno 13] Permission denied: '/数据/a.parquet'", "没有权限读写，或者文件正被打开：/数据/a.parquet"),
        (
            "[WinError 32] 另一个程序正在使用此文件: 'C:\\\\数据\\\\a.xlsx'",
            "没有权限读写，或者文件正被打开：C:\\数据\\a.xlsx",
        ),
        ("[WinError 112] 磁盘空间不足。: 'D:\\\\a'", "磁盘满了，写不进去：D:\\a"),
        ("[Errno 28] Error writing bytes to file. Detail: [errno 28] No space left on device", "磁盘满了，写不进去"),
        ("[Errno 28] No space left on device: 'a' -> 'b'", "磁盘满了，写不进去：b"),
        ("[WinError 3] 系统找不到指定的路径。: 'D:\\\\a'", "没有这个文件或文件夹：D:\\a"),
        ("[Errno 30] Read-only file system: 'x'", "这个位置是只读的，不能写：x"),
        ("[Errno 36] File name too long: 'x'", "路径太长：x"),
    ],
)
def test_what_a_cell_says_of_the_system_is_told_in_chinese(text: str, said: str) -> None:
    assert of_cell("OSError", text).error == said


def test_a_folder_that_was_not_copied_whole_is_told() -> None:
    listed = [("a/x", "b/x", "[Errno 28] No space left on device: 'b/x'")]
    assert "磁盘满了，写不进去：b/x" in told(shutil.Error(listed))


def as_anyone() -> None:
    """Give up root's right to pass over permissions, as far as this process has it; they hold for everybody else."""

    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    libc = ctypes.CDLL(None, use_errno=True)
    none = (ctypes.c_uint32 * 6)()
    assert libc.capset(ctypes.byref(Header(0x20080522, 0)), ctypes.byref(none)) == 0, ctypes.get_errno()


@pytest.mark.parametrize("name", ["reports", "processed"])
def test_a_folder_that_may_not_be_written_to(office: Office, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    office.edit()
    folder = {"reports": office.report.parent, "processed": office.places.tables}[name]
    folder.chmod(0o555)

    def run() -> None:
        as_anyone()
        office.run()

    said = said_in_a_child(run, capfd)
    folder.chmod(0o755)
    assert f"没有权限读写，或者文件正被打开：{folder}" in said and UNTOUCHED in said
    assert office.whole() == FIRST and office.ran == []


def test_a_disk_that_is_read_only(office: Office) -> None:
    office.edit()

    def read_only(event: str, path: str) -> None:
        if path.startswith(str(office.folder)):
            raise OSError(errno.EROFS, "Read-only file system", path)

    with pytest.raises(OSError) as failed:
        watched(office.run, read_only)
    assert "这个位置是只读的，不能写：" in told(failed.value) and "用 --reports、--processed 指定" in told(failed.value)
    assert office.whole() == FIRST


def test_reports_that_is_a_file(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(office.folder / "reports")
    (office.folder / "reports").write_text("somebody saved a file under this name", encoding="utf-8")
    assert exit_code(["run", *office.options()]) == FAILED
    said = capsys.readouterr().err
    assert f"这里要的是文件夹，或者名称已被占用：{office.folder / 'reports'}" in said
