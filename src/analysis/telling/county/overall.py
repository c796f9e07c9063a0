"""The county at a glance: who is in the totals, what came out, who is first and last, who lies far from the others."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from analysis.figures.county.returned import LEFT_OUT
from analysis.figures.county.spread import Rank, Spread, outliers, ranked, spread_of
from analysis.figures.model import reference
from analysis.figures.printed import rate_text
from analysis.telling.county.material import CountyMaterial
from analysis.telling.county.sources import listed_in
from analysis.telling.county.townships import NAMED, TownWords, counted, named, own_figures
from analysis.telling.spans import Figure, Name, Spans, say
from analysis.telling.summary import ORDER
from analysis.telling.wording.words import joined, listed


def towns_clause(material: CountyMaterial) -> Spans:
    """`应汇总乡镇5个，已汇总4个，未上报1个（丁镇）`; those left out on purpose are told apart: `未汇总1个（丙镇）`."""
    total, missing = len(material.names_of_towns), material.missing
    told = [say("应汇总乡镇", counted(material, total, "towns", "县内应汇总的乡镇数"))]
    if not missing:
        return joined([*told, say("已全部汇总")])
    told.append(say("已汇总", counted(material, total - len(missing), "rolled_up", "已汇总的乡镇数")))
    for state, towns in material.missing_by_state.items():
        role, formula = ("left_out", "本次没有汇总的乡镇数") if state == LEFT_OUT else ("missing", "没有数据的乡镇数")
        told.append(say(state, counted(material, len(towns), role, formula), "（", named(material, towns), "）"))
    return joined(told)


def outcomes_clause(material: CountyMaterial) -> Spans:
    """`承担考核指标合计300项，其中完成270项，未完成20项，无法评价10项`, added up over the townships."""
    outcomes: Counter[str] = Counter()
    for standing in material.rolled.standings.values():
        for (outcome, _), number in standing.items():
            outcomes[outcome] += number
    if not outcomes:
        return say("没有列入考核的指标")
    told = [
        say(outcome, _rows(material, outcomes[outcome], f"outcome.{outcome}", f"结果为“{outcome}”的"))
        for outcome in ORDER
        if outcomes[outcome]
    ]
    total = _rows(material, sum(outcomes.values()), "assessed", "列入考核的")
    return say("承担考核指标", total, "，其中", joined(told))


def _rows(material: CountyMaterial, number: int, role: str, what: str) -> Figure:
    formula = f"各乡镇{what}指标数相加，逐个乡镇列在附件的排名表"
    return counted(material, number, role, formula, unit="项")


def gaps_clause(material: CountyMaterial) -> Spans:
    """`有缺数的乡镇1个（丁镇），共缺3项；有审核错误待更正的乡镇1个（丁镇）`; empty where nothing is owed.

    An edition to share says of errors neither how many nor whose: they may be of rows that it leaves out.
    """
    owed = [(town, code) for code, towns in material.rolled.missing.items() for town in towns]
    told = []
    if owed:
        some = {town for town, _ in owed}
        towns = counted(material, len(some), "owing", "有缺数的乡镇数")
        names = named(material, [town for town in material.names_of_towns if town in some])
        number = counted(material, len(owed), "gaps", "各乡镇未上报的指标数相加", unit="项")
        told.append(say("有缺数的乡镇", towns, "（", names, "），共缺", number))
    unclean = [row for row in material.returned if row.departments and not row.clean]
    if unclean and material.shared:
        told.append(say("有审核错误待更正"))
    elif unclean:
        number = counted(material, len(unclean), "unclean", "有审核错误还没有更正或豁免的乡镇数")
        told.append(say("有审核错误待更正的乡镇", number, "（", named(material, [row.town for row in unclean]), "）"))
    return joined(told, "；")


def ranking_clause(material: CountyMaterial, most: int) -> Spans:
    """The first and the last by completion, each with its figures; townships that tie are told together."""
    ranks = ranked(material.rolled.standings)
    if not ranks:
        return say("没有可以排名的乡镇")
    if len({rank.share for rank in ranks}) == 1:
        every = "各乡镇均为" if len(ranks) > 1 else "为"
        return say("考核指标完成比例", every, share_figure(material, ranks[0]))
    told = [say("考核指标完成比例居前的是", _places(material, ranks[: _whole(ranks, most)]))]
    told.append(say("居后的是", _places(material, ranks[_whole(ranks, most) :][-most:])))
    return joined(told, "；")


def _whole(ranks: list[Rank], most: int) -> int:
    """Where the first `most` places end, so that townships that tie are not parted; the last place is never among them."""
    fitting = [rank for rank in ranks if rank.place <= most and rank.place != ranks[-1].place]
    return len(fitting)


def _places(material: CountyMaterial, ranks: list[Rank]) -> Spans:
    shares = list(dict.fromkeys(rank.share for rank in ranks))
    told = []
    for share in shares:
        tied = [rank for rank in ranks if rank.share == share]
        if len(tied) > NAMED:
            told.append(
                say(named(material, [rank.town for rank in tied]), "（均为", share_figure(material, tied[0]), "）")
            )
            continue
        told += [
            say(
                Name(material.names_of_towns[rank.town]),
                "（考核",
                rank_figure(material, rank, "assessed"),
                "，完成",
                rank_figure(material, rank, "done"),
                "，占",
                share_figure(material, rank),
                "）",
            )
            for rank in tied
        ]
    return listed(told, last="、")


RANK_FORMULAS = {
    "assessed": "列入考核的指标数，未到期、未下达目标、不适用和无此类事项的不计",
    "done": "其中完成的指标数；不足一年时含达到序时进度和控制数以内的",
    "not_reported": "其中未上报的指标数，不计入完成",
}


def rank_figure(material: CountyMaterial, rank: Rank, name: str, unit: str = "项") -> Figure:
    """A number of a township's rows: assessed, done, not reported."""
    number = getattr(rank, name)
    item = material.names_of_towns[rank.town]
    source = reference(material.contributions, item, "结果")
    return Figure(str(number), unit, "", f"rank.{name}", Fraction(number), (source,), RANK_FORMULAS[name], item)


def share_figure(material: CountyMaterial, rank: Rank) -> Figure:
    """The share that a township is ranked by."""
    text = rate_text(rank.share) or f"{rank.done}/{rank.assessed}"
    item = material.names_of_towns[rank.town]
    source = reference(material.contributions, item, "结果")
    formula = f"{rank.done} ÷ {rank.assessed} × 100%"
    return Figure(text, "", "", "rank.share", rank.share, (source,), formula, item)


def outliers_of(material: CountyMaterial) -> Iterator[tuple[str, Spread, list[str]]]:
    """By indicator its spread and its outliers, of targets and ratios that have any."""
    for indicator in material.scheme.in_year(material.facts.period.year):
        rates = material.rolled.rates.get(indicator.code, {})
        if indicator.direction == "down" and indicator.kind == "target":
            continue
        spread = spread_of(rates.values())
        if spread is not None and (found := outliers(rates)):
            yield indicator.code, spread, found


def outliers_clauses(material: CountyMaterial, most: int) -> list[Spans]:
    """A clause an indicator: which townships lie outside, with their figures, and where the middle half lies."""
    found, small = [], 0
    for code, spread, towns in outliers_of(material):
        large = [town for town in towns if not is_small(material, code, town)]
        small += not large
        if large:
            found.append((code, spread, large))
    if not found and not small:
        enough = any(spread_of(rates.values()) for rates in material.rolled.rates.values())
        return [say("未发现明显偏离其他乡镇的完成率" if enough else "已汇总的乡镇较少，不作离群判断")]
    told = []
    for code, spread, towns in found[:most]:
        indicator = material.scheme[code]
        words = TownWords() if indicator.kind == "target" else TownWords("比率", "")
        rate = words.rate
        shown = towns[:NAMED]
        each = [
            say(Name(material.names_of_towns[town]), "（", own_figures(material, indicator, words, town), "）")
            for town in shown
        ]
        many = (
            say("等", counted(material, len(towns), "outliers", "离群的乡镇数", code), "乡镇")
            if len(towns) > NAMED
            else ()
        )
        middle = say(f"，中间半数乡镇的{rate}", middle_half(material, code, spread))
        told.append(say(Name(indicator.name), "：", listed(each, last="、"), many, middle))
    if rest := len(found[most:]) + small:
        number = counted(material, rest, "more_outliers", "其余有离群乡镇的指标数", unit="项")
        told.append(say("其余", number, "指标的离群情况" if found[most:] else "指标的基数较小，离群情况", "见附件"))
    return told


def middle_half(material: CountyMaterial, code: str, spread: Spread) -> Spans:
    """Where the middle half of the townships lies: `在95.0%至102.0%之间`, or `均为100.0%`."""
    first, third = quartile(material, code, spread, "first"), quartile(material, code, spread, "third")
    return say("均为", first) if first.number == third.number else say("在", first, "至", third, "之间")


def is_small(material: CountyMaterial, code: str, town: str) -> bool:
    """Whether a township's rate is of so small a target or whole that one case more moves it far."""
    indicator = material.scheme[code]
    against = material.details[town, code].figures.get("target" if indicator.kind == "target" else "whole")
    return against is not None and against < indicator.smallest_base


QUARTILES = {
    "lowest": "最低",
    "first": "下四分位",
    "median": "中位数",
    "third": "上四分位",
    "highest": "最高",
}


def quartile(material: CountyMaterial, code: str, spread: Spread, name: str) -> Figure:
    """One of the five numbers of a spread, as a rate."""
    value = getattr(spread, name)
    text = rate_text(value) or f"{value.numerator}/{value.denominator}"
    formula = f"{spread.towns}个乡镇完成率（比率）的{QUARTILES[name]}"
    source = listed_in(material, code, "完成数")
    return Figure(text, "", code, f"spread.{name}", value, (source,), formula)
