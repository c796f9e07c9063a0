"""The period that a title or a label names, however people write it: 2021年度, 2021年1—9月, 2021年上半年, 截至2021年9月底."""

import re
from collections.abc import Sequence
from itertools import pairwise

from analysis.intake.writing import plain
from analysis.scheme import Period

_YEAR = r"(?:19|20|21)\d{2}"
_DASH = "[-—–~至到]"
_WORDS = {"全年": 12, "上半年": 6, "半年": 6}
_QUARTERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_FROM_JANUARY = (
    rf"全年|上?半年|1月?份?{_DASH}\d{{1,2}}月|(?:前|第?[一1]季?度?{_DASH}第?)[二两三四2-4]个?季度|第?[一1]季度"
)
_FROM_LATER = rf"下半年|(?:第?[二三四2-4]季?度?{_DASH})?第?[二三四2-4]季度|(?:[2-9]|1[0-2])月?份?{_DASH}\d{{1,2}}月"
_PARTS = f"{_FROM_JANUARY}|{_FROM_LATER}"
_PERIOD = re.compile(
    rf"(?:截[至止]到?)?(?P<year>\d{{4}})(?:年度|年)?(?:\(?(?:(?:1月?份?)?{_DASH}(?P<last>\d{{1,2}})月?份?"
    rf"|(?P<month>\d{{1,2}})月份?|(?:前|第?[一1]季?度?{_DASH}第?|第?(?=[一1]季))(?P<quarters>[一二两三四1-4])个?季度"
    rf"|(?P<words>{'|'.join(_WORDS)}))[度底末]?\)?)?",
    re.ASCII,
)
_IN_TITLE = re.compile(
    rf"(?P<year>{_YEAR})年(?!\d{{1,2}}月\d{{1,2}}[日号])度?(?P<part>{_PARTS}|\d{{1,2}}月)?",  # a day is when it was written
    re.ASCII,
)
_PART = re.compile(rf"(?<!\d)(?:(?P<year>{_YEAR})年度?)?(?P<part>{_PARTS})", re.ASCII)
_AS_OF = re.compile(
    rf"截[至止]到?(?:(?P<year>{_YEAR})年)?(?P<part>\d{{1,2}}月)(?:底|末|份|(?:2[89]|3[01])[日号])?(?!\d)", re.ASCII
)
_PART_ALONE = re.compile(rf"\(?(?P<part>{_PARTS})份?\)?", re.ASCII)
_YEAR_ALONE = re.compile(r"\d{4}年", re.ASCII)
_LATER = re.compile(rf"(?<![前第—–~至到\d-])(?:{_FROM_LATER})", re.ASCII)
_AND = re.compile("[、,和与及同]")
_STOP = re.compile("[,;。]")


def read_period_name(text: str) -> Period | None:
    """Read a period as people write it: 2021, 2021年度, 2021年1—9月, 2021-09, 2021年上半年; None where it is none."""
    match = _PERIOD.fullmatch(plain(text))
    if match is None:
        return None
    quarters = match["quarters"]
    month = (
        int(_QUARTERS.get(quarters, quarters)) * 3
        if quarters
        else int(match["last"] or match["month"] or _WORDS.get(match["words"], 12))
    )
    try:
        return Period.parse(f"{match['year']}-{month:02d}")
    except ValueError:
        return None


def is_part_alone(text: str) -> bool:
    """Whether a period is of months that don't begin with January, 7—9月, 三季度: figures of those are not cumulative."""
    return _LATER.search(plain(text)) is not None


def period_of_titles(titles: Sequence[str]) -> str | None:
    """The period that titles name, each as `plain` gives it, where all that name one name the same.

    A year alone says nothing against months of it in another title.
    """
    written = [text for title in titles if (text := _period_in(title))]
    years = set(written)
    if len(years) == 1 and _YEAR_ALONE.fullmatch(written[0]):  # its months may have a line of their own: （1—9月）
        written += [f"{written[0]}{match['part']}" for title in titles if (match := _PART_ALONE.fullmatch(title))]
    told = [text for text in written if not any(other != text and other.startswith(text) for other in written)]
    named = {read_period_name(text) or text: text for text in told}
    return next(iter(named.values())) if len(named) == 1 else None


def _period_in(title: str) -> str | None:
    """The period that a title names, be it in two places: 2021年度上报表（1—9月）."""
    match = _latest(title)
    if match is not None and match["part"]:
        return f"{match['year']}年{match['part']}"
    year, rest = (match["year"], title[match.end() :]) if match is not None else (None, title)
    rest = _STOP.split(rest)[0]  # a remark goes on to speak of other things
    for pattern in (_PART, _AS_OF):
        for found in pattern.finditer(rest):
            if (found["year"] or year) and year in (None, found["year"] or year):
                return f"{found['year'] or year}年{found['part']}"
    return year and f"{year}年"


def _latest(title: str) -> re.Match[str] | None:
    """The first year that a title names, or the latest of those that stand together: 2020年、2021年对比."""
    found = list(_IN_TITLE.finditer(title))
    together = found[:1]
    for one, other in pairwise(found):
        if _AND.fullmatch(title[one.end() : other.start()]) is None:
            break
        together.append(other)
    return max(together, key=lambda match: match["year"], default=None)
