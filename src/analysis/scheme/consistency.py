"""Whether the scheme contradicts itself: references to nothing, relations in a circle, rules that can never hold."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from analysis.scheme.models import EVERY_DEPARTMENT, Department, Indicator, Relation, Theme
from analysis.scheme.problems import SchemeProblem
from analysis.scheme.report import PROJECT_FIGURES

INDICATORS = "scheme/indicators.csv"
DEPARTMENTS = "scheme/departments.csv"
RELATIONS = "scheme/relations.csv"
REMEDY_OF_BOUNDS = "请改正各指标的 lower、upper，或删去这条关系"


def contradictions(
    indicators: Sequence[Indicator],
    departments: Sequence[Department],
    relations: Sequence[Relation],
    themes: Sequence[Theme],
    rows: Mapping[str, Mapping[str, int]],
) -> Iterator[SchemeProblem]:
    """Find what is wrong between the rows of the scheme.

    Args:
        indicators: the indicators, as their table orders them.
        departments: the departments.
        relations: the relations between figures.
        themes: the themes of measures by section.
        rows: by table and key, the row number as Excel counts it.

    Yields:
        A problem for each contradiction.
    """
    by_code = {indicator.code: indicator for indicator in indicators}
    yield from _called_alike(departments, rows["departments"])
    names = {department.name for department in departments} | {EVERY_DEPARTMENT}
    for indicator in indicators:
        for column, found, remedy in _references(indicator, by_code, names):
            yield SchemeProblem(INDICATORS, rows["indicators"][indicator.code], column, found, remedy)
        for column, found, remedy in _idle(indicator):
            yield SchemeProblem(INDICATORS, rows["indicators"][indicator.code], column, found, remedy)
    for relation in relations:
        problems = list(_terms(relation, by_code)) or list(_decided(relation, by_code))
        for column, found, remedy in problems:
            yield SchemeProblem(RELATIONS, rows["relations"][relation.name], column, found, remedy)
    yield from _repeated(relations, rows["relations"])
    yield from _circles(relations, rows["relations"])
    sections = {indicator.section for indicator in indicators}
    for theme in themes:
        if theme.section not in sections:
            yield SchemeProblem(
                "scheme/themes.csv",
                rows["themes"][theme.section],
                "section",
                f"没有“{theme.section}”这一节",
                "请改为 indicators.csv 中 section 列的写法",
            )


def _called_alike(departments: Sequence[Department], rows: Mapping[str, int]) -> Iterator[SchemeProblem]:
    """Departments with a name or an alias in common: a return that states it would be taken for the first one's."""
    called: dict[str, str] = {}
    for department in departments:
        for name in dict.fromkeys((department.name, *department.aliases)):
            first = called.setdefault(name, department.name)
            if first != department.name:
                found = f"“{name}”也是{first}的名称或别的叫法"
                yield SchemeProblem(DEPARTMENTS, rows[department.name], "aliases", found, "请只留给其中一个部门")


def _references(
    indicator: Indicator, by_code: Mapping[str, Indicator], departments: set[str]
) -> Iterator[tuple[str, str, str]]:
    for column, owner in (("owner", indicator.owner), ("second_owner", indicator.second_owner)):
        if owner is not None and owner not in departments:
            yield column, f"没有“{owner}”这个部门", "请改为 departments.csv 中的部门，或在那里补上"
    if indicator.second_owner is not None and indicator.second_owner == indicator.owner:
        yield "second_owner", "第二填报部门与责任部门相同", "请删去"
    for column, code in (("whole", indicator.whole), ("told_with", indicator.told_with)):
        if code is None:
            continue
        other = by_code.get(code)
        if other is None:
            yield column, f"没有编码为“{code}”的指标", "请改为 indicators.csv 中有的编码"
        elif code == indicator.code:
            yield column, "指标不能指向自己", "请改为另一指标的编码"
        elif column == "whole":
            yield from _whole(indicator, other)
        if other is not None and other.internal != indicator.internal:  # the two are told in one sentence
            yield "internal", f"与 {code} 一起讲，两行的 internal 应当相同", "请两行都填“是”，或都空着"
    if indicator.small_base is not None and indicator.upper is not None and indicator.small_base > indicator.upper:
        yield (
            "small_base",
            f"小基数 {indicator.small_base} 大于上限 {indicator.upper}，同比永远不会列出",
            "请改小 small_base",
        )
    if indicator.change_bound is not None and indicator.change_bound <= 0:
        yield "change_bound", "变动幅度的界限应当大于零，否则每个变动都要说明", "请填写百分数，如 30"


def _idle(indicator: Indicator) -> Iterator[tuple[str, str, str]]:
    """Rules of a row that can never be found, or never be met."""
    if indicator.upper is not None and indicator.upper < (indicator.lower or 0):
        yield "upper", f"上限 {indicator.upper} 小于 0，没有数能符合", "请改正 upper，或填写更小的 lower"
    if indicator.kind == "zero" and indicator.lower is not None and indicator.lower > 0:
        yield "lower", f"零发生指标的下限是 {indicator.lower}，零发生永远不能成立", "请清空 lower"
    if indicator.strict and indicator.kind != "ratio":
        yield "strict", "strict 只查比率指标的部分是否多于总数，填在这里不起作用", "请清空 strict"
    if indicator.rate_rule is not None and not (indicator.kind == "target" and indicator.direction == "down"):
        yield "rate_rule", "rate_rule 只用于方向为 down 的目标指标，填在这里不起作用", "请清空 rate_rule"
    if indicator.parts and indicator.breakdown is None:
        yield "parts", "没有 breakdown，分项永远不会查", "请填写 breakdown，或清空 parts"
    if indicator.change_bound is not None and (indicator.kind not in ("target", "count") or not indicator.compare):
        yield "change_bound", "这一指标不比较变动幅度，界限不起作用", "请清空 change_bound"
    if indicator.factor is not None and indicator.comparable_since is None:
        yield "factor", "没有 comparable_since，折算系数用不上", "请填写 comparable_since，或清空 factor"
    changed, until = indicator.comparable_since, indicator.until
    if changed is not None and until is not None and changed > until:
        yield "comparable_since", f"口径调整年 {changed} 晚于停用年 until（{until}），永远用不上", "请改正其中一个"


def _whole(indicator: Indicator, whole: Indicator) -> Iterator[tuple[str, str, str]]:
    """Whether a ratio's whole can be divided by."""
    if whole.kind not in ("count", "target"):
        yield "whole", f"分母 {whole.code} 不是数量指标", "请改为 count 或 target 类的指标"
    elif whole.show_unit:
        yield "whole", f"分母 {whole.code} 有 show_unit，与分子的单位不同", "请删去分母的 show_unit"
    elif whole.unit != indicator.unit:
        yield "whole", f"分母 {whole.code} 的单位“{whole.unit}”与分子的“{indicator.unit}”不同", "请统一单位"
    elif whole.upper is not None and indicator.lower is not None and indicator.lower > whole.upper:
        yield (
            "lower",
            f"下限 {indicator.lower} 大于分母 {whole.code} 的上限 {whole.upper}，部分总是多于总数",
            "请改正其中一个",
        )
    elif not _covers(whole, indicator):
        yield "whole", f"有的年份有这一指标而没有分母 {whole.code}", "请统一 since 和 until"


def _covers(whole: Indicator, part: Indicator) -> bool:
    starts = (whole.since or 0) <= (part.since or 0)
    return starts and (whole.until or 9999) >= (part.until or 9999)


def _terms(relation: Relation, by_code: Mapping[str, Indicator]) -> Iterator[tuple[str, str, str]]:
    if relation.relation != "sum" and len(relation.terms) > 1:
        yield "right", "只有 sum 的右边可以有几项", "请把 relation 改为 sum，或只留一项"
    for column, term in (("left", relation.left), *(("right", term) for term in relation.terms)):
        code, _, attribute = term.partition(".")
        indicator = by_code.get(code)
        if indicator is None:
            yield column, f"没有编码为“{code}”的指标", "请改为 indicators.csv 中有的编码"
        elif attribute and (indicator.kind != "project" or attribute not in PROJECT_FIGURES):
            yield (
                column,
                f"“{term}”不是项目的数字",
                f"项目的数字写作 编码.字段，字段为 {'、'.join(PROJECT_FIGURES)} 之一",
            )
        elif not attribute and not indicator.numeric:
            yield column, f"{code} 没有数字，不能进入关系", "请改为有数字的指标"


def _decided(relation: Relation, by_code: Mapping[str, Indicator]) -> Iterator[tuple[str, str, str]]:
    """A relation that the scheme decides before any return comes: it always holds, or never, or is of no year."""
    indicators = [by_code[code] for code in relation.codes]
    first = max(indicator.since or 0 for indicator in indicators)
    last = min(indicator.until or 9999 for indicator in indicators)
    if first > last:
        yield "left", "各项没有一年同时有效，这条关系永远查不到", "请统一各指标的 since 和 until，或删去这条关系"
    if relation.left in relation.terms:
        return  # told as a circle
    low, high = _range(relation.left, by_code)
    lows, highs = zip(*(_range(term, by_code) for term in relation.terms), strict=True)
    least, most = sum(lows, Decimal(0)), None if None in highs else sum(highs, Decimal(0))
    never = most is not None and low > most
    if relation.relation == "at_most":
        if high is not None and high <= least:
            yield "relation", f"左边至多 {high}，右边至少 {least}，这条关系总是成立，什么都查不出", REMEDY_OF_BOUNDS
    elif high is not None and high < least:
        never = True
    if never:
        left, right = (_told_range(low, high), _told_range(least, most))
        yield "relation", f"左边{left}，右边{right}，这条关系永远不能成立", REMEDY_OF_BOUNDS


def _range(term: str, by_code: Mapping[str, Indicator]) -> tuple[Decimal, Decimal | None]:
    """Between which bounds a term's figure lies; what has none is not negative."""
    code, _, attribute = term.partition(".")
    indicator = by_code[code]
    if attribute:
        return Decimal(0), None
    return indicator.lower if indicator.lower is not None else Decimal(0), indicator.upper


def _told_range(low: Decimal, high: Decimal | None) -> str:
    return f"至少 {low}" if high is None else f"在 {low} 至 {high} 之间"


def _repeated(relations: Sequence[Relation], rows: Mapping[str, int]) -> Iterator[SchemeProblem]:
    """Two relations that say the same under two names."""
    seen: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for relation in relations:
        said = (relation.relation, relation.left, tuple(sorted(relation.terms)))
        if said in seen:
            found = f"与第{rows[seen[said]]}行“{seen[said]}”是同一条关系"
            yield SchemeProblem(RELATIONS, rows[relation.name], "right", found, "请删去一行")
        seen.setdefault(said, relation.name)


def _circles(relations: Sequence[Relation], rows: Mapping[str, int]) -> Iterator[SchemeProblem]:
    """Sums and bounds have a direction: a figure that depends on itself can be mended by nobody."""
    graph: dict[str, set[str]] = {}
    for relation in relations:
        left, *right = relation.codes
        graph.setdefault(left, set()).update(right)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        first = next(r for r in relations if r.codes[0] in circle and set(r.codes[1:]) & set(circle))
        yield SchemeProblem(
            RELATIONS, rows[first.name], "right", f"关系绕成一圈：{' → '.join(reversed(circle))}", "请删去其中一条关系"
        )
