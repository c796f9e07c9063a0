"""The figures of one indicator for one sentence: printed alike, each with its value, formula and cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from analysis.figures.change import comparable_base
from analysis.figures.exact import amount, difference, plain
from analysis.figures.model import Assessment
from analysis.figures.printed import Scaled, scaled_text
from analysis.scheme import Indicator, Period
from analysis.telling.spans import Figure


def sources(*found: str | None) -> tuple[str, ...]:
    """The cells that are known, each once, in order."""
    return tuple(dict.fromkeys(source for source in found if source))


@dataclass(frozen=True)
class Numbers:
    """An indicator with its assessment; its amounts share a unit and decimals that hold on a calculator."""

    indicator: Indicator
    row: Assessment
    period: Period
    change_bound: Decimal | None = None
    """By how many per cent a figure may change before the department's words on it are told; None tells none."""

    @property
    def last(self) -> str:
        """What the base is of: 上年, or 上年同期 for a part of a year."""
        return "上年" if self.period.whole_year else "上年同期"

    @property
    def year(self) -> str:
        """How a sentence names the period that a whole is of: 全年, or 1—9月."""
        return self.period.months or "全年"

    @cached_property
    def comparable_base(self) -> Decimal | None:
        """The base that the change is computed from; where the definition changed without a factor, the base as it is."""
        comparable = comparable_base(self.indicator, self.period, self.row.base)
        return self.row.base if comparable is None else comparable

    @cached_property
    def _difference(self) -> Decimal | None:
        if self.row.actual is None or self.row.target is None or self.indicator.kind == "ratio":
            return None
        return difference(self.row.actual, self.row.target)

    @cached_property
    def _scaled(self) -> Scaled:
        row = self.row
        target = None if self.indicator.kind == "ratio" else row.target
        difference, change = self._difference, row.change_absolute
        return scaled_text(
            [
                row.actual,
                target,
                self.comparable_base,
                None if difference is None else abs(difference),
                None if change is None else abs(change),
            ],
            self.indicator.unit or "",
            self.indicator.show_unit,
            2 if self.indicator.show_decimals is None else self.indicator.show_decimals,
            [self.period.time_progress] if row.state in ("on_track", "behind") else (),
        )

    def _amount(
        self, place: int, role: str, exact: Decimal | None, found: Iterable[str | None], formula: str = ""
    ) -> Figure:
        number = self._scaled.numbers[place]
        assert number is not None and exact is not None
        if not formula and self._scaled.unit != self.indicator.unit:
            formula = f"{plain(exact)}{self.indicator.unit}，以{self._scaled.unit}计"
        unit = self._scaled.unit
        return Figure(number, unit, self.indicator.code, role, Fraction(exact), sources(*found), formula)

    @cached_property
    def actual(self) -> Figure:
        """The figure returned."""
        return self._amount(0, "actual", self.row.actual, [self.row.actual_source])

    @cached_property
    def target(self) -> Figure:
        """The target, in the indicator's unit."""
        return self._amount(1, "target", self.row.target, [self.row.target_source])

    @cached_property
    def base(self) -> Figure:
        """The base."""
        formula = ""
        if self.row.base is not None and self.comparable_base != self.row.base:
            formula = f"{plain(self.row.base)} × {plain(self.indicator.factor or Decimal(1))}，按现行口径折算"
        return self._amount(2, "base", self.comparable_base, [self.row.base_source], formula)

    @cached_property
    def difference(self) -> Figure:
        """By how much the actual is above or below the target, without sign."""
        exact, actual, target = self._difference, self.row.actual, self.row.target
        assert exact is not None and actual is not None and target is not None
        more, less = max(actual, target), min(actual, target)
        formula = f"{plain(more)} − {plain(less)}"
        found = [self.row.actual_source, self.row.target_source]
        return self._amount(3, "difference", abs(exact), found, formula)

    @cached_property
    def change_absolute(self) -> Figure:
        """By how much the actual is above or below the base, without sign."""
        exact, base, actual = self.row.change_absolute, self.comparable_base, self.row.actual
        assert exact is not None and base is not None and actual is not None
        formula = f"{plain(max(actual, base))} − {plain(min(actual, base))}"
        return self._amount(4, "change_absolute", abs(exact), self.base_sources, formula)

    @property
    def base_sources(self) -> tuple[str, ...]:
        """The cells of the actual and the base."""
        return sources(self.row.actual_source, self.row.base_source)

    def rate(self, text: str, role: str = "rate") -> Figure:
        """The completion rate of a target, printed as `text`."""
        row = self.row
        assert row.actual is not None and row.target is not None
        formula = f"{plain(row.actual)} ÷ {plain(row.target)} × 100%"
        found = sources(row.actual_source, row.target_source)
        return Figure(text, "", self.indicator.code, role, row.rate, found, formula)

    def cell(self, number: Decimal, unit: str, role: str, source: str | None, item: str = "") -> Figure:
        """A figure that is a cell itself, in its own unit."""
        return Figure(amount(number), unit, self.indicator.code, role, Fraction(number), sources(source), item=item)
