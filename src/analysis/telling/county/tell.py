"""The way in: from the county's material to its report as data, audited as a township's is."""

from collections.abc import Mapping
from pathlib import Path

from analysis.figures.county.returned import LEFT_OUT
from analysis.intake.frames import typed_frame
from analysis.scheme.problems import SchemeError
from analysis.telling.audit import audit
from analysis.telling.county.annex import county_annex
from analysis.telling.county.helpers import CountyHelpers
from analysis.telling.county.material import CountyMaterial
from analysis.telling.county.overall import gaps_clause
from analysis.telling.county.sources import traced
from analysis.telling.county.townships import named, read_on
from analysis.telling.figure_list import FIGURES, figure_rows
from analysis.telling.narrative import read_narrative, render_chapters, see_that_all_is_told
from analysis.telling.spans import Chapter, Gap, Paragraph, Report, say
from analysis.telling.tell import Told
from analysis.telling.wording.words import joined

FOLDER = "county"
"""Below the folder of the chapter templates: those of the county's report."""


def read_county_narrative(narrative: Path) -> dict[str, str]:
    """Read the county's chapter templates, in the order of their names; they are called `county/….md`.

    Raises:
        SchemeError: there is none, or one can't be read.
    """
    return {f"{FOLDER}/{name}": text for name, text in read_narrative(narrative / FOLDER).items()}


def tell_county(material: CountyMaterial, templates: Mapping[str, str]) -> Told:
    """Tell a county's report.

    Args:
        material: the totals, and the townships' own figures that are told by name.
        templates: the chapter templates, as `read_county_narrative` gives them.

    Raises:
        SchemeError: a template is wrong, leaves a row out, or the report holds a number that nothing accounts for; with
            file, line and remedy.
    """
    helpers = CountyHelpers(material)
    chapters = render_chapters(helpers, templates)
    see_that_all_is_told(helpers, f"scheme/narrative/{FOLDER}")
    names = material.names_of_towns
    absent = [Gap(f"{names[t]}{state}", "", names[t]) for state, of in material.missing_by_state.items() for t in of]
    gaps = [*absent, *helpers.gaps]
    draft = bool(gaps) or any(not row.clean for row in material.returned)
    if draft:
        chapters.insert(0, _draft_note(material))
    chapters.append(county_annex(material))
    report = Report(
        material.printed_title,
        tuple(traced(material, read_on(chapter)) for chapter in chapters),
        draft,
        tuple(gaps),
        {indicator.code: indicator.name for indicator in material.scheme.indicators},
    )
    figures = typed_frame(figure_rows(report), FIGURES)
    if problems := audit(report, figures, material, material.submissions, templates):
        raise SchemeError(problems)
    return Told(report, figures, ())


def _draft_note(material: CountyMaterial) -> Chapter:
    absent = [
        say("未汇总", named(material, towns)) if state == LEFT_OUT else say("缺", named(material, towns), "的数据")
        for state, towns in material.missing_by_state.items()
    ]
    told = [joined([*absent, say("各项合计都不含")])] if absent else []
    if owing := gaps_clause(material):
        told.append(owing)
    note = Paragraph(say("草稿：本稿", joined(told or [say("有缺数")], "；"), "，不得作为正式报告上报。"), "note")
    return Chapter("draft", (note,))
