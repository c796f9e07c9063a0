"""What was expected against what was sent: every project of the target book, and no file that nobody knows."""

import difflib
from collections.abc import Iterator

from analysis.figures.checks.registry import Across, Told, check, rule
from analysis.intake.checks.registry import Passed
from analysis.intake.found import Found, Place
from analysis.scheme.facts import name_key

PROJECT_MISSING = rule("project_missing", "projects_book", "hint")
NEAR = 0.5
"""From which similarity on a returned project is offered for one of the book."""
FILE_UNKNOWN = rule("file_unknown", "files", "reason", "todo")
NOBODY = "未认出部门"
"""Who a file belongs to that is no department's."""


@check
def projects_of_the_book_are_returned(across: Across) -> Iterator[Told]:
    """A project that the target book sets under another name than the return would be told as owed: the near name is offered."""
    for project in across.projects:
        if project.sheet:
            if (project.code, name_key(project.item)) in across.facts.targets:
                yield project.department, Passed(PROJECT_MISSING)
            continue
        others = [other.item for other in across.projects if other.code == project.code and other.sheet]
        near = difflib.get_close_matches(project.item, others, n=1, cutoff=NEAR)
        hint = f"是否是“{near[0]}”？请统一名称" if near else "请在“项目”表中补上"
        place = Place(project.file, "", project.item_cell or "", project.code)
        yield project.department, Found(PROJECT_MISSING, place, {"found": project.item, "hint": hint})


@check
def files_are_understood(across: Across) -> Iterator[Told]:
    """Every file of the folder is a department's, or the office's own."""
    for sighting in across.strays:
        yield NOBODY, Found(FILE_UNKNOWN, Place(sighting.file), {"reason": sighting.reason, "todo": sighting.remedy})
    if not across.strays:
        yield NOBODY, Passed(FILE_UNKNOWN)
