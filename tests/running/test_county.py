"""The county's report as its clerk makes it: one command over the townships' tables, three formats, three endings."""

import errno
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import county_example as made
import docx
import pandas as pd
import pytest

from analysis.running import county
from analysis.running.county import run_county
from analysis.running.county_copy import copied
from analysis.running.errors import RunError
from analysis.running.execute import Execution
from analysis.running.lock import alone
from analysis.running.manifest import sha256
from analysis.running.places import Places, places_of
from analysis.scheme import Period
from analysis.telling.county.material import load_county

pytestmark = pytest.mark.slow
CHOSEN = "、".join(made.SIX)


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    places = ("--raw", str(folder / "raw"), "--processed", str(folder / "processed"), "--out", str(folder / "reports"))
    command = [str(Path(sys.executable).parent / "township-report"), "county", "--period", "2021", *places, *more]
    return subprocess.run(command, cwd=made.ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def office(five_towns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(five_towns, folder / "processed")
    shutil.copytree(five_towns / "qinghe", folder / "processed" / "beishan")  # returned, and left out on purpose
    towns = "\n".join(f'{town} = "{name}"' for town, name in {**made.SIX, "beishan": "北山乡"}.items())
    facts = 'name = "云川县"\naddressee = "云川县人民政府"\nsignature = "云川县目标责任考核办公室"\n'
    dates = '[report_dates]\n"2021" = 2022-01-20\n'
    (folder / "raw").mkdir()
    (folder / "raw" / "云川县.toml").write_text(f"{facts}{dates}[townships]\n{towns}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def drafted(office: Path) -> subprocess.CompletedProcess[str]:
    return run(office, "--towns", CHOSEN)


def test_a_county_with_a_township_missing_gets_a_draft(drafted: subprocess.CompletedProcess[str], office: Path) -> None:
    assert drafted.returncode == 2, drafted.stderr
    assert "缺数：东坡乡未上报" in drafted.stdout and "汇总草稿在" in drafted.stdout
    report = office / "reports" / "云川县" / "2021"
    made_of = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert made_of["ending"] == "done with gaps"
    assert made_of["title"] == "云川县目标责任考核办公室关于2021年度乡镇目标任务完成情况的报告"  # on one line
    inputs = made_of["inputs"]
    for name in ("raw/云川县.toml", *(f"processed/{town}/2021/indicators.parquet" for town in made.FIVE)):
        assert inputs[name]["sha256"] == sha256(office / name), name
    for name in ("scheme/indicators.csv", "notebooks/4_county.ipynb"):
        assert inputs[name]["sha256"] == sha256(made.ROOT / name), name
    assert len(inputs["program"]["sha256"]) == 64 and "processed/qinghe/2021/submissions.parquet" in inputs
    assert not any("figures" in name or "contributions" in name for name in inputs)
    for notebook in (report / "notebooks").glob("*.ipynb"):  # can be run again: it names no copy
        text = notebook.read_text(encoding="utf-8")
        assert ".2021.run/inputs" not in text and str(office / "processed") in text
    beside = office / "processed" / "云川县" / "2021" / "contributions.csv"
    assert beside.read_bytes() == (report / "contributions.csv").read_bytes()
    assert not list((office / "reports" / "云川县").glob(".*.run"))
    assert {path.name for path in report.glob("report*")} == {
        f"report{edition}.{kind}" for edition in ("", "-shared") for kind in ("html", "pdf", "docx")
    }
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_formats_say_the_same_and_the_figures_lie_beside(
    drafted: subprocess.CompletedProcess[str], office: Path
) -> None:
    report = office / "reports" / "云川县" / "2021"
    told = "已汇总的5个乡镇完成全社会固定资产投资142300万元"
    word = "".join("".join(p.text.split()) for p in docx.Document(str(report / "report.docx")).paragraphs)
    assert told in word
    assert "青禾镇 经济发展办公室.xlsx 指标 F4" in (report / "report.html").read_text(encoding="utf-8")
    figures = pd.read_parquet(report / "figures.parquet")
    assert {"E01.actual", "E01.rate", "E01.change"} <= set(figures["id"])
    assert "信访件" not in (report / "report-shared.html").read_text(encoding="utf-8")


def test_a_part_of_the_county_names_the_others(drafted: subprocess.CompletedProcess[str], office: Path) -> None:
    assert "缺数：北山乡未汇总" in drafted.stdout
    report = office / "reports" / "云川县" / "2021"
    made_of = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert (made_of["towns"], made_of["left_out"]) == (CHOSEN, ["beishan"])
    assert made_of["townships"] == [*made.SIX, "beishan"]
    assert not any("beishan" in name for name in made_of["inputs"])
    figures = pd.read_parquet(report / "figures.parquet").set_index("id")["text"]
    told = [figures[f"count.{name}"] for name in ("towns", "rolled_up", "left_out", "missing")]
    assert [text if isinstance(text, str) else text.iloc[0] for text in told] == ["7个", "5个", "1个", "1个"]


def places_in(folder: Path) -> Places:
    folders = {"raw": folder / "raw", "processed": folder / "processed", "reports": folder / "reports"}
    return places_of(made.ROOT, "云川县", Period(2021), **folders)


def test_one_run_of_a_county_at_a_time(office: Path) -> None:
    with alone(places_in(office)):
        second = run(office)
    assert second.returncode == 3 and "云川县 2021 正在另一处运行" in second.stderr.replace("\n", "")


def test_what_changes_while_a_report_is_made_is_not_in_it(office: Path, tmp_path: Path) -> None:
    shutil.copytree(office / "raw", tmp_path / "raw")
    for town in ("qinghe", "liuping"):  # the others are not there yet
        shutil.copytree(office / "processed" / town, tmp_path / "processed" / town)
    made.write(tmp_path / "processed", "qinghe", made.of_five("qinghe"), "2020")
    places = places_in(tmp_path)
    copy = copied(places, "", "4_county.ipynb", tmp_path / "copy")
    before, scheme = copy.inputs(), made.base_material()[0].scheme
    assert {name for name in before if "qinghe" in name} == {
        "processed/qinghe/2020/indicators.parquet",
        "processed/qinghe/2021/indicators.parquet",
        "processed/qinghe/2021/submissions.parquet",
    }
    shutil.copytree(tmp_path / "processed" / "qinghe", tmp_path / "processed" / "baishui")
    made.write(tmp_path / "processed", "liuping", made.of_five("yunling"))
    (tmp_path / "raw" / "云川县.toml").unlink()
    material = load_county(copy.places.processed, scheme, copy.county)
    assert material.total("E01").reported.towns == 2 and copy.inputs() == before
    own = {row.code: row.actual for row in made.of_five("liuping")}
    assert material.details["liuping", "E01"].figures["actual"] == own["E01"]
    assert copy.as_named(f"{copy.places.processed / 'qinghe'} 读不出来") == f"{places.processed / 'qinghe'} 读不出来"


def test_a_township_that_is_being_made_is_not_rolled_up(office: Path, tmp_path: Path) -> None:
    places = places_in(office)
    township = replace(places, town="qinghe")
    with alone(township), pytest.raises(RunError, match="qinghe 2021 正在另一处运行"):
        copied(places, "", "4_county.ipynb", tmp_path / "copy")
    copied(places, "", "4_county.ipynb", tmp_path / "again")


def test_a_disk_that_is_full_is_not_taken_for_a_file_that_cannot_be_read(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: os.PathLike[str], place: object, **_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", os.fspath(source), None, str(place))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(RunError, match=f"磁盘满了，写不进去：{tmp_path}.*\n请清理出空间.*上一次的报告没有改动"):
        copied(places_in(office), "", "4_county.ipynb", tmp_path / "copy")


def test_townships_that_are_not_listed_say_themselves_whose_they_are(office: Path, tmp_path: Path) -> None:
    for name in ("raw", "processed"):
        shutil.copytree(office / name, tmp_path / name)
    facts = tmp_path / "raw" / "云川县.toml"
    facts.write_text(facts.read_text(encoding="utf-8").partition("[townships]")[0], encoding="utf-8")
    (tmp_path / "raw" / "qinghe").mkdir()
    shutil.copy(made.ROOT / "data" / "raw" / "qinghe" / "town.toml", tmp_path / "raw" / "qinghe")
    copy = copied(places_in(tmp_path), "", "4_county.ipynb", tmp_path / "copy")
    assert [township.folder for township in copy.county.townships] == ["qinghe"]
    assert "raw/qinghe/town.toml" in copy.inputs()


def test_a_notebook_that_fails_makes_no_report(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(county, "WarmPool", ThreadPoolExecutor)
    monkeypatch.setattr(
        county, "execute", lambda job: Execution(job.name, job.output, 1.0, f"{job.parameters['raw']} 读不出来")
    )
    with pytest.raises(RunError, match=f"4_county 没有运行完：{office / 'raw'} 读不出来"):
        run_county(replace(places_in(office), reports=office / "failed"))
    assert not (office / "failed" / "云川县" / "2021").exists()


def test_a_county_is_no_township_of_its_own(office: Path, tmp_path: Path) -> None:
    shutil.copytree(office / "raw", tmp_path / "raw")
    (tmp_path / "raw" / "云川县.toml").rename(tmp_path / "raw" / "qinghe.toml")
    with pytest.raises(RunError, match="县“qinghe”和它的一个乡镇的文件夹同名"):
        run_county(replace(places_in(tmp_path), town="qinghe"))


def test_what_fails_is_told_and_leaves_the_last_report(drafted: subprocess.CompletedProcess[str], office: Path) -> None:
    report = office / "reports" / "云川县" / "2021"
    before = (report / "run.json").read_bytes()
    failed = run(office, "--towns", "东坡乡")
    assert failed.returncode == 1 and "没有任何乡镇 2021 的数据" in failed.stderr.replace("\n", "")
    assert (report / "run.json").read_bytes() == before
