"""The county's report as its clerk makes it: one command over the townships' tables, three formats, three endings."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import county_example as made
import docx
import pandas as pd
import pytest

pytestmark = pytest.mark.slow


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    places = ("--raw", str(folder / "raw"), "--processed", str(folder / "processed"), "--out", str(folder / "reports"))
    command = [str(Path(sys.executable).parent / "township-report"), "county", "--period", "2021", *places, *more]
    return subprocess.run(command, cwd=made.ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def office(five_towns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(five_towns, folder / "processed")
    towns = "\n".join(f'{town} = "{name}"' for town, name in made.SIX.items())
    facts = 'name = "云川县"\naddressee = "云川县人民政府"\nsignature = "云川县目标责任考核办公室"\n'
    dates = '[report_dates]\n"2021" = 2022-01-20\n'
    (folder / "raw").mkdir()
    (folder / "raw" / "云川县.toml").write_text(f"{facts}{dates}[townships]\n{towns}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def drafted(office: Path) -> subprocess.CompletedProcess[str]:
    return run(office)


def test_a_county_with_a_township_missing_gets_a_draft(drafted: subprocess.CompletedProcess[str], office: Path) -> None:
    assert drafted.returncode == 2, drafted.stderr
    assert "缺数：东坡乡未上报" in drafted.stdout and "汇总草稿在" in drafted.stdout
    report = office / "reports" / "云川县" / "2021"
    made_of = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert made_of["ending"] == "done with gaps" and len(made_of["inputs"]) == len(made.FIVE)
    assert {path.name for path in report.glob("report*")} == {
        f"report{edition}.{kind}" for edition in ("", "-shared") for kind in ("html", "pdf", "docx")
    }
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_formats_say_the_same_and_the_figures_lie_beside(
    drafted: subprocess.CompletedProcess[str], office: Path
) -> None:
    report = office / "reports" / "云川县" / "2021"
    told = "已上报的5个乡镇完成全社会固定资产投资142300万元"
    word = "".join("".join(p.text.split()) for p in docx.Document(str(report / "report.docx")).paragraphs)
    assert told in word
    assert "青禾镇 经济发展办公室.xlsx 指标 F4" in (report / "report.html").read_text(encoding="utf-8")
    figures = pd.read_parquet(report / "figures.parquet")
    assert {"E01.actual", "E01.rate", "E01.change"} <= set(figures["id"])
    assert "信访件" not in (report / "report-shared.html").read_text(encoding="utf-8")


def test_what_fails_is_told_and_leaves_the_last_report(drafted: subprocess.CompletedProcess[str], office: Path) -> None:
    report = office / "reports" / "云川县" / "2021"
    before = (report / "run.json").read_bytes()
    failed = run(office, "--towns", "东坡乡")
    assert failed.returncode == 1 and "没有任何乡镇 2021 的数据" in failed.stderr.replace("\n", "")
    assert (report / "run.json").read_bytes() == before
