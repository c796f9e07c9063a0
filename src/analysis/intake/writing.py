"""How people write the same thing: full-width and half-width, spaces, line breaks and characters nobody sees."""

import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,  # ideographic space
    0xA0: 0x20,  # no-break space
    0x2212: 0x2D,  # minus sign
}
# Not Unicode's NFKC: it would make 102 of 10² and 1 of ①, which nobody typed.
_KEPT = "\n\t"


def narrow(text: str) -> str:
    """Write full-width ASCII in half width; ideographic and no-break spaces become spaces, a minus sign a hyphen."""
    return text.translate(_NARROW)


def plain(text: str) -> str:
    """Reduce a heading, a name or a code to what tells it apart: narrow, without any space and unseen character."""
    return _short_plain(text) if len(text) <= _KEPT_LENGTH else _plain(text)


def _plain(text: str) -> str:
    text = narrow(text)
    if text.isprintable() and " " not in text:  # nearly always: nothing to leave out
        return text
    return "".join(char for char in text if not char.isspace() and not _unseen(char))


_short_plain = lru_cache(maxsize=20_000)(_plain)
_KEPT_LENGTH = 100
"""Longer texts are seldom the same, and would fill the memory."""


def clean(text: str) -> str:
    """Clean a text for the report: no control or direction characters, one kind of line break, no space around lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():  # what is printable has none of them, as nearly every text
        text = "".join(char for char in text if char in _KEPT or not _unseen(char))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def shown_name(path: Path) -> str:
    """A file's name as it can be printed and kept: in characters, none of them unseen.

    A name that an archive of another system left in GBK bytes is read as such.
    """
    name = path.name
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return "".join("〓" if _unseen(char) or unicodedata.category(char) == "Co" else char for char in name)


def words_only(text: str) -> str:
    """Reduce a sentence to its words, so that 无。 and （无） are both 无."""
    return re.sub(r"[\W_]+", "", plain(text))


def _unseen(char: str) -> bool:
    # Private and unassigned characters stay: rare names are written in them, and which are assigned depends on the version.
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")
