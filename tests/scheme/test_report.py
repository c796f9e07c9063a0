"""`report.toml`: what it may say, and mistakes in it told with file, row and remedy."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from analysis.scheme import Period, Town, read_scheme
from analysis.scheme.models import CODE
from analysis.scheme.report import ReportWords

ROOT = Path(__file__).parents[2]


def test_the_projects_own_file_says_what_the_defaults_say() -> None:
    said = tomllib.loads((ROOT / "scheme" / "report.toml").read_text(encoding="utf-8"))
    assert ReportWords(**said) == ReportWords()
    assert list(said) == list(ReportWords.model_fields), "each word once, in the order of the documentation"


def test_without_the_file_every_word_has_its_default(copy) -> None:
    assert not (copy.folder / "report.toml").exists()
    assert read_scheme(copy.folder).report == ReportWords()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('titel = "报告"', "“titel”：没有这样的项。请改为以下之一或删去：title、form、"),
        (
            'title = "{place}报告"',
            "“title”：不能用，没有{place}这个标记，可用的标记：{signature}、{county}、{town}、{period}、{quarter}",
        ),
        ('title = "{town报告"', "“title”：不能用，花括号不成对"),
        ('title = ""', "“title”：还没有填写"),
        ("title = 报告", "：这一行的写法有误。一行一项"),
        ('form = "上报\\n表"', "“form”：不能用，只能写一行"),
        ('endings = "局"', "“endings”：写法不对"),
        ('project_figures = ["money"]', "“project_figures”：写法不对"),
        ('problems = "Q99"', "：没有编码为“Q99”的指标"),
        ('measures = "E01"', "：E01 不是文字（text）类的指标"),
    ],
)
def test_a_mistake_is_told_with_its_row(copy, line: str, found: str) -> None:
    (copy.folder / "report.toml").write_text(f'# 说明\nannex = "附表"\n{line}\n', encoding="utf-8")
    problems = copy.problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"scheme/report.toml 第3行{found}")


def test_a_scheme_without_words_of_problems_says_so(copy) -> None:
    rows = [row for row in copy.rows("indicators") if row[0] not in ("Q01", "A01")]
    copy.write("indicators", rows)
    read_scheme(copy.folder)  # no file: nobody has said that there are such rows
    shutil.copy(ROOT / "scheme" / "report.toml", copy.folder)
    assert [problem.split("。")[0] for problem in copy.problems()] == [
        "scheme/report.toml 第5行：没有编码为“Q01”的指标",
        "scheme/report.toml 第6行：没有编码为“A01”的指标",
    ]
    (copy.folder / "report.toml").write_text('problems = ""\nmeasures = ""\n', encoding="utf-8")
    assert read_scheme(copy.folder).report.problems == ""


@pytest.mark.parametrize(
    ("period", "quarter"),
    [
        ("2021-03", "2021年一季度"),
        ("2021-06", "2021年上半年"),
        ("2021-09", "2021年前三季度"),
        ("2021", "2021年"),
        ("2021-05", "2021年1—5月"),
    ],
)
def test_a_quarter_is_called_as_one_says_it(period: str, quarter: str) -> None:
    parsed = Period.parse(period)
    town = Town(name="青禾镇", county="云川县", addressee="云川县人民政府", signature="青禾镇人民政府")
    assert parsed.quarter == quarter
    assert ReportWords().titled("{quarter}报告", town, parsed) == f"{quarter}报告"


def test_a_code_has_one_or_two_letters() -> None:
    assert all(re.fullmatch(CODE, code) for code in ("E01", "ZF01", "E101", "ZF101"))
    assert not any(re.fullmatch(CODE, code) for code in ("E1", "ABC01", "e01", "01", "E0001", "E01-2"))
