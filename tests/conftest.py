"""What all tests share: `--renew`, and the example township's reports told once a session."""

import os
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path

import libreoffice
import pandas as pd
import pytest

from analysis.telling.material import Material

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI everything is there that a test may need: one that is skipped for want of it has failed.

    Tests that are of no use on a system say so by a mark; they are skipped there.
    """
    report = yield
    of_system = any(item.iter_markers("skipif"))
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail") and not of_system:
        report.outcome = "failed"
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the expected reports anew instead of comparing")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def five_towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of tables of the five made-up townships of `county_example`."""
    import county_example

    processed = tmp_path_factory.mktemp("five-towns")
    county_example.write_five(processed)
    return processed


@pytest.fixture(scope="session")
def save_by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> libreoffice.Save:
    """`save_by_libreoffice(paths, "ods", folder)`; the test is skipped where there is none."""
    return libreoffice.saving(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="session")
def example_material(tmp_path_factory: pytest.TempPathFactory) -> tuple[Material, pd.DataFrame]:
    """What the example township's report of 2021 is told from, and its table of submissions."""
    import example

    return example.material_of(ROOT, "2021", tmp_path_factory.mktemp("nothing-kept"))


@pytest.fixture(scope="session")
def told_example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """The example township's report of a period as data, told in this process: `told_example("2021")`."""
    import example

    nothing_kept = tmp_path_factory.mktemp("nothing-kept")
    return cache(lambda period: example.told(ROOT, period, nothing_kept))
