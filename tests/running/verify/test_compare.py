"""Two texts as lines: which number became which."""

import pytest

from analysis.running.read_back import align
from analysis.running.read_back.lines import Line
from analysis.running.read_back.numbers import Numbers
from analysis.running.read_back.passages import passages_of
from analysis.running.verify.compare import compare

NAMES = ("农村改厕", "硬化道路", "双河村", "青禾村")
COMMON = ("前一段没有改动。", "后一段也没有改动。")


def found(before: list[str], after: list[str], row: bool = False) -> list[tuple[str, str, str]]:
    numbers = Numbers()
    ours, theirs = (
        passages_of([Line(text, row=row) for text in (COMMON[0], *texts, COMMON[1])], numbers)
        for texts in (before, after)
    )
    return [
        (d.kind, d.before.number.shown if d.before else "", d.after.number.shown if d.after else "")
        for d in compare(ours, theirs, NAMES).differences
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # like sentences: swapped, one deleted, one added
        (["新建5处。", "新建3处。"], ["新建3处。", "新建5处。"], [("changed", "5处", "3处"), ("changed", "3处", "5处")]),
        (["新建5处。", "新建3处。"], ["新建3处。"], [("lost", "5处", "")]),
        (["新建5处。", "新建3处。"], ["新建5处。", "新建4处。", "新建3处。"], [("added", "", "4处")]),
        # within a sentence
        (["改厕5座，修路3米。"], ["改厕3座，修路5米。"], [("changed", "5座", "3座"), ("changed", "3米", "5米")]),
        (["改厕5座，修路3米。"], ["修路3米，改厕5座。"], []),
        (["改厕5座，修路3米。"], ["修路5米，改厕3座。"], [("changed", "5座", "3座"), ("changed", "3米", "5米")]),
        (["完成5座，增长3%；完成6座，增长4%。"], ["完成6座，增长3%；完成5座，增长4%。"],
         [("changed", "5座", "6座"), ("changed", "6座", "5座")]),
        (["完成改厕5座的95%，增长3%。"], ["完成改厕5座，另有7处的95%，增长3%。"], [("added", "", "7处")]),
        (["其中双河村5座、青禾村3座。"], ["其中青禾村5座、双河村3座。"],
         [("elsewhere", "5座", "5座"), ("elsewhere", "3座", "3座")]),
        # joined, parted, carried into another sentence
        (["完成改厕5座。其中双河村3座。"], ["完成改厕5座，其中双河村3座。"], []),
        (["完成改厕5座，其中双河村3座。"], ["完成改厕5座。其中双河村3座。"], []),
        (["完成改厕5座，拨付补助资金8万元。", "今年硬化道路9米。"], ["完成改厕5座。", "今年硬化道路9米，拨付补助资金8万元。"], []),
        (["完成改厕5座，拨付补助资金8万元。", "今年硬化道路9米。"], ["完成改厕5座。", "今年硬化道路9米，拨付补助资金7万元。"],
         [("changed", "8万元", "7万元")]),
        # moved as they are, twice the same; moved and retold
        (["新建停车场5处。", "新建停车场9处。", "中间一段一直在这里。"],
         ["中间一段一直在这里。", "新建停车场9处。", "新建停车场5处。"], []),
        (["修复水毁道路5处。", "今年修复水毁道路9处。", "中间一段一直在这里。"],
         ["中间一段一直在这里。", "新近修复水毁道路6处。"], [("changed", "5处", "6处"), ("lost", "9处", "")]),
        # names and directions
        (["全年农村改厕完成5座。"], ["全年硬化道路完成5座。"], [("elsewhere", "5座", "5座")]),
        (["全年农村改厕完成5座。"], ["全年农村改厕共计完成了5座。"], []),
        (["改厕同比增长5.2%。"], ["改厕同比下降5.2%。"], [("turned", "5.2%", "5.2%")]),
        (["改厕同比增长5.2%。"], ["改厕较上年提高5.2%。"], []),
        (["改厕快于序时进度（75.0%）1.7个百分点。"], ["改厕落后序时进度（75.0%）1.7个百分点。"],
         [("turned", "75.0%", "75.0%"), ("turned", "1.7个百分点", "1.7个百分点")]),
        (["改厕低于控制数（5件）2件。"], ["改厕超出控制数（5件）2件。"],
         [("turned", "5件", "5件"), ("turned", "2件", "2件")]),
        (["改厕超额5座。"], ["改厕比目标少5座。"], [("turned", "5座", "5座")]),
        (["改厕比目标少5座。"], ["改厕还差5座。"], []),
        (["未按期完成2项。"], ["没有完成2项。"], []),
        (["改厕未超过5件。"], ["改厕超过5件。"], [("turned", "5件", "5件")]),
        (["改厕不低于5件。"], ["改厕低于5件。"], [("turned", "5件", "5件")]),
        (["改厕不少于5件。"], ["改厕多于5件。"], []),
        (["改厕同比下降5%。"], ["改厕同比降幅达到5%。"], []),
        (["其中完成20项，未完成2项。"], ["其中未完成20项，完成2项。"],
         [("turned", "20项", "20项"), ("turned", "2项", "2项")]),
        # the same number typed otherwise, and other precision
        (["完成1200座。"], ["完成1,200座。"], []),
        (["完成3座。"], ["完成三座。"], []),
        (["完成95.0%。"], ["完成95%。"], [("changed", "95.0%", "95%")]),
        (["完成1.2亿元。"], ["完成12000万元。"], [("changed", "1.2亿元", "12000万元")]),
    ],
)  # fmt: skip
def test_differences(before: list[str], after: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert found(before, after) == expected


def test_rows_are_compared_cell_by_cell() -> None:
    before, after = "E01｜农村改厕｜座｜5｜—｜3", "E01｜农村改厕｜户｜—｜5｜3"
    assert found([before], [after], row=True) == [("changed", "座", "户"), ("lost", "5", ""), ("added", "", "5")]


def test_a_text_of_nothing_but_the_same_words_is_bounded() -> None:
    many = [f"新建{number}处。" for number in range(1500)]
    assert len(found(many, ["新建9处。", *many])) == 1


@pytest.mark.parametrize(
    ("pairs", "comparisons", "kinds", "moved"),
    [(4, 99, "changed", 0), (0, 99, "lost added", 0), (0, 9, "lost added", 4)],
)
def test_a_text_longer_than_any_report_is_bounded_further(
    pairs: int, comparisons: int, kinds: str, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then only what stayed the same finds its counterpart, and at last wherever that stands."""
    monkeypatch.setattr(align, "MAX_PAIRS", pairs)
    monkeypatch.setattr(align, "MAX_COMPARISONS", comparisons)
    same = [f"新建第{number}处停车场。" for number in "一一二二"]
    before = ["甲村新改造农村户用厕所5座。", *same, "甲村新修建通村入户道路5米。"]
    after = ["乙村新改造农村户用厕所6座。", *same, "乙村新修建通村入户道路6米。"]
    assert {kind for kind, _, _ in found(before, after)} == set(kinds.split())
    ours, theirs = (passages_of(map(Line, texts), Numbers()) for texts in (before, after))
    assert compare(ours, theirs, NAMES).moved == moved


def test_a_sentence_longer_than_any_is_compared_by_its_amounts() -> None:
    long = "又" * 3_000
    assert found([f"{long}建5处修3处。"], [f"{long}造6处修3处。"]) == [("lost", "5处", ""), ("added", "", "6处")]
