"""The figure audit: no number in the report that nothing accounts for."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib.text
import pytest

from analysis.scheme import SchemeError, read_scheme
from analysis.telling.audit import audit
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.numerals import Lexicon, is_digit
from analysis.telling.pictures import figure_of
from analysis.telling.spans import (
    Block,
    Chapter,
    Chart,
    Figure,
    Heading,
    Name,
    Paragraph,
    Quotation,
    Report,
    Table,
    Text,
    spans_of,
)
from analysis.telling.tell import Told, tell

SOCIETY = "10-高质量发展综合指标.md"


@pytest.fixture(scope="module")
def templates(root: Path) -> dict[str, str]:
    return read_narrative(root / "scheme" / "narrative")


@pytest.fixture(scope="module")
def told(example_material: tuple[Material, object], templates: dict[str, str]) -> Told:
    return tell(*example_material, templates)


# ---- what is a number --------------------------------------------------------------------------------------------

NUMBERS = [
    ("全镇共3个村", ["3个"]),
    ("全镇共３个村", ["３个"]),
    ("共1,234.5万元", ["1,234.5万元"]),
    ("增长12%", ["12%"]),
    ("增长若干％", ["％"]),
    ("①加强领导；②压实责任", ["①", "②"]),
    ("第Ⅳ标段", ["Ⅳ"]),
    ("⑴加强领导", ["⑴"]),
    ("二〇二一年", ["二〇二一年"]),
    ("约½", ["½"]),
    ("㋀完成", ["㋀"]),
    ("一九二一年", ["一九二一年"]),
    ("十月", ["十月"]),
    ("三个村", ["三个"]),
    ("十几户", ["十几户"]),
    ("数十人参加", ["十人"]),
    ("三十多户", ["三十多户"]),
    ("二百余人", ["二百余人"]),
    ("两百来人", ["两百来人"]),
    ("百分之三十", ["百分之"]),
    ("三分之二", ["三分之"]),
    ("增长三成", ["三成"]),
    ("翻了两番", ["两番"]),
    ("提高三个百分点", ["三个"]),
    ("投入五十万元", ["五十万元"]),
    ("三 个村", ["三 个"]),
    ("叁万元", ["叁万元"]),
    ("装机两千千瓦", ["两千千瓦"]),
    ("三项工作、五条措施", ["三项", "五条"]),
    ("一是压实责任，二是加强督查", []),
    ("统一部署，逐一销号", []),
    ("落实“四个不摘”和三会一课", []),
    ("落实四个不摘", ["四个"]),
    ("党的十九大以来", []),
    ("二十九大", ["二十九大"]),
    ("（一）社会经济发展", []),
    ("以万元计", []),
    ("附件1", []),
    ("附件12", ["12"]),
    ("拨打12345热线", []),
    ("拨打12345个电话", ["12345个"]),
    ("拨打123456", ["123456"]),
    ("零发生承诺全部兑现", []),
    ("一般公共预算支出", []),
]


@pytest.fixture(scope="module")
def lexicon(example_material: tuple[Material, object]) -> Lexicon:
    scheme = example_material[0].scheme
    words = [word.word for word in scheme.words]
    return Lexicon(frozenset([*words, "万元"]), frozenset(measure.word for measure in scheme.measures))


@pytest.mark.parametrize(("text", "found"), NUMBERS, ids=[text for text, _ in NUMBERS])
def test_what_is_a_number(text: str, found: list[str], lexicon: Lexicon) -> None:
    assert [text[start:end] for start, end in lexicon.numbers(text)] == found


def test_a_digit_is_a_digit_in_any_dress() -> None:
    assert all(is_digit(mark) for mark in "5５①Ⅳ⑴½²〇㋀%％‰٣𝟓")
    assert not any(is_digit(mark) for mark in "三个A，（")


# ---- the example -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2019", "2020", "2021"])
def test_the_examples_reports_account_for_every_number(period: str, told_example: Callable[[str], object]) -> None:
    report = told_example(period).report  # telling one fails where the audit finds anything
    assert len([span for span in report.spans() if isinstance(span, Figure)]) > 800


# ---- a number typed into a template ------------------------------------------------------------------------------

TYPED = [
    ("全镇共有12个村。", "12个"),
    ("全镇共有１２个村。", "１２个"),
    ("全镇共有十二个村。", "十二个"),
    ("全镇十几个村均有安排。", "十几个"),
    ("参加人员达数百人。", "百人"),
    ("①加强领导。", "①"),
    ("第Ⅳ标段已开工。", "Ⅳ"),
    ("较计划提前三成。", "三成"),
    ("增幅约为百分之五。", "百分之"),
    ("另外新增3 {{ ref('E01') }}。", "3"),
    ("另外新增三{{ ref('E01') }}。", "三"),
    ("另外新增{{ ref('G01') }}万。", "万"),
    ("{{ tell('C02', '三次提拔任用中层干部') }}。", "三次"),
    ("{{ tell('C02', '提拔任用{}、共7人的中层干部') }}。", "7人"),
    ("{{ tell('D04', whole='受理2批问题线索', part='处置', rate='处置率') }}。", "2批"),
    ("### 第3项工作", "3项"),
    ("::: note\n共5处。\n:::", "5处"),
]


@pytest.mark.parametrize(("typed", "number"), TYPED, ids=[number for _, number in TYPED])
def test_a_number_typed_into_a_template_is_named_with_file_and_line(
    typed: str, number: str, example_material: tuple[Material, object], templates: dict[str, str]
) -> None:
    wrong = dict(templates)
    name = "20-党建指标.md"
    text = wrong[name].replace('{{ tell("C02") }}。', "") if "C02" in typed else wrong[name]
    if "D04" in typed:
        start = text.index('{{ tell("D04"')
        text = text[:start] + text[text.index("。", start) + 1 :]
    lines = text.splitlines()
    wrong[name] = "\n".join([*lines[:4], typed, "", *lines[4:]])
    line = 4 + next(n for n, part in enumerate(typed.splitlines(), 1) if number in part)
    with pytest.raises(SchemeError) as raised:
        tell(*example_material, wrong)
    (found,) = raised.value.problems
    assert (found.file, found.row) == (f"scheme/narrative/{name}", line)
    assert f"写了数字“{number}”" in found.found
    assert "scheme/words.csv" in found.remedy


def test_two_equal_mistakes_are_named_at_their_own_lines(
    example_material: tuple[Material, object], templates: dict[str, str]
) -> None:
    wrong = {**templates, SOCIETY: templates[SOCIETY] + "\n全镇共3个村。\n\n全镇共3个村，另有3个村。\n"}
    last = len(wrong[SOCIETY].splitlines())
    with pytest.raises(SchemeError) as raised:
        tell(*example_material, wrong)
    assert sorted(problem.row for problem in raised.value.problems) == [last - 2, last, last]


def test_a_word_of_the_scheme_is_allowed_once_it_is_listed(
    example_material: tuple[Material, object], templates: dict[str, str]
) -> None:
    material, submissions = example_material
    wrong = {**templates, SOCIETY: templates[SOCIETY] + "\n落实“三个区分开来”。\n"}
    with pytest.raises(SchemeError, match="写了数字“三个”"):
        tell(material, submissions, wrong)
    scheme = material.scheme
    word = scheme.words[0].model_copy(update={"word": "“三个区分开来”"})
    tell(replace(material, scheme=replace(scheme, words=(*scheme.words, word))), submissions, wrong)


def test_without_measure_words_there_is_no_report(
    example_material: tuple[Material, object], templates: dict[str, str]
) -> None:
    material, submissions = example_material
    with pytest.raises(SchemeError, match=r"scheme/measures\.csv：没有量词"):
        tell(replace(material, scheme=replace(material.scheme, measures=())), submissions, templates)


def test_a_heading_of_the_third_level_has_its_number(
    example_material: tuple[Material, object], templates: dict[str, str]
) -> None:
    tell(*example_material, {**templates, SOCIETY: templates[SOCIETY] + "\n### 1. 其他\n\n无。\n"})
    with pytest.raises(SchemeError, match="写了数字“5”"):
        tell(*example_material, {**templates, SOCIETY: templates[SOCIETY] + "\n## 5. 其他\n\n无。\n"})


def test_mistakes_in_the_two_tables_are_told(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scheme"
    shutil.copytree(root / "scheme", folder)
    (folder / "words.csv").write_text("word,reason\n一是,序号\n一是,序号\n大力推进,空话\n", encoding="utf-8")
    (folder / "measures.csv").write_text("word,example\n个,三个\n个,三个\n", encoding="utf-8")
    with pytest.raises(SchemeError) as raised:
        read_scheme(folder)
    assert [str(problem) for problem in raised.value.problems] == [
        "scheme/words.csv 第4行：“大力推进”里没有数字，不用列在这里。请按 docs/scheme.md 的说明更正。",
        "scheme/words.csv 第3行“word”列：“一是”与第2行重复。请删去一行。",
        "scheme/measures.csv 第3行“word”列：“个”与第2行重复。请删去一行。",
    ]


def test_every_measure_word_makes_a_numeral_a_number(lexicon: Lexicon) -> None:
    for measure in lexicon.measures:
        assert list(lexicon.numbers(f"另有三十{measure}")), measure


# ---- what is not template text -----------------------------------------------------------------------------------

CELL = "[财政所.xlsx]指标!F4"
FIGURE = Figure("7", "项", "E03", "actual", None, (CELL,))
NO_SOURCE = replace(FIGURE, sources=())
TABLE = Table("表", ("列",), (10,), (((FIGURE,),),))
BLOCKS: list[tuple[str, Block, str]] = [
    ("a name", Paragraph((Name("青禾镇8个村"),)), "“青禾镇8个村”中的“8个”"),
    ("a year that is not of the period", Paragraph((Name("2031年"),)), "“2031年”"),
    ("a figure without source", Paragraph((NO_SOURCE,)), "数字“7项”（E03.actual）没有来源"),
    ("a quotation that no cell says", Paragraph((Quotation("共9户", CELL, "财政所"),)), "引文“共9户”"),
    ("a cell of a table", replace(TABLE, rows=(((Text("4项"),),),)), "写了数字“4项”"),
    ("a caption", replace(TABLE, caption="5张表"), "“5张表”中的“5张”"),
    ("a table's head", replace(TABLE, heads=("前3名",)), "“前3名”中的“3名”"),
    ("a heading", Heading(2, (Text("（一）三项工作"),), "h"), "写了数字“三项”"),
    ("a chart's title", Chart("completion", (Text("共6项"),), "条形图。", None), "写了数字“6项”"),
    ("a chart's alternative", Chart("completion", (), "条形图，甲达98.5%。", None), "“98.5%”"),
    ("a chart's alternative, near", Chart("completion", (), "甲17项。", None, (FIGURE,)), "“17项”"),
]


@pytest.mark.parametrize(("block", "said"), [b[1:] for b in BLOCKS], ids=[b[0] for b in BLOCKS])
def test_every_kind_of_span_is_audited(
    block: Block, said: str, example_material: tuple[Material, object], told: Told, templates: dict[str, str]
) -> None:
    material, submissions = example_material
    report = Report("青禾镇报告", (Chapter(SOCIETY, (block,)),))
    figures = told.figures.iloc[:0]
    found = [
        str(problem)
        for problem in audit(report, figures, material, submissions, templates)
        if problem.file != "figures.parquet"
    ]
    assert len(found) == 1, found
    assert said in found[0]


def test_what_is_right_of_each_kind_passes(
    example_material: tuple[Material, object], told: Told, templates: dict[str, str]
) -> None:
    material, submissions = example_material
    paragraph = material.paragraphs[0]
    alt = Chart("completion", (FIGURE,), "甲7项，乙7。", None, (FIGURE,))
    blocks: tuple[Block, ...] = (
        Paragraph((Quotation(paragraph.text, paragraph.source, paragraph.department), Name("2021年"), FIGURE)),
        Paragraph((Name(material.projects[2].item), Name("2022年1月13日"), Name("E04-3"))),
        replace(TABLE, heads=("投资（万元）",)),
        alt,
    )
    listed = told.figures.iloc[:1].assign(id=FIGURE.id, text=FIGURE.text)
    report = Report("青禾镇2021年度报告", (Chapter(SOCIETY, blocks),))
    found = audit(report, listed.loc[listed.index.repeat(4)], material, submissions, templates)
    assert not found, [str(problem) for problem in found]


def test_a_figure_that_is_not_listed_is_found(
    example_material: tuple[Material, object], told: Told, templates: dict[str, str]
) -> None:
    material, submissions = example_material
    (problem,) = audit(told.report, told.figures.iloc[1:], material, submissions, templates)
    assert problem.file == "figures.parquet"
    assert told.figures.iloc[0]["text"] in problem.found


def test_a_message_shows_no_more_than_a_line_of_what_is_wrong(
    example_material: tuple[Material, object], told: Told, templates: dict[str, str]
) -> None:
    material, submissions = example_material
    report = Report("题目", (Chapter("x", (Paragraph((Name("甲\n" * 5000 + "9个"),)),)),))
    (problem,) = audit(report, told.figures.iloc[:0], material, submissions, templates)
    assert len(str(problem)) < 150
    assert "\n" not in str(problem)


# ---- pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2019", "2020", "2021"])
def test_a_picture_prints_only_the_numbers_of_its_list(period: str, told_example: Callable[[str], object]) -> None:
    for chapter in told_example(period).report.chapters:
        for chart in (block for block in chapter.blocks if isinstance(block, Chart)):
            figure = figure_of(chart)
            printed = {text.get_text() for text in figure.findobj(matplotlib.text.Text)}
            known = {"0%", "50%", "100%", "150%", chart.note}  # the scale
            known |= {part for f in chart.figures for part in (f.number, f.text, "差" + f.text)}
            known |= {f"{word}{f.text}" for f in chart.figures for word in ("增长", "下降")}
            names = "".join(chart.rows["name"]) + "".join(f"{year}年" for year in range(2015, 2022))
            strange = [text for text in printed if any(map(is_digit, text)) and text not in known and text not in names]
            assert not strange


def test_the_numbers_of_a_chart_are_listed_with_their_cells(told: Told) -> None:
    listed = told.figures[told.figures["place"] == "chart"]
    charts = [block for chapter in told.report.chapters for block in chapter.blocks if isinstance(block, Chart)]
    assert len(listed) == sum(len(chart.figures) for chart in charts) > 40
    assert (listed["sources"] != "").all()
    assert set(listed["id"]) >= {"E01.chart.rate", "H01.chart.change", "E01.chart.2019"}
    assert all(figure in spans_of(chart) for chart in charts for figure in chart.figures)
