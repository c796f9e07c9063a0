"""The pages of the documentation as their readers follow them: commands, edits, cells to be filled in.

What a page may hold, and what becomes of it:

- ```` ```sh ````: a command a line; each is run, and ends with 0 or 2 (done, or done with something to look at).
- ```` ```console ````: commands after `$`, each followed by what the screen shows. `…` stands for anything within a line,
  and for any lines where it stands alone.
- ```` ```diff ````: an edit. The line `--- FILE` names the file; lines with `+` come, lines with `-` go, the others are there.
  A file that has only `+` lines and is not there is made.
- a table with the heads 单元格 and 填写: cells of a workbook, after the comment `<!-- fill: FROM -> TO -->`.
- a quotation (`> `): a passage that the last report now has.
- the comment `<!-- exit: 1 -->` before a block: how its last command ends.

The comments are not shown to readers.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl

from analysis.cli import DONE, GAPS, exit_code

BLOCK = re.compile(
    r"^ *```(?P<language>sh|console|diff)\n(?P<code>.*?)^ *```$"
    r"|^\| 单元格 \| 填写 \|\n\| --- \| --- \|\n(?P<cells>(?:\|[^\n]*\n)+)"
    r"|^(?P<quoted>(?:> [^\n]*\n)+)"
    r"|^<!-- (?P<word>exit|fill): (?P<value>.*?) -->$",
    re.MULTILINE | re.DOTALL,
)
ANY = "…"


def _papermill(words: list[str]) -> int:
    from click.testing import CliRunner
    from papermill.cli import papermill

    ended = CliRunner().invoke(papermill, words)
    print(ended.output, ended.exception or "")
    return ended.exit_code


def _jupyter(words: list[str]) -> int:
    from nbconvert.nbconvertapp import NbConvertApp

    assert words[0] == "nbconvert", words
    app = NbConvertApp()
    app.initialize(words[1:])
    app.start()
    return 0


IN_PROCESS: dict[str, Callable[[list[str]], int]] = {
    "township-report": exit_code,
    "papermill": _papermill,
    "jupyter": _jupyter,
}
"""Commands that are called in this process: what they import, it has imported."""


class PageError(AssertionError):
    """What a page says is not so; tells the page and the line."""


@dataclass(frozen=True)
class Block:
    """A piece of a page to be followed.

    Attributes:
        kind: `sh`, `console`, `diff`, `cells` or `quoted`.
        text: the piece without its fence.
        place: page and line, for messages.
        exit: the exit code that the page promises for the last command; None: 0 or 2.
        fill: the workbook to be filled in, and where it is to be saved.
    """

    kind: str
    text: str
    place: str
    exit: int | None = None
    fill: tuple[str, str] = ("", "")

    def commands(self) -> list[tuple[str, list[str] | None]]:
        """Each command, and the lines that the page shows after it; None where it shows nothing."""
        if self.kind == "sh":
            lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in self.text.replace("\\\n", "").splitlines())
            return [(line, None) for line in lines if line]
        found: list[tuple[str, list[str] | None]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                shown = found[-1][1]
                assert shown is not None
                shown.append(line)
        return found


def blocks_of(path: Path) -> Iterator[Block]:
    """The pieces of a page that are to be followed, in its order."""
    text = path.read_text(encoding="utf-8")
    promised: int | None = None
    fill = ("", "")
    for match in BLOCK.finditer(text):
        place = f"{path.name}:{text[: match.start()].count(chr(10)) + 1}"
        if match["word"] == "exit":
            promised = int(match["value"])
        elif match["word"] == "fill":
            source, _, target = match["value"].partition(" -> ")
            fill = (source, target or source)
        else:
            kind = match["language"] or ("cells" if match["cells"] else "quoted")
            text_of_it = match["code"] or match["cells"] or match["quoted"]
            yield Block(kind, text_of_it, place, promised, fill)
            promised, fill = None, ("", "")


@dataclass
class Reader:
    """Somebody who follows a page in a copy of the project.

    Attributes:
        folder: where the reader is; `cd` changes it.
    """

    folder: Path

    def follow(self, block: Block) -> None:
        """Do what a block says.

        Raises:
            PageError: it can't be done, ends otherwise than the page says, or shows something else.
        """
        if block.kind == "diff":
            self.edit(block)
        elif block.kind == "cells":
            self.fill_in(block)
        elif block.kind == "quoted":
            self.find(block)
        else:
            commands = block.commands()
            for number, (line, shown) in enumerate(commands, 1):
                promised = block.exit if number == len(commands) else None
                code, said = self.run(line)
                if code not in ((DONE, GAPS) if promised is None else (promised,)):
                    raise PageError(f"{block.place}: {line}\nended with {code}\n{said}")
                if shown is not None and not shows(said, shown):
                    told = "\n".join(shown)
                    raise PageError(f"{block.place}: {line}\nthe page shows\n{told}\nthe screen shows\n{said}")

    def run(self, line: str) -> tuple[int, str]:
        """Run a command in the reader's folder; its exit code, and what it says on both outputs."""
        words = shlex.split(line)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return 0 if self.folder.is_dir() else 1, ""
        ours = IN_PROCESS.get(words[0])
        if ours is None:
            done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr
        said, before = io.StringIO(), Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                code = ours(words[1:])
        finally:
            os.chdir(before)
        return code, said.getvalue()

    def edit(self, block: Block) -> None:
        """Edit a file as a diff says; the lines that it takes for granted stand together in it, once."""
        named, _, body = block.text.partition("\n")
        path = self.folder / named.removeprefix("--- ")
        lines = body.splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        new = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        if not old and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
            return
        encoding = "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "utf-8"
        text = path.read_text(encoding=encoding)
        if not old or f"\n{text}".count(f"\n{old}") != 1:
            raise PageError(f"{block.place}: {path.name} does not hold once\n{old}")
        path.write_text(f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:], encoding=encoding)

    def find(self, block: Block) -> None:
        """Find a quoted passage in the report that was made last."""
        report = max(self.folder.glob("reports/*/*/report.docx"), key=lambda path: path.stat().st_mtime_ns)
        text = "".join(paragraph.text for paragraph in docx.Document(str(report)).paragraphs)
        passage = "".join(line.removeprefix("> ") for line in block.text.splitlines())
        if "".join(passage.split()) not in "".join(text.split()):
            raise PageError(f"{block.place}: the report does not say {passage}")

    def fill_in(self, block: Block) -> None:
        """Fill in the cells of a workbook, and save it where the page says."""
        source, target = (self.folder / name for name in block.fill)
        if not source.is_file():
            raise PageError(f"{block.place}: no {block.fill[0]}")
        book = openpyxl.load_workbook(source)
        for row in block.text.splitlines():
            name, value = (cell.strip() for cell in row.strip("| ").split(" | "))
            sheet, _, cell = name.strip("`").partition("!")
            book[sheet][cell] = float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value
        book.save(target)


def shows(said: str, shown: list[str]) -> bool:
    """Whether what was said is what a page shows; the page may leave out with `…`."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == ANY else f"{re.escape(line.rstrip()).replace(re.escape(ANY), '.*')} *\n"
        for line in shown
    )
    return re.fullmatch(pattern, said if said.endswith("\n") or not said else f"{said}\n") is not None
