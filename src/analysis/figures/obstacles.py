"""What stands in the way of a final report (定稿), and what a waiver (豁免) covers of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.figures.submissions import NOT_RETURNED, RETURNED
from analysis.intake.frames import Finding, Value
from analysis.intake.words import words_of
from analysis.scheme import Facts, Scheme
from analysis.scheme.facts import Waiver

EXPLANATIONS = ("note", "reason")
"""The fields of a row that explain it."""
Row = tuple[str, str, str]
"""A row of a return: department, code and item."""
IN_THE_WAY = {"error": "错误", "warning": "待说明", "privacy": "隐私"}
"""The severities that keep a report from being final, as its list calls them. Only a warning is settled by an explanation:
a person that is named stays named, whatever is said of it."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that keeps a report from being final.

    Attributes:
        department: whose it is.
        code: the indicator; empty where it is of the whole return.
        text: what it is and what to do, in Chinese.
        waiver: the waiver that covers it; none where it stands in the way.
    """

    department: str
    code: str
    text: str
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that the report could not tell (缺数)."""

    department: str
    code: str
    text: str


def obstacles(
    scheme: Scheme,
    facts: Facts,
    values: Iterable[Value],
    findings: Iterable[Finding],
    states: Mapping[str, str],
    missing: Sequence[Missing] = (),
) -> list[Obstacle]:
    """List everything that stands, or would stand but for a waiver, in the way of a final report.

    That is: returns that are owed, errors, warnings whose row explains nothing, persons who are named, and gaps of the report; see
    `Facts.waiver_for` for what a waiver covers.

    Args:
        scheme: the departments and the words that explain nothing.
        facts: with the waivers.
        values: what was read of all departments.
        findings: of both stages.
        states: by department, 已上报, 退回 or 未上报.
        missing: the gaps that the report marks.
    """
    explained = explanations(scheme, values)
    owing = {name for name, state in states.items() if state != RETURNED}
    found: list[Obstacle] = []
    for name in states:
        if name in owing:
            told = "还没有报上报表" if states[name] == NOT_RETURNED else "报的文件没有采用，还没有重报"
            found.append(Obstacle(name, "", f"欠报：{name}{told}", facts.waiver_for(name, None, True)))
    for finding in findings:
        if finding.department in owing:
            continue  # told as owed already
        kind = IN_THE_WAY.get(finding.severity)
        if kind and not (finding.severity == "warning" and is_explained(finding, explained, scheme)):
            waiver = facts.waiver_for(finding.department, finding.code, False)
            found.append(
                Obstacle(finding.department, finding.code or "", f"{kind}：{finding.message}{finding.remedy}", waiver)
            )
    for gap in missing:
        waiver = facts.waiver_for(gap.department, gap.code, gap.department in owing)
        found.append(Obstacle(gap.department, gap.code, f"缺数：{gap.code} {gap.text}", waiver))
    return found


def standing(found: Iterable[Obstacle]) -> list[Obstacle]:
    """Those that no waiver covers."""
    return [obstacle for obstacle in found if obstacle.waiver is None]


def explanations(scheme: Scheme, values: Iterable[Value]) -> Mapping[Row, str]:
    """What rows say of why, by department, code and item; what explains nothing is left out."""
    explains = words_of(scheme).explains
    said: defaultdict[Row, str] = defaultdict(str)
    for value in values:
        if value.field in EXPLANATIONS and value.code is not None and explains(value.text):
            said[value.department, value.code, value.item] += value.text or ""
    return said


def is_explained(finding: Finding, explained: Mapping[Row, str], scheme: Scheme) -> bool:
    """Whether the row that a warning is about explains it; a part's row is its indicator's.

    Why a target was missed does not say that a figure is in the right unit: such a check has words in `explained_by`.
    """
    check = scheme.checks_by_code.get(finding.check)
    words = check.explained_by if check else ()
    rows = ((finding.department, finding.code or "", item) for item in (finding.item, ""))
    return any(row in explained and (not words or any(word in explained[row] for word in words)) for row in rows)
