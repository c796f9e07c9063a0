"""Commands that compare a report with another: `verify`, `changes`."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.base import (
    GAPS,
    Json,
    PeriodText,
    Reports,
    Town,
    answer,
    command,
    period_of,
    periods,
    town_of,
    towns,
)


@command("verify 改过的报告.docx --town qinghe --period 2021", "0 数字都没有变；2 有改动，已逐句列出；1 没有完成")
def verify(
    edited: Annotated[Path, typer.Argument(metavar="文件", help="改过的 Word 报告（.docx）")],
    town: Annotated[str | None, typer.Option(help="乡镇；不写就按报告标题去找", autocompletion=towns)] = None,
    period: Annotated[str | None, typer.Option(help="报告期；不写就按报告标题去找", autocompletion=periods)] = None,
    reports: Reports = None,
    edition: Annotated[str | None, typer.Option(help="版本：office 全本，shared 共享稿；不写就看更像哪一个")] = None,
    as_json: Json = False,
) -> None:
    """核对改过的 Word 报告：逐句列出改了、多了、少了哪些数。"""
    from analysis.intake.places import project_root
    from analysis.running import verify as checking
    from analysis.running.places import folder_of
    from analysis.scheme.names import below

    root = project_root()
    folder = folder_of(root, "reports", reports)
    if town is not None and period is not None:
        run_folder = below(folder, town_of(town), str(period_of(period)))
    else:
        of_town = town_of(town) if town is not None else None
        of_period = str(period_of(period)) if period is not None else None
        run_folder = checking.find_report(edited.resolve(), folder, of_town, of_period)
    verified = checking.verify(edited.resolve(), run_folder, edition)
    answer(as_json, checking.as_json(verified), ((line, "") for line in checking.told(verified)))
    if not verified.clean:
        raise typer.Exit(GAPS)


@command("changes --town qinghe --period 2021 --against final-1", "0 没有改动；2 有改动；1 没有完成")
def changes(
    town: Town,
    period: PeriodText,
    against: Annotated[
        str, typer.Option(help="和哪一份对照：previous（上一次运行）、final-1 这样的定稿，或者一次运行的文件夹")
    ] = "previous",
    page: Annotated[Path | None, typer.Option(help="另写成网页，写明文件名")] = None,
    reports: Reports = None,
    as_json: Json = False,
) -> None:
    """对照上一次运行或定稿，列出改了哪些数字、哪些句子。"""
    from analysis.intake.places import project_root
    from analysis.running import changes as comparing
    from analysis.running.places import folder_of
    from analysis.scheme.names import below

    folder = folder_of(project_root(), "reports", reports)
    folder = below(folder, town_of(town), str(period_of(period)))
    found = comparing.changes_against(folder, against)
    if page is not None:
        comparing.write_page(found, page.resolve(), folder)
    lines = [*comparing.told(found), *([f"网页：{page.resolve()}"] if page is not None else [])]
    answer(as_json, comparing.as_json(found), ((line, "") for line in lines))
    if not found.nothing:
        raise typer.Exit(GAPS)
