"""What a cell of the annex holds."""

from decimal import Decimal
from fractions import Fraction

from analysis.figures.exact import amount, grouped
from analysis.figures.model import Assessment
from analysis.telling.spans import Figure, Name, Span

Spans = tuple[Span, ...]
NONE: Spans = (Name("—"),)


def figure_cell(number: Decimal, role: str, row: Assessment, source: str | None, unit: str = "") -> Figure:
    """A figure of an indicator, as it was returned."""
    text = grouped(amount(number))
    return Figure(text, unit, row.code, f"table.{role}", Fraction(number), (source,) if source else ())
