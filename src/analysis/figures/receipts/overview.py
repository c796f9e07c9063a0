"""The office's table of a period (上报情况): who has returned, what was found, what is owed, whom to call."""

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from analysis.figures.receipts.model import Receipt, severities_told
from analysis.figures.receipts.rendering import render
from analysis.figures.submissions import NOT_RETURNED, RETURNED, SENT_BACK

Draw = Callable[[pd.DataFrame], tuple[str, str, str]]
"""Draws the grid of `grid_rows`: its title, its text alternative, and the picture as SVG."""

TONES = {RETURNED: "good", SENT_BACK: "bad", NOT_RETURNED: "bad"}
NOTHING, OTHER = "无", "其他"


@dataclass(frozen=True, slots=True)
class Line:
    """A department's line of the table."""

    receipt: Receipt
    tone: str
    counts: Sequence[tuple[str, str, int]]
    unanswered: int
    owes: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The grid of departments by kinds of findings, as a data address."""

    title: str
    alt: str
    source: Markup


def overview(
    receipts: Sequence[Receipt],
    unknown: Sequence[str] = (),
    groups: Mapping[str, str] | None = None,
    draw: Draw | None = None,
) -> str:
    """Make the page of all departments.

    Args:
        receipts: of all departments, in the scheme's order.
        unknown: the files of the folder that are no department's, a sentence each.
        groups: by check, the kind of findings that it makes, as the page's picture calls it.
        draw: draws the picture; this stage knows no charts. None leaves it out.
    """
    first = receipts[0] if receipts else None
    told = _told(receipts)
    return render(
        "overview.html.j2",
        town=first.town if first else "",
        period=first.period if first else "",
        deadline=first.deadline if first else None,
        example=first.example if first else "",
        summary=summary(receipts, unknown),
        overdue=[receipt for receipt in receipts if receipt.state != RETURNED],
        sent_back=SENT_BACK,
        lines=[_line(receipt, told) for receipt in receipts],
        nothing=NOTHING,
        unknown=unknown,
        severities=told,
        picture=_picture(receipts, groups or {}, draw) if receipts and draw else None,
    )


def grid_rows(receipts: Sequence[Receipt], groups: Mapping[str, str]) -> pd.DataFrame:
    """The findings of all departments, to be drawn: a row a department, kind and severity, none left out.

    Args:
        receipts: of all departments, in the scheme's order.
        groups: by check, the kind of findings that it makes, in the order of the columns; others are 其他.

    Returns:
        `department`, `state`, `kind`, `severity`, `count`; a department without findings has a row without a kind.
    """
    kinds = {kind: place for place, kind in enumerate(dict.fromkeys((*groups.values(), OTHER)))}
    rows: list[tuple[int, int, str, str, str | None, str | None, int]] = []
    for place, receipt in enumerate(receipts):
        found = Counter((groups.get(finding.check, OTHER), finding.severity) for finding in receipt.findings)
        rows += [
            (kinds[kind], place, receipt.department, receipt.state, kind, severity, count)
            for (kind, severity), count in found.items()
        ]
        rows.append((-1, place, receipt.department, receipt.state, None, None, 0))
    # The rows without a kind come first: they give the order of the departments, the others that of the kinds.
    return pd.DataFrame(
        [row[2:] for row in sorted(rows, key=lambda row: row[:2])],
        columns=["department", "state", "kind", "severity", "count"],
    )


def _picture(receipts: Sequence[Receipt], groups: Mapping[str, str], draw: Draw) -> Picture:
    title, alt, svg = draw(grid_rows(receipts, groups))
    # In the page as a file of its own: its styles are not the page's, whose policy would have to allow them.
    return Picture(title, alt, Markup(f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"))


def summary(receipts: Sequence[Receipt], unknown: Sequence[str] = ()) -> str:
    """`15个部门：已上报13个，退回1个，未上报1个；错误3条，疑问2条，提示0条；待答复的问题4个。`"""
    states = [f"{state}{sum(receipt.state == state for receipt in receipts)}个" for state in TONES]
    found = [
        f"{name}{sum(receipt.count(severity) for receipt in receipts)}条" for severity, name in _told(receipts).items()
    ]
    asked = f"待答复的问题{sum(receipt.owed for receipt in receipts)}个"
    strays = f"；认不出部门的文件{len(unknown)}个" if unknown else ""
    return f"{len(receipts)}个部门：{'，'.join(states)}；{'，'.join(found)}；{asked}{strays}。"


def _told(receipts: Sequence[Receipt]) -> dict[str, str]:
    return severities_told({finding.severity for receipt in receipts for finding in receipt.findings})


def _line(receipt: Receipt, told: Mapping[str, str]) -> Line:
    counts = [(severity, name, receipt.count(severity)) for severity, name in told.items()]
    return Line(receipt, TONES[receipt.state], counts, receipt.owed, owes(receipt))


def owes(receipt: Receipt) -> str:
    """What a department still owes: `改正错误2条，说明疑问1条，答复问题3个`; `无` where it owes nothing."""
    if receipt.state == NOT_RETURNED:
        return "报送上报表"
    if receipt.state == SENT_BACK:
        return "改好后重新报送"
    parts = [
        f"改正错误{receipt.count('error')}条" if receipt.count("error") else "",
        f"核对疑问{receipt.unexplained}条" if receipt.unexplained else "",
        f"删去隐私{receipt.count('privacy')}条" if receipt.count("privacy") else "",
        f"答复问题{receipt.owed}个" if receipt.owed else "",
    ]
    return "，".join(part for part in parts if part) or NOTHING
