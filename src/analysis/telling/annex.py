"""The annex (附): every indicator with its figures, state and cells; villages; who has returned; unplaced paragraphs."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from analysis.figures.completion import STATE_NAMES
from analysis.figures.exact import amount, grouped, plain
from analysis.figures.model import Assessment, Duty, Project, referred
from analysis.figures.printed import points_text, rate_text
from analysis.scheme import Indicator
from analysis.telling.material import Material
from analysis.telling.spans import Block, Chapter, Figure, Gap, Heading, Name, Paragraph, Quotation, Span, Table, say
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.words import joined
from analysis.telling.wording.works import month_text

Spans = tuple[Span, ...]
HEADS = ("编码", "指标", "单位", "目标", "完成数", "完成率", "上年同期", "同比", "完成情况", "来源")
WIDTHS = (5, 17, 6, 9, 10, 8, 9, 10, 9, 22)
NUMERIC = frozenset({3, 4, 5, 6, 7})
MONEY = {"investment": ("投资（万元）", 11), "jobs": ("带动就业（个）", 12)}
"""The figures of projects that have a column: its head and width."""
NONE: Spans = (Name("—"),)


def annex(material: Material, submissions: pd.DataFrame, told: Iterable[Span] = ()) -> Chapter:
    """The annex as a chapter.

    Args:
        material: what is told.
        submissions: a row a department: `department`, `filled_by`, `filled_on`, `phone`, `errors`, `warnings`, `notes`,
            `state`.
        told: the spans of the chapters; a paragraph that none of them quotes stands here.
    """
    blocks: list[Block] = [Heading(1, say(material.scheme.report.annex), "annex")]
    blocks.append(_how_to_read(material))
    blocks += [_indicators(material, chapter) for chapter in _chapters(material)]
    blocks += [table for table in (_projects(material), _duties(material), _villages(material)) if table is not None]
    blocks.append(_submissions(submissions, material.shared))
    if not material.shared:  # what no chapter has a place for was read by nobody with the public in mind
        blocks += _unplaced(material, {span.source for span in told if isinstance(span, Quotation)})
    return Chapter("annex", tuple(blocks), annex=True)


def _how_to_read(material: Material) -> Paragraph:
    """Of ratios the rate is the share; cases carried over belong to its whole, and stand here for the calculator."""
    carried = [
        say(
            _named(material, row),
            "为",
            _cell(row.carried, "carried", row, row.carried_source, material.scheme[row.code].unit or ""),
        )
        for row in material.assessments
        if row.carried
    ]
    before = [
        say(
            _named(material, row),
            "为",
            _cell(row.base_carried, "base_carried", row, row.base_carried_source, material.scheme[row.code].unit or ""),
        )
        for row in material.assessments
        if row.base_carried
    ]
    told = [say("比率类指标的完成率一栏为比率，同比一栏为两年比率相差的百分点（点）")]
    told += [say("比率的分母含上年结转：", joined(carried, "、"))] if carried else []
    told += [say("上年比率的分母含更早结转：", joined(before, "、"))] if before else []
    told += [_restated(material, row) for row in material.assessments if row.returned_base is not None]
    return Paragraph(say("说明：", joined(told, "；"), "。"))


def _named(material: Material, row: Assessment) -> Name:
    return Name(f"{row.code}{material.scheme[row.code].name}")


def _restated(material: Material, row: Assessment) -> Spans:
    """A base that this year's return states otherwise than last year's did: both, for whoever holds last year's report."""
    unit = material.scheme[row.code].unit or ""
    if row.base is None or row.returned_base is None:
        return ()
    return say(
        _named(material, row),
        "的上年同期数，上年报表为",
        _cell(row.returned_base, "returned_base", row, row.returned_base_source, unit),
        "，本年报表更正为",
        _cell(row.base, "restated_base", row, row.base_source, unit),
    )


def _chapters(material: Material) -> list[str]:
    return list(dict.fromkeys(i.chapter for i in material.scheme.in_year(material.facts.period.year) if i.numeric))


def _indicators(material: Material, chapter: str) -> Table:
    shown = [
        indicator
        for indicator in material.scheme.in_year(material.facts.period.year)
        if indicator.chapter == chapter and indicator.numeric
    ]
    rows = [indicator_row(material, indicator, material.by_code[indicator.code]) for indicator in shown]
    departments = tuple(material.by_code[indicator.code].department for indicator in shown)
    anchor = f"annex-{shown[0].code}"
    return Table(
        f"{chapter}完成情况", HEADS, WIDTHS, tuple(rows), NUMERIC, anchor, HEADS.index("完成情况"), departments
    )


def indicator_row(material: Material, indicator: Indicator, row: Assessment) -> tuple[Spans, ...]:
    """A row of the table of indicators, its cells under `HEADS`."""
    numbers = material.numbers(indicator.code)
    unit = indicator.unit or ""
    target: Spans = NONE
    if row.target is not None:
        target = say(_cell(row.target, "target", row, row.target_source, "%" if indicator.kind == "ratio" else ""))
    actual: Spans = (Gap("待补报", row.code, row.department),)
    if row.actual is not None:
        actual = say(_cell(row.actual, "actual", row, row.actual_source))
    base = say(_cell(row.base, "base", row, row.base_source)) if row.base is not None else NONE
    return (
        (Name(indicator.code),),
        (Name(indicator.name),),
        (Name(unit),),
        target,
        actual,
        _rate(material, indicator, row),
        base,
        _change(numbers, row),
        (Name(STATE_NAMES[row.state]),),
        (Name(_where(row)),),
    )


def _cell(number: Decimal, role: str, row: Assessment, source: str | None, unit: str = "") -> Figure:
    text = grouped(amount(number))
    return Figure(text, unit, row.code, f"table.{role}", Fraction(number), (source,) if source else ())


def _where(row: Assessment) -> str:
    """The cell of the figure, as the office finds it: file, sheet, cell."""
    if row.actual_source is None:
        return "—"
    file, sheet, cell = referred(row.actual_source)
    return f"{file} {sheet} {cell}"


def _rate(material: Material, indicator: Indicator, row: Assessment) -> Spans:
    if row.rate is None or (row.state == "reported" and indicator.kind != "ratio"):
        return NONE
    shown = max(row.rate, Fraction(0)) if indicator.direction == "down" else row.rate
    thresholds = [Fraction(row.target) / 100] if indicator.kind == "ratio" and row.target is not None else []
    if row.state in ("on_track", "behind"):
        thresholds.append(material.facts.period.time_progress)
    moved = row.base_share is not None and row.change_state in ("up", "down")
    # Beside a difference in points a share has the decimals that make the two agree, as in the prose.
    text = points_text(shown, [row.base_share], thresholds).first if moved and row.base_share is not None else None
    text = text or rate_text(shown, thresholds)
    if text is None:
        return (Name("见差额"),)
    found = tuple(s for s in (row.actual_source, row.whole_source, row.carried_source, row.target_source) if s)
    return say(Figure(text, "", row.code, "table.rate", row.rate, found, _rate_formula(indicator, row)))


def _rate_formula(indicator: Indicator, row: Assessment) -> str:
    if row.actual is None:
        return ""
    if indicator.kind == "ratio" and row.whole is not None:
        whole = f"({plain(row.whole)} + {plain(row.carried)})" if row.carried else plain(row.whole)
        return f"{plain(row.actual)} ÷ {whole} × 100%"
    if row.target is None:
        return ""
    if indicator.direction == "down" and indicator.rate_rule == "inverse":
        return f"{plain(row.target)} ÷ {plain(row.actual)} × 100%"
    if indicator.direction == "down":
        return f"(2 − {plain(row.actual)} ÷ {plain(row.target)}) × 100%，低于零时为零"
    return f"{plain(row.actual)} ÷ {plain(row.target)} × 100%"


def _change(numbers: Numbers, row: Assessment) -> Spans:
    indicator, base = numbers.indicator, numbers.comparable_base
    match row.change_state:
        case "flat":
            return (Name("持平"),)
        case "nearly_flat":
            return (Name("基本持平"),)
        case "from_zero":
            return (Name(f"{numbers.last}为零"),)
        case "no_base":  # of a share whose base is known, last year's carried-over cases are not
            return (Name("无同期数" if row.base is None else "不可比"),)
        case "not_comparable":
            return (Name("不可比"),)
        case "up" | "down" if row.change is not None:
            pass
        case _:
            return NONE
    exact = row.change or Fraction(0)
    sign = "+" if exact > 0 else "−"
    found = tuple(s for s in (row.actual_source, row.base_source) if s)
    if indicator.kind == "ratio" and row.rate is not None and row.base_share is not None:
        printed = points_text(row.rate, [row.base_share])
        if printed.differences[0] is None:
            return (Name("见正文"),)
        cells = (row.whole_source, row.carried_source, row.whole_base_source, row.base_carried_source)
        found = (*found, *(s for s in cells if s))
        formula = f"{printed.first} − {printed.others[0]}"
        return say(Figure(sign + printed.differences[0], "点", row.code, "table.points", exact * 100, found, formula))
    text = rate_text(abs(exact))
    if text is None:
        return (Name("见正文"),)
    formula = ""
    if row.actual is not None and base is not None:
        formula = f"({plain(row.actual)} − {plain(base)}) ÷ {plain(base)} × 100%"
    return say(Figure(sign + text, "", row.code, "table.change", exact, found, formula))


def _projects(material: Material) -> Table | None:
    shown = [field for field in MONEY if field in material.scheme.report.project_figures]
    rows = [
        _whole_row(material, project, len(shown))
        if whole
        else (
            (Name(f"{project.code}-{project.number}"),),
            (Name(project.item),),
            (Name(project.place or "—"),),
            (Name(project.stage or "—"),),
            _month(material, project, "planned_month"),
            _month(material, project, "finished_month"),
            *(_money(project, field) for field in shown),
            (Name(STATE_NAMES[project.state]),),
            (Name(f"{project.file} {project.sheet} {project.stage_cell or project.item_cell or ''}"),),
        )
        for whole, project in _with_wholes(material.projects)
    ]
    heads = (
        "编码",
        "项目",
        "地点",
        "阶段",
        "计划完成",
        "实际完成",
        *(MONEY[field][0] for field in shown),
        "完成情况",
        "来源",
    )
    widths = (7, 22, 12, 8, 10, 10, *(MONEY[field][1] for field in shown), 10, 22)
    departments = tuple(project.department for _, project in _with_wholes(material.projects))
    numeric, state = frozenset(range(6, 6 + len(shown))), heads.index("完成情况")
    table = Table("项目进展情况", heads, widths, tuple(rows), numeric, "annex-projects", state, departments)
    return table if rows else None


def _with_wholes(projects: Sequence[Project]) -> list[tuple[bool, Project]]:
    """The projects, and before those of a row its first once more, marked: there the row itself stands, which is counted."""
    rows: list[tuple[bool, Project]] = []
    for project in projects:
        if all(project.code != other.code for _, other in rows):
            rows.append((True, project))
        rows.append((False, project))
    return rows


def _whole_row(material: Material, project: Project, figures: int) -> tuple[Spans, ...]:
    """The row of the scheme that the projects belong to, with the state that the opening counts."""
    name, state = material.scheme[project.code].name, material.by_code[project.code].state
    blank = [NONE] * (4 + figures)
    return ((Name(project.code),), (Name(f"{name}（整体）"),), *blank, (Name(STATE_NAMES[state]),), NONE)


def _month(material: Material, project: Project, field: str) -> Spans:
    month = getattr(project, field)
    if month is None:
        return NONE
    source = project.source(field)
    shown = month_text(month, material.facts.period)
    return say(Figure(shown, "", project.code, f"table.{field}", None, (source,) if source else (), item=project.item))


def _money(project: Project, field: str) -> Spans:
    number = getattr(project, field)
    if number is None:
        return NONE
    source = project.source(field)
    text = grouped(amount(number))
    found = (source,) if source else ()
    return say(Figure(text, "", project.code, f"table.{field}", Fraction(number), found, item=project.item))


def _duties(material: Material) -> Table | None:
    rows = [
        ((Name(duty.code),), (Name(material.scheme[duty.code].name),), (Name(STATE_NAMES[duty.state]),), _note(duty))
        for duty in material.duties
    ]
    heads = ("编码", "事项", "完成情况", "说明")
    departments = tuple(duty.department for duty in material.duties)
    table = Table(
        "履职事项完成情况", heads, (6, 24, 10, 50), tuple(rows), anchor="annex-duties", state=2, departments=departments
    )
    return table if rows else None


def _note(duty: Duty) -> Spans:
    if not duty.note or not duty.note_source:
        return NONE
    return (Quotation(" ".join(duty.note.split()), duty.note_source, duty.department),)


def _villages(material: Material) -> Table | None:
    """A column an indicator that is broken down by village, a row a village."""
    by_village = [
        i
        for i in material.scheme.in_year(material.facts.period.year)
        if i.breakdown == material.scheme.report.places and material.parts_of(i.code)
    ]
    villages = list(
        dict.fromkeys([*material.facts.town.villages, *(p.item for i in by_village for p in material.parts_of(i.code))])
    )
    if not by_village:
        return None
    rows = [((Name(village),), *(_of_village(material, i, village) for i in by_village)) for village in villages]
    heads = (material.scheme.report.places, *(f"{i.name}（{i.unit}）" for i in by_village))
    numeric = frozenset(range(1, len(heads)))
    return Table(
        f"分{heads[0]}完成情况", heads, (10, *(18 for _ in by_village)), tuple(rows), numeric, "annex-villages"
    )


def _of_village(material: Material, indicator: Indicator, village: str) -> Spans:
    parts = [p for p in material.parts_of(indicator.code) if p.item == village and p.amount is not None]
    if not parts or parts[0].amount is None:
        return NONE
    part, number = parts[0], parts[0].amount
    text = grouped(amount(number))
    return say(Figure(text, "", part.code, "table.part", Fraction(number), (part.source,), item=part.item))


def _submissions(submissions: pd.DataFrame, shared: bool) -> Table:
    """Who has returned; to share without the clerks' names, and without counts of internal rows' findings."""
    departments = tuple(str(name) for name in submissions["department"])
    if shared:
        dated = [
            ((Name(str(row["department"])),), (Name(str(row["state"])),), (Name(_or_dash(row["filled_on"])),))
            for row in submissions.to_dict("records")
        ]
        heads: tuple[str, ...] = ("部门", "上报情况", "填报日期")
        return Table("上报情况", heads, (40, 20, 20), tuple(dated), anchor="annex-submissions", departments=departments)
    rows = [
        (
            (Name(str(row["department"])),),
            (Name(str(row["state"])),),
            (Name(_or_dash(row["filled_by"])),),
            (Name(_or_dash(row["filled_on"])),),
            *(
                _count(str(row["department"]), severity, int(row[severity]))
                for severity in ("errors", "warnings", "notes")
            ),
        )
        for row in submissions.to_dict("records")
    ]
    heads = ("部门", "上报情况", "填报人", "填报日期", "错误", "疑问", "提示")
    widths, counts = (24, 12, 12, 14, 8, 8, 8), frozenset({4, 5, 6})
    return Table("上报情况", heads, widths, tuple(rows), counts, "annex-submissions", departments=departments)


def _or_dash(value: object) -> str:
    return "—" if pd.isna(value) or not str(value) else str(value)  # type: ignore[call-overload]


def _count(department: str, severity: str, number: int) -> Spans:
    return say(
        Figure(str(number), "", "", f"submission.{severity}", Fraction(number), (), "审核发现的条数", department)
    )


def _unplaced(material: Material, quoted: set[str]) -> Sequence[Block]:
    """Paragraphs that no chapter quotes, as the departments wrote them: nothing that was sent is lost."""
    own = [paragraph for paragraph in material.paragraphs if paragraph.source not in quoted]
    if not own:
        return []
    told = [Paragraph(say(Name(p.department), "：", Quotation(p.text, p.source, p.department))) for p in own]
    return [Heading(2, say("其他文字材料"), "annex-words"), *told]
