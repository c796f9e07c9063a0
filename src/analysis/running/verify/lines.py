"""A Word file's text as lines, and what was noted beside them."""

from dataclasses import dataclass, field
from typing import Literal

CELL = "｜"
"""Stands between the cells of a table's row."""
BODY, TITLE, HEADING, BOX = "正文", "题名", "标题", "文本框"

Noted = Literal["tracked", "hidden", "unread"]


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


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is not plain text: a tracked change still open, hidden text, or what can't be read."""

    kind: Noted
    what: str
    text: str = ""
    heading: str = ""
    author: str = ""


@dataclass
class WordText:
    """The lines of a file, and what was noted beside them."""

    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pictures: int = 0
