"""Receipts as data, one of each kind, and a browser that looks at a page."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analysis.figures.receipts.model import Changed, Correction, Counted, Forgiven, Receipt, ToAnswer
from analysis.intake.frames import Finding

FILE = "农业农村办公室2021年上报表（最终版）.xlsx"
WHO = "农业农村办公室"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def found(check, severity, where, about, said, remedy, heading="", item="", code=None, expected=""):
    sheet, _, cell = where.partition(" ")
    place = f"{WHO}《{FILE}》“{sheet}”表{cell}" if sheet else f"{WHO}《{FILE}》"
    message = f"{place}，{about}：{said}" if about else f"{place}：{said}"
    return Finding(
        WHO, check, severity, message, remedy, FILE, sheet, cell, code, item, heading=heading, expected=expected
    )


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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
        example=True,
        others=("《新建 Microsoft Excel 工作表.xlsx》：文件是空的，没有采用",),
    )


@pytest.fixture(scope="session")
def clean_one(full):
    return replace(full, findings=(), problems=(), forgiven=(), others=(), department="财政所", file="财政所.xlsx")


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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
        example=True,
    )


@pytest.fixture(scope="session")
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
        example=True,
    )


@pytest.fixture(scope="session")
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


@pytest.fixture
def seen(tmp_path):
    """Open a page in a browser: its requests and complaints, and how wide it lies: `seen(html, 360, "dark")`."""
    if not CHROMIUM.exists():
        pytest.skip("no browser")
    from playwright.sync_api import sync_playwright

    def look(html, width, scheme="light"):
        file = tmp_path / "page.html"
        file.write_text(html, "utf-8")
        told = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page.on("console", lambda message: told.append(message.text))
            page.on("request", lambda request: told.append(request.url))
            page.goto(file.as_uri())
            lies = page.evaluate("document.documentElement.scrollWidth")
            spilled = page.evaluate(
                "[...document.querySelectorAll('main *')].filter(e => e.closest('thead') === null"
                " && e.getBoundingClientRect().right > document.documentElement.clientWidth).length"
            )
            browser.close()
        return told[1:], lies, spilled  # the first request is the page itself

    return look
