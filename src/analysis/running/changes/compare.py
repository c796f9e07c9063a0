"""Two reports of the same town and period compared."""

from analysis.running.changes.figures import figure_changes
from analysis.running.changes.model import Changes
from analysis.running.changes.sentences import sentence_changes
from analysis.running.changes.standing import files, points
from analysis.running.changes.telling import Telling
from analysis.running.verify.origins import UNIT


def compare(before: Telling, after: Telling, against: str) -> Changes:
    """Say what changed.

    Args:
        before: the earlier report.
        after: the later one.
        against: what the earlier one is called: `上一次运行`, `定稿 final-1`.

    Raises:
        ValueError: a report has more sentences than any has.
    """
    units = {match[0] for t in (before, after) for f in t.figures if (match := UNIT.search(f.text)) and match[0]}
    causes, renamed = figure_changes(before, after)
    sentences, renumbered = sentence_changes(before, after, units)
    return Changes(
        str(after.manifest.get("title", "")),
        against,
        points(before, after),
        files(before, after),
        causes,
        sentences,
        renamed,
        renumbered,
        bool(after.manifest.get("example")),
    )
