"""Two runs at once: the second is told who is at work; other periods and other commands go on; a killed one locks nobody out."""

import errno
import getpass
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from second_scheme import bureau

from analysis.cli import exit_code
from analysis.running.batch.model import Task
from analysis.running.batch.work import work
from analysis.running.county_copy import _copy_tables
from analysis.running.errors import RunError
from analysis.running.lock import alone, lock_file
from analysis.running.places import Places, places_of
from analysis.scheme import Period

from .office import FIRST, Office

HOLDS = """
import sys
from pathlib import Path
from analysis.running.lock import alone
from analysis.running.places import places_of
from analysis.scheme import Period
with alone(places_of(Path(sys.argv[1]), "qinghe", Period(2021))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return places_of(tmp_path, "qinghe", Period(2021))


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process


def test_a_second_run_is_told_to_wait(places: Places, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(RunError) as refused, alone(places):
        pass
    who = f"（{getpass.getuser()}，电脑 {socket.gethostname()}，进程 {holder.pid}，"
    assert f"qinghe 2021 正在另一处运行{who}" in str(refused.value)
    assert "请等它结束后再运行；上一次的报告没有改动。" in str(refused.value)
    with alone(places_of(places.root, "qinghe", Period(2021, 9))):  # another period is another run
        pass
    said = places.report.parent / ".2021.holder"
    for content in ('{"user": 1}', "[]", ""):  # a courtesy, no more
        said.write_text(content, encoding="utf-8")
        with pytest.raises(RunError, match="正在另一处运行\n"), alone(places):
            pass
    holder.communicate()
    with alone(places):
        pass


def test_a_killed_run_leaves_neither_lock_nor_what_it_had_staged(places: Places, holder: subprocess.Popen[str]) -> None:
    left, other, kept = (places.report.parent / name for name in (".x1y2.2021.run", ".z3.2021-09.run", "2021"))
    for folder in (left / "report", other, kept):
        folder.mkdir(parents=True)
    holder.kill()
    holder.communicate()
    with alone(places):
        assert not left.exists() and other.is_dir() and kept.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="there every disk knows locks")
@pytest.mark.parametrize("found", ["nothing", "the mark of a killed run"])
def test_a_disk_that_knows_no_locks_is_told(places: Places, monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    """filelock would take a file that is there for a lock, which locks everybody out once a run is killed."""
    import fcntl

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    if found != "nothing":
        lock_file(places).parent.mkdir(parents=True)
        lock_file(places).write_text(f"{os.getppid()}\n{socket.gethostname()}\n", encoding="utf-8")
    with pytest.raises(RunError, match="不支持加锁"), alone(places):
        pass


def test_other_commands_beside_a_run(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """A batch and a county don't take what is being made, and say so; looking at how things stand is always allowed."""
    office.edit()
    with alone(office.places):
        task = Task(str(office.folder), bureau.TOWN, "2021-03", scheme=str(office.places.scheme))
        outcome = work(task)
        assert outcome.ending == "failed" and "正在另一处运行" in outcome.reason
        with pytest.raises(RunError, match="正在另一处运行"):
            _copy_tables(office.places, True, office.places)
        code = exit_code(["status", *office.options()])
        assert code == 0
    assert office.whole() == FIRST
