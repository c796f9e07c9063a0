"""A number in a text of a return that contradicts a figure of the same return.

Looked at with care rather than zeal: only where an indicator's name, a number and its unit stand next to each other, in a
clause that tells of the whole town and of this period. What is planned, of a village or of a month is left alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from analysis.intake.checks.context import Context
from analysis.intake.checks.registry import NotEvaluated, Passed, Result, check, rule
from analysis.intake.exact import plain_number
from analysis.intake.fields import FIGURES, heading_of, unit_of
from analysis.intake.found import Found, place_of
from analysis.intake.frames import Value
from analysis.intake.words import Words
from analysis.intake.writing import narrow, plain
from analysis.scheme import Indicator
from analysis.scheme.report import MEASURE

TEXT_CONTRADICTS = rule(
    "text_contradicts", "text", "about", unless="文字里写了一个指标的数，上报表中这个指标却没有数字"
)
TEXTS = ("paragraph", "note", "reason")
LONGEST_TEXT, SHORTEST_NAME = 5_000, 4
PLANS = re.compile(r"计划|力争|明年|下一步|下年|来年|预计|拟|将|目标|确保|规划|预期|打算")
"""Words after which a sentence tells what is to come."""
OF_A_PART = re.compile(
    r"村|社区|小组|其中|月|季度|上半年|下半年|去年|上年|往年|历年|以来|每|日|周|批|所属|各[^项]|至今|同期|同比|比|年初|[、和及与]$"
)
"""Words before a name after which a number need not be the town's of this period."""
_LINK = r"(?:[:\s“”\"]|完成|实现|达到|达|共计|共有|共|累计|合计|总计|总数|总额|总量|数量|数|为|是|了|全年|今年|本年|已)"
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s,。；;、:()（）.%％]{1,3})"
_VERB = re.compile(
    r"^(?:争取|建成|新增|发放|受理|化解|办结|发现|整改|处置|清理|新修|硬化|新装|改善|观看|购买|张贴|表彰|创建|治理|开展|完成|组织)"
)
_BEFORE_BARE = re.compile(r"(?:^|[，,。；;、\n]|完成|建成|新增|全年|共)$")
"""What may stand before a name that lacks its verb; else 全镇, 我镇, as the scheme's bodies are called."""
_LONGER_UNIT = "次均日天/个"
"""What makes another unit of the one before it: 人次, 户均."""
_MULTIPLIERS = "百千万亿"
"""No unit by themselves: 3万 may be anything's."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A way to name an indicator (by its place among the year's): in full, or without the verb that it begins with."""

    place: int
    bare: bool


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of an indicator's row by their fields, and the amounts of its parts."""

    indicator: Indicator
    figures: Mapping[str, Decimal]
    parts: frozenset[Decimal]


@check
def texts_agree_with_figures(context: Context) -> Iterator[Result]:
    """A number that stands right behind an indicator's name, in its unit, is one of the figures of its row."""
    everyone = context.scheme.in_year(context.facts.period.year)
    names, told = _named_figures(tuple(indicator.name for indicator in everyone))
    rows = {indicator.code: row for indicator in context.asked if (row := _row(context, indicator)) is not None}
    plans = set(_plans(context))
    for value in context.values if rows else ():
        if value.field not in TEXTS or not value.text or (value.table == "text" and value.line in plans):
            continue
        for match in told.finditer(narrow(value.text[:LONGEST_TEXT])):
            named = names[match["name"]]
            row = rows.get(everyone[named.place].code)
            if row is not None and _is_of_all(context, match.string[: match.start()], named):
                yield from _compared(context.words, value, row, match)


def _plans(context: Context) -> Iterator[int]:
    """The lines of the paragraphs that tell measures, by their category or their code."""
    for row in context.rows("text"):
        first, category = next(iter(row.values())), row.get("category")
        named = context.scheme.by_code.get(first.code or "")
        if MEASURE in (category.text if category else None, plain(named.name) if named else None):
            yield first.line


def _row(context: Context, indicator: Indicator) -> _Figures | None:
    row = context.row("indicator", indicator.code) if indicator.numeric else None
    if row is None:
        return None
    numbers = {name: row[name].number for name in FIGURES if name in row}
    parts = [part["amount"].number for part in context.rows("part", indicator.code) if "amount" in part]
    return _Figures(
        indicator,
        {name: number for name, number in numbers.items() if number is not None},
        frozenset(part for part in parts if part is not None),
    )


@lru_cache(maxsize=8)
def _named_figures(indicators: tuple[str, ...]) -> tuple[Mapping[str, _Named], re.Pattern[str]]:
    """How texts name the indicators of a year, and what finds such a name with a number and a unit right behind it.

    Those of other departments are among them: a shorter name within theirs must not be taken for another.
    """
    written = [re.sub(r"\([^()]*\)$", "", plain(name)) for name in indicators]
    names = {name: _Named(place, False) for place, name in enumerate(written) if len(name) >= SHORTEST_NAME}
    for place, name in enumerate(written):
        noun = _VERB.sub("", name)
        alone = not any(noun in other for other in written if other != name)
        if noun != name and len(noun) >= SHORTEST_NAME and alone:
            names.setdefault(noun, _Named(place, True))
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
    return names, re.compile(rf"(?P<name>{listed})(?:{_LINK}){{0,4}}{_NUMBER}")


def _compared(words: Words, value: Value, row: _Figures, match: re.Match[str]) -> Iterator[Result]:
    indicator, figures = row.indicator, list(row.figures.values())
    number = _in_unit(words, match, indicator)
    if number is None:
        return
    if not figures:
        yield NotEvaluated(TEXT_CONTRADICTS)
        return
    differences = [abs(one - other) for one, other in combinations(figures, 2)]
    if number in (*figures, *differences, *row.parts):
        yield Passed(TEXT_CONTRADICTS)
        return
    marks = {
        "found": match[0],
        "about": f"{indicator.name}（{indicator.code}）",
        "expected": "、".join(
            f"{heading_of('indicator', name)}{plain_number(figure)}{unit_of(name, indicator)}"
            for name, figure in row.figures.items()
        ),
    }
    yield Found(TEXT_CONTRADICTS, place_of(value, heading_of(value.table, value.field)), marks)


def _is_of_all(context: Context, before: str, named: _Named) -> bool:
    """Whether what stands before a name leaves it the whole town's and this period's figure."""
    sentence = re.split(r"[。！？!?\n]", before)[-1]
    clause = re.split(r"[,，；;]", sentence)[-1]
    if (
        PLANS.search(sentence)
        or OF_A_PART.search(clause)
        or (named.bare and not (_BEFORE_BARE.search(before) or _our(context.scheme.report.endings).search(before)))
    ):
        return False
    own = str(context.facts.period.year)
    return all(year == own for year in re.findall(r"(\d{4})年", sentence))


@lru_cache
def _our(endings: tuple[str, ...]) -> re.Pattern[str]:
    """全镇 or 我镇 at the end of a text, of bodies whose names end so."""
    return re.compile(f"[全我](?:{'|'.join(map(re.escape, endings)) or '(?!)'})$")


def _in_unit(words: Words, match: re.Match[str], indicator: Indicator) -> Decimal | None:
    """The number in the indicator's unit; None where what stands behind it is another unit."""
    written, rest = match["unit"], match.string[match.end() : match.end() + 1]
    for length in range(len(written), 0, -1):
        following = written[length : length + 1] or rest
        if (following and following in _LONGER_UNIT) or written[:length] in _MULTIPLIERS:
            continue
        factor = words.factor(written[:length], indicator.unit or "")
        if factor is not None:
            return Decimal(match["number"].replace(",", "")) * factor
    return None
