"""The calculator test: the sentences of a finished report, read again from their text alone, and recomputed.

Nothing here knows the pipeline: a sentence comes as text, with the quotations cut out, and what it prints as a result
has to follow from what it prints as operands, in exact arithmetic rounded half away from zero (四舍五入).

A sentence is taken apart into groups at `；` and clauses at `，`. A group has a subject (`完成农村改厕400座`), and its
clauses are recognised by their words, one pattern each; what a pattern finds is computed from the figures printed before
it. A number that no pattern takes is `unread`: a sentence of a form that is not known here is not passed over in silence.

    python tests/telling/calculator.py report.txt    # prints every claim; exits with 1 where one does not hold
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

MARK = "〔引文〕"
"""What stands in the text for a quotation that was cut out."""
NUMBER = r"[-−]?\d+(?:\.\d+)?"
DATE = r"\d{4}(?:—\d{4})?年(?:度|(?:\d{1,2}—)?\d{1,2}月(?:\d{1,2}日)?)?|〔\d{4}〕\d+号|\d{1,2}—\d{1,2}月"
OPEN, CLOSE = "（〔“", "）〕”"


@dataclass(frozen=True)
class Printed:
    """A number as a sentence prints it, at its place, with the words that follow it (its unit and what it counts)."""

    text: str
    start: int
    tail: str = ""

    @property
    def value(self) -> Fraction:
        return Fraction(self.text.replace("−", "-"))

    @property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2])

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Claim:
    """A result that a sentence prints, with its operands, and whether it follows from them.

    `exact` claims have one right result; the others are bounds (parts that are at most their total, a month in order).
    """

    sentence: str
    kind: str
    operands: tuple[Printed, ...]
    result: Printed
    recomputed: str
    ok: bool
    exact: bool = True

    def __str__(self) -> str:
        operands = "、".join(f"{o.text}{o.tail[:3]}" for o in self.operands)
        verdict = "ok" if self.ok else "WRONG"
        return f"{verdict:5} {self.kind:10} {operands} → {self.result.text}{self.result.tail[:4]} ({self.recomputed})"


@dataclass
class Reading:
    """What was read in a sentence.

    Attributes:
        claims: every result that could be recomputed.
        facts: numbers that are told as they are: operands, months, years.
        bare: results whose operands the sentence does not print, by the name of their form.
        unread: numbers that no form explains.
    """

    sentence: str
    claims: list[Claim] = field(default_factory=list)
    facts: list[Printed] = field(default_factory=list)
    bare: list[tuple[str, Printed]] = field(default_factory=list)
    unread: list[Printed] = field(default_factory=list)

    @property
    def wrong(self) -> list[Claim]:
        return [claim for claim in self.claims if not claim.ok]

    @property
    def ok(self) -> bool:
        return not self.wrong and not self.unread


def sentences_of(text: str) -> list[str]:
    """The sentences of a text: a line ends one as a full stop does."""
    return [piece.strip() for piece in re.split(r"[。\n]", text) if piece.strip()]


def read(sentence: str) -> Reading:
    """Read one sentence, and recompute what it claims."""
    return _Reader(sentence).reading


def check(sentences: Iterable[str]) -> list[Reading]:
    """Read sentences, and recompute what they claim."""
    return [read(sentence) for sentence in sentences]


# ---- arithmetic --------------------------------------------------------------------------------------------------


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Round half away from zero."""
    scale = 10**decimals
    whole = (abs(value) * scale + Fraction(1, 2)).__floor__()
    return Fraction(whole if value >= 0 else -whole, scale)


def shown(value: Fraction, decimals: int = 6) -> str:
    """A value for people: up to six decimals, marked where there are more."""
    near = rounded(value, decimals)
    digits = f"{abs(near) * 10**decimals}".rjust(decimals + 1, "0")
    number = f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")
    return ("−" if near < 0 else "") + number + ("" if near == value else "…")


def side(value: Fraction, bound: Fraction | int) -> int:
    return (value > bound) - (value < bound)


def percent_holds(exact: Fraction, printed: Printed) -> bool:
    """Whether a printed percentage is the exact ratio rounded once, on the same side of 0 and of 100 %."""
    if not 1 <= printed.decimals <= 4 or printed.value != rounded(exact * 100, printed.decimals):
        return False
    return side(printed.value, 100) == side(exact, 1) and side(printed.value, 0) == side(exact, 0)


def same_unit(first: Printed, unit: str) -> bool:
    """Whether a number is in a unit: the words after it begin with it, and not with a longer unit (人 and 人次)."""
    if not unit or not first.tail:
        return unit == first.tail
    return first.tail.startswith(unit) and (unit.endswith("次") or not first.tail.startswith(unit + "次"))


# ---- sentences ---------------------------------------------------------------------------------------------------


@dataclass
class _Group:
    """What the clauses of a group have said so far."""

    lead: list[Printed] = field(default_factory=list)
    second: Printed | None = None
    target: Printed | None = None
    base: Printed | None = None
    from_zero: bool = False
    turned: bool = False
    change: Printed | None = None
    rate: Printed | None = None
    rate_exact: Fraction | None = None
    base_rate: Printed | None = None
    carried: Printed | None = None
    planned: Printed | None = None
    finished: Printed | None = None
    counted: tuple[str, Printed] | None = None
    parts: list[Printed] | None = None
    rest: bool = False
    townships: list[Printed] = field(default_factory=list)


@dataclass(frozen=True)
class _Form:
    pattern: re.Pattern[str]
    method: Callable[["_Reader", "_Match"], bool | None]


FORMS: list[_Form] = []
SHORTFALL = re.compile(r"(比[^\d，；]*少|超出[^\d，；]*|超额|差|落后于?序时进度（)\d")
PIECES = {"unit": r"[^\d%（）]*?", "unit2": r"[^\d%（）]*?", "word": r"[^\d（）]*?", "month": r"(?:\d{4}年)?\d{1,2}"}


def _piece(name: str) -> str:
    """What `<name>` in a pattern stands for: a named number, except for words, units and months."""
    return "上年(?:同期)?" if name == "last" else f"(?P<{name}>{PIECES.get(name, NUMBER)})"


def form(*patterns: str) -> Callable[[Callable[["_Reader", "_Match"], bool | None]], Callable]:
    """Register a method for clauses of a form; it returns False where the clause is not one of its own after all."""

    def register(method: Callable[["_Reader", "_Match"], bool | None]) -> Callable:
        for pattern in patterns:
            expanded = re.sub(r"(?<!\?P)<(\w+)>", lambda place: _piece(place[1]), pattern)
            FORMS.append(_Form(re.compile(expanded), method))
        return method

    return register


class _Match:
    """A clause that a pattern fits, with its numbers at their places in the sentence."""

    def __init__(self, match: re.Match[str], offset: int) -> None:
        self.match, self.offset = match, offset

    def word(self, name: str) -> str:
        return self.match.groupdict().get(name) or ""

    def number(self, name: str, unit: str = "unit") -> Printed | None:
        text = self.match.groupdict().get(name)
        if text is None:
            return None
        return Printed(text, self.offset + self.match.start(name), self.word(unit))

    def known(self, name: str, unit: str = "unit") -> Printed:
        number = self.number(name, unit)
        assert number is not None
        return number


class _Reader:
    def __init__(self, sentence: str) -> None:
        sentence = re.sub(r"^图\d+\u3000", "", sentence)  # the number of a chart is its name
        self.sentence = sentence
        self.reading = Reading(sentence)
        self.group = _Group()
        self.whole: list[Printed] | None = None
        self.subjects: list[Printed] = []
        self.outcomes: list[Printed] = []
        self.taken: set[int] = set()
        if sentence.startswith("草稿："):  # a draft counts its own gaps, which no operand stands beside
            for match in re.finditer(NUMBER, sentence):
                self._fact(Printed(match[0], match.start(), ""))
            return
        sentence = self._without_whose(sentence)
        named = re.search(r"有(\d+)个项目未按期完成：", sentence)
        if named:  # as many as are listed behind it
            listed = len(sentence[named.end() :].split("；"))
            count = Printed(named[1], named.start(1), "个项目")
            self._claim("counted", [], count, str(listed), int(named[1]) == listed)
        for start, piece in _split(sentence, "；"):
            self._read_group(start, piece)
        for match in re.finditer(NUMBER, sentence):
            if not any(start in self.taken for start in range(match.start(), match.end())):
                self.reading.unread.append(Printed(match[0], match.start(), sentence[match.end() : match.end() + 4]))

    def _without_whose(self, sentence: str) -> str:
        """Blanks for whose total it is, 已上报的4个乡镇 or 3个乡镇（缺丙镇、丁乡）: a fact, and no operand."""
        whose = r"(?<![^；，])(?:已上报的|下达目标的|有上年同期数的)?\d+个乡镇(?:（缺[^）]*）)?(?!中|共)"
        for match in re.finditer(whose, sentence):
            for number in re.finditer(NUMBER, match[0]):
                self._fact(Printed(number[0], match.start() + number.start(), "个乡镇"))
            sentence = sentence[: match.start()] + " " * len(match[0]) + sentence[match.end() :]
        return sentence

    # ---- groups and clauses

    def _read_group(self, offset: int, text: str) -> None:
        before, self.group = self.group, _Group()
        if SHORTFALL.match(text):  # told after the parts of the same total: it goes on with that group
            self.group = before
            self.group.parts = None
        elif text.startswith(("其中", "具体为", "全部在", "其余")):  # parts of the total before it
            self.group = before
            self.group.parts, self.group.rest = None, False
        elif before.lead:
            self.whole = before.lead
            self.subjects += before.lead
        for start, clause in _split(text, "，"):
            self._read_clause(offset + start, clause)
        self._close_parts()
        self._close_counts()
        self._close_townships()
        if self.group.second is not None and self.group.target is not self.group.second:
            self.reading.unread.append(self.group.second)

    def _read_clause(self, offset: int, clause: str) -> None:
        for known in FORMS:
            match = known.pattern.fullmatch(clause)
            if match and known.method(self, _Match(match, offset)) is not False:
                return
        self._quantity(offset, clause)

    def _quantity(self, offset: int, clause: str) -> None:
        """A clause with a quantity of its own: the group's subject, or a second figure that a later clause must use."""
        dates = [match.span() for match in re.finditer(DATE, clause)]
        numbers = []
        for match in re.finditer(NUMBER, clause):
            number = Printed(match[0], offset + match.start(), re.match(r"[^\d，；（）]*", clause[match.end() :])[0])
            if any(start <= match.start() < end for start, end in dates):
                self._fact(number)
            elif number.tail.startswith(("%", "个百分点", "倍")) or re.search(r"均$", clause[: match.start()]):
                continue  # a result of a form that is not known
            else:
                numbers.append(number)
        if not numbers:
            return
        if not self.group.lead:
            self.group.lead = numbers
        elif self.group.second is None and len(numbers) == 1:
            self.group.second = numbers[0]
        else:
            return
        for number in numbers:
            self._fact(number)

    def _fact(self, number: Printed) -> Printed:
        self.reading.facts.append(number)
        self.taken.update(range(number.start, number.end))
        return number

    def _bare(self, kind: str, number: Printed) -> None:
        self.reading.bare.append((kind, number))
        self.taken.update(range(number.start, number.end))

    def _claim(
        self,
        kind: str,
        operands: Iterable[Printed],
        result: Printed,
        recomputed: str,
        ok: bool,
        exact: bool = True,
    ) -> None:
        self.reading.claims.append(Claim(self.sentence, kind, tuple(operands), result, recomputed, ok, exact))
        self.taken.update(range(result.start, result.end))

    def _actual(self, unit: str) -> tuple[Printed | None, bool]:
        """The subject's figure, and whether it is in the unit of what it is held against."""
        fitting = [number for number in self.group.lead if same_unit(number, unit)]
        if fitting:
            return fitting[-1], True
        return (self.group.lead[-1], False) if self.group.lead else (None, False)

    # ---- targets

    @form("为<word><target><unit>的<rate>%")
    def _rate_of(self, m: _Match) -> bool | None:
        if not self.group.lead:
            return False
        self.group.target = self._fact(m.known("target"))
        self._completion(m.known("rate", ""))
        return None

    @form("(?:实际|目前)完成<actual><unit>")
    def _done(self, m: _Match) -> bool | None:
        if len(self.group.lead) == 0:
            return False
        self.group.target = self.group.lead[-1]
        self.group.lead = [self._fact(m.known("actual"))]
        return None

    @form("<word>率<rate>%")
    def _rate(self, m: _Match) -> None:
        rate = m.known("rate", "")
        if self.group.target is None and self.group.second is not None:
            self.group.target = self.group.second
        if self.group.target is not None:
            self._completion(rate)
        else:
            self._share(rate)

    def _completion(self, rate: Printed) -> None:
        target = self.group.target
        assert target is not None
        actual, fits = self._actual(target.tail)
        if actual is None or target.value <= 0:
            self._claim("rate", [target], rate, "no actual or no target above 0", False)
            return
        exact = actual.value / target.value
        self.group.rate, self.group.rate_exact = rate, exact
        text = shown(exact * 100) + "%" if fits else f"{actual.tail} is not {target.tail}"
        self._claim("rate", [actual, target], rate, text, fits and percent_holds(exact, rate))

    @form(
        "(?P<way>超额)<result><unit>",
        "(?P<way>超出)<word><result><unit>",
        "比<word>(?P<way>少)<result><unit>",
        "(?P<way>差)<result><unit>",
    )
    def _distance(self, m: _Match) -> None:
        if self.group.target is None:
            self.group.target = self.group.second
        if self.group.target is not None:
            self._difference("difference", self.group.target, m.known("result"), m.word("way") in ("超额", "超出"))

    @form("(?P<way>低于|高于|超出)<word>（<target><unit>）<result><unit2>")
    def _limit(self, m: _Match) -> bool | None:
        if m.word("unit2").startswith("个百分点"):
            return False
        self.group.target = self._fact(m.known("target"))
        self._difference("difference", self.group.target, m.known("result", "unit2"), m.word("way") != "低于")
        return None

    def _difference(self, kind: str, other: Printed, result: Printed, above: bool) -> None:
        actual, fits = self._actual(other.tail)
        if actual is None:
            self._claim(kind, [other], result, "no actual", False)
            return
        fits = fits and (same_unit(other, result.tail) or same_unit(result, other.tail))
        exact = actual.value - other.value if above else other.value - actual.value
        text = shown(exact) if fits else "units differ"
        self._claim(kind, [actual, other], result, text, fits and exact > 0 and exact == result.value)

    @form("与<word><target><unit>持平")
    def _at_limit(self, m: _Match) -> None:
        self.group.target = self._fact(m.known("target"))
        actual, fits = self._actual(self.group.target.tail)
        if actual is None:
            self._claim("equal", [], self.group.target, "no actual", False)
        else:
            ok = fits and actual.value == self.group.target.value
            self._claim("equal", [actual], self.group.target, shown(actual.value), ok)

    @form("(?:<word>)目标为<fact><unit>")
    def _no_rate(self, m: _Match) -> None:
        self._fact(m.known("fact"))

    # ---- rates held against rates

    def _share(self, rate: Printed) -> None:
        part = self.group.lead[-1] if self.group.lead else None
        self.group.rate = rate
        if part is None or self.whole is None:
            self._bare("share without its whole", rate)
            return
        whole, fits = self.whole[-1], same_unit(self.whole[-1], part.tail) or same_unit(part, self.whole[-1].tail)
        carried = self.group.carried
        total = whole.value + (carried.value if carried else 0)
        operands = [part, whole, *([carried] if carried else [])]
        if total <= 0:
            self._claim("share", operands, rate, "nothing to have a share of", False)
            return
        exact = part.value / total
        self.group.rate_exact = exact
        fits = fits and part.value <= total
        text = shown(exact * 100) + "%" if fits else "a part above its whole, or another unit"
        self._claim("share", operands, rate, text, fits and percent_holds(exact, rate))

    @form("连同<last>结转的<fact><unit>(?:共<result><unit2>)?")
    def _carried(self, m: _Match) -> None:
        carried, total = self._fact(m.known("fact")), m.number("result", "unit2")
        self.group.carried = carried
        if total is not None and self.whole is not None:
            found = self.whole[-1].value + carried.value
            alike = m.word("unit") == m.word("unit2") and same_unit(self.whole[-1], m.word("unit"))
            self._claim("sum", [self.whole[-1], carried], total, shown(found), alike and found == total.value)

    @form("(?P<way>高于|低于)<word>（<target>%）(?:<result>个百分点)?")
    def _against_rate(self, m: _Match) -> bool | None:
        rate, target = self.group.rate, m.known("target", "")
        if rate is None:
            return False
        self._fact(target)
        above = m.word("way") == "高于"
        self._points("points", rate, target, m.number("result", ""), above)
        if self.group.rate_exact is not None:
            self._side(rate, target, 1 if above else -1)
        return None

    @form("达到<word>（<target>%）")
    def _reached(self, m: _Match) -> bool | None:
        rate, target = self.group.rate, m.known("target", "")
        if m.word("word").endswith("序时进度"):
            return self._on_track(target)
        if rate is None:
            return False
        self._claim("equal", [rate], target, rate.text + "%", rate.text == target.text)
        self._side(rate, target, 0)
        return None

    def _on_track(self, progress: Printed) -> bool | None:
        """At the time progress or above, and under the target; a rate too near 100 % is not printed."""
        rate, target = self.group.rate, self.group.target or self.group.second
        actual = self._actual(target.tail)[0] if target else None
        if target is None or actual is None or target.value <= 0:
            return False
        self.group.target, exact = target, actual.value / target.value * 100
        ok = exact < 100 and (exact if rate is None else rate.value) >= progress.value
        self._claim("on track", [rate] if rate else [actual, target], progress, shown(exact) + "%", ok, exact=False)
        return None

    def _side(self, rate: Printed, target: Printed, expected: int) -> None:
        """The exact share lies on the side of the target that the words say."""
        exact = self.group.rate_exact
        if exact is not None:
            ok = side(exact * 100, target.value) == expected
            self._claim("side", [rate], target, shown(exact * 100) + "%", ok, exact=False)

    @form("快于(?P<word>序时进度)（<target>%）<result>个百分点")
    def _ahead(self, m: _Match) -> bool | None:
        if self.group.rate is None:
            return False
        target = self._fact(m.known("target", ""))
        self._points("points", self.group.rate, target, m.known("result", ""), above=True)
        return None

    @form("落后于?(?P<word>序时进度)（<target>%）(?:<result>个百分点)?")
    def _behind(self, m: _Match) -> bool | None:
        if self.group.rate is None:
            return False
        target = self._fact(m.known("target", ""))
        self._points("points", self.group.rate, target, m.number("result", ""), above=False)
        return None

    @form("比<last>的<base>%(?P<way>提高|降低)<result>个百分点")
    def _moved(self, m: _Match) -> bool | None:
        if self.group.rate is None:
            return False
        base = self._fact(m.known("base", ""))
        self._points("points", self.group.rate, base, m.known("result", ""), m.word("way") == "提高")
        return None

    @form("<last>为<base>%")
    def _last_rate(self, m: _Match) -> None:
        self.group.base_rate = self._fact(m.known("base", ""))

    @form("(?:同比|比<last>)?(?P<way>提高|降低)<result>个百分点")
    def _moved_from(self, m: _Match) -> None:
        result = m.known("result", "")
        if self.group.rate is None or self.group.base_rate is None:
            self._bare("points without their base", result)
        else:
            self._points("points", self.group.rate, self.group.base_rate, result, m.word("way") == "提高")

    def _points(self, kind: str, rate: Printed, other: Printed, result: Printed | None, above: bool) -> None:
        exact = rate.value - other.value if above else other.value - rate.value
        if result is None:  # the words alone
            self._claim(kind, [rate], other, shown(exact), exact > 0, exact=False)
            return
        alike = rate.decimals == other.decimals == result.decimals
        self._claim(kind, [rate, other], result, shown(exact), alike and exact > 0 and exact == result.value)

    # ---- changes

    @form("比<last>的<base><unit>(?P<way>增长|下降)<rate>%")
    def _changed_from(self, m: _Match) -> None:
        self.group.base = self._fact(m.known("base"))
        self._change(m.known("rate", ""), m.word("way"))

    @form("<last>为<base><unit>")
    def _last(self, m: _Match) -> None:
        self.group.base = self._fact(m.known("base"))

    @form("(?P<word>.*?)由<last>的<base><unit>(?P<way>增至|减至)<actual><unit2>")
    def _from_to(self, m: _Match) -> None:
        self.group.base, actual = self._fact(m.known("base")), self._fact(m.known("actual", "unit2"))
        self.group.lead = [actual]
        rises = m.word("way") == "增至"
        ok = actual.tail == self.group.base.tail and side(actual.value, self.group.base.value) == (1 if rises else -1)
        self._claim("direction", [self.group.base], actual, m.word("way"), ok, exact=False)

    @form("(?:同比|比<last>)?(?P<way>增长|下降)<rate>%")
    def _changed(self, m: _Match) -> None:
        self._change(m.known("rate", ""), m.word("way"))

    def _change(self, rate: Printed, way: str) -> None:
        self.group.change, base = rate, self.group.base
        if base is None:
            self._bare("change without its base", rate)
            return
        actual, fits = self._actual(base.tail)
        if actual is None or base.value <= 0:
            self._claim("change", [base], rate, "no actual, or no base above 0", False)
            return
        exact = (actual.value - base.value) / base.value * (1 if way == "增长" else -1)
        text = f"{way}{shown(exact * 100)}%" if fits else f"{actual.tail} is not {base.tail}"
        ok = fits and exact > 0 and percent_holds(exact, rate)
        self._claim("change", [actual, base], rate, text, ok)

    @form("(?P<near>即|约)增长<result>倍")
    def _times(self, m: _Match) -> bool | None:
        result, change, base = m.known("result", ""), self.group.change, self.group.base
        if change is None:
            return False
        if base is not None and (actual := self._actual(base.tail)[0]) is not None and base.value > 0:
            operands, exact = [actual, base], (actual.value - base.value) / base.value
        else:
            operands, exact = [change], change.value / 100
        tidy = result.decimals == 0 or (result.decimals == 1 and not result.text.endswith("0"))
        ok = tidy and result.value == rounded(exact, 1) and exact >= 1 and (result.value > 1 or exact == 1)
        if operands != [change]:  # 即 of an exact result alone
            ok = ok and (m.word("near") == "即") == (result.value == exact)
        self._claim("times", operands, result, shown(exact), ok)
        return None

    @form("<last>为零")
    def _last_none(self, m: _Match) -> None:
        self.group.from_zero = True

    @form("较<last>(?:扭亏|由盈转亏)")
    def _turned(self, m: _Match) -> None:
        self.group.turned = True

    @form("(?P<way>减少)<fact><unit>")
    def _less(self, m: _Match) -> bool | None:
        if not self.group.turned:
            return False
        self._fact(m.known("fact"))
        return None

    @form("(?P<way>增加)<result><unit>")
    def _from_zero(self, m: _Match) -> bool | None:
        if self.group.turned:
            self._fact(m.known("result"))
            return None
        if not self.group.from_zero:
            return False
        result = m.known("result")
        actual, fits = self._actual(result.tail)
        if actual is None:
            return False
        self._claim("from zero", [actual], result, shown(actual.value), fits and actual.value == result.value)
        return None

    @form("较<last>(?:扭亏|减亏|增亏|由盈转亏)?(?P<way>增加|减少|)<result><unit>")
    def _absolute(self, m: _Match) -> bool | None:
        result = m.known("result")
        actual, fits = self._actual(result.tail)
        if actual is None and self.group.lead:
            return False
        if actual is None:  # 未受理问题线索，较上年减少2件
            self._bare("absolute change", result)
            return None
        if m.word("way") == "增加" and actual.value >= 0 and fits:
            ok = 0 < result.value <= actual.value
            self._claim("increase", [actual], result, f"at most {actual.text}", ok, exact=False)
        else:
            self._claim("decrease", [actual], result, "of the same unit", fits and result.value > 0, exact=False)
        return None

    # ---- averages and parts

    @form("(?P<per>[一-龥]{1,2})均<result><unit>")
    def _average(self, m: _Match) -> bool | None:
        result = m.known("result")
        counts = [n for n in self.subjects if n.tail.startswith(m.word("per"))]
        total, fits = self._actual(result.tail)
        if not counts or total is None or counts[-1].value <= 0:
            return False
        count = counts[-1]
        exact = total.value / count.value
        holds = 0 <= result.decimals <= 4 and result.value == rounded(exact, max(2, result.decimals))
        self._claim("average", [total, count], result, shown(exact), fits and holds)
        return None

    @form("其中(?P<items>.+)")
    def _parts(self, m: _Match) -> bool | None:
        if self.group.counted is not None:
            return False
        parts = []
        for start, item in _split(m.word("items"), "、"):
            numbers = list(re.finditer(NUMBER, item))
            if not numbers:
                return False
            place = m.offset + m.match.start("items") + start
            for number in numbers:
                printed = Printed(number[0], place + number.start(), item[number.end() :])
                self._fact(printed)
            parts.append(printed)
        self.group.parts = parts
        return None

    @form("其余<count>个?<word>共<rest><unit>")
    def _rest(self, m: _Match) -> bool | None:
        if self.group.parts is None:
            return False
        self._fact(m.known("count", ""))
        rest = self._fact(m.known("rest"))
        smallest = min(part.value for part in self.group.parts)
        self.group.parts.append(rest)
        self.group.rest = True
        ok = m.known("count").value > 1 and rest.value <= smallest * m.known("count").value
        self._claim("rest", [m.known("count")], rest, "no larger than the smallest part each", ok, exact=False)
        return None

    def _close_parts(self) -> None:
        parts = self.group.parts
        if not parts:
            return
        total, fits = self._actual(parts[0].tail)
        if total is None:
            self._claim("parts", parts, parts[0], "no total", False)
            return
        found = sum((part.value for part in parts), Fraction(0))
        fits = fits and all(part.tail == parts[0].tail for part in parts)
        holds = found == total.value if self.group.rest else found <= total.value
        self._claim("parts", parts, total, shown(found), fits and holds, exact=self.group.rest)

    # ---- counts of outcomes

    @form(
        "<word>(?P<kind>承担考核指标|零发生承诺)<count>项",
        "<count>项(?P<kind>目标任务|有数量目标的任务)(?:（控制数除外）)?",
        "(?P<kind>[^\\d；，]*项目)共<count>个",
    )
    def _counted(self, m: _Match) -> None:
        number = self._fact(m.known("count", ""))
        self.group.counted, self.group.parts = (m.word("kind"), number), None
        self.outcomes = []

    @form(
        "(?:其中)?(?P<outcome>[^\\d（）]+)<count>项(?P<inner>（含.+）)?",
        "(?:其中)?(?P<outcome>已完成|在建|未开工|进展待报)<count>个(?P<inner>（含.+）)?",
    )
    def _outcome(self, m: _Match) -> bool | None:
        if self.group.counted is None:
            return False
        outcome = self._fact(m.known("count", ""))
        self.outcomes.append(outcome)
        if m.word("inner"):
            place = m.offset + m.match.start("inner")
            inner = [Printed(n[0], place + n.start()) for n in re.finditer(NUMBER, m.word("inner"))]
            found = sum((self._fact(number).value for number in inner), Fraction(0))
            self._claim("included", inner, outcome, shown(found), found <= outcome.value, exact=False)
        return None

    # ---- townships behind a total

    @form(
        "(?:其中)?<count>个乡镇中",
        "<word>应汇总乡镇<count>个",
        "有(?:缺数|审核错误待更正)的乡镇<count>个(?:（[^）]*）)?",
    )
    def _of_townships(self, m: _Match) -> None:
        self.group.townships = [self._fact(m.known("count", ""))]

    @form("(?P<state>[^\\d（），]+)<count>个(?:（[^）]*）)?")
    def _townships_in(self, m: _Match) -> bool | None:
        if not self.group.townships:
            return False
        self.group.townships.append(self._fact(m.known("count", "")))
        inner = m.match[0].partition("（")[2].rstrip("）")
        if inner and not inner.endswith("乡镇"):  # as many as are named behind it
            named, count = len(inner.split("、")), self.group.townships[-1]
            self._claim("counted", [], count, str(named), count.value == named)
        return None

    def _close_townships(self) -> None:
        if len(self.group.townships) > 1:
            total, *parts = self.group.townships
            found = sum((part.value for part in parts), Fraction(0))
            self._claim("townships", parts, total, shown(found), found == total.value)

    @form(".*[一-龥]（.*%）.*")
    def _by_name(self, m: _Match) -> bool | None:
        """甲镇（完成120座，目标100座，完成率120.0%）、乙乡（…）, and the like; each rate follows from its own bracket."""
        operands = (
            rf"（[一-龥]*(?P<part>{NUMBER})(?P<unit>[一-龥]+)，(?:目标|总数|本年新增|完成)(?P<other>{NUMBER})[一-龥]+"
        )
        pattern = rf"{operands}(?:，上年结转(?P<carried>{NUMBER})[一-龥]+)?，[一-龥]*?(?P<rate>{NUMBER})%）"
        found = list(re.finditer(pattern, m.match[0]))
        for one in found:
            part, other, rate = (Printed(one[n], m.offset + one.start(n)) for n in ("part", "other", "rate"))
            whole = other.value + (Fraction(one["carried"]) if one["carried"] else 0)
            exact = other.value / part.value if one[0].startswith("（考核") else part.value / whole
            self._claim("rate by name", [part, other], rate, shown(exact * 100) + "%", percent_holds(exact, rate))
            for name in ("part", "other", "carried"):
                if one[name]:
                    self._fact(Printed(one[name], m.offset + one.start(name)))
        for one in re.finditer(rf"(?:等(?P<count>{NUMBER})个乡镇)?（均为(?P<same>{NUMBER})%）", m.match[0]):
            self._bare("rate of several", Printed(one["same"], m.offset + one.start("same")))
            if one["count"]:
                self._fact(Printed(one["count"], m.offset + one.start("count")))
        return None if found or "（均为" in m.match[0] else False

    @form("中间半数乡镇的<word>(?:在<low>%至<high>%之间|均为<same>%)", "考核指标完成比例(?:各乡镇均)?为<same>%")
    def _middle(self, m: _Match) -> None:
        for name in ("low", "high", "same"):
            if (number := m.number(name, "")) is not None:
                self._bare("of all townships", number)

    @form("全部完成（含逾期完成<count>个）")
    def _all_done(self, m: _Match) -> bool | None:
        if self.group.counted is None:
            return False
        total, late = self.group.counted[1], self._fact(m.known("count", ""))
        self._claim("included", [late], total, f"at most {total.text}", late.value <= total.value, exact=False)
        return None

    def _close_counts(self) -> None:
        if self.group.counted is None or not self.outcomes:
            return
        total = self.group.counted[1]
        found = sum((number.value for number in self.outcomes), Fraction(0))
        self._claim("outcomes", self.outcomes, total, shown(found), found == total.value)

    # ---- projects, duties, facts

    @form("(?P<word>.*?)等<result>项工作均按时完成")
    def _listed(self, m: _Match) -> None:
        names = m.word("word").split("、")
        self._claim("listed", [], m.known("result", ""), str(len(names)), m.known("result").value == len(names))

    @form("(?P<word>.*?)原?计划<month>月完成")
    def _planned(self, m: _Match) -> None:
        self.group.planned = self._month(m)

    @form("(?P<way>已于|实际于)<month>月完成")
    def _finished(self, m: _Match) -> None:
        month, planned = self._month(m), self.group.planned
        self.group.finished = month
        if planned is not None and ("年" in planned.text) == ("年" in month.text):
            late = _months(month.text) > _months(planned.text)
            self._claim(
                "in time",
                [planned],
                month,
                "late" if late else "in time",
                late == (m.word("way") == "实际于"),
                exact=False,
            )

    @form("<month>月投入使用")
    def _used(self, m: _Match) -> None:
        month, finished = self._month(m), self.group.finished
        if finished is not None and ("年" in finished.text) == ("年" in month.text):
            ok = _months(month.text) >= _months(finished.text)
            self._claim("in use", [finished], month, "after it was finished" if ok else "before", ok, exact=False)

    def _month(self, m: _Match) -> Printed:
        month = m.known("month", "")
        self.taken.update(range(month.start, month.end))
        self.reading.facts.append(month)
        return month

    @form(
        "投资<fact>(?:万|亿)?元",
        "形象进度<fact>%",
        "(?:预计)?带动就业岗位<fact>个",
        "预计村集体年收入<fact>(?:万|亿)?元",
        "<word>连续<fact>年(?:同期)?零发生",
    )
    def _told(self, m: _Match) -> None:
        self._fact(m.known("fact", ""))


def _months(text: str) -> int:
    year, _, month = text.rpartition("年")
    return int(year or 0) * 12 + int(month)


def _split(text: str, mark: str) -> Iterator[tuple[int, str]]:
    """The pieces between marks that are not inside brackets or quotation marks, with their places."""
    depth = start = 0
    for place, character in enumerate(text):
        if character in OPEN:
            depth += 1
        elif character in CLOSE:
            depth -= 1
        elif character == mark and depth <= 0:
            yield start, text[start:place]
            start = place + 1
    yield start, text[start:]


def main() -> int:
    """Check a report's text, and print what was recomputed."""
    readings = check(sentences_of(Path(sys.argv[1]).read_text(encoding="utf-8")))
    for reading in readings:
        if reading.claims or reading.bare or reading.unread:
            print(reading.sentence)
        for claim in reading.claims:
            print("   ", claim)
        for kind, number in reading.bare:
            print("   ", "bare ", kind, number.text)
        for number in reading.unread:
            print("   ", "UNREAD", number.text + number.tail)
    claims = [claim for reading in readings for claim in reading.claims]
    wrong = [reading for reading in readings if not reading.ok]
    print(f"{len(readings)} sentences, {len(claims)} claims, {len(wrong)} sentences that do not hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
