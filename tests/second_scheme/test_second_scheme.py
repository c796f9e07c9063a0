"""Another kind of report from the same program: a county bureau's quarterly progress, from CSV, TOML and Markdown alone."""

from __future__ import annotations

import io
import re
import shutil
import textwrap
import zipfile
from dataclasses import dataclass
from pathlib import Path

import example
import pandas as pd
import pytest
from second_scheme import bureau
from telling import calculator

from analysis.figures.model import from_frame
from analysis.figures.receipts.files import make_receipts
from analysis.figures.stage import compute
from analysis.figures.tables import RECORDS, earlier_returns
from analysis.intake.ingest import read_period
from analysis.running.places import places_of
from analysis.running.run import Finished, run
from analysis.scheme import Period, SchemeError, read_facts, read_scheme
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.spans import Chart, Heading, Quotation, Table, text_of
from analysis.telling.tell import Told, tell

PERIOD = Period.parse("2021-03")
OF_THE_FIRST = re.compile("[镇乡村]|街道|党|脱贫|参保|目标任务完成情况")
"""Words of the township's scheme, which have no business here."""


@dataclass(frozen=True)
class Bureau:
    """The bureau's folder, what was read, and the report as told."""

    folder: Path
    material: Material
    submissions: pd.DataFrame
    findings: pd.DataFrame
    receipts: dict[str, bytes]
    told: Told


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    folder = tmp_path_factory.mktemp("bureau")
    bureau.make_bureau(folder)
    scheme = read_scheme(folder / "scheme")
    town = folder / "raw" / bureau.TOWN
    facts = read_facts(town, PERIOD, scheme)
    read = read_period(town / str(PERIOD), scheme, facts).values()
    values = pd.concat([one.values for one in read], ignore_index=True)
    findings = pd.concat([one.findings for one in read], ignore_index=True)
    computed = compute(scheme, facts, values, findings, earlier_returns(town, folder / "none", scheme, facts))
    material = Material(scheme, facts, *(from_frame(computed.tables[name], record) for name, record in RECORDS.items()))
    told = tell(material, computed.submissions, read_narrative(scheme.narrative))
    receipts = make_receipts(town / str(PERIOD), scheme, facts, values, computed)
    return Bureau(folder, material, computed.submissions, computed.findings, dict(receipts.files), told)


def test_it_is_small_and_of_its_own_kind(made: Bureau) -> None:
    told = [indicator for indicator in made.material.scheme.indicators if indicator.kind != "text"]
    assert (len(told), len(made.material.scheme.departments)) == (12, 3)
    assert sum(indicator.kind == "target" and indicator.direction == "down" for indicator in told) == 4
    assert made.told.report.title == "云川县市场监督管理局\n2021年一季度重点工作进展情况报告"
    headings = [
        block for chapter in made.told.report.chapters for block in chapter.blocks if isinstance(block, Heading)
    ]
    assert [text_of(block.spans) for block in headings if block.level == 1] == [
        "一、服务经营主体情况",
        "二、安全监管情况",
        "三、执法办案和消费维权情况",
        "四、问题和困难",
        "五、下阶段打算",
        "附件1：进展情况图",
        "附件2：指标进展情况明细表",
    ]


SENTENCES = {
    "kept under": "企业开办平均用时6.5小时，低于控制数（8小时）1.5小时，比上年同期下降31.6%。",
    "kept at": "超期未检特种设备15台，与控制数15台持平，同比下降31.8%。",
    "over": "案件平均办理天数67.5天，比上年同期增长16.4%，超出控制数（60天）7.5天，"
    "主要原因是商标侵权案件需送外地鉴定，鉴定平均用时21天。",
    "kept at none": "行政复议纠错案件0件，低于控制数（2件）2件，较上年同期减少1件。",
    "over, as a problem": "一是案件平均办理天数67.5天，超出控制数（60天）7.5天。",
    "over, as what a measure is against": "针对案件平均办理天数超出控制数的问题，与市级鉴定机构建立绿色通道，复杂案件提前介入、同步送检。",
    "behind": "完成食品抽检108批次，比上年同期下降23.4%，为年度目标600批次的18.0%；"
    "其中城区所52批次、城东所31批次、河西所25批次；落后序时进度（25.0%）7.0个百分点，"
    "主要原因是承检机构招标推迟，2月下旬才开始抽样。",
    "on time exactly": "抽查企业65户，同比增长12.1%，年度目标260户，完成率25.0%，达到序时进度（25.0%）。",
    "with fixed parts": "新登记经营主体512户，同比增长16.9%，为年度目标1800户的28.4%，达到序时进度（25.0%）；"
    "其中企业137户、个体工商户361户、农民专业合作社14户。",
    "ratio": "受理投诉举报147件，比上年同期的121件增长21.5%；连同上年结转的3件共150件，办结146件，按期办结率97.3%，"
    "比上年同期的95.9%提高1.4个百分点，低于年度目标（98.0%）0.7个百分点。",
    "from zero": "移送司法机关案件2件，上年同期为零，增加2件；",
    "opening": "2021年一季度，我局对照年度重点工作任务，承担考核指标10项，其中完成1项，进行中8项"
    "（含达到序时进度2项、落后序时进度1项、控制数以内3项、未达目标率1项、在建1项），未完成1项。",
    "own words": "四是跨部门数据共享还不充分，企业开办个别环节仍需重复提交材料。",
}


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_it_says(made: Bureau, sentence: str) -> None:
    assert sentence in "\n".join(example.prose_of(made.told.report))


def test_the_places_of_the_body_have_their_table_and_chart(made: Bureau) -> None:
    blocks = [block for chapter in made.told.report.chapters for block in chapter.blocks]
    table = next(block for block in blocks if isinstance(block, Table) and block.caption == "分监管所完成情况")
    assert [table.heads, *([text_of(cell) for cell in row] for row in table.rows)] == [
        ("监管所", "食品抽检（批次）"),
        ["城区所", "52"],
        ["城东所", "31"],
        ["河西所", "25"],
    ]
    assert [text_of(block.title).split("\u3000", 1)[1] for block in blocks if isinstance(block, Chart)] == [
        "3项有数量目标的任务（控制数除外），完成或达到序时进度2项，未达到1项",
        "上年同期基数较小的除外，同比增幅最大的是受理投诉举报，降幅最大的是超期未检特种设备",
        "城区所食品抽检最多",
    ]


def test_the_returns_are_clean_and_the_editor_knows_what_lacks_a_measure(made: Bureau) -> None:
    assert not made.told.report.draft
    assert {(f["check"], f["severity"]) for f in made.findings.to_dict("records")} == {("words_missing", "note")}
    assert made.told.unanswered == ("ZF02 办结投诉举报",)


def test_every_sentence_holds_on_a_calculator(made: Bureau) -> None:
    blocks = [block for chapter in made.told.report.chapters if not chapter.annex for block in chapter.blocks]
    spans = [b.title if isinstance(b, Chart) else b.spans for b in blocks if not isinstance(b, Table)]
    text = "\n".join("".join(calculator.MARK if isinstance(s, Quotation) else s.text for s in one) for one in spans)
    readings = calculator.check(calculator.sentences_of(text))
    assert [reading.sentence for reading in readings if not reading.ok] == []
    assert sum(claim.exact for reading in readings for claim in reading.claims) >= 20


def test_no_word_of_the_first_scheme_is_left(made: Bureau) -> None:
    texts = {"report": "\n".join(example.lines_of(made.told.report))}
    texts |= {name: text_in(name, content) for name, content in made.receipts.items()}
    for blank in sorted((made.folder / "blank").rglob("*.xlsx")):
        texts[blank.name] = text_in(blank.name, blank.read_bytes())
    assert len(texts) == 1 + 3 * 2 + 1 + 3  # report; page and marked copy each; the overview; blank returns
    found = {
        name: [text[max(0, m.start() - 10) : m.end() + 10] for m in OF_THE_FIRST.finditer(text)]
        for name, text in texts.items()
    }
    assert not {name: words for name, words in found.items() if words}


def text_in(name: str, content: bytes) -> str:
    """All text of a page or of a workbook's parts."""
    if not name.endswith(".xlsx"):
        return content.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(part).decode("utf-8") for part in package.namelist() if part.endswith(".xml"))


def test_a_row_of_words_must_be_the_one_that_the_scheme_names(made: Bureau) -> None:
    templates = read_narrative(made.material.scheme.narrative)
    name = "40-问题和困难.md"
    templates[name] = templates[name].replace("WT01", "CS01")
    with pytest.raises(SchemeError, match="problems 写的是“WT01”") as error:
        tell(made.material, made.submissions, templates)
    assert error.value.problems[0].file == f"scheme/narrative/{name}"
    assert error.value.problems[0].row == 3


def test_a_number_typed_into_its_templates_is_found(made: Bureau) -> None:
    templates = read_narrative(made.material.scheme.narrative)
    name = "40-问题和困难.md"
    templates[name] += "\n三个科室都已上报。\n"
    with pytest.raises(SchemeError, match="写了数字“三个”"):
        tell(made.material, made.submissions, templates)


def test_a_scheme_of_counts_alone_has_nothing_else_to_tell(tmp_path: Path) -> None:
    """No target, zero commitment, project, part, duty or paragraph; one department, no theme, no chart to draw."""
    bureau.make_scheme(tmp_path)
    scheme = tmp_path / "scheme"
    shutil.rmtree(scheme / "narrative")
    (scheme / "narrative").mkdir()
    for name, keys in (("indicators", ("code,", "ZF04,")), ("departments", ("order,", "3,")), ("themes", ("order,",))):
        rows = (scheme / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        (scheme / f"{name}.csv").write_text("\n".join(r for r in rows if r.startswith(keys)), encoding="utf-8")
    (scheme / "report.toml").write_text(
        'title = "{town}{quarter}情况"\nproblems = ""\nmeasures = ""\n', encoding="utf-8"
    )
    body = '{{ counts() }}；{{ zero_counts() }}。{{ tell("ZF04") }}。\n\n' + "".join(
        f'{{{{ chart("{kind}") }}}}\n\n' for kind in ("completion", "changes", "years")
    )
    (scheme / "narrative" / "10.md").write_text(body, encoding="utf-8")
    shutil.copy(bureau.ROOT / "scheme" / "words.csv", scheme)
    bureau.make_returns(tmp_path)
    report = example.told(tmp_path, str(PERIOD), tmp_path / "none", tmp_path / "raw" / bureau.TOWN).report
    told = "没有列入考核的指标；未设零发生承诺。移送司法机关案件2件，上年同期为零，增加2件。"
    assert example.prose_of(report) == [told]
    assert (report.title, report.draft) == ("市场监督管理局2021年一季度情况", False)
    tables = [block.caption for chapter in report.chapters for block in chapter.blocks if isinstance(block, Table)]
    assert tables == ["执法办案和消费维权完成情况", "上报情况"]


def test_the_documentation_shows_this_scheme(made: Bureau) -> None:
    page = (bureau.ROOT / "docs" / "scheme.md").read_text(encoding="utf-8").split("## 另一种报告：自己做一套方案\n")[1]
    toml, template, printed = (
        textwrap.dedent(block) for block in re.findall(r"```(?:toml|text)\n(.*?)```", page, re.DOTALL)
    )
    own = (bureau.HERE / "scheme" / "report.toml").read_text(encoding="utf-8")
    assert toml == own.split("\n", 1)[1]
    templates = "\n".join(read_narrative(made.material.scheme.narrative).values())
    assert [line for line in template.splitlines() if line not in templates.splitlines()] == []
    prose = example.prose_of(made.told.report)
    assert [line for line in printed.splitlines() if line and line not in prose] == []


@pytest.fixture(scope="session")
def finished(made: Bureau) -> Finished:
    places = places_of(
        bureau.ROOT,
        bureau.TOWN,
        PERIOD,
        raw=made.folder / "raw",
        processed=made.folder / "processed",
        reports=made.folder / "reports",
        scheme=made.folder / "scheme",
    )
    return run(places)


@pytest.mark.slow
def test_the_whole_pipeline_makes_the_three_formats(finished: Finished, made: Bureau) -> None:
    assert not finished.draft
    report = finished.places.report
    title = "云川县市场监督管理局2021年一季度重点工作进展情况报告"
    html = (report / "report.html").read_text(encoding="utf-8")
    assert f"<title>{title}</title>" in html
    assert not OF_THE_FIRST.search(html)
    with zipfile.ZipFile(report / "report.docx") as package:
        word = package.read("word/document.xml").decode("utf-8")
    prose = re.sub(r"\s|<[^>]*>", "", word)
    assert [sentence for sentence in (title, *SENTENCES.values()) if re.sub(r"\s", "", sentence) not in prose] == []
    assert not OF_THE_FIRST.search(prose)
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF-")
