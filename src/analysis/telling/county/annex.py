"""The annex of the county's report: totals, ranking, spread, outliers, who has returned and how clean, what is owed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeVar

from analysis.figures.county.returned import TownReturns
from analysis.figures.county.spread import FENCE, LEAST_DISTANCE, LEAST_TOWNSHIPS, Rank, Spread, ranked, spread_of
from analysis.figures.exact import amount, grouped
from analysis.figures.model import reference
from analysis.scheme import Indicator
from analysis.telling.annex import NONE, indicator_row
from analysis.telling.county.material import CountyMaterial
from analysis.telling.county.overall import (
    QUARTILES,
    is_small,
    middle_half,
    outliers_of,
    quartile,
    rank_figure,
    share_figure,
)
from analysis.telling.county.sources import listed_in
from analysis.telling.county.townships import NAMED, REACHED, SHORT, counted, named, own, own_rate
from analysis.telling.county.years import years_table
from analysis.telling.spans import Block, Chapter, Figure, Heading, Name, Paragraph, Span, Spans, Table, say

T = TypeVar("T")
SEE_PROSE: Spans = (Name("见正文"),)
"""Where only some of the townships have a target or a base: the prose tells it of these, with their figures."""
MOST_ROWS = 120
"""Rows of a table of townships; of more the first and the last stand in the report, and all in the files beside it."""


def county_annex(material: CountyMaterial) -> Chapter:
    """The annex as a chapter."""
    blocks: list[Block] = [Heading(1, say("附件2：汇总明细表"), "annex"), _how_to_read(material)]
    year = material.facts.period.year
    chapters = dict.fromkeys(i.chapter for i in material.scheme.in_year(year) if i.numeric)
    blocks += [_totals(material, chapter) for chapter in chapters]
    tables = (_ranking, _spreads, _outliers, _returned, _owing, years_table)
    blocks += [table for make in tables if (table := make(material)) is not None]
    return Chapter("annex", tuple(blocks), annex=True)


def _how_to_read(material: CountyMaterial) -> Paragraph:
    """The rules that the tables follow, in the reader's words."""
    fence = Figure(plain_fraction(FENCE), "倍", "", "rule.fence", FENCE, (), "本报告采用的离群界限")
    least = Figure(
        plain_fraction(LEAST_DISTANCE * 100),
        "个百分点",
        "",
        "rule.distance",
        LEAST_DISTANCE,
        (),
        "本报告采用的离群界限",
    )
    few = counted(material, LEAST_TOWNSHIPS, "rule.least", "少于这个数不计算")
    return Paragraph(
        say(
            "说明：合计为“乡镇数”一栏所列乡镇的和；完成率和同比由合计数算出，不是各乡镇比率的平均；缺数不作零计。",
            "比率类指标的完成率一栏为比率，同比一栏为两年比率相差的百分点（点）。",
            "排名按完成的指标数占考核指标数的比例，未上报的指标计入考核、不计入完成，比例相同的名次并列，没有汇总的乡镇不列入。",
            "离群指完成率（比率）低于下四分位或高于上四分位，且相差超过四分位距的",
            fence,
            "和",
            least,
            "；不足",
            few,
            "乡镇的不作判断。每个乡镇每项的数和单元格（含以前年度），列在 ",
            Name(material.contributions),
            "。",
        )
    )


def plain_fraction(value: Fraction) -> str:
    """A fraction that a few decimals hold, as text."""
    return f"{float(value):g}"


HEADS = ("编码", "指标", "单位", "乡镇数", "目标", "完成数", "完成率", "上年同期", "同比", "达到", "未达到")
WIDTHS = (5, 17, 6, 7, 11, 12, 8, 11, 9, 6, 7)


def _totals(material: CountyMaterial, chapter: str) -> Table:
    year = material.facts.period.year
    indicators = [i for i in material.scheme.in_year(year) if i.chapter == chapter and i.numeric]
    rows = tuple(_total(material, indicator) for indicator in indicators)
    anchor = f"annex-{indicators[0].code}"
    return Table(f"{chapter}合计", HEADS, WIDTHS, rows, frozenset(range(3, 11)), anchor)


def _total(material: CountyMaterial, indicator: Indicator) -> tuple[Spans, ...]:
    code, total = indicator.code, material.total(indicator.code)
    in_total = counted(material, total.reported.towns, "table.towns", "有这项数的乡镇数", code, "")
    towns = say(in_total, "/", counted(material, len(material.names_of_towns), "table.all", "县内乡镇数", unit=""))
    cells = indicator_row(material, indicator, material.by_code[code])
    figures: tuple[Spans, ...] = cells[3:8]
    if 0 < total.aimed.towns < total.reported.towns and indicator.kind == "target":
        figures = (SEE_PROSE, figures[1], SEE_PROSE, *figures[3:])
    if 0 < total.compared.towns < total.reported.towns and indicator.compare:
        figures = (*figures[:3], SEE_PROSE, SEE_PROSE)
    if indicator.kind == "fact":
        figures = (NONE, _range(material, indicator), NONE, NONE, NONE)
    return (*cells[:3], towns, *figures, _number(material, code, REACHED), _number(material, code, SHORT))


def _range(material: CountyMaterial, indicator: Indicator) -> Spans:
    total, code = material.total(indicator.code), indicator.code
    if total.lowest is None or total.highest is None:
        return NONE
    source = (listed_in(material, code, "完成数"),)
    low, high = (
        Figure(grouped(amount(number)), "", code, f"table.{role}", Fraction(number), source, "不作合计")
        for role, number in (("lowest", total.lowest), ("highest", total.highest))
    )
    return say(low) if total.lowest == total.highest else say(low, "至", high)


def _number(material: CountyMaterial, code: str, groups: Mapping[str, Iterable[str]]) -> Spans:
    """How many townships are in any of the groups' states."""
    states = [state for group in groups.values() for state in group]
    total = material.total(code)
    if not any(total.states[s] for group in (REACHED, SHORT) for of in group.values() for s in of):
        return NONE
    number = sum(total.states[state] for state in states)
    return say(counted(material, number, f"table.{states[0]}", "、".join(groups), code, ""))


def _bounded(rows: list[T], row: Callable[[T], tuple[Spans, ...]], columns: int) -> Iterator[tuple[Spans, ...]]:
    """The rows of a table; of very many the first and the last."""
    if len(rows) <= MOST_ROWS:
        yield from (row(one) for one in rows)
        return
    half = MOST_ROWS // 2
    yield from (row(one) for one in rows[:half])
    yield ((Name("……"),), *(NONE for _ in range(columns - 1)))
    yield from (row(one) for one in rows[-half:])


def _ranking(material: CountyMaterial) -> Table | None:
    ranks = ranked(material.rolled.standings)

    def row(rank: Rank) -> tuple[Spans, ...]:
        item = material.names_of_towns[rank.town]
        formula = "按完成比例由高到低" + ("，比例相同的并列" if rank.tied else "")
        place = Figure(str(rank.place), "", "", "rank.place", Fraction(rank.place), (), formula, item)
        return (
            say(place, "（并列）" if rank.tied else ""),
            (Name(item),),
            *((rank_figure(material, rank, name, ""),) for name in ("assessed", "done", "not_reported")),
            (share_figure(material, rank),),
        )

    heads = ("名次", "乡镇", "考核指标", "完成", "未上报", "完成比例")
    rows = tuple(_bounded(ranks, row, len(heads)))
    widths = (14, 24, 14, 14, 14, 14)
    return Table("乡镇完成情况排名", heads, widths, rows, frozenset({2, 3, 4, 5}), "annex-ranking") if ranks else None


def _spreads(material: CountyMaterial) -> Table | None:
    found: list[tuple[Indicator, Spread]] = []
    for indicator in material.scheme.in_year(material.facts.period.year):
        spread = spread_of(material.rolled.rates.get(indicator.code, {}).values())
        if spread is not None:
            found.append((indicator, spread))
    rows = tuple(
        (
            (Name(indicator.code),),
            (Name(indicator.name),),
            say(counted(material, spread.towns, "spread.towns", "有完成率的乡镇数", indicator.code, "")),
            *((quartile(material, indicator.code, spread, name),) for name in QUARTILES),
        )
        for indicator, spread in found
    )
    heads = ("编码", "指标", "乡镇数", *QUARTILES.values())
    widths = (6, 24, 8, 11, 11, 11, 11, 11)
    return Table("完成率的分布", heads, widths, rows, frozenset(range(2, 8)), "annex-spread") if rows else None


def _outliers(material: CountyMaterial) -> Table | None:
    rows = []
    for code, spread, towns in outliers_of(material):
        indicator = material.scheme[code]
        for town in towns[:MOST_ROWS]:
            detail = material.details[town, code]
            against = "target" if indicator.kind == "target" else "whole"
            rate = own_rate(material, indicator, detail, "outlier")
            rows.append(
                (
                    (Name(material.names_of_towns[town]),),
                    (Name(indicator.name),),
                    (Name(indicator.unit or ""),),
                    *(
                        say(own(material, indicator, detail, name, "outlier")) if name in detail.figures else NONE
                        for name in (against, "actual")
                    ),
                    say(rate) if rate else NONE,
                    middle_half(material, code, spread),
                    (Name("基数较小"),) if is_small(material, code, town) else NONE,
                )
            )
    heads = ("乡镇", "指标", "单位", "目标（总数）", "完成数", "完成率", "中间半数乡镇", "备注")
    widths = (12, 20, 7, 12, 12, 10, 18, 10)
    return Table("离群情况", heads, widths, tuple(rows), frozenset({3, 4, 5}), "annex-outliers") if rows else None


FINDINGS = {
    "errors": ("错误", 8, "审核发现的错误条数"),
    "waived": ("其中豁免", 10, "其中豁免的条数"),
    "warnings": ("疑问", 8, "审核发现的疑问条数"),
}


def _returned(material: CountyMaterial) -> Table:
    # An edition to share has no number of findings: they may be of rows that it leaves out.
    findings = {} if material.shared else FINDINGS
    heads = ("乡镇", "汇总情况", "已报部门", "欠报部门", *(head for head, _, _ in findings.values()))
    widths = (14, 12, 12, 34, *(width for _, width, _ in findings.values()))

    def row(one: TownReturns) -> tuple[Spans, ...]:
        item = material.names_of_towns[one.town]
        if not one.departments:
            return ((Name(item),), (Name(one.state),), *(NONE for _ in heads[2:]))
        source = (reference(f"{item} submission.html", "上报情况", ""),)

        def count(number: int, role: str, formula: str) -> Figure:
            return Figure(str(number), "", "", f"returned.{role}", Fraction(number), source, formula, item)

        return (
            (Name(item),),
            (Name(one.state),),
            say(
                count(one.departments - len(one.owed), "departments", "已上报的部门数"),
                "/",
                count(one.departments, "asked", "应上报的部门数"),
            ),
            _owed(one) if one.owed else NONE,
            *((count(getattr(one, name), name, formula),) for name, (_, _, formula) in findings.items()),
        )

    rows = tuple(_bounded(list(material.returned), row, len(heads)))
    return Table("上报情况", heads, widths, rows, frozenset({2, 4, 5, 6} & set(range(len(heads)))), "annex-returned")


def _owed(one: TownReturns) -> Spans:
    spans: list[str | Span] = []
    for name in one.owed[:NAMED]:
        spans += ["、", Name(name)] if spans else [Name(name)]
    if len(one.owed) > NAMED:
        formula = "没有上报或被退回的部门数"
        more = Figure(str(len(one.owed)), "个", "", "returned.owed", Fraction(len(one.owed)), (), formula, one.town)
        spans += ["等", more, "部门"]
    return say(*spans)


def _owing(material: CountyMaterial) -> Table | None:
    """What the townships that returned still owe, an indicator a row."""
    asked = [i for i in material.scheme.in_year(material.facts.period.year) if material.rolled.missing.get(i.code)]
    if not asked:
        return None

    def row(indicator: Indicator) -> tuple[Spans, ...]:
        missing = set(material.rolled.missing[indicator.code])
        towns = [town for town in material.names_of_towns if town in missing]
        number = counted(material, len(towns), "owing.towns", "没有这项数的乡镇数", indicator.code, "")
        return (
            (Name(indicator.code),),
            (Name(indicator.name),),
            (Name(indicator.owner),),
            (number,),
            named(material, towns, indicator.code),
        )

    rows = tuple(_bounded(asked, row, 5))
    heads = ("编码", "指标", "部门", "乡镇数", "缺数的乡镇")
    return Table("已汇总乡镇的缺数", heads, (6, 22, 20, 8, 40), rows, frozenset({3}), "annex-owing")
