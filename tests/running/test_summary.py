"""The closing summary of a run: what the office has to know of, it is told."""

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from analysis.running.changes.files import Since
from analysis.running.places import Places, places_of
from analysis.running.publish import Published
from analysis.running.run import Finished
from analysis.running.summary import print_summary
from analysis.running.unchanged import told_unchanged
from analysis.scheme import Period

FACTS = {"missing_characters": [], "gaps": [], "unanswered": []}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return places_of(tmp_path, "qinghe", Period(2021))


@pytest.fixture
def finished(places: Places) -> Finished:
    """A run without a finding."""
    submissions = pd.DataFrame(columns=["department", "state", "filled_on", "errors", "warnings", "notes", "phone"])
    findings = pd.DataFrame(columns=["check", "severity", "message", "remedy"])
    return Finished(
        places, False, FACTS, submissions, findings, Published(), {"total": 1.0}, None, Since(None, "第一次运行。")
    )


def told(finished: Finished) -> str:
    out = io.StringIO()
    print_summary(finished, Console(file=out, width=400))
    return out.getvalue()


def test_a_run_without_a_finding_lists_none(finished: Finished) -> None:
    assert "报告已生成" in told(finished) and "审核问题" not in told(finished)


def test_an_error_of_several_files_is_told_once(finished: Finished) -> None:
    names = ("一.xlsx", "二.xlsx", "三.xlsx")
    common = {"check": "refused", "severity": "error", "remedy": "请只留下准确的一份。"}
    said = "财政所《{}》：文件没有采用：财政所报了3份表。"
    findings = [common | {"file": name, "message": said.format(name)} for name in names]
    findings.append(common | {"file": "", "message": "水利站：没有上报。", "remedy": "请催报。"})
    text = told(replace(finished, findings=pd.DataFrame(findings)))
    assert [line.strip() for line in text.splitlines() if line.startswith("×")] == [
        "× 财政所《一.xlsx》《二.xlsx》《三.xlsx》：文件没有采用：财政所报了3份表。请只留下准确的一份。",
        "× 水利站：没有上报。请催报。",
    ]


def test_persons_in_texts_and_mentions_of_internal_figures_are_told(finished: Finished) -> None:
    finding = {
        "check": "personal",
        "severity": "privacy",
        "message": "《财政所.xlsx》C4 有手机号。",
        "remedy": "请删去。",
    }
    mention = "财政所.xlsx 文字材料 C4：“可用财力”"
    text = told(replace(finished, findings=pd.DataFrame([finding]), facts=FACTS | {"mentions": [mention]}))
    assert "隐私：《财政所.xlsx》C4 有手机号。请删去。" in text
    assert "有1处个人信息（隐私），这份报告只能内部用" in text
    assert f"共享稿中部门的原话提到了内部指标，请斟酌：{mention}" in text
    assert "全部审核问题（1条）" in text


def test_what_the_fonts_lack_and_what_lies_beside_an_open_file_is_told(finished: Finished, places: Places) -> None:
    places.report.mkdir(parents=True)
    new = places.report / "report-新.docx"
    new.write_bytes(b"x" * 2048)
    published = Published(beside=[("report.docx", new)])
    text = told(replace(finished, published=published, facts=FACTS | {"missing_characters": ["𠮷", "㙍"]}))
    assert "report.docx 正打开着，新的放在它旁边：report-新.docx。" in text and "report-新.docx（2 KB）" in text
    assert "字体里没有这些字，PDF 中印成了〓：𠮷、㙍。" in text


def test_a_draft_that_stays_as_it_is_says_again_what_it_lacks() -> None:
    last = {"ending": "done with gaps", "findings": {"errors": 2, "warnings": 5, "privacy": 0}, "owed": ["水利站"]}
    lines = list(told_unchanged(Path("2021"), last))
    assert lines[1:3] == ["欠报：水利站", f"还有错误2条：{Path('2021', 'findings.csv')}"]
    assert lines[-1].startswith("草稿在 2021。")
