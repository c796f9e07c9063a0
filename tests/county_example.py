"""A made-up county: the example township's computed tables, perturbed township by township, always in the same way."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import example
import pandas as pd

from analysis.figures.change import change, share_change
from analysis.figures.completion import completion, share, share_completion
from analysis.figures.model import Assessment, to_frame
from analysis.intake.store import save_frame
from analysis.scheme import Indicator, Period, Scheme
from analysis.scheme.county import County, CountyFacts, Township
from analysis.telling.material import Material

ROOT = Path(__file__).resolve().parents[1]
YEAR = Period(2021)
FIGURES = ("target", "actual", "base", "whole", "whole_base", "carried", "base_carried")
FIVE = {"qinghe": "青禾镇", "liuping": "柳坪镇", "baishui": "白水镇", "nanshan": "南山乡", "yunling": "云岭乡"}
SIX = {**FIVE, "dongpo": "东坡乡"}


@dataclass(frozen=True)
class Change:
    """What a township does otherwise: a factor for its figures, figures of its own, figures that it left out."""

    factor: Fraction = Fraction(1)
    own: Mapping[str, Mapping[str, Decimal | None]] = field(default_factory=dict)
    left_out: Sequence[str] = ()


@cache
def base_material(year: str = "2021") -> tuple[Material, pd.DataFrame]:
    """The example township's own, computed once."""
    return example.material_of(ROOT, year, Path("nothing-kept"))


def assessment(scheme: Scheme, indicator: Indicator, period: Period, row: Assessment) -> Assessment:
    """A row with its rate, state and change computed again from its figures, as stage 2 does."""
    if not indicator.numeric:
        return row
    if indicator.kind == "ratio":
        rate = None if row.target is None else Fraction(row.target) / 100
        done = share_completion(indicator, period, row.actual, row.whole, row.carried, rate)
        base_share = share(row.base, row.whole_base, row.base_carried)
        changed = share_change(indicator, scheme[indicator.whole or ""], period, base_share, done.rate)
    else:
        base_share = None
        done = completion(indicator, period, row.target, row.actual, row.planned_month)
        changed = change(indicator, period, row.base, row.actual)
    assessed = indicator.kind in ("target", "zero") or (indicator.kind == "ratio" and row.target is not None)
    return replace(
        row,
        state=done.state,
        outcome=done.outcome if assessed else None,
        rate=done.rate,
        base_share=base_share,
        change_state=changed.state,
        change=changed.change,
        change_absolute=changed.absolute,
        small_base=changed.small_base,
    )


def township(change_of: Change, year: str = "2021") -> list[Assessment]:
    """The rows of a made-up township."""
    material, _ = base_material(year)
    scheme, period = material.scheme, material.facts.period
    rows = {}
    for row in material.assessments:
        indicator = scheme[row.code]
        rows[row.code] = row
        if not indicator.numeric:
            continue
        figures: dict[str, Decimal | None] = {}
        for name in FIGURES:
            number = getattr(row, name)
            if number is not None and indicator.kind not in ("zero", "fact") and not _is_rate(indicator, name):
                # Targets move less than figures, so that the townships' rates differ.
                factor = (change_of.factor + 1) / 2 if name in ("target", "base") else change_of.factor
                number = scaled(number, factor, indicator.expected_decimals)
            figures[name] = number
        figures |= change_of.own.get(row.code, {})
        if row.code in change_of.left_out:
            figures["actual"] = None
        rows[row.code] = replace(row, **figures)
    for code, row in rows.items():  # a whole is its own row's figure, a part at most its whole
        indicator = scheme[code]
        if indicator.whole is not None:
            whole = rows[indicator.whole]
            part = None if row.actual is None or whole.actual is None else min(row.actual, whole.actual)
            base = None if row.base is None or whole.base is None else min(row.base, whole.base)
            rows[code] = replace(row, actual=part, base=base, whole=whole.actual, whole_base=whole.base)
    return [assessment(scheme, scheme[code], period, row) for code, row in rows.items()]


def _is_rate(indicator: Indicator, name: str) -> bool:
    return indicator.kind == "ratio" and name == "target"


def scaled(number: Decimal, factor: Fraction, decimals: int) -> Decimal:
    exact = Fraction(number) * factor
    quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
    return quotient.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


CHANGES: dict[str, Change] = {
    "qinghe": Change(),
    "liuping": Change(Fraction(11, 10), {"B02": {"actual": Decimal(400), "target": Decimal(400)}}),
    "baishui": Change(Fraction(9, 10), {"P05": {"actual": Decimal(2)}, "H06": {"actual": Decimal(1)}}),
    "nanshan": Change(Fraction(4, 5), {"G09": {"base": None}, "L02": {"actual": Decimal(2000)}}, ("B03", "B04")),
    "yunling": Change(Fraction(6, 5), {"E06": {"target": None}}),
}


def write(processed: Path, town: str, rows: Sequence[Assessment], period: str = "2021", errors: int = 0) -> None:
    """What stage 2 writes of a township, as far as the county reads it."""
    _, submissions = base_material(period if period in ("2019", "2020") else "2021")
    save_frame(to_frame(rows, Assessment), processed / town / period / "indicators.parquet")
    clean = submissions.assign(errors=0, waived=0)
    clean.loc[0, "errors"] = errors
    save_frame(clean, processed / town / period / "submissions.parquet")


def county(names: Mapping[str, str] = FIVE, period: Period = YEAR, left_out: Sequence[str] = ()) -> County:
    facts = CountyFacts(
        name="云川县",
        addressee="云川县人民政府",
        signature="云川县目标责任考核办公室",
        report_dates={str(period): date(2022, 1, 20)},
    )
    return County(facts, period, date(2022, 1, 20), tuple(Township(*one) for one in names.items()), frozenset(left_out))


def write_copies(processed: Path, names: Sequence[str], changes: Sequence[Change], period: str = "2021") -> None:
    """Many townships, as the changes go round."""
    first = names[: len(changes)]
    for town, change_of in zip(first, changes, strict=True):
        write(processed, town, township(change_of), period)
    for number, town in enumerate(names[len(changes) :]):
        shutil.copytree(processed / first[number % len(changes)], processed / town)


@cache
def of_five(town: str) -> list[Assessment]:
    """The rows of one of the five, computed once."""
    return township(CHANGES[town])


def write_five(processed: Path) -> None:
    """The five made-up townships of 2021."""
    for town in FIVE:
        write(processed, town, of_five(town), errors=len(CHANGES[town].left_out))
