"""The checks across years and departments, on both sides of each."""

from collections.abc import Callable
from typing import Any

import pytest

from analysis.figures.assess import assess
from analysis.figures.gather import gather
from analysis.figures.review import review
from analysis.intake.frames import Finding
from analysis.scheme import Facts, Indicator, Scheme

GOVERNANCE, ECONOMY = "社会治理办公室", "经济发展办公室"
Make = Callable[..., Any]
Check = Callable[..., list[Finding]]


@pytest.fixture
def check(make_facts: Callable[..., Facts]) -> Check:
    def run(scheme: Scheme, now: Any, last: Any = None) -> list[Finding]:
        returned = gather(scheme, now.values)
        before = {} if last is None else {2020: gather(scheme, last.values)}
        return review(scheme, returned, assess(scheme, make_facts(), returned, before))

    return run


@pytest.mark.parametrize(("stated", "found"), [("90", False), ("90.00", False), ("90.01", True), (None, False)])
def test_a_restated_base(stated: str | None, found: bool, scheme: Scheme, returns: Make, check: Check) -> None:
    now = returns().figures("E01", actual="95", base=stated)
    findings = check(scheme, now, returns("2020/").figures("E01", actual="90"))
    assert [(f.check, f.code, f.cell, f.severity) for f in findings] == (
        [("base_restated", "E01", "C1", "warning")] if found else []
    )
    if found:
        assert (findings[0].found, findings[0].expected) == ("90.01", "90")
        assert "2020/财政所.xlsx 指标 B1" in findings[0].message
        assert findings[0].department == "财政所"


def test_a_base_without_last_years_return_is_not_restated(scheme: Scheme, returns: Make, check: Check) -> None:
    assert check(scheme, returns().figures("E01", actual="95", base="90")) == []
    assert check(scheme, returns().figures("E01", actual="95", base="90"), returns("2020/").figures("E01")) == []


@pytest.mark.parametrize(
    ("code", "base", "actual", "note", "found"),
    [
        ("E05", "200", "300", None, False),  # just fifty per cent
        ("E05", "200", "300.01", None, True),
        ("E05", "200", "100", None, False),
        ("E05", "200", "99.99", None, True),
        ("E05", "200", "900", "新增两个批次", False),
        ("E05", "200", "900", "核实无误", True),  # says nothing
        ("E05", "0", "900", None, False),
        ("S01", "10", "16", None, True),  # a neutral row is asked as well
        ("S01", "9", "20", None, False),  # a small base
        ("S05", "1", "9", None, False),
        ("H07", "1", "9", None, False),
    ],
)
def test_a_change_without_an_explanation(
    code: str,
    base: str,
    actual: str,
    note: str | None,
    found: bool,
    scheme: Scheme,
    returns: Make,
    check: Check,
) -> None:
    findings = check(scheme, returns().figures(code, scheme[code].owner, actual=actual, base=base, note=note))
    assert [(f.check, f.cell) for f in findings] == ([("change_unexplained", "B1")] if found else [])
    if found:
        assert (findings[0].found, findings[0].expected) == (actual, "50%")


@pytest.mark.parametrize(("actual", "found"), [("219.99", False), ("220", False), ("220.01", True)])
def test_the_rows_own_bound(
    actual: str,
    found: bool,
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    returns: Make,
    check: Check,
) -> None:
    scheme = make_scheme(indicator(kind="count", change_bound="10"))
    findings = check(scheme, returns().figures("E01", actual=actual, base="200"))
    assert [f.check for f in findings] == (["change_unexplained"] if found else [])


def test_a_ratio_is_asked_by_its_whole_alone(scheme: Scheme, returns: Make, check: Check) -> None:
    made = returns().figures("S01", GOVERNANCE, actual="100", base="100")
    made.figures("S02", GOVERNANCE, actual="100", base="10")
    assert check(scheme, made) == []


@pytest.mark.parametrize(
    ("own", "other", "found"),
    [("10", "10.0", False), ("10", "10.01", True), ("10", None, False), (None, "10", False), ("0", "1", True)],
)
def test_two_departments_that_report_one_row(
    own: str | None, other: str | None, found: bool, scheme: Scheme, returns: Make, check: Check
) -> None:
    findings = check(scheme, returns().figures("E05", actual=own).figures("E05", ECONOMY, actual=other))
    assert [(f.check, f.department, f.file, f.cell, f.severity) for f in findings] == (
        [("reporters_differ", ECONOMY, f"{ECONOMY}.xlsx", "B1", "error")] if found else []
    )
    if found:
        assert "财政所" in findings[0].message
        assert (findings[0].found, findings[0].expected) == (other, own)
