"""The receipts of the example township, made in this process from a copy of its returns."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import example
import pandas as pd
import pytest

from analysis.figures.receipts.files import Receipts, make_receipts
from analysis.figures.receipts.model import Receipt
from analysis.figures.stage import compute
from analysis.figures.tables import Computed, stray_files
from analysis.intake.ingest import read_period
from analysis.scheme import Facts, Period, Scheme, read_facts, read_scheme


@dataclass
class Town:
    """A town's folder whose returns can be changed, and the scheme."""

    folder: Path
    scheme: Scheme
    period: Period

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
        earlier = example.earlier_returns_once(self.folder, self.folder / "nothing-kept", self.scheme, self.facts)
        strays = stray_files(self.returns, self.scheme, self.facts)
        return values, compute(self.scheme, self.facts, values, findings, earlier, strays, checks)

    def receipts(self) -> Receipts:
        values, computed = self.computed()
        return make_receipts(self.returns, self.scheme, self.facts, values, computed)


@pytest.fixture(scope="session")
def the_scheme(root: Path) -> Scheme:
    return read_scheme(root / "scheme")


@pytest.fixture
def town(root: Path, tmp_path: Path, the_scheme: Scheme) -> Town:
    """The example township with the returns of 2020 and 2021."""
    source, folder = root / "data" / "raw" / "qinghe", tmp_path / "qinghe"
    for name in ("2020", "2021", "targets"):
        shutil.copytree(source / name, folder / name)
    shutil.copy(source / "town.toml", folder)
    return Town(folder, the_scheme, Period(2021))


@pytest.fixture
def of() -> Callable[[Receipts, str], Receipt]:
    """The receipt of a department."""

    def one(made: Receipts, department: str) -> Receipt:
        return next(receipt for receipt in made.receipts if receipt.department == department)

    return one
