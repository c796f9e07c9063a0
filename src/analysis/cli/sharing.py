"""The command that hands reports on: `publish`."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.base import GAPS, Json, Reports, SchemeFolder, answer, command


@command("publish --out site", "0 没有问题；2 有要看的（失效的链接、个人信息、被改动的文件）；1 没有完成")
def publish(
    out: Annotated[Path | None, typer.Option(help="站点放到哪个文件夹，默认 site")] = None,
    edition: Annotated[str, typer.Option(help="版本：shared 共享稿；office 全本，含内部指标，不得对外")] = "shared",
    receipts: Annotated[bool, typer.Option("--receipts", help="连审核回执一起发布")] = False,
    drafts: Annotated[bool, typer.Option("--drafts", help="草稿也发布")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不发布：失效的链接、个人信息、站点有没有被改动")
    ] = False,
    allow_personal: Annotated[
        bool, typer.Option("--allow-personal", help="有姓名、身份证号、电话号码等个人信息也发布（确认可以公开）")
    ] = False,
    reports: Reports = None,
    scheme: SchemeFolder = None,
    as_json: Json = False,
) -> None:
    """把各乡镇各报告期的报告做成静态站点，放在硬盘、共享文件夹或网站上都能看。"""
    from analysis.intake.places import project_root
    from analysis.running.places import folder_of
    from analysis.running.site import Asked, publish_site
    from analysis.running.site import console as telling

    root = project_root()
    folder, site = folder_of(root, "reports", reports), (out or root / "site").resolve()
    words = folder_of(root, "scheme", scheme)
    outcome = publish_site(Asked(folder, site, edition, receipts, drafts, check, allow_personal, words))
    answer(as_json, telling.as_json(outcome), ((line, style) for style, line in telling.told(outcome)))
    if not outcome.clean:
        raise typer.Exit(GAPS)
