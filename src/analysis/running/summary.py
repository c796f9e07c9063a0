"""The closing summary of a run, as the user reads it: what was read, what is missing, what was made, how long it took."""

from rich.console import Console
from rich.table import Table

from analysis.figures.review import FILE_UNKNOWN
from analysis.figures.submissions import RETURNED
from analysis.running.changes.console import headline
from analysis.running.changes.files import PAGE, finals
from analysis.running.run import Finished

POINTS_SHOWN = 8
"""So many points of how things stand; the page has them all."""


def print_summary(finished: Finished, console: Console) -> None:
    """Print a run's summary."""
    _print_submissions(finished, console)
    _print_errors(finished, console)
    _print_missing(finished, console)
    published = finished.published
    for name, path in published.beside:
        told = f"{name} 正打开着，新的放在它旁边：{path.name}。关闭后重新运行，或直接改名。"
        console.print(told, style="yellow", highlight=False, markup=False)
    for name, path in published.kept:
        told = f"{name} 上次运行后被手工修改过，已另存为 {path.name}。"
        console.print(told, style="yellow", highlight=False, markup=False)
    if finished.disturbed:
        told = f"运行期间有文件被改动（{'、'.join(finished.disturbed)}），报告可能不是按改后的数做的，请再运行一次。"
        console.print(told, style="yellow", highlight=False, markup=False)
    console.print()
    for waiver in finished.facts.get("waived", []):
        told = f"豁免：{waiver['subject']}，{waiver['reason']}（{waiver['by']}，{waiver['on']}）"
        console.print(told, highlight=False, markup=False)
    word, colour = ("草稿已生成（有缺项或错误）", "yellow") if finished.draft else ("报告已生成", "green")
    console.print(f"{word}：{finished.places.report}", style=colour, highlight=False, markup=False)
    for path in (*published.placed, *(path for _, path in published.beside)):
        if path.name.startswith("report"):
            console.print(f"  {path.name}（{_size(path.stat().st_size)}）", highlight=False, markup=False)
    if missing := finished.facts.get("missing_characters"):
        told = (
            f"字体里没有这些字，PDF 中印成了〓：{'、'.join(missing)}。township-report doctor 说明怎样得到更好的字体。"
        )
        console.print(told, style="yellow", highlight=False, markup=False)
    for line in finished.facts.get("mentions", []):
        told = f"共享稿中部门的原话提到了内部指标，请斟酌：{line}"
        console.print(told, style="yellow", highlight=False, markup=False)
    console.print(f"  上报情况：{finished.places.report / 'submission.html'}", highlight=False, markup=False)
    console.print(f"  发回各部门的审核回执：{finished.places.report / 'receipts'}", highlight=False, markup=False)
    _print_since(finished, console)
    if finished.final is not None:
        console.print(f"定稿：{finished.final}", style="green", highlight=False, markup=False)
    stages = {"1_ingest": "读取", "2_indicators": "计算", "3_report": "撰写", "export": "导出", "total": "合计"}
    spent = "，".join(f"{stages[stage]} {seconds:.1f} 秒" for stage, seconds in finished.seconds.items())
    if len(finished.findings):
        console.print(
            f"全部审核问题（{len(finished.findings)}条）：{finished.places.report / 'findings.csv'}", highlight=False
        )
    console.print(f"用时：{spent}", highlight=False, markup=False)


def _print_since(finished: Finished, console: Console) -> None:
    changes, report = finished.since.changes, finished.places.report
    if changes is None:
        console.print(f"  {finished.since.note}", highlight=False, markup=False)
        return
    console.print(f"  {headline(changes)}", highlight=False, markup=False)
    if not changes.nothing:
        for point in changes.points[:POINTS_SHOWN]:
            console.print(f"    {point.what}：{point.text}", highlight=False, markup=False)
        console.print(f"  改动一览：{report / PAGE}", highlight=False, markup=False)
    if names := finals(report):
        last = f"township-report changes --town {finished.places.town} --period {finished.places.period} --against {names[-1]}"
        console.print(f"  与定稿对照：{last}", highlight=False, markup=False)


def _print_submissions(finished: Finished, console: Console) -> None:
    table = Table(title="上报情况")
    for head in ("部门", "情况", "填报日期"):
        table.add_column(head)
    for head in ("错误", "疑问", "提示"):
        table.add_column(head, justify="right")
    for row in finished.submissions.to_dict("records"):
        filled_on = row["filled_on"]
        table.add_row(
            str(row["department"]),
            str(row["state"]) if row["state"] == RETURNED else f"[red]{row['state']}[/]",
            filled_on if isinstance(filled_on, str) else "—",
            *(str(row[name]) if row[name] else "·" for name in ("errors", "warnings", "notes")),
        )
    console.print(table)


def _print_errors(finished: Finished, console: Console) -> None:
    findings = finished.findings
    errors = findings[(findings["severity"] == "error") | (findings["check"] == FILE_UNKNOWN)]
    for finding in errors.to_dict("records"):
        console.print(f"× {finding['message']}{finding['remedy']}", style="red", highlight=False, markup=False)


def _print_missing(finished: Finished, console: Console) -> None:
    owed = finished.submissions[finished.submissions["state"] != RETURNED]
    for row in owed.to_dict("records"):
        console.print(f"欠报：{row['department']}，电话 {row['phone']}", highlight=False, markup=False)
    for gap in finished.facts["gaps"]:
        console.print(f"缺数：{gap['code']} {gap['text']}", highlight=False, markup=False)
    if finished.facts["unanswered"]:
        listed = "、".join(finished.facts["unanswered"])
        console.print(f"以下问题还没有对应的措施，请编辑补充：{listed}", highlight=False, markup=False)


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
