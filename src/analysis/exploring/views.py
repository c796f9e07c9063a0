"""The views: an indicator over the years, a department's rows with its findings, an indicator by village."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from analysis.exploring.data import Data
from analysis.exploring.series import figures_over_years, series_chart
from analysis.exploring.view import View
from analysis.exploring.words import sentence_of, share_text
from analysis.figures.completion import STATE_NAMES
from analysis.figures.exact import amount, typed
from analysis.figures.model import Assessment, reference
from analysis.figures.receipts.model import SEVERITY_NAMES, severities_told
from analysis.scheme import Indicator
from analysis.scheme.models import KIND_NAMES
from analysis.telling.annex import HEADS, indicator_row
from analysis.telling.pictures import chart_of
from analysis.telling.spans import text_of

NONE = "—"


def indicator_over_years(data: Data, code: str) -> View:
    """An indicator over the years, of a ratio its share too; always the same months.

    Last year's figure is what this year's return says it was, as in the report. Years before a change of definition
    are in the table and not in the chart.

    Raises:
        ValueError: in Chinese, where the period has no such indicator, or it has no figure.
    """
    indicator = _numeric(data, code)
    rows = figures_over_years(data.material, indicator)
    table = pd.DataFrame(
        {
            "年份": [row.year for row in rows],
            f"数（{indicator.unit}）": [None if row.number is None else typed(row.number) for row in rows],
            **(
                {"比率": [NONE if row.share is None else share_text(row.share) for row in rows]}
                if indicator.whole
                else {}
            ),
            "来源": [row.source or NONE for row in rows],
            "说明": [row.remark for row in rows],
        }
    )
    return View(
        title=f"{code} {indicator.name}：历年",
        sentences=(sentence_of(data.material, code),),
        tables={"历年": table},
        chart=series_chart(data.material, indicator, rows),
    )


def department_rows(data: Data, department: str) -> View:
    """A department's rows as the annex prints them, with the findings on its return and the problems found by rule.

    Raises:
        ValueError: in Chinese, where the scheme has no such department.
    """
    material = data.material
    if department not in (known := [each.name for each in material.scheme.departments]):
        raise ValueError(f"没有部门“{department}”，有：{'、'.join(known)}")
    rows = [row for row in material.assessments if row.department == department]
    period = material.facts.period
    return View(
        title=f"{department}：{period.label}",
        sentences=(_submitted(data, department),),
        tables={
            "有数字的指标": _figures(data, [row for row in rows if material.scheme[row.code].numeric]),
            "项目、履职和文字": _others(data, [row for row in rows if not material.scheme[row.code].numeric]),
            "审核问题": _findings(data, department),
            "存在的问题": _problems(data, department),
        },
        chart=chart_of("completion", replace(material, assessments=rows)),
        time_progress=None if period.whole_year else float(period.time_progress),
    )


def by_village(data: Data, code: str) -> View:
    """An indicator that is returned by village: amounts, shares of the total, cells.

    Raises:
        ValueError: in Chinese, where the indicator is not returned by village.
    """
    indicator, material = data.indicator(code), data.material
    places = material.scheme.report.places
    if code not in (known := village_codes(data)):
        listed = f"按{places}分解的指标有：{'、'.join(known)}" if known else f"本期没有按{places}分解的指标"
        raise ValueError(f"{code}（{indicator.name}）不按{places}分解；{listed}")
    order = {village: number for number, village in enumerate(material.facts.town.villages)}
    parts = sorted(material.parts_of(code), key=lambda part: order.get(part.item, len(order)))
    known_amounts = [part.amount for part in parts if part.amount is not None]
    total, told = sum(known_amounts, Decimal(0)), material.by_code[code].actual
    table = pd.DataFrame(
        {
            places: [part.item for part in parts],
            f"数（{indicator.unit}）": [None if part.amount is None else typed(part.amount) for part in parts],
            "占合计": [_share_of(part.amount, total) for part in parts],
            "来源": [part.source for part in parts],
        }
    )
    sentences = [sentence_of(material, code)]
    if parts and told is not None and told != total:
        sentences.append(
            f"各{places}合计{amount(total)}{indicator.unit}，与完成数{amount(told)}{indicator.unit}不一致。"
        )
    chart = chart_of("villages", material, codes=[code])
    return View(
        title=f"{code} {indicator.name}：分{places}",
        sentences=tuple(sentences),
        tables={f"分{places}": table},
        chart=chart,
    )


def village_codes(data: Data) -> list[str]:
    """The codes of the period's indicators that are returned by village."""
    scheme = data.material.scheme
    asked = scheme.in_year(data.material.facts.period.year)
    return [indicator.code for indicator in asked if indicator.breakdown == scheme.report.places]


def numeric_codes(data: Data) -> list[str]:
    """The codes of the period's indicators that have a figure."""
    return [row.code for row in data.material.assessments if data.material.scheme[row.code].numeric]


def _numeric(data: Data, code: str) -> Indicator:
    indicator = data.indicator(code)
    if not indicator.numeric:
        raise ValueError(f"{code}（{indicator.name}）是{KIND_NAMES[indicator.kind]}类，没有数字")
    return indicator


def _share_of(part: Decimal | None, total: Decimal) -> str:
    return NONE if part is None or total <= 0 else share_text(Fraction(part) / Fraction(total))


def _submitted(data: Data, department: str) -> str:
    """`已上报（财政所.xlsx），错误0条，疑问1条，提示0条。`"""
    row = data.submissions[data.submissions["department"] == department].iloc[0]
    file = "" if pd.isna(row["file"]) else f"（{row['file']}）"
    found = data.findings.loc[data.findings["department"] == department, "severity"].value_counts()
    counts = "，".join(
        f"{name}{found.get(severity, 0)}条" for severity, name in severities_told(set(found.index)).items()
    )
    return f"{row['state']}{file}，{counts}。"


def _figures(data: Data, rows: Sequence[Assessment]) -> pd.DataFrame:
    """The rows as the annex prints them."""
    told = [indicator_row(data.material, data.material.scheme[row.code], row) for row in rows]
    return pd.DataFrame([[text_of(cell) for cell in cells] for cells in told], columns=list(HEADS))


def _others(data: Data, rows: Sequence[Assessment]) -> pd.DataFrame:
    scheme = data.material.scheme
    told = [
        (row.code, scheme[row.code].name, KIND_NAMES[scheme[row.code].kind], STATE_NAMES[row.state]) for row in rows
    ]
    return pd.DataFrame(told, columns=["编码", "名称", "类别", "完成情况"])


def _findings(data: Data, department: str) -> pd.DataFrame:
    found = data.findings[data.findings["department"] == department].astype(object)
    rows = [
        (
            SEVERITY_NAMES[row["severity"]],
            NONE if pd.isna(row["code"]) else row["code"],
            row["item"] or NONE,
            (reference(row["file"], row["sheet"], row["cell"]) if row["cell"] else row["file"]) or NONE,
            row["message"],
            row["remedy"],
        )
        for row in found.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["轻重", "编码", "分项或项目", "位置", "问题", "怎么办"])


def _problems(data: Data, department: str) -> pd.DataFrame:
    scheme = data.material.scheme
    rows = [
        (found.name, found.item or scheme[found.code].name, found.figures, found.reason or NONE, found.measure or NONE)
        for found in data.material.problems
        if found.department == department
    ]
    return pd.DataFrame(rows, columns=["名称", "指标或项目", "数字", "原因", "措施"])
