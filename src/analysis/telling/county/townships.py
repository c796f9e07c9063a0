"""What a sentence says of the townships behind a total: how many met it, which did not, who is highest and lowest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.figures.completion import State
from analysis.figures.county.contributions import Detail
from analysis.figures.county.returned import LEFT_OUT
from analysis.figures.county.spread import Extremes, extremes
from analysis.figures.exact import amount, plain
from analysis.figures.printed import rate_text
from analysis.scheme import Indicator
from analysis.telling.county.material import MOST_EXTREME, CountyMaterial
from analysis.telling.county.sources import cell_of, listed_in
from analysis.telling.spans import Chapter, Figure, Name, Paragraph, Spans, Text, say
from analysis.telling.wording.words import joined, listed

NAMED = 5
"""Townships that a sentence names; of more the first are named, and how many there are."""
RETURNED, ROLLED_UP = "已上报的", "已汇总的"
"""Whose total it is: of all that returned, or of fewer on purpose."""
REACHED: dict[str, tuple[State, ...]] = {
    "达到目标": ("exceeded", "met", "over_ceiling"),
    "达到序时进度": ("on_track",),
    "在控制数以内": ("within",),
}
SHORT: dict[str, tuple[State, ...]] = {
    "未达到目标": ("missed",),
    "落后序时进度": ("behind",),
    "未达目标率": ("under_rate",),
}
REST: dict[str, tuple[State, ...]] = {
    "未到期": ("not_due",),
    "未下达目标": ("no_target",),
    "无此类事项": ("no_cases",),
    "不作评价": ("not_meaningful", "reported", "above_whole"),
}


def counted(material: CountyMaterial, number: int, role: str, formula: str, code: str = "", unit: str = "个") -> Figure:
    """A number of townships or of rows as a figure; of an indicator it leads to the list of contributions."""
    sources = (listed_in(material, code, "完成情况"),) if code else ()
    return Figure(str(number), unit, code, f"count.{role}", Fraction(number), sources, formula)


def towns_of(material: CountyMaterial, code: str, states: Iterable[str]) -> list[str]:
    """The townships in some states of an indicator, in the order of the report."""
    found = {town for state in states for town in material.rolled.found.get((code, state), ())}
    return [town for town in material.names_of_towns if town in found]


def named(material: CountyMaterial, towns: Sequence[str], code: str = "") -> Spans:
    """Townships by name: 甲镇、乙镇; of many the first and how many: 甲镇、乙镇、丙镇等12个乡镇."""
    names = [Name(material.names_of_towns[town]) for town in towns]
    if len(names) <= NAMED:
        return listed(names, last="、")
    number = counted(material, len(names), "named", "所列乡镇数", code)
    return say(listed(names[: NAMED - 2], last="、"), "等", number, "乡镇")


def of_whom(material: CountyMaterial, code: str) -> Spans:
    """Whose total it is, before the sentence: nothing where it is the whole county's, else `已上报的4个乡镇`."""
    without = material.without(code)
    if not without:
        return ()
    number = counted(material, len(material.names_of_towns) - len(without), "in_total", "有这项数的乡镇数", code)
    if without == material.missing:
        return say(all_in(material), number, "乡镇")
    return say(number, "乡镇（缺", named(material, without, code), "）")


def all_in(material: CountyMaterial) -> str:
    """What the townships are called that are in the totals, where others are not."""
    return ROLLED_UP if LEFT_OUT in material.missing_by_state else RETURNED


def read_on(chapter: Chapter) -> Chapter:
    """A chapter whose paragraphs name the townships of their totals at the first sentence and where they change."""
    blocks = (
        replace(block, spans=_once(block.spans)) if isinstance(block, Paragraph) else block for block in chapter.blocks
    )
    return replace(chapter, blocks=tuple(blocks))


def _once(spans: Spans) -> Spans:
    """The spans of a paragraph without `已上报的4个乡镇` where the sentence before was of the same."""
    kept = list(spans)
    same = False
    for place, span in enumerate(spans):
        if not isinstance(span, Figure) or span.role != "count.in_total":
            continue
        before, after = (kept[near] if 0 <= near < len(kept) else None for near in (place - 1, place + 1))
        if not (isinstance(before, Text) and before.text.endswith((RETURNED, ROLLED_UP)) and isinstance(after, Text)):
            same = False
        elif same:
            kept[place - 1] = Text(before.text.removesuffix(RETURNED).removesuffix(ROLLED_UP))
            kept[place] = Text("")
            kept[place + 1] = Text(after.text.removeprefix("乡镇"))
        else:
            same = True
    return tuple(span for span in kept if span.text)


def standing(material: CountyMaterial, indicator: Indicator) -> Spans:
    """`5个乡镇中，达到目标3个，未达到目标2个（甲镇、乙镇）`; the numbers add up."""
    code = indicator.code
    total = material.total(code)
    if indicator.kind == "ratio" and not total.aimed.towns:
        return ()
    towns = total.reported.towns
    groups = [(word, states, False) for word, states in REACHED.items()]
    groups += [(word, states, True) for word, states in SHORT.items()]
    groups += [(word, states, False) for word, states in REST.items()]
    return split(material, code, towns, groups)


def split(
    material: CountyMaterial, code: str, towns: int, groups: Iterable[tuple[str, Iterable[State], bool]]
) -> Spans:
    """How a number of townships is split by state; a group that is to be named is told with its townships' names."""
    total = material.total(code)
    told = []
    for word, states, by_name in groups:
        number = sum(total.states[state] for state in states)
        if not number:
            continue
        inner: Spans = ()
        if by_name:
            inner = say("（", named(material, towns_of(material, code, states), code), "）")
        if number == towns:
            all_of_them = counted(material, towns, "reported", "有这项数的乡镇数", code)
            every = "均" if towns > 1 else ""
            return say(all_of_them, f"乡镇{every}{word}", *([inner] if len(inner) and towns == 1 else []))
        role = "+".join(states)
        told.append(say(word, counted(material, number, role, f"完成情况为“{word}”的乡镇数", code), inner))
    return joined([say(counted(material, towns, "reported", "有这项数的乡镇数", code), "乡镇中"), *told])


@dataclass(frozen=True, slots=True)
class TownWords:
    """What a township's own figures are called: its rate, and before its actual."""

    rate: str = "完成率"
    actual: str = "完成"


def ends(material: CountyMaterial, indicator: Indicator, words: TownWords) -> Spans:
    """`完成率最高的是甲镇（完成120万元，目标100万元，完成率120.0%），最低的是…`; nothing where all print the same rate."""
    rates = material.rolled.rates.get(indicator.code, {})
    if indicator.direction == "down" and indicator.kind == "target":
        return ()  # the rate of a limit says little; who exceeded it is named
    if material.total(indicator.code).states["not_due"]:
        return ()  # who does not have to be done yet is neither first nor last
    found: Extremes = extremes(rates)
    if not found.highest or rate_text(rates[found.highest[0]]) == rate_text(rates[found.lowest[0]]):
        return ()
    rate = words.rate
    highest = _end(material, indicator, words, found.highest)
    lowest = _end(material, indicator, words, found.lowest)
    told = [say(rate, "最高的是", highest)] if highest else []
    told += [say("最低的是" if told else f"{rate}最低的是", lowest)] if lowest else []
    return joined(told)


def _end(material: CountyMaterial, indicator: Indicator, words: TownWords, towns: Sequence[str]) -> Spans:
    if len(towns) > MOST_EXTREME:
        text = rate_text(material.rolled.rates[indicator.code][towns[0]], _thresholds(material, indicator, None))
        if text is None:
            return ()
        source = (listed_in(material, indicator.code, "完成数"),)
        value = material.rolled.rates[indicator.code][towns[0]]
        figure = Figure(text, "", indicator.code, "town.rate", value, source, "各自的完成数 ÷ 目标（分母）× 100%")
        return say(named(material, towns, indicator.code), "（均为", figure, "）")
    each = [
        say(Name(material.names_of_towns[town]), "（", own_figures(material, indicator, words, town), "）")
        for town in towns
    ]
    return listed(each, last="、")


def own_figures(material: CountyMaterial, indicator: Indicator, words: TownWords, town: str) -> Spans:
    """A township's own figures: `完成120万元，目标100万元，完成率120.0%`; `化解77起，本年新增77起，上年结转5起，化解率93.9%`."""
    detail = material.details[town, indicator.code]
    told = [say(words.actual, own(material, indicator, detail, "actual"))]
    against = "target" if indicator.kind == "target" else "whole"
    carried = detail.figures.get("carried")
    word = "目标" if against == "target" else "本年新增" if carried else "总数"
    told.append(say(word, own(material, indicator, detail, against)))
    if carried:
        told.append(say("上年结转", own(material, indicator, detail, "carried")))
    if figure := own_rate(material, indicator, detail):
        told.append(say(words.rate, figure))
    return joined(told)


def own(material: CountyMaterial, indicator: Indicator, detail: Detail, name: str, role: str = "town") -> Figure:
    """A township's own figure with its cell, in the indicator's unit; a table prints the unit in a column of its own."""
    number = detail.figures[name]
    sources = (cell_of(material, detail.town, detail.cells[name]),) if name in detail.cells else ()
    item = material.names_of_towns[detail.town]
    unit = (indicator.unit or "") if role == "town" else ""
    formula = "" if sources else "乡镇报告所用的数"
    return Figure(amount(number), unit, indicator.code, f"{role}.{name}", Fraction(number), sources, formula, item)


def own_rate(material: CountyMaterial, indicator: Indicator, detail: Detail, role: str = "town") -> Figure | None:
    """A township's own rate or share; None where none can be printed that would be true."""
    assert detail.rate is not None
    text = rate_text(detail.rate, _thresholds(material, indicator, detail))
    if text is None:
        return None
    names = ("actual", "target") if indicator.kind == "target" else ("actual", "whole", "carried")
    sources = tuple(cell_of(material, detail.town, detail.cells[name]) for name in names if name in detail.cells)
    item = material.names_of_towns[detail.town]
    return Figure(text, "", indicator.code, f"{role}.rate", detail.rate, sources, _formula(indicator, detail), item)


def _formula(indicator: Indicator, detail: Detail) -> str:
    figures = detail.figures
    if indicator.kind == "ratio":
        whole = plain(figures["whole"])
        whole = f"({whole} + {plain(figures['carried'])})" if figures.get("carried") else whole
        return f"{plain(figures['actual'])} ÷ {whole} × 100%"
    if indicator.direction == "down":
        return f"按{plain(figures['actual'])}与控制数{plain(figures['target'])}计算"
    return f"{plain(figures['actual'])} ÷ {plain(figures['target'])} × 100%"


def _thresholds(material: CountyMaterial, indicator: Indicator, detail: Detail | None) -> list[Fraction]:
    """Rates on whose right side a township's rate is printed: the time progress, its target rate."""
    found = [] if material.facts.period.whole_year else [material.facts.period.time_progress]
    if indicator.kind == "ratio":
        found = [Fraction(detail.figures["target"]) / 100] if detail and "target" in detail.figures else []
    return found
