"""Marking a department's own workbook without loss: comments, colours and added sheets, and taking them off again.

Only the parts of the package that must change are touched; every other part keeps its bytes.
"""

from analysis.intake.marking.marked import marked, unmarked
from analysis.intake.marking.model import AddedSheet, CellMark, ListCell

__all__ = ["AddedSheet", "CellMark", "ListCell", "marked", "unmarked"]
