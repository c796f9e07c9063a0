"""Which period a run without a period is for."""

from datetime import date

import pytest

from analysis.running.scheduled.runs import due
from analysis.scheme import Period


@pytest.mark.parametrize(
    ("there", "today", "expected"),
    [
        ("2021-08 2021-09 2021-10", "2021-10-05", "2021-09"),  # October is not over
        ("2020 2021-09 2021", "2021-12-31", "2021-09"),  # nor is the year
        ("2021-11 2021", "2022-01-05", "2021"),  # the whole year comes after its parts
        ("2021-09", "2021-12-05", "2021-09"),  # by quarters: late returns still come in
        ("2021 2022-03", "2022-03-31", "2021"),
        ("2021", "2022-06-30", "2021"),  # six months
        ("2021", "2022-07-01", None),  # its time has passed; it stays as it was reported
        ("2021", "2021-06-05", None),  # folders made in advance
        ("", "2022-01-05", None),
    ],
)
def test_the_last_period_that_is_over(there: str, today: str, expected: str | None) -> None:
    found = due([Period.parse(text) for text in there.split()], date.fromisoformat(today))
    assert found == (Period.parse(expected) if expected else None)
