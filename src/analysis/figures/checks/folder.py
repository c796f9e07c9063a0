"""Files of the returns' folder that are no department's: nothing that was sent is passed over."""

from collections.abc import Iterator

from analysis.figures.checks.registry import Across, Told, check, rule
from analysis.intake.checks.registry import Passed
from analysis.intake.found import Found, Place

FILE_UNKNOWN = rule("file_unknown", "files", "reason", "todo")
NOBODY = "未认出部门"
"""Who a file belongs to that is no department's."""


@check
def files_are_understood(across: Across) -> Iterator[Told]:
    """Every file of the folder is a department's, or the office's own."""
    for sighting in across.strays:
        yield NOBODY, Found(FILE_UNKNOWN, Place(sighting.file), {"reason": sighting.reason, "todo": sighting.remedy})
    if not across.strays:
        yield NOBODY, Passed(FILE_UNKNOWN)
