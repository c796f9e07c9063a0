"""The console command `township-report`."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from analysis.scheme import Period

DONE, FAILED, GAPS = 0, 1, 2
"""Exit codes: done; failed, and nothing of the last report touched; done with gaps: a draft, or something differs."""

app = typer.Typer(add_completion=False, no_args_is_help=True, help="由各部门上报表生成乡镇年度目标任务完成情况报告。")


@app.command()
def run(
    town: Annotated[str, typer.Option(help="乡镇，即 data/raw 下的文件夹名")],
    period: Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09")],
    workers: Annotated[int, typer.Option(help="同时运行几个笔记本", min=1, max=64)] = max(
        1, min(4, os.cpu_count() or 1)
    ),
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="笔记本的其他参数，写作 名称=值，可以写多个")
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="出定稿：有错误、欠报、缺数或没有说明的疑问就不出")] = False,
    force: Annotated[bool, typer.Option("--force", help="全部重新运行；不写就只运行有变化的部分")] = False,
    raw: Annotated[Path | None, typer.Option(help="上报表文件夹，默认 data/raw")] = None,
    processed: Annotated[Path | None, typer.Option(help="数据文件夹，默认 data/processed")] = None,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    scheme: Annotated[Path | None, typer.Option(help="考核方案文件夹，默认 scheme")] = None,
) -> None:
    """读取上报表，计算，写出报告（网页、PDF、Word）。"""
    from analysis.intake.places import project_root
    from analysis.running.kernels.preload import without_address_grammar
    from analysis.running.kernels.warm import warm_up
    from analysis.running.places import places_of
    from analysis.running.quick import unchanged

    console = Console()
    places = places_of(
        project_root(), _town(town), _period(period), raw=raw, processed=processed, reports=reports, scheme=scheme
    )
    last = None if force or final else unchanged(places, _parameters(parameter or []))
    if last is not None:
        _print_unchanged(console, places.report, last)
        raise typer.Exit(GAPS if last["ending"] == "done with gaps" else DONE)
    warm_up()  # it imports while this process does
    with without_address_grammar():
        from analysis.running.run import run as run_town
        from analysis.running.summary import print_summary

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as bar:
        task = bar.add_task("读取上报表", total=None)
        finished = run_town(
            places,
            workers,
            _parameters(parameter or []),
            lambda what, done, steps: bar.update(task, description=what or "完成", completed=done, total=steps),
            final,
            force,
        )
    print_summary(finished, console)
    if finished.draft:
        raise typer.Exit(GAPS)


@app.command()
def batch(
    root: Annotated[str, typer.Option(help="所有乡镇的文件夹，下有 raw；可以写 s3://桶/文件夹 等 fsspec 地址")],
    period: Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09")],
    scheduler: Annotated[str, typer.Option(help="Dask 调度器，如 tcp://10.0.0.1:8786；不写就在本机运行")] = "",
    workers: Annotated[int, typer.Option(help="本机同时运行几个乡镇", min=1, max=256)] = os.cpu_count() or 1,
    town: Annotated[list[str] | None, typer.Option(help="只运行这个乡镇，可以写多个；不写就运行全部")] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="笔记本的其他参数，写作 名称=值，可以写多个")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="全部重新运行；不写就只运行有变化的部分")] = False,
    scheme: Annotated[str, typer.Option(help="考核方案文件夹，默认 <root>/scheme，没有就用项目的 scheme")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
) -> None:
    """运行一个文件夹下的全部乡镇，在本机或 Dask 集群上。"""
    from analysis.running.batch.command import Asked
    from analysis.running.batch.command import batch as run_batch

    towns = [_town(name) for name in town or ()]
    given = _parameters(parameter or [])
    asked = Asked(root, _period(period), towns, scheme, scheduler, workers, given, force)
    code = run_batch(asked, Console(stderr=as_json), as_json)
    if code:
        raise typer.Exit(code)


@app.command()
def why(
    stage: Annotated[
        str, typer.Argument(help="1_ingest、2_indicators、3_report、export，或其中一步，如 1_ingest-财政所")
    ],
    town: Annotated[str, typer.Option(help="乡镇，即 data/raw 下的文件夹名")],
    period: Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09")],
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="笔记本的其他参数，写作 名称=值，可以写多个")
    ] = None,
    raw: Annotated[Path | None, typer.Option(help="上报表文件夹，默认 data/raw")] = None,
    processed: Annotated[Path | None, typer.Option(help="数据文件夹，默认 data/processed")] = None,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    scheme: Annotated[Path | None, typer.Option(help="考核方案文件夹，默认 scheme")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
) -> None:
    """说明上次运行中一步为什么运行或跳过，现在要不要运行。"""
    import json
    from dataclasses import asdict

    from analysis.intake.places import project_root
    from analysis.running.places import places_of
    from analysis.running.why import why as reasons_of

    places = places_of(
        project_root(), _town(town), _period(period), raw=raw, processed=processed, reports=reports, scheme=scheme
    )
    reasons = reasons_of(places, stage, _parameters(parameter or []))
    if as_json:
        typer.echo(json.dumps([asdict(reason) for reason in reasons], ensure_ascii=False, indent=2))
        return
    console = Console()
    for reason in reasons:
        console.print(reason.text, markup=False, highlight=False)


@app.command()
def templates(
    town: Annotated[str, typer.Option(help="乡镇，即 data/raw 下的文件夹名")],
    period: Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09")],
    department: Annotated[list[str] | None, typer.Option(help="只做这个部门的，可以写多个；不写就做全部")] = None,
    out: Annotated[Path | None, typer.Option(help="放到哪个文件夹，默认 reports/<乡镇>/<报告期>/空白上报表")] = None,
    raw: Annotated[Path | None, typer.Option(help="上报表文件夹，默认 data/raw")] = None,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    scheme: Annotated[Path | None, typer.Option(help="考核方案文件夹，默认 scheme")] = None,
) -> None:
    """做空白上报表，发给各部门填写。"""
    from analysis.intake.places import project_root
    from analysis.running.places import places_of
    from analysis.running.templates import make_templates

    places = places_of(project_root(), _town(town), _period(period), raw=raw, reports=reports, scheme=scheme)
    made = make_templates(places, out.resolve() if out else None, department or ())
    console = Console()
    for template in made:
        if template.note:
            console.print(template.note, style="yellow", markup=False, highlight=False)
    for folder in dict.fromkeys(template.path.parent for template in made):
        console.print(f"已做好{len(made)}份空白上报表：{folder}", style="green", markup=False, highlight=False)


@app.command()
def county(
    period: Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09")],
    county: Annotated[str | None, typer.Option(help="县，即 data/raw 下 .toml 文件的名称；只有一个县时不用写")] = None,
    towns: Annotated[str, typer.Option(help="只汇总这些乡镇（文件夹名，用顿号隔开），成为草稿；不写就是全县")] = "",
    out: Annotated[Path | None, typer.Option(help="报告放到哪个文件夹下，默认 reports")] = None,
    workers: Annotated[int, typer.Option(help="同时运行几个笔记本", min=1, max=64)] = 2,
    raw: Annotated[Path | None, typer.Option(help="上报表文件夹，默认 data/raw")] = None,
    processed: Annotated[Path | None, typer.Option(help="数据文件夹，默认 data/processed")] = None,
    scheme: Annotated[Path | None, typer.Option(help="考核方案文件夹，默认 scheme")] = None,
) -> None:
    """汇总一个县的各乡镇，写出汇总报告（网页、PDF、Word）。"""
    from dataclasses import replace

    from analysis.intake.places import project_root
    from analysis.running.county import run_county
    from analysis.running.places import places_of
    from analysis.scheme.county import only_county

    places = places_of(project_root(), "", _period(period), raw=raw, processed=processed, reports=out, scheme=scheme)
    finished = run_county(replace(places, town=_town(county or only_county(places.raw))), towns, workers)
    console = Console()
    for gap in finished.facts["gaps"]:
        console.print(f"缺数：{gap['code']} {gap['text']}".replace("： ", "："), markup=False, highlight=False)
    for name, place in (*finished.published.beside, *finished.published.kept):
        console.print(f"《{name}》正被打开或改过，另存为《{place.name}》", markup=False, highlight=False)
    ending = "草稿" if finished.draft else "报告"
    console.print(f"汇总{ending}在 {finished.report}，用时{finished.seconds:.1f}秒。", markup=False, highlight=False)
    if finished.draft:
        raise typer.Exit(GAPS)


@app.command()
def verify(
    edited: Annotated[Path, typer.Argument(help="改过的 Word 报告（.docx）")],
    town: Annotated[str | None, typer.Option(help="乡镇；不写就按报告标题去找")] = None,
    period: Annotated[str | None, typer.Option(help="报告期；不写就按报告标题去找")] = None,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    edition: Annotated[str | None, typer.Option(help="版本：office 全本，shared 共享稿；不写就看更像哪一个")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
) -> None:
    """核对改过的 Word 报告：逐句列出改了、多了、少了哪些数。"""
    import json

    from analysis.intake.places import project_root
    from analysis.running import verify as checking

    root = project_root()
    folder = (reports or root / "reports").resolve()
    if town is not None and period is not None:
        run_folder = folder / _town(town) / str(_period(period))
    else:
        run_folder = checking.find_report(edited.resolve(), folder)
    verified = checking.verify(edited.resolve(), run_folder, edition)
    if as_json:
        typer.echo(json.dumps(checking.as_json(verified), ensure_ascii=False, indent=2))
    else:
        console = Console()
        for line in checking.told(verified):
            console.print(line, markup=False, highlight=False)
    if not verified.clean:
        raise typer.Exit(GAPS)


@app.command()
def changes(
    town: Annotated[str, typer.Option(help="乡镇，即 data/raw 下的文件夹名")],
    period: Annotated[str, typer.Option(help="报告期：全年写 2021，一至九月写 2021-09")],
    against: Annotated[
        str, typer.Option(help="和哪一份对照：previous（上一次运行）、final-1 这样的定稿，或者一次运行的文件夹")
    ] = "previous",
    page: Annotated[Path | None, typer.Option(help="另写成网页，写明文件名")] = None,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
) -> None:
    """对照上一次运行或定稿，列出改了哪些数字、哪些句子。没有改动返回 0，有改动返回 2，没有完成返回 1。"""
    import json

    from analysis.intake.places import project_root
    from analysis.running import changes as comparing

    folder = (reports or project_root() / "reports").resolve() / _town(town) / str(_period(period))
    found = comparing.changes_against(folder, against)
    if page is not None:
        comparing.write_page(found, page.resolve(), folder)
    if as_json:
        typer.echo(json.dumps(comparing.as_json(found), ensure_ascii=False, indent=2))
    else:
        console = Console()
        for line in comparing.told(found):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if page is not None:
            console.print(f"网页：{page.resolve()}", markup=False, highlight=False)
    if not found.nothing:
        raise typer.Exit(GAPS)


@app.command()
def publish(
    out: Annotated[Path | None, typer.Option(help="站点放到哪个文件夹，默认 site")] = None,
    edition: Annotated[str, typer.Option(help="版本：shared 共享稿；office 全本，含内部指标，不得对外")] = "shared",
    receipts: Annotated[bool, typer.Option("--receipts", help="连审核回执一起发布")] = False,
    drafts: Annotated[bool, typer.Option("--drafts", help="草稿也发布")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不发布：失效的链接、身份证号和电话、站点有没有被改动")
    ] = False,
    allow_personal: Annotated[
        bool, typer.Option("--allow-personal", help="有身份证号或电话号码也发布（确认可以公开）")
    ] = False,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
) -> None:
    """把各乡镇各报告期的报告做成静态站点，放在硬盘、共享文件夹或网站上都能看。没有问题返回 0，有要看的返回 2，没有完成返回 1。"""
    import json

    from analysis.intake.places import project_root
    from analysis.running.site import Asked, publish_site
    from analysis.running.site import console as telling

    folder, site = (reports or project_root() / "reports").resolve(), (out or project_root() / "site").resolve()
    outcome = publish_site(Asked(folder, site, edition, receipts, drafts, check, allow_personal))
    if as_json:
        typer.echo(json.dumps(telling.as_json(outcome), ensure_ascii=False, indent=2))
    else:
        console = Console()
        for style, line in telling.told(outcome):
            console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    if not outcome.clean:
        raise typer.Exit(GAPS)


@app.command()
def doctor(
    raw: Annotated[Path | None, typer.Option(help="上报表文件夹，默认 data/raw")] = None,
    processed: Annotated[Path | None, typer.Option(help="数据文件夹，默认 data/processed")] = None,
    reports: Annotated[Path | None, typer.Option(help="报告文件夹，默认 reports")] = None,
    scheme: Annotated[Path | None, typer.Option(help="考核方案文件夹，默认 scheme")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
) -> None:
    """检查这台电脑：字体、软件版本、文件夹、考核方案，缺什么、怎样补。"""
    import json

    from analysis.intake.places import project_root
    from analysis.running import doctor as examining

    root = project_root()
    usual = {"raw": root / "data" / "raw", "processed": root / "data" / "processed", "reports": root / "reports"}
    given = {"raw": raw, "processed": processed, "reports": reports, "scheme": scheme}
    usual["scheme"] = root / "scheme"
    health = examining.examine({name: (given[name] or folder).resolve() for name, folder in usual.items()})
    if as_json:
        typer.echo(json.dumps(examining.as_json(health), ensure_ascii=False, indent=2))
    else:
        console = Console()
        colours = {None: "", examining.State.GOOD: "", examining.State.LESS: "yellow", examining.State.BAD: "red"}
        for state, line in examining.told(health):
            console.print(line, style=colours[state], markup=False, highlight=False, soft_wrap=True)
    code = {examining.State.GOOD: DONE, examining.State.LESS: GAPS, examining.State.BAD: FAILED}[health.state]
    if code != DONE:
        raise typer.Exit(code)


def _print_unchanged(console: Console, report: Path, last: "dict[str, Any]") -> None:
    """Say that there is nothing to do, and what still stands."""
    when = str(last.get("finished", ""))[:16].replace("T", " ")
    lines = [f"没有变化：上报表、方案、程序和上次运行（{when}）时一样，不用重新运行。"]
    lines += [f"欠报：{department}" for department in last.get("owed", [])]
    lines += [f"缺数：{gap['code']} {gap['text']}" for gap in last.get("gaps", [])]
    if last.get("unanswered_problems"):
        lines.append(f"以下问题还没有对应的措施，请编辑补充：{'、'.join(last['unanswered_problems'])}")
    lines.append(f"{'草稿' if last['ending'] == 'done with gaps' else '报告'}在 {report}。要全部重新运行，用 --force。")
    for line in lines:
        console.print(line, markup=False, highlight=False)


def _period(text: str) -> "Period":
    from analysis.scheme import Period

    return Period.parse(text)


def _town(town: str) -> str:
    """A town is the name of a folder, never a path."""
    if not town or town in (".", "..") or any(mark in town for mark in "/\\:"):
        raise ValueError(f"乡镇“{town}”应当是 data/raw 下的文件夹名")
    return town


def _parameters(given: list[str]) -> dict[str, str]:
    parameters = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"参数“{text}”写法不对，应写作 名称=值")
        parameters[name.strip()] = value.strip()
    return parameters


def main() -> None:
    """Run the command; every failure that a user can meet is told in Chinese, with exit code 1."""
    errors = Console(stderr=True)
    try:
        code = app(standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        errors.print("已中断。上一次的报告没有改动。")
        code = FAILED
    except TyperException as error:
        errors.print(f"命令写法不对：{usage(error)}", markup=False, highlight=False)
        errors.print("township-report run --help 列出全部选项。")
        code = FAILED
    except (ValueError, RuntimeError, FileNotFoundError) as error:  # SchemeError, RunError, ExportError among them
        errors.print("没有完成：", style="red")
        errors.print(str(error), markup=False, highlight=False)
        code = FAILED
    except OSError as error:
        errors.print(
            f"没有完成：文件读写出错（{error.strerror or error}）：{error.filename or ''}",
            markup=False,
            highlight=False,
        )
        errors.print("请检查磁盘空间、文件夹权限，以及文件是否正打开着。上一次的报告没有改动。")
        code = FAILED
    sys.exit(code if isinstance(code, int) else DONE)


def usage(error: TyperException) -> str:
    """A mistake in the command line, in Chinese."""
    option = getattr(error, "option_name", None)
    if option is not None:
        near = getattr(error, "possibilities", None)
        hint = f"，是否是 {'、'.join(near)}？" if near else ""
        return f"没有 {option} 这个选项{hint}"
    if isinstance(error, typer.BadParameter):
        name = error.param.opts[0] if error.param else ""
        missing = type(error).__name__ == "MissingParameter"
        return f"缺少 {name}" if missing else f"{name} 的值不能用（{error.message}）"
    command = re.match(r"No such command '(.+)'", str(error))
    return f"没有 {command[1]} 这个命令" if command else str(error)
