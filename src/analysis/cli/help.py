"""The help of all commands in Chinese: in columns that fit a terminal; unbroken lines where a program reads it."""

import re
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

KINDS = {"str": "文字", "list[str]": "文字", "path": "路径", "int": "整数", "int range": "整数"}
"""What an option takes, as typer calls it and as the help does."""
OWN_WORDS = {
    "--help": "显示这段说明",
    "--install-completion": "给当前的命令行装上按 Tab 键补全（bash、zsh、fish、PowerShell），重开终端后起作用",
    "--show-completion": "显示补全用的脚本，供复制或改装",
}
"""The options that typer brings along, with its words in English."""


class Command(TyperCommand):
    """A command whose help is Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help as it is printed."""
        return help_text(self, ctx)


class Commands(TyperGroup):
    """The application, whose help is Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help as it is printed."""
        return help_text(self, ctx)


def usage_line(command: Any, ctx: Any) -> str:
    """`township-report verify [选项] 文件`."""
    pieces = command.collect_usage_pieces(ctx)
    words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [选项]"}
    return " ".join([ctx.command_path, *(words.get(piece, piece.strip("{}")) for piece in pieces)])


def entries(command: Any, ctx: Any, kind: str) -> Iterator[tuple[str, str]]:
    """The arguments or options, each with what it is.

    Args:
        command, ctx: a command of typer's, and its context.
        kind: `argument` or `option`.
    """
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None or param.param_type_name != kind:
            continue
        names, told = record
        option = names.split(" ")[0]
        names = re.sub(r"<([^>]+)>", lambda found: f"<{KINDS.get(found[1], found[1])}>", names)
        yield names, _in_chinese(OWN_WORDS.get(option, told))


def _in_chinese(told: str) -> str:
    told = re.sub(r"\s*\[required\]$", "（必填）", told)
    told = re.sub(r"\s*\[default: \(?([^;\])]*)\)?(?:; ?([^\]]*))?\]$", _default, told)
    return re.sub(r"\s*\[(\d+)<=x<=(\d+)\]$", r"（可取 \1 至 \2）", told)


def _default(found: re.Match[str]) -> str:
    bounds = re.fullmatch(r"(\d+)<=x<=(\d+)", found[2] or "")
    return f"（默认{found[1]}{f'；可取 {bounds[1]} 至 {bounds[2]}' if bounds else ''}）".replace("（默认", "（默认 ", 1)


def help_text(command: Any, ctx: Any) -> str:
    """The whole help of a command or of the application."""
    from rich.table import Table
    from rich.text import Text

    from analysis.running.console import console, say

    to = console()
    with to.capture() as captured:
        say(to, f"用法：{usage_line(command, ctx)}")
        say(to, "")
        to.print(Text(command.help or ""))
        for title, rows in sections(command, ctx):
            say(to, f"\n{title}：")
            grid = Table.grid(padding=(0, 2))
            grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
            for names, told in rows:
                grid.add_row(Text(f"  {names}"), Text(told))
            to.print(grid)
        if command.epilog:
            say(to, f"\n{command.epilog}")
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def sections(command: Any, ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The lists of a help, under their titles."""
    for title, kind in (("参数", "argument"), ("选项", "option")):
        if rows := list(entries(command, ctx, kind)):
            yield title, rows
    if isinstance(command, Commands):
        yield "命令", [(name, first_sentence(each.help or "")) for name, each in sorted(command.commands.items())]


def first_sentence(text: str) -> str:
    """What a list of commands says of one."""
    return text.partition("\n")[0].partition("。")[0]


def context_of(command: Any, name: str) -> Any:
    """A context in which a command's help can be made without its being run."""
    return typer.Context(command, info_name=name)
