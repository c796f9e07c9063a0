"""Which period a scheduled run is for, where none is named."""

from collections.abc import Sequence
from datetime import date

from analysis.scheme.period import Period

LATEST = 6
"""A period is due for so many months after its end: late returns of a year come until summer; an old report stays as it is."""


def due(periods: Sequence[Period], today: date) -> Period | None:
    """The last period that is over and for whose returns there is a folder; none where its time has passed as well.

    Args:
        periods: those that the township has folders of.
        today: the day of the run, as the clock of the machine has it.
    """
    month = today.year * 12 + today.month - 1
    over = [period for period in periods if 1 <= month - (period.year * 12 + period.month - 1) <= LATEST]
    return max(over, default=None)
