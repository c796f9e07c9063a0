"""The annex's tables, row by row: rates and changes with their formulas, and what is not printed rather than printed wrong."""

from decimal import Decimal
from typing import Any

import pytest

from analysis.figures.assess import assess
from analysis.figures.gather import Returned
from analysis.figures.model import Part
from analysis.intake.frames import Value
from analysis.scheme import Facts, Indicator, Period, PeriodFacts, Scheme, Town
from analysis.telling.annex.indicators import HEADS, indicator_row
from analysis.telling.annex.tables import village_table
from analysis.telling.material import Material
from analysis.telling.spans import Figure, text_of

OWNER = "村镇建设办公室"
WHOLE = {"code": "S03", "kind": "count", "direction": "neutral", "unit": "件", "name": "受理信访件"}


def indicator(**values: Any) -> Indicator:
    row = {"code": "E01", "chapter": "章", "section": "节", "name": "农村改厕", "unit": "座", "owner": OWNER}
    return Indicator(**{**row, "kind": "target", "direction": "up", **values})


def material_of(indicators: list[Indicator], figures: dict[str, dict[str, object]], parts: list[Part]) -> Material:
    scheme = Scheme(tuple(indicators), (), (), (), (), ())
    town = Town(name="青禾镇", county="云川县", addressee="县政府", signature="镇政府", villages=("甲村", "乙村"))
    facts = Facts(town, Period(2021), PeriodFacts(report_date="2022-01-12"), {}, False)
    returned = Returned()
    for code, fields in figures.items():
        returned.rows[code] = {
            name: Value(
                OWNER, "村建办.xlsx", "指标", "F5", "indicator", code, "", 1, name, str(n), Decimal(str(n)), None
            )
            for name, n in fields.items()
        }
    return Material(scheme, facts, assess(scheme, facts, returned, {}), parts, (), (), (), ())


@pytest.mark.parametrize(
    ("values", "figures", "rate", "change"),
    [
        (
            {},
            {"target": 400, "actual": 420, "base": 350},
            "105.0% = 420 ÷ 400 × 100%",
            "+20.0% = (420 − 350) ÷ 350 × 100%",
        ),
        (
            {"direction": "down"},
            {"target": 10, "actual": 8, "base": 8},
            "120.0% = (2 − 8 ÷ 10) × 100%，低于零时为零",
            "持平",
        ),
        (
            {"direction": "down", "rate_rule": "inverse"},
            {"target": 10, "actual": 8, "base": 0},
            "125.0% = 10 ÷ 8 × 100%",
            "上年为零",
        ),
        ({"unit": "万元"}, {"target": 1000000, "actual": "999999.5"}, "见差额", "无同期数"),
        ({"kind": "count"}, {"actual": 1, "base": 10000000}, "—", "见正文"),
        (
            {"kind": "ratio", "whole": "S03", "unit": "件"},
            {"actual": 1, "base": 52},
            "33.3% = 1 ÷ 3 × 100%",
            "见正文",
        ),
    ],
)
def test_a_row_of_the_annex(values: dict[str, Any], figures: dict[str, object], rate: str, change: str) -> None:
    indicators = [indicator(**values), indicator(**WHOLE)]
    material = material_of(indicators, {"E01": figures, "S03": {"actual": 3, "base": 60}}, [])
    cells = dict(zip(HEADS, indicator_row(material, indicators[0], material.by_code["E01"]), strict=True))
    told = []
    for cell in (cells["完成率"], cells["同比"]):
        (span,) = cell
        told.append(f"{span.text} = {span.formula}" if isinstance(span, Figure) else span.text)
    assert told == [rate, change]


def test_a_village_without_its_part_has_a_dash() -> None:
    rows = [indicator(kind="count", breakdown="村")]
    parts = [Part("E01", "甲村", Decimal(3), "[村建办.xlsx]分项!D4"), Part("E01", "乙村", None, "[村建办.xlsx]分项!D5")]
    table = village_table(material_of(rows, {"E01": {"actual": 3}}, parts))
    assert table is not None
    assert [[text_of(cell) for cell in row] for row in table.rows] == [["甲村", "3"], ["乙村", "—"]]
