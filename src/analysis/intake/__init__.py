"""Stage 1: which file is whose, workbook → typed values with their cells, and the checks that need one workbook alone.

The way in is `ingest` for one department and `read_period` for all of a period; `first_look` tells which file is whose.
Whatever stands in a workbook is data of somebody else: it is read within bounds, and nothing in it is run or followed.
"""

from analysis.intake.ingest import Ingested, ingest, read_period
from analysis.intake.look import first_look
from analysis.intake.sighting import Sighting

__all__ = ["Ingested", "Sighting", "first_look", "ingest", "read_period"]
