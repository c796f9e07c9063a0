"""What the console is told of a result: every kind of change with where its number is from, and nothing without end."""

from dataclasses import replace

import pytest

from analysis.running.read_back.lines import LONGEST
from analysis.running.verify import Verified, told
from analysis.running.verify.told import NOTES_SHOWN, ROWS_SHOWN
from analysis.running.verify.verified import Change, Note, Origin

CELLS = tuple(f"[财.xlsx]指标!F{row}" for row in range(1, 9))
CLEAN = Verified("改.docx", "青禾镇报告", "", 40, (), 0, 0, ())


def change(kind: str, before: str, after: str, origin: Origin | None = None) -> Change:
    sentences = (f"完成{before}。" if before else "", f"完成{after}。" if after else "")
    return Change(kind, before, after, *sentences, "一、总体情况", "正文", origin)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (change("added", "", "7处"), "   新增：（无） → 7处；报告的数字清单中没有来源"),
        (change("changed", "2021年", "2022年"), "   改动：2021年 → 2022年；不是算出的数字（年份、名称或模板中的字）"),
        (change("elsewhere", "5座", "5座", Origin("figure", "5座", "E04", "改厕")), "   换了对象：5座；E04 改厕"),
        (change("turned", "5%", "5%", Origin("quotation", "5%")), "   说法相反：5%；部门原话"),
        (change("lost", "3次", "", Origin("quotation", "3次", sources=("[综治办.xlsx]文字!B3",))),
         "   删去：3次 → （无）；部门原话，见 [综治办.xlsx]文字!B3"),
        (change("changed", "8万元", "9万元", Origin("figure", "8万元", formula="1 + 7", sources=CELLS)),
         f"   改动：8万元 → 9万元；算式 1 + 7；来源 {'、'.join(f'财.xlsx 指标 F{row}' for row in range(1, 7))}等8处"),
    ],
)  # fmt: skip
def test_a_number_is_told_with_what_it_was_and_where_it_is_from(found: Change, line: str) -> None:
    lines = told(replace(CLEAN, changes=(found,)))
    assert lines[-1] == line
    assert lines[-3] == f"   原句：{found.sentence_before or '（没有这一句）'}"
    assert lines[-2] == f"   现句：{found.sentence_after or '（已删去）'}"


def test_sentences_with_other_words_alone_are_counted() -> None:
    assert told(replace(CLEAN, reworded=2, moved=1)) == [
        "核对 改.docx：对照《青禾镇报告》（时间不详 运行）的数字。",
        "40个数字没有改动。",
        "",
        "另有只改文字、数字未动的句子2句，只挪了位置的句子1句，不逐一列出。",
    ]


def test_a_long_sentence_is_shown_around_its_number() -> None:
    first, last = "前" * 200, "后" * 200
    sentences = (f"{first}完成5处{last}", f"{first}完成6处{last}")
    found = replace(change("changed", "5处", "6处"), sentence_before=sentences[0], sentence_after=sentences[1])
    lines = told(replace(CLEAN, changes=(found,)))
    before = next(line for line in lines if "原句" in line).removeprefix("   原句：")
    assert len(before) == LONGEST + 4
    assert before.startswith("……前") and "前完成5处后" in before and before.endswith("后……")
    at_the_end = replace(found, sentence_before=f"{first}{last}完成5处", sentence_after="")
    assert f"……{last[: LONGEST - 4]}完成5处" in "\n".join(told(replace(CLEAN, changes=(at_the_end,))))


@pytest.mark.parametrize(("kind", "word"), [("lost", "删去"), ("added", "新增")])
def test_rows_of_a_table_that_went_or_came_are_told_as_rows(kind: str, word: str) -> None:
    rows = [f"E{number:02}｜改厕｜座｜5" for number in range(ROWS_SHOWN + 2)]
    found = [
        replace(change(kind, "5", ""), sentence_before="", sentence_after="", place="表“明细”")
        for _ in range(2 * len(rows))
    ]
    side = "sentence_before" if kind == "lost" else "sentence_after"
    changes = tuple(replace(each, **{side: rows[place // 2]}) for place, each in enumerate(found))
    lines = told(replace(CLEAN, changes=changes))
    assert lines[3:5] == ["1. 一、总体情况（表“明细”）", f"   {word}整行，共22行，其中的数44处："]
    assert lines[5:] == [*(f"   {row}" for row in rows[:ROWS_SHOWN]), "   …… 共22行"]


def test_a_long_list_of_notes_is_cut() -> None:
    notes = tuple(Note("hidden", "隐藏文字", f"第{number}处") for number in range(NOTES_SHOWN + 3))
    lines = told(replace(CLEAN, notes=notes))
    assert lines[-2:] == [f"   隐藏文字“第{NOTES_SHOWN - 1}处”", f"   …… 共{NOTES_SHOWN + 3}处"]
