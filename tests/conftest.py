"""What all tests share: `--renew`, and the example township's reports told once a session."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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
def told_example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """The example township's report of a period as data, told in this process: `told_example("2021")`."""
    import example

    nothing_kept = tmp_path_factory.mktemp("nothing-kept")
    return cache(lambda period: example.told(ROOT, period, nothing_kept))
