"""The pages of the receipts: what a department and the office read, with everything from a return as text."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from analysis.figures.receipts.model import Changed, Correction, Counted, Forgiven, Receipt, ToAnswer
from analysis.figures.receipts.overview import overview
from analysis.figures.receipts.page import page
from analysis.figures.receipts.sheet import list_sheet
from analysis.intake.frames import Finding

EVIL = '<script>alert(1)</script>{{ 7*7 }}../x" onload="x'


class Seen(HTMLParser):
    """Tags and text of a page, as a browser takes them."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.texts, self.links, self.policy = [], [], [], ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on")]
        if tag == "a":
            self.links.append(given.get("href") or "")
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", "", "".join(self.texts))


def finding(severity="error", text="完成数“约300”不是确数"):
    return Finding(
        "财政所", "uncertain_number", severity, f"财政所《a.xlsx》“指标”表F4，支出（E03）：{text}。", "请填写准确的数字。",
        "a.xlsx", "指标", "F4", "E03", "", "约300", "", "完成数",
    )  # fmt: skip


def receipt(**changes):
    usual = {
        "department": "财政所",
        "town": "青禾镇",
        "period": "2021年",
        "state": "已上报",
        "file": "a.xlsx",
        "phone": "0900-1",
        "contact": "0900-2",
        "deadline": date(2022, 1, 7),
        "findings": (finding(), finding("warning", "变动超过50%")),
        "problems": (ToAnswer("E03", "一般公共预算支出", "目标2260万元，完成2000万元，完成率88.5%"),),
        "forgiven": (Forgiven("指标", "F5", "税收（E06）完成数", "1.2亿元", "由亿元折算为万元：12000"),),
        "counts": (Counted("negative", "有没有负数", 12, 0, 1),),
        "marked_copy": "财政所.xlsx",
    }
    return Receipt(**(usual | changes))


def test_a_department_reads_what_is_wrong_where_and_what_to_do():
    seen = Seen(page(receipt()))
    for text in (
        "审核回执",
        "青禾镇",
        "财政所",
        "约300",
        "F4",
        "请填写准确的数字",
        "目标2260万元",
        "E03",
        "由亿元折算为万元",
        "2022年1月7日",
    ):
        assert text in seen.text, text
    assert seen.tags.count("h1") == 1
    assert any("xlsx" in link for link in seen.links)


@pytest.mark.parametrize(("state", "said"), [("退回", "退回"), ("未上报", "未上报")])
def test_without_a_return_the_page_says_what_to_do_and_whom_to_call(state, said):
    seen = Seen(page(receipt(state=state, findings=(finding(),), problems=(), forgiven=(), marked_copy="")))
    assert said in seen.text
    assert "0900-1" in seen.text
    assert not any("xlsx" in link for link in seen.links)


def test_a_correction_tells_what_is_settled_new_and_changed():
    mended = Correction(
        "a.xlsx", ("已经改好的那条",), 1, ("新的那条",), (Changed("指标", "F4", "支出（E03）完成数", "约300", "300"),)
    )
    seen = Seen(page(receipt(correction=mended)))
    for text in ("已经改好的那条", "新的那条", "约300", "a.xlsx"):
        assert text in seen.text


def test_a_changed_cell_leads_to_what_stands_there_now():
    """A row that is gone stood in the earlier file, and the receipt's own sheet is laid out anew with each receipt."""
    changed = (
        Changed("指标", "F4", "支出（E03）完成数", "约300", "300"),
        Changed("分项", "D4", "税收（E06）“国税”完成数", "5", "", gone=True),
        Changed("审核回执", "H12", "E05的下一步措施", "", "加强培训"),
    )
    mended = receipt(correction=Correction("a.xlsx", changed=changed))
    rows = [row for row in list_sheet(mended).rows if row[0].text == "改动"]
    assert [(row[1].text, row[3].text, row[3].link) for row in rows] == [
        ("", "F4", ("指标", "F4")),
        ("原表", "D4", None),
        ("", "H12", None),
    ]
    assert "原表分项D4" in Seen(page(mended)).text


def test_the_foot_says_that_a_check_looks_at_many_rows():
    counts = (Counted("parts_sum", "分项合计", 3, 1, 0), Counted("base_restated", "上年数更正", 40, 0, 5))
    assert (
        "2项审核，每项要查多行，合计查了49次：通过43次，发现问题1次，无法审核5次"
        in Seen(page(receipt(counts=counts))).text
    )


def test_the_office_sees_who_has_returned_and_whom_to_call():
    missing = receipt(
        department="水利站", state="未上报", file="", findings=(), problems=(), forgiven=(), marked_copy=""
    )
    seen = Seen(overview([receipt(filled_on="2022-01-05"), missing], ["《会议通知.docx》：不是上报表"]))
    for text in ("财政所", "2022年1月5日", "水利站", "未上报", "0900-2", "会议通知.docx"):
        assert text in seen.text, text
    assert any(link.startswith("receipts/") for link in seen.links)


def test_the_sheet_lists_what_was_read_although_it_was_written_otherwise():
    sheet = list_sheet(receipt(findings=(), problems=()))
    (row,) = [row for row in sheet.rows if any(cell.text == "1.2亿元" for cell in row)]
    assert [cell.text for cell in row if cell.text] == [
        "指标", "F5", "税收（E06）完成数", "1.2亿元", "由亿元折算为万元：12000",
    ]  # fmt: skip
    assert row[3].link == ("指标", "F5")
    without = list_sheet(receipt(forgiven=()))
    assert not any("已按右边的办法读取" in cell.text for row in without.rows for cell in row)


def test_text_of_a_return_is_text_on_every_page():
    evil = receipt(
        file=EVIL,
        filled_by=EVIL,
        contact=EVIL,
        findings=(finding(text=EVIL),),
        problems=(ToAnswer("E03", EVIL, EVIL, EVIL, EVIL),),
        forgiven=(Forgiven(EVIL, "F5", EVIL, EVIL, EVIL),),
        correction=Correction(EVIL, (EVIL,), 0, (EVIL,), (Changed(EVIL, "F4", EVIL, EVIL, EVIL),)),
        others=(EVIL,),
    )
    for content in (page(evil), overview([evil], [EVIL])):
        seen = Seen(content)
        assert "script" not in seen.tags
        assert "<script>alert(1)</script>{{7*7}}" in seen.text
        assert "default-src 'none'" in seen.policy
        assert "http" not in "".join(seen.links)


def test_privacy_is_counted_where_there_is_any_and_asked_for():
    named = receipt(findings=(finding("privacy", "里写了人的姓名（村民张某）"),))
    text = Seen(page(named)).text
    assert "没有错误；有1条隐私请删去" in text and "隐私1条" in text
    assert "错误1条，疑问1条，隐私1条，提示0条" in Seen(overview([named, receipt()])).text
    assert "隐私" not in Seen(page(receipt())).text + Seen(overview([receipt()])).text


def test_the_same_receipt_gives_the_same_page():
    assert page(receipt()) == page(receipt())
