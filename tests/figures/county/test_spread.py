"""Quartiles, outliers and ranking, with ties and what was not returned."""

import statistics
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.county.spread import extremes, outliers, ranked, spread_of

RATES = st.lists(st.fractions(0, 3, max_denominator=500), min_size=5, max_size=40)


@given(RATES)
def test_quartiles_are_those_of_the_standard_library(rates: list[Fraction]) -> None:
    spread = spread_of(rates)
    assert spread is not None
    assert [spread.first, spread.median, spread.third] == statistics.quantiles(rates, n=4, method="inclusive")
    assert (spread.lowest, spread.highest, spread.towns) == (min(rates), max(rates), len(rates))


def test_few_townships_have_no_spread_and_no_outliers() -> None:
    assert spread_of([Fraction(1)] * 4) is None
    assert outliers({"a": Fraction(1), "b": Fraction(9)}) == []


def test_outliers_lie_beyond_the_fences_the_farthest_first() -> None:
    rates = {f"t{n}": Fraction(100 + n, 100) for n in range(8)}
    assert outliers(rates) == []
    assert outliers({**rates, "far": Fraction(2), "farther": Fraction(1, 10)}) in (
        ["far", "farther"],
        ["farther", "far"],
    )
    assert outliers({**rates, "far": Fraction(2), "farther": Fraction(9)}) == ["farther", "far"]


def test_where_most_are_equal_a_small_difference_is_no_outlier() -> None:
    rates = {f"t{n}": Fraction(1) for n in range(9)}
    assert outliers({**rates, "a": Fraction(109, 100)}) == []
    assert outliers({**rates, "a": Fraction(111, 100)}) == ["a"]
    assert outliers({**rates, "a": Fraction(110, 100)}) == []  # on the fence is inside


def test_extremes_tie_and_are_none_where_all_are_equal() -> None:
    found = extremes({"a": Fraction(1), "b": Fraction(2), "c": Fraction(2), "d": Fraction(1, 2)})
    assert (found.highest, found.lowest) == (("b", "c"), ("d",))
    assert extremes({"a": Fraction(1), "b": Fraction(1)}).highest == ()


def standing(**states: int) -> Counter[tuple[str, str]]:
    outcome = {"met": "完成", "missed": "未完成", "not_reported": "无法评价", "no_target": "无法评价"}
    outcome |= {"not_due": "未到期", "on_track": "进行中", "behind": "进行中"}
    return Counter({(outcome[state], state): number for state, number in states.items()})


def test_townships_that_tie_share_a_place_and_the_next_is_left_out() -> None:
    ranks = ranked(
        {
            "a": standing(met=3, missed=1),
            "b": standing(met=6, missed=2),
            "c": standing(met=4),
            "d": standing(met=1, missed=3),
        }
    )
    assert [(rank.town, rank.place, rank.tied) for rank in ranks] == [
        ("c", 1, False),
        ("a", 2, True),
        ("b", 2, True),
        ("d", 4, False),
    ]


def test_leaving_a_figure_out_lifts_nobody() -> None:
    ranks = ranked({"told": standing(met=8, missed=2), "silent": standing(met=8, not_reported=2)})
    assert [rank.place for rank in ranks] == [1, 1]
    assert ranks[1].not_reported == 2 and ranks[1].assessed == 10


def test_what_is_no_township_s_doing_does_not_count() -> None:
    one = ranked({"a": standing(met=2, missed=2, no_target=3, not_due=5)})[0]
    assert (one.assessed, one.done, one.share) == (4, 2, Fraction(1, 2))
    part = ranked({"a": standing(met=1, on_track=1, behind=2)})[0]
    assert (part.assessed, part.done) == (4, 2)
    assert ranked({"a": standing(not_due=3)}) == []
