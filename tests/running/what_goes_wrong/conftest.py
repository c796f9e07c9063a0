"""An office with its returns alone, and one that has made its first report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from second_scheme import bureau

from .office import Office, stubbed


@pytest.fixture(scope="session")
def _first(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("first") / "office")
    bureau.make_bureau(office.folder)
    with stubbed(office):
        office.run()
    return office


@pytest.fixture
def office(_first: Office, tmp_path: Path) -> Iterator[Office]:
    """An office that has a report, in which the first department tells of 512户."""
    with stubbed(_first.copied(tmp_path / "office")) as office:
        yield office
