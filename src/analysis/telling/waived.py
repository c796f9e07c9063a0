"""Gaps that a named person waived (豁免): told as 数据暂缺 instead of marked, with the reasons in the annex."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from analysis.scheme import Facts, Scheme
from analysis.scheme.facts import Waiver
from analysis.telling.spans import Block, Chapter, Gap, Heading, Name, Paragraph, Span, Spans, Table, Text, say

WAIVED = "数据暂缺"


def waiver_of(gap: Gap, facts: Facts, owing: Collection[str]) -> Waiver | None:
    """The waiver that covers a gap: its indicator's, or that of a department whose return is owed."""
    return facts.waiver_for(gap.department, gap.code, gap.department in owing)


def with_waivers(chapters: Sequence[Chapter], scheme: Scheme, facts: Facts, owing: Collection[str]) -> list[Chapter]:
    """Tell the waived gaps of chapters as 数据暂缺; the others stay marked.

    A gap that is all of its paragraph (words or projects of a row) is told with the row's name: nothing else says whose.

    Args:
        chapters: as told.
        scheme: with the rows' names.
        facts: with the waivers.
        owing: departments that have not returned, or whose return was refused.
    """
    if not facts.waivers:
        return list(chapters)

    def is_waived(span: Span) -> bool:
        return isinstance(span, Gap) and waiver_of(span, facts, owing) is not None

    def told(spans: Spans) -> Spans:
        return tuple(Text(WAIVED) if is_waived(span) else span for span in spans)

    def block_told(block: Block) -> Block:
        match block:
            case Paragraph(spans=(Gap() as gap,)) if is_waived(gap):
                return replace(block, spans=say(Name(scheme[gap.code].name), f"：{WAIVED}。"))
            case Paragraph() | Heading():
                return replace(block, spans=told(block.spans))
            case Table():
                return replace(block, rows=tuple(tuple(told(cell) for cell in row) for row in block.rows))
        return block

    return [replace(chapter, blocks=tuple(block_told(block) for block in chapter.blocks)) for chapter in chapters]


def waivers_table(scheme: Scheme, facts: Facts, used: Collection[Waiver]) -> Table | None:
    """The reasons of what was waived, for the annex; none where nothing was."""
    rows = [
        (
            (Name(_subject(scheme, waiver)),),
            say(Name(waiver.reason)),
            (Name(waiver.by),),
            (Name(f"{waiver.on:%Y-%m-%d}"),),
        )
        for waiver in facts.waivers
        if waiver in used
    ]
    if not rows:
        return None
    return Table(
        "经批准暂缺的数据", ("对象", "理由", "批准人", "日期"), (24, 50, 12, 14), tuple(rows), anchor="annex-waivers"
    )


def _subject(scheme: Scheme, waiver: Waiver) -> str:
    indicator = scheme.by_code.get(waiver.subject)
    return f"{indicator.code} {indicator.name}" if indicator else waiver.subject
