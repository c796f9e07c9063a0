"""Numbers of persons are found however they are written, and figures are not taken for them."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from analysis.intake.layout import INSTRUCTIONS
from analysis.intake.personal import is_card, is_identity, personal
from analysis.scheme.load import read_people


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("身份证11010519491231002X。", "身份证号", "110105********002X"),
        ("身份证号：11010519491231002x", "身份证号", "110105********002x"),
        ("身份证号110105194912310021", "身份证号", "110105********0021"),  # mistyped, but said to be one
        ("证件号码：110105491231002。", "身份证号", "110105*****1002"),  # the old kind
        ("联系人13812345678，", "手机号", "138****5678"),
        ("电话138-1234-5678", "手机号", "138****5678"),
        ("电话 138 1234 5678", "手机号", "138****5678"),
        ("+86 13812345678", "手机号", "138****5678"),
        ("８６13812345678", "手机号", "138****5678"),
        ("１３８１２３４５６７８", "手机号", "138****5678"),
        ("电话0871-65550101", "固定电话", "0871-6555****"),
        ("电话（0871）65550101", "固定电话", "(0871)6555****"),
        ("010－65550101", "固定电话", "010-6555****"),
        ("087165550101", "固定电话", "08716555****"),
        ("0900—5550101转8", "固定电话", "0900-555****"),
    ],
)
def test_numbers_of_persons_are_found_and_masked(text: str, kind: str, masked: str) -> None:
    (found,) = personal(text)
    assert (found.kind, found.masked) == (kind, masked)


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # wrong check character
        "11010519491331002X",  # no such month
        "911101051949123100",  # a firm's
        "投资13812345678.50元",
        "比率0.13812345678",
        "12812345678",
        "113812345678",
        "1381234567",
        "0.0871655501",
        "2021-12-31",
        "2021年1—9月",
        "完成28,460万元，同比增长13.8%",
        "projects-138x12345678",
        "0123",
    ],
)
def test_figures_are_not_numbers_of_persons(text: str) -> None:
    assert list(personal(text)) == []


def test_every_number_of_a_text_is_found() -> None:
    text = "甲13812345678、乙13912345678，办公室0871-65550101，证号11010519491231002X"
    assert [each.kind for each in personal(text)] == ["身份证号", "手机号", "手机号", "固定电话"]


def test_the_check_character_is_that_of_the_standard() -> None:
    assert is_identity("11010519491231002X")
    assert is_identity("440524188001010014")
    assert not any(is_identity(f"1101051949123100{last:02d}") for last in range(20, 29))


def test_the_check_digit_of_a_bank_card_is_luhns() -> None:
    assert is_card("6222021234567890128") and not is_card("6222021234567890129")
    assert [each.masked for each in personal("卡号6222 0212 3456 7890 128")] == ["6222********0128"]
    assert list(personal("编号6222021234567890129，投资6222021234567890128.5元")) == []


PEOPLE = read_people(Path(__file__).resolve().parents[2] / "scheme")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("村民张三反映问题", "村民张某"),
        ("户主王五家中漏雨", "户主王某"),
        ("负责人：李四，已联系", "负责人李某"),
        ("联系人 欧阳建国（组长）", "联系人欧阳某某"),
        ("由张建国书记带队", "张某某书记"),
        ("村党支部书记张建国带领群众", "书记张某某"),
        ("，李四同志因公负伤", "李某同志"),
        ("脱贫户马有才因病返贫", "脱贫户马某某"),
        ("法定代表人为陈长林。", "法定代表人陈某某"),
        ("嫌疑人刘某某及村民赵铁柱在场", "村民赵某某"),
        ("患者买买提·吐尔逊已出院", "患者买某某"),
        ("村民李和平", "村民李某某"),
        ("姓名：周杰", "姓名周某"),
    ],
)
def test_a_name_is_found_where_the_text_says_that_a_person_is_named(text: str, masked: str) -> None:
    assert [(each.kind, each.masked) for each in personal(text, PEOPLE)] == [("姓名", masked)]


@pytest.mark.parametrize(
    "text",
    [
        "村民张某某反映，村民王×李*，老人赵某，居民江××",
        "村民高度赞扬，群众安全感提升，居民文化生活丰富，党员管理、党员教育。",
        "关爱老人，高龄老人，常住老人，对空巢老人、留守儿童",
        "任村党支部书记，任副书记，任支部书记；曾任书记，书记任组长，镇长任第一副组长",
        "农主任任副组长，由书记、主任牵头，局长、所长接访，队长培训，老师家访",
        "负责人为高标准农田建设办公室，联系人制度，责任人为各村书记，联系人为各站所长",
        "农户房屋，农民于春季播种，困难户石漠化治理，养殖户余额，农户马铃薯种植，农户何时",
        "学生营养餐，患者白内障手术，残疾人康复、妇女两癌筛查，儿童关爱之家，驾驶员管理",
        "河长制、林长制、田长制，网格员巡查，护林员管护，党员包户，党员先锋",
        "各位同志、全体党员同志，村民王家坝",
        "张三反映问题",  # nothing says that this is a person
    ],
)
def test_what_is_said_of_people_in_general_names_nobody(text: str) -> None:
    assert list(personal(text, PEOPLE)) == []


def test_without_the_schemes_words_only_numbers_are_found() -> None:
    assert [each.kind for each in personal("村民张三13812345678")] == ["手机号"]


@pytest.mark.parametrize("period", ["2019", "2020", "2021"])
def test_the_examples_returns_raise_no_false_alarm(period: str) -> None:
    """Every text cell of the example, whatever its column; the form's own contact line is no text of a department."""
    folder = Path(__file__).resolve().parents[2] / "data" / "raw" / "qinghe" / period
    found = []
    for path in sorted(folder.glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            if name != INSTRUCTIONS:
                rows = book.get_sheet_by_name(name).to_python()
                found += [
                    (path.name, name, each) for row in rows for cell in row for each in personal(str(cell), PEOPLE)
                ]
    assert found == []
