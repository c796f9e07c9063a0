"""Commands before a report: `init`, `templates`, `check`, `status`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.base import (
    FAILED,
    GAPS,
    Json,
    PeriodText,
    Processed,
    Raw,
    Reports,
    SchemeFolder,
    Town,
    answer,
    command,
    period_of,
    periods,
    places_of,
    town_of,
    towns,
)

if TYPE_CHECKING:
    from datetime import date

    from rich.table import Table

COLOURS = {"error": "red", "warning": "yellow", "privacy": "magenta", "note": "cyan", "good": "green", "": ""}


@command("init liuhe --period 2022 --name 柳河镇 --county 云川县 --villages 东河村、西河村 --deadline 2023-01-07")
def init(
    town: Annotated[str, typer.Argument(metavar="乡镇", help="新乡镇的文件夹名，以后写在 --town 后面")],
    period: PeriodText,
    name: Annotated[str, typer.Option(help="乡镇名称，如 青禾镇；先不写的，以后填在 town.toml 里，下同")] = "",
    county: Annotated[str, typer.Option(help="所属的县（市、区）")] = "",
    addressee: Annotated[str, typer.Option(help="报告报给谁；不写就是县人民政府")] = "",
    signature: Annotated[str, typer.Option(help="报告落款；不写就是乡镇人民政府")] = "",
    phone: Annotated[str, typer.Option(help="办公室的电话")] = "",
    villages: Annotated[str, typer.Option(help="村的名单，用顿号隔开")] = "",
    report_date: Annotated[str, typer.Option(help="报告日期，写作 2023-01-15")] = "",
    deadline: Annotated[str, typer.Option(help="部门报送的期限，写作 2023-01-07")] = "",
    raw: Raw = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
) -> None:
    """新建一个乡镇或新的一期：文件夹、基本情况、目标任务书、空白上报表。已有的文件一概不动，最后列出还要填什么。"""
    from analysis.running.console import console, say
    from analysis.running.init import Known, begin, told

    places = places_of(town_of(town), period_of(period), raw=raw, reports=reports, scheme=scheme)
    listed = tuple(village.strip() for village in villages.replace("，", "、").split("、") if village.strip())
    known = Known(name.strip(), county.strip(), addressee.strip(), signature.strip(), phone.strip(), listed)
    begun = begin(places, known, _date("--report-date", report_date), _date("--deadline", deadline))
    to = console()
    for state, line in told(begun):
        say(to, line, COLOURS[state])


@command("templates --town qinghe --period 2021 --department 财政所")
def templates(
    town: Town,
    period: PeriodText,
    department: Annotated[list[str] | None, typer.Option(help="只做这个部门的，可以写多个；不写就做全部")] = None,
    out: Annotated[Path | None, typer.Option(help="放到哪个文件夹，默认 reports/<乡镇>/<报告期>/空白上报表")] = None,
    raw: Raw = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
) -> None:
    """做空白上报表，发给各部门填写。"""
    from analysis.running.console import console, say
    from analysis.running.init import left_open
    from analysis.running.templates import make_templates
    from analysis.scheme import read_scheme

    places = places_of(town_of(town), period_of(period), raw=raw, reports=reports, scheme=scheme)
    made = make_templates(places, out.resolve() if out else None, department or ())
    to = console()
    for template in made:
        if template.note:
            say(to, template.note, "yellow")
    for folder in dict.fromkeys(template.path.parent for template in made):
        say(to, f"已做好{len(made)}份空白上报表：{folder}", "green")
    if left := list(left_open(places, read_scheme(places.scheme))):
        say(to, f"还没有填的（{len(left)}项）：", "yellow")
        for number, line in enumerate(left, 1):
            say(to, f"  {number}. {line}")


@command(
    "check 收到的上报表.xlsx --town qinghe --period 2021",
    "0 可以采用，没有要答复的；2 有要改正或答复的；1 不能用，或者没法审",
)
def check(
    file: Annotated[Path, typer.Argument(metavar="文件", help="一份上报表，放在哪里都可以")],
    town: Annotated[
        str | None, typer.Option(help="乡镇；不写就按所在的文件夹、表中所写去认", autocompletion=towns)
    ] = None,
    period: Annotated[str | None, typer.Option(help="报告期；不写就同样去认", autocompletion=periods)] = None,
    raw: Raw = None,
    scheme: SchemeFolder = None,
    as_json: Json = False,
) -> None:
    """收到一份上报表，当场审一遍：是哪个部门的，查到什么，在哪一格，怎么办。不改动任何文件。"""
    from analysis.intake.places import project_root
    from analysis.running import check as checking
    from analysis.running.places import folder_of

    root = project_root()
    checked = checking.check_file(
        file,
        folder_of(root, "raw", raw),
        folder_of(root, "scheme", scheme),
        town_of(town) if town is not None else None,
        period_of(period) if period is not None else None,
    )
    answer(as_json, checking.as_json(checked), ((line, COLOURS[state]) for state, line in checking.told(checked)))
    if checked.refused is not None:
        raise typer.Exit(FAILED)
    if checked.answers_owed:
        raise typer.Exit(GAPS)


@command("status --town qinghe")
def status(
    town: Annotated[str | None, typer.Option(help="只看这个乡镇；不写就看全部", autocompletion=towns)] = None,
    period: Annotated[str | None, typer.Option(help="只看这一期；不写就看全部", autocompletion=periods)] = None,
    raw: Raw = None,
    processed: Processed = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
    as_json: Json = False,
) -> None:
    """各乡镇各期到了哪一步：谁还没有上报，上次运行的结果，缺什么，有没有定稿，之后改了什么。"""
    from analysis.running import status as looking
    from analysis.running.console import console, table
    from analysis.scheme import Period, read_scheme

    asked = period_of(period) if period is not None else None
    places = places_of("", asked or Period(2021), raw=raw, processed=processed, reports=reports, scheme=scheme)
    found = looking.standings(places, read_scheme(places.scheme), town_of(town) if town is not None else None, asked)
    drawn = table(console(), *looking.HEADS)
    for row in looking.rows(found):
        drawn.add_row(*row)
    lines: list[tuple[str, str] | Table] = [drawn, *((line, "yellow") for line in looking.remarks(found))]
    if not found:
        lines = [(f"{places.raw} 里还没有上报表。新建乡镇：township-report init", "")]
    answer(as_json, looking.as_json(found), lines)


def _date(option: str, text: str) -> "date | None":
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{option} 的“{text}”不是日期，应写作 2023-01-07") from None
