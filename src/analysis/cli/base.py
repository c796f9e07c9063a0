"""What all commands share: the application, its exit codes, and the options that several commands take."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from analysis.cli.help import Command, Commands

if TYPE_CHECKING:
    from rich.table import Table

    from analysis.running.places import Places
    from analysis.scheme import Period

F = TypeVar("F", bound=Callable[..., Any])
DONE, FAILED, GAPS, SKIPPED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; failed, and nothing of the last report touched; done with gaps: a draft, or something differs; not run,
since another run of the same report is on its way or none is due; Ctrl-C."""

app = typer.Typer(
    cls=Commands, rich_markup_mode=None, no_args_is_help=True, help="由各部门上报表生成乡镇年度目标任务完成情况报告。"
)
"""The application; a module of commands adds its own when it is imported."""


def command(example: str, codes: str = "", name: str | None = None, passing_on: bool = False) -> Callable[[F], F]:
    """Add a command to the application.

    Args:
        example: how it is called, without `township-report` before it; the help ends with it.
        codes: its exit codes, where they say more than done or failed.
        name: its name, where the function can't have it.
        passing_on: whether it takes options that it does not know, to pass them on.
    """
    epilog = f"例：\n  township-report {example}" + (f"\n退出码：{codes}" if codes else "")
    settings = {"allow_extra_args": passing_on, "ignore_unknown_options": passing_on}
    return app.command(name, cls=Command, epilog=epilog, context_settings=settings)


def towns(incomplete: str) -> Iterator[str]:
    """The townships' folders that begin like this, for the shell's completion."""
    from analysis.intake.places import project_root
    from analysis.intake.towns import towns_of
    from analysis.running.places import folder_of

    yield from (town for town in towns_of(folder_of(project_root(), "raw")) if town.startswith(incomplete))


def periods(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The periods of the township that was typed before, or of all, for the shell's completion."""
    from analysis.intake.places import project_root
    from analysis.intake.towns import periods_of, towns_of
    from analysis.running.places import folder_of

    raw = folder_of(project_root(), "raw")
    named = [ctx.params["town"]] if ctx.params.get("town") else towns_of(raw)
    found = {str(period) for town in named for period in periods_of(raw / town)}
    yield from sorted(period for period in found if period.startswith(incomplete))


Town = Annotated[str, typer.Option(help="乡镇，即 data/raw 下的文件夹名", autocompletion=towns)]
PeriodText = Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09", autocompletion=periods)]
Parameters = Annotated[
    list[str] | None, typer.Option("--parameter", "-p", help="笔记本的其他参数，写作 名称=值，可以写多个")
]
Force = Annotated[bool, typer.Option("--force", help="全部重新运行；不写就只运行有变化的部分")]
Raw = Annotated[Path | None, typer.Option(help="上报表文件夹，默认 data/raw")]
Processed = Annotated[Path | None, typer.Option(help="数据文件夹，默认 data/processed")]
Reports = Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")]
SchemeFolder = Annotated[Path | None, typer.Option(help="考核方案文件夹，默认 scheme")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]
USUAL_WORKERS = "处理器的个数，不超过 4"
WORKERS = max(1, min(4, os.cpu_count() or 1))
Workers = Annotated[int, typer.Option(help="同时运行几个笔记本", min=1, max=64, show_default=USUAL_WORKERS)]
Timeout = Annotated[
    int, typer.Option(help="一个笔记本最多运行多少分钟，超过就停止，并说明停在哪里；排版也是", min=1, max=1440)
]


def period_of(text: str) -> "Period":
    """A period as typed."""
    from analysis.scheme import Period

    return Period.parse(text)


def town_of(town: str) -> str:
    """A town is the name of a folder, never a path."""
    from analysis.scheme.names import file_name

    return file_name(town, "乡镇")


def places_of(town: str, period: "Period", **folders: Path | None) -> "Places":
    """Where everything of a town and period lies, below the project that the working directory is in."""
    from analysis.intake.places import project_root
    from analysis.running import places

    return places.places_of(project_root(), town, period, **folders)


def parameters_of(given: list[str] | None) -> dict[str, str]:
    """The notebooks' parameters as typed, `name=value` each."""
    parameters = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"参数“{text}”写法不对，应写作 名称=值")
        parameters[name.strip()] = value.strip()
    return parameters


def answer(as_json: bool, value: object, lines: "Iterable[tuple[str, str] | Table]") -> None:
    """Tell what a command has found.

    Args:
        as_json: whether a program reads it.
        value: what a program reads.
        lines: what a person reads, each line with its colour; or a table.
    """
    from analysis.running.console import console, print_table, say

    if as_json:
        print_json(value)
        return
    to = console()
    for line in lines:
        if isinstance(line, tuple):
            say(to, *line)
        else:
            print_table(to, line)


def print_json(value: object) -> None:
    """What a program reads: to the standard output, with nothing around it."""
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
