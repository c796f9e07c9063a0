"""The pages of every kind of receipt: what each says first, nothing of a return as markup, how it lies in a browser."""

from dataclasses import replace
from datetime import date

import lxml.html
import pytest
from browser import chromium, violations
from policy import policy_of, strict_policy

from analysis.figures.receipts import rendering
from analysis.figures.receipts.model import Changed, Correction, Counted, Forgiven, Receipt, ToAnswer
from analysis.figures.receipts.overview import overview, owes, summary
from analysis.figures.receipts.page import page, split
from analysis.intake.frames import Finding

FILE = "农业农村办公室2021年上报表（最终版）.xlsx"
WHO = "农业农村办公室"


def found(check, severity, where, about, said, remedy, heading="", item="", code=None, expected=""):
    sheet, _, cell = where.partition(" ")
    place = f"{WHO}《{FILE}》“{sheet}”表{cell}" if sheet else f"{WHO}《{FILE}》"
    message = f"{place}，{about}：{said}" if about else f"{place}：{said}"
    return Finding(
        WHO, check, severity, message, remedy, FILE, sheet, cell, code, item, heading=heading, expected=expected
    )


@pytest.fixture(scope="module")
def findings():
    return (
        found(
            "not_number",
            "error",
            "指标 F9",
            "粮食产量（D01）",
            "完成数“约3200”不是数字。",
            "请填写确切的数字，不写“约”“多”“余”。",
            heading="完成数",
            code="D01",
            expected="一个数字",
        ),
        found(
            "change_big",
            "warning",
            "指标 F12",
            "农村改厕（D04）",
            "完成数612户比上年同期数60户增长920.0%，约为10倍，疑似单位有误。",
            "请核对单位；数字无误的，请在说明中写明原因。",
            heading="完成数",
            code="D04",
            expected="增减不超过50%",
        ),
        found(
            "parts_sum",
            "error",
            "分项 D14",
            "高标准农田建设（D03）“柳坪村”",
            "分项合计1180亩，与总数1200亩相差20亩；“柳坪村”改为140亩即可相符。",
            "请核对分项和总数，改正其中有错的。",
            heading="完成数",
            item="柳坪村",
            code="D03",
            expected="1200亩",
        ),
        found(
            "project_reason",
            "warning",
            "项目 M6",
            "重点项目建设（E04）“冷链仓库：二期”",
            "项目在建、已过计划完成月份，没有写原因。",
            "请写明滞后原因。",
            heading="未开工或滞后原因",
            item="冷链仓库：二期",
            code="E04",
        ),
        found(
            "sight_note",
            "note",
            "",
            "",
            "文件没有用空白上报表，按内容认出是本部门的。",
            "请核对；如果不对，请改用本部门的空白上报表。",
        ),
    )


@pytest.fixture(scope="module")
def full(findings):
    return Receipt(
        department=WHO,
        town="青禾镇",
        period="2021年",
        state="已上报",
        file=FILE,
        filled_by="何文斌",
        filled_on="2022-01-05",
        phone="0900-5550100",
        contact="0900-5550104",
        deadline=date(2022, 1, 7),
        findings=findings,
        problems=(
            ToAnswer("D04", "农村改厕", "目标660户，完成612户，完成率92.7%"),
            ToAnswer(
                "E04-2",
                "冷链仓库：二期",
                "计划9月完成，仍在建，形象进度70%",
                "受汛期影响，基础施工停工40天。",
                "倒排工期，每周调度。\n春节前完成主体封顶。",
                True,
                True,
            ),
            ToAnswer("D07", "畜禽粪污综合利用率", "目标90%，实际86.5%", reason="两家养殖场设备检修。"),
        ),
        forgiven=(
            Forgiven("指标", "F5", "新增就业岗位（E07）完成数", "１，２００", "全角数字，按1200读取"),
            Forgiven("指标", "G7", "农产品加工产值（D06）上年同期数", "1.2亿元", "由亿元折算为万元：12000"),
        ),
        counts=(
            Counted("not_number", "不是数字", 64, 1, 0),
            Counted("parts_sum", "分项之和与总数", 5, 1, 0),
            Counted("base_differs", "上年同期数与上年所报", 21, 0, 9),
        ),
        marked_copy=f"{WHO}.xlsx",
        example="乡镇",
        others=("《新建 Microsoft Excel 工作表.xlsx》：文件是空的，没有采用",),
    )


@pytest.fixture(scope="module")
def clean_one(full):
    return replace(full, findings=(), problems=(), forgiven=(), others=(), department="财政所", file="财政所.xlsx")


@pytest.fixture(scope="module")
def corrected(full, findings):
    correction = Correction(
        corrects="农业农村办公室2021.xlsx",
        settled=(
            "农业农村办公室《农业农村办公室2021.xlsx》“指标”表F5，新增就业岗位（E07）：完成数没有数字。",
            "农业农村办公室《农业农村办公室2021.xlsx》“项目”表D6，重点项目建设（E04）：没有填写阶段。",
        ),
        stays=3,
        new=(findings[2].message, findings[1].message),
        changed=(
            Changed("指标", "F5", "新增就业岗位（E07）完成数", "", "1200"),
            Changed("项目", "D6", "重点项目建设（E04）“冷链仓库：二期”阶段", "", "在建"),
            Changed("指标", "F12", "农村改厕（D04）完成数", "61.2", "612"),
        ),
    )
    return replace(full, correction=correction)


@pytest.fixture(scope="module")
def refused(full):
    refusal = Finding(
        "水利站",
        "refused",
        "error",
        "水利站《水利站2021.xls》：文件没有采用：文件有密码，打不开。",
        "请在Excel或WPS中取消密码，另存后重新报送。",
        "水利站2021.xls",
    )
    return Receipt(
        "水利站",
        "青禾镇",
        "2021年",
        "退回",
        "水利站2021.xls",
        phone=full.phone,
        contact="0900-5550107",
        deadline=full.deadline,
        findings=(refusal,),
        example="乡镇",
    )


@pytest.fixture(scope="module")
def missing(full):
    owed = Finding(
        "纪委", "not_returned", "error", "纪委：还没有收到2021年上报表。", "请催报，联系电话：0900-5550113。"
    )
    return Receipt(
        "纪委",
        "青禾镇",
        "2021年",
        "未上报",
        phone=full.phone,
        contact="0900-5550113",
        deadline=full.deadline,
        findings=(owed,),
        example="乡镇",
    )


@pytest.fixture(scope="module")
def hostile(full, findings):
    """Everything that a return can bring along, wherever a page shows a text."""
    bad = "<script>alert(1)</script>{{ 7*7 }}{% raw %}\u202egpj.exe&amp;\"'><img src=x onerror=y>"
    return replace(
        full,
        department="../../etc",
        file=f"javascript:alert(1){bad}",
        filled_by=bad,
        filled_on=bad,
        phone=bad,
        contact=bad,
        findings=tuple(
            replace(f, message=bad, remedy=bad, sheet=bad, cell=bad, item=bad, expected=bad) for f in findings
        ),
        problems=(ToAnswer(bad, bad, bad, bad, bad),),
        forgiven=(Forgiven(bad, bad, bad, bad, bad),),
        counts=(Counted(bad, bad, 1, 2, 3),),
        correction=Correction(bad, (bad,), 1, (bad,), (Changed(bad, bad, bad, bad, bad),)),
        marked_copy="javascript:alert(1)//../x\u202e#?.xlsx",
        others=(bad,),
    )


def parsed(content):
    return lxml.html.document_fromstring(content)


def table(root, kind):
    """The rows of a table of a page, as text."""
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in root.xpath("//table[@class=$kind]/tbody/tr", kind=kind)
    ]


def headline(root):
    return root.xpath("string(//h2[@id='state']/*[@class='state'])"), root.xpath("string(//*[@class='headline'])")


# ---- What is said --------------------------------------------------------------------------------------------------


def test_errors_come_first_and_keep_the_number_of_the_marked_copy(full):
    rows = table(parsed(page(full)), "found")
    assert [row[:3] for row in rows] == [
        ["1", "错误", "指标 F9"],
        ["3", "错误", "分项 D14"],
        ["2", "疑问", "指标 F12"],
        ["4", "疑问", "项目 M6"],
        ["5", "提示", "整个文件"],
    ]
    assert rows[0][3:6] == ["粮食产量（D01）完成数", "完成数“约3200”不是数字。", "一个数字"]
    assert rows[3][3:5] == [
        "重点项目建设（E04）“冷链仓库：二期”未开工或滞后原因",
        "项目在建、已过计划完成月份，没有写原因。",
    ]


def test_a_message_of_other_words_is_shown_whole(findings):
    other = replace(findings[0], message="别的说法：如此。")
    assert split(other) == ("D01完成数", "别的说法：如此。")
    place = findings[0].message.partition("，")[0]
    assert split(replace(findings[0], message=f"{place}，没有冒号。")) == ("D01完成数", f"{place}，没有冒号。")


def test_a_message_about_a_project_alone_is_parted_behind_its_name(findings):
    project = findings[3]
    alone = replace(project, message=project.message.replace("重点项目建设（E04）", ""))
    about, said = split(alone)
    assert about == "“冷链仓库：二期”未开工或滞后原因" and said.startswith("项目在建")


def test_what_to_do_and_what_follows_otherwise(full):
    root = parsed(page(full))
    assert headline(root) == ("已上报", "有2条错误，请改正后报回")
    assert len(root.xpath("//section[contains(@class, 'glance')]/ol/li")) == 4
    assert "错误不改正，不能出定稿。" in root.xpath("string(//*[@class='otherwise'])")
    assert root.xpath("//a/@href") == ["%E5%86%9C%E4%B8%9A%E5%86%9C%E6%9D%91%E5%8A%9E%E5%85%AC%E5%AE%A4.xlsx"]
    counts = [" ".join(item.text_content().split()) for item in root.xpath("//ul[@class='counts']/li/b")]
    assert counts == ["错误 2 条", "疑问 2 条", "提示 1 条", "待答复 2 个"]


def test_without_errors_the_rest_is_asked_for(full, findings):
    root = parsed(page(replace(full, findings=findings[1:2])))
    assert headline(root) == ("已上报", "没有错误；有1条疑问请核对，2个问题请答复")
    assert "疑问不改正、也不说明原因，不能出定稿。" in root.text_content()
    assert "错误不改正" not in root.text_content()


def test_nothing_to_complain_about_is_said_plainly(clean_one, findings):
    root = parsed(page(clean_one))
    assert headline(root) == ("已上报", "没有需要改正和答复的，不用再做什么")
    assert "感谢配合" in root.text_content()
    assert "现在要做的" not in root.text_content()
    assert table(root, "found") == []
    noted = parsed(page(replace(clean_one, findings=findings[-1:])))
    assert headline(noted) == headline(root)
    assert "1条提示供参考，不用答复" in noted.text_content()


def test_an_answered_problem_is_owed_no_more(full):
    rows = table(parsed(page(full)), "problems")
    assert [row[3:] for row in rows] == [
        ["待填", "待填"],
        ["受汛期影响，基础施工停工40天。", "倒排工期，每周调度。 春节前完成主体封顶。"],
        ["两家养殖场设备检修。", "待填"],
    ]
    answered = replace(full, problems=full.problems[1:2], findings=())
    root = parsed(page(answered))
    assert headline(root)[1] == "没有需要改正和答复的，不用再做什么"
    assert "请答复的问题都已答复" in root.text_content()


def test_a_correction_says_of_each_finding_whether_it_is_new(corrected):
    root = parsed(page(corrected))
    assert [row[1] for row in table(root, "found")] == [
        "错误 上次已提出",
        "错误 新发现",
        "疑问 新发现",
        "疑问 上次已提出",
        "提示 上次已提出",
    ]
    assert "上次的问题解决2条，还有3条，新发现2条" in root.text_content()
    assert table(root, "changed")[2] == ["指标 F12", "农村改厕（D04）完成数", "61.2", "612"]
    gone = parsed(page(replace(corrected, correction=Correction("", (), 5))))
    assert "改了哪些格无法比较" in gone.text_content()


def test_a_refused_file_is_told_with_the_remedy(refused):
    root = parsed(page(refused))
    assert headline(root) == ("退回", "上报表没有采用，请改好后重新报送")
    (reason,) = root.xpath("//ul[@class='reasons']/li")
    assert (
        reason.text_content() == "文件没有采用：文件有密码，打不开。怎么办：请在Excel或WPS中取消密码，另存后重新报送。"
    )
    assert table(root, "found") == []
    assert root.xpath("//a") == []


def test_who_has_not_returned_is_not_told_what_is_for_the_office(missing):
    root = parsed(page(missing))
    assert headline(root) == ("未上报", "还没有收到上报表")
    assert "请催报" not in root.text_content()
    assert missing.phone in root.text_content()


def test_more_rows_than_a_page_bears_are_counted(full, monkeypatch):
    monkeypatch.setattr(rendering, "MOST_ROWS", 3)
    rendering._environment.cache_clear()
    try:
        root = parsed(page(full))
    finally:
        monkeypatch.undo()
        rendering._environment.cache_clear()
    assert len(table(root, "found")) == 3
    assert "本页只列前3条，另有2条没有列出，见标注副本。" in root.text_content()


def test_a_long_text_is_cut(full):
    rows = table(parsed(page(replace(full, forgiven=(Forgiven("指标", "F5", "甲", "长" * 30_000, "乙"),)))), "forgiven")
    assert rows[0][2] == "长" * rendering.LONGEST + "……"


# ---- The office's table --------------------------------------------------------------------------------------------


def test_summary_and_what_is_owed(full, clean_one, refused, missing):
    everybody = [full, clean_one, refused, missing]
    assert summary(everybody) == (
        "4个部门：已上报2个，退回1个，未上报1个；错误4条，疑问2条，提示1条；待答复的问题2个。"
    )
    assert summary(everybody, ["甲"]).endswith("；认不出部门的文件1个。")
    assert [owes(receipt) for receipt in everybody] == [
        "改正错误2条，核对疑问2条，答复问题2个",
        "无",
        "改好后重新报送",
        "报送上报表",
    ]


def test_a_line_a_department_and_whom_to_call(full, clean_one, refused, missing):
    root = parsed(overview([full, clean_one, refused, missing], ["《工作簿1.xlsx》：看不出是哪个部门的。"]))
    lines = table(root, "all")
    assert [line[:2] for line in lines] == [
        ["农业农村办公室", "已上报"],
        ["财政所", "已上报"],
        ["水利站", "退回"],
        ["纪委", "未上报"],
    ]
    assert lines[0][2:9] == ["2022年1月5日", "何文斌", FILE, "2", "2", "1", "2"]
    assert lines[3][2:5] == ["—", "—", "—"]
    called = [" ".join(item.text_content().split()) for item in root.xpath("//ul[@class='overdue']/li")]
    assert called == ["退回 水利站 电话：0900-5550107 请改好后重新报送", "未上报 纪委 电话：0900-5550113"]
    assert root.xpath("//table[@class='all']//a/@href")[1] == "receipts/%E8%B4%A2%E6%94%BF%E6%89%80.html"
    assert "《工作簿1.xlsx》" in root.text_content()


def test_nobody_to_call(clean_one):
    assert "没有需要催报的" in overview([clean_one])
    assert "0个部门" in overview([])


# ---- What a return brings along ------------------------------------------------------------------------------------


def test_nothing_of_a_return_is_markup_template_or_path(hostile):
    receipt = page(hostile)
    office = overview([hostile], [hostile.file])
    for content in (receipt, office):
        root = parsed(content)
        assert not root.xpath(
            "//script | //img | //link[@rel != 'icon'] | //iframe | //object | //form | //@src | //@style"
        )
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        assert "{{ 7*7 }}" in root.text_content()
        assert "49" not in root.xpath("string(//main)")
        assert "\u202e" not in content
        assert policy_of(root) == strict_policy(root)
    assert parsed(receipt).xpath("//a/@href") == ["javascript%3Aalert%281%29%2F%2F..%2Fx%E2%80%AE%23%3F.xlsx"]
    assert parsed(office).xpath("//a/@href") == ["receipts/..%2F..%2Fetc.html"]


def test_half_a_character_does_not_stop_a_page(full):
    page(replace(full, file="a\ud800.xlsx", filled_by="\x00\udfff")).encode()


# ---- How it lies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["full", "clean_one", "corrected", "refused", "missing", "hostile"])
def test_structure_for_everybody(kind, request):
    receipt = request.getfixturevalue(kind)
    for content in (page(receipt), overview([receipt], ["甲"])):
        root = parsed(content)
        assert root.get("lang") == "zh-CN"
        assert len(root.xpath("//h1")) == 1
        assert len(root.xpath("//main")) == 1
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert set(root.xpath("//@aria-labelledby")) <= set(ids)
        for each in root.xpath("//table"):
            assert each.xpath("string(caption)").strip()
            heads = each.xpath("thead/tr/th[@scope='col']")
            for row in each.xpath("tbody/tr"):
                assert len(row) == len(heads)
                assert row[0].get("scope") == "row"
                assert [cell.get("data-head") for cell in row] == [head.text for head in heads]


@pytest.mark.slow
def test_in_a_browser_nothing_is_asked_for_and_nothing_hangs_over(
    full, clean_one, corrected, refused, missing, hostile, tmp_path
):
    receipts = {"full": full, "clean": clean_one, "corrected": corrected, "refused": refused, "hostile": hostile}
    pages = {name: page(receipt) for name, receipt in receipts.items()}
    pages["overview"] = overview([*receipts.values(), missing], ["甲" * 300])
    for name, content in pages.items():
        (tmp_path / f"{name}.html").write_text(content, "utf-8")
    told = []
    with chromium() as browser:
        for width, scheme in ((360, "light"), (640, "dark"), (1280, "light")):  # 640: 1280 at 200 %
            tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            tab.on("console", lambda message: told.append(message.text))
            tab.on("request", lambda request: told.append(request.url))
            for name in pages:
                tab.goto((tmp_path / f"{name}.html").as_uri())
                tab.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
                assert tab.evaluate("document.documentElement.scrollWidth") == width, (name, width)
                assert width == 360 or violations(tab) == [], (name, width)
            assert tab.locator("thead").first.evaluate("e => getComputedStyle(e).position") == (
                "static" if width == 1280 else "absolute"
            )
            tab.close()
    assert told == [(tmp_path / f"{name}.html").as_uri() for _ in range(3) for name in pages]
