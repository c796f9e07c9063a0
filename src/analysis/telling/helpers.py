"""The helpers that a chapter template may call: each puts a piece of prose, and keeps count of what was told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.scheme import Indicator
from analysis.scheme.models import KIND_NAMES, NUMERIC_KINDS
from analysis.telling.markers import Marks
from analysis.telling.material import Material
from analysis.telling.pictures import CHARTS, chart_of
from analysis.telling.spans import Figure, Gap, Name, Quotation, Span, Spans, say
from analysis.telling.summary import counts_clause, project_counts_clause, zero_counts_clause
from analysis.telling.told_problems import measures_by_theme, told_problems
from analysis.telling.wording.count import CountWords, average_clause, count_clause, fact_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.parts import parts_clause
from analysis.telling.wording.ratio import RatioWords, ratio_clause
from analysis.telling.wording.target import TargetWords, target_clause
from analysis.telling.wording.words import joined
from analysis.telling.wording.works import duty_sentences, project_clause
from analysis.telling.wording.zero import zero_sentences

HELPER_OF = {
    **dict.fromkeys(NUMERIC_KINDS, "tell"),
    "zero": "tell 或 zeros",
    "status": "tell 或 duties",
    "project": "projects",
    "text": "text",
}
"""By kind, the helper that tells it."""


class TellingError(ValueError):
    """A template asks for what there is not; `found` and `remedy` are in Chinese."""

    def __init__(self, found: str, remedy: str) -> None:
        self.found, self.remedy = found, remedy
        super().__init__(found)


@dataclass
class Helpers:
    """The helpers of one report, and what they have told.

    Attributes:
        material: what is told from.
        marks: the spans of the chapter being rendered.
        place: the template being rendered.
        told: by code, the template that told it.
        words: by target and ratio, what the template calls it, for the chapter of problems.
        gaps: the marked gaps.
        unanswered: names of problems that no measure answers, for the editor.
    """

    material: Material
    marks: Marks = field(default_factory=Marks)
    place: str = ""
    told: dict[str, str] = field(default_factory=dict)
    words: dict[str, TargetWords | RatioWords] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    _turns: dict[str, int] = field(default_factory=dict)
    _charts: int = 0

    def names(self) -> dict[str, Any]:
        """What templates can use: helpers, and the facts of town and period."""
        facts = self.material.facts
        date = facts.period_facts.report_date
        functions: list[Callable[..., str]] = [
            self.tell,
            self.ref,
            self.zeros,
            self.project_counts,
            self.projects,
            self.duties,
            self.text,
            self.counts,
            self.zero_counts,
            self.problems,
            self.measures,
            self.chart,
        ]
        names = {
            "town": facts.town.name,
            "county": facts.town.county,
            "addressee": facts.town.addressee,
            "signature": facts.town.signature,
            "period": facts.period.label,
            "quarter": facts.period.quarter,
            "report_date": f"{date.year}年{date.month}月{date.day}日",
        }
        optional = {"document_number": facts.period_facts.document_number, "issuer": facts.period_facts.issuer}
        return {
            **{function.__name__: function for function in functions},
            **{key: self.marks_for(Name(value)) for key, value in names.items()},
            **{key: self.marks_for(Name(value)) if value else None for key, value in optional.items()},
            "whole_year": facts.period.whole_year,
            "shared": self.material.shared,
        }

    def marks_for(self, name: Name) -> "_Lazy":
        """A fact as a name span, marked anew in each chapter that uses it."""
        return _Lazy(self, name)

    def left_out(self) -> list[str]:
        """The codes valid in the period that no template has told."""
        return [
            i.code for i in self.material.scheme.in_year(self.material.facts.period.year) if i.code not in self.told
        ]

    # ---- what templates call -------------------------------------------------------------------------------------

    def tell(self, code: str, lead: str = "", **words: str) -> str:
        """The primary telling of a row: its clause by kind and state, without the full stop."""
        indicator = self._valid(code)
        if indicator is None:
            self._pass_over(code)
            return ""
        self._count(code)
        if indicator.kind in ("zero", "status"):
            self._known(words)
        match indicator.kind:
            case "target":
                spans = self._target(indicator, lead, words)
            case "ratio":
                if lead:
                    raise TellingError("比率指标没有前导语", "请用 whole 和 part 分别写分母和分子的前导语")
                spans = self._ratio(indicator, words)
            case "count":
                spans = self._counted(indicator, CountWords(lead, **self._known(words, "none")))
            case "fact":
                spans = fact_clause(self.material.numbers(code), CountWords(lead, **self._known(words, "none")))
            case "zero":
                spans = joined(zero_sentences([(lead or indicator.name, self.material.numbers(code))]), "。")
            case "status":
                spans = self._duties([code])
            case _:
                raise self._other_kind(indicator, "tell")
        return self._put(spans)

    def ref(self, code: str, role: str = "actual") -> str:
        """A figure told elsewhere, again: `actual`, `target` or `base`; the same figure, with the same source."""
        indicator = self._valid(code, *NUMERIC_KINDS)
        if role not in ("actual", "target", "base"):
            raise TellingError(f"没有“{role}”这种数字", "请用 actual、target 或 base")
        if indicator is None:
            return ""
        if role == "target" and indicator.kind != "target":
            kind = KIND_NAMES[indicator.kind]
            raise TellingError(
                f"{code}（{indicator.name}）是{kind}类指标，没有可以再提的目标数", "请改用 actual 或 base"
            )
        numbers = self.material.numbers(code)
        if getattr(numbers.row, role) is None:
            return self._put([Gap(f"〔数据待{numbers.row.department}补报〕", code, numbers.row.department)])
        figure: Figure = getattr(numbers, role)
        return self._put([figure])

    def zeros(self, **leads: str) -> str:
        """Several zero commitments: the broken first, then the kept together; with full stops."""
        rows = []
        for code, lead in leads.items():
            indicator = self._valid(code, "zero")
            if indicator is None:
                continue
            self._count(code)
            rows.append((lead or indicator.name, self.material.numbers(code)))
        return "".join(self._put(sentence) + "。" for sentence in zero_sentences(rows))

    def project_counts(self, code: str) -> str:
        """How many projects a row has, and how far they are: `共6个，其中已完成3个，在建2个，未开工1个`."""
        if self._valid(code, "project") is None:
            return ""
        projects = self.material.projects_of(code)
        if not projects:
            department = self.material.by_code[code].department
            return self._put([Gap(f"〔个数待{department}补报〕", code, department)])
        return self._put(project_counts_clause(projects))

    def projects(self, code: str) -> str:
        """The projects of a row, a paragraph each."""
        if self._valid(code, "project") is None:
            return ""
        self._count(code)
        projects = self.material.projects_of(code)
        if not projects:
            row = self.material.by_code[code]
            return self._put([Gap(f"〔项目情况待{row.department}补报〕", code, row.department)])
        period = self.material.facts.period
        return "\n\n".join(self._put(project_clause(project, period)) + "。" for project in projects)

    def duties(self, *codes: str) -> str:
        """Several duties: those on time together, the late and the undone one by one; with full stops."""
        valid = [code for code in codes if self._valid(code, "status") is not None]
        for code in valid:
            self._count(code)
        return self._put(self._duties(valid)) + "。"

    def text(self, code: str) -> str:
        """The department's own paragraphs of a text row, each a paragraph."""
        indicator = self._valid(code, "text")
        if indicator is None:
            return ""
        self._count(code)
        words = self.material.words_of(code)
        if not words:
            return self._put([Gap(f"〔{indicator.name}待{indicator.owner}补报〕", code, indicator.owner)])
        return "\n\n".join(self._put([Quotation(p.text, p.source, p.department)]) for p in words)

    def counts(self) -> str:
        """How many rows were assessed, and how they came out; the numbers add up."""
        return self._put(counts_clause(self.material))

    def zero_counts(self) -> str:
        """How many zero commitments there are, and how many were kept."""
        return self._put(zero_counts_clause(self.material))

    def problems(self, code: str) -> str:
        """The problems found by rule and told by departments, merged, heaviest first; a paragraph each."""
        self._for_words(code, "problems")
        self._count(code)
        sentences = told_problems(self.material, self.words)
        if not sentences:
            return "未发现突出问题。"
        return "\n\n".join(self._put(sentence) for sentence in sentences)

    def measures(self, code: str) -> str:
        """The measures, grouped by theme under headings; problems without one are kept for the editor."""
        self._for_words(code, "measures")
        self._count(code)
        themes, self.unanswered = measures_by_theme(self.material, self.words)
        pieces = []
        for heading, sentences in themes:
            pieces.append(f"## {self._put(heading)}")
            pieces += [self._put(sentence) for sentence in sentences]
        return "\n\n".join(pieces) or "各项工作按年度计划继续推进。"

    def chart(self, kind: str, most: int | None = None, *codes: str) -> str:
        """A chart of `CHARTS`, a block of its own; nothing where there is nothing to draw."""
        if kind not in CHARTS:
            raise TellingError(f"没有“{kind}”这种图", f"可用的图：{'、'.join(CHARTS)}")
        if codes and not CHARTS[kind].by_code:
            raise TellingError(f"“{kind}”图不能指定指标", "请去掉编码")
        places = self.material.scheme.report.places
        for code in codes:
            if (indicator := self._valid(code)) is not None and indicator.breakdown != places:
                raise TellingError(f"{code}（{indicator.name}）没有按{places}分项", f"请改为按{places}分项的指标的编码")
        chart = chart_of(kind, self.material, most, codes)
        if chart is None:
            return ""
        self._charts += 1
        return self.marks.put_chart(replace(chart, title=say(Name(f"图{self._charts}"), "\u3000", chart.title)))

    # ---- kinds ---------------------------------------------------------------------------------------------------

    def _target(self, indicator: Indicator, lead: str, words: Mapping[str, str]) -> Spans:
        numbers = self.material.numbers(indicator.code)
        chosen = TargetWords(lead, **self._known(words, "target", "rate", "name"))
        self.words[indicator.code] = chosen
        parts = self._parts(numbers, indicator.code)
        return target_clause(numbers, chosen, self._turn("target"), self._facts(indicator.code, lead), parts)

    def _counted(self, indicator: Indicator, words: CountWords) -> Spans:
        numbers = self.material.numbers(indicator.code)
        average: Spans = ()
        if indicator.average and indicator.told_with:
            average = average_clause(numbers, self.material.by_code.get(indicator.told_with), indicator.average)
        facts = self._facts(indicator.code, words.lead)
        clause = count_clause(numbers, words, self._turn("count"), facts, average)
        return joined([clause, self._parts(numbers, indicator.code)], "；")

    def _ratio(self, indicator: Indicator, words: Mapping[str, str]) -> Spans:
        whole = indicator.whole or ""
        self._count(whole)
        chosen = RatioWords(**self._known(words, "whole", "part", "rate", "none"))
        self.words[indicator.code] = chosen
        numbers, whole_numbers = self.material.numbers(indicator.code), self.material.numbers(whole)
        parts = self._parts(whole_numbers, whole)
        return ratio_clause(numbers, whole_numbers, chosen, self._turn("ratio"), parts)

    def _parts(self, numbers: Numbers, code: str) -> Spans:
        return parts_clause(numbers, self.material.parts_of(code), self.material.scheme.report.places)

    def _duties(self, codes: list[str]) -> Spans:
        duties = self.material.duties_by_code
        return joined(duty_sentences([(self.material.scheme[code], duties[code]) for code in codes]), "。")

    def _facts(self, code: str, lead: str) -> dict[str, Spans]:
        """The rows that are told inside another's sentence: `为党龄满{G22}的{}党员过政治生日`."""
        facts: dict[str, Spans] = {}
        for indicator in self.material.scheme.in_year(self.material.facts.period.year):
            if indicator.told_with == code and f"{{{indicator.code}}}" in lead:
                self._count(indicator.code)
                numbers = self.material.numbers(indicator.code)
                missing = Gap(f"〔数据待{numbers.row.department}补报〕", indicator.code, numbers.row.department)
                facts[indicator.code] = say(numbers.actual if numbers.row.actual is not None else missing)
        return facts

    # ---- bookkeeping ---------------------------------------------------------------------------------------------

    def _valid(self, code: str, *kinds: str) -> Indicator | None:
        """The indicator, if the scheme asks for it in the period; `kinds` are those that the helper can tell."""
        indicator = self.material.scheme.by_code.get(code)
        if indicator is None:
            raise TellingError(f"没有编码为“{code}”的指标", "请改为 scheme/indicators.csv 中有的编码")
        if kinds and indicator.kind not in kinds:
            raise self._other_kind(indicator, "、".join(sorted({HELPER_OF[kind] for kind in kinds})))
        return indicator if indicator.valid_in(self.material.facts.period.year) else None

    def _for_words(self, code: str, of: str) -> None:
        """See that a row is the one to which departments write problems, or measures: no other's words would be told."""
        self._valid(code, "text")
        own: str = getattr(self.material.scheme.report, of)
        if code != own:
            known = f"scheme/report.toml 的 {of} 写的是“{own}”"
            raise TellingError(f'{of}("{code}") 与方案不一致：{known}', "请把两处写成同一个编码")

    def _count(self, code: str) -> None:
        if code in self.told:
            raise TellingError(
                f"{code}（{self.material.scheme[code].name}）已在 {self.told[code]} 中讲过", "重复提到时请用 ref"
            )
        self.told[code] = self.place

    def _other_kind(self, indicator: Indicator, wrong: str) -> TellingError:
        kind = KIND_NAMES[indicator.kind]
        return TellingError(
            f"{indicator.code}（{indicator.name}）是{kind}类指标，这里要的是 {wrong} 能讲的",
            f"请用 {HELPER_OF[indicator.kind]}",
        )

    def _known(self, words: Mapping[str, str], *known: str) -> dict[str, str]:
        for key in words:
            if key not in known:
                listed = f"可用的参数：{'、'.join(known)}" if known else "这一类指标只有前导语，没有其他参数"
                raise TellingError(f"没有“{key}”这个参数", listed)
        return dict(words)

    def _turn(self, kind: str) -> int:
        """Equal wordings take turns, so that neighbouring sentences differ; the same every time."""
        self._turns[kind] = self._turns.get(kind, -1) + 1
        return self._turns[kind]

    def _pass_over(self, code: str) -> None:
        """An internal row takes its turn in the edition to share too: the sentences behind it read the same in both."""
        indicator = self.material.scheme[code]
        if self.material.shared and indicator.internal:
            self._turn(indicator.kind)

    def _put(self, spans: "Spans | list[Span]") -> str:
        self.gaps += [span for span in spans if isinstance(span, Gap)]
        return self.marks.put(spans)


@dataclass(frozen=True)
class _Lazy:
    """A name that is marked when a template prints it, in the chapter that it is printed in."""

    helpers: Helpers
    name: Name

    def __str__(self) -> str:
        return self.helpers.marks.put([self.name])
