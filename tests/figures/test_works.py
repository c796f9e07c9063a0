"""Projects and duties: their states, and by which project a row counts."""

from collections.abc import Callable
from typing import Any

import pytest

from analysis.figures.completion import OUTCOMES
from analysis.figures.gather import gather
from analysis.figures.works import duty_state, project_state, projects_of, worst
from analysis.scheme import Facts, Indicator, Period, Scheme

YEAR, SEPTEMBER = Period(2021), Period(2021, 9)


@pytest.mark.parametrize(
    ("stage", "planned", "finished", "year", "september"),
    [
        (None, "2021-08", None, "not_reported", "not_reported"),
        ("已完成", "2021-08", "2021-08", "done", "done"),
        ("已完成", "2021-08", "2021-07", "done", "done"),
        ("已完成", "2021-08", "2021-09", "late", "late"),
        ("已完成", "2020-12", "2021-01", "late", "late"),
        ("已完成", "2021-08", None, "done", "done"),
        ("已完成", None, "2021-09", "done", "done"),
        ("已完成", "2021-12", "2021-09", "done", "done"),
        ("在建", "2021-09", None, "undone", "undone"),
        ("在建", "2021-10", None, "undone", "under_way"),
        ("在建", "2021-12", None, "undone", "under_way"),
        ("在建", "2022-06", None, "under_way", "under_way"),
        ("在建", None, None, "under_way", "under_way"),
        ("未开工", "2021-09", None, "undone", "undone"),
        ("未开工", "2021-10", None, "undone", "not_due"),
        ("未开工", "2022-06", None, "not_due", "not_due"),
        ("未开工", None, None, "not_due", "not_due"),
    ],
)
def test_project_state(stage: str | None, planned: str | None, finished: str | None, year: str, september: str) -> None:
    assert project_state(YEAR, stage, planned, finished) == year
    assert project_state(SEPTEMBER, stage, planned, finished) == september


@pytest.mark.parametrize(
    ("status", "planned", "year", "september"),
    [
        ("按时完成", None, "done", "done"),
        ("按时完成", "2021-10", "done", "done"),
        ("逾期完成", None, "late", "late"),
        ("未完成", None, "undone", "undone"),
        ("未完成", "2021-09", "undone", "undone"),
        ("未完成", "2021-10", "undone", "not_due"),
        ("未到期", "2021-09", "undone", "undone"),
        ("未到期", "2021-10", "undone", "not_due"),
        (None, "2021-10", "not_reported", "not_reported"),
        ("说不清", None, "not_reported", "not_reported"),
    ],
)
def test_duty_state(status: str | None, planned: str | None, year: str, september: str) -> None:
    assert duty_state(YEAR, status, planned) == year
    assert duty_state(SEPTEMBER, status, planned) == september


def test_a_duty_of_the_year_is_due_at_its_end() -> None:
    assert OUTCOMES[duty_state(YEAR, "未到期", None)] == "未完成"


@pytest.mark.parametrize(
    ("states", "counted"),
    [
        (["done", "late", "undone"], "undone"),
        (["done", "late"], "late"),
        (["done", "done"], "done"),
        (["under_way", "undone", "not_due"], "undone"),
        (["done", "under_way", "not_due"], "under_way"),
        (["done", "not_due"], "not_due"),
        (["done", "not_reported"], "not_reported"),
        ([], None),
    ],
)
def test_a_row_counts_by_its_worst_project(states: list[Any], counted: str | None) -> None:
    assert worst(iter(states)) == counted


@pytest.mark.parametrize("unfinished", ["under_way", "not_due"])
def test_a_row_with_an_unfinished_project_is_not_complete(unfinished: Any) -> None:
    counted = worst(iter(["late", unfinished]))
    assert counted is not None
    assert OUTCOMES[counted] != "完成"


def test_an_overdue_project_is_not_hidden_by_one_that_is_not_reported() -> None:
    assert worst(iter(["undone", "not_reported"])) == "undone"


def _projects(scheme: Scheme, facts: Facts, made: Any) -> list[Any]:
    return list(projects_of(scheme, facts, gather(scheme, made.values)))


def test_projects_are_numbered_as_returned_and_the_books_month_prevails(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Callable[..., Any]
) -> None:
    facts = make_facts("2021", months={("E04", "冷库"): "2021年6月", ("E04", "加工厂"): "待定"})
    made = (
        returns()
        .project("冷库", stage="已完成", planned_month="2021-09", finished_month="2021-08", reason="雨季")
        .project("加工厂", stage="在建", planned_month="2021-10")
        .project("二期", stage="未开工", planned_month="2022-06")
        .project("远期", stage="未开工")
        .project("别家的", by="财政所", stage="已完成", planned_month="2021-01")
    )
    cold, works, second, far = _projects(scheme, facts, made)
    assert [p.number for p in (cold, works, second, far)] == [1, 2, 3, 4]
    assert (cold.planned_month, cold.state, cold.planned_source) == ("2021-06", "late", "[targets/2021.csv]!D2")
    assert (works.planned_month, works.state) == ("2021-10", "undone")  # a month that cannot be read sets nothing
    assert works.planned_source == f"[经济发展办公室.xlsx]项目!{works.source('planned_month').rpartition('!')[2]}"
    assert [p.assessed for p in (cold, works, second, far)] == [True, True, False, False]
    assert cold.source("reason").startswith("[经济发展办公室.xlsx]项目!")
    assert works.source("reason") is None


def test_a_scheme_without_projects_tells_none(
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Callable[..., Any],
) -> None:
    assert _projects(make_scheme(indicator()), make_facts(), returns().project("冷库", stage="在建")) == []
