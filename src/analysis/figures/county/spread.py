"""How the townships differ: quartiles of their rates, outliers by the quartiles' fences, ranking with ties."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

FENCE = Fraction(3, 2)
"""How many interquartile ranges beyond a quartile a fence lies (Tukey)."""
LEAST_DISTANCE = Fraction(1, 10)
"""An outlier also lies this far from its quartile: where most townships have the same rate, the fences are of no width."""
LEAST_TOWNSHIPS = 5
"""Of fewer townships quartiles say nothing."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of an indicator's rates over the townships, exact (1 for 100 %)."""

    towns: int
    lowest: Fraction
    first: Fraction
    median: Fraction
    third: Fraction
    highest: Fraction

    @property
    def fences(self) -> tuple[Fraction, Fraction]:
        """Rates below the one and above the other are outliers."""
        beyond = max(FENCE * (self.third - self.first), LEAST_DISTANCE)
        return self.first - beyond, self.third + beyond


def spread_of(rates: Iterable[Fraction]) -> Spread | None:
    """The spread of rates; None of fewer than `LEAST_TOWNSHIPS`."""
    found = sorted(rates)
    if len(found) < LEAST_TOWNSHIPS:
        return None
    first, median, third = (quantile(found, Fraction(part, 4)) for part in (1, 2, 3))
    return Spread(len(found), found[0], first, median, third, found[-1])


def quantile(ordered: Sequence[Fraction], part: Fraction) -> Fraction:
    """A quantile by linear interpolation between the two nearest, as Excel's QUARTILE.INC gives it, exact."""
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def outliers(rates: Mapping[str, Fraction]) -> list[str]:
    """The townships whose rate lies outside the fences, the farthest from the median first."""
    spread = spread_of(rates.values())
    if spread is None:
        return []
    low, high = spread.fences
    outside = [town for town, rate in rates.items() if not low <= rate <= high]
    return sorted(outside, key=lambda town: -abs(rates[town] - spread.median))


@dataclass(frozen=True, slots=True)
class Extremes:
    """The townships with the highest and the lowest rate, several where they tie; both empty where all have the same."""

    highest: tuple[str, ...]
    lowest: tuple[str, ...]


def extremes(rates: Mapping[str, Fraction]) -> Extremes:
    """The highest and the lowest of the townships' rates."""
    if len(set(rates.values())) < 2:
        return Extremes((), ())
    high, low = max(rates.values()), min(rates.values())
    return Extremes(
        tuple(town for town, rate in rates.items() if rate == high),
        tuple(town for town, rate in rates.items() if rate == low),
    )


@dataclass(frozen=True, slots=True)
class Rank:
    """A township's place by the share of its assessed rows that are done.

    Attributes:
        place: 1 for the best; townships that tie share it, and the next place is left out.
        tied: whether another township has the same place.
        assessed: rows that count: all assessed ones but those not due yet and those that nobody could judge.
        done: of these, those that are done, or in a part of a year on track.
        not_reported: of these, those that were not returned; they count as not done.
    """

    town: str
    place: int
    tied: bool
    assessed: int
    done: int
    not_reported: int

    @property
    def share(self) -> Fraction:
        """Done of assessed, exact."""
        return Fraction(self.done, self.assessed)


DONE = ("完成",)
ON_TRACK = ("on_track", "within")
NOT_JUDGED = ("no_target", "not_meaningful", "no_cases")


def ranked(standings: Mapping[str, Counter[tuple[str, str]]]) -> list[Rank]:
    """Rank townships by what they have done of what they are assessed on.

    A figure that was not returned counts among the assessed and not among the done, so that nobody rises by leaving it
    out. Rows without a target, without a case or not due yet are no township's doing and count for nothing.

    Returns:
        The best first, those that tie in the order given; a township of which nothing is assessed has no place.
    """
    counted = []
    for town, standing in standings.items():
        rows = {key: n for key, n in standing.items() if key[0] != "未到期" and key[1] not in NOT_JUDGED}
        done = sum(n for (outcome, state), n in rows.items() if outcome in DONE or state in ON_TRACK)
        owed = sum(n for (_, state), n in rows.items() if state == "not_reported")
        if assessed := sum(rows.values()):
            counted.append((Fraction(done, assessed), town, assessed, done, owed))
    counted.sort(key=lambda one: -one[0])
    shares = [share for share, *_ in counted]
    first = {share: place for place, share in reversed(list(enumerate(shares, 1)))}
    many = Counter(shares)
    return [
        Rank(town, first[share], many[share] > 1, assessed, done, owed) for share, town, assessed, done, owed in counted
    ]
