"""From cells to rows: whose figure is told, what is kept beside it, what is left out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from analysis.figures.gather import gather, number_of, source_of
from analysis.figures.model import reference, referred
from analysis.scheme import Scheme

ECONOMY, GOVERNANCE = "经济发展办公室", "社会治理办公室"


def test_the_owner_is_told_and_a_second_reporter_kept_apart(scheme: Scheme, returns: Callable[..., Any]) -> None:
    made = returns().figures("E05", by=ECONOMY, actual="11").figures("E05", actual="10").figures("E05", actual="12")
    returned = gather(scheme, made.values)
    assert returned.number("E05", "actual") == 10  # the first of the owner's rows
    assert returned.source("E05", "actual") == "[财政所.xlsx]指标!B1"
    assert set(returned.others) == {("E05", ECONOMY)}
    assert number_of(returned.others["E05", ECONOMY], "actual") == 11
    assert returned.departments == {"财政所", ECONOMY}


def test_a_missing_figure_is_missing_and_never_zero(scheme: Scheme, returns: Callable[..., Any]) -> None:
    returned = gather(scheme, returns().figures("E01", actual=None, base="0").values)
    assert returned.number("E01", "actual") is None
    assert returned.number("E01", "base") == 0
    assert returned.number("E03", "actual") is None
    assert returned.source("E03", "actual") is None
    assert source_of(None) is None


def test_an_unknown_code_is_left_out(scheme: Scheme, returns: Callable[..., Any]) -> None:
    returned = gather(scheme, returns().figures("Z99", actual="1").figures("E01", actual="2").values)
    assert set(returned.rows) == {"E01"}


def test_parts_are_the_owners_in_their_order(scheme: Scheme, returns: Callable[..., Any]) -> None:
    made = returns().row("part", "E05", item="柳坪村", amount="3.5").row("part", "E05", item="石门村", amount=None)
    made.row("part", "E05", by=ECONOMY, item="别家", amount="9").row("part", "E05", amount="1")
    parts = gather(scheme, made.values).parts["E05"]
    assert [(part.item, part.amount) for part in parts] == [("柳坪村", Decimal("3.5")), ("石门村", None)]
    assert parts[0].source == "[财政所.xlsx]分项!F1"


def test_paragraphs_of_every_department_are_kept(scheme: Scheme, returns: Callable[..., Any]) -> None:
    made = returns().row("text", "Q01", category="存在的问题", paragraph="人手不足", answers="E04-2")
    made.row("text", by=GOVERNANCE, category="工作情况", paragraph="开展巡查").row("text", "Q01", paragraph=None)
    told = gather(scheme, made.values).paragraphs
    assert [(p.department, p.code, p.category, p.text, p.answers) for p in told] == [
        ("财政所", "Q01", "存在的问题", "人手不足", "E04-2"),
        (GOVERNANCE, None, "工作情况", "开展巡查", None),
    ]


@pytest.mark.parametrize("file", ["财政所.xlsx", "2020/财政所.xlsx", "财政所[改].xlsx", "a!b.xlsx"])
def test_a_source_is_read_back(file: str) -> None:
    assert referred(reference(file, "指标", "F5")) == (file, "指标", "F5")
    assert referred(reference(file, "", "C2")) == (file, "", "C2")
