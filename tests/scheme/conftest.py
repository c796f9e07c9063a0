"""The project's own scheme and a small town, copied so that a test can break them in one place."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.scheme import Period, Scheme, SchemeError, read_facts, read_scheme

ROOT = Path(__file__).parents[2]
TABLES = ("indicators", "departments", "relations", "checks", "synonyms", "themes")


class Copy:
    """A scheme's folder that can be broken cell by cell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in TABLES:
            shutil.copy(ROOT / "scheme" / f"{name}.csv", folder)

    def rows(self, name: str) -> list[list[str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    def write(self, name: str, rows: list[list[str]], encoding: str = "utf-8-sig") -> None:
        with (self.folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)

    def set(self, name: str, key: str, column: str, value: str) -> int:
        """Set a cell in the row whose first or named cell is `key`; gives the row's number as Excel counts it."""
        rows = self.rows(name)
        number = next(n for n, row in enumerate(rows) if key in row)
        row = rows[number] + [""] * (len(rows[0]) - len(rows[number]))
        row[rows[0].index(column)] = value
        rows[number] = row
        self.write(name, rows)
        return number + 1

    def add(self, name: str, /, **cells: str) -> int:
        rows = self.rows(name)
        rows.append([cells.get(column, "") for column in rows[0]])
        self.write(name, rows)
        return len(rows)

    def problems(self) -> list[str]:
        with pytest.raises(SchemeError) as caught:
            read_scheme(self.folder)
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return read_scheme(ROOT / "scheme")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    (folder / "2021").mkdir(parents=True)
    (folder / "targets").mkdir()
    (folder / "town.toml").write_text(
        'name = "清河镇"\ncounty = "云岭县"\naddressee = "县政府"\nsignature = "镇政府"\nvillages = ["柳坪村"]\n'
        '[phones]\n"财政所" = "0900-3"\n',
        encoding="utf-8",
    )
    (folder / "2021" / "period.toml").write_text("report_date = 2022-01-12\n", encoding="utf-8")
    (folder / "targets" / "2021.csv").write_text(
        "编码,项目名称,目标,计划月份,依据\nE01,,28000,,文\nE04,冷链仓库,,2021-09,文\nR03,,95%,,文\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def facts_problems(town: Path, scheme: Scheme) -> Callable[[], list[str]]:
    def run() -> list[str]:
        with pytest.raises(SchemeError) as caught:
            read_facts(town, Period(2021), scheme)
        return [str(problem) for problem in caught.value.problems]

    return run
