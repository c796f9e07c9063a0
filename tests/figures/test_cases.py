"""The worked cases of the arithmetic rules: every row of `cases.csv` is a test."""

import csv
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from analysis.figures.change import change, share_change
from analysis.figures.completion import completion, share_completion
from analysis.figures.exact import amount
from analysis.figures.printed import change_text, points_text, rate_text
from analysis.scheme import Indicator, Period

Case = dict[str, str]
with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))
YEAR = Period(2021)


def _figures(case: Case) -> tuple[Decimal | None, Decimal | None]:
    base, actual = (Decimal(case[name]) if case[name] else None for name in ("target_or_base", "actual"))
    return base, actual


def _name(case: Case) -> str:
    return "-".join(case[name] for name in ("case", "direction", "target_or_base", "actual") if case[name])


def _completed(case: Case, period: Period, make: Callable[..., Indicator]) -> tuple[str, str]:
    direction = case["direction"]
    kind = "zero" if direction == "zero" else "target"
    ceiling = "是" if direction == "ceiling" else None
    row = make(kind=kind, direction="down" if direction in ("down", "zero") else "up", ceiling=ceiling)
    target, actual = _figures(case)
    done = completion(row, period, target, actual)
    if done.rate is None:
        return "", done.state
    shown = max(done.rate, Fraction(0))
    text = rate_text(shown, () if period.whole_year else [period.time_progress])
    assert target is not None
    assert actual is not None
    return text or f"差{amount(abs(target - actual))}", done.state


def test_there_are_cases() -> None:
    assert len(CASES) == 87


@pytest.mark.parametrize("case", [c for c in CASES if c["case"] == "rate"], ids=_name)
def test_completion_rate(case: Case, indicator: Callable[..., Indicator]) -> None:
    assert _completed(case, YEAR, indicator) == (case["expect"], case["state"]), case["why"]


@pytest.mark.parametrize("case", [c for c in CASES if c["case"].startswith("progress_")], ids=_name)
def test_completion_rate_in_part_of_a_year(case: Case, indicator: Callable[..., Indicator]) -> None:
    period = Period(2021, int(case["case"].removeprefix("progress_")))
    assert _completed(case, period, indicator) == (case["expect"], case["state"]), case["why"]


@pytest.mark.parametrize("case", [c for c in CASES if c["case"] == "rate_share"], ids=_name)
def test_share(case: Case, indicator: Callable[..., Indicator]) -> None:
    whole, part = _figures(case)
    done = share_completion(indicator(kind="ratio", whole="S01"), YEAR, part, whole, None, None)
    assert (rate_text(done.rate) if done.rate is not None else "") == case["expect"], case["why"]
    assert done.state == (case["state"] or "reported")


@pytest.mark.parametrize("case", [c for c in CASES if c["case"] in ("yoy_amount", "yoy_count", "yoy_zero")], ids=_name)
def test_change(case: Case, indicator: Callable[..., Indicator]) -> None:
    kind, unit = {"yoy_amount": ("count", "万元"), "yoy_count": ("count", "件"), "yoy_zero": ("zero", "起")}[
        case["case"]
    ]
    made = change(indicator(kind=kind, unit=unit), YEAR, *_figures(case))
    assert made.state == case["state"], case["why"]
    if case["expect"] == "0.0%":  # equal figures are told as 持平
        assert made.change == 0
    else:
        told = "" if made.change is None or made.small_base else change_text(made.change) or ""
        assert told == case["expect"], case["why"]


@pytest.mark.parametrize("case", [c for c in CASES if c["case"] == "yoy_share"], ids=_name)
def test_change_of_a_share(case: Case, indicator: Callable[..., Indicator]) -> None:
    base, current = (None if figure is None else Fraction(figure) for figure in _figures(case))
    made = share_change(indicator(kind="ratio", whole="S01"), indicator(), YEAR, base, current)
    assert made.state == case["state"], case["why"]
    told = ""
    if made.state in ("up", "down", "flat"):
        assert base is not None
        assert current is not None
        told = f"{points_text(current, [base]).differences[0]}个百分点"
    assert told == case["expect"], case["why"]


def test_every_case_is_tested() -> None:
    known = {"rate", "rate_share", "yoy_amount", "yoy_count", "yoy_zero", "yoy_share"}
    assert {c["case"] for c in CASES if not c["case"].startswith("progress_")} == known
