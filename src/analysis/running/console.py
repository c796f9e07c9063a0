"""What commands print: coloured and boxed on a terminal; plain, one line a line, where a file or a program reads it."""

import os

from rich.console import Console
from rich.table import Table

WIDE = 10_000
"""Columns where nobody watches: a path or a sentence is never broken in two."""
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}
"""A return's text may hold what would move the cursor or clear the screen."""


class _Heard(Console):
    """A console whose reader may go away, as `head` does: the command goes on to its end and its exit code."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def console(stderr: bool = False) -> Console:
    """The console of every command."""
    made = _Heard(stderr=stderr, highlight=False, markup=False, soft_wrap=True, emoji=False)
    return made if made.is_terminal else _Heard(stderr=stderr, highlight=False, markup=False, emoji=False, width=WIDE)


def harmless(text: str) -> str:
    """A text without what a terminal would obey; its lines stay."""
    return text.translate(_CONTROLS)


def say(to: Console, line: str, style: str = "") -> None:
    """Print a line as it is, whatever is in it."""
    to.print(harmless(line), style=style, markup=False, highlight=False, soft_wrap=True)


def print_table(to: Console, drawn: Table) -> None:
    """Print a table; where no terminal shows it, without the blanks that fill its last column."""
    if to.is_terminal:
        to.print(drawn)
        return
    with to.capture() as captured:
        to.print(drawn)
    for line in captured.get().splitlines():
        say(to, line.rstrip())


def table(to: Console, *heads: str, title: str = "") -> Table:
    """A table for a console: with its lines drawn on a terminal, else columns alone."""
    if to.is_terminal:
        made = Table(title=title or None, title_justify="left")
    else:
        made = Table(title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        made.add_column(head, overflow="fold")
    return made
