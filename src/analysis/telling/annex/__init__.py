"""The annex (附): every indicator with its figures, state and cells; projects, duties, villages; who has returned."""

from analysis.telling.annex.chapter import annex
from analysis.telling.annex.indicators import HEADS, NONE, indicator_row

__all__ = ["HEADS", "NONE", "annex", "indicator_row"]
