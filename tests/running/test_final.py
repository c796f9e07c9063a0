"""A final is refused with the list of what stands in the way, or frozen under a number of its own."""

from pathlib import Path

import pytest

from analysis.figures.obstacles import Obstacle
from analysis.running.errors import RunError
from analysis.running.final import freeze, require_final

MADE = {
    *(f"report{edition}.{kind}" for edition in ("", "-shared") for kind in ("html", "pdf", "docx")),
    *(f"figures{edition}.{kind}" for edition in ("", "-shared") for kind in ("csv", "parquet")),
    *("findings.csv", "run.json"),
}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    for name in MADE:
        (tmp_path / name).write_text(f"{name} 1", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "3_report.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


def test_a_final_keeps_everything_that_readers_and_checkers_need(report: Path) -> None:
    final = freeze(report, report)
    assert final.name == "final-1"
    assert {path.name for path in final.iterdir()} == {*MADE, "notebooks"}
    assert (final / "report.pdf").read_text(encoding="utf-8") == "report.pdf 1"
    assert not (final / "report.pdf").stat().st_mode & 0o222


def test_a_final_is_never_overwritten(report: Path) -> None:
    first = freeze(report, report)
    (report / "report.pdf").write_text("report.pdf 2", encoding="utf-8")
    (report / "final-7").mkdir()  # somebody took the numbers between away
    (report / "final-draft").mkdir()
    second = freeze(report, report)
    assert second.name == "final-8"
    assert (first / "report.pdf").read_text(encoding="utf-8") == "report.pdf 1"
    assert (second / "report.pdf").read_text(encoding="utf-8") == "report.pdf 2"
    assert not [path for path in report.iterdir() if path.name.startswith(".")]


def test_a_final_is_what_this_run_made_though_an_older_report_lies_open_in_its_place(
    report: Path, tmp_path: Path
) -> None:
    shown = tmp_path / "shown"
    shown.mkdir()
    (shown / "report.docx").write_text("open in Word since the last run", encoding="utf-8")
    final = freeze(report, shown)
    assert (final / "report.docx").read_text(encoding="utf-8") == "report.docx 1"


def test_a_refusal_lists_everything_and_says_how_to_go_on() -> None:
    found = [
        Obstacle("水利站", "", "欠报：水利站还没有报上报表"),
        Obstacle("财政所", "E03", "缺数：E03 数据待财政所补报"),
    ]
    with pytest.raises(RunError) as refused:
        require_final(found, "waivers.csv")
    for text in ("有2项没有解决", "欠报：水利站", "缺数：E03", "waivers.csv", "上一次的报告没有改动"):
        assert text in str(refused.value)
    require_final([], "waivers.csv")
