"""The first sheet of a marked copy: what was found, what is to be answered, what was read all the same."""

from collections.abc import Iterator, Sequence

from analysis.figures.receipts.model import SEVERITY_NAMES, Receipt, ToAnswer
from analysis.intake.answers import ABOUT, MEASURE, NUMBER, REASON, TAKEN_FROM
from analysis.intake.layout import RECEIPT_SHEET
from analysis.intake.marking import AddedSheet, ListCell

WIDTHS = (9, 8, 12, 9, 30, 52, 40, 40)
LAST = "H"
HOW_TO = (
    "红色的格是错误，必须改正；黄色的格请核对，数字没有错的，在说明中写明原因；不改正、不说明的，不能出定稿。蓝色的格供参考。各格的批注说明是什么问题、怎么改。",
    "请直接在本文件的各张工作表上改正，在下面填写各个问题的原因和下一步措施，保存后把本文件报回，文件可以改名。报回后以它代替原来的表，不用另外说明。",
)


NAMED = "紫色的格写有个人隐私：请删去号码，姓名写作“张某某”；不删去的，也不能出定稿。"
EXPLAINED = "说明中已写明原因；数字没有错的，不用再改。"
NOTHING_TO_DO = "没有需要改正和答复的，不用报回。"


def list_sheet(receipt: Receipt) -> AddedSheet:
    """Lay out a receipt as a sheet."""
    page = _Page()
    page.line("title", f"{receipt.town}{receipt.department}{receipt.period}上报表审核回执")
    page.line("text", _summary(receipt))
    for text in HOW_TO if receipt.findings or receipt.problems or receipt.forgiven else (NOTHING_TO_DO,):
        page.line("text", text)
    if receipt.count("privacy"):
        page.line("text", NAMED)
    _corrected(page, receipt)
    _found(page, receipt)
    _problems(page, receipt.problems)
    _forgiven(page, receipt)
    return AddedSheet(RECEIPT_SHEET, tuple(page.rows), WIDTHS, first=True, merged=tuple(page.merged))


class _Page:
    """The rows as they grow."""

    def __init__(self) -> None:
        self.rows: list[list[ListCell]] = []
        self.merged: list[str] = []

    def line(self, style: str, text: str) -> None:
        """A text over the whole width."""
        self.rows.append([ListCell(text, style)])
        self.merged.append(f"A{len(self.rows)}:{LAST}{len(self.rows)}")

    def row(self, cells: Sequence[ListCell]) -> None:
        self.rows.append(list(cells))

    def join(self, first: str, last: str) -> None:
        """Join cells of the last row."""
        self.merged.append(f"{first}{len(self.rows)}:{last}{len(self.rows)}")


def _summary(receipt: Receipt) -> str:
    counts = [
        f"{name}{receipt.count(severity)}条" for severity, name in SEVERITY_NAMES.items() if receipt.count(severity)
    ]
    found = f"审核发现{'、'.join(counts)}" if counts else "审核没有发现问题"
    problems = f"；有{receipt.owed}个问题请写明原因和下一步措施" if receipt.owed else ""
    phone = f"。咨询电话：{receipt.phone}" if receipt.phone else ""
    return f"上报表《{receipt.file}》{found}{problems}{phone}。"


def _corrected(page: _Page, receipt: Receipt) -> None:
    correction = receipt.correction
    if correction is None:
        return
    page.line("head", "更正情况")
    file = f"更正了《{correction.corrects}》：" if correction.corrects else ""
    page.line(
        "text",
        f"{file}上次的问题解决{len(correction.settled)}条，还有{correction.stays}条，新发现{len(correction.new)}条。",
    )
    for message in correction.settled:
        page.line("text", f"已解决：{message}")
    for message in correction.new:
        page.line("text", f"新发现：{message}")
    for change in correction.changed:
        page.row(
            [
                ListCell("改动"),
                ListCell("原表" if change.gone else ""),
                ListCell(change.sheet),
                ListCell(change.cell, link=None if change.gone else _link(change.sheet, change.cell)),
                ListCell(change.about),
                ListCell(f"原为：{change.before or '空'}"),
                ListCell(f"现为：{change.after or '空'}"),
            ]
        )


def _link(sheet: str, cell: str) -> tuple[str, str] | None:
    """Where a cell leads; the receipt's own sheet is laid out anew, and has something else there now."""
    return (sheet, cell) if sheet not in ("", RECEIPT_SHEET) and cell else None


def _found(page: _Page, receipt: Receipt) -> None:
    if not receipt.findings:
        return
    page.line("head", "审核发现的问题")
    heads = ("序号", "轻重", "工作表", "单元格", "指标", "发现的问题", "怎么办", "")
    page.row([ListCell(text, "head") for text in heads])
    page.join("G", LAST)
    for number, finding in enumerate(receipt.findings, 1):
        page.row(
            [
                ListCell(str(number)),
                ListCell(SEVERITY_NAMES[finding.severity], finding.severity),
                ListCell(finding.sheet),
                ListCell(finding.cell, link=_link(finding.sheet, finding.cell)),
                ListCell(" ".join(part for part in (finding.code or "", finding.item, finding.heading) if part)),
                ListCell(finding.message),
                ListCell(EXPLAINED if finding in receipt.explained else finding.remedy),
                ListCell(""),
            ]
        )
        page.join("G", LAST)


def _problems(page: _Page, problems: Sequence[ToAnswer]) -> None:
    if not problems:
        return
    page.line("head", "请答复的问题（报告“存在的问题”一章按这些问题写，请逐条写明原因和下一步措施）")
    heads = (NUMBER, ABOUT, "", "", "", "发现的问题", f"{REASON}（请填写）", f"{MEASURE}（请填写）")
    page.row([ListCell(text, "head") for text in heads])
    page.join("B", "E")
    for problem in problems:
        page.row(
            [
                ListCell(problem.name),
                ListCell(problem.about),
                *[ListCell("")] * 3,
                ListCell(problem.found),
                _answer(problem.reason, problem.reason_here),
                _answer(problem.measure, problem.measure_here),
            ]
        )
        page.join("B", "E")


def _answer(text: str, here: bool) -> ListCell:
    """A cell to fill in: empty, or with what stood there; what stands elsewhere in the return is repeated, to be read."""
    if not text or here:
        return ListCell(text, "open")
    return ListCell(f"{TAKEN_FROM}本表的其他工作表，不用再填）{text}", "text")


def _forgiven(page: _Page, receipt: Receipt) -> None:
    if not receipt.forgiven:
        return
    page.line("head", "以下各格没有按要求填写，已按右边的办法读取；不对的请改正")
    page.row([ListCell(text, "head") for text in ("", "", "工作表", "单元格", "指标", "填的内容", "读取办法", "")])
    page.join("G", LAST)
    for each in receipt.forgiven:
        page.row(
            [
                ListCell(""),
                ListCell(""),
                ListCell(each.sheet),
                ListCell(each.cell, link=(each.sheet, each.cell)),
                ListCell(each.about),
                ListCell(each.typed),
                ListCell(each.note),
                ListCell(""),
            ]
        )
        page.join("G", LAST)


def comments(receipt: Receipt) -> Iterator[tuple[str, str, str, str]]:
    """The comment of each finding at a cell: sheet, cell, text, severity."""
    for finding in receipt.findings:
        if finding.sheet and finding.cell:
            told = finding.message.partition("：")[2] or finding.message
            remedy = EXPLAINED if finding in receipt.explained else finding.remedy
            yield (
                finding.sheet,
                finding.cell,
                f"【{SEVERITY_NAMES[finding.severity]}】{told}{remedy}",
                finding.severity,
            )
