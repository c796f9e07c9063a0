"""What the report would say of one indicator, in its own words."""

from fractions import Fraction

from analysis.figures.exact import MOST_DECIMALS
from analysis.figures.printed import percent, rate_text
from analysis.scheme import Indicator
from analysis.telling.helpers import Helpers
from analysis.telling.markers import blocks_of
from analysis.telling.material import Material
from analysis.telling.spans import Heading, Paragraph, text_of


def sentence_of(material: Material, code: str) -> str:
    """The sentence of an indicator with a figure, its name for a lead (a chapter's template may call it otherwise)."""
    helpers = Helpers(material)
    told = helpers.tell(code) + "。"
    blocks = blocks_of(told, helpers.marks, "explore")
    return "".join(text_of(block.spans) for block in blocks if isinstance(block, Paragraph | Heading))


def share_text(share: Fraction) -> str:
    """A share as printed, with four decimals where fewer would put it on the wrong side of 0 or 100 %."""
    return rate_text(share) or percent(share, MOST_DECIMALS)


def with_unit(indicator: Indicator) -> str:
    """An indicator's name with its unit, as charts head it."""
    return f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name


def months_of(material: Material) -> str:
    """`（1—9月）` for a part of a year, nothing for a whole one."""
    months = material.facts.period.months
    return f"（{months}）" if months else ""
