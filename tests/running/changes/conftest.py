"""The example told once, and told again after something was done to its returns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telling.test_one_cell import type_over

from analysis.running.changes import Changes, compare
from analysis.telling.tell import Told

from .retold import Office, retold

Left = tuple[Told, dict[str, Any]]


@pytest.fixture(scope="session")
def as_sent(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """The example's report of 2021, with its manifest."""
    return Office(root, tmp_path_factory.mktemp("as-sent")).tell()


@pytest.fixture(scope="session")
def told_after(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], object]], Left]:
    """The report and manifest after something was done to the folder of returns."""

    def after(done: Callable[[Path], object]) -> Left:
        office = Office(root, tmp_path_factory.mktemp("office"))
        done(office.returns)
        return office.tell()

    return after


@pytest.fixture(scope="session")
def one_cell_typed(told_after: Callable[[Callable[[Path], object]], Left]) -> Left:
    """The report with one case more received, which is the whole of the next row's share."""
    return told_after(lambda returns: type_over(returns / "社会治理办公室.xlsx", "指标", "F4", "87"))


@pytest.fixture(scope="session")
def without_one(told_after: Callable[[Callable[[Path], object]], Left]) -> Left:
    """The report before the water station had returned."""
    return told_after(lambda returns: (returns / "水利站.xlsx").unlink())


@pytest.fixture(scope="session")
def late(without_one: Left, as_sent: Left) -> Changes:
    """What changed when the water station returned late."""
    return compare(retold(*without_one), retold(*as_sent), "上一次运行")
