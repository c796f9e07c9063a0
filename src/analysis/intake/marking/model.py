"""What is put into a copy, and the signs by which it is known again after any program saved the copy."""

from collections.abc import Sequence
from dataclasses import dataclass

SIGN = "审核回执"
"""The author of the comments, and the word of the formula that colours a cell."""
COMMENT_LINE = f"【{SIGN}】"
"""The line that every comment of a receipt begins with, below what somebody else wrote there too."""
COLOUR_FORMULA = f'"{SIGN}"="{SIGN}"'
"""Always true, and nothing that anybody would write: the colours are known by it."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """A comment and a colour at a cell.

    Several marks at a cell become one comment, in the colour of the worst severity (`error`, `warning`, `privacy`, `note`).
    """

    sheet: str
    cell: str
    text: str
    severity: str


@dataclass(frozen=True, slots=True)
class ListCell:
    """A cell of an added sheet.

    Attributes:
        text: what stands in it, always as text.
        style: `title`, `head`, `text`, `code`, `error`, `warning`, `note`, `open` (to be filled in, not locked) or
            `plain`; any other is taken for `text`.
        link: sheet and cell that a click goes to.
    """

    text: str
    style: str = "text"
    link: tuple[str, str] | None = None


@dataclass(frozen=True)
class AddedSheet:
    """A sheet to be added: A4 landscape as wide as the paper, protected without a password but for its open cells.

    Attributes:
        title: the name on its tab; a number is put behind it where somebody else's sheet has it.
        rows: its cells from A1 on.
        widths: of its columns, in characters.
        hidden: whether it is hidden.
        first: whether it stands before all others and is the one that is seen when the copy is opened.
        head_rows: rows that stay in sight and are printed on every page.
        merged: ranges that are merged, `A1:H1`.
    """

    title: str
    rows: Sequence[Sequence[ListCell]]
    widths: Sequence[float]
    hidden: bool = False
    first: bool = False
    head_rows: int = 0
    merged: Sequence[str] = ()


def sheet_formula(title: str) -> str:
    """The formula at A1 of an added sheet, always true; it says the sheet's own title, so that a pasted one says nothing."""
    word = f"{SIGN}工作表：{title}".replace('"', '""')
    return f'"{word}"="{word}"'
