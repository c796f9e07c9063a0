"""Identity-card and telephone numbers in a text: what must not be in a page that is published."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9.])(?:\+?86[ -]?)?(1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9]|\.[0-9])")
LANDLINE = re.compile(r"(?<![0-9.])(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3}[ -]?)[2-9][0-9]{6,7}(?![0-9]|\.[0-9])")
"""Area code and number; figures never start with a zero, so that no separator is needed."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""GB 11643: the check character of an identity card's number, by the weighted sum of its digits modulo 11."""
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")


@dataclass(frozen=True, slots=True)
class Personal:
    """A number of a person.

    Attributes:
        kind: 身份证号, 手机号 or 固定电话.
        masked: the number with most of its digits hidden, for messages and logs.
    """

    kind: str
    masked: str


def personal_numbers(text: str) -> Iterator[Personal]:
    """Find identity-card numbers (18 digits, a birthday, the right check character), mobile numbers and landlines.

    Full-width digits and every kind of dash are read as what they look like.
    """
    plain = unicodedata.normalize("NFKC", text).translate(DASHES)
    for found in IDENTITY.finditer(plain):
        if is_identity(found[0]):
            yield Personal("身份证号", f"{found[0][:6]}********{found[0][-4:]}")
    for found in MOBILE.finditer(plain):
        digits = re.sub(r"[^0-9]", "", found[1])
        yield Personal("手机号", f"{digits[:3]}****{digits[-4:]}")
    for found in LANDLINE.finditer(plain):
        yield Personal("固定电话", f"{found[0][:-4]}****")


def is_identity(number: str) -> bool:
    """Whether 18 characters are the number of an identity card: its birthday is a day, its last character checks."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return 1850 <= int(number[6:10]) <= 2100 and CHECKS[total % 11] == number[17].upper()
