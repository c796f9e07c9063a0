"""Many made-up townships: each with a name and figures of its own, none with an error that the example has not."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from analysis.intake.ingest import read_period
from analysis.scheme import Period, read_facts, read_scheme


@pytest.fixture(scope="module")
def many_towns(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("many_towns", root / "tools" / "many_towns.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_names_are_all_different(many_towns: ModuleType) -> None:
    assert len({many_towns.name_of(number) for number in range(40_000)}) == 40_000


def test_a_township_is_the_example_but_for_name_and_figures(many_towns: ModuleType, root: Path, tmp_path: Path) -> None:
    scheme = read_scheme(root / "scheme")
    codes = many_towns.varied(scheme)
    folder = many_towns.make_town(tmp_path, 7, codes)
    again = many_towns.make_town(tmp_path / "again", 7, codes)
    for path in folder.rglob("*"):
        assert path.is_dir() or path.read_bytes() == (again / path.relative_to(folder)).read_bytes()
    read = []
    for town in (folder, root / "data" / "raw" / "qinghe"):
        facts = read_facts(town, Period(2021), scheme)
        departments = read_period(town / "2021", scheme, facts).values()
        assert not any((each.findings["severity"] == "error").any() for each in departments)
        read.append(pd.concat([each.values for each in departments], ignore_index=True))
    made, example = read
    key = ["department", "sheet", "cell", "field", "code"]
    both = made.merge(example, on=key, suffixes=("", "_example"))
    differ = both[both["typed"].fillna("") != both["typed_example"].fillna("")]
    assert set(differ["code"]) <= set(codes)
    assert len(differ) >= 3
    assert folder.name == many_towns.name_of(7)
