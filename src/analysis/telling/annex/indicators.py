"""The annex's tables of indicators: each with its figures, rate, change, state and cell."""

from decimal import Decimal
from fractions import Fraction

from analysis.figures.completion import STATE_NAMES
from analysis.figures.exact import amount, grouped, plain
from analysis.figures.model import Assessment, referred
from analysis.figures.printed import points_text, rate_text
from analysis.scheme import Indicator
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Gap, Name, Spans, Table, say
from analysis.telling.wording.numbers import Numbers

NONE: Spans = (Name("—"),)
"""What a cell holds that has nothing to show."""
HEADS = ("编码", "指标", "单位", "目标", "完成数", "完成率", "上年同期", "同比", "完成情况", "来源")
WIDTHS = (5, 17, 6, 9, 10, 8, 9, 10, 9, 22)
NUMERIC = frozenset({3, 4, 5, 6, 7})


def indicator_table(material: Material, chapter: str) -> Table:
    """The rows of a chapter of the scheme."""
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
        target = say(
            figure_cell(row.target, "target", row, row.target_source, "%" if indicator.kind == "ratio" else "")
        )
    actual: Spans = (Gap("待补报", row.code, row.department),)
    if row.actual is not None:
        actual = say(figure_cell(row.actual, "actual", row, row.actual_source))
    base = say(figure_cell(row.base, "base", row, row.base_source)) if row.base is not None else NONE
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
    assert row.actual is not None
    if indicator.kind == "ratio" and row.whole is not None:
        whole = f"({plain(row.whole)} + {plain(row.carried)})" if row.carried else plain(row.whole)
        return f"{plain(row.actual)} ÷ {whole} × 100%"
    assert row.target is not None
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
    assert row.actual is not None and base is not None
    formula = f"({plain(row.actual)} − {plain(base)}) ÷ {plain(base)} × 100%"
    return say(Figure(sign + text, "", row.code, "table.change", exact, found, formula))


def figure_cell(number: Decimal, role: str, row: Assessment, source: str | None, unit: str = "") -> Figure:
    """A figure of an indicator, as it was returned."""
    text = grouped(amount(number))
    return Figure(text, unit, row.code, f"table.{role}", Fraction(number), (source,) if source else ())
