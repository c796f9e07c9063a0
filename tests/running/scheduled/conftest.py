"""An office whose reports are made by the clock."""

from pathlib import Path

import pytest
from scheduled_office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    for town in ("qinghe", "白云"):
        (tmp_path / "data" / "raw" / town / "2021-09").mkdir(parents=True)
    (tmp_path / "scheme").mkdir()
    (tmp_path / "scheme" / "indicators.csv").touch()
    return Office(tmp_path)
