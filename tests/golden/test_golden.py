"""Whole reports against kept ones. After a change that is meant: `make golden`, and read the diff before committing."""

from collections.abc import Callable
from pathlib import Path

import example
import pytest

KEPT = Path(__file__).parent


@pytest.mark.parametrize("period", ["2019", "2020", "2021", "2021-09"])
def test_the_example_report_says_what_it_said(
    period: str, told_example: Callable[[str], object], request: pytest.FixtureRequest
) -> None:
    text = "\n".join(example.lines_of(told_example(period).report)) + "\n"
    kept = KEPT / f"qinghe-{period}.txt"
    if request.config.getoption("--renew"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")
