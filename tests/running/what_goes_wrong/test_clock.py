"""A clock in another zone, one that is set back, a change to summer time: nothing but `run.json` knows the hour."""

import os
import time
from collections.abc import Iterator

import pytest

from analysis.running import manifest
from analysis.running.manifest import read_manifest, when
from analysis.running.templates import make_templates
from analysis.running.unchanged import unchanged

from .office import FIRST, SECOND, Office

FUTURE, BEFORE_ZIP = "2099-01-01T00:00:00+08:00", 0.0
"""When the last run has ended by its own account; a clock whose battery is empty, before the first year of a zip archive."""


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def test_a_clock_set_back_hides_no_change_and_makes_none(office: Office) -> None:
    """What has changed is told by content: files of the future are no newer, and those of the past no older."""
    for path in office.places.returns.iterdir():
        os.utime(path, (4e9, 4e9))
    assert unchanged(office.places, {}) is not None
    office.edit()
    os.utime(office.returned(), (0, 0))
    assert unchanged(office.places, {}) is None
    office.run()
    assert office.whole() == SECOND


def test_a_last_run_of_the_future(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.running.record.now", lambda: FUTURE)
    office.edit()
    office.run()
    monkeypatch.undo()
    assert read_manifest(office.report)["finished"] == FUTURE
    assert unchanged(office.places, {}) is not None  # it says the time as it was noted


@pytest.mark.parametrize("name", ["America/St_Johns", "Pacific/Kiritimati", "Europe/Berlin"])
def test_the_same_report_in_any_time_zone(office: Office, zone: pytest.MonkeyPatch, name: str) -> None:
    before = (office.report / "report.html").read_bytes()
    zone.setenv("TZ", name)
    time.tzset()
    assert unchanged(office.places, {}) is not None
    if name == "Pacific/Kiritimati":  # a day ahead of the other one
        office.run(force=True)
    assert (office.report / "report.html").read_bytes() == before and office.whole() == FIRST


@pytest.mark.parametrize(
    ("noted", "shown"),
    [
        ("2021-10-31T02:30:00+02:00", "2021-10-31 02:30"),  # the hour that comes twice, for the first time
        ("2021-10-31T02:30:00+01:00", "2021-10-31 02:30"),  # and again
        ("2021-03-28T03:10:00+02:00", "2021-03-28 03:10"),  # after the hour that is left out
        ("2021-03-28T09:10:00+08:00", "2021-03-28 03:10"),
        ("yesterday", "yesterday"),
    ],
)
def test_when_it_was_is_told_by_the_clock_here(zone: pytest.MonkeyPatch, noted: str, shown: str) -> None:
    zone.setenv("TZ", "Europe/Berlin")
    time.tzset()
    assert when(noted) == shown


def test_what_is_noted_says_its_zone() -> None:
    assert manifest.now()[19] in "+-"


def test_a_clock_without_a_battery(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook is a zip archive, and that knows no year before 1980."""
    office.edit()  # on a machine whose clock goes
    monkeypatch.setattr(time, "time", lambda: BEFORE_ZIP)
    assert make_templates(office.places, office.folder / "blank-again")
    office.run()
    assert office.whole() == SECOND
