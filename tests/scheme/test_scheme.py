"""Mistakes in the scheme's tables are told with file, row, column and remedy."""

import shutil

import pytest

from analysis.scheme import SchemeError, read_scheme
from analysis.scheme.load import read_people


def one(problems: list[str]) -> str:
    assert len(problems) == 1, problems
    return problems[0]


def test_the_projects_own_scheme_reads(scheme):
    assert len(scheme.departments) == 15
    assert [department.order for department in scheme.departments] == list(range(1, 16))
    assert scheme["N04"].whole == "N03"
    assert scheme["R01"].parts == ("镇级", "村级")
    assert scheme["E03"].ceiling


@pytest.mark.parametrize(
    ("table", "key", "column", "value", "found"),
    [
        ("indicators", "E01", "kind", "tagret", "“tagret”不在可选范围内"),
        ("indicators", "E01", "code", "E1", "“E1”的写法不对"),
        ("indicators", "E01", "name", "", "这一格空着"),
        ("indicators", "E01", "upper", "很多", "应当是数字"),
        ("indicators", "E01", "decimals", "两位", "“两位”不是整数"),
        ("indicators", "E01", "decimals", "9", "“9”太大。请填写不大于 4 的数"),
        ("indicators", "E01", "decimals", "-1", "“-1”太小。请填写不小于 0 的数"),
        ("indicators", "E01", "strict", "对", "只能填“是”或者空着"),
        ("indicators", "E01", "since", "202x", "不是整数"),
        ("departments", "财政所", "order", "三", "“三”不是整数"),
        ("relations", "带动就业", "relation", "大于", "“大于”不在可选范围内"),
        ("checks", "negative", "severity", "严重", "“严重”不在可选范围内"),
        ("checks", "too_long", "value", "长", "应当是数字"),
        ("checks", "negative", "wording", "", "这一格空着"),
        ("synonyms", "亿", "factor", "多", "应当是数字"),
        ("synonyms", "竣工", "group", "阶段", "“阶段”不在可选范围内"),
        ("themes", "民生保障", "order", "", "这一格空着"),
    ],
)
def test_a_wrong_cell_is_named(copy, table, key, column, value, found):
    row = copy.set(table, key, column, value)
    problem = next(each for each in copy.problems() if found in each)
    assert problem.startswith(f"scheme/{table}.csv 第{row}行“{column}”列")
    assert problem.count("。") >= 1, "what is wrong and what to do"


@pytest.mark.parametrize(
    ("key", "column", "value", "found"),
    [
        ("E01", "direction", "", "要有方向"),
        ("E01", "unit", "", "要有单位"),
        ("E01", "lower", "600000", "下限 lower（600000）大于上限 upper（500000）"),
        ("E01", "whole", "E02", "其他指标不填"),
        ("N04", "whole", "", "要填它的分母"),
        ("E01", "carried_over", "是", "只用于比率指标"),
        ("E05", "ceiling", "是", "只用于方向为 up 的目标指标"),
        ("E01", "average", "户均", "除以哪个指标"),
        ("P06", "since", "2021", "晚于停用年 until（2020）"),
    ],
)
def test_cells_of_a_row_that_contradict_each_other(copy, key, column, value, found):
    copy.set("indicators", "P06", "comparable_since", "")
    copy.set("indicators", "P06", "until", "2020")
    row = copy.set("indicators", key, column, value)
    problem = next(each for each in copy.problems() if found in each)
    assert problem.startswith(f"scheme/indicators.csv 第{row}行")


@pytest.mark.parametrize(
    ("table", "key", "column", "value", "found"),
    [
        ("indicators", "E01", "owner", "招商局", "没有“招商局”这个部门"),
        ("indicators", "G01", "second_owner", "招商局", "没有“招商局”这个部门"),
        ("indicators", "G01", "second_owner", "党建工作办公室", "第二填报部门与责任部门相同"),
        ("indicators", "N04", "whole", "N99", "没有编码为“N99”的指标"),
        ("indicators", "N04", "whole", "N04", "不能指向自己"),
        ("indicators", "N04", "whole", "N10", "不是数量指标"),
        ("indicators", "N04", "whole", "N05", "不同"),
        ("indicators", "P04", "told_with", "Z01", "没有编码为“Z01”的指标"),
        ("indicators", "N04", "internal", "是", "与 N03 一起讲，两行的 internal 应当相同"),
        ("indicators", "N03", "since", "2021", "没有分母 N03"),
        ("indicators", "E01", "small_base", "600000", "同比永远不会列出"),
        ("indicators", "E01", "change_bound", "0", "应当大于零"),
        ("relations", "带动就业", "left", "E99", "没有编码为“E99”的指标"),
        ("relations", "带动就业", "right", "E04.place", "不是项目的数字"),
        ("relations", "带动就业", "right", "E01.jobs", "不是项目的数字"),
        ("relations", "带动就业", "right", "E04", "没有数字"),
        ("relations", "大棚投资", "right", "E01+E02", "只有 sum 的右边可以有几项"),
        ("themes", "民生保障", "section", "民生", "没有“民生”这一节"),
    ],
)
def test_contradictions_are_named(copy, table, key, column, value, found):
    row = copy.set(table, key, column, value)
    matching = [each for each in copy.problems() if found in each]
    assert matching
    if not (table == "indicators" and key == "N03"):
        assert matching[0].startswith(f"scheme/{table}.csv 第{row}行“{column}”列")


@pytest.mark.parametrize(
    ("key", "column", "value", "found"),
    [
        ("E01", "strict", "是", "填在这里不起作用"),
        ("E01", "rate_rule", "inverse", "只用于方向为 down 的目标指标"),
        ("E03", "parts", "甲、乙", "没有 breakdown"),
        ("P05", "lower", "1", "零发生永远不能成立"),
        ("P05", "change_bound", "30", "界限不起作用"),
        ("N04", "change_bound", "30", "界限不起作用"),
        ("E01", "factor", "2", "没有 comparable_since"),
        ("E05", "upper", "-1", "没有数能符合"),
    ],
)
def test_rules_of_a_row_that_can_never_be_found_or_met(copy, key, column, value, found):
    row = copy.set("indicators", key, column, value)
    matching = [each for each in copy.problems() if found in each]
    assert matching
    assert matching[0].startswith(f"scheme/indicators.csv 第{row}行“{column}”列")


@pytest.mark.parametrize(
    ("key", "column", "value", "found"),
    [
        ("E01", "lower", "nan", "应当是数字"),
        ("N04", "show_unit", "万件", "不填 show_unit"),
        ("N03", "show_unit", "万件", "请删去分母的 show_unit"),
    ],
)
def test_numbers_and_units_that_can_not_be_used(copy, key, column, value, found):
    copy.set("indicators", key, column, value)
    assert any(found in each for each in copy.problems())


def test_a_table_far_too_large_is_not_read(copy, monkeypatch):
    monkeypatch.setattr("analysis.scheme.table.BOUND_ON_BYTES", 100)
    assert any("文件过大" in each for each in copy.problems())


def test_words_of_names_are_read_alone_and_their_mistakes_told(copy, root):
    assert read_people(copy.folder) == ()
    shutil.copy(root / "scheme" / "people.csv", copy.folder)
    words = read_people(copy.folder)
    assert words and words == read_scheme(copy.folder).people
    rows = copy.rows("people")
    copy.write("people", [*rows, rows[1]])
    with pytest.raises(SchemeError, match=r"people\.csv 第.*重复"):
        read_people(copy.folder)


def test_rules_of_a_row_that_are_used(copy):
    copy.set("indicators", "N04", "strict", "是")
    copy.set("indicators", "E01", "change_bound", "30")
    copy.set("indicators", "P05", "lower", "0")
    read_scheme(copy.folder)


def test_a_part_that_always_is_above_its_whole(copy):
    copy.set("indicators", "N03", "lower", "0")
    copy.set("indicators", "N03", "upper", "10")
    row = copy.set("indicators", "N04", "lower", "11")
    copy.set("indicators", "N04", "upper", "99")
    assert one(copy.problems()).startswith(f"scheme/indicators.csv 第{row}行“lower”列：下限 11 大于分母 N03 的上限 10")


def test_a_definition_that_changed_after_the_end(copy):
    copy.set("indicators", "E05", "until", "2020")
    row = copy.set("indicators", "E05", "comparable_since", "2021")
    assert any(f"第{row}行“comparable_since”列" in each for each in copy.problems())


@pytest.mark.parametrize(
    ("relation", "left", "right", "found"),
    [
        ("at_most", ("0", "10"), ("10", "20"), "总是成立"),
        ("at_most", ("21", "30"), ("10", "20"), "永远不能成立"),
        ("at_most", ("0", "11"), ("10", "20"), None),
        ("at_most", ("20", "30"), ("10", "20"), None),
        ("at_most", ("5", ""), ("", ""), None),
        ("equal", ("0", "9"), ("10", "20"), "永远不能成立"),
        ("equal", ("21", ""), ("10", "20"), "永远不能成立"),
        ("equal", ("0", "10"), ("10", "20"), None),
        ("sum", ("21", "30"), ("0", "20"), "永远不能成立"),
        ("sum", ("21", "30"), ("0", ""), None),
    ],
)
def test_a_relation_that_bounds_decide(copy, relation, left, right, found):
    for code, (lower, upper) in (("E01", left), ("E02", right)):
        copy.set("indicators", code, "lower", lower)
        copy.set("indicators", code, "upper", upper)
    copy.write("relations", [copy.rows("relations")[0]])
    row = copy.add("relations", name="a", relation=relation, left="E01", right="E02", explanation="x")
    if found is None:
        read_scheme(copy.folder)
    else:
        problem = one(copy.problems())
        assert problem.startswith(f"scheme/relations.csv 第{row}行“relation”列")
        assert found in problem


def test_a_relation_of_no_year(copy):
    copy.set("indicators", "E05", "until", "2019")
    copy.set("indicators", "E06", "since", "2020")
    row = copy.add("relations", name="a", relation="equal", left="E05", right="E06", explanation="x")
    assert any(f"第{row}行“left”列：各项没有一年同时有效" in each for each in copy.problems())


def test_a_relation_twice_under_two_names(copy):
    row = copy.add("relations", name="又一次", relation="at_most", left="E05", right="E01", explanation="x")
    assert one(copy.problems()).startswith(f"scheme/relations.csv 第{row}行“right”列：与第3行“大棚投资”是同一条关系")


def test_a_figure_in_relation_to_itself(copy):
    copy.add("relations", name="a", relation="at_most", left="E02", right="E02", explanation="x")
    assert "关系绕成一圈" in one(copy.problems())


def test_relations_in_a_circle(copy):
    copy.add("relations", name="a", relation="sum", left="E01", right="E02", explanation="x")
    copy.add("relations", name="b", relation="at_most", left="E02", right="E01", explanation="x")
    problem = one(copy.problems())
    assert "关系绕成一圈" in problem
    assert "E01" in problem
    assert "E02" in problem


@pytest.mark.parametrize(("table", "key"), [("indicators", "E01"), ("departments", "财政所"), ("checks", "negative")])
def test_a_row_twice(copy, table, key):
    rows = copy.rows(table)
    copy.write(table, [*rows, next(row for row in rows if key in row)])
    problem = copy.problems()[0]
    assert problem.startswith(f"scheme/{table}.csv 第{len(rows) + 1}行")
    assert "重复" in problem


def test_two_departments_that_are_called_alike(copy):
    """A return that states the name would be taken for the first one's."""
    copy.set("departments", "财政所", "aliases", "镇财政所、农业办")
    assert one(copy.problems()) == (
        "scheme/departments.csv 第5行“aliases”列：“农业办”也是财政所的名称或别的叫法。请只留给其中一个部门。"
    )


def test_a_synonym_twice(copy):
    copy.add("synonyms", group="header", meaning="说明", written="完成值")
    problem = one(copy.problems())
    assert "完成值" in problem
    assert "重复" in problem


def test_a_missing_file(copy):
    (copy.folder / "relations.csv").unlink()
    assert one(copy.problems()).startswith("scheme/relations.csv：没有这个文件")


def test_columns_unknown_missing_and_twice(copy):
    rows = copy.rows("departments")
    copy.write("departments", [["order", "nmae", "aliases"], *rows[1:]])
    problems = copy.problems()
    assert any("“nmae”列：没有这样的列" in each for each in problems)
    assert any("“name”列：缺少这一列" in each for each in problems)
    copy.write("departments", [["order", "name", "name"], *rows[1:]])
    assert any("出现了两次" in each for each in copy.problems())


def test_all_mistakes_are_told_at_once(copy):
    copy.set("indicators", "E01", "kind", "x")
    copy.set("indicators", "E02", "kind", "y")
    copy.set("departments", "财政所", "order", "z")
    assert len(copy.problems()) == 3


def test_more_cells_than_columns(copy):
    rows = copy.rows("relations")
    copy.write("relations", [*rows[:-1], [*rows[-1], "多出来"]])
    assert "列比表头多" in copy.problems()[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_excel(copy, encoding):
    copy.write("departments", copy.rows("departments"), encoding)
    assert read_scheme(copy.folder).departments[0].name == "党政综合办公室"


def test_row_numbers_count_blank_and_broken_lines(copy):
    rows = copy.rows("relations")
    copy.write(
        "relations", [rows[0], [], ["a", "sum", "E01", "E02", "两行\n的说明"], [], ["b", "x", "E01", "E02", "y"]]
    )
    assert one(copy.problems()).startswith("scheme/relations.csv 第6行")  # the file's line, as a text editor counts


def test_the_error_tells_everything(copy):
    copy.set("departments", "财政所", "order", "三")
    with pytest.raises(SchemeError) as caught:
        read_scheme(copy.folder)
    assert "scheme/departments.csv" in str(caught.value)


def test_questions_a_scheme_answers(scheme):
    assert {indicator.code for indicator in scheme.asked_of("财政所", 2021)} == {"E03", "Q01", "A01"}
    assert "G01" in {indicator.code for indicator in scheme.asked_of("宣传统战办公室", 2021)}
    assert scheme.known_as("党政办").name == "党政综合办公室"
    assert scheme.known_as("没有的") is None
    assert scheme["N01"].expected_decimals == 2
    assert scheme["E06"].smallest_base == 10


def test_years_of_an_indicator(copy):
    copy.set("indicators", "E05", "since", "2020")
    scheme = read_scheme(copy.folder)
    assert [scheme["E05"].valid_in(year) for year in (2019, 2020, 2021)] == [False, True, True]
