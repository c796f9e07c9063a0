"""What a blank return tells who fills it in: of each sheet on the first one, of a cell where it is selected."""

from collections.abc import Iterator, Mapping, Sequence

from analysis.intake.exact import plain_number
from analysis.intake.instructions import Listed
from analysis.intake.layout import SHEETS, SUM_ROW
from analysis.scheme import Indicator, Period, Scheme

CHANGE = "change_unexplained"
"""The check whose bound says from which change on an explanation is owed."""
BEHIND = "missed_unexplained"
"""The check whose bound says how far behind the time progress an explanation is owed."""
ABOUT_SUM = "与“分项”表的合计一致。"
ABOUT_CARRIED = "上年受理、本年才办结的件数；没有的填0。"
ABOUT_PROGRESS = "填0至100，如完成六成填60。"
ABOUT_MONTHS: Mapping[str, str] = {
    "planned_month": "计划完成的月份",
    "finished_month": "实际完成的月份，没有完成的空着",
    "used_month": "投入使用的月份，没有投用的空着",
}
ABOUT_CODE = "已经填好；自己增加的段落可以空着，但要选类别。"
ABOUT_ANSWERS = "写审核回执上的问题编码，或者写问题的名称；不是针对某个问题的空着。"
COUNTS = "〇一两三四五六七八九十"
"""How many, not which: 两位小数."""


def guidance(scheme: Scheme, period: Period, asked: Mapping[str, Sequence[Indicator]]) -> list[Listed]:
    """Say of each sheet that a department gets what is asked there and how it is filled in.

    Args:
        scheme: for the bound of a change that is to be explained.
        period: the form's.
        asked: by table, the indicators that have rows there; a table without any has no sheet.
    """
    told = {
        "indicator": (_figures_asked, _figures_how),
        "part": (_parts_asked, _parts_how),
        "project": (_projects_asked, _projects_how),
        "duty": (_duties_asked, _duties_how),
        "text": (_texts_asked, _texts_how),
    }
    listed = []
    for sheet in SHEETS:
        rows = asked.get(sheet.table, ())
        if rows:
            say, how = told[sheet.table]
            listed.append(Listed(sheet.title, say(rows), tuple(how(rows, scheme, period))))
    return listed


def _figures_asked(rows: Sequence[Indicator]) -> str:
    return f"{len(rows)}项指标：填完成数，核对上年同期数，该说明的写说明"


def _explained(scheme: Scheme, period: Period) -> Iterator[str]:
    """What a department explains: a target that was missed, in a part of a year one that lags, and a large change."""
    behind, change = (scheme.checks_by_code.get(code) for code in (BEHIND, CHANGE))
    if period.whole_year:
        yield "没有完成目标"
    else:
        bound = f"超过{plain_number(behind.value)}个百分点" if behind is not None and behind.value else ""
        yield f"落后序时进度{bound}"
    if change is not None and change.value:
        yield f"与上年{'' if period.whole_year else '同期'}相比变动超过{plain_number(change.value)}%"


def _figures_how(rows: Sequence[Indicator], scheme: Scheme, period: Period) -> Iterator[str]:
    months = period.months or "全年"
    yield f"完成数填{months}累计数，没有发生的填0；还没有统计出来的空着，不要填0。"
    decimals: dict[int, list[str]] = {}
    for row in rows:
        units = decimals.setdefault(row.expected_decimals, [])
        if row.unit and row.unit not in units:
            units.append(row.unit)
    finer = [
        f"{'、'.join(units)}最多{COUNTS[places]}位小数" for places, units in sorted(decimals.items()) if places > 0
    ]
    whole = "其余为整数" if 0 in decimals else ""
    kinds = "，".join([*finer, whole] if whole and finer else finer or ["填整数"])
    yield f"数字不带单位、逗号和“约”“多”等字；{kinds}。"
    if any(row.kind == "ratio" for row in rows):
        examples = scheme.report.ratio_examples
        yield f"{examples}{'等' if examples else ''}比率指标的目标任务数是目标比率（%），完成数填件数、人数，不填比率。"
    if any(row.has_base for row in rows):
        yield "上年同期数已按上年上报数填好的，请核实，有改动的在说明中写明原因；空着的请补填。"
    yield f"{'、'.join(_explained(scheme, period))}的，在说明中写明原因；超额较多的也请说明。说明写成一句话，句末不加句号。"
    if any(row.carried_over for row in rows):
        yield "上年结转数只在可以填的行填：上年受理、本年才办结的件数。"


def _parts_asked(rows: Sequence[Indicator]) -> str:
    ways = "、".join(dict.fromkeys(row.breakdown for row in rows if row.breakdown))
    return f"{len(rows)}项指标按{ways}分列的完成数"


def _parts_how(_rows: Sequence[Indicator], _scheme: Scheme, _period: Period) -> Iterator[str]:
    yield (
        f"分项一行填一个，用不上的行空着；“{SUM_ROW}”行自动相加，并显示与“指标”表是否一致，不用填。"
        "行数不够的，撤销工作表保护（没有密码），在本组中间插入行，编码照上一行填写。"
    )


def _projects_asked(_rows: Sequence[Indicator]) -> str:
    return "项目的阶段、形象进度、月份、投资等；目标任务书上的项目已经列出，其他项目填在空行"


def _projects_how(_rows: Sequence[Indicator], _scheme: Scheme, period: Period) -> Iterator[str]:
    yield f"月份写成 {period.year}-09 的样子；形象进度填0至100；项目没有开工或者晚于计划的，写明原因。"


def _duties_asked(rows: Sequence[Indicator]) -> str:
    return f"{len(rows)}项履职事项：选完成情况，该说明的写说明"


def _duties_how(_rows: Sequence[Indicator], _scheme: Scheme, _period: Period) -> Iterator[str]:
    yield "完成情况从下拉列表中选；逾期完成和未完成的，在说明中写明原因和补救措施。"


def _texts_asked(_rows: Sequence[Indicator]) -> str:
    return "工作情况、存在的问题、下一步措施，一段一行"


def _texts_how(_rows: Sequence[Indicator], _scheme: Scheme, _period: Period) -> Iterator[str]:
    yield (
        "文字材料一段一行，用不上的行空着；写做法和成效，指标表中已填的数不必重复；下一步措施针对某个问题的，在“对应问题”中写审核回执上的问题编码，"
        "或者写问题的名称。"
    )
