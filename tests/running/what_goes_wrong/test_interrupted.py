"""Ctrl-C, a service that is stopped, a terminal that is closed: the run ends in order, and the last report stays."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import cli
from analysis.running.publish import ASIDE

from .deaths import in_a_child, watched
from .office import FIRST, SECOND, Office

TOLD = {
    signal.SIGINT: "已中断。上一次的报告没有改动。再运行一次即可。",
    signal.SIGTERM: "被系统或别的程序要求结束。上一次的报告没有改动。再运行一次即可。",
    signal.SIGHUP: "终端关闭，已结束。上一次的报告没有改动。再运行一次即可。",
}
"""What is said, by what ends it."""


@pytest.fixture(autouse=True)
def _as_a_terminal_leaves_them() -> Iterator[None]:
    """The signals unignored: whoever starts the tests in the background has them start with Ctrl-C ignored."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run_command(office: Office, monkeypatch: pytest.MonkeyPatch) -> int:
    """The whole command in a process of its own, as the shell starts it."""
    monkeypatch.setattr("sys.argv", ["township-report", "run", *office.options()])
    return in_a_child(cli.main)


@pytest.mark.parametrize("number", TOLD)
def test_by_a_signal(
    office: Office, number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever has asked for the end sees that it was heeded: systemd takes that for a clean stop."""
    office.edit()
    office.before["3_report"] = lambda: os.kill(os.getpid(), number)
    code = run_command(office, monkeypatch)
    assert code == (cli.INTERRUPTED if number == signal.SIGINT else -number)
    said = capfd.readouterr()
    assert TOLD[number] in said.err and "Traceback" not in said.err
    assert office.whole() == FIRST
    assert not list(office.report.parent.glob(".*.run")) and not (office.report.parent / ".2021-03.holder").exists()


def test_under_nohup_a_closed_terminal_ends_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.edit()
    office.before["3_report"] = lambda: os.kill(os.getpid(), signal.SIGHUP)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run_command(office, monkeypatch) == cli.GAPS
    finally:
        signal.signal(signal.SIGHUP, before)
    assert office.whole() == SECOND


def test_ctrl_c_in_any_stage(office: Office) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    office.edit()
    for step in ("1_ingest-登记注册科", "2_indicators", "report.docx"):
        office.before = {step: interrupt}
        with pytest.raises(KeyboardInterrupt):
            office.run()
        assert office.whole() == FIRST, step
        assert not list(office.report.parent.glob(".*.run")), step
    office.run()
    assert office.whole() == SECOND


def test_while_the_files_take_their_places(office: Office) -> None:
    """These milliseconds are not interrupted: the new report is there when the message comes."""
    moved: list[str] = []

    def interrupt(event: str, path: str) -> None:
        if event == "os.rename" and ASIDE in path:
            moved.append(Path(path).name)
            os.kill(os.getpid(), signal.SIGINT)

    office.edit()
    watched(office.run, interrupt)
    assert office.whole() == SECOND and len(moved) > 8
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_reader_who_goes_away_ends_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """`township-report run … | head -1`: the exit code still says what came of it, here a draft."""
    office.edit()
    source, sink = os.pipe()
    os.close(source)

    def into_a_closed_pipe() -> None:
        os.dup2(sink, 1)
        cli.main()

    monkeypatch.setattr("sys.argv", ["township-report", "run", *office.options()])
    assert in_a_child(into_a_closed_pipe) == cli.GAPS
    os.close(sink)
    assert office.whole() == SECOND
