"""The calculator test: each form of sentence, right and wrong; the example's reports; what no figure may get away with."""

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.figures.change import change, share_change
from analysis.figures.completion import completion, share, share_completion
from analysis.figures.model import Assessment, Part, from_frame
from analysis.figures.stage import compute
from analysis.figures.tables import RECORDS, earlier_returns
from analysis.intake.ingest import read_period
from analysis.scheme import Indicator, Period, read_facts, read_scheme
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.spans import Chart, Quotation, Span, Table, text_of
from analysis.telling.tell import tell
from analysis.telling.wording.count import CountWords, average_clause, count_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.parts import parts_clause
from analysis.telling.wording.ratio import RatioWords, ratio_clause
from analysis.telling.wording.target import TargetWords, target_clause
from analysis.telling.wording.words import joined

ROOT = Path(__file__).parents[2]
YEARS = ("2021", "2020", "2019", "2021-09")


def _load() -> ModuleType:
    """The checker beside this file, which imports nothing of the pipeline."""
    spec = importlib.util.spec_from_file_location("calculator", Path(__file__).with_name("calculator.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["calculator"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


calculator = _load()
read = calculator.read


# ---- forms -------------------------------------------------------------------------------------------------------

RIGHT = [
    ("完成农村改厕400座，为年度目标420座的95.2%，比目标少20座", "rate difference"),
    ("争取项目资金年度目标4000万元，实际完成4215.6万元，完成率105.4%，超出目标215.6万元", "rate difference"),
    ("开展镇村两级河长巡河1580次，年度目标1500次，完成率105.3%，超额80次", "rate difference"),
    ("一般公共预算支出2243.57万元，调整预算数2260万元，预算执行率99.3%，比调整预算数少16.43万元", "rate difference"),
    ("发展党员发展计划14名，实际完成14名，计划执行率100.0%", "rate"),
    ("基础设施和污水管网竣工验收3个村，为年度目标4个的75.0%，差1个", "rate difference"),
    ("硬化道路7996.8米，为年度目标8000米的99.96%，差3.2米，主要原因是〔引文〕", "rate difference"),
    ("硬化道路7999.9999米，年度目标8000米，差0.0001米", "difference"),
    ("超载600人次，年度目标400人次，完成率150.0%，超额200人次", "rate difference"),
    ("创建示范村0个，为年度目标1个的0.0%，差1个", "rate difference"),
    ("招商引资1.26亿元，年度目标1.2亿元，完成率105.0%，超额0.06亿元", "rate difference"),
    ("越级上访3件，低于控制数（5件）2件", "difference"),
    ("越级上访7件，超出控制数（5件）2件，主要原因是〔引文〕", "difference"),
    ("越级上访5件，与控制数5件持平", "equal"),
    ("完成义务植树2.25万株，为年度目标3万株的75.0%，达到序时进度（75.0%）", "rate on-track"),
    ("完成投资100002.95万元，年度目标100003万元，达到序时进度（75.0%）", "on-track"),
    ("完成义务植树2.2万株，为年度目标3万株的73.3%，落后序时进度（75.0%）1.7个百分点", "rate points"),
    ("完成义务植树2.2万株，为年度目标3万株的73.3%，落后于序时进度（75.0%）", "rate points"),
    ("新增就业246人，为年度目标300人的82.0%，快于序时进度（75.0%）7.0个百分点", "rate points"),
    ("创建示范村年度目标1个，计划12月完成，目前完成0个，与上年同期持平", ""),
    ("投入资金412.5万元，比上年的324万元增长27.3%", "change"),
    ("投入资金412.5万元，比上年同期的324万元增长27.3%", "change"),
    ("落实奖补资金198.6万元，上年为286.5万元，同比下降30.7%", "change"),
    ("兑现分红由上年的78.4万元增至96.85万元，增长23.5%", "direction change"),
    ("治理扬尘由上年同期的16起减至14起，下降12.5%", "direction change"),
    ("排查重点人员1.268万人，上年为0.5146万人，同比增长146.4%，约增长1.5倍", "change times"),
    ("开展排查24次，上年为12次，同比增长100.0%，即增长1倍", "change times"),
    ("开展排查24次，年度目标24次，完成率100.0%，同比增长150.0%，即增长1.5倍", "rate times"),
    ("排查重点人员0人，上年为86人，同比下降100.0%", "change"),
    ("排查重点人员5146人，上年为零，增加5146人", "from-zero"),
    ("为党龄满50年的46名党员过政治生日，比上年的41名增长12.2%", "change"),
    ("向118户脱贫户发放小额信贷，比上年的142户下降16.9%", "change"),
    ("发现隐患53件，比上年的47件增长12.8%；整改52件，整改率98.1%", "change share"),
    ("发现隐患53件；整改52件，整改率98.1%，高于年度目标（95.0%）3.1个百分点", "share points side"),
    ("发现隐患58件；整改55件，整改率94.83%，低于年度目标（95.00%）0.17个百分点", "share points side"),
    ("发现问题27件；整改27件，整改率100.0%，达到年度目标（100.0%），与上年持平", "share equal side"),
    ("受理纠纷86起；连同上年结转的5起，化解90起，化解率98.9%，上年为95.7%，提高3.2个百分点", "share points"),
    ("整改186条，整改率96.37%，比上年的98.53%降低2.16个百分点", "points"),
    ("受理线索6件；其中上级交办3件、移送1件、自行发现2件；处置6件，处置率100.0%", "parts share"),
    ("向118户发放小额信贷；发放资金560.5万元，户均4.75万元，上年为652万元，同比下降14.0%", "average change"),
    ("开展宣讲36场，比上年的22场增长63.6%；受众2196人，场均61人", "change average"),
    ("开展宣讲24场；受众1380人，场均57.5人", "average"),
    ("争取资金4215.6万元；其中甲项目1260万元、乙项目2955.6万元", "parts"),
    ("争取资金4215.6万元；其中甲项目2260万元、乙项目1260万元，其余2个项目共695.6万元", "rest parts"),
    ("硬化道路3000米，年度目标3000米，完成率100.0%；其中312国道2000米、甲村1000米", "rate parts"),
    ("2021年，青禾镇对照目标任务书，承担考核指标51项，其中完成41项（含超额完成14项、逾期完成1项），未完成10项", "included outcomes"),
    ("2021年1—9月，承担考核指标51项，其中完成21项，进行中20项，未到期5项，未完成3项，无法评价2项", "outcomes"),
    ("承担考核指标2项，其中完成2项；零发生承诺8项，兑现6项，未兑现1项，未上报1项", "outcomes outcomes"),
    ("24项目标任务，达到18项，未达到6项", "outcomes"),
    ("24项目标任务，完成或达到序时进度20项，未达到4项", "outcomes"),
    ("重点项目共6个，其中已完成3个（含逾期完成1个），在建2个，未开工1个，推进情况如下", "included outcomes"),
    ("重点项目共4个，全部完成（含逾期完成1个），推进情况如下", "included"),
    ("党建阵地提升项目共4个，全部完成，推进情况如下", ""),
    ("督查、信访、社会稳定、保密等4项工作均按时完成", "listed"),
    ("甲基地，位于甲村，投资860万元，计划9月完成，已于8月完成，9月投入使用，带动就业岗位42个", "in-time in-use"),
    ("乙基地，投资860万元，计划8月完成，实际于11月完成，逾期完成，12月投入使用", "in-time in-use"),
    ("七是丙基地原计划8月完成，实际于11月完成", "in-time"),
]  # fmt: skip

WRONG = [
    ("完成农村改厕400座，为年度目标420座的95.3%", "rate"),  # 95.238
    ("完成农村改厕400座，为年度目标420座的95%", "rate"),  # one decimal at least
    ("硬化道路7996.8米，为年度目标8000米的100.0%", "rate"),  # 99.96 % is not 100.0 %
    ("硬化道路8003.2米，为年度目标8000米的100.0%", "rate"),
    ("完成2.3座，为年度目标10000座的0.0%", "rate"),  # nor 0.0 %
    ("硬化道路50.2米，为年度目标400米的12.5%", "rate"),  # 12.55 rounds up
    ("争取资金年度目标4000万元，实际完成4215.6万元，完成率94.9%", "rate"),  # upside down
    ("招商引资1.26亿元，年度目标12000万元，完成率105.0%", "rate"),  # another unit
    ("转移群众400人，为年度目标420人次的95.2%", "rate"),
    ("农村改厕年度目标0座，实际完成4座，完成率100.0%", "rate"),
    ("完成农村改厕400座，为年度目标420座的95.2%，超额20座", "difference"),
    ("完成农村改厕430座，为年度目标420座的102.4%，比目标少10座", "difference"),
    ("完成农村改厕430座，为年度目标420座的102.4%，超出目标10户", "difference"),
    ("完成农村改厕420座，为年度目标420座的100.0%，超额0座", "difference"),
    ("越级上访7件，低于控制数（5件）2件", "difference"),
    ("越级上访4件，与控制数5件持平", "equal"),
    ("完成2.2万株，为年度目标3万株的73.3%，达到序时进度（75.0%）", "on track"),
    ("完成3.2万株，为年度目标3万株的106.7%，落后序时进度（75.0%）31.7个百分点", "points"),
    ("完成2.2万株，为年度目标3万株的73.3%，落后序时进度（75.0%）1.6个百分点", "points"),
    ("完成2.2万株，为年度目标3万株的73.3%，快于序时进度（75.0%）1.7个百分点", "points"),
    ("新增就业246人，为年度目标300人的82.0%，快于序时进度（75.0%）6.9个百分点", "points"),
    ("投入资金412.5万元，比上年的324万元增长27.4%", "change"),
    ("投入资金412.5万元，比上年的324万元下降27.3%", "change"),
    ("投入资金300万元，比上年的400万元增长25.0%", "change"),
    ("投入资金412.5万元，比上年的324户增长27.3%", "change"),
    ("投入资金400.1万元，上年为400万元，同比增长0.0%", "change"),
    ("投入资金1万元，上年为0万元，同比增长100.0%", "change"),
    ("投入资金1万元，上年为20000万元，同比下降100.0%", "change"),  # 99.995 %
    ("兑现分红由上年的78.4万元减至96.85万元，增长23.5%", "direction"),
    ("排查1268人，上年为514.6人，同比增长146.4%，约增长1.4倍", "times"),
    ("排查1268人，上年为514.6人，同比增长146.4%，约增长2.5倍", "times"),  # 2.5 times as many is not 2.5 times more
    ("排查1200人，上年为600人，同比增长100.0%，即增长1.0倍", "times"),
    ("排查1250人，上年为600人，同比增长108.3%，即增长1倍", "times"),
    ("排查5146人，上年为零，增加5145人", "from zero"),
    ("观看警示教育片6次，较上年增加7次", "increase"),
    ("发现隐患53件；整改52件，整改率98.2%", "share"),
    ("发现隐患53件；整改54件，整改率101.9%", "share"),
    ("发现隐患3000件；整改2999件，整改率100.0%", "share"),
    ("发现隐患53件；整改52条，整改率98.1%", "share"),
    ("受理纠纷86起；连同上年结转的5起，化解90起，化解率104.7%", "share"),
    ("发现隐患53件；整改52件，整改率98.1%，低于年度目标（95.0%）3.1个百分点", "points"),
    ("发现隐患53件；整改52件，整改率98.1%，高于年度目标（95.0%）3.2个百分点", "points"),
    ("发现隐患53件；整改52件，整改率98.1%，高于年度目标（95.00%）3.1个百分点", "points"),
    ("发现隐患3000件；整改2999件，整改率99.97%，达到年度目标（100.0%）", "equal"),
    ("发现隐患10000件；整改9501件，整改率95.0%，达到年度目标（95.0%）", "side"),
    ("整改186条，整改率96.37%，比上年的98.53%提高2.16个百分点", "points"),
    ("整改186条，整改率96.37%，上年为98.53%，降低2.15个百分点", "points"),
    ("向118户发放小额信贷；发放资金560.5万元，户均4.76万元", "average"),
    ("向118户发放小额信贷；发放资金560.5万元，户均4.8万元", "average"),  # two decimals, or exact
    ("受理线索5件；其中上级交办3件、移送1件、自行发现2件", "parts"),
    ("争取资金4215.6万元；其中甲项目2260万元、乙项目1260万元，其余2个项目共695.7万元", "parts"),
    ("争取资金4215.6万元；其中甲项目2260万元、乙项目1260户，其余2个项目共695.6万元", "parts"),
    ("建成大棚66座；其中甲村20座、乙村5座，其余2个村共41座", "rest"),  # a larger village is left out
    ("承担考核指标51项，其中完成41项，未完成9项", "outcomes"),
    ("承担考核指标51项，其中完成41项（含超额完成44项），未完成10项", "included"),
    ("零发生承诺8项，兑现6项，未兑现1项", "outcomes"),
    ("重点项目共6个，其中已完成3个，在建2个，推进情况如下", "outcomes"),
    ("重点项目共4个，全部完成（含逾期完成5个），推进情况如下", "included"),
    ("重点项目共6个，其中已完成3个（含逾期完成4个），在建2个，未开工1个", "included"),
    ("督查、信访、保密等4项工作均按时完成", "listed"),
    ("甲基地，计划9月完成，已于10月完成", "in time"),
    ("乙基地，计划9月完成，实际于8月完成，逾期完成", "in time"),
    ("甲基地，计划9月完成，已于8月完成，7月投入使用", "in use"),
]  # fmt: skip

UNREAD = [
    "完成农村改厕400座，完成比例95.2%",
    "完成农村改厕400座，为年度目标420座的95.2%，多完成20座",
    "整改52件，提升3.1个百分点",
    "投入资金412.5万元，是上年的1.3倍",
    "实际化解90起，每万人均4.7起",
    "超额460万元",
    "增长23%左右",
]

PLAIN = [
    "我镇落实责任，〔引文〕",
    "青政发〔2022〕3号　　签发人：周明远",
    "2022年1月13日",
    "2019—2021年完成数",
    "汛期遭遇50年一遇强降雨；转移避险群众1268人次，无上年同期数",
    "返贫致贫连续3年零发生",
    "理论中心组学习13次（见“基层党组织建设”）",
    "茶旅融合示范园，投资680万元，计划2022年6月完成，目前在建，形象进度45%",
    "项目争取资金4万元，年度目标为0万元，不计算完成率",
    "发生进京赴省上访1起",
]


@pytest.mark.parametrize(("sentence", "kinds"), RIGHT, ids=[sentence for sentence, _ in RIGHT])
def test_what_follows_is_recomputed(sentence: str, kinds: str) -> None:
    reading = read(sentence)
    assert reading.ok, [str(claim) for claim in reading.wrong] or reading.unread
    assert sorted(claim.kind.replace(" ", "-") for claim in reading.claims) == sorted(kinds.split())


@pytest.mark.parametrize(("sentence", "kind"), WRONG, ids=[sentence for sentence, _ in WRONG])
def test_what_does_not_follow_is_found(sentence: str, kind: str) -> None:
    assert kind in {claim.kind for claim in read(sentence).wrong}


@pytest.mark.parametrize("sentence", UNREAD)
def test_an_unknown_form_is_not_passed_over(sentence: str) -> None:
    assert read(sentence).unread


@pytest.mark.parametrize("sentence", PLAIN)
def test_what_claims_nothing_has_nothing_to_hold(sentence: str) -> None:
    reading = read(sentence)
    assert reading.ok and not reading.claims


def test_a_number_keeps_its_place() -> None:
    claim = read("完成农村改厕400座，为年度目标420座的95.2%").claims[0]
    assert [claim.sentence[n.start : n.end] for n in (*claim.operands, claim.result)] == ["400", "420", "95.2"]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.115", 2, "0.12"), ("-0.115", 2, "-0.12"), ("12.55", 1, "12.6"), ("0.05", 1, "0.1"), ("-0.04", 1, "0")],
)
def test_halves_are_rounded_away_from_zero(value: str, decimals: int, expected: str) -> None:
    assert calculator.rounded(Fraction(value), decimals) == Fraction(expected)


def test_the_checker_knows_nothing_of_the_pipeline() -> None:
    source = Path(calculator.__file__).read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import)\s+analysis", source, re.MULTILINE)


# ---- the example's reports ---------------------------------------------------------------------------------------


def shown(spans: tuple[Span, ...]) -> str:
    """The text with the quotations cut out."""
    return "".join(calculator.MARK if isinstance(span, Quotation) else span.text for span in spans)


def report_text(period: Period, empty: Path) -> str:
    """The prose and the chart titles of the example's report, without the annex, told here and now."""
    scheme = read_scheme(ROOT / "scheme")
    town = ROOT / "data/raw/qinghe"
    facts = read_facts(town, period, scheme)
    ingested = read_period(town / str(period), scheme, facts).values()
    values = pd.concat([one.values for one in ingested], ignore_index=True)
    findings = pd.concat([one.findings for one in ingested], ignore_index=True)
    computed = compute(scheme, facts, values, findings, earlier_returns(town, empty, scheme, facts))
    records = [from_frame(computed.tables[name], record) for name, record in RECORDS.items()]
    report = tell(Material(scheme, facts, *records), computed.submissions, read_narrative(scheme.narrative)).report
    blocks = [block for chapter in report.chapters if not chapter.annex for block in chapter.blocks]
    spans = [b.title if isinstance(b, Chart) else b.spans for b in blocks if not isinstance(b, Table)]
    return "\n".join(shown(one) for one in spans)


@pytest.fixture(scope="session")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict:
    empty = tmp_path_factory.mktemp("processed")
    texts = {year: report_text(Period.parse(year), empty) for year in YEARS}
    return {year: calculator.check(calculator.sentences_of(text)) for year, text in texts.items()}


def claims_of(found: list) -> list:
    return [claim for reading in found for claim in reading.claims]


@pytest.mark.parametrize("year", YEARS)
def test_every_sentence_of_the_report_holds(readings: dict, year: str) -> None:
    wrong = [
        (reading.sentence, [str(c) for c in reading.wrong], reading.unread)
        for reading in readings[year]
        if not reading.ok
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("year", "sentences", "claims"), [("2021", 65, 130), ("2020", 60, 110), ("2019", 60, 100), ("2021-09", 65, 110)]
)
def test_enough_is_recomputed(readings: dict, year: str, sentences: int, claims: int) -> None:
    exact = [claim for claim in claims_of(readings[year]) if claim.exact]
    assert len({claim.sentence for claim in exact}) >= sentences
    assert len(exact) >= claims


def test_every_form_is_met(readings: dict) -> None:
    kinds = Counter(claim.kind for year in YEARS for claim in claims_of(readings[year]))
    expected = {"rate", "difference", "change", "times", "from zero", "share", "points", "equal", "average", "parts"}
    assert expected | {"outcomes", "included", "listed", "in time"} <= set(kinds)


@pytest.mark.parametrize("year", YEARS)
def test_a_percentage_is_recomputed_or_of_a_form_without_operands(readings: dict, year: str) -> None:
    """Only a target's change may stand without its base, a share without its whole only where problems are told again."""
    allowed = {
        "change without its base": r"(?:同比|比上年(?:同期)?)(?:增长|下降)$",
        "share without its whole": r"^[一二三四五六七八九十]+是整改.*，整改率$",
        "absolute change": r"(^未.*|零发生，)较上年(?:同期)?减少$",
    }
    for reading in readings[year]:
        for kind, number in reading.bare:
            assert re.search(allowed[kind], reading.sentence[: number.start]), reading.sentence
        percents = {match.start() for match in re.finditer(r"\d+(?:\.\d+)?%", reading.sentence)}
        told = {n.start for claim in reading.claims for n in (*claim.operands, claim.result)}
        told |= {number.start for _, number in reading.bare}
        told |= {n.start for n in reading.facts if reading.sentence[: n.start].endswith("形象进度")}
        assert percents <= told, reading.sentence


@pytest.mark.parametrize("year", YEARS)
def test_a_change_without_its_base_stands_beside_a_target(readings: dict, year: str) -> None:
    for reading in readings[year]:
        if any(kind == "change without its base" for kind, _ in reading.bare):
            assert any(claim.kind == "rate" for claim in reading.claims), reading.sentence


@pytest.mark.parametrize("year", YEARS)
def test_a_share_told_again_was_recomputed_where_it_was_told_first(readings: dict, year: str) -> None:
    shares = {claim.result.text for claim in claims_of(readings[year]) if claim.kind == "share"}
    again = {n.text for reading in readings[year] for kind, n in reading.bare if kind == "share without its whole"}
    assert again <= shares


# ---- no figure gets away -----------------------------------------------------------------------------------------

LINEAR = ("difference", "points", "from zero", "outcomes", "equal")


def changed(sentence: str, number, text: str):
    return read(sentence[: number.start] + text + sentence[number.end :])


def other_digit(text: str, place: int) -> str:
    digit = int(text[place])
    return text[:place] + str(digit + 1 if digit < 9 else 8) + text[place:][1:]


def exact_claims(readings: dict) -> Iterator:
    for year in YEARS:
        yield from (claim for claim in claims_of(readings[year]) if claim.exact)


def test_a_result_changed_in_its_last_digit_is_found(readings: dict) -> None:
    for claim in exact_claims(readings):
        for text in {
            other_digit(claim.result.text, -1),
            claim.result.text[:-1] + str((int(claim.result.text[-1]) + 9) % 10),
        }:
            assert changed(claim.sentence, claim.result, text).wrong, (str(claim), text)


def test_an_operand_changed_is_found(readings: dict) -> None:
    """In its first digit always; in its last wherever the result is a sum or a difference."""
    for claim in exact_claims(readings):
        for operand in claim.operands:
            assert changed(claim.sentence, operand, other_digit(operand.text, 0)).wrong, (str(claim), operand)
            if claim.kind in LINEAR or claim.kind == "parts":
                assert changed(claim.sentence, operand, other_digit(operand.text, -1)).wrong, (str(claim), operand)


def test_parts_that_add_up_can_not_grow(readings: dict) -> None:
    for year in YEARS:
        for claim in claims_of(readings[year]):
            if claim.kind == "parts" and sum(part.value for part in claim.operands) == claim.result.value:
                for part in claim.operands:
                    grown = f"{part.value + 1}" if "." not in part.text else f"{Decimal(part.text) + 1}"
                    assert changed(claim.sentence, part, grown).wrong, (str(claim), part)


def test_a_word_of_direction_turned_round_is_found(readings: dict) -> None:
    turned = {
        "增长": "下降",
        "下降": "增长",
        "提高": "降低",
        "降低": "提高",
        "高于": "低于",
        "低于": "高于",
        "超额": "差",
        "增至": "减至",
    }
    for year in YEARS:
        for reading in readings[year]:
            bare = {number.start for _, number in reading.bare}
            for match in re.finditer("|".join(turned), reading.sentence):
                if match.end() in bare or (match[0] == "增长" and "即" in reading.sentence):
                    continue
                if not re.match(r"\d|年度目标", reading.sentence[match.end() :]):
                    continue  # 提高 as a word of a name
                sentence = reading.sentence[: match.start()] + turned[match[0]] + reading.sentence[match.end() :]
                assert not read(sentence).ok, sentence


# ---- whatever the figures are ------------------------------------------------------------------------------------

SCHEME = read_scheme(ROOT / "scheme")
PERIODS = [Period.parse("2021"), Period.parse("2021-09"), Period.parse("2021-11")]
AMOUNT = st.one_of(
    st.integers(0, 40).map(Decimal),
    st.integers(0, 300_000).map(Decimal),
    st.integers(0, 3_000_000).map(lambda n: Decimal(n) / 100),
)
POSITIVE = AMOUNT.filter(lambda n: n > 0)
NEAR = st.integers(-3, 3).map(lambda n: Decimal(n) / 100)
ANY = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def assessed(
    indicator: Indicator,
    period: Period,
    target: Decimal | None,
    actual: Decimal,
    base: Decimal | None,
    planned: str | None = None,
) -> Numbers:
    done, moved = completion(indicator, period, target, actual, planned), change(indicator, period, base, actual)
    row = Assessment(
        code=indicator.code, department=indicator.owner, state=done.state, outcome=done.outcome, target=target,
        actual=actual, base=base, rate=done.rate, change_state=moved.state, change=moved.change,
        change_absolute=moved.absolute, small_base=moved.small_base, planned_month=planned,
    )  # fmt: skip
    return Numbers(indicator, row, period)


def holds(spans: tuple[Span, ...]) -> None:
    reading = read(text_of(spans))
    assert reading.ok, (reading.sentence, [str(claim) for claim in reading.wrong], reading.unread)


@ANY
@given(
    st.sampled_from(["E01", "E03", "E06", "I04", "N01", "L02"]), st.sampled_from(PERIODS), POSITIVE, AMOUNT,
    st.one_of(st.none(), AMOUNT), st.integers(0, 5), st.booleans(), st.sampled_from([None, "2021-10", "2021-12"]),
)  # fmt: skip
def test_any_target_holds(
    code: str,
    period: Period,
    target: Decimal,
    actual: Decimal,
    base: Decimal | None,
    turn: int,
    near: bool,
    planned: str | None,
) -> None:
    indicator = SCHEME[code]
    actual = abs(target + (actual - 15) / 100) if near else actual
    words = TargetWords("完成调整任务", "调整预算数", "预算执行率") if code == "E03" else TargetWords()
    holds(target_clause(assessed(indicator, period, target, actual, base, planned), words, turn))


@ANY
@given(st.sampled_from(PERIODS), POSITIVE, AMOUNT, AMOUNT, st.integers(0, 3))
def test_any_limit_holds(period: Period, target: Decimal, actual: Decimal, base: Decimal, turn: int) -> None:
    indicator = SCHEME["L02"].model_copy(update={"direction": "down"})
    holds(target_clause(assessed(indicator, period, target, actual, base), TargetWords(), turn))


@ANY
@given(
    st.sampled_from(["H01", "H02", "E05", "P06", "B03"]),
    st.sampled_from(PERIODS),
    AMOUNT,
    st.one_of(st.none(), AMOUNT),
    st.integers(0, 5),
)
def test_any_count_holds(code: str, period: Period, actual: Decimal, base: Decimal | None, turn: int) -> None:
    holds(count_clause(assessed(SCHEME[code], period, None, actual, base), CountWords(), turn))


@ANY
@given(POSITIVE, st.integers(1, 500), AMOUNT, st.integers(0, 500), st.integers(0, 5))
def test_any_average_holds(total: Decimal, count: int, base: Decimal, count_base: int, turn: int) -> None:
    period = PERIODS[0]
    per = assessed(SCHEME["P03"], period, None, Decimal(count), Decimal(count_base))
    amounts = assessed(SCHEME["P04"], period, None, total, base)
    average = average_clause(amounts, per.row, "户均")
    told = count_clause(amounts, CountWords("发放小额信贷资金"), turn, None, average)
    holds(joined([count_clause(per, CountWords("向{}脱贫户发放小额信贷"), turn), told], "；"))


@ANY
@given(
    st.sampled_from(["N04", "S02", "L05"]), st.sampled_from(PERIODS), st.integers(1, 20_000), st.integers(0, 10**6),
    st.integers(0, 300), st.integers(1, 20_000), st.integers(0, 10**6), st.sampled_from([None, "90", "95", "97.5", "98", "99.97", "100"]),
    st.integers(0, 3),
)  # fmt: skip
def test_any_share_holds(
    code: str,
    period: Period,
    whole: int,
    part: int,
    carried: int,
    whole_base: int,
    part_base: int,
    target: str | None,
    turn: int,
) -> None:
    indicator, of = SCHEME[code], SCHEME[SCHEME[code].whole]
    more = Decimal(carried) if indicator.carried_over else None
    part = min(part, whole + (carried if more else 0)) if part % 3 else max(whole - part % 50, 0)
    part_base = min(part_base, whole_base)
    rate = None if target is None else Decimal(target)
    done = share_completion(
        indicator, period, Decimal(part), Decimal(whole), more, None if rate is None else Fraction(rate) / 100
    )
    base_share = share(Decimal(part_base), Decimal(whole_base), None)
    moved = share_change(indicator, SCHEME[indicator.whole], period, base_share, done.rate)
    row = Assessment(
        code=code, department=indicator.owner, state=done.state, target=rate, actual=Decimal(part), base=Decimal(part_base),
        whole=Decimal(whole), whole_base=Decimal(whole_base), carried=more, rate=done.rate, base_share=base_share,
        change_state=moved.state, change=moved.change,
    )  # fmt: skip
    wholes = assessed(of, period, None, Decimal(whole), Decimal(whole_base))
    words = RatioWords("受理事项", "办结", "办结率")
    holds(ratio_clause(Numbers(indicator, row, period), wholes, words, turn))


@ANY
@given(st.lists(st.integers(0, 900).map(Decimal), min_size=1, max_size=9), st.integers(0, 50))
def test_any_parts_hold(amounts: list[Decimal], outside: int) -> None:
    total = sum(amounts, Decimal(outside if outside > 40 else 0))
    numbers = assessed(SCHEME["I01"], PERIODS[0], None, total, None)
    parts = [Part("I01", f"{'甲乙丙丁戊己庚辛壬'[place]}村", amount, "") for place, amount in enumerate(amounts)]
    holds(joined([count_clause(numbers, CountWords("新修排水渠"), 0), parts_clause(numbers, parts)], "；"))


@pytest.mark.parametrize("turn", range(3))
def test_a_change_of_unit_with_its_factor_holds(turn: int) -> None:
    indicator = SCHEME["P06"].model_copy(update={"comparable_since": 2021, "factor": Decimal(2)})
    holds(count_clause(assessed(indicator, PERIODS[0], None, Decimal(120), Decimal(50)), CountWords(), turn))


def test_times_follow_from_the_percentage_beside_them() -> None:
    numbers = assessed(SCHEME["L02"], PERIODS[0], Decimal(21496), Decimal(21496), Decimal(10000))
    holds(target_clause(numbers, TargetWords(), 0))


def test_next_to_nothing_is_not_told_as_nothing() -> None:
    numbers = assessed(SCHEME["E01"], PERIODS[1], Decimal(20001), Decimal("0.01"), None)
    holds(target_clause(numbers, TargetWords(), 0))
