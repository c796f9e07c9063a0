"""`analysis.load`: typed frames whose columns are documented, or a message that says what to run."""

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.exploring.columns import COLUMNS
from analysis.exploring.data import SCHEMAS, periods
from analysis.intake.towns import towns_of
from analysis.intake.whole import together


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_every_frame_is_typed_and_every_column_documented(name: str, data: analysis.Data) -> None:
    frame = getattr(data, name)
    SCHEMAS[name].validate(frame)
    assert len(frame)
    assert list(frame.columns) == list(COLUMNS[name])
    assert list(data.columns(name)["列"]) == list(frame.columns)
    assert all(re.search("[一-鿿]", text) for text in COLUMNS[name].values())


def test_figures_are_exact(data: analysis.Data) -> None:
    row = data.indicators.set_index("code").loc["E06"]
    assert (row["actual"], row["target"], Fraction(row["rate"])) == (66, 60, Fraction(11, 10))
    assert row["actual_source"].startswith("[农业农村办公室.xlsx]")


def test_names_stand_behind_codes(data: analysis.Data) -> None:
    named = data.named(data.parts)
    assert list(named.columns[:3]) == ["code", "name", "unit"]
    assert set(named.loc[named["code"] == "E06", "name"]) == {"建成设施农业大棚"}
    assert "name" not in data.parts.columns


def test_an_unknown_frame_is_told_the_known(data: analysis.Data) -> None:
    with pytest.raises(ValueError, match=r"没有“figure”这张表，有：.*figures"):
        data.columns("figure")


def test_a_frame_is_the_callers_own(project: Path) -> None:
    own = analysis.load("qinghe", 2021, root=project)
    own.indicators["actual"] = pd.NA
    assert "66座" in analysis.indicator_over_years(own, "E06").sentences[0]


def test_what_has_not_run_says_what_to_run(project: Path) -> None:
    with pytest.raises(analysis.NotComputedError, match=r"township-report run --town qinghe --period 2020$"):
        analysis.load("qinghe", "2020", root=project)
    with pytest.raises(analysis.NotComputedError, match=r"--processed elsewhere$"):
        analysis.load("qinghe", "2021", root=project, processed="elsewhere")


def test_figures_of_a_report_not_written_yet_say_so_when_asked_for(part_year: analysis.Data) -> None:
    with pytest.raises(analysis.NotComputedError, match="--period 2021-09"):
        part_year.figures  # noqa: B018


def test_tables_of_two_runs_are_no_data(project: Path) -> None:
    with together(project / "data" / "processed" / "qinghe" / "2021"):  # as a run does that writes them
        with pytest.raises(analysis.NotComputedError, match="只写了一半") as refused:
            analysis.load("qinghe", "2021", root=project)
        assert "township-report run --town qinghe --period 2021" in str(refused.value)


def test_tables_of_another_version_say_to_run_again(project: Path, tmp_path: Path) -> None:
    kept = project / "data" / "processed" / "qinghe" / "2021"
    (tmp_path / "qinghe").mkdir()
    (tmp_path / "qinghe" / "2021").mkdir()
    for path in kept.glob("*.parquet"):
        frame = pd.read_parquet(path, dtype_backend="pyarrow")
        frame.drop(columns=frame.columns[-1]).to_parquet(tmp_path / "qinghe" / "2021" / path.name)
    with pytest.raises(analysis.NotComputedError, match="--force"):
        analysis.load("qinghe", "2021", root=project, processed=tmp_path)


@pytest.mark.parametrize("town", ["", "..", "../raw/qinghe", "青禾", "qinghe/2021"])
def test_a_town_is_one_that_there_is(town: str, project: Path) -> None:
    with pytest.raises(ValueError, match=r"没有乡镇.*qinghe"):
        analysis.load(town, "2021", root=project)


def test_towns_and_periods_to_choose_from(project: Path) -> None:
    assert towns_of(project / "data" / "raw") == ["qinghe"]
    assert periods(project / "data" / "raw", "qinghe") == ["2021", "2021-09", "2020", "2019"]


def test_the_package_alone_imports_nothing() -> None:
    code = "import sys, analysis; print({'pandas', 'matplotlib', 'ipywidgets'} & set(sys.modules)); analysis.load"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert set(analysis.__all__) <= set(dir(analysis))
