"""Sentences compared: what differs is marked, what only got another number is counted."""

import pytest

from analysis.running.changes import marking
from analysis.running.changes.marking import elided, side_by_side, whole
from analysis.running.changes.model import Piece, SentenceChange
from analysis.running.changes.sentences import sentence_changes
from analysis.running.changes.telling import Telling, ToldLine
from analysis.running.read_back.lines import CELL, Line

UNITS = {"万元", "项", "%"}


def report(*lines: str | ToldLine) -> Telling:
    told = [ToldLine(Line(line, "一、总体"), "c1") if isinstance(line, str) else line for line in lines]
    return Telling((), tuple(told), {"E01": ("税收收入", "财政所")})


def row(*cells: str) -> ToldLine:
    heads = ("编码", "指标", "完成数", "来源")
    return ToldLine(Line(CELL.join(cells), "附件", "表“明细”", row=True), "annex-E01", heads=heads, cells=cells)


def changed(before: Telling, after: Telling) -> list[tuple[str, str, str]]:
    return [(s.kind, bracketed(s.before), bracketed(s.after)) for s in sentence_changes(before, after, UNITS)[0]]


def bracketed(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


KEPT = "全年工作总体平稳。"


def test_one_sentence_of_a_paragraph_changed() -> None:
    before = report(f"{KEPT}税收完成1200万元，增长5.0%。", "其他工作照常推进。")
    after = report(f"{KEPT}税收完成1300万元，增长8.3%。", "其他工作照常推进。")
    assert changed(before, after) == [
        ("changed", "税收完成[1200万元]，增长[5.0%]。", "税收完成[1300万元]，增长[8.3%]。")
    ]


def test_words_changed_without_any_number() -> None:
    before, after = report("河道治理进展顺利，群众比较满意。"), report("河道治理进展缓慢，群众比较满意。")
    assert changed(before, after) == [
        ("changed", "河道治理进展[顺利]，群众比较满意。", "河道治理进展[缓慢]，群众比较满意。")
    ]


def test_new_and_gone_sentences_stand_in_their_places() -> None:
    before = report(KEPT, "完成危房改造12户。", "新建水柜20座。")
    after = report(KEPT, "新建水柜20座。", "开展普法宣传九场，受众三千人。")
    assert [(s.kind, bracketed(s.before or s.after)) for s in sentence_changes(before, after, UNITS)[0]] == [
        ("gone", "[完成危房改造12户。]"),
        ("new", "[开展普法宣传九场，受众三千人。]"),
    ]


def test_a_gap_that_was_closed_is_one_sentence() -> None:
    before = report(KEPT, "开展河长巡河〔数据待水利站补报〕。")
    after = report(KEPT, "开展河长巡河1580次，年度目标1500次，完成率105.3%，超出目标80次；其中镇级296次、村级1284次。")
    (one,) = changed(before, after)
    assert one[:2] == ("changed", "开展河长巡河[〔数据待水利站补报〕]。")
    assert [kind for kind, *_ in changed(after, before)] == ["changed"]


def test_ordinals_and_places_are_counted_not_listed() -> None:
    before = report("一是税收未达到目标。", "二是道路未按期完成。")
    after = report("一是植树未达到目标，少一万株。", "二是税收未达到目标。", "三是道路未按期完成。")
    changes, renumbered = sentence_changes(before, after, UNITS)
    assert [(c.kind, bracketed(c.after)) for c in changes] == [("new", "[一是植树未达到目标，少一万株。]")]
    assert renumbered == 2


def test_of_a_row_the_cells_that_differ() -> None:
    before, after = row("E01", "税收", "1,200", "财政所.xlsx F4"), row("E01", "税收", "1,300", "财政所更正.xlsx F4")
    (change,) = only(report(before), report(after))
    assert [(c.head, c.before, c.after) for c in change.cells] == [("完成数", "1,200", "1,300")]
    assert (change.row, change.place, change.spot.anchor) == ("E01 税收", "表“明细”", "annex-E01")


def test_a_row_that_only_comes_from_another_cell_is_the_same() -> None:
    assert (
        only(
            report(row("E01", "税收", "1,200", "财政所.xlsx F4")), report(row("E01", "税收", "1,200", "财政所.xlsx F5"))
        )
        == ()
    )


def test_a_row_with_another_number_of_cells_is_shown_whole() -> None:
    before, after = row("E01", "税收", "1,200", "财政所.xlsx F4"), row("E01", "税收", "1,300")
    (change,) = only(report(before), report(after))
    assert change.cells == () and "".join(piece.text for piece in change.after) == CELL.join(("E01", "税收", "1,300"))


def test_sentences_longer_than_any_are_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "TOO_LONG", 8)
    assert side_by_side(list("甲乙丙"), list("甲乙丁")) == (whole(list("甲乙丙")), whole(list("甲乙丁")))


def test_words_of_a_department_tell_their_cell_and_figures_their_department_and_place() -> None:
    def told(words: str, text: str) -> Telling:
        line = f"{words}税收完成{text}。"
        start = line.index(text)
        return report(
            ToldLine(
                Line(line, "一、总体"),
                "c1",
                ((start, start + len(text), "s1-2", "E01"),),
                ((0, len(words), "财政所.xlsx 文字材料 C4"),),
            )
        )

    (change,) = only(told("受疫情影响，", "1200万元"), told("受灾情影响，", "1200万元"))
    assert change.quoted == ("财政所.xlsx 文字材料 C4",)
    (change,) = only(told("受疫情影响，", "1200万元"), told("受疫情影响，", "1300万元"))
    assert (change.quoted, change.departments, change.spot.anchor) == ((), ("财政所",), "s1-2")


def only(before: Telling, after: Telling) -> tuple[SentenceChange, ...]:
    return sentence_changes(before, after, UNITS)[0]


def test_versions_with_little_in_common_are_marked_as_wholes() -> None:
    before, after = side_by_side(list("甲乙丙丁戊己庚辛"), list("子丑寅卯辰巳丙未"))
    assert before == whole(list("甲乙丙丁戊己庚辛")) and after == whole(list("子丑寅卯辰巳丙未"))


def test_a_lonely_common_character_between_differences_is_marked_too() -> None:
    before, after = side_by_side(list("全年共计发放补贴甲的乙，完成任务"), list("全年共计发放补贴丙的丁，完成任务"))
    assert (bracketed(before), bracketed(after)) == (
        "全年共计发放补贴[甲的乙]，完成任务",
        "全年共计发放补贴[丙的丁]，完成任务",
    )


@pytest.mark.parametrize("place", ["first", "last"])
def test_long_stretches_that_are_the_same_are_cut_at_a_mark_never_within_a_number(place: str) -> None:
    same, other = Piece("甲为12.5万元，" * 20), Piece("改了", True)
    told = elided((same, other) if place == "first" else (other, same), 11, 100)
    text = told[0].text if place == "first" else told[1].text
    assert text == ("……甲为12.5万元，" if place == "first" else "甲为12.5万元，……")


def test_a_huge_difference_is_shown_in_part() -> None:
    (piece,) = elided((Piece("改" * 5000, True),), 10, 100)
    assert piece.text == "改" * 100 + "……"
