"""The figure audit (数字审计): no number in the report that nothing accounts for.

Figures are listed with their cells, quotations are the words of a cell, names come from the scheme, the facts and the
returns; in what is left, the text of templates and wording, a number is allowed only inside a word of `words.csv`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

import pandas as pd

from analysis.figures.completion import STATE_NAMES
from analysis.figures.model import referred
from analysis.intake.fields import PROJECT_UNITS
from analysis.scheme import SchemeProblem
from analysis.telling.material import Material
from analysis.telling.numerals import MAGNITUDES, Lexicon
from analysis.telling.spans import (
    Block,
    Chapter,
    Chart,
    Figure,
    Gap,
    Heading,
    Name,
    Quotation,
    Report,
    Span,
    Spans,
    Table,
    Text,
    spans_of,
    text_of,
)

ADD = "数字要由 tell、ref 等帮手写；固定说法（如“三会一课”）请加进 scheme/words.csv"
OURS = "请把这条提示交给维护程序的人"
PLACES = {"annex": "附表", "draft": "草稿说明"}


def audit(
    report: Report, figures: pd.DataFrame, material: Material, submissions: pd.DataFrame, templates: Mapping[str, str]
) -> list[SchemeProblem]:
    """Find every number of a report that nothing accounts for.

    Args:
        report: as told, the annex included.
        figures: the list of figures that is written beside it (`figure_list.FIGURES`).
        material: what it was told from.
        submissions: who has returned.
        templates: the chapter templates by file name, in which a number is looked up.

    Returns:
        A problem for each, with the template's file and line; empty where all is accounted for.
    """
    if not material.scheme.measures:
        return [SchemeProblem("scheme/measures.csv", 0, "", "没有量词，数字审计做不了", "请从备份中恢复这个文件")]
    auditor = _Auditor(material, submissions, report, templates)
    listed = Counter(zip(figures["id"], figures["text"], strict=True))
    found = list(auditor.title())
    for chapter in report.chapters:
        for block in chapter.blocks:
            found += auditor.block(chapter, block)
    return found + list(_not_listed(report, listed))


def _not_listed(report: Report, listed: Counter[tuple[str, str]]) -> Iterator[SchemeProblem]:
    shown = Counter((span.id, span.text) for span in report.spans() if isinstance(span, Figure))
    for name, text in shown - listed:
        yield SchemeProblem("figures.parquet", 0, "", f"没有列出“{text}”（{name}）", OURS)


@dataclass
class _Auditor:
    """The audit of one report; it remembers what it found, so that each of two equal mistakes names its own line."""

    material: Material
    submissions: pd.DataFrame
    report: Report
    templates: Mapping[str, str]
    _told: set[tuple[str, int, int]] = field(default_factory=set)

    @cached_property
    def text_lexicon(self) -> Lexicon:
        """What template text may say: the words of `words.csv`, and names of the scheme and the town."""
        scheme = self.material.scheme
        words = frozenset(word.word for word in scheme.words)
        return Lexicon(words | self._scheme_names, frozenset(m.word for m in scheme.measures))

    @cached_property
    def name_lexicon(self) -> Lexicon:
        """What a name may say: names of projects, parts and places, dates and years of the period, cells."""
        return self.text_lexicon.with_names(_names(self.material, self.submissions, self.report))

    @property
    def _scheme_names(self) -> frozenset[str]:
        scheme, town = self.material.scheme, self.material.facts.town
        return frozenset(
            [
                *(
                    name
                    for i in scheme.indicators
                    for name in (i.name, i.unit, i.show_unit, i.section, i.chapter, i.breakdown, *i.parts)
                    if name
                ),
                *(name for d in scheme.departments for name in (d.name, *d.aliases)),
                *(theme.theme for theme in scheme.themes),
                *(town.name, town.county, town.addressee, town.signature, *town.villages),
            ]
        )

    def title(self) -> Iterator[SchemeProblem]:
        """The report's title."""
        yield from self._named_text("题目", 0, self.report.title, self.name_lexicon)

    def block(self, chapter: Chapter, block: Block) -> Iterator[SchemeProblem]:
        """Whatever of a block is printed, or read out."""
        match block:
            case Table():
                file = self._file(chapter)
                for text in (block.caption, *block.heads):
                    yield from self._named_text(file, 0, text, self.name_lexicon)
                for row in block.rows:
                    for cell in row:
                        yield from self._spans(chapter, cell)
            case Chart():
                yield from self._spans(chapter, tuple(spans_of(block)))
                shown = [text for f in spans_of(block) if isinstance(f, Figure) for text in (f.number, f.text)]
                line = self._line_of_chart(chapter, block)
                yield from self._named_text(self._file(chapter), line, block.alt, self.name_lexicon.with_names(shown))
            case _:
                number = _heading_number(block) if isinstance(block, Heading) else 0
                yield from self._spans(chapter, block.spans, number)

    def _spans(self, chapter: Chapter, spans: Spans, skipped: int = 0) -> Iterator[SchemeProblem]:
        """The spans of a paragraph or a cell; `skipped` characters of the first are a heading's number."""
        for index, span in enumerate(spans):
            match span:
                case Text():
                    before = spans[index - 1] if index else None
                    after = spans[index + 1] if index + 1 < len(spans) else None
                    start = skipped if index == 0 else 0
                    yield from self._text(chapter, span.text[start:], before, after)
                case Name() | Gap():
                    yield from self._named_text(self._file(chapter), 0, span.text, self.name_lexicon)
                case Figure() if not span.sources and not span.formula:
                    found = f"数字“{_short(span.text)}”（{span.id}）没有来源"
                    yield SchemeProblem(self._file(chapter), 0, "", found, OURS)
                case Quotation() if not self._said(span):
                    found = f"引文“{_short(span.text)}”在{_short(span.source)}中找不到"
                    yield SchemeProblem(self._file(chapter), 0, "", found, OURS)

    def _text(self, chapter: Chapter, text: str, before: Span | None, after: Span | None) -> Iterator[SchemeProblem]:
        # What follows decides whether a numeral at the end is a number: 二 before a figure, or before a name like 件数.
        read_on = "个" if isinstance(after, Figure) else after.text[:4] if isinstance(after, Name) else ""
        found = [(start, end) for start, end in self.text_lexicon.numbers(text + read_on) if start < len(text)]
        grows = isinstance(before, Figure) and text[0:1] in set(MAGNITUDES)  # 3个 and 百 after it
        if grows and not self.text_lexicon.begins(text):
            found.insert(0, (0, 1))
        for start, end in found:
            fragment = text[start : min(end, len(text))]
            line = self._line(chapter, text, start, start + len(fragment))
            about = text[max(0, start - 8) : end + 8]
            yield SchemeProblem(
                self._file(chapter), line, "", f"写了数字“{_short(fragment)}”（{_short(about)}），没有来源", ADD
            )

    def _named_text(self, file: str, line: int, text: str, lexicon: Lexicon) -> Iterator[SchemeProblem]:
        places = list(lexicon.numbers(text))
        if len(text) > 1 and places and any(text in name for name in lexicon.allowed):
            return  # a name without the verb that the sentence has already: 整改安全问题, 安全问题
        for start, end in places:
            body = self.material.scheme.report.body
            found = f"“{_short(text)}”中的“{_short(text[start:end])}”在考核方案、{body}情况和上报表中都没有"
            yield SchemeProblem(file, line, "", found, f"请核对模板、考核方案和{body}情况")

    @cached_property
    def _words_of(self) -> dict[str, str]:
        """By cell, the words that the departments wrote."""
        material = self.material
        said: list[tuple[str | None, str | None]] = [(p.source, p.text) for p in material.paragraphs]
        said += [(row.note_source, row.note) for row in material.assessments]
        said += [(duty.note_source, duty.note) for duty in material.duties]
        said += [(project.source("reason"), project.reason) for project in material.projects]
        return {source: "".join(text.split()) for source, text in said if source and text}

    def _said(self, quotation: Quotation) -> bool:
        words = "".join(quotation.text.split())
        return bool(quotation.department) and words in self._words_of.get(quotation.source, "")

    # ---- where it stands -----------------------------------------------------------------------------------------

    def _file(self, chapter: Chapter) -> str:
        if chapter.name in self.templates:
            return f"scheme/narrative/{chapter.name}"
        return PLACES.get(chapter.name, chapter.name)

    def _line(self, chapter: Chapter, text: str, start: int, end: int) -> int:
        """The line of the template that holds a piece of text with most of what stands around it; 0 where none does."""
        lines = enumerate(self.templates.get(chapter.name, "").splitlines(), 1)
        places = [
            (_shared(line, match.start(), text, start, end), -number, match.start())
            for number, line in lines
            for match in re.finditer(re.escape(text[start:end]), line)
            if (chapter.name, number, match.start()) not in self._told
        ]
        if not places:
            return 0
        _, number, place = max(places)
        self._told.add((chapter.name, -number, place))
        return -number

    def _line_of_chart(self, chapter: Chapter, chart: Chart) -> int:
        lines = self.templates.get(chapter.name, "").splitlines()
        return next((number for number, line in enumerate(lines, 1) if "chart" in line and chart.kind in line), 0)


def _shared(line: str, place: int, text: str, start: int, end: int) -> int:
    """How many characters around a piece of text are the same around a place in a line."""
    before = zip(reversed(text[:start]), reversed(line[:place]), strict=False)
    after = zip(text[end:], line[place + end - start :], strict=False)
    return sum(1 for side in (before, after) for _ in takewhile(lambda pair: pair[0] == pair[1], side))


def _heading_number(heading: Heading) -> int:
    """How many characters of a heading are its number: 1. or （1） of the third and fourth level."""
    text = text_of(heading.spans)
    rest = text.lstrip("（(").lstrip("0123456789")
    number = text[: len(text) - len(rest)]
    if heading.level < 3 or not any(mark.isdigit() for mark in number) or rest[:1] not in (".", "．", "）", ")"):
        return 0
    return len(number) + 1


def _names(material: Material, submissions: pd.DataFrame, report: Report) -> Iterable[str]:
    """Everything that a name in a report can be, beside the scheme's own names."""
    facts, period = material.facts, material.facts.period
    date = facts.period_facts.report_date
    yield from (period.label, period.quarter, f"{period.year}年度", f"{date.year}年{date.month}月{date.day}日")
    optional = (period.months, facts.period_facts.document_number, facts.period_facts.issuer)
    yield from (text for text in optional if text)
    yield from (f"{past.year}年" for past in material.past)
    yield from (f"{past.year}—{period.year}年" for past in material.past)
    yield from STATE_NAMES.values()
    yield from PROJECT_UNITS.values()  # of the annex's heads, whatever units the scheme has
    yield from material.scheme.by_code
    yield from (part.item for part in material.parts)
    for project in material.projects:
        yield from (project.item, project.place or "", project.stage or "", f"{project.code}-{project.number}")
        yield f"{project.file} {project.sheet} {project.stage_cell or project.item_cell or ''}"
    yield from ("{} {} {}".format(*referred(row.actual_source)) for row in material.assessments if row.actual_source)
    for column in ("department", "state", "filled_by", "filled_on", "phone"):
        yield from (str(value) for value in submissions[column].dropna())
    for waiver in facts.waivers:
        yield from (waiver.reason, waiver.by, f"{waiver.on:%Y-%m-%d}")
    charts = [block for chapter in report.chapters for block in chapter.blocks if isinstance(block, Chart)]
    yield from (f"图{number}" for number, _ in enumerate(charts, 1))


def _short(text: str) -> str:
    """A piece of text as a message shows it: on one line, not longer than a line."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
