"""Scheduled runs: a log each, how they end, never two at once, the last N kept."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from scheduled_office import Office

from analysis import cli
from analysis.cli import exit_code
from analysis.running import scheduled as package
from analysis.running.changes import files
from analysis.running.errors import BusyError, RunError
from analysis.running.interrupts import Stopped, end_in_order
from analysis.running.lock import alone
from analysis.running.places import places_of
from analysis.running.scheduled import StoppedError, child, kept, scheduled, worst
from analysis.running.scheduled.child import Say, TimeLimitError
from analysis.running.scheduled.hooks import text_of
from analysis.running.scheduled.runs import CODE_OF, CODES
from analysis.scheme import Period


def outcome(folder: Path) -> dict[str, object]:
    text = (folder / "outcome.json").read_text(encoding="utf-8")
    assert text.count("\n") == 1  # one line: `cat logs/*/*/*/outcome.json`
    return dict(json.loads(text))


def test_a_run_leaves_a_log_and_what_tells_of_it(office: Office) -> None:
    office.codes = [2]
    (ended,) = scheduled(office.asked(), office.run, office.said.append)
    assert list(office.asked_for[0]) == ["run", "--town", "qinghe", "--period", "2021-09"]
    (folder,) = office.kept()
    assert folder.name == "20211005-060001"
    log = (folder / "log.txt").read_text(encoding="utf-8")
    assert log.splitlines() == office.said  # what was said on the console, all of it
    assert "退出码会是 2" in log
    assert "qinghe 2021-09：草稿已生成（有缺项或错误），错误1条，疑问2条，缺数3处，欠报1个部门。" in log
    assert outcome(folder) == ended.as_json()
    assert (ended.state, ended.code, ended.unchanged) == ("gaps", 2, False)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == set(kept.WRITTEN)
    report = office.root / "reports/qinghe/2021-09/report.html"
    assert (folder / "changes.html").read_text(encoding="utf-8") == f'<a href="{report.as_uri()}#A01">查看</a>'


def test_the_pages_that_are_kept_are_those_of_a_run() -> None:
    assert (kept.PAGE, kept.REPORT_PAGE) == (files.PAGE, files.REPORT)


def test_nothing_new_is_told_and_takes_no_room(office: Office) -> None:
    scheduled(office.asked(), office.run, office.said.append)
    (ended,) = scheduled(office.asked(), lambda *_: 0, office.said.append)
    assert ended.unchanged and "没有变化" in ended.told()
    assert {path.name for path in office.kept()[1].iterdir()} == {"log.txt", "outcome.json"}


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [
        (0, "done", ""),
        (2, "gaps", ""),
        (1, "failed", "原因和办法见日志"),
        (3, "skipped", "同一乡镇、同一报告期正在另一处运行"),
        (130, "failed", "退出码 130"),
        (-signal.SIGKILL, "failed", "运行被系统中止（SIGKILL），可能是内存不够"),
    ],
)
def test_endings(code: int, state: str, reason: str, office: Office) -> None:
    office.codes = [code]
    (ended,) = scheduled(office.asked(), office.run, office.said.append)
    assert (ended.state, ended.reason) == (state, reason)
    assert outcome(office.kept()[0])["outcome"] == state


def test_the_codes_are_those_of_the_commands() -> None:
    assert CODES == {cli.DONE: "done", cli.FAILED: "failed", cli.GAPS: "gaps", cli.SKIPPED: "skipped"}


def test_one_town_stops_no_other_and_the_worst_is_told(office: Office) -> None:
    for codes, expected in (([1, 0], 1), ([0, 2], 2), ([3, 0], 0), ([3, 3], 3), ([2, 1], 1)):
        office.codes = list(codes)
        ended = scheduled(office.asked("qinghe", "白云"), office.run, office.said.append)
        assert [one.code for one in ended] == codes
        assert CODE_OF[worst(ended)] == expected


def test_a_second_scheduled_run_leaves_the_first_alone(office: Office) -> None:
    inner: list[package.Outcome] = []

    def meanwhile(arguments: object, root: Path, say: Say) -> int:
        inner.extend(scheduled(office.asked(), office.run, office.said.append))
        return 0

    (ended,) = scheduled(office.asked(), meanwhile, office.said.append)
    assert ended.state == "done"
    assert [one.state for one in inner] == ["skipped"] and not office.asked_for
    assert "正在另一处运行" in (office.kept()[1] / "log.txt").read_text(encoding="utf-8")
    (again,) = scheduled(office.asked(), office.run, office.said.append)
    assert again.state == "done"


def test_a_run_while_another_is_on_its_way_has_a_code_of_its_own(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = places_of(root, "qinghe", Period(2021, 9), reports=tmp_path)
    with alone(places), pytest.raises(BusyError), alone(places):
        pass
    with pytest.MonkeyPatch.context() as patch:

        def busy(*_: object) -> None:
            raise BusyError("qinghe 2021-09 正在另一处运行")

        patch.setattr("analysis.running.unchanged.unchanged", busy)
        assert exit_code(["run", "--town", "qinghe", "--period", "2021-09"]) == cli.SKIPPED
    assert "正在另一处运行" in capsys.readouterr().err


def test_a_killed_run_is_told_by_the_next(office: Office) -> None:
    def dies(*_: object) -> int:
        raise SystemError  # as if the power went: nothing more is written

    with pytest.raises(SystemError):
        scheduled(office.asked(), dies, office.said.append)
    assert outcome(office.kept()[0])["outcome"] == "running"
    scheduled(office.asked(), office.run, office.said.append)
    assert "开始的那一次没有结束" in (office.kept()[1] / "log.txt").read_text(encoding="utf-8")
    assert outcome(office.kept()[0])["outcome"] == "failed"
    scheduled(office.asked(), office.run, office.said.append)
    assert "没有结束" not in (office.kept()[2] / "log.txt").read_text(encoding="utf-8")


def test_ctrl_c_is_in_the_log(office: Office) -> None:
    def stopped(*_: object) -> int:
        raise KeyboardInterrupt

    def then_stopped(arguments: Sequence[str], root: Path, say: Say) -> int:
        return office.run(arguments, root, say) if "白云" in arguments else stopped()

    with pytest.raises(KeyboardInterrupt) as error:
        scheduled(office.asked("白云", "qinghe"), then_stopped, office.said.append)
    assert outcome(office.kept()[0])["reason"] == "被中断"
    assert isinstance(error.value, StoppedError)  # so that those who want to know are told
    assert [one.state for one in error.value.outcomes] == ["done", "failed"]


def test_the_last_runs_are_kept_and_nothing_of_others_is_deleted(office: Office) -> None:
    period = office.logs / "qinghe" / "2021-09"
    for _ in range(3):
        scheduled(office.asked(), office.run, office.said.append)
    first, *_ = office.kept()
    (first / "备注.txt").write_text("王", encoding="utf-8")
    own, other = period / "20200101-000000", period / "备份"
    for folder in (own, other):
        folder.mkdir()
        (folder / "log.txt").write_text("手工放的", encoding="utf-8")
    (own / "outcome.json").write_text('{"program": "别的程序", "outcome": "done"}', encoding="utf-8")
    elsewhere = office.root / "另存" / "outcome.json"
    elsewhere.parent.mkdir()
    elsewhere.write_text('{"program": "township-report", "outcome": "done"}', encoding="utf-8")
    (period / "20190101-000000").symlink_to(elsewhere.parent)
    office.codes = [3]
    scheduled(office.asked(keep=2), office.run, office.said.append)  # what did not run pushes nothing out
    others = (own, period / "20190101-000000")
    left = [path.name for path in office.kept() if (path / "outcome.json").is_file() and path not in others]
    assert len(left) == 3 and left[-1] == office.kept()[-2].name
    assert [path.name for path in first.iterdir()] == ["备注.txt"]
    assert elsewhere.is_file() and (own / "log.txt").is_file() and (other / "log.txt").is_file()
    assert (office.root / "reports/qinghe/2021-09/run.json").is_file()
    for _ in range(2):
        scheduled(office.asked(keep=2), office.run, office.said.append)
    runs = [path for path in office.kept() if (path / "outcome.json").is_file() and path not in others]
    assert [outcome(path)["outcome"] for path in runs] == ["done", "done"]


def test_of_a_report_without_its_page_the_rest_is_kept(tmp_path: Path) -> None:
    report = tmp_path / "report"
    report.mkdir()
    (report / files.MANIFEST).write_text("{}", encoding="utf-8")
    of_run = kept.Kept(tmp_path / "logs", datetime.now().astimezone(), "qinghe", "2021")
    of_run.take(report)
    of_run.log.close()
    assert {path.name for path in of_run.folder.iterdir()} == {kept.LOG, kept.OUTCOME, files.MANIFEST}


def test_two_runs_in_the_same_second_have_a_log_each(office: Office) -> None:
    clock = office.clock
    for _ in range(11):
        office.clock = clock
        scheduled(office.asked(keep=2), office.run, office.said.append)
    names = {path.name for path in office.kept()}
    assert names == {"20211005-060001-10", "20211005-060001-11"}  # the tenth is not before the second


def test_a_clock_that_was_set_back_costs_no_log(office: Office) -> None:
    scheduled(office.asked(keep=1), office.run, office.said.append)
    office.clock -= timedelta(days=1)
    (ended,) = scheduled(office.asked(keep=1), office.run, office.said.append)
    assert ended.log is not None and ended.log.is_file()


def test_nothing_due_is_told(office: Office) -> None:
    (ended,) = scheduled(office.asked(today="2022-08-05"), office.run, office.said.append)
    assert (ended.state, ended.period) == ("skipped", "") and not office.asked_for
    assert "现有 2021-09；要运行更早的，用 --period 指定" in ended.reason
    assert office.kept(period="not-due")


def test_a_log_that_cannot_be_written_is_a_failure_of_its_town_alone(office: Office) -> None:
    (office.logs).mkdir()
    (office.logs / "qinghe").write_text("不是文件夹", encoding="utf-8")
    ended = scheduled(office.asked("qinghe", "白云"), office.run, office.said.append)
    assert [one.state for one in ended] == ["failed", "done"]
    assert ended[0].reason.startswith(f"日志写不进 {office.logs}")


def test_a_township_that_cannot_be_read_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(folder: Path) -> list[Period]:
        if folder.name == "qinghe":
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return [Period(2021, 9)]

    monkeypatch.setattr("analysis.running.scheduled.runs.periods_of", refused)
    ended = scheduled(office.asked("qinghe", "白云"), office.run, office.said.append)
    assert [one.state for one in ended] == ["failed", "done"]
    assert ended[0].reason.startswith(f"没有权限读写，或者文件正被打开：{office.root / 'data' / 'raw' / 'qinghe'}")
    assert "日志" not in ended[0].reason


def test_a_run_that_cannot_be_started_is_told_in_its_log(office: Office) -> None:
    def no_memory(*_: object) -> int:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    (ended,) = scheduled(office.asked(), no_memory, office.said.append)
    assert (ended.state, ended.reason) == ("failed", "运行没有启动：Cannot allocate memory")
    assert outcome(office.kept()[0])["outcome"] == "failed"


def test_a_disk_that_fills_up_after_the_run_changes_nothing_of_how_it_ended(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for part in ("take", "close"):
        monkeypatch.setattr(kept.Kept, part, full)
    (ended,) = scheduled(office.asked(), office.run, office.said.append)
    assert (ended.state, ended.counts["errors"]) == ("done", 1)
    assert office.said.count(f"日志写不进 {office.logs}：磁盘满了，写不进去") == 2


def test_a_disk_without_locks_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(file: Path) -> None:
        raise RunError(f"{file.parent} 所在的磁盘不支持加锁", "")

    monkeypatch.setattr("analysis.running.scheduled.runs.taken", no_locks)
    (ended,) = scheduled(office.asked(), office.run, office.said.append)
    assert ended.state == "failed" and "不支持加锁" in ended.reason and not office.asked_for


# ---- the process -------------------------------------------------------------------------------------------------


def test_the_process_says_what_the_command_says_and_gives_its_code(root: Path) -> None:
    lines: list[str] = []
    assert child.run(["run", "--town", "a/b", "--period", "2021"], root, lines.append, 60) == cli.FAILED
    assert any("a/b" in line for line in lines)


def test_a_run_that_takes_too_long_is_ended_with_its_children(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for the command: it starts a process of its own, says its number, and waits until it is asked to end."""
    folder = tmp_path / "analysis" / "cli"
    folder.mkdir(parents=True)
    (tmp_path / "analysis" / "__init__.py").touch()
    (folder / "__init__.py").touch()
    waits = "import os, signal, subprocess, sys\n"
    # Not by `print`: the signal may come while the number is still being printed, and that can't be entered twice.
    waits += "signal.signal(signal.SIGTERM, lambda *_: sys.exit(os.write(1, b'in order\\n') * 0))\n"
    waits += "p = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1, stderr=-3)\nprint(p.pid)\np.wait()\n"
    (folder / "__main__.py").write_text(waits, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    lines: list[str] = []
    begun, wait, limit = threading.Event(), subprocess.Popen.wait, 3600

    def said(line: str) -> None:
        lines.append(line)
        begun.set()

    def over(process: "subprocess.Popen[str]", timeout: float | None = None) -> int:
        """The time is over once both processes are there."""
        if timeout != limit:
            return wait(process, timeout)
        assert begun.wait(60)
        raise subprocess.TimeoutExpired("run", timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", over)
    with pytest.raises(TimeLimitError, match="运行超过 60 分钟，已结束"):
        child.run(["run"], root, said, limit)
    assert lines[1:] == ["in order"]
    pid = int(lines[0])
    stat = Path(f"/proc/{pid}/stat")
    assert not stat.exists() or stat.read_text().split()[2] == "Z"
    assert pid != os.getpid()


# ---- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def within(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(office.root)
    monkeypatch.setattr("analysis.running.scheduled.child.runner", lambda _limit: office.run)
    return office


def test_the_command_runs_every_town(within: Office, capsys: pytest.CaptureFixture[str]) -> None:
    within.codes = [0, 2]
    assert exit_code(["scheduled", "--period", "2021-09", "--json"]) == cli.GAPS
    told = capsys.readouterr()
    assert [(one["town"], one["outcome"]) for one in json.loads(told.out)] == [("qinghe", "done"), ("白云", "gaps")]
    assert "退出码会是 2" in told.err
    assert list(within.asked_for[1][:5]) == ["run", "--town", "白云", "--period", "2021-09"]
    assert f"--raw {within.root / 'data' / 'raw'}" in " ".join(within.asked_for[1])


def test_a_town_that_is_not_there_is_told(within: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["scheduled", "--town", "qinhe"]) == cli.FAILED
    assert "没有qinhe。现有：qinghe、白云" in capsys.readouterr().err


def test_a_dry_run_runs_nothing(within: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["scheduled", "--dry-run", "--town", "qinghe", "--period", "2021-09"]) == cli.DONE
    assert "qinghe：会运行 2021-09，上报表在" in capsys.readouterr().out
    assert exit_code(["scheduled", "--dry-run", "--json"]) == cli.SKIPPED  # 2021 is long past
    assert [one["period"] for one in json.loads(capsys.readouterr().out)] == ["", ""]
    assert not within.asked_for and not within.logs.exists()


def test_a_hook_that_fails_changes_nothing_but_the_log(within: Office, capsys: pytest.CaptureFixture[str]) -> None:
    text = '[webhook]\nurl = "http://127.0.0.1:9/geheim"\ntries = 1\n'  # the port of discard: nobody listens
    (within.root / "data" / "schedule.toml").write_text(f"keep = 1\n{text}", encoding="utf-8")
    for _ in range(2):
        assert exit_code(["scheduled", "--town", "qinghe", "--period", "2021-09"]) == cli.DONE
    assert "通知没有发出（webhook 127.0.0.1）：连不上" in capsys.readouterr().out
    (folder,) = within.kept()
    log = (folder / "log.txt").read_text(encoding="utf-8")
    assert "通知没有发出" in log.splitlines()[-1] and "geheim" not in log
    assert exit_code(["scheduled", "--try-hooks"]) == cli.FAILED


def test_who_wants_to_know_is_told_of_a_run_that_was_stopped(within: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def stopped(*_: object) -> int:
        os.kill(os.getpid(), signal.SIGTERM)  # as systemd and a shutdown do
        return 0

    monkeypatch.setattr("analysis.running.scheduled.child.runner", lambda _limit: stopped)
    monkeypatch.setattr(
        "analysis.running.scheduled.hooks.tell", lambda _, outcomes: told.extend(one.reason for one in outcomes) or []
    )
    monkeypatch.setattr(Stopped, "number", None)
    before = signal.getsignal(signal.SIGTERM)
    end_in_order()  # as the command does before anything else
    try:
        assert exit_code(["scheduled", "--town", "qinghe", "--period", "2021-09"]) == cli.INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == ["被中断"] and Stopped.number == signal.SIGTERM
    assert outcome(within.kept()[0])["outcome"] == "failed"


@pytest.mark.skipif(sys.platform == "win32", reason="no such name there")
def test_a_folder_that_can_be_no_town_stops_no_other(office: Office) -> None:
    odd, good = scheduled(office.asked("清\n河", "qinghe"), office.run, office.said.append)
    assert (odd.state, good.state) == ("failed", "done")
    assert "应当是文件夹名或文件名，不能是路径" in odd.reason
    assert "\n" not in text_of([odd], False)[0]


def test_a_lock_left_behind_is_no_lock(office: Office) -> None:
    (office.logs / "qinghe").mkdir(parents=True)
    (office.logs / "qinghe" / ".2021-09.lock").touch()
    (ended,) = scheduled(office.asked(), office.run, office.said.append)
    assert ended.state == "done"
    with FileLock(office.logs / "qinghe" / ".2021-09.lock", timeout=0):
        pass
