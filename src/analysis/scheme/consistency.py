"""Whether the scheme contradicts itself: references to nothing, relations in a circle, rules that can never hold."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from analysis.scheme.models import Department, Indicator, Relation, Theme
from analysis.scheme.problems import SchemeProblem

INDICATORS = "scheme/indicators.csv"
RELATIONS = "scheme/relations.csv"
PROJECT_FIELDS = ("investment", "jobs", "income")
EVERYONE = "各部门"


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
    names = {department.name for department in departments} | {EVERYONE}
    for indicator in indicators:
        for column, found, remedy in _references(indicator, by_code, names):
            yield SchemeProblem(INDICATORS, rows["indicators"][indicator.code], column, found, remedy)
    for relation in relations:
        for column, found, remedy in _terms(relation, by_code):
            yield SchemeProblem(RELATIONS, rows["relations"][relation.name], column, found, remedy)
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
    if indicator.small_base is not None and indicator.upper is not None and indicator.small_base > indicator.upper:
        yield (
            "small_base",
            f"小基数 {indicator.small_base} 大于上限 {indicator.upper}，同比永远不会列出",
            "请改小 small_base",
        )
    if indicator.change_bound is not None and indicator.change_bound <= 0:
        yield "change_bound", "变动幅度的界限应当大于零，否则每个变动都要说明", "请填写百分数，如 30"


def _whole(indicator: Indicator, whole: Indicator) -> Iterator[tuple[str, str, str]]:
    """Whether a ratio's whole can be divided by."""
    if whole.kind not in ("count", "target"):
        yield "whole", f"分母 {whole.code} 不是数量指标", "请改为 count 或 target 类的指标"
    elif whole.show_unit:
        yield "whole", f"分母 {whole.code} 有 show_unit，与分子的单位不同", "请删去分母的 show_unit"
    elif whole.unit != indicator.unit:
        yield "whole", f"分母 {whole.code} 的单位“{whole.unit}”与分子的“{indicator.unit}”不同", "请统一单位"
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
        elif attribute and (indicator.kind != "project" or attribute not in PROJECT_FIELDS):
            yield (
                column,
                f"“{term}”不是项目的数字",
                f"项目的数字写作 编码.字段，字段为 {'、'.join(PROJECT_FIELDS)} 之一",
            )
        elif not attribute and not indicator.numeric:
            yield column, f"{code} 没有数字，不能进入关系", "请改为有数字的指标"


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
