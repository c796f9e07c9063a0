"""Commands that make reports, and tell why: `run`, `batch`, `county`, `why`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.base import (
    DONE,
    GAPS,
    WORKERS,
    Force,
    Json,
    Parameters,
    PeriodText,
    Processed,
    Raw,
    Reports,
    SchemeFolder,
    Timeout,
    Town,
    Workers,
    answer,
    command,
    parameters_of,
    period_of,
    places_of,
    print_json,
    town_of,
)
from analysis.running.limits import MINUTES

STEP_HELP = "1_ingest、2_indicators、3_report、export，或其中一步，如 1_ingest-财政所"


@command(
    "run --town qinghe --period 2021",
    "0 报告已生成；2 草稿已生成（有缺项或错误）；1 没有完成，上一次的报告没有改动；3 同一报告期正在另一处运行，没有运行",
)
def run(
    town: Town,
    period: PeriodText,
    workers: Workers = WORKERS,
    parameter: Parameters = None,
    final: Annotated[
        bool, typer.Option("--final", help="出定稿：有错误、欠报、缺数、隐私或没有说明的疑问就不出")
    ] = False,
    force: Force = False,
    timeout: Timeout = MINUTES,
    raw: Raw = None,
    processed: Processed = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
) -> None:
    """读取上报表，计算，写出报告（网页、PDF、Word）。"""
    from analysis.running.console import console, say
    from analysis.running.kernels.preload import without_address_grammar
    from analysis.running.kernels.warm import warm_up
    from analysis.running.manifest import is_draft
    from analysis.running.publish import unfinished
    from analysis.running.unchanged import told_unchanged, unchanged

    to = console()
    places = places_of(town_of(town), period_of(period), raw=raw, processed=processed, reports=reports, scheme=scheme)
    if unfinished(places.report):
        from analysis.running.lock import made_good

        say(to, made_good(places))
    last = None if force or final else unchanged(places, parameters_of(parameter))
    if last is not None:
        for line in told_unchanged(places.report, last):
            say(to, line)
        raise typer.Exit(GAPS if is_draft(last) else DONE)
    warm_up()  # it imports while this process does
    with without_address_grammar():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from analysis.running.run import run as run_town
        from analysis.running.summary import print_summary

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=to, disable=not to.is_terminal) as bar:
        task = bar.add_task("读取上报表", total=None)
        finished = run_town(
            places,
            workers,
            parameters_of(parameter),
            lambda what, done, steps: bar.update(task, description=what or "完成", completed=done, total=steps),
            final,
            force,
            timeout,
        )
    print_summary(finished, to)
    if finished.draft:
        raise typer.Exit(GAPS)


@command(
    "batch --root 全县 --period 2021 --workers 4",
    "0 各乡镇都有了报告；2 有的缺项或没有完成；1 一个也没有完成",
)
def batch(
    root: Annotated[str, typer.Option(help="所有乡镇的文件夹，下有 raw；可以写 s3://桶/文件夹 等 fsspec 地址")],
    period: PeriodText,
    scheduler: Annotated[str, typer.Option(help="Dask 调度器，如 tcp://10.0.0.1:8786；不写就在本机运行")] = "",
    workers: Annotated[
        int, typer.Option(help="本机同时运行几个乡镇", min=1, max=256, show_default="处理器的个数")
    ] = os.cpu_count() or 1,
    town: Annotated[list[str] | None, typer.Option(help="只运行这个乡镇，可以写多个；不写就运行全部")] = None,
    parameter: Parameters = None,
    force: Force = False,
    timeout: Timeout = MINUTES,
    scheme: Annotated[str, typer.Option(help="考核方案文件夹，默认 <root>/scheme，没有就用项目的 scheme")] = "",
    as_json: Json = False,
) -> None:
    """运行一个文件夹下的全部乡镇，在本机或 Dask 集群上。"""
    from analysis.running.batch.command import Asked
    from analysis.running.batch.command import batch as run_batch
    from analysis.running.console import console

    towns = [town_of(name) for name in town or ()]
    given = parameters_of(parameter)
    asked = Asked(root, period_of(period), towns, scheme, scheduler, workers, given, force, timeout)
    result = run_batch(asked, console(stderr=as_json))
    if as_json:
        print_json(result.as_json())
    if result.code:
        raise typer.Exit(result.code)


@command("county --period 2021", "0 汇总报告已生成；2 草稿已生成（有缺数）；1 没有完成")
def county(
    period: PeriodText,
    county: Annotated[str | None, typer.Option(help="县，即 data/raw 下 .toml 文件的名称；只有一个县时不用写")] = None,
    towns: Annotated[str, typer.Option(help="只汇总这些乡镇（文件夹名，用顿号隔开），成为草稿；不写就是全县")] = "",
    out: Annotated[Path | None, typer.Option(help="报告放到哪个文件夹下，默认 reports")] = None,
    workers: Annotated[int, typer.Option(help="同时运行几个笔记本", min=1, max=64)] = 2,
    timeout: Timeout = MINUTES,
    raw: Raw = None,
    processed: Processed = None,
    scheme: SchemeFolder = None,
) -> None:
    """汇总一个县的各乡镇，写出汇总报告（网页、PDF、Word）。"""
    from dataclasses import replace

    from analysis.running.console import console, say
    from analysis.running.county import run_county
    from analysis.running.lock import made_good
    from analysis.running.publish import unfinished
    from analysis.running.summary import print_beside, print_missing_characters
    from analysis.scheme.county import only_county

    places = places_of("", period_of(period), raw=raw, processed=processed, reports=out, scheme=scheme)
    to = console()
    places = replace(places, town=town_of(county or only_county(places.raw)))
    if unfinished(places.report):
        say(to, made_good(places))
    finished = run_county(places, towns, workers, timeout)
    for gap in finished.facts["gaps"]:
        say(to, f"缺数：{gap['code']} {gap['text']}".replace("： ", "："))
    print_missing_characters(to, finished.facts["missing_characters"])
    print_beside(to, finished.published)
    ending = "草稿" if finished.draft else "报告"
    say(to, f"汇总{ending}在 {finished.report}，用时{finished.seconds:.1f}秒。")
    if finished.draft:
        raise typer.Exit(GAPS)


@command("why 1_ingest --town qinghe --period 2021")
def why(
    stage: Annotated[str, typer.Argument(metavar="步骤", help=STEP_HELP)],
    town: Town,
    period: PeriodText,
    parameter: Parameters = None,
    raw: Raw = None,
    processed: Processed = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
    as_json: Json = False,
) -> None:
    """说明上次运行中一步为什么运行或跳过，现在要不要运行。"""
    from dataclasses import asdict

    from analysis.running.why import why as reasons_of

    places = places_of(town_of(town), period_of(period), raw=raw, processed=processed, reports=reports, scheme=scheme)
    reasons = reasons_of(places, stage, parameters_of(parameter))
    answer(as_json, [asdict(reason) for reason in reasons], ((reason.text, "") for reason in reasons))
