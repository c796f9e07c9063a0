"""The facts of a town and a period: what is read, and mistakes told with file, row, column and remedy."""

from datetime import date
from decimal import Decimal

import pytest

from analysis.scheme import Period, TargetRow, read_facts


@pytest.fixture
def facts(town, scheme):
    return read_facts(town, Period(2021), scheme)


def test_what_is_read(facts):
    assert facts.town.phones["财政所"] == "0900-3"
    assert facts.period_facts.report_date == date(2022, 1, 12)
    assert facts.has_target_book
    assert facts.target("E01").value == 28000
    assert facts.target("R03").value == 95
    assert facts.target("E04", "冷链仓库").month == "2021-09"
    assert facts.target("E02") is None
    assert facts.target_rows["E01", ""] == 2
    assert facts.target_file == "targets/2021.csv"


def test_a_town_without_a_book(town, scheme):
    (town / "targets" / "2021.csv").unlink()
    facts = read_facts(town, Period(2021), scheme)
    assert not facts.has_target_book
    assert facts.targets == {}


@pytest.mark.parametrize(
    ("typed", "value"),
    [("28000", 28000), ("28,000", 28000), ("98.5%", "98.5"), ("98.5％", "98.5"), ("２８０", 280), ("-3", -3)],
)
def test_targets_that_can_be_read(typed, value):
    assert TargetRow(code="E01", target=typed).value == Decimal(value)


@pytest.mark.parametrize("typed", [None, "", "待定", "约300", "NaN", "Infinity", "1.2E+08", "1_000", "28,0"])
def test_targets_that_can_not(typed):
    assert TargetRow(code="E01", target=typed).value is None


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2021-09", "2021-09"),
        ("2021.9", "2021-09"),
        ("2021年9月", "2021-09"),
        ("2021/9/1", "2021-09"),
        ("2021-13", None),
        ("9月", None),
    ],
)
def test_planned_months(typed, month):
    assert TargetRow(code="E04", planned_month=typed).month == month


def test_an_unfinished_book_is_no_mistake_of_the_file(town, scheme):
    (town / "targets" / "2021.csv").write_text("编码,目标\nE01,待定\nE02,\n", encoding="utf-8")
    facts = read_facts(town, Period(2021), scheme)
    assert facts.target("E01").value is None
    assert facts.target("E02").value is None


@pytest.mark.parametrize(
    ("line", "place", "found"),
    [
        ("Z99,,1,,文", "第5行“编码”列", "没有编码为“Z99”的指标"),
        ("E01,,1,,文", "第5行“编码”列", "与第2行重复"),
        ("E02,某项目,1,,文", "第5行“项目名称”列", "E02 不是项目类指标"),
        ("E05,,1,,文", "第5行“目标”列", "没有目标任务数"),
        ("E05,,,2021-09,文", "第5行“计划月份”列", "没有计划月份"),
        (",,1,,文", "第5行“编码”列", "空着"),
        ("E02,,98%,,文", "第5行“目标”列", "不能写百分数“98%”"),
        ('E02,,1,,"文\nE03,,2,,文', "第5行", "双引号没有成对"),
        ('E02,,1,,"文"件', "第5行", "双引号外面还有字"),
        ("E02,,1,,文,多", "第5行", "列比表头多"),
    ],
)
def test_mistakes_of_the_book(town, facts_problems, line, place, found):
    with (town / "targets" / "2021.csv").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    problem = facts_problems()[0]
    assert problem.startswith(f"targets/2021.csv {place}")
    assert found in problem
    assert problem.endswith("。")


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("town.toml", "name = 清河镇", "写法有误"),
        ("town.toml", 'name = "清河镇"', "“county”：缺少这一项"),
        ("town.toml", 'name = "清河镇"\nvillages = "东村"', "town.toml 第2行“villages”：写法不对。一行一项"),
        ("town.toml", "#" * 4_000_001, "文件过大"),
        ("2021/period.toml", "", "“report_date”：缺少这一项"),
        ("2021/period.toml", "report_date = 2022-01-12\ndeadlin = 2022-01-05", "第2行“deadlin”：没有这样的项"),
        ("2021/period.toml", 'report_date = "年底"', "第1行“report_date”：不能用，应当是日期"),
    ],
)
def test_mistakes_of_the_toml_files(town, facts_problems, file, text, found):
    (town / file).write_text(text, encoding="utf-8")
    problem = next(each for each in facts_problems() if found in each)
    assert problem.startswith(file)


def test_missing_toml_files(town, facts_problems):
    (town / "town.toml").unlink()
    (town / "2021" / "period.toml").unlink()
    assert [problem.split("：")[0] for problem in facts_problems()] == ["town.toml", "2021/period.toml"]


def test_waivers(town, scheme):
    (town / "2021" / "waivers.csv").write_text(
        "对象,理由,批准人,日期\nE01,设备故障,王五,2022-01-10\n", encoding="utf-8"
    )
    waiver = read_facts(town, Period(2021), scheme).waivers[0]
    assert (waiver.subject, waiver.on) == ("E01", date(2022, 1, 10))


def test_a_date_that_excel_rewrote(town, scheme):
    (town / "2021" / "waivers.csv").write_text("对象,理由,批准人,日期\nE01,设备故障,王五,2022/1/9\n", encoding="utf-8")
    assert read_facts(town, Period(2021), scheme).waivers[0].on == date(2022, 1, 9)


@pytest.mark.parametrize(("typed", "told"), [("0.95", "是 0.95% 还是 95%"), ("1", "是 1% 还是 100%"), ("0.95%", "")])
def test_a_target_rate_of_which_nobody_knows_whether_it_is_in_percent(town, facts_problems, scheme, typed, told):
    (town / "targets" / "2021.csv").write_text(f"编码,目标\nR03,{typed}\n", encoding="utf-8")
    if told:
        assert told in facts_problems()[0]
    else:
        assert read_facts(town, Period(2021), scheme).target("R03").value == Decimal("0.95")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Z99,理由,王五,2022-01-10", "没有“Z99”这个指标或部门"),
        ("E01,理由,王五,去年", "“去年”不能用，应当是日期。日期写作 2022-01-12。"),
        ("E01,,王五,2022-01-10", "空着"),
    ],
)
def test_mistakes_of_waivers(town, facts_problems, line, found):
    (town / "2021" / "waivers.csv").write_text(f"对象,理由,批准人,日期\n{line}\n", encoding="utf-8")
    problem = facts_problems()[0]
    assert problem.startswith("2021/waivers.csv 第2行")
    assert found in problem


def test_part_of_a_year_uses_the_years_book(town, scheme):
    (town / "2021-09").mkdir()
    (town / "2021-09" / "period.toml").write_text("report_date = 2021-10-12\n", encoding="utf-8")
    assert read_facts(town, Period(2021, 9), scheme).target("E01").value == 28000
