"""The command for a clock to call: `scheduled`."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.base import (
    FAILED,
    SKIPPED,
    WORKERS,
    Json,
    Processed,
    Raw,
    Reports,
    SchemeFolder,
    Timeout,
    Workers,
    command,
    period_of,
    periods,
    print_json,
    town_of,
    towns,
)
from analysis.running.limits import MINUTES

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.running.scheduled import Asked
    from analysis.running.scheduled.settings import Settings


@command(
    "scheduled --town qinghe --period 2021",
    "0 报告已生成，或者没有变化；2 有草稿（有缺项或错误）；1 有没有完成的；3 这次没有运行"
    "（同一报告期正在另一处运行，或者没有到期的报告期）",
)
def scheduled(
    town: Annotated[
        list[str] | None, typer.Option(help="乡镇，可以写多个；不写就运行全部", autocompletion=towns)
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="报告期；不写就取最近一个已经结束、建了文件夹的", autocompletion=periods)
    ] = None,
    keep: Annotated[
        int | None, typer.Option(help="每个报告期留几次运行的日志，默认 12，也可写在设置里", min=1, max=1000)
    ] = None,
    log_folder: Annotated[Path | None, typer.Option(help="日志文件夹，默认 logs")] = None,
    settings: Annotated[Path | None, typer.Option(help="设置文件（通知谁、留几次），默认 data/schedule.toml")] = None,
    time_limit: Annotated[int, typer.Option(help="一个乡镇最多运行几分钟，超过就结束它", min=1, max=1440)] = 60,
    timeout: Timeout = MINUTES,
    workers: Workers = WORKERS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说明会运行哪些，不运行")] = False,
    try_hooks: Annotated[bool, typer.Option("--try-hooks", help="只试发一次通知，不运行")] = False,
    raw: Raw = None,
    processed: Processed = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
    as_json: Json = False,
) -> None:
    """供 cron、systemd、任务计划程序定时运行：逐个乡镇出报告，每次留日志，结束后通知。"""
    from analysis.intake.places import project_root
    from analysis.running.console import console
    from analysis.running.places import folder_of
    from analysis.running.scheduled import Asked
    from analysis.running.scheduled.settings import read_settings

    root = project_root()
    given = {"raw": raw, "processed": processed, "reports": reports, "scheme": scheme}
    folders = {name: folder_of(root, name, folder) for name, folder in given.items()}
    found = read_settings(root, settings)
    to = console(stderr=as_json)
    if try_hooks:
        _try_hooks(found, to)
        return
    elsewhere = [part for name, path in folders.items() for part in (f"--{name}", str(path))]
    asked = Asked(
        root,
        _known(town, folders["raw"]),
        period_of(period) if period else None,
        (root / (log_folder or "logs")).resolve(),
        keep or found.keep,
        folders,
        ("--workers", str(workers), "--timeout", str(timeout), *elsewhere),
    )
    if dry_run:
        _plan(asked, to, as_json)
    else:
        _carry_out(asked, found, time_limit * 60, to, as_json)


def _carry_out(asked: "Asked", settings: "Settings", limit: float, to: "Console", as_json: bool) -> None:
    from analysis.running.console import say
    from analysis.running.scheduled import StoppedError, worst
    from analysis.running.scheduled import scheduled as run_all
    from analysis.running.scheduled.child import runner
    from analysis.running.scheduled.hooks import tell
    from analysis.running.scheduled.kept import add
    from analysis.running.scheduled.runs import CODE_OF

    stopped = None
    try:
        outcomes = run_all(asked, runner(limit), lambda line: say(to, line))
    except StoppedError as error:
        stopped, outcomes = error, list(error.outcomes)
    for failure in tell(settings, outcomes):
        say(to, failure, "yellow")
        for log in (outcome.log for outcome in outcomes if outcome.log):
            with suppress(OSError):  # a disk that has filled up changes nothing of how the runs ended
                add(log, failure)
    if stopped is not None:
        raise stopped
    if as_json:
        print_json([outcome.as_json() for outcome in outcomes])
    if code := CODE_OF[worst(outcomes)]:
        raise typer.Exit(code)


def _plan(asked: "Asked", to: "Console", as_json: bool) -> None:
    """Say which runs there would be."""
    from analysis.running.console import say

    plan: list[dict[str, Any]] = []
    for town in asked.towns:
        due = asked.due(town)
        plan.append(
            {"town": town, "period": str(due or ""), "returns": str(asked.places(town, due).returns) if due else ""}
        )
        say(to, f"{town}：会运行 {due}，上报表在 {plan[-1]['returns']}" if due else f"{town}：{asked.not_due(town)}")
    if as_json:
        print_json(plan)
    if not any(one["period"] for one in plan):
        raise typer.Exit(SKIPPED)


def _try_hooks(settings: "Settings", to: "Console") -> None:
    from analysis.running.console import say
    from analysis.running.manifest import now
    from analysis.running.scheduled import Outcome, State
    from analysis.running.scheduled.hooks import tell

    if not settings.hooks:
        raise ValueError("设置里没有通知。请把 ops/schedule.toml 复制为 data/schedule.toml，改好后再试")
    failed = tell(settings, [Outcome("", "", State.DONE, 0, now(), now())], trying=True)
    for line in failed:
        say(to, line, "red")
    say(to, f"试发 {len(settings.hooks)} 处，收下 {len(settings.hooks) - len(failed)} 处。")
    if failed:
        raise typer.Exit(FAILED)


def _known(given: Sequence[str] | None, raw: Path) -> list[str]:
    """The towns that were asked for, or all."""
    from analysis.intake.towns import towns_of

    there = towns_of(raw)
    names = list(dict.fromkeys(map(town_of, given))) if given else there
    unknown = [name for name in names if name not in there]
    if unknown or not names:
        found = f"现有：{'、'.join(there)}" if there else "还没有乡镇，township-report init 新建一个"
        raise ValueError(f"{raw} 中没有{'、'.join(unknown) or '乡镇的文件夹'}。{found}")
    return names
