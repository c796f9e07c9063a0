"""Killed between the stages, or with a table, a notebook or a receipt half written: the report is the last one, and whole."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.cli import exit_code
from analysis.intake.whole import UNFINISHED, require_whole
from analysis.running.county_copy import _copy_tables
from analysis.running.lock import FINISHED
from analysis.running.publish import ASIDE, NOTE
from analysis.running.status import remarks, rows, standings
from analysis.running.unchanged import unchanged
from analysis.scheme import read_scheme

from .deaths import Hook, in_a_child, watched
from .office import FIRST, SECOND, STEPS, Office


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leaves_the_last_report(office: Office) -> None:
    office.before.clear()  # only the child is to die
    assert office.whole() == FIRST
    office.run()
    assert office.whole() == SECOND
    hidden = {path.name for path in office.folder.rglob(".*") if path.is_file()}
    assert hidden <= {".2021-03.lock"}, hidden
    assert not list(office.report.parent.glob(".*.run")) and not (office.report / NOTE).exists()


def test_between_any_two_stages(office: Office) -> None:
    office.edit()
    for step in STEPS:
        office.before = {step: die}
        assert in_a_child(office.run) == -signal.SIGKILL
        assert office.whole() == FIRST, step
    leaves_the_last_report(office)


HALVES = (
    "登记注册科.findings.parquet",
    "problems.parquet",
    "执法稽查科.html",
    "2_indicators.ipynb",
    "report.html",
    "run.json",
)


def with_half_of(name: str) -> Hook:
    """Dies with half of a file written: the one of that name, or the one beside its place that becomes it.

    What pyarrow opens is not told; so the file beside is cut before it is moved.
    """

    def hook(event: str, path: str) -> None:
        if event in ("open", "os.rename") and Path(path).name.removeprefix(".").startswith(name):
            Path(path).write_bytes(b"HALF")
            die()

    return hook


def test_in_the_middle_of_a_write(office: Office) -> None:
    """Of a table, a receipt, an executed notebook, the report, the manifest."""
    office.edit()
    for name in HALVES:
        assert in_a_child(lambda name=name: watched(office.run, with_half_of(name))) == -signal.SIGKILL, name
        assert office.whole() == FIRST, name
    leaves_the_last_report(office)


def test_half_of_the_tables_is_no_set(office: Office) -> None:
    """Nobody rolls up, explores or tells from tables of which some are of this run and some of the last."""
    office.edit()
    assert in_a_child(lambda: watched(office.run, with_half_of("problems.parquet"))) == -signal.SIGKILL
    tables = office.places.tables
    assert (tables / UNFINISHED).is_file()
    with pytest.raises(ValueError, match="只写了一半"):
        require_whole(tables)
    with pytest.raises(ValueError, match="只写了一半"):
        _copy_tables(office.places, True, office.places)
    office.run()
    require_whole(tables)


def test_tables_that_were_begun_and_are_still_the_last_ones(office: Office) -> None:
    """Killed before the first of them: no digest differs, yet nobody may read them before they are written once more."""
    (office.places.tables / UNFINISHED).touch()
    assert unchanged(office.places, {}) is None
    office.run()
    assert office.ran == ["2_indicators"] and office.whole() == FIRST
    require_whole(office.places.tables)
    assert unchanged(office.places, {}) is not None


def while_moving(office: Office) -> Callable[[], object]:
    def hook(event: str, path: str) -> None:
        if event == "os.rename" and ASIDE in path and path.endswith("report.html"):
            die()

    return lambda: watched(office.run, hook)


def test_the_next_run_says_that_it_has_finished_what_was_begun(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.edit()
    assert in_a_child(while_moving(office)) == -signal.SIGKILL
    assert (office.report / NOTE).is_file() and not (office.report / "report.html").exists()
    found = standings(office.places, read_scheme(office.places.scheme), office.places.town)
    assert any("没有换完" in row for row in rows(found))
    assert any("报告不完整，请不要使用" in remark for remark in remarks(found))
    exit_code(["run", *office.options()])
    said = capsys.readouterr().out
    assert FINISHED in said and "没有变化" in said  # what was made is all that a run now would make
    assert office.whole() == SECOND and not (office.report / NOTE).exists()
