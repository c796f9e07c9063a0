"""Numbers in all the ways they are typed."""

import pytest

from analysis.running.read_back.numbers import HOLE, Numbers, skeleton, squeeze

NUMBERS = Numbers({"万株"})


def keys(text: str, row: bool = False) -> list[tuple[str, str]]:
    return [number.key for number in NUMBERS.of(squeeze(text)[0], row)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投资28460万元，增长10.2%", [("28460", "万元"), ("10.2", "%")]),
        ("投资２８，４６０万元，增长１０．２％", [("28460", "万元"), ("10.2", "%")]),
        ("共1,234,567.8元", [("1234567.8", "元")]),
        ("甲12，345乙", [("12345", "")]),
        ("提高0.2个百分点", [("0.2", "个百分点")]),
        ("植树3.6万株、1.2亿元、3百人", [("3.6", "万株"), ("1.2", "亿元"), ("3", "百人")]),
        ("同比−5.2%，为+3.1%", [("-5.2", "%"), ("+3.1", "%")]),
        ("1—9月、2022-01-05", [("1", ""), ("9", "月"), ("2022", ""), ("01", ""), ("05", "")]),
        ("三个村、两次、一百二十户、十二名", [("3", "个"), ("2", "次"), ("120", "户"), ("12", "名")]),
        ("二〇二一年九月三十日", [("2021", "年"), ("9", "月"), ("30", "日")]),
        ("百分之五点二，三分之二", [("5.2", "%"), ("2/3", "")]),
        ("第一批、第3次", [("第1", "批"), ("3", "次")]),
        ("壹佰贰拾万元", [("1200000", "元")]),
        ("一千二百万元", [("12000000", "元")]),
        ("120余户", [("120", "余户")]),
        ("上年为零，连续3年零发生", [("0", ""), ("3", "年"), ("0", "")]),
        ("E04-2和S02 5起", [("E04-2", ""), ("S02", ""), ("5", "起")]),
        ("Ｅ０４和ｐ", [("E04", "")]),
        ("①②和Ⅻ", [("①", ""), ("②", ""), ("Ⅻ", "")]),
        ("下降.4%", [(".4", "%")]),
        ("一般公共预算，进一步统一思想，十分重视，千方百计，零容忍，四个不摘", [("4", "个")]),
        ("一、投资5元", [("5", "元")]),
        ("（三）投资", []),
        ("2.投资5元", [("5", "元")]),
        ("十一是投资5元", [("5", "元")]),
        ("5 000元", [("5", ""), ("000", "元")]),
    ],
)
def test_numbers_of(text: str, expected: list[tuple[str, str]]) -> None:
    assert keys(text) == expected


def test_units_alone_in_a_row_are_compared() -> None:
    assert keys("E01｜投资（万元）｜亿元｜—｜5", row=True) == [("E01", ""), ("", "万元"), ("", "亿元"), ("5", "")]
    assert keys("投资（万元）") == []


def test_squeezing_keeps_what_parts_two_numbers() -> None:
    text, origins = squeeze(" S02 5\u00ad0 起\u200b ，\n３ ")
    assert text == "S02 50起，3"
    assert origins == [1, 2, 3, 4, 5, 7, 9, 12, 14]


def test_a_skeleton_is_the_words() -> None:
    text = "三是“投资”5万元，增长百分之三"
    assert skeleton(text, NUMBERS.of(text)) == f"投资{HOLE}，增长{HOLE}"
