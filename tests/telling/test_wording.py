"""What is said of an indicator, by kind and state: the exact sentence."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analysis.figures.assess import assess
from analysis.figures.gather import Returned
from analysis.figures.model import Part
from analysis.intake.frames import Value
from analysis.scheme import Facts, Indicator, Period, PeriodFacts, Scheme, Town
from analysis.telling.spans import Figure, text_of
from analysis.telling.wording.count import CountWords, average_clause, count_clause, fact_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.parts import parts_clause
from analysis.telling.wording.ratio import RatioWords, ratio_clause
from analysis.telling.wording.target import TargetWords, target_clause
from analysis.telling.wording.zero import zero_sentences

YEAR, SEPTEMBER = Period(2021), Period(2021, 9)


def indicator(code: str = "E01", **values: Any) -> Indicator:
    base = {
        "code": code,
        "chapter": "高质量发展综合指标",
        "section": "社会经济发展",
        "name": "农村改厕",
        "unit": "座",
        "kind": "target",
        "direction": "up",
        "owner": "村镇建设办公室",
    }
    return Indicator(**{**base, **values})


def value(code: str, field: str, typed: object) -> Value:
    number = typed if isinstance(typed, Decimal) else None
    text = typed if isinstance(typed, str) else None
    return Value(
        "村镇建设办公室",
        "村建办.xlsx",
        "指标",
        f"{field[0].upper()}5",
        "indicator",
        code,
        "",
        1,
        field,
        str(typed),
        number,
        text,
    )


def numbers_of(rows: dict[str, dict[str, object]], indicators: list[Indicator], period: Period) -> dict[str, Numbers]:
    """Assess a few indicators from what stands in their rows; numbers as text, `note` as words."""
    scheme = Scheme(tuple(indicators), (), (), (), (), ())
    town = Town(name="青禾镇", county="云川县", addressee="县政府", signature="镇政府")
    facts = Facts(town, period, PeriodFacts(report_date="2022-01-12"), {}, False)
    returned = Returned()
    for code, fields in rows.items():
        returned.rows[code] = {
            name: value(code, name, typed if name == "note" else Decimal(str(typed)))
            for name, typed in fields.items()
            if typed is not None
        }
    assessed = {row.code: row for row in assess(scheme, facts, returned, {})}
    return {i.code: Numbers(i, assessed[i.code], period) for i in indicators}


def one(period: Period = YEAR, *, target=None, actual=None, base=None, note=None, **scheme: Any) -> Numbers:
    row = {"target": target, "actual": actual, "base": base, "note": note}
    return numbers_of({"E01": row}, [indicator(**scheme)], period)["E01"]


TARGETS: list[tuple[str, dict[str, Any], int, str]] = [
    ("met", {"target": 420, "actual": 420, "base": 420}, 0, "完成农村改厕420座，与上年持平，为年度目标420座的100.0%"),
    (
        "exceeded",
        {"target": 400, "actual": 420, "base": 350},
        0,
        "完成农村改厕420座，同比增长20.0%，为年度目标400座的105.0%，超额20座",
    ),
    (
        "exceeded, second wording",
        {"target": 400, "actual": 420, "base": 350},
        1,
        "农村改厕年度目标400座，实际完成420座，比上年增长20.0%，完成率105.0%，超出目标20座",
    ),
    (
        "exceeded, third wording",
        {"target": 400, "actual": 420, "base": 350},
        2,
        "完成农村改厕420座，同比增长20.0%，年度目标400座，完成率105.0%，超额20座",
    ),
    (
        "missed with a reason",
        {"target": 400, "actual": 380, "base": 400, "note": "部分院落地处陡坡。"},
        0,
        "完成农村改厕380座，同比下降5.0%，为年度目标400座的95.0%，比目标少20座，主要原因是部分院落地处陡坡",
    ),
    (
        "missed, the reason begins with 因",
        {"target": 400, "actual": 380, "note": "因暴雨停工"},
        0,
        "完成农村改厕380座，为年度目标400座的95.0%，无上年同期数，比目标少20座，因暴雨停工",
    ),
    (
        "missed, with a full stop for a reason",
        {"target": 400, "actual": 380, "note": "。"},
        0,
        "完成农村改厕380座，为年度目标400座的95.0%，无上年同期数，比目标少20座",
    ),
    (
        "99.96 % is not 100.0 %",
        {"target": 8000, "actual": "7996.8", "base": 8000, "unit": "米"},
        0,
        "完成农村改厕7996.8米，与上年基本持平，为年度目标8000米的99.96%，比目标少3.2米",
    ),
    (
        "beyond four decimals the shortfall is an amount",
        {"target": 1000000, "actual": "999999.5", "unit": "万元"},
        0,
        "完成农村改厕999999.5万元，年度目标1000000万元，无上年同期数，比目标少0.5万元",
    ),
    (
        "zero target",
        {"target": 0, "actual": 5, "base": 5},
        0,
        "完成农村改厕5座，年度目标为0座，不计算完成率，与上年持平",
    ),
    ("no target", {"actual": 5, "base": 4}, 0, "完成农村改厕5座，未下达年度目标，较上年增加1座"),
    ("not reported", {"target": 5}, 0, "完成农村改厕〔数据待村镇建设办公室补报〕"),
    (
        "over a ceiling, without praise",
        {"target": 8000, "actual": 8200, "base": 8000, "unit": "万元", "ceiling": "是"},
        0,
        "完成农村改厕8200万元，同比增长2.5%，为年度目标8000万元的102.5%，超出目标200万元",
    ),
    (
        "a limit kept",
        {"target": 10, "actual": 8, "base": 12, "unit": "件", "direction": "down"},
        0,
        "完成农村改厕8件，低于控制数（10件）2件，同比下降33.3%",
    ),
    (
        "a limit passed",
        {"target": 10, "actual": 13, "base": 12, "unit": "件", "direction": "down", "note": "辖区新增企业"},
        0,
        "完成农村改厕13件，同比增长8.3%，超出控制数（10件）3件，主要原因是辖区新增企业",
    ),
]


@pytest.mark.parametrize(("fields", "turn", "sentence"), [t[1:] for t in TARGETS], ids=[t[0] for t in TARGETS])
def test_a_target(fields: dict[str, Any], turn: int, sentence: str) -> None:
    assert text_of(target_clause(one(**fields), TargetWords("完成农村改厕"), turn)) == sentence


PARTS_OF_A_YEAR = [
    (
        "on track",
        {"target": 1200, "actual": 900},
        "完成农村改厕900座，为年度目标1200座的75.0%，达到序时进度（75.0%），无上年同期数",
    ),
    (
        "behind",
        {"target": 1200, "actual": 880},
        "完成农村改厕880座，为年度目标1200座的73.3%，无上年同期数，落后序时进度（75.0%）1.7个百分点",
    ),
    (
        "met before time",
        {"target": 1200, "actual": 1260, "base": 1000},
        "完成农村改厕1260座，同比增长26.0%，为年度目标1200座的105.0%，超额60座",
    ),
]


@pytest.mark.parametrize(("fields", "sentence"), [t[1:] for t in PARTS_OF_A_YEAR], ids=[t[0] for t in PARTS_OF_A_YEAR])
def test_a_target_in_september(fields: dict[str, Any], sentence: str) -> None:
    assert text_of(target_clause(one(SEPTEMBER, **fields), TargetWords("完成农村改厕"), 0)) == sentence


def test_behind_is_never_by_nought_points() -> None:
    numbers = one(Period(2021, 11), target=1000, actual="916.6", unit="万元")
    told = text_of(target_clause(numbers, TargetWords("完成投资"), 0))
    assert told == "完成投资916.6万元，为年度目标1000万元的91.66%，无上年同期数，落后序时进度（91.67%）0.01个百分点"


COUNTS: list[tuple[str, dict[str, Any], int, str]] = [
    ("rise", {"actual": 320, "base": 300}, 0, "开展巡查320次，比上年的300次增长6.7%"),
    ("rise, second wording", {"actual": 320, "base": 300}, 1, "开展巡查320次，上年为300次，同比增长6.7%"),
    ("rise, third wording", {"actual": 320, "base": 300}, 2, "农村改厕由上年的300次增至320次，增长6.7%"),
    ("fall, third wording", {"actual": 280, "base": 300}, 2, "农村改厕由上年的300次减至280次，下降6.7%"),
    ("more than doubled", {"actual": 125, "base": 50}, 0, "开展巡查125次，比上年的50次增长150.0%，即增长1.5倍"),
    ("just over doubled", {"actual": 201, "base": 100}, 0, "开展巡查201次，比上年的100次增长101.0%"),
    ("exactly doubled", {"actual": 200, "base": 100}, 0, "开展巡查200次，比上年的100次增长100.0%，即增长1倍"),
    ("almost all gone", {"actual": 4, "base": 10000}, 0, "开展巡查4次，比上年的10000次下降99.96%"),
    ("all gone", {"actual": 0, "base": 80}, 0, "开展巡查0次，比上年的80次下降100.0%"),
    ("flat", {"actual": 300, "base": 300}, 0, "开展巡查300次，与上年持平"),
    ("nearly flat", {"actual": 100001, "base": 100000}, 0, "开展巡查100001次，与上年基本持平"),
    ("small base", {"actual": 3, "base": 2}, 0, "开展巡查3次，较上年增加1次"),
    ("small base, fewer", {"actual": 1, "base": 9}, 0, "开展巡查1次，较上年减少8次"),
    ("from zero", {"actual": 7, "base": 0}, 0, "开展巡查7次，上年为零，增加7次"),
    ("both zero", {"actual": 0, "base": 0}, 0, "开展巡查0次，与上年持平"),
    ("no base", {"actual": 7}, 0, "开展巡查7次，无上年同期数"),
    ("not reported", {"base": 7}, 0, "开展巡查〔数据待村镇建设办公室补报〕"),
    (
        "other definition",
        {"actual": 7, "base": 7, "comparable_since": 2021},
        0,
        "开展巡查7次，因口径调整，与上年不可比",
    ),
    ("loss reduced", {"actual": -5, "base": -20, "unit": "万元"}, 0, "开展巡查-5万元，较上年减亏15万元"),
    ("loss grown", {"actual": -25, "base": -20, "unit": "万元"}, 0, "开展巡查-25万元，较上年增亏5万元"),
    ("turned to profit", {"actual": 10, "base": -20, "unit": "万元"}, 0, "开展巡查10万元，较上年扭亏，增加30万元"),
    ("a loss after none", {"actual": -5, "base": 0, "unit": "万元"}, 0, "开展巡查-5万元，较上年减少5万元"),
    (
        "in 万人, as many decimals as the rate needs",
        {"actual": 12680, "base": 5146, "unit": "人", "show_unit": "万人", "show_decimals": 2},
        0,
        "开展巡查1.268万人，比上年的0.5146万人增长146.4%，约增长1.5倍",
    ),
    (
        "below ten thousand as returned",
        {"actual": 5146, "base": 4800, "unit": "人", "show_unit": "万人", "show_decimals": 2},
        0,
        "开展巡查5146人，比上年的4800人增长7.2%",
    ),
]


@pytest.mark.parametrize(("fields", "turn", "sentence"), [c[1:] for c in COUNTS], ids=[c[0] for c in COUNTS])
def test_a_count(fields: dict[str, Any], turn: int, sentence: str) -> None:
    given = {"kind": "count", "unit": "次", **fields}
    assert text_of(count_clause(one(**given), CountWords("开展巡查"), turn)) == sentence


def test_a_count_in_september_is_compared_with_the_same_months() -> None:
    numbers = one(SEPTEMBER, kind="count", unit="次", actual=320, base=300)
    assert text_of(count_clause(numbers, CountWords("开展巡查"), 0)) == "开展巡查320次，比上年同期的300次增长6.7%"


def test_a_fact_is_told_as_it_is() -> None:
    numbers = one(kind="fact", direction=None, unit="年", actual=50, base=20)
    assert text_of(fact_clause(numbers, CountWords("遭遇{}一遇强降雨"))) == "遭遇50年一遇强降雨"


def test_a_fact_stands_inside_its_companion() -> None:
    numbers = one(kind="count", unit="名", actual=46, base=41)
    facts = {"G22": (Figure("50", "年", "G22", "actual", Fraction(50), ()),)}
    told = text_of(count_clause(numbers, CountWords("为党龄满{G22}的{}党员过政治生日"), 2, facts))
    assert told == "为党龄满50年的46名党员过政治生日，比上年的41名增长12.2%"


def test_an_average_has_two_decimals_unless_it_is_whole() -> None:
    rows = {"E01": {"actual": "560.5", "base": 652}, "E02": {"actual": 118}}
    indicators = [
        indicator(kind="count", unit="万元", told_with="E02", average="户均"),
        indicator("E02", kind="count", unit="户"),
    ]
    numbers = numbers_of(rows, indicators, YEAR)
    average = average_clause(numbers["E01"], numbers["E02"].row, "户均")
    told = text_of(count_clause(numbers["E01"], CountWords("发放小额信贷"), 2, average=average))
    assert told == "发放小额信贷560.5万元，比上年的652万元下降14.0%，户均4.75万元"


def test_nothing_has_no_average_over_what_was_not_reported() -> None:
    indicators = [indicator(kind="count", unit="万元"), indicator("E02", kind="count", unit="户")]
    numbers = numbers_of({"E01": {"actual": "560.5"}}, indicators, YEAR)
    assert average_clause(numbers["E01"], numbers["E02"].row, "户均") == ()
    assert average_clause(numbers["E01"], None, "户均") == ()


def ratio(period: Period = YEAR, **fields: Any) -> str:
    rows = {
        "S03": {"actual": fields.get("whole"), "base": fields.get("whole_base")},
        "S04": {
            "actual": fields.get("part"),
            "base": fields.get("part_base"),
            "target": fields.get("rate"),
            "carried": fields.get("carried"),
            "note": fields.get("note"),
        },
    }
    indicators = [
        indicator("S03", kind="count", direction="neutral", unit="件", name="受理信访件"),
        indicator("S04", kind="ratio", unit="件", name="办结信访件", whole="S03", carried_over="是"),
    ]
    numbers = numbers_of(rows, indicators, period)
    words = RatioWords("受理信访件", "办结", "办结率")
    return text_of(ratio_clause(numbers["S04"], numbers["S03"], words, 0))


RATIOS = [
    (
        "rise in points",
        {"whole": 1000, "whole_base": 1000, "part": 978, "part_base": 962},
        "受理信访件1000件，与上年持平；办结978件，办结率97.8%，比上年的96.2%提高1.6个百分点",
    ),
    (
        "printed rates give the printed points",
        {"whole": 10000, "whole_base": 10000, "part": 9776, "part_base": 9624},
        "受理信访件10000件，与上年持平；办结9776件，办结率97.76%，比上年的96.24%提高1.52个百分点",
    ),
    (
        "2999 of 3000 is not 100.0 %",
        {"whole": 3000, "part": 2999},
        "受理信访件3000件，无上年同期数；办结2999件，办结率99.97%，无上年同期数",
    ),
    (
        "no points that the printed rates would not give",
        {"whole": 3, "whole_base": 60, "part": 1, "part_base": 52},
        "受理信访件3件，比上年的60件下降95.0%；办结1件，办结率33.3%，上年为86.7%",
    ),
    (
        "a target rate prints as it was set",
        {"whole": 100, "whole_base": 100, "part": 99, "part_base": 97, "rate": "98.55"},
        "受理信访件100件，与上年持平；办结99件，办结率99.00%，高于年度目标（98.55%）0.45个百分点，比上年的97.00%提高2.00个百分点",
    ),
    (
        "no points that four decimals would not show",
        {"whole": 100000000, "part": 98549999, "rate": "98.55"},
        "受理信访件100000000件，无上年同期数；办结98549999件，办结率98.5%，无上年同期数，低于年度目标（98.55%）",
    ),
    (
        "so near its target rate that no rate would stand on its side",
        {"whole": 30000000, "part": 29399999, "rate": 98},
        "受理信访件30000000件，无上年同期数；办结29399999件，低于年度目标（98.0%）",
    ),
    (
        "against its target rate",
        {"whole": 200, "part": 186, "rate": 98},
        "受理信访件200件，无上年同期数；办结186件，办结率93.0%，无上年同期数，低于年度目标（98.0%）5.0个百分点",
    ),
    (
        "carried-over cases belong to the whole",
        {"whole": 24, "whole_base": 27, "part": 25, "carried": 2},
        "受理信访件24件，比上年的27件下降11.1%；连同上年结转的2件共26件，办结25件，办结率96.2%，无上年同期数",
    ),
    ("nothing received", {"whole": 0, "whole_base": 0, "part": 0}, "全年未受理信访件，与上年持平"),
    ("whole missing", {"part": 3}, "受理信访件〔数据待村镇建设办公室补报〕；办结3件"),
    ("part missing", {"whole": 3, "whole_base": 3}, "受理信访件3件，与上年持平；办结〔数据待村镇建设办公室补报〕"),
]


@pytest.mark.parametrize(("fields", "sentence"), [r[1:] for r in RATIOS], ids=[r[0] for r in RATIOS])
def test_a_ratio(fields: dict[str, Any], sentence: str) -> None:
    assert ratio(**fields) == sentence


def test_nothing_received_by_september_is_not_told_of_the_year() -> None:
    assert ratio(SEPTEMBER, whole=0, part=0).startswith("1—9月未受理信访件")


def zeros(rows: dict[str, dict[str, object]], names: dict[str, str]) -> list[str]:
    indicators = [indicator(code, kind="zero", direction="down", unit="起", name=names[code]) for code in rows]
    numbers = numbers_of(rows, indicators, YEAR)
    return [text_of(s) for s in zero_sentences([(names[code], numbers[code]) for code in rows])]


def test_zero_commitments_the_broken_first_then_the_kept_together() -> None:
    rows = {
        "S05": {"actual": 0, "base": 0},
        "S06": {"actual": 0, "base": 0},
        "S07": {"actual": 2, "base": 1, "note": "征地补偿有异议"},
    }
    assert zeros(rows, {"S05": "民转刑案件", "S06": "群体性事件", "S07": "赴省上访"}) == [
        "发生赴省上访2起，较上年增加1起，主要原因是征地补偿有异议",
        "民转刑案件和群体性事件均连续2年零发生",
    ]


def test_a_zero_commitment_kept_for_a_first_year() -> None:
    assert zeros({"S05": {"actual": 0, "base": 3}}, {"S05": "民转刑案件"}) == ["民转刑案件零发生，较上年减少3起"]


def test_a_zero_commitment_not_reported_is_a_gap() -> None:
    assert zeros({"S05": {}}, {"S05": "民转刑案件"}) == ["民转刑案件〔数据待村镇建设办公室补报〕"]


def parts(total: object, amounts: dict[str, object], **scheme: Any) -> str:
    numbers = one(kind="count", unit="座", actual=total, breakdown="村", **scheme)
    listed = [
        Part("E01", item, Decimal(str(n)), f"[村建办.xlsx]分项!D{i}") for i, (item, n) in enumerate(amounts.items(), 4)
    ]
    return text_of(parts_clause(numbers, listed))


def test_parts_go_by_size_then_the_rest() -> None:
    amounts = {"甲村": 5, "乙村": 20, "丙村": 10, "丁村": 3, "戊村": 0, "己村": 2}
    assert parts(40, amounts, parts_shown=2) == "其中乙村20座、丙村10座，其余3个村共10座"


def test_a_rest_of_one_is_named() -> None:
    assert parts(35, {"甲村": 5, "乙村": 20, "丙村": 10}, parts_shown=2) == "其中乙村20座、丙村10座、甲村5座"


def test_parts_that_do_not_add_up_have_no_rest() -> None:
    assert parts(41, {"甲村": 5, "乙村": 20, "丙村": 10, "丁村": 5}, parts_shown=2) == "其中乙村20座、丙村10座"


def test_parts_that_the_scheme_lists_keep_its_order() -> None:
    assert parts(12, {"低保": 2, "临时救助": 10}, parts="低保、临时救助") == "其中低保2座、临时救助10座"


def test_one_part_is_all() -> None:
    assert parts(20, {"甲村": 0, "乙村": 20}) == "全部在乙村"
