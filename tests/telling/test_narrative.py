"""Chapter templates: what an analyst may write, and how a mistake is told."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from analysis.figures.answers import MEASURE, PROBLEM
from analysis.figures.model import Paragraph as Words
from analysis.figures.model import Problem
from analysis.scheme import SchemeError
from analysis.telling.helpers import Helpers
from analysis.telling.markers import Marks, blocks_of
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative, tell_chapters
from analysis.telling.spans import Heading, Paragraph, Quotation, spans_of, text_of
from analysis.telling.summary import zero_counts_clause
from analysis.telling.told_problems import measures_by_theme, told_problems


@pytest.fixture(scope="module")
def material(example_material: tuple[Material, object]) -> Material:
    return example_material[0]


@pytest.fixture(scope="module")
def templates(root: Path) -> dict[str, str]:
    return read_narrative(root / "scheme" / "narrative")


def problem(material: Material, templates: dict[str, str]) -> str:
    with pytest.raises(SchemeError) as raised:
        tell_chapters(material, templates)
    return str(raised.value)


def test_every_row_of_the_scheme_is_told_once(material: Material, templates: dict[str, str]) -> None:
    _, helpers = tell_chapters(material, templates)
    assert set(helpers.told) == {indicator.code for indicator in material.scheme.indicators}
    assert len(helpers.told) == 126


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ tell('Z99') }}", "没有编码为“Z99”的指标"),
        ("{{ tell('E01') }}", "E01（全社会固定资产投资）已在 10-高质量发展综合指标.md 中讲过"),
        ("{{ tell('B02', 'x', rete='y') }}", "没有“rete”这个参数"),
        ("{{ telll('B02') }}", "没有“telll”这个名称。是否是“tell”？"),
        ("{{ tell('B02' }}", "模板写法有误"),
        ("{{ ref('E01', 'rate') }}", "没有“rate”这种数字"),
        ("{{ ref('N04', 'target') }}", "N04（整改环境隐患问题）是比率类指标，没有可以再提的目标数"),
        ("{{ ref('P01', 'target') }}", "P01（村集体经济收益分红）是数量类指标，没有可以再提的目标数"),
        ("{{ chart('pie') }}", "没有“pie”这种图"),
        ("{{ tell('E04') }}", "E04（重点项目建设）是项目类指标"),
        ("{{ zeros(E01='x') }}", "E01（全社会固定资产投资）是目标类指标"),
        ("{{ tell('N04', '整改隐患') }}", "比率指标没有前导语"),
        ("{{ tell('Y01', '满{G99}的') }}", "前导语中的 {G99} 不是与这一行一起讲的指标"),
        ("{{ town.mayor.name }}", "no attribute 'mayor'"),
        ("{% include '21-附.md' %}", "模板不能用（21-附.md）"),
        ("{{ town.__class__.__mro__ }}", "is unsafe"),
        ("{{ 1 / 0 }}", "模板不能用"),
    ],
)
def test_a_mistake_names_file_line_and_remedy(
    line: str, said: str, material: Material, templates: dict[str, str]
) -> None:
    wrong = dict(templates)
    wrong["20-党建指标.md"] = "# 二、党建\n\n全镇党建工作。\n\n" + line + "\n"
    if "E01" not in line:  # so that the row of the line has not been told yet
        wrong["10-高质量发展综合指标.md"] = "# 一、\n"
    told = problem(material, wrong)
    assert told.startswith("scheme/narrative/20-党建指标.md 第5行：")
    assert said in told


def test_a_row_left_out_is_named(material: Material, templates: dict[str, str]) -> None:
    wrong = dict(templates)
    name = "20-党建指标.md"
    wrong[name] = wrong[name].replace('{{ tell("C02") }}。', "")
    told = problem(material, wrong)
    assert "没有讲到 C02（干部队伍建设：提拔任用中层干部）" in told
    assert "{{ tell('C02') }}" in told


def test_an_analyst_can_reword_and_reorder(material: Material, templates: dict[str, str]) -> None:
    changed = dict(templates)
    name = "20-党建指标.md"
    changed[name] = changed[name].replace('{{ tell("D02") }}。', '另外，{{ tell("D02", "组织观看警示教育片") }}。')
    chapters, _ = tell_chapters(material, changed)
    prose = "".join(text_of(spans_of(block)) for chapter in chapters for block in chapter.blocks)
    assert "另外，组织观看警示教育片6次，较上年增加2次。" in prose


def test_a_row_that_is_no_longer_asked_for_leaves_no_trace(material: Material, templates: dict[str, str]) -> None:
    until = [i.model_copy(update={"until": 2020}) if i.code == "N06" else i for i in material.scheme.indicators]
    rows = [row for row in material.assessments if row.code != "N06"]
    shorter = replace(material, scheme=replace(material.scheme, indicators=tuple(until)), assessments=rows)
    chapters, helpers = tell_chapters(shorter, templates)
    prose = [text_of(b.spans) for c in chapters for b in c.blocks if isinstance(b, Paragraph)]
    assert "N06" not in helpers.told
    assert not [text for text in prose if "；。" in text or "；；" in text or "。。" in text or text.startswith("；")]


def without(material: Material, *codes: str) -> Material:
    """As if nobody had returned these rows."""
    owed = {"state": "not_reported", "actual": None, "base": None}
    rows = [replace(row, **owed) if row.code in codes else row for row in material.assessments]
    return replace(material, assessments=rows, projects=[p for p in material.projects if p.code not in codes])


def test_what_was_not_returned_is_a_gap_wherever_it_is_told(material: Material) -> None:
    helpers = Helpers(without(material, "G01", "E04"))
    told = [helpers.ref("G01"), helpers.project_counts("E04"), helpers.projects("E04")]
    assert [text_of(helpers.marks.take(piece)) for piece in told] == [
        "〔数据待党建工作办公室补报〕",
        "〔个数待经济发展办公室补报〕",
        "〔项目情况待经济发展办公室补报〕",
    ]
    assert [gap.code for gap in helpers.gaps] == ["G01", "E04", "E04"]


def test_rows_that_are_no_longer_asked_for_are_not_told_again_either(material: Material) -> None:
    until = [i.model_copy(update={"until": 2020}) for i in material.scheme.indicators]
    helpers = Helpers(replace(material, scheme=replace(material.scheme, indicators=tuple(until))))
    assert {helpers.ref("G01"), helpers.project_counts("E04"), helpers.projects("E04")} == {""}


def test_a_year_without_problems_says_so(material: Material) -> None:
    assert Helpers(replace(material, problems=(), paragraphs=())).problems("Q01") == "未发现突出问题。"


def test_a_change_for_the_worse_is_told_with_both_years(material: Material) -> None:
    row = replace(
        material.by_code["G21"], actual=Decimal(40), base=Decimal(120), change_state="down", change=Fraction(-2, 3)
    )
    found = Problem("G21", "G21", "change_beyond", row.department)
    (told,) = told_problems(replace(material, assessments=[row], problems=[found], paragraphs=()), {})
    assert text_of(told) == "购买学习资料册数40本，比上年的120本下降66.7%。"


def test_a_measure_for_what_is_no_problem_stands_under_the_theme_of_its_row(material: Material) -> None:
    words = Words("党建工作办公室", MEASURE, "加强培训", "[党建办.xlsx]文字材料!C4", "A01", "X99、E01")
    ((heading, sentences),), _ = measures_by_theme(replace(material, problems=(), paragraphs=[words]), {})
    theme = next(theme.theme for theme in material.scheme.themes if theme.section == material.scheme["E01"].section)
    assert text_of(heading) == f"（一）{theme}" and [text_of(s) for s in sentences] == ["加强培训。"]


def test_zero_commitments_that_are_owed_are_not_told_as_broken(material: Material) -> None:
    zeros = [i.code for i in material.scheme.indicators if i.kind == "zero"]
    rows = [replace(row, state="kept") for row in without(material, *zeros[:2]).assessments if row.code in zeros]
    rows[:2] = [replace(row, state="not_reported") for row in rows[:2]]
    told = text_of(zero_counts_clause(replace(material, assessments=rows)))
    assert told == f"零发生承诺{len(zeros)}项，兑现{len(zeros) - 2}项，未上报2项"


def test_headings_alike_have_anchors_of_their_own_and_a_style_must_be_known() -> None:
    first, second = blocks_of("## 教育\n\n## 教育\n", Marks(), "c10")
    assert isinstance(first, Heading) and isinstance(second, Heading)
    assert (first.anchor, second.anchor) == ("c10-教育", "c10-教育-")
    with pytest.raises(ValueError, match="没有“gross”这种段落"):
        blocks_of("::: gross\n文\n:::\n", Marks(), "c10")


def test_a_departments_words_are_quotations_as_typed(told_example: Callable[[str], object]) -> None:
    report = told_example("2021").report
    quotes = [s.text for s in report.spans() if isinstance(s, Quotation)]
    assert any("<b>" in text and "{{ 标题 }}" in text and "$5$" in text for text in quotes)


def test_chapters_stand_in_the_order_of_the_spec(told_example: Callable[[str], object]) -> None:
    blocks = [b for c in told_example("2021").report.chapters if not c.annex for b in c.blocks]
    headings = [text_of(b.spans) for b in blocks if isinstance(b, Heading) and b.level == 1]
    assert headings == [
        "一、高质量发展综合指标完成情况",
        "二、党建指标完成情况",
        "三、个性指标完成情况",
        "四、监控指标完成情况",
        "五、存在的问题和不足",
        "六、下一步工作措施",
        "附件1：主要指标图表",
    ]


def test_the_openings_numbers_add_up(material: Material) -> None:
    outcomes = [row.outcome for row in material.assessments if row.outcome is not None]
    assert len(outcomes) == outcomes.count("完成") + outcomes.count("未完成")
    assert (len(outcomes), outcomes.count("完成")) == (51, 41)


def test_without_templates_the_remedy_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="没有章节模板"):
        read_narrative(tmp_path)


def test_however_many_problems_there_are_each_has_its_ordinal(material: Material) -> None:
    own = [Words("财政所", PROBLEM, f"问题{n}", f"[财政所.xlsx]文字材料!C{n}", "Q01", "") for n in range(1, 121)]
    sentences = [text_of(s) for s in told_problems(replace(material, problems=(), paragraphs=own), {})]
    assert [sentences[n - 1].partition("是")[0] for n in (1, 10, 11, 20, 99, 100, 101, 110, 120)] == [
        "一", "十", "十一", "二十", "九十九", "一百", "一百零一", "一百一十", "一百二十"
    ]  # fmt: skip


def test_a_single_problem_is_not_counted(material: Material) -> None:
    both, one = (
        told_problems(replace(material, problems=material.problems[:count], paragraphs=[]), {}) for count in (2, 1)
    )
    assert [text_of(sentence)[:2] for sentence in both] == ["一是", "二是"]
    assert [text_of(sentence) for sentence in one] == [text_of(both[0]).removeprefix("一是")]
