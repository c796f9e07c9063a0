"""How this scheme's report and its forms are called, and the few words in which they speak of who reports: `report.toml`."""

from collections.abc import Mapping
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analysis.scheme.period import Period

if TYPE_CHECKING:
    from analysis.scheme.facts import Town

PLACES = ("signature", "county", "town", "period", "quarter")
"""What a title may name in braces."""
Category = Literal["工作情况", "存在的问题", "下一步措施"]
WORK: Category = "工作情况"
PROBLEM: Category = "存在的问题"
MEASURE: Category = "下一步措施"
CATEGORIES = (WORK, PROBLEM, MEASURE)
"""What a department's paragraphs are about: work done, problems, measures."""
ProjectFigure = Literal["investment", "jobs", "income"]
PROJECT_FIGURES: tuple[ProjectFigure, ...] = get_args(ProjectFigure)
"""The figures that a project can have, as the fields of its row."""
Text = Annotated[str, Field(min_length=1)]


class ReportWords(BaseModel):
    """The words of a report that its templates don't say: `scheme/report.toml`, each with the township's as default.

    Attributes:
        title: the report's title, by whom and about what (GB/T 9704: 发文机关, 事由, 文种); `{signature}`, `{county}`,
            `{town}`, `{period}` (2021年度, 2021年1—9月) and `{quarter}` (2021年一季度) are filled in; a line break where
            a long title is to be broken.
        form: the title of a blank return, behind county and town; braces alike.
        annex: the heading of the annex of tables.
        problems, measures: the text rows to which departments write problems and measures; empty for none.
        other_theme: the heading of measures whose section has no theme.
        body: what kind of body reports, as messages say it.
        endings: how names of such bodies end, by which a return of another one is known.
        places: what an indicator's `breakdown` is called that is by the places of `town.toml`.
        project_figures: the figures that a project's row asks for.
        ratio_examples: shares that the blank return names as examples; empty for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: Text = "{signature}\n关于{period}目标任务完成情况的报告"
    form: Text = "{period}目标任务完成情况上报表"
    annex: Text = "附件2：指标完成情况明细表"
    problems: str = "Q01"
    measures: str = "A01"
    other_theme: Text = "其他工作"
    body: Text = "乡镇"
    endings: tuple[Text, ...] = ("镇", "乡", "街道")
    places: Text = "村"
    project_figures: tuple[ProjectFigure, ...] = PROJECT_FIGURES
    ratio_examples: str = "整改率、办结率、参保率"

    @field_validator("title", "form")
    @classmethod
    def _with_known_places(cls, text: str) -> str:
        try:
            pieces = list(Formatter().parse(text))
        except ValueError:
            raise ValueError("花括号不成对") from None
        for _, name, detail, conversion in pieces:
            if name is not None and (name not in PLACES or detail or conversion):
                listed = "、".join(f"{{{place}}}" for place in PLACES)
                raise ValueError(f"没有{{{name}}}这个标记，可用的标记：{listed}")
        return text

    @field_validator("form", "annex", "other_theme", "body", "places")
    @classmethod
    def _on_one_line(cls, text: str) -> str:
        if len(text.splitlines()) > 1:
            raise ValueError("只能写一行；可以分行的只有 title")
        return text

    def titled(self, template: str, town: "Town", period: Period) -> str:
        """Fill in a title's places: `title` or `form`."""
        filled: Mapping[str, str] = {
            "signature": town.signature,
            "county": town.county,
            "town": town.name,
            "period": f"{period.year}年度" if period.whole_year else period.label,
            "quarter": period.quarter,
        }
        return template.format(**filled)

    def category_of(self, code: str) -> Category:
        """What the paragraphs of a text row are about."""
        return PROBLEM if code == self.problems else MEASURE if code == self.measures else WORK
