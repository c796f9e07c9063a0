"""The receipts of the example township, made in this process from a copy of its returns."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis.figures.receipts.files import Receipts, make_receipts
from analysis.figures.receipts.model import Receipt
from analysis.figures.stage import compute
from analysis.figures.tables import Computed, earlier_returns, stray_files
from analysis.intake.ingest import read_period
from analysis.scheme import Facts, Period, Scheme, read_facts, read_scheme


@dataclass
class Town:
    """A town's folder whose returns of the period can be changed, the scheme, and the values of earlier years."""

    folder: Path
    scheme: Scheme
    period: Period
    earlier: dict[int, pd.DataFrame]

    @property
    def returns(self) -> Path:
        return self.folder / str(self.period)

    @property
    def facts(self) -> Facts:
        return read_facts(self.folder, self.period, self.scheme)

    def computed(self) -> tuple[pd.DataFrame, Computed]:
        read = read_period(self.returns, self.scheme, self.facts).values()
        values, findings, checks = (
            pd.concat([getattr(each, name) for each in read], ignore_index=True)
            for name in ("values", "findings", "checks")
        )
        strays = stray_files(self.returns, self.scheme, self.facts)
        return values, compute(self.scheme, self.facts, values, findings, self.earlier, strays, checks)

    def receipts(self) -> Receipts:
        values, computed = self.computed()
        return make_receipts(self.returns, self.scheme, self.facts, values, computed)


@pytest.fixture(scope="session")
def the_scheme(root: Path) -> Scheme:
    return read_scheme(root / "scheme")


@pytest.fixture(scope="session")
def years_before(root: Path, the_scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> dict[int, pd.DataFrame]:
    """The values of the example township's earlier years, read once."""
    town = root / "data" / "raw" / "qinghe"
    facts = read_facts(town, Period(2021), the_scheme)
    return earlier_returns(town, tmp_path_factory.mktemp("nothing-kept"), the_scheme, facts)


@pytest.fixture
def town(root: Path, tmp_path: Path, the_scheme: Scheme, years_before: dict[int, pd.DataFrame]) -> Town:
    """The example township with the returns of 2021."""
    source, folder = root / "data" / "raw" / "qinghe", tmp_path / "qinghe"
    for name in ("2021", "targets"):
        shutil.copytree(source / name, folder / name)
    shutil.copy(source / "town.toml", folder)
    return Town(folder, the_scheme, Period(2021), years_before)


@pytest.fixture
def of() -> Callable[[Receipts, str], Receipt]:
    """The receipt of a department."""

    def one(made: Receipts, department: str) -> Receipt:
        return next(receipt for receipt in made.receipts if receipt.department == department)

    return one
