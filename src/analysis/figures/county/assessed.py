"""The county's own assessment of each indicator, from its totals: rates and changes of totals, never means of rates."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis.figures.change import change, share_change
from analysis.figures.completion import Completion, completion, share, share_completion
from analysis.figures.county.roll_up import Basis, RollUp, Total
from analysis.figures.exact import typed
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
    target = basis.target if with_target and indicator.has_target else None
    if target is not None and indicator.kind == "ratio":
        # Target rates can't be added; one that all townships share is the county's.
        target = total.lowest_target if total.lowest_target == total.highest_target else None
    base = basis.base if with_base else None
    if indicator.kind != "ratio":
        done = _of_total(indicator, period, total, target, basis.actual)
        planned = _planned(total) if done.state == "not_due" else None
        changed = change(indicator, period, base, basis.actual)
        return Assessment(
            code,
            OWING,
            done.state,
            done.outcome,
            **_sourced(code, name, target=target, actual=basis.actual, base=base),
            rate=done.rate,
            change_state=changed.state,
            change=changed.change,
            change_absolute=changed.absolute,
            small_base=changed.small_base,
            zero_years=total.zero_years or 0 if done.state == "kept" else 0,
            planned_month=planned,
            planned_source=_source(code, name, "planned_month") if planned else None,
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


def _of_total(
    indicator: Indicator, period: Period, total: Total, target: Decimal | None, actual: Decimal
) -> Completion:
    """Completion of a total; one behind the time progress is not due as long as a township's part of it isn't.

    What a township plans for December can't be lacking in September; who is behind without such a plan is named beside it.
    """
    done = completion(indicator, period, target, actual)
    if done.state == "behind" and total.states["not_due"]:
        return Completion(done.rate, "not_due")
    return done


def _planned(total: Total) -> str | None:
    """The month in which the target is planned by all townships that are not done; None where they plan several, or none."""
    alone = not (total.states["behind"] or total.states["on_track"])
    return next(iter(total.planned)) if alone and len(total.planned) == 1 else None


def _sourced(code: str, basis: str, **figures: Decimal | None) -> dict[str, Any]:
    """The fields of figures and of their sources."""
    found: dict[str, Any] = {}
    for name, number in figures.items():
        if number is not None:
            found[name] = typed(number)
            found[f"{name}_source"] = _source(code, basis, name)
    return found


def _source(code: str, basis: str, name: str) -> str:
    """The mark that telling replaces by the townships' own cells."""
    return reference(TOTALS, f"{code}.{basis}", name)
