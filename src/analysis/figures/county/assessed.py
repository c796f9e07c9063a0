"""The county's own assessment of each indicator, from its totals: rates and changes of totals, never means of rates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis.figures.change import change, share_change
from analysis.figures.completion import completion, share, share_completion
from analysis.figures.county.partitions import CELLS, FIGURES, Partitions
from analysis.figures.county.roll_up import Basis, RollUp, Total
from analysis.figures.exact import plain
from analysis.figures.model import Assessment, reference
from analysis.scheme import Indicator, Period, Scheme

TOTALS = "各乡镇"
"""How a source names the file of a figure that is a total; telling replaces it by the townships' own cells."""
OWING = "各乡镇"


def assessed(scheme: Scheme, period: Period, rolled: RollUp) -> list[Assessment]:
    """Each indicator of the year over the townships that returned it.

    A target or a base is in it only where every township that returned the figure has one: what stands in one sentence has
    to be of the same townships. `of_basis` gives the others.
    """
    return [_assessment(scheme, indicator, period, rolled) for indicator in scheme.in_year(period.year)]


def _assessment(scheme: Scheme, indicator: Indicator, period: Period, rolled: RollUp) -> Assessment:
    total = rolled.total(period.year, indicator.code)
    if indicator.kind in ("fact", "status", "project", "text"):  # not to be added up
        return Assessment(indicator.code, OWING, "reported" if total.asked else "not_reported")
    if not total.reported.towns:
        return Assessment(indicator.code, OWING, "not_reported")
    return of_basis(scheme, indicator, period, total, total.reported, "reported")


def of_basis(scheme: Scheme, indicator: Indicator, period: Period, total: Total, basis: Basis, name: str) -> Assessment:
    """An indicator over one set of townships: those that returned it, those with a target, those with a base."""
    code = indicator.code
    # Two sets of as many townships need not be the same ones, but one of as many as returned is all of these.
    with_target = name == "aimed" or total.aimed.towns == total.reported.towns
    with_base = name == "compared" or total.compared.towns == total.reported.towns
    target = basis.target if with_target and indicator.kind in ("target", "ratio") else None
    if (
        target is not None and indicator.kind == "ratio"
    ):  # target rates can't be added; one that all share is the county's
        target = total.lowest_target if total.lowest_target == total.highest_target else None
    base = basis.base if with_base else None
    if indicator.kind != "ratio":
        done = completion(indicator, period, target, basis.actual)
        changed = change(indicator, period, base, basis.actual)
        return Assessment(
            code,
            OWING,
            done.state,
            done.outcome,
            **_sourced(code, name, target=target, actual=_typed(basis.actual), base=base),
            rate=done.rate,
            change_state=changed.state,
            change=changed.change,
            change_absolute=changed.absolute,
            small_base=changed.small_base,
            zero_years=total.zero_years or 0 if done.state == "kept" else 0,
        )
    carried = basis.carried or None
    rate = None if target is None else Fraction(target) / 100
    done = share_completion(indicator, period, basis.actual, basis.whole, carried, rate)
    whole_base = basis.whole_base if with_base else None
    base_carried = basis.base_carried or None
    base_share = share(base, whole_base, base_carried)
    changed = share_change(indicator, scheme[indicator.whole or ""], period, base_share, done.rate)
    return Assessment(
        code,
        OWING,
        done.state,
        None if target is None else done.outcome,
        **_sourced(
            code,
            name,
            target=target,
            actual=basis.actual,
            base=base,
            whole=basis.whole,
            whole_base=whole_base,
            carried=carried,
            base_carried=base_carried if with_base else None,
        ),
        rate=done.rate,
        base_share=base_share,
        change_state=changed.state,
        change=changed.change,
    )


def _typed(number: Decimal) -> Decimal:
    return Decimal(plain(number))


def _sourced(code: str, basis: str, **figures: Decimal | None) -> dict[str, Any]:
    """The fields of figures and of their sources, each a mark that telling replaces by the townships' own cells."""
    found: dict[str, Any] = {}
    for name, number in figures.items():
        if number is not None:
            found[name] = _typed(number)
            found[f"{name}_source"] = reference(TOTALS, f"{code}.{basis}", name)
    return found


@dataclass(frozen=True, slots=True)
class Detail:
    """A township's own figures of an indicator in a year, with their cells; rate and last year's share exact."""

    town: str
    year: int
    code: str
    state: str
    outcome: str | None
    rate: Fraction | None
    figures: Mapping[str, Decimal]
    cells: Mapping[str, str]
    base_share: Fraction | None = None

    def is_in(self, basis: str, ratio: bool) -> bool:
        """Whether it went into the totals over a set of townships, as `roll_up` has it: reported, aimed, compared."""
        figures = self.figures
        reported = "actual" in figures and (not ratio or "whole" in figures)
        match basis:
            case "aimed":
                return reported and "target" in figures
            case "compared":
                nothing = figures.get("base") == 0 and figures.get("whole_base") == 0
                known = not ratio or self.base_share is not None or nothing
                return reported and "base" in figures and known
        return reported


def details(partitions: Partitions, wanted: Iterable[tuple[str, str]], year: int) -> dict[tuple[str, str], Detail]:
    """The figures of some townships' indicators with their cells, by township and code, read again for what is told by name."""
    pairs = set(wanted)
    towns = dict.fromkeys(town for town, _ in sorted(pairs))
    if not pairs:
        return {}
    return {
        (detail.town, detail.code): detail
        for detail in each_detail(partitions, towns)
        if detail.year == year and (detail.town, detail.code) in pairs
    }


def each_detail(partitions: Partitions, towns: Iterable[str] | None = None) -> Iterator[Detail]:
    """Every row of all years, one after another."""
    for batch in partitions.batches(("code", "state", "outcome", "rate", "base_share", *FIGURES, *CELLS), towns):
        for row in batch.to_pylist():
            rate, base_share = (None if row[name] is None else Fraction(row[name]) for name in ("rate", "base_share"))
            figures = {name: _typed(row[name]) for name in FIGURES if row[name] is not None}
            cells = {name: row[f"{name}_source"] for name in FIGURES if row[f"{name}_source"] is not None}
            yield Detail(
                row["town"], row["year"], row["code"], row["state"], row["outcome"], rate, figures, cells, base_share
            )
