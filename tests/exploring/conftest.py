"""The example township's tables as a run leaves them, made in this process, and a project's folder around them."""

from collections.abc import Callable
from pathlib import Path

import example
import pytest

import analysis
from analysis.telling.figure_list import save_figures

PERIODS = ("2021", "2021-09")


@pytest.fixture(scope="session")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory, told_example: Callable[[str], object]) -> Path:
    """A project with scheme, returns and notebooks; 2021 and 2021-09 have run, 2020 and 2019 have not."""
    folder = tmp_path_factory.mktemp("project")
    example.make_project(root, folder, PERIODS)
    save_figures(told_example("2021").figures, folder / "data" / "processed" / "qinghe" / "2021")  # type: ignore[attr-defined]
    return folder


@pytest.fixture(scope="session")
def data(project: Path) -> analysis.Data:
    return analysis.load("qinghe", "2021", root=project)


@pytest.fixture(scope="session")
def part_year(project: Path) -> analysis.Data:
    return analysis.load("qinghe", "2021-09", root=project)
