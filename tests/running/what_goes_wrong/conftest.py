"""An office with its returns alone, and one that has made its first report."""

from pathlib import Path

import pytest
from second_scheme import bureau

from .office import Office, stub


@pytest.fixture(scope="session")
def _first(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("first") / "office")
    bureau.make_bureau(office.folder)
    with pytest.MonkeyPatch.context() as patch:
        stub(office, patch).run()
    return office


@pytest.fixture
def office(_first: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that has a report, in which the first department tells of 512户.

    Its stubs are of the test's own `monkeypatch`: what a test puts over them is taken away before them.
    """
    return stub(_first.copied(tmp_path / "office"), monkeypatch)
