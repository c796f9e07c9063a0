"""The numbers of a text, however they are typed: digits, full-width, with separators, per cent, Chinese numerals."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.running.read_back.lines import CELL

DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)) | {
    "两": "2", "壹": "1", "贰": "2", "叁": "3", "肆": "4", "伍": "5", "陆": "6", "柒": "7", "捌": "8", "玖": "9",
}  # fmt: skip
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERALS = "".join((*DIGITS, *TENS, *MYRIADS))
HOLE = "\ufffc"
"""Stands where a number stood; no text of a report holds it."""
UNITS = (
    "%", "‰", "°", "℃", "个百分点", "百分点", "倍", "成", "元", "美元", "人", "人次", "户", "户次", "户数", "名", "位",
    "个", "项", "件", "起", "例", "次", "场", "场次", "期", "批", "批次", "轮", "处", "座", "栋", "幢", "间", "套", "台",
    "辆", "部", "盏", "块", "条", "份", "册", "本", "篇", "张", "幅", "面", "枚", "只", "头", "匹", "尾", "羽", "株", "棵",
    "亩", "公顷", "平方米", "平方公里", "立方米", "米", "公里", "千米", "厘米", "毫米", "公斤", "千克", "斤", "吨", "升",
    "千瓦", "千瓦时", "度", "年", "年度", "月", "月份", "个月", "日", "号", "天", "周", "季度", "小时", "分钟", "时", "分",
    "秒", "岁", "届", "级", "家", "所", "村", "镇", "组", "支", "队", "人日", "工日", "课时", "学时", "字", "页", "点",
    "对", "双", "口", "孔", "眼", "道", "段", "片", "类", "种", "款", "门", "宗", "桩", "笔", "单", "票", "把", "艘", "架",
    "根", "节", "层", "步", "步骤", "户头", "包", "袋", "箱", "瓶", "桶", "车", "趟", "班", "人份", "人年", "案", "线",
)  # fmt: skip
NOT_AFTER_NUMERALS = {"分", "点", "成", "步", "时", "线", "度", "号", "班", "包", "单", "字"}
"""Measures that a Chinese numeral makes a word with: 十分, 一点, 一步, 一时 …"""
NO_NUMBERS = (
    "千家万户", "千方百计", "一家人", "一条心", "一条龙", "万众一心", "一张网", "一把手", "一盘棋", "一线", "一户一策",
    "一村一品", "一事一议", "一件事", "一人一档", "一起推", "一起抓", "一起做", "一起参", "一起努", "一起建", "一起谋",
)  # fmt: skip
ENUMERATED = re.compile(
    rf"^(?:[{NUMERALS}]+、|[（(][{NUMERALS}\d]+[）)]|\d{{1,2}}[.、](?!\d)|[{NUMERALS}]+是|第[{NUMERALS}]+[，、])"
)
"""The number that a paragraph or a point begins with: 一、（一）1. 一是; Word may make it itself, and it is no figure."""
ZERO = "零(?=发生|伤亡|死亡|增长|上访|事故|案件|投诉|报告发)|(?<=[为是至到])零(?=[，。；、）)｜]|$)"
CIRCLED = "[\u2150-\u2182\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]"
WIDE = {ord("％"): "%", ord("﹪"): "%", ord("．"): ".", ord("﹒"): ".", ord("＋"): "+", ord("／"): "/"} | dict.fromkeys(
    map(ord, "−－﹣‐‑"), "-"
)
UNIT = re.compile(r"[^\d.,]*$")
JOINED = re.compile(r"[A-Za-z0-9.,%+\-]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a squeezed text.

    Attributes:
        shown: as printed, with its unit.
        digits: to compare: without separators, Chinese numerals as digits.
        start, end: its place in the text, its unit included.
    """

    shown: str
    digits: str
    unit: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str]:
        """What must stay."""
        return self.digits, self.unit


def squeeze(text: str) -> tuple[str, list[int]]:
    """Text without what no reader sees a difference in, and where each of its characters stood.

    White space goes (but a blank that keeps two numbers apart stays), marks without width go, full-width digits, per cent
    and decimal points become ordinary ones, and so do all kinds of minus.
    """
    squeezed: list[str] = []
    origins: list[int] = []
    blank = -1
    for place, character in enumerate(text):
        if character.isspace():
            blank = place
            continue
        if unicodedata.category(character) in ("Cf", "Cc", "Mn", "Me", "Cs") or character == HOLE:
            continue
        digit = unicodedata.decimal(character, None)
        plain = str(digit) if digit is not None else character.translate(WIDE)
        if "Ａ" <= plain <= "Ｚ" or "ａ" <= plain <= "ｚ":
            plain = chr(ord(plain) - 0xFEE0)
        if blank >= 0 and squeezed and JOINED.match(squeezed[-1]) and JOINED.match(plain):
            squeezed.append(" ")
            origins.append(blank)
        blank = -1
        squeezed.append(plain)
        origins.append(place)
    return "".join(squeezed), origins


class Numbers:
    """Finds the numbers of texts; `units` are what the report's own figures carry."""

    def __init__(self, units: Iterable[str] = ()) -> None:
        own = {re.sub(r"^[百千万亿]+", "", unit) for unit in units}
        known = sorted({unit for unit in (*UNITS, *own) if unit}, key=lambda unit: (-len(unit), unit))
        measures = "|".join(re.escape(unit) for unit in known)
        counted = "|".join(re.escape(unit) for unit in known if unit not in NOT_AFTER_NUMERALS)
        unit = rf"(?:余|多)?(?:[百千万亿]{{1,2}})?(?:余|多)?(?:(?:{measures})(?:/(?:{measures}))?)?"
        simple = f"[{''.join(c for c in NUMERALS if c not in '万萬亿億')}]"
        numeral = rf"{simple}[{NUMERALS}]*(?:点[{NUMERALS}]+)?"
        self._find = re.compile(
            rf"(?P<code>(?<![A-Za-z0-9])[A-Za-z]+\d+(?:[.\-]\d+)*)"
            rf"|(?P<percent>百分之[{NUMERALS}]+(?:点[{NUMERALS}]+)?|[{NUMERALS}]+分之[{NUMERALS}]+)"
            rf"|(?P<number>(?:(?<![A-Za-z0-9])[+\-])?(?:\d{{1,3}}(?:[,，]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|(?<![A-Za-z0-9])\.\d+)(?P<unit>{unit})"
            rf"|第(?P<ordinal>[{NUMERALS}]+)(?P<ordered>{measures})?"
            rf"|(?P<numeral>(?<![{NUMERALS}]){numeral})(?P<counted>(?:[万亿])?(?:余|多)?(?:{counted}))"
            rf"|(?P<word>{ZERO}|一半|过半|半数|{CIRCLED})"
        )
        whole = rf"[百千万亿]{{0,2}}(?:{measures})"
        self._unit_cells = re.compile(rf"(?:(?<={CELL})|^){whole}(?=$|{CELL})|(?<=[（(]){whole}(?=[）)])")
        self._no_numbers = re.compile("|".join(NO_NUMBERS))

    def of(self, text: str, row: bool = False) -> tuple[Number, ...]:
        """The numbers of a squeezed text; of a table's row also the units that stand alone in a cell or in brackets."""
        enumerated = None if row else ENUMERATED.match(text)
        start = enumerated.end() if enumerated else 0
        words = [match.span() for match in self._no_numbers.finditer(text)]
        found = [
            _number(match)
            for match in self._find.finditer(text, start)
            if not any(begin <= match.start() < end for begin, end in words)
        ]
        if row:
            taken = [(number.start, number.end) for number in found]
            units = [
                m for m in self._unit_cells.finditer(text) if not any(s < m.end() and m.start() < e for s, e in taken)
            ]
            found += [Number(match[0], "", match[0], *match.span()) for match in units]
        return tuple(sorted(found, key=lambda number: number.start))


def _number(match: re.Match[str]) -> Number:
    shown = match[0].replace(" ", "")
    given = match.groupdict()
    if given["number"]:
        return Number(shown, re.sub("[,，]", "", given["number"]), given["unit"] or "", *match.span())
    if given["percent"]:
        digits, unit = percent_of(given["percent"]), "%" if given["percent"].startswith("百分之") else ""
    elif given["ordinal"]:
        digits, unit = f"第{digits_of(given['ordinal'])}", given["ordered"] or ""
    elif given["numeral"]:
        digits, unit = digits_of(given["numeral"]), given["counted"]
    elif given["word"] and given["word"].startswith("零"):
        digits, unit = "0", ""
    else:
        digits, unit = shown, ""
    return Number(shown, digits, unit, *match.span())


def skeleton(text: str, numbers: tuple[Number, ...]) -> str:
    """A text with a hole where each number stands; codes stay, and what begins a point (一是) goes."""
    pieces: list[str] = []
    last = 0
    enumerated = ENUMERATED.match(text)
    if enumerated and not (numbers and numbers[0].start < enumerated.end()):
        last = enumerated.end()
    for number in numbers:
        pieces.append(text[last : number.start])
        pieces.append(number.shown if number.shown[0].isascii() and number.shown[0].isalpha() else HOLE)
        last = number.end
    return re.sub("[“”\"'‘’]", "", "".join(pieces) + text[last:])


def units_of(texts: Iterable[str]) -> set[str]:
    """The units that figures carry, of their printed texts."""
    return {match[0] for text in texts if (match := UNIT.search(text)) and match[0]}


# ---- Chinese numerals ----------------------------------------------------------------------------------------------


def digits_of(numeral: str) -> str:
    """The digits of a Chinese numeral, as they would be typed: no leading zeros are kept but those of 〇 by itself."""
    whole, point, decimals = numeral.partition("点")
    if point:
        return f"{digits_of(whole)}.{''.join(DIGITS.get(c, '') for c in decimals)}"
    if all(character in DIGITS for character in numeral):
        return "".join(DIGITS[character] for character in numeral)
    total = section = number = 0
    for character in numeral:
        if character in DIGITS:
            number = int(DIGITS[character])
        elif character in TENS:
            section += (number or 1) * TENS[character]
            number = 0
        else:
            total = (total + section + number or 1) * MYRIADS[character]
            section = number = 0
    return str(total + section + number)


def percent_of(numeral: str) -> str:
    """百分之五点二 is 5.2, 三分之二 is 2/3."""
    whole, _, part = numeral.partition("分之")
    if whole == "百":
        return digits_of(part)
    return f"{digits_of(part)}/{digits_of(whole)}"
