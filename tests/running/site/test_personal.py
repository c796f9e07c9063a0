"""Numbers of persons are found however they are written, and figures are not taken for them."""

import pytest

from analysis.running.site.personal import is_identity, personal_numbers


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("身份证11010519491231002X。", "身份证号", "110105********002X"),
        ("身份证号：11010519491231002x", "身份证号", "110105********002x"),
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
    (found,) = personal_numbers(text)
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
    assert list(personal_numbers(text)) == []


def test_every_number_of_a_text_is_found() -> None:
    text = "甲13812345678、乙13912345678，办公室0871-65550101，证号11010519491231002X"
    assert [each.kind for each in personal_numbers(text)] == ["身份证号", "手机号", "手机号", "固定电话"]


def test_the_check_character_is_that_of_the_standard() -> None:
    assert is_identity("11010519491231002X")
    assert is_identity("440524188001010014")
    assert not any(is_identity(f"1101051949123100{last:02d}") for last in range(20, 29))
