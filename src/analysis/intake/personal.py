"""What names or numbers a person in a text: it must not be in what is published.

Numbers tell themselves by their form and their check digit. A name is three characters like any others, so that it is
looked for only where the text says that a person is named: behind 村民, before 同志. The words are the scheme's
(`people.csv`); what is written 张某某 or 王×× names nobody.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from analysis.scheme.models import PeopleWords

IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
LABELLED = re.compile(r"(?:身份证|证件)[^0-9。；;\n]{0,6}([1-9][0-9]{14}(?:[0-9]{2}[0-9Xx])?)(?![0-9A-Za-z])")
"""Said to be one: it is of a person though a digit is mistyped, or of the old kind with 15."""
MOBILE = re.compile(r"(?<![0-9.])(?:\+?86[ -]?)?(1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9]|\.[0-9])")
LANDLINE = re.compile(r"(?<![0-9.])(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3}[ -]?)[2-9][0-9]{6,7}(?![0-9]|\.[0-9])")
"""Area code and number; figures never start with a zero, so that no separator is needed."""
CARD = re.compile(r"(?<![0-9A-Za-z.])62[0-9]{2}(?: ?[0-9]{4}){3}(?: ?[0-9]{1,3})?(?![0-9A-Za-z]|\.[0-9])")
"""UnionPay's cards, 16 to 19 digits."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""GB 11643: the check character of an identity card's number, by the weighted sum of its digits modulo 11."""
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
NAME = "姓名"


@dataclass(frozen=True, slots=True)
class Personal:
    """What names a person.

    Attributes:
        kind: 身份证号, 手机号, 固定电话, 银行卡号 or 姓名.
        masked: the number with most of its digits hidden, the name as surname and 某, for messages and logs.
    """

    kind: str
    masked: str


def personal(text: str, people: Iterable[PeopleWords] = ()) -> Iterator[Personal]:
    """Everything in a text that names or numbers a person.

    Numbers are those of identity cards (18 digits, a birthday, the right check character, or said to be one: 身份证号：…),
    mobiles, landlines and bank cards. Full-width digits and every kind of dash are read as what they look like.

    Args:
        text: of a cell, or of a whole page.
        people: the scheme's words; without them no names are looked for.
    """
    plain = unicodedata.normalize("NFKC", text).translate(DASHES)
    yield from _numbers(plain)
    words = tuple(people)
    if words:
        yield from _names(plain, words)


def _numbers(plain: str) -> Iterator[Personal]:
    said = {found[1] for found in LABELLED.finditer(plain)}
    certain = [found[0] for found in IDENTITY.finditer(plain) if is_identity(found[0])]
    for number in [*certain, *sorted(said.difference(certain))]:
        yield Personal("身份证号", f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}")
    for found in MOBILE.finditer(plain):
        digits = re.sub(r"[^0-9]", "", found[1])
        yield Personal("手机号", f"{digits[:3]}****{digits[-4:]}")
    for found in LANDLINE.finditer(plain):
        yield Personal("固定电话", f"{found[0][:-4]}****")
    for found in CARD.finditer(plain):
        digits = found[0].replace(" ", "")
        if is_card(digits) and not is_identity(digits):
            yield Personal("银行卡号", f"{digits[:4]}********{digits[-4:]}")


def _names(plain: str, words: tuple[PeopleWords, ...]) -> Iterator[Personal]:
    named, not_names = _patterns(words)
    told: set[tuple[str, str]] = set()
    for pattern in named:
        for found in pattern.finditer(plain):
            name, beside = found["name"], found["beside"]
            if name.startswith(not_names) or (name, beside) in told:
                continue
            told.add((name, beside))
            surname = found["surname"] or name[:1]
            masked = f"{surname}{'某' * min(len(name) - len(surname), 2)}"
            before = found.start("beside") < found.start("name")
            yield Personal(NAME, f"{beside}{masked}" if before else f"{masked}{beside}")


@lru_cache(maxsize=4)
def _patterns(words: tuple[PeopleWords, ...]) -> tuple[list[re.Pattern[str]], tuple[str, ...]]:
    """A name behind and a name before the words that go with names; then the words that are no names."""

    def listed(group: str) -> tuple[str, ...]:
        return tuple(word for row in words if row.group == group for word in row.words)

    def one_of(group: str) -> str:
        longest_first = sorted(set(listed(group)), key=lambda word: (-len(word), word))
        return "|".join(map(re.escape, longest_first)) or r"(?!)"

    given = f"[{HAN}]" if not listed("never") else f"(?!{one_of('never')})[{HAN}]"
    # A name of Han with one or two characters behind the surname, or one of another people, its parts joined by a dot.
    name = rf"(?P<name>(?P<surname>{one_of('surname')})(?:{given}){{1,2}}|[{HAN}]{{2,6}}[·•‧][{HAN}]{{2,6}})"
    behind = rf"(?P<beside>{one_of('before')})[:\s(“\"]{{0,2}}(?:为|是|叫|系|名叫)?[:\s“\"]{{0,2}}{name}(?=[^{HAN}]|$|{one_of('follow')})"
    before = rf"(?:^|(?<=[^{HAN}])|{one_of('lead')}){name}(?P<beside>{one_of('after')})"
    return [re.compile(behind), re.compile(before)], listed("not")


def is_identity(number: str) -> bool:
    """Whether 18 characters are the number of an identity card: its birthday is a day, its last character checks."""
    if len(number) != 18 or not number[:17].isdecimal():
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return 1850 <= int(number[6:10]) <= 2100 and CHECKS[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """Whether the last digit of a bank card's number checks (ISO/IEC 7812, Luhn)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10
