"""From findings, problems and values to each department's receipt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.figures.model import Problem, from_frame, referred
from analysis.figures.obstacles import explanations, is_explained
from analysis.figures.receipts.compare import about, changed_cells, compared
from analysis.figures.receipts.model import Correction, Counted, Forgiven, Receipt, ToAnswer
from analysis.figures.submissions import RETURNED
from analysis.intake.frames import Finding, Value
from analysis.intake.layout import RECEIPT_SHEET
from analysis.intake.sighting import Sighting
from analysis.intake.workbook import Workbook
from analysis.scheme import Facts, Scheme


@dataclass(frozen=True)
class HandedIn:
    """What a department handed in, beside what was read of it.

    Attributes:
        sighting: the file that was read, or the first that was refused; none where nothing came.
        workbook: the one that was read; none where it was refused.
        others: the department's other files, as the first look saw them.
        before: the values of the return that this one corrects; empty where it corrects none that is still there.
    """

    sighting: Sighting | None = None
    workbook: Workbook | None = None
    others: tuple[Sighting, ...] = ()
    before: tuple[Value, ...] = ()


def collect(
    scheme: Scheme,
    facts: Facts,
    values: pd.DataFrame,
    findings: pd.DataFrame,
    checks: pd.DataFrame,
    problems: pd.DataFrame,
    submissions: pd.DataFrame,
    handed_in: Mapping[str, HandedIn],
) -> list[Receipt]:
    """Make every department's receipt, in the scheme's order.

    Args:
        scheme: the departments and the checks' words.
        facts: town and period.
        values: what was read (`intake.frames.VALUES`), of all departments.
        findings: of both stages, in the order of what they weigh (`intake.frames.FINDINGS`).
        checks: how often each check passed, found or could not be made (`intake.ingest.CHECKS`).
        problems: those that the rules found (`figures.model.Problem`).
        submissions: who has returned (`figures.submissions.SUBMISSIONS`).
        handed_in: by department, its files.
    """
    submitted = {str(row["department"]): row for row in submissions.to_dict("records")}
    read = _by_department(from_frame(values, Value))
    found = _by_department(from_frame(findings, Finding))
    open_problems = _by_department(from_frame(problems, Problem))
    counts = {str(name): rows.to_dict("records") for name, rows in checks.groupby("department")}
    explained = explanations(scheme, [value for own in read.values() for value in own])
    receipts = []
    for department in scheme.departments:
        name = department.name
        of, here = submitted[name], handed_in.get(name, HandedIn())
        own_values, own_findings = read.get(name, []), found.get(name, [])
        receipts.append(
            Receipt(
                department=name,
                town=facts.town.name,
                period=facts.period.label,
                state=str(of["state"]),
                file=here.sighting.file if here.sighting else "",
                filled_by=_text(of["filled_by"]),
                filled_on=_text(of["filled_on"]),
                phone=facts.town.phone,
                contact=_text(of["phone"]),
                deadline=facts.period_facts.deadline,
                findings=tuple(own_findings),
                problems=tuple(_to_answer(scheme, problem) for problem in open_problems.get(name, [])),
                forgiven=tuple(_forgiven(scheme, own_values)),
                counts=tuple(_counted(scheme, counts.get(name, []))),
                correction=_correction(scheme, here, own_values, own_findings),
                marked_copy=f"{name}.xlsx" if of["state"] == RETURNED else "",
                example=scheme.report.body if facts.town.example else "",
                explained=frozenset(
                    f for f in own_findings if f.severity == "warning" and is_explained(f, explained, scheme)
                ),
                others=tuple(f"《{other.file}》：{other.reason}" for other in here.others),
            )
        )
    return receipts


def _by_department(records: Sequence[Any]) -> dict[str, list[Any]]:
    departments: dict[str, list[Any]] = {}
    for record in records:
        departments.setdefault(record.department, []).append(record)
    return departments


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _to_answer(scheme: Scheme, problem: Problem) -> ToAnswer:
    about_it = problem.item or scheme[problem.code].name
    return ToAnswer(
        problem.name,
        about_it,
        problem.figures,
        problem.reason or "",
        problem.measure or "",
        _on_receipt(problem.reason_source),
        _on_receipt(problem.measure_source),
    )


def _on_receipt(source: str | None) -> bool:
    return source is not None and referred(source)[1] == RECEIPT_SHEET


def _forgiven(scheme: Scheme, values: Sequence[Value]) -> Iterator[Forgiven]:
    for value in values:
        if value.noted and value.sheet != RECEIPT_SHEET:
            yield Forgiven(value.sheet, value.cell, about(scheme, value), value.typed.strip(), value.noted)


def _counted(scheme: Scheme, rows: Sequence[Mapping[Any, Any]]) -> Iterator[Counted]:
    """The counts in the order of `checks.csv`."""
    by_check = {str(row["check"]): row for row in rows}
    for check in scheme.checks:
        row = by_check.get(check.code)
        if row is not None:
            numbers = (int(row[name]) for name in ("passed", "found", "not_evaluated"))
            yield Counted(check.code, check.about or check.code, *numbers)


def _correction(
    scheme: Scheme, here: HandedIn, values: Sequence[Value], findings: Sequence[Finding]
) -> Correction | None:
    mark = here.sighting.mark if here.sighting is not None else None
    if here.sighting is None or mark is None or here.sighting.status != "return":
        return None
    settled, stays, new = compared(mark.told, findings)
    return Correction(
        here.sighting.corrects[0] if here.sighting.corrects else "",
        tuple(told.message for told in settled),
        stays,
        tuple(finding.message for finding in new),
        tuple(changed_cells(scheme, here.before, values)) if here.before else (),
    )
