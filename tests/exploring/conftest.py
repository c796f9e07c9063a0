"""The example township's tables as a run leaves them, made in this process, and a project's folder around them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.figures.stage import compute, earlier_returns, save_computed
from analysis.intake.ingest import read_period
from analysis.scheme import Period, read_facts, read_scheme
from analysis.telling.figure_list import save_figures

PERIODS = ("2021", "2021-09")


@pytest.fixture(scope="session")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory, told_example: Callable[[str], object]) -> Path:
    """A project with scheme, returns and notebooks; 2021 and 2021-09 have run, 2020 and 2019 have not."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("scheme", "data/raw", "notebooks"):
        shutil.copytree(root / name, folder / name)
    scheme, town = read_scheme(folder / "scheme"), folder / "data" / "raw" / "qinghe"
    for period in PERIODS:
        facts = read_facts(town, Period.parse(period), scheme)
        read = read_period(town / period, scheme, facts).values()
        values = pd.concat([ingested.values for ingested in read], ignore_index=True)
        findings = pd.concat([ingested.findings for ingested in read], ignore_index=True)
        earlier = earlier_returns(town, folder / "data" / "processed", scheme, facts)
        tables = folder / "data" / "processed" / "qinghe" / period
        save_computed(compute(scheme, facts, values, findings, earlier), tables)
    save_figures(told_example("2021").figures, folder / "data" / "processed" / "qinghe" / "2021")  # type: ignore[attr-defined]
    return folder


@pytest.fixture(scope="session")
def data(project: Path) -> analysis.Data:
    return analysis.load("qinghe", "2021", root=project)


@pytest.fixture(scope="session")
def part_year(project: Path) -> analysis.Data:
    return analysis.load("qinghe", "2021-09", root=project)
