"""The report in a notebook: each chapter and chart displayed, with what the exporters need to know of it."""

from collections.abc import Iterator
from itertools import groupby

from IPython.display import display

from analysis.scheme import Facts
from analysis.telling.pictures import Bundle, draw
from analysis.telling.render import prose_bundle
from analysis.telling.spans import Chapter, Chart, Report
from analysis.telling.tell import Told

FACTS_TYPE = "application/vnd.gongwen+json"


def bundles(report: Report, time_progress: float | None) -> Iterator[Bundle]:
    """The displays of a report in reading order: prose between charts as one display, each chart as one."""
    for position, chapter in enumerate(report.chapters):
        groups = groupby(chapter.blocks, key=lambda block: isinstance(block, Chart))
        for number, (is_chart, group) in enumerate(groups):
            blocks = tuple(group)
            if is_chart:
                yield from (draw(block, time_progress) for block in blocks if isinstance(block, Chart))
            else:  # a name of its own for each piece: the ids of its sources begin with it
                yield prose_bundle(Chapter(f"{position}-{number}", blocks, chapter.annex), report.names)


def facts_of(told: Told, facts: Facts) -> dict[str, object]:
    """What the exporters and the pipeline need to know of a report: title, date, whether it is a draft, what is missing."""
    return {
        "title": told.report.title,
        "lang": "zh-CN",
        "date": facts.period_facts.report_date.isoformat(),
        "author": facts.town.signature,
        "draft": told.report.draft,
        "gaps": [{"code": gap.code, "department": gap.department, "text": gap.text} for gap in told.report.gaps],
        "unanswered": list(told.unanswered),
        "mentions": list(told.mentions),
        "waived": [
            {"subject": waiver.subject, "reason": waiver.reason, "by": waiver.by, "on": waiver.on.isoformat()}
            for waiver in told.report.waived
        ],
    }


def show(told: Told, facts: Facts) -> None:
    """Display a report in the notebook that calls."""
    progress = None if facts.period.whole_year else float(facts.period.time_progress)
    display({FACTS_TYPE: facts_of(told, facts)}, raw=True)  # type: ignore[no-untyped-call]
    for data, metadata in bundles(told.report, progress):
        display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
