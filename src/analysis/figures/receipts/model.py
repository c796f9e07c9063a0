"""A receipt as data: the marked workbook, the page to read and the office's table are all made from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from analysis.intake.frames import Finding

SEVERITY_NAMES = {"error": "错误", "warning": "疑问", "privacy": "隐私", "note": "提示"}
"""How a receipt calls the severities of findings: must be mended, must be explained, must not be made public, for
information."""


def severities_told(present: Collection[str]) -> dict[str, str]:
    """The severities that are counted, with their names: 隐私 only where it is present, the others with their zeros too."""
    return {severity: name for severity, name in SEVERITY_NAMES.items() if severity != "privacy" or severity in present}


@dataclass(frozen=True, slots=True)
class Forgiven:
    """Something that was read although it was not written as the form asks (通融).

    Attributes:
        sheet, cell: where.
        about: what it is about: `新增就业岗位（E07）完成数`.
        typed: what stands in the cell.
        note: how it was read: `由亿元折算为万元：12000`.
    """

    sheet: str
    cell: str
    about: str
    typed: str
    note: str


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A problem that the rules found (存在的问题), to be answered with a reason and a measure.

    Attributes:
        name: by which it is answered, `E05` or `E04-2`; it lasts over corrections.
        about: the indicator's or the project's name.
        found: what was found, with its figures: `目标60户，完成50户，完成率83.3%`.
        reason: the department's reason, where it gave one.
        measure: its measures, where it named any; several are joined by line breaks.
        reason_here, measure_here: whether they were written on the receipt's own sheet, where they can be edited.
    """

    name: str
    about: str
    found: str
    reason: str = ""
    measure: str = ""
    reason_here: bool = False
    measure_here: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a check was passed, found something, or could not be made."""

    check: str
    about: str
    passed: int
    found: int
    not_evaluated: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell that the correction changed; `before` or `after` is empty where there was or is nothing.

    Where the row is `gone` the place is the earlier return's.
    """

    sheet: str
    cell: str
    about: str
    before: str
    after: str
    gone: bool = False


@dataclass(frozen=True)
class Correction:
    """What a correction mended, beside the return that it corrects.

    Attributes:
        corrects: the file that it corrects; empty where that is no longer in the folder.
        settled: the messages of findings that are gone.
        stays: how many of the earlier receipt's findings are still there.
        new: the messages of findings that were not there before.
        changed: the cells that changed; empty, too, where the corrected file is no longer there to be compared.
    """

    corrects: str
    settled: Sequence[str] = ()
    stays: int = 0
    new: Sequence[str] = ()
    changed: Sequence[Changed] = ()


@dataclass(frozen=True)
class Receipt:
    """What a department is told about its return.

    Attributes:
        department, town, period: the names as printed: `财政所`, `青禾镇`, `2021年`.
        state: 已上报, 退回 or 未上报.
        file: the return that was read, or that was refused; empty where none came.
        filled_by, filled_on: as the return states them.
        phone: whom at the office to ask; empty where nobody is named.
        contact: the department's own phone, for the office: as the return states it, else as the office's list has it.
        deadline: until when returns are due.
        findings: in the order of what they weigh.
        problems: to be answered.
        forgiven: what was read all the same.
        counts: by check.
        correction: where the return corrects an earlier one.
        marked_copy: the name of the marked workbook beside the page; empty where there is none.
        example: where town and figures are made up, what kind of body the town is; every page says so.
        explained: the warnings whose row says why (说明): they are told, and nothing is owed for them.
        others: what was made of the department's other files in the folder, a sentence each.
    """

    department: str
    town: str
    period: str
    state: str
    file: str = ""
    filled_by: str = ""
    filled_on: str = ""
    phone: str = ""
    contact: str = ""
    deadline: date | None = None
    findings: Sequence[Finding] = ()
    problems: Sequence[ToAnswer] = ()
    forgiven: Sequence[Forgiven] = ()
    counts: Sequence[Counted] = ()
    correction: Correction | None = None
    marked_copy: str = ""
    example: str = ""
    explained: frozenset[Finding] = frozenset()
    others: Sequence[str] = field(default_factory=tuple)

    def count(self, severity: str) -> int:
        """How many findings of a severity there are."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def unexplained(self) -> int:
        """How many warnings still want a correction or an explanation."""
        return self.count("warning") - len(self.explained)

    @property
    def owed(self) -> int:
        """How many problems still want a reason or a measure."""
        return sum(not (problem.reason and problem.measure) for problem in self.problems)
