"""The closing summary of a run, as the user reads it: what was read, what is missing, what was made, how long it took."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from analysis.figures.checks.expected import FILE_UNKNOWN
from analysis.figures.submissions import RETURNED
from analysis.running.changes.console import headline
from analysis.running.changes.files import PAGE, finals
from analysis.running.console import print_table, say, table
from analysis.running.publish import Published
from analysis.running.run import Finished
from analysis.running.unchanged import UNANSWERED

FILES = "\ue000"
"""Stands for the names of files in a message."""
POINTS_SHOWN = 8
"""So many points of how things stand; the page has them all."""


def print_summary(finished: Finished, console: Console) -> None:
    """Print a run's summary."""
    _print_submissions(finished, console)
    _print_errors(finished, console)
    _print_missing(finished, console)
    published = finished.published
    print_beside(console, published)
    say(console, "")
    for waiver in finished.facts.get("waived", []):
        told = f"豁免：{waiver['subject']}，{waiver['reason']}（{waiver['by']}，{waiver['on']}）"
        say(console, told)
    word, colour = ("草稿已生成（有缺项或错误）", "yellow") if finished.draft else ("报告已生成", "green")
    say(console, f"{word}：{finished.places.report}", colour)
    personal = int((finished.findings["severity"] == "privacy").sum())
    if personal:
        told = f"  有{personal}处个人信息（隐私），这份报告只能内部用：删去或者写了豁免，才能出定稿、才能发布"
        say(console, told, "yellow")
    for path in (*published.placed, *(path for _, path in published.beside)):
        if path.name.startswith("report"):
            say(console, f"  {path.name}（{_size(path.stat().st_size)}）")
    print_missing_characters(console, finished.facts["missing_characters"])
    for line in finished.facts.get("mentions", []):
        told = f"共享稿中部门的原话提到了内部指标，请斟酌：{line}"
        say(console, told, "yellow")
    say(console, f"  上报情况：{finished.places.report / 'submission.html'}")
    say(console, f"  发回各部门的审核回执：{finished.places.report / 'receipts'}")
    _print_since(finished, console)
    if finished.final is not None:
        say(console, f"定稿：{finished.final}", "green")
    stages = {"1_ingest": "读取", "2_indicators": "计算", "3_report": "撰写", "export": "导出", "total": "合计"}
    spent = "，".join(f"{stages[stage]} {seconds:.1f} 秒" for stage, seconds in finished.seconds.items())
    if len(finished.findings):
        say(console, f"全部审核问题（{len(finished.findings)}条）：{finished.places.report / 'findings.csv'}")
    say(console, f"用时：{spent}")


def _print_since(finished: Finished, console: Console) -> None:
    changes, report = finished.since.changes, finished.places.report
    if changes is None:
        say(console, f"  {finished.since.note}")
        return
    say(console, f"  {headline(changes)}")
    if not changes.nothing:
        for point in changes.points[:POINTS_SHOWN]:
            say(console, f"    {point.what}：{point.text}")
        say(console, f"  改动一览：{report / PAGE}")
    if names := finals(report):
        last = f"township-report changes --town {finished.places.town} --period {finished.places.period} --against {names[-1]}"
        say(console, f"  与定稿对照：{last}")


def print_beside(console: Console, published: Published) -> None:
    """Tell of files that did not go where they belong, or were moved out of the way."""
    for name, path in published.beside:
        say(console, f"{name} 正打开着，新的放在它旁边：{path.name}。关闭后重新运行，或直接改名。", "yellow")
    for name, path in published.kept:
        say(console, f"{name} 上次运行后被手工修改过，已另存为 {path.name}。", "yellow")


def print_missing_characters(console: Console, missing: Sequence[str]) -> None:
    """Tell of characters that the PDF could not print."""
    if missing:
        told = f"字体里没有这些字，PDF 中印成了〓：{'、'.join(missing)}。"
        say(console, f"{told}township-report doctor 说明怎样得到更好的字体。", "yellow")


def _print_submissions(finished: Finished, console: Console) -> None:
    drawn = table(console, "部门", "情况", "填报日期", "错误", "疑问", "提示", title="上报情况")
    for column in drawn.columns[3:]:
        column.justify = "right"
    for row in finished.submissions.to_dict("records"):
        filled_on = row["filled_on"]
        drawn.add_row(
            str(row["department"]),
            Text(str(row["state"]), style="" if row["state"] == RETURNED else "red"),
            filled_on if isinstance(filled_on, str) else "—",
            *(str(row[name]) if row[name] else "·" for name in ("errors", "warnings", "notes")),
        )
    print_table(console, drawn)


def _print_errors(finished: Finished, console: Console) -> None:
    findings = finished.findings
    errors = findings[(findings["severity"] == "error") | (findings["check"] == FILE_UNKNOWN)]
    # Three returns of one department are one error: it is told once, with all files.
    files: dict[str, dict[str, None]] = {}
    for finding in errors.to_dict("records"):
        said = f"{finding['message']}{finding['remedy']}"
        name = f"《{finding['file']}》"
        files.setdefault(said.replace(name, FILES, 1), {})[name] = None
    for said, names in files.items():
        say(console, f"× {said.replace(FILES, ''.join(names), 1)}", "red")
    for finding in findings[findings["severity"] == "privacy"].to_dict("records"):
        say(console, f"隐私：{finding['message']}{finding['remedy']}", "magenta")


def _print_missing(finished: Finished, console: Console) -> None:
    owed = finished.submissions[finished.submissions["state"] != RETURNED]
    for row in owed.to_dict("records"):
        say(console, f"欠报：{row['department']}，电话 {row['phone'] if isinstance(row['phone'], str) else '未登记'}")
    for gap in finished.facts["gaps"]:
        say(console, f"缺数：{gap['code']} {gap['text']}")
    if finished.facts["unanswered"]:
        listed = "、".join(finished.facts["unanswered"])
        say(console, f"{UNANSWERED}：{listed}")


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
