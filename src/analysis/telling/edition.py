"""The editions of a report (版本): the office's, and the one to share without the rows that the scheme marks internal."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, get_args

from analysis.figures.answers import codes_of
from analysis.figures.model import Paragraph, referred
from analysis.scheme import Scheme
from analysis.telling.material import Material
from analysis.telling.spans import Name, Quotation, Span

Edition = Literal["office", "shared"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
NAMES: dict[Edition, str] = {"office": "全本", "shared": "共享稿"}


def suffix(edition: Edition) -> str:
    """What the names of an edition's files end in: nothing for the office's, `-shared` for the one to share."""
    return "" if edition == "office" else f"-{edition}"


def editions_of(scheme: Scheme, year: int) -> tuple[Edition, ...]:
    """The editions that a report has: the one to share is another only where a row of the year is internal."""
    return EDITIONS if any(indicator.internal for indicator in scheme.in_year(year)) else ("office",)


def in_edition(material: Material, edition: str) -> Material:
    """What an edition is told from.

    In the edition to share an internal row is one that the scheme doesn't ask for: it is not told, not counted, not
    drawn, stands in no table, and the paragraphs and problems that are about it go with it.

    Raises:
        ValueError: there is no such edition; in Chinese.
    """
    scheme = scheme_in_edition(material.scheme, edition)
    internal = {indicator.code for indicator in material.scheme.indicators if indicator.internal}
    if scheme is material.scheme:
        return material
    return replace(
        material,
        scheme=scheme,
        assessments=[row for row in material.assessments if row.code not in internal],
        parts=[part for part in material.parts if part.code not in internal],
        projects=[project for project in material.projects if project.code not in internal],
        duties=[duty for duty in material.duties if duty.code not in internal],
        paragraphs=[p for p in material.paragraphs if not internal.intersection(_codes(p))],
        problems=[problem for problem in material.problems if problem.code not in internal],
        past=[past for past in material.past if past.code not in internal],
        shared=True,
    )


def scheme_in_edition(scheme: Scheme, edition: str) -> Scheme:
    """The scheme as an edition knows it; that of the office is the scheme itself.

    Raises:
        ValueError: there is no such edition; in Chinese.
    """
    if edition not in EDITIONS:
        raise ValueError(f"没有“{edition}”这个版本，可用的是 {'、'.join(f'{e}（{NAMES[e]}）' for e in EDITIONS)}")
    if edition == "office" or not any(indicator.internal for indicator in scheme.indicators):
        return scheme
    indicators = tuple(i.model_copy(update={"until": 0}) if i.internal else i for i in scheme.indicators)
    return replace(scheme, indicators=indicators)


def _codes(paragraph: Paragraph) -> set[str]:
    """The rows that a paragraph is about: its own, and those that it answers."""
    own = {paragraph.code} if paragraph.code else set()
    return own | {name.partition("-")[0] for name in codes_of(paragraph)}


def internal_mentions(scheme: Scheme, told: Iterable[Span]) -> tuple[str, ...]:
    """Where a department's words in the edition to share name an internal row all the same, for the editor to look at.

    Returns:
        A line each: `社会治理办公室 文字材料!C5：受理信访件`.
    """
    names = sorted(indicator.name for indicator in scheme.indicators if indicator.internal)
    found = []
    for span in told:
        if isinstance(span, Quotation):
            _, sheet, cell = referred(span.source)
            found += [f"{span.department} {sheet}!{cell}：{name}" for name in names if name in span.text]
        elif isinstance(span, Name):  # a project or a place, which a department has typed too
            found += [f"名称“{span.text}”：{name}" for name in names if name in span.text]
    return tuple(dict.fromkeys(found))
