"""The receipt to read: one HTML page for the clerk of a department, which says what to do now and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.figures.receipts.model import SEVERITY_NAMES, Receipt, severities_told
from analysis.figures.receipts.rendering import render
from analysis.figures.submissions import NOT_RETURNED, RETURNED, SENT_BACK
from analysis.intake.checks.wording import LONGEST_QUOTE
from analysis.intake.frames import Finding
from analysis.intake.layout import RECEIPT_SHEET

OF_THE_WHOLE = ("not_returned", "refused")
"""Checks that say of the whole return what the head of the page says already; their words are the head's."""
WEIGHT = {severity: weight for weight, severity in enumerate(SEVERITY_NAMES)}


@dataclass(frozen=True, slots=True)
class Glance:
    """What the page says first.

    Attributes:
        tone: `bad`, `ask` or `good`; it gives the colour and the sign.
        headline: how things stand, in a line.
        reasons: why the return was sent back, each with the remedy.
        steps: what is to be done, in order; empty where nothing is.
        otherwise: what happens if it is not done; empty where nothing is to be done.
    """

    tone: str
    headline: str
    reasons: Sequence[tuple[str, str]]
    steps: Sequence[str]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as it stands in the table; `history` says whether an earlier receipt told it already."""

    number: int
    severity: str
    severity_name: str
    history: str
    sheet: str
    cell: str
    about: str
    said: str
    expected: str
    remedy: str


EXPLAINED = "已说明"
"""What is said of a warning whose row explains itself."""


def page(receipt: Receipt) -> str:
    """Make the page of a department's receipt; it needs nothing but itself."""
    return render(
        "page.html.j2",
        receipt=receipt,
        glance=glance(receipt),
        rows=list(rows(receipt)),
        owed=receipt.owed,
        severities=severities_told({finding.severity for finding in receipt.findings}),
        list_name=RECEIPT_SHEET,
        returned=receipt.state == RETURNED,
        totals={
            name: sum(getattr(count, name) for count in receipt.counts) for name in ("passed", "found", "not_evaluated")
        },
    )


def glance(receipt: Receipt) -> Glance:
    """Say how things stand with a return, and what its department does now."""
    match receipt.state:
        case state if state == NOT_RETURNED:
            return Glance(
                "bad",
                "还没有收到上报表",
                (),
                (
                    "请用本部门的空白上报表填写，填好后报送。",
                    "已经报送的，请打电话核对是否收到、文件是否完整。",
                ),
                "没有上报表，报告中本部门的数字全部空缺，不能出定稿。",
            )
        case state if state == SENT_BACK:
            whys = tuple((split(f)[1], f.remedy) for f in receipt.findings if f.check == "refused")
            return Glance(
                "bad",
                "上报表没有采用，请改好后重新报送",
                whys,
                ("请按上面的办法处理，然后把整份上报表重新报送。",),
                "没有采用的文件不进入报告；不重新报送，报告中本部门的数字全部空缺，不能出定稿。",
            )
    return _of_returned(receipt)


def _of_returned(receipt: Receipt) -> Glance:
    errors, warnings, asked = receipt.count("error"), receipt.unexplained, receipt.owed
    named = receipt.count("privacy")
    steps, otherwise = [], []
    if errors:
        steps.append(f"改正{errors}条错误。")
        otherwise.append("错误不改正，不能出定稿。")
    if warnings:
        steps.append(
            f"核对{warnings}条疑问：数字有错的请改正；没有错的，在这一行的“说明”栏写明原因（项目写在“未开工或滞后原因”栏）。"
        )
        otherwise.append(f"疑问不改正、也不说明原因，{'同样' if errors else ''}不能出定稿。")
    if named:
        steps.append(
            f"处理{named}条隐私：删去身份证号、电话等号码，姓名写作“张某某”；确实要写的，请告知办公室由负责人决定。"
        )
        otherwise.append("写有个人隐私的，不能出定稿。")
    if asked:
        steps.append(f"答复{asked}个问题：逐个写明原因和下一步措施，填写办法见“请答复的问题”。")
        otherwise.append("不答复的，报告中只有问题，缺少原因或措施。")
    if not steps:
        headline = "没有需要改正和答复的，不用再做什么"
        return Glance("good", headline, (), (), "")
    steps.append("以上都在标注副本中直接改，保存后把它报回；文件可以改名，报回后自动代替原来的表，不用另外说明。")
    if errors:
        return Glance("bad", f"有{errors}条错误，请改正后报回", (), steps, "".join(otherwise))
    asks = (
        [f"{warnings}条疑问请核对"] * bool(warnings)
        + [f"{named}条隐私请删去"] * bool(named)
        + [f"{asked}个问题请答复"] * bool(asked)
    )
    return Glance("ask", f"没有错误；有{'，'.join(asks)}", (), steps, "".join(otherwise))


def rows(receipt: Receipt) -> Iterator[Row]:
    """The findings, errors first; each keeps the number that it has in the marked copy."""
    shown = [f for f in receipt.findings if receipt.state == RETURNED or f.check not in OF_THE_WHOLE]
    new = set(receipt.correction.new) if receipt.correction is not None else set()
    numbered = sorted(enumerate(shown, 1), key=lambda each: WEIGHT[each[1].severity])
    for number, finding in numbered:
        about, said = split(finding)
        history = "" if receipt.correction is None else "新发现" if finding.message in new else "上次已提出"
        if finding in receipt.explained:
            history = f"{history}，{EXPLAINED}" if history else EXPLAINED
        yield Row(
            number,
            finding.severity,
            SEVERITY_NAMES[finding.severity],
            history,
            finding.sheet,
            finding.cell,
            about,
            said,
            finding.expected,
            finding.remedy,
        )


def split(finding: Finding) -> tuple[str, str]:
    """What a finding is about, and what it says of it: its message without the place, which the table shows beside it.

    Messages are as `intake.checks.wording` writes them: `财政所《表.xlsx》“指标”表F4，税收（E03）“国税”：不是数字。` One that is
    written otherwise is shown whole.
    """
    file = f"《{finding.file}》" if finding.file else ""
    sheet = f"“{finding.sheet}”表" if finding.sheet else ""
    place = f"{finding.department}{file}{sheet}{finding.cell}"
    code = f"（{finding.code}）" if finding.code else ""
    item = f"“{_quoted(finding.item)}”" if finding.item and not finding.item.isdecimal() else ""
    rest = finding.message.removeprefix(place)
    about = f"{finding.code or ''}{item}{finding.heading}"
    if rest != finding.message and rest.startswith("："):
        return about, rest[1:]
    for end in (f"{code}{item}", item):  # a name may have a colon of its own
        name, mark, said = rest[1:].partition(f"{end}：")
        if end and mark and rest.startswith("，"):
            return f"{name}{end}{finding.heading}", said
    return about, finding.message


def _quoted(item: str) -> str:
    line = " ".join(item.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}……"
