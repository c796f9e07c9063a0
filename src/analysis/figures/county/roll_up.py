"""Running totals over the townships: exact decimals, each total with the number of townships that it is of."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, localcontext
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc

from analysis.figures.county.partitions import FIGURES, WANTED, Partitions
from analysis.scheme import Scheme

NOTHING = Decimal(0)
BASES = ("reported", "aimed", "compared")
KEPT = ("target", "ratio")
"""The kinds whose townships are compared with each other by their rates."""


@dataclass(slots=True)
class Basis:
    """A set of townships, and the totals of an indicator's figures over just these."""

    towns: int = 0
    target: Decimal = NOTHING
    actual: Decimal = NOTHING
    base: Decimal = NOTHING
    whole: Decimal = NOTHING
    whole_base: Decimal = NOTHING
    carried: Decimal = NOTHING
    base_carried: Decimal = NOTHING

    def add(self, towns: int, figures: Mapping[str, Decimal]) -> None:
        """Add townships; the sums are exact."""
        self.towns += towns
        with localcontext() as context:
            context.prec = 80
            for name, number in figures.items():
                setattr(self, name, getattr(self, name) + number)


@dataclass(slots=True)
class Total:
    """An indicator of a year over all townships.

    A rate holds for the townships whose figures went into both of its operands, and for no others: hence three sets.

    Attributes:
        asked: townships that the indicator is asked of and whose tables are there.
        reported: townships that returned it (a ratio: its whole as well).
        aimed: of these, those with a target.
        compared: of these, those with a base (a ratio: a base share that can be told).
        lowest_target, highest_target: among `aimed`; of ratios, whose target rates can't be added.
        lowest, highest: among `reported`; of facts, which can't be added.
        states: how many townships are in which state.
        zero_years: of a zero commitment that all kept, the fewest years running.
        planned: of a target, the months in which the townships plan it where it is not due; this year.
    """

    asked: int = 0
    reported: Basis = field(default_factory=Basis)
    aimed: Basis = field(default_factory=Basis)
    compared: Basis = field(default_factory=Basis)
    lowest_target: Decimal | None = None
    highest_target: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    states: Counter[str] = field(default_factory=Counter)
    zero_years: int | None = None
    planned: set[str] = field(default_factory=set)


@dataclass
class RollUp:
    """What a roll-up gives: its size grows with indicators and townships, never with the rows that were read.

    Attributes:
        totals: by year and code.
        standings: by township, how many of its assessed rows are in which outcome and state, this year.
        rates: by code, each township's completion rate or share, this year; a target that is not due has none to compare.
        missing: by code, the townships that have not returned it, this year.
        found: by code and state, the townships in it, of rows told one by one: zero commitments, duties, projects.
    """

    totals: dict[tuple[int, str], Total] = field(default_factory=dict)
    standings: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    rates: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)
    found: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def total(self, year: int, code: str) -> Total:
        """The total of an indicator, an empty one where no township has it."""
        return self.totals.get((year, code), Total())


def roll_up(partitions: Partitions, scheme: Scheme, year: int) -> RollUp:
    """Roll townships up, one batch in memory at a time.

    Args:
        partitions: where their tables lie.
        scheme: the indicators of the edition; rows of others are passed over.
        year: the year that is reported on; of others the totals alone are kept.
    """
    rolled = RollUp()
    for batch in partitions.batches(WANTED):
        add_batch(rolled, batch, scheme, year)
    return rolled


def add_batch(rolled: RollUp, batch: pa.Table, scheme: Scheme, year: int) -> None:
    """Add a batch of townships' rows."""
    for one in sorted(pc.unique(batch["year"]).to_pylist()):
        asked = scheme.in_year(one)
        kinds = {indicator.code: indicator.kind for indicator in asked}
        codes = pa.array([indicator.code for indicator in asked], pa.string())
        rows = batch.filter(pc.and_(pc.equal(batch["year"], one), pc.is_in(batch["code"], codes)))
        if not rows.num_rows:
            continue
        ratios = pa.array([code for code, kind in kinds.items() if kind == "ratio"], pa.string())
        _add_totals(rolled, rows, pc.is_in(rows["code"], ratios), one)
        if one == year:
            _add_standings(rolled, rows)
            _add_townships(rolled, rows, kinds, year)


def _add_totals(rolled: RollUp, rows: pa.Table, ratio: pa.ChunkedArray, year: int) -> None:
    there = {name: pc.is_valid(rows[name]) for name in (*FIGURES, "base_share")}
    whole = pc.or_(pc.invert(ratio), there["whole"])
    reported = pc.and_(there["actual"], whole)
    # A base share is unknown where last year's carried-over cases are; nothing of nothing has none, and adds nothing.
    none = pc.fill_null(pc.and_(pc.equal(rows["base"], NOTHING), pc.equal(rows["whole_base"], NOTHING)), False)
    base = pc.and_(there["base"], pc.or_(pc.invert(ratio), pc.or_(there["base_share"], none)))
    masks = {
        "reported": reported,
        "aimed": pc.and_(reported, there["target"]),
        "compared": pc.and_(reported, base),
    }
    for name, mask in masks.items():
        sums = (
            rows.filter(mask)
            .group_by("code", use_threads=False)
            .aggregate(
                [
                    *((figure, "sum") for figure in FIGURES),
                    ("target", "min_max"),
                    ("actual", "min_max"),
                    ("code", "count"),
                ]
            )
        )
        for row in sums.to_pylist():
            total = rolled.totals.setdefault((year, row["code"]), Total())
            figures = {figure: row[f"{figure}_sum"] for figure in FIGURES if row[f"{figure}_sum"] is not None}
            getattr(total, name).add(row["code_count"], figures)
            if name == "aimed":
                _widen(total, "_target", row["target_min_max"]["min"], row["target_min_max"]["max"])
            elif name == "reported":
                _widen(total, "", row["actual_min_max"]["min"], row["actual_min_max"]["max"])
    states = rows.group_by(["code", "state"], use_threads=False).aggregate([("zero_years", "min"), ("code", "count")])
    for row in states.to_pylist():
        total = rolled.totals.setdefault((year, row["code"]), Total())
        total.asked += row["code_count"]
        total.states[row["state"]] += row["code_count"]
        if row["state"] == "kept":
            years = row["zero_years_min"]
            total.zero_years = years if total.zero_years is None else min(total.zero_years, years)


def _widen(total: Total, of: str, low: Decimal | None, high: Decimal | None) -> None:
    """Let the lowest and highest, of targets or of figures, hold two more."""
    lows = [number for number in (getattr(total, f"lowest{of}"), low) if number is not None]
    highs = [number for number in (getattr(total, f"highest{of}"), high) if number is not None]
    if lows and highs:
        setattr(total, f"lowest{of}", min(lows))
        setattr(total, f"highest{of}", max(highs))


def _add_standings(rolled: RollUp, rows: pa.Table) -> None:
    assessed = rows.filter(pc.is_valid(rows["outcome"]))
    counted = assessed.group_by(["town", "outcome", "state"], use_threads=False).aggregate([("code", "count")])
    for town in pc.unique(rows["town"]).to_pylist():
        rolled.standings.setdefault(town, Counter())
    for row in counted.to_pylist():
        rolled.standings[row["town"]][row["outcome"], row["state"]] += row["code_count"]


def _add_townships(rolled: RollUp, rows: pa.Table, kinds: Mapping[str, str], year: int) -> None:
    """What is kept of each township: its rates, what it owes, where it stands with rows that are told one by one."""
    names = ("code", "state", "town", "rate", "planned_month")
    for code, state, town, rate, planned in zip(*(rows[name].to_pylist() for name in names), strict=True):
        kind = kinds[code]
        if state == "not_reported" and kind != "text":
            rolled.missing.setdefault(code, []).append(town)
        if state == "not_due" and planned is not None:
            rolled.totals[year, code].planned.add(planned)
        elif rate is not None and kind in KEPT:
            rolled.rates.setdefault(code, {})[town] = Fraction(rate)
        if kind not in ("count", "fact", "text"):
            rolled.found.setdefault((code, state), []).append(town)


def merged(first: RollUp, second: RollUp) -> RollUp:
    """Two roll-ups of different townships or years as one; the order of the townships is that of the parts."""
    for key, total in second.totals.items():
        _merge_total(first.totals.setdefault(key, Total()), total)
    for town, standing in second.standings.items():
        first.standings.setdefault(town, Counter()).update(standing)
    for code, rates in second.rates.items():
        first.rates.setdefault(code, {}).update(rates)
    for code, towns in second.missing.items():
        first.missing.setdefault(code, []).extend(towns)
    for key_of_state, towns in second.found.items():
        first.found.setdefault(key_of_state, []).extend(towns)
    return first


def _merge_total(into: Total, other: Total) -> None:
    into.asked += other.asked
    into.states.update(other.states)
    into.planned |= other.planned
    for name in BASES:
        basis: Basis = getattr(other, name)
        getattr(into, name).add(
            basis.towns, {f.name: getattr(basis, f.name) for f in fields(Basis) if f.name != "towns"}
        )
    _widen(into, "_target", other.lowest_target, other.highest_target)
    _widen(into, "", other.lowest, other.highest)
    if other.zero_years is not None:
        years = other.zero_years
        into.zero_years = years if into.zero_years is None else min(into.zero_years, years)


def fold(parts: Iterable[RollUp]) -> RollUp:
    """Roll-ups of parts as one."""
    whole = RollUp()
    for part in parts:
        whole = merged(whole, part)
    return whole
