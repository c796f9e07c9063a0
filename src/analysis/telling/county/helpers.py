"""The helpers that a chapter of the county's report may call: those of a township's report, telling totals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from analysis.figures.county.assessed import of_basis
from analysis.figures.model import Assessment
from analysis.scheme import Indicator
from analysis.scheme.models import NUMERIC_KINDS
from analysis.telling.county.clauses import DUTY_STATES, broken_clause, fact_range, framed, on_time_clause, whole_of
from analysis.telling.county.material import CountyMaterial
from analysis.telling.county.overall import gaps_clause, outcomes_clause, outliers_clauses, ranking_clause, towns_clause
from analysis.telling.county.sources import listed_in
from analysis.telling.county.townships import TownWords, ends, of_whom, split, standing
from analysis.telling.helpers import Helpers, TellingError
from analysis.telling.pictures import CHARTS, chart_of
from analysis.telling.spans import Figure, Gap, Name, Spans, say
from analysis.telling.wording.count import CountWords, average_clause, count_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.ratio import RatioWords, ratio_clause
from analysis.telling.wording.target import TargetWords, target_clause
from analysis.telling.wording.words import joined, led
from analysis.telling.wording.zero import zero_sentences

PICTURES = ("completion", "changes")
"""The charts that totals have; lines over the years are of townships, whose number may differ by year."""


@dataclass
class CountyHelpers(Helpers):
    """The helpers of one county's report, and what they have told."""

    material: CountyMaterial

    def names(self) -> dict[str, Any]:
        """What templates can use."""
        names = super().names()
        for name in ("town", "text", "zero_counts", "problems", "measures", "project_counts"):
            del names[name]
        functions: list[Callable[..., str]] = [self.towns, self.ranking, self.outliers, self.owing]
        return {**names, **{function.__name__: function for function in functions}}

    def left_out(self) -> list[str]:
        """The codes valid in the period that no template has told; paragraphs are the townships' own."""
        return [code for code in super().left_out() if self.material.scheme[code].kind != "text"]

    # ---- what templates call -------------------------------------------------------------------------------------

    def tell(self, code: str, lead: str = "", **words: str) -> str:
        """The primary telling of a row: its total, then its townships, without the full stop."""
        indicator = self._valid(code)
        if indicator is None:
            self._pass_over(code)
            return ""
        if indicator.kind in ("zero", "status", "project"):
            self._known(words)
            told = self.zeros(**{code: lead}) if indicator.kind == "zero" else self.duties(code)
            return told.removesuffix("。")
        if indicator.kind not in NUMERIC_KINDS:
            raise self._other_kind(indicator, "tell")
        self._count(code)
        if indicator.kind == "ratio":
            if lead:
                raise TellingError("比率指标没有前导语", "请用 whole 和 part 分别写分母和分子的前导语")
            self._count(indicator.whole or "")
        if not self.material.total(code).reported.towns:
            return self._put(
                led(lead or words.get("part") or indicator.name, Gap("〔数据待各乡镇补报〕", code, "各乡镇"))
            )
        match indicator.kind:
            case "target":
                spans = self._of_target(indicator, TargetWords(lead, **self._known(words, "target", "rate", "name")))
            case "ratio":
                spans = self._of_ratio(indicator, RatioWords(**self._known(words, "whole", "part", "rate", "none")))
            case "fact":
                spans = fact_range(self.material, indicator, CountWords(lead, **self._known(words, "none")))
            case _:
                spans = self._of_count(indicator, CountWords(lead, **self._known(words, "none")))
        return self._put(say(of_whom(self.material, code), spans))

    def zeros(self, **leads: str) -> str:
        """Several zero commitments: the broken first with their townships, then the kept together; with full stops."""
        kept: dict[tuple[str, ...], list[tuple[str, Numbers]]] = {}
        broken = []
        for code, lead in leads.items():
            indicator = self._valid(code, "zero")
            if indicator is None:
                continue
            self._count(code)
            numbers, name = self.material.numbers(code), lead or indicator.name
            if numbers.row.state == "broken":
                broken.append(say(of_whom(self.material, code), broken_clause(self.material, name, numbers)))
            elif numbers.row.state == "kept":
                kept.setdefault(self.material.without(code), []).append((name, numbers))
            else:
                broken.append(say(name, Gap("〔数据待各乡镇补报〕", code, "各乡镇")))
        sentences = [
            *broken,
            *(
                say(of_whom(self.material, rows[0][1].row.code), clause)
                for rows in kept.values()
                for clause in zero_sentences(rows)
            ),
        ]
        return "".join(self._put(sentence) + "。" for sentence in sentences)

    def duties(self, *codes: str) -> str:
        """Several duties or rows of projects: how many townships are how far; with full stops."""
        material = self.material
        on_time: dict[tuple[str, ...], list[Indicator]] = {}
        others = []
        for code in codes:
            indicator = self._valid(code, "status", "project")
            if indicator is None:
                continue
            self._count(code)
            total = material.total(code)
            towns = total.asked - total.states["not_reported"]
            if not towns:
                others.append(say(indicator.name, Gap("〔数据待各乡镇补报〕", code, "各乡镇")))
            elif total.states["done"] == towns:
                on_time.setdefault(material.without(code), []).append(indicator)
            else:
                by = "按各乡镇进度最慢的项目计，" if indicator.kind == "project" else "，"
                told = split(material, code, towns, DUTY_STATES)
                others.append(say(Name(indicator.name), by, *framed(self.material, code, told)))
        together = [on_time_clause(self.material, rows) for rows in on_time.values()]
        return "".join(self._put(sentence) + "。" for sentence in (*others, *together))

    def projects(self, code: str) -> str:
        """The projects of a row: how far each township's slowest is; with a full stop."""
        return self.duties(code)

    def counts(self) -> str:
        """How many rows the townships were assessed on, and how they came out; the numbers add up."""
        return self._put(outcomes_clause(self.material))

    def towns(self) -> str:
        """How many townships have to be in the totals, how many are, and which are missing."""
        return self._put(towns_clause(self.material))

    def owing(self) -> str:
        """What the townships that returned still owe; empty where they owe nothing."""
        return self._put(gaps_clause(self.material))

    def ranking(self, most: int = 3) -> str:
        """The first and the last townships by what they have done of what they are assessed on."""
        return self._put(ranking_clause(self.material, most))

    def outliers(self, most: int = 8) -> str:
        """The townships whose rate lies far from the others', a paragraph each; the rest stands in the annex."""
        return "\n\n".join(self._put(clause) + "。" for clause in outliers_clauses(self.material, most))

    def chart(self, kind: str, most: int | None = None, *codes: str) -> str:
        """A chart of the totals, a block of its own: `completion` or `changes`; nothing where there is nothing to draw."""
        if codes:
            raise TellingError(f"“{kind}”图不能指定指标", "请去掉编码")
        if kind not in PICTURES or kind not in CHARTS:
            raise TellingError(f"没有“{kind}”这种图", f"可用的图：{'、'.join(PICTURES)}")
        basis = {"completion": "aimed", "changes": "compared"}[kind]
        rows = [self._part_or_all(row, basis) for row in self.material.assessments]
        chart = chart_of(kind, replace(self.material, assessments=rows), most)
        if chart is None:
            return ""
        self._charts += 1
        whole = not self.material.missing and not self.material.rolled.missing
        title = say(
            Name(f"图{self._charts}"), "\u3000乡镇合计", "" if whole else "（缺数的乡镇不计）", "：", chart.title
        )
        return self.marks.put_chart(replace(chart, title=title))

    # ---- kinds ---------------------------------------------------------------------------------------------------

    def _of_target(self, indicator: Indicator, words: TargetWords) -> Spans:
        material, code = self.material, indicator.code
        turn = self._turn("target")
        row = self._full(indicator)
        total = material.total(code)
        if total.aimed.towns in (0, total.reported.towns):
            told = target_clause(self._numbers(row), words, turn)
        else:  # without a target for all, the rate is of those that have one
            told = count_clause(self._numbers(row), CountWords(words.lead), turn)
            part = replace(self._part(indicator, "aimed"), change_state="not_compared", change=None)
            clause = target_clause(self._numbers(part), words, 2)
            told = joined([told, say("下达目标的", self._towns(code, "aimed"), "乡镇", clause)], "；")
        by_town = [standing(material, indicator), ends(material, indicator, TownWords(words.rate))]
        return joined([told, self._compared(indicator, words.lead), *by_town], "；")

    def _of_count(self, indicator: Indicator, words: CountWords) -> Spans:
        material, row = self.material, self._full(indicator)
        average: Spans = ()
        per = material.by_code.get(indicator.told_with or "")
        if indicator.average and per is not None and material.without(indicator.code) == material.without(per.code):
            average = average_clause(self._numbers(row), per, indicator.average)
        told = count_clause(self._numbers(row), words, self._turn("count"), None, average)
        return joined([told, self._compared(indicator, words.lead)], "；")

    def _of_ratio(self, indicator: Indicator, words: RatioWords) -> Spans:
        material, row = self.material, self._full(indicator)
        told = ratio_clause(self._numbers(row), whole_of(self.material, row), words, self._turn("ratio"))
        basis = self.material.total(indicator.code).compared.towns
        part: Spans = ()
        if 0 < basis < material.total(indicator.code).reported.towns:
            partial = self._part(indicator, "compared")
            clause = ratio_clause(self._numbers(partial), whole_of(self.material, partial), words, 0)
            part = say("有上年同期数的", self._towns(indicator.code, "compared"), "乡镇", clause)
        by_town = [standing(material, indicator), ends(material, indicator, TownWords(words.rate, words.part))]
        return joined([told, part, *by_town], "；")

    # ---- sets of townships ---------------------------------------------------------------------------------------

    def _full(self, indicator: Indicator) -> Assessment:
        """The assessment over all that returned; where only some have a base, the change is told of these."""
        row, total = self.material.by_code[indicator.code], self.material.total(indicator.code)
        if 0 < total.compared.towns < total.reported.towns:
            row = replace(row, change_state="not_compared", change=None)
        if 0 < total.aimed.towns < total.reported.towns and indicator.kind == "target":
            row = replace(row, state="reported", outcome=None)
        return row

    def _part_or_all(self, row: Assessment, name: str) -> Assessment:
        """A row over those townships that a chart can draw: with a target, or with a base."""
        total, indicator = self.material.total(row.code), self.material.scheme[row.code]
        towns = getattr(total, name).towns
        if indicator.kind not in ("target", "count") or towns in (0, total.reported.towns):
            return row
        return self._part(indicator, name)

    def _part(self, indicator: Indicator, name: str) -> Assessment:
        material, total = self.material, self.material.total(indicator.code)
        basis = getattr(total, name)
        return of_basis(material.scheme, indicator, material.facts.period, total, basis, name)

    def _compared(self, indicator: Indicator, lead: str) -> Spans:
        """The change over those townships that have a base, where not all have one."""
        total = self.material.total(indicator.code)
        if not 0 < total.compared.towns < total.reported.towns or not indicator.compare:
            return ()
        part = self._numbers(replace(self._part(indicator, "compared"), target=None))
        clause = count_clause(part, CountWords(lead), 0)
        return say("有上年同期数的", self._towns(indicator.code, "compared"), "乡镇", clause)

    def _numbers(self, row: Assessment) -> Numbers:
        return self.material.numbers_of(row)

    def _list(self, code: str) -> str:
        return listed_in(self.material, code, "完成数")

    def _towns(self, code: str, name: str) -> Figure:
        total = self.material.total(code)
        number = getattr(total, name).towns
        formula = {"aimed": "有目标的乡镇数", "compared": "有上年同期数的乡镇数"}[name]
        return Figure(str(number), "个", code, f"count.{name}", None, (self._list(code),), formula)
