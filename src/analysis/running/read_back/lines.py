"""A report's text as lines, and a line as a console or a page may show it."""

from dataclasses import dataclass

CELL = "｜"
"""Stands between the cells of a table's row."""
BODY, TITLE, HEADING, BOX = "正文", "题名", "标题", "文本框"
LONGEST = 160
"""Characters of a text that a console shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a row of a table with `CELL` between its cells, as written.

    Attributes:
        heading: the headings that it stands under, itself included if it is one.
        place: 正文, 标题, 表“…”, 文本框, 脚注, 页眉 …
        row: whether it is a table's row.
    """

    text: str
    heading: str = ""
    place: str = BODY
    row: bool = False


def clipped(text: str) -> str:
    """A text cut where it is longer than a console should show."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……"


def shown(text: str) -> str:
    """Text of a file as a line to show: nothing in it steers a console, or turns the direction of what follows."""
    return "".join(character if character.isprintable() else " " for character in text)
