"""Whatever happens to a good return, reading it never breaks, and no figure is taken for what it is not in silence."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.config import config_context
from perturbed import Grid, Spot, perturbations

from analysis.figures.model import from_frame
from analysis.intake.exact import exact
from analysis.intake.frames import Finding, Value
from analysis.intake.ingest import Ingested, ingest
from analysis.scheme import Facts, Period, Scheme, read_facts, read_scheme

DEPARTMENTS = ("财政所", "经济发展办公室", "水利站", "纪委")
PERIOD = Period(2021)
UNCERTAIN = re.compile(r"[约多余近几?吨O三十]|左右|以上|\d-|\.\d+\.|e3|#")
"""What a number must be asked about for, in whatever unit it was wanted."""
Key = tuple[str, str | None, str, str]


@pytest.fixture(scope="module")
def scheme(root: Path) -> Scheme:
    return read_scheme(root / "scheme")


@pytest.fixture(scope="module")
def facts(root: Path, scheme: Scheme) -> Facts:
    return read_facts(root / "data" / "raw" / "qinghe", PERIOD, scheme)


@pytest.fixture(scope="module")
def originals(root: Path) -> dict[str, Grid]:
    folder = root / "data" / "raw" / "qinghe" / "2021"
    return {name: Grid.of((folder / f"{name}.xlsx").read_bytes()) for name in DEPARTMENTS}


def read(folder: Path, department: str, content: bytes, scheme: Scheme, facts: Facts) -> Ingested:
    folder.mkdir(exist_ok=True)
    (folder / "表.xlsx").write_bytes(content)
    with config_context(validation_enabled=False):
        return ingest(folder, department, scheme, facts)


def figures(values: list[Value]) -> dict[Key, Value]:
    return {(v.table, v.code, v.item, v.field): v for v in values if v.number is not None}


@pytest.fixture(scope="module")
def good(
    originals: dict[str, Grid], scheme: Scheme, facts: Facts, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[Key, Value]]:
    folder = tmp_path_factory.mktemp("good")
    read_well = {
        name: from_frame(read(folder / name, name, grid.saved(), scheme, facts).values, Value)
        for name, grid in originals.items()
    }
    return {name: figures(values) for name, values in read_well.items()}


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(department=st.sampled_from(DEPARTMENTS), spoil=st.lists(perturbations(), min_size=1, max_size=3))
def test_no_figure_is_read_wrongly_in_silence(department, spoil, originals, good, scheme, facts, tmp_path_factory):
    grid = originals[department].copy()
    kept = {id(spot): key for key, spot in _spots(grid, good[department]).items()}
    for apply in spoil:
        apply(grid)
    folder = tmp_path_factory.getbasetemp() / "perturbed"
    ingested = read(folder, department, grid.saved(), scheme, facts)
    values = from_frame(ingested.values, Value)
    findings = from_frame(ingested.findings, Finding)
    asked = [finding for finding in findings if finding.severity != "note"]
    assert sorted(path.name for path in folder.iterdir()) == ["表.xlsx"]
    places = grid.places()
    for key, value in figures(values).items():
        spot = places.get((value.sheet, value.cell))
        assert spot is not None, f"{grid.done}: {key} comes from nowhere"
        noted = value.noted or any(_about(finding, value) for finding in findings)
        if spot.touched:
            assert noted or _is_plain(spot, value), f"{grid.done}: {spot.value!r} was read as {value.number}"
            assert not UNCERTAIN.search(str(spot.value)), f"{grid.done}: {spot.value!r} was guessed as {value.number}"
        elif kept.get(id(spot)) != key:
            assert noted, f"{grid.done}: {value.cell} is told as {key} rather than {kept.get(id(spot))}"
        else:
            same = value.number == good[department][key].number
            assert same or noted, f"{grid.done}: {key} was {good[department][key].number}, is {value.number}"
    noted_empty = {(v.table, v.code, v.item, v.field) for v in values if v.number is None and v.noted}
    for key in good[department].keys() - figures(values).keys():
        # The target book prevails over a return's target.
        in_book = key[3] == "target" and key[1] is not None and facts.target(key[1]) is not None
        # A project of the target book whose row is gone is asked for in stage 2 (`project_missing`).
        gone = key[0] == "project" and not any(other[:3] == key[:3] for other in figures(values))
        in_book |= gone and key[1] is not None and facts.target(key[1], key[2]) is not None
        no_column = any(finding.check == "column_missing" for finding in findings)
        told = in_book or no_column or key in noted_empty or any(finding.code in (key[1], None) for finding in asked)
        assert told, f"{grid.done}: {key} is lost in silence"


def _spots(grid: Grid, read_well: dict[Key, Value]) -> dict[Key, Spot]:
    places = grid.places()
    return {key: places[value.sheet, value.cell] for key, value in read_well.items()}


def _about(finding: Finding, value: Value) -> bool:
    return finding.code == value.code if finding.code else finding.sheet in (value.sheet, "")


def _is_plain(spot: Spot, value: Value) -> bool:
    """Whether a cell holds a number as a number, and that is what was read."""
    is_number = isinstance(spot.value, int | float) and not isinstance(spot.value, bool)
    return is_number and value.number is not None and abs(exact(spot.value) - value.number) <= Decimal("1e-18")
