"""The command about this machine: `doctor`."""

import typer

from analysis.cli.base import DONE, FAILED, GAPS, Json, Processed, Raw, Reports, SchemeFolder, answer, command


@command("doctor", "0 一切正常；2 可以出报告，有的可以更好；1 还不能出报告")
def doctor(
    raw: Raw = None,
    processed: Processed = None,
    reports: Reports = None,
    scheme: SchemeFolder = None,
    as_json: Json = False,
) -> None:
    """检查这台电脑：字体、软件版本、文件夹、考核方案，缺什么、怎样补。"""
    from analysis.intake.places import project_root
    from analysis.running import doctor as examining
    from analysis.running.places import folder_of

    given = {"raw": raw, "processed": processed, "reports": reports, "scheme": scheme}
    health = examining.examine({name: folder_of(project_root(), name, folder) for name, folder in given.items()})
    colours = {None: "", examining.State.GOOD: "", examining.State.LESS: "yellow", examining.State.BAD: "red"}
    answer(as_json, examining.as_json(health), ((line, colours[state]) for state, line in examining.told(health)))
    code = {examining.State.GOOD: DONE, examining.State.LESS: GAPS, examining.State.BAD: FAILED}[health.state]
    if code != DONE:
        raise typer.Exit(code)
