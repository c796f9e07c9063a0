"""What the report is told from: everything that stage 2 wrote, found by code."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from analysis.figures.model import Assessment, Duty, Paragraph, Part, Past, Problem, Project
from analysis.scheme import Facts, Scheme
from analysis.telling.wording.numbers import Numbers


@dataclass(frozen=True)
class Material:
    """The scheme, the facts and the tables of stage 2 as records; `shared` in the edition without internal rows."""

    scheme: Scheme
    facts: Facts
    assessments: Sequence[Assessment]
    parts: Sequence[Part]
    projects: Sequence[Project]
    duties: Sequence[Duty]
    paragraphs: Sequence[Paragraph]
    problems: Sequence[Problem]
    past: Sequence[Past] = ()
    shared: bool = False

    @cached_property
    def by_code(self) -> dict[str, Assessment]:
        """The assessments by code."""
        return {row.code: row for row in self.assessments}

    @cached_property
    def duties_by_code(self) -> dict[str, Duty]:
        """The duties by code."""
        return {duty.code: duty for duty in self.duties}

    def numbers(self, code: str) -> Numbers:
        """The figures of an indicator, to put into a sentence."""
        indicator = self.scheme[code]
        return Numbers(indicator, self.by_code[code], self.facts.period, indicator.change_bound or self._change_bound)

    @cached_property
    def _change_bound(self) -> Decimal | None:
        check = self.scheme.checks_by_code.get("change_unexplained")
        return None if check is None else check.value

    def parts_of(self, code: str) -> list[Part]:
        """The parts of an indicator's total."""
        return [part for part in self.parts if part.code == code]

    def projects_of(self, code: str) -> list[Project]:
        """The projects of a row, as returned."""
        return [project for project in self.projects if project.code == code]

    def words_of(self, code: str) -> list[Paragraph]:
        """The owner's paragraphs of a text row; what others wrote under its code goes to the annex."""
        owner = self.scheme[code].owner
        return [paragraph for paragraph in self.paragraphs if paragraph.code == code and paragraph.department == owner]

    @property
    def title(self) -> str:
        """The report's title on one line."""
        return "".join(self.printed_title.splitlines())

    @property
    def printed_title(self) -> str:
        """The report's title, with a line break where print breaks it."""
        words = self.scheme.report
        return words.titled(words.title, self.facts.town, self.facts.period)
