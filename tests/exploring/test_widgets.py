"""The controls: what is shown follows from what is chosen, in this process and without a browser."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

import analysis
from analysis.exploring import widgets


def all_of(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from all_of(child)


def control(widget: Any, label: str) -> Any:
    return next(each for each in all_of(widget) if getattr(each, "description", "") == label)


def tab(widget: Any, title: str) -> Any:
    found = next(each for each in all_of(widget) if isinstance(each, ipywidgets.Tab))
    return found.children[found.titles.index(title)]


def shown(widget: Any) -> str:
    return "".join(each.value for each in all_of(widget) if isinstance(each, ipywidgets.HTML))


@pytest.fixture(scope="module")
def explorer(project: Path) -> Any:
    return analysis.explore("qinghe", "2021", root=project)


def test_an_indicator_changes_the_chart(explorer: Any) -> None:
    years = tab(explorer, "历年")
    control(years, "指标").value = "E06"
    assert "建成设施农业大棚，2019—2021年逐年增加" in shown(years)
    control(years, "指标").value = "N01"
    assert "建成设施农业大棚" not in shown(years)


def test_a_department_changes_its_rows(explorer: Any) -> None:
    departments = tab(explorer, "部门")
    control(departments, "部门").value = "水利站"
    assert "水利站：2021年" in shown(departments)


def test_villages_offer_only_what_is_by_village(explorer: Any) -> None:
    villages = tab(explorer, "分村")
    assert "E02" not in [code for _, code in control(villages, "指标").options]
    assert "合计" in shown(villages)


def test_the_slider_and_the_typed_target_agree(explorer: Any) -> None:
    supposing = tab(explorer, "假设")
    code, target, slider = (control(supposing, label) for label in ("指标", "假设目标", "现目标的%"))
    code.value = "E06"
    assert target.value == "60"
    slider.value = 150
    assert target.value == "90" and "为年度目标90座的73.3%" in shown(supposing)
    target.value = "66"
    assert "为年度目标66座的100.0%" in shown(supposing)
    code.value = "E01"
    assert (slider.value, target.value) == (100, "28000") and "假设目标是28000万元" in shown(supposing)
    target.value = "许多"
    assert "不是数字" in shown(supposing)


def test_another_period_fills_all_anew_and_one_not_run_says_what_to_run(project: Path) -> None:
    explorer = analysis.explore("qinghe", "2020", root=project)
    assert "township-report run --town qinghe --period 2020" in shown(explorer)
    control(explorer, "报告期").value = "2021-09"
    assert "township-report run" not in shown(explorer)
    assert "2021年1—9月" in shown(tab(explorer, "部门"))


def test_another_town_offers_its_own_periods(project: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for town, periods in (("qinghe", ["2021", "2020"]), ("shimen", ["2019"]), ("wuqi", [])):
        for name in ("", *periods):
            (raw / town / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(project / "data" / "raw" / "qinghe" / "town.toml", raw / town)
    explorer = analysis.explore("shimen", root=project, raw=raw)
    town, period = control(explorer, "乡镇"), control(explorer, "报告期")
    assert "township-report run --town shimen --period 2019" in shown(explorer)
    town.value = "wuqi"
    assert period.value is None and "wuqi 还没有任何报告期的上报表" in shown(explorer)
    town.value = "qinghe"
    assert [name for name, _ in period.options] == ["2021", "2020"]
    for name in ("2022", "2021"):
        (raw / "wuqi" / name).mkdir()
    town.value = "wuqi"  # the period's name stays, the town is another
    assert period.value == "2021" and "township-report run --town wuqi --period 2021" in shown(explorer)


def test_a_period_without_rows_to_choose_from_says_so(data: analysis.Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "village_codes", lambda _: [])
    rows = [
        replace(row, target=None, rate=None, state="no_target") if row.target is not None else row
        for row in data.material.assessments
    ]
    made = widgets.tabs(replace(data, material=replace(data.material, assessments=rows)))
    assert "这个报告期没有可选的" in shown(tab(made, "分村"))
    assert control(tab(made, "假设"), "假设目标").value == ""


def test_a_project_without_towns_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="没有乡镇"):
        analysis.explore(root=tmp_path)
