"""`township-report check`: one workbook, at once, for the clerk who received it; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.figures.model import from_frame
from analysis.figures.obstacles import explanations, is_explained
from analysis.figures.receipts.model import SEVERITY_NAMES, severities_told
from analysis.figures.receipts.page import EXPLAINED, split
from analysis.figures.submissions import RETURNED, SENT_BACK
from analysis.intake.frames import Finding, Value
from analysis.intake.headers import Survey
from analysis.intake.identity import hidden_claim, labels, visible_claim
from analysis.intake.ingest import ingest_file
from analysis.intake.look import BY_TITLE, first_look, require_tables
from analysis.intake.periods import read_period_name
from analysis.intake.receipt_mark import read_mark
from analysis.intake.refusal import Refusal
from analysis.intake.sighting import Sighting
from analysis.intake.towns import name_of, periods_of, towns_of
from analysis.intake.words import words_of
from analysis.intake.workbook import read_workbook
from analysis.intake.writing import plain, shown_name
from analysis.scheme import Facts, Period, Scheme, read_facts, read_scheme
from analysis.scheme.names import below

WAIVED = "已豁免"
STEPS = {
    "error": "请部门改正后重报",
    "warning": "请部门核对：数字有错的改正，没有错的在“说明”栏写明原因",
    "privacy": "请部门删去号码，姓名写作“张某某”；确实要写的由负责人豁免",
    "note": "供参考，不用答复",
}


@dataclass(frozen=True)
class Checked:
    """What was found in a workbook.

    Attributes:
        file: its name.
        town, period: whose return it was checked as, the township's name and the period; nothing where it is no return.
        department: whose it is; none where nothing tells.
        known_by: how the department is known.
        state: 已上报, where it can be used; else 退回.
        refused: why it can't be used and what to do about it; none where it can.
        findings: what stage 1 finds, the worst first.
        answered: those that need no answer any more, with why: explained in their row, or waived.
        beside: what else lies in the period's folder that stands in its way, a sentence each.
    """

    file: str
    town: str
    period: Period | None
    department: str | None
    known_by: str
    refused: tuple[str, str] | None
    findings: tuple[Finding, ...] = ()
    answered: Mapping[Finding, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """How the overview of returns would call it."""
        return RETURNED if self.refused is None else SENT_BACK

    def of(self, severity: str) -> list[Finding]:
        """The findings of a severity, those first that want an answer."""
        return sorted((f for f in self.findings if f.severity == severity), key=lambda f: f in self.answered)

    @property
    def answers_owed(self) -> int:
        """How many findings, and files beside, the department has to answer."""
        owed = [f for f in self.findings if f.severity != "note" and f not in self.answered]
        return len(owed) + len(self.beside)


def check_file(
    path: Path, raw: Path, scheme_folder: Path, town: str | None = None, period: Period | None = None
) -> Checked:
    """Look at a workbook as a run would.

    Which township and period it belongs to is what the options say, else the folder that it lies in
    (`<raw>/<town>/<period>`), else what its hidden sheet, its receipt mark or its labels say; where there is one township
    only, it is that one's.

    Args:
        path: the workbook.
        raw: the folder of the townships.
        scheme_folder: the scheme.
        town: the township's folder name.
        period: the period.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: in Chinese, where township or period can't be told. A SchemeError, where scheme or facts can't be used.
    """
    if not path.is_file():
        raise FileNotFoundError(f"没有 {path} 这个文件。请写上报表的文件名，可以带文件夹")
    scheme = read_scheme(scheme_folder)
    towns = towns_of(raw)
    if town is not None and town not in towns:
        raise ValueError(f"没有“{town}”这个乡镇。{raw} 里有：{'、'.join(towns) or '（空）'}")
    folder_town, folder_period = _of_folder(path, raw)
    try:
        said_town, said_period = _said(path, scheme)
    except Refusal as refusal:
        if not (town or folder_town) or not (period or folder_period):
            return Checked(shown_name(path), "", None, None, "", (refusal.reason, refusal.remedy))
        said_town, said_period = None, None  # why, is told when it is looked at as that period's
    town = town or folder_town or _town_named(said_town, raw, towns, scheme)
    period = period or folder_period or said_period
    if period is None:
        years = "、".join(map(str, periods_of(below(raw, town)))) or "2021"
        raise ValueError(f"《{path.name}》没有写报告期，请加 --period 说明是哪一期（{years}）")
    facts = read_facts(below(raw, town), period, scheme)
    sighting, ingested = ingest_file(path, scheme, facts)
    refused = None if ingested else (sighting.reason, sighting.remedy)
    beside = tuple(_beside(path, sighting, below(raw, town, str(period)), scheme, facts))
    known = Checked(
        sighting.file, facts.town.name, period, sighting.department, sighting.known_by, refused, beside=beside
    )
    if ingested is None:
        return known
    findings = from_frame(ingested.findings, Finding)
    answered = _answered(findings, from_frame(ingested.values, Value), scheme, facts)
    return replace(known, findings=tuple(findings), answered=answered)


def _answered(
    findings: Sequence[Finding], values: Sequence[Value], scheme: Scheme, facts: Facts
) -> Mapping[Finding, str]:
    explained = explanations(scheme, values)
    answered = {f: EXPLAINED for f in findings if f.severity == "warning" and is_explained(f, explained, scheme)}
    waived = {f: WAIVED for f in findings if f.severity != "note" and facts.waiver_for(f.department, f.code, False)}
    return answered | waived


def _of_folder(path: Path, raw: Path) -> tuple[str | None, Period | None]:
    """Township and period of the folder that a file lies in, where it is one of a period."""
    folder = path.resolve().parent
    if folder.parent.parent != raw.resolve():
        return None, None
    try:
        return folder.parent.name, Period.parse(folder.name)
    except ValueError:
        return None, None


def _said(path: Path, scheme: Scheme) -> tuple[str | None, Period | None]:
    """The township's name and the period that a workbook itself tells.

    Raises:
        Refusal: it can't be read, or is no return: then nobody need be asked whose it is.
    """
    survey = Survey(read_workbook(path), words_of(scheme))
    require_tables(survey)
    hidden, visible = hidden_claim(survey.workbook), visible_claim(survey, labels(survey))
    mark = read_mark(survey.workbook)
    named = hidden.period or (mark.period if mark else None) or visible.period
    return hidden.town or (mark.town if mark else None), read_period_name(named) if named else None


def _town_named(said: str | None, raw: Path, towns: list[str], scheme: Scheme) -> str:
    """The folder of the township that a workbook names, or of the only one."""
    body = scheme.report.body
    named = [town for town in towns if said is not None and plain(name_of(raw / town) or "") == plain(said)]
    if len(named) == 1:
        return named[0]
    if len(towns) == 1:
        return towns[0]  # a workbook of another township is refused as such
    if not towns:
        raise ValueError(f"{raw} 里还没有{body}。请先用 township-report init 新建")
    told = f"写的是“{said[:30]}”，这里{'有几个' if named else '没有'}" if said else f"没有写是哪个{body}的"
    raise ValueError(f"这份表{told}。请加 --town 说明，可选：{'、'.join(towns)}")


def _beside(path: Path, alone: Sighting, folder: Path, scheme: Scheme, facts: Facts) -> Iterator[str]:
    """What a run makes of the file because of the others of its folder."""
    if path.resolve().parent != folder.resolve() or alone.status != "return":
        return
    for sighting in first_look(folder, scheme, facts.town, facts.period):
        itself = sighting.path is not None and sighting.path.name == path.name
        if itself and sighting.status != "return":
            yield f"放在一起看，这份表不会采用：{sighting.reason}。{sighting.remedy}。"


def told(checked: Checked) -> Iterator[tuple[str, str]]:
    """What was found, line by line, each with a word for its colour: `error`, `warning`, `note`, `good` or nothing."""
    whose = checked.department or "看不出是哪个部门"
    how = (
        ""
        if not checked.known_by
        else f"（按{'表中的' if checked.known_by == BY_TITLE else ''}{checked.known_by}认出）"
    )
    when = f"{checked.town}{checked.period.label}，" if checked.period else ""
    yield "", f"《{checked.file}》：{when}{whose}{how}"
    if checked.refused is not None:
        reason, remedy = checked.refused
        yield "error", f"这份表不能用：{reason}。"
        yield "", f"    办法：{remedy}。"
        return
    for line in checked.beside:
        yield "error", line
    told = severities_told({finding.severity for finding in checked.findings})
    counts = "，".join(f"{name}{len(checked.of(severity))}条" for severity, name in told.items())
    yield "", f"{counts}。" if checked.findings else "没有查到问题。"
    number = 0
    for severity, name in SEVERITY_NAMES.items():
        found = checked.of(severity)
        if not found:
            continue
        yield "", ""
        yield severity, f"{name}（{len(found)}条），{STEPS[severity]}："
        for finding in found:
            number += 1
            yield from _lines(number, finding, checked.answered.get(finding, ""))
    yield "", ""
    owed = checked.answers_owed
    yield ("warning", f"要部门答复的有{owed}条。") if owed else ("good", "可以采用，没有要答复的。")
    yield "", "这里只审这一份表；和上年、前期、其他部门对照的审核，在 township-report run 时做。"


def _lines(number: int, finding: Finding, answered: str) -> Iterator[tuple[str, str]]:
    about, said = split(finding)
    sheet = f"“{finding.sheet}”表" if finding.sheet else ""
    place = "  ".join(part for part in (f"{sheet}{finding.cell}", about) if part)
    yield "", f"  {number}. {f'{place}：' if place else ''}{_line(said)}{f'（{answered}）' if answered else ''}"
    if not answered:
        yield "", f"     办法：{_line(finding.remedy)}"


def _line(text: str) -> str:
    return " ".join(text.split())


def as_json(checked: Checked) -> Mapping[str, Any]:
    """What was found, for programs."""
    return {
        "file": checked.file,
        "town": checked.town or None,
        "period": str(checked.period) if checked.period else None,
        "department": checked.department,
        "known_by": checked.known_by,
        "state": checked.state,
        "refused": {"reason": checked.refused[0], "remedy": checked.refused[1]} if checked.refused else None,
        "beside": list(checked.beside),
        "counts": {severity: len(checked.of(severity)) for severity in SEVERITY_NAMES},
        "answers_owed": checked.answers_owed,
        "findings": [asdict(each) | {"answered": checked.answered.get(each)} for each in checked.findings],
    }
