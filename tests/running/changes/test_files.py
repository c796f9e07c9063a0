"""Earlier runs and finals in their folders: which are compared, and what is said where there is none."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.running.changes import changes_against, changes_since, write_page
from analysis.running.errors import RunError
from analysis.running.manifest import sha256
from analysis.telling.tell import Told

from .retold import leave

Left = tuple[Told, dict[str, Any]]


@pytest.fixture(scope="module")
def runs(as_sent: Left, one_cell_typed: Left, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of two runs, `one` and `two`, one cell apart."""
    folder = tmp_path_factory.mktemp("runs")
    leave(*as_sent, folder / "one")
    leave(*one_cell_typed, folder / "two")
    return folder


@pytest.fixture
def report(runs: Path, tmp_path: Path) -> Path:
    """`reports/qinghe/2021` after two runs, the first of which was frozen."""
    folder = tmp_path / "reports" / "qinghe" / "2021"
    shutil.copytree(runs / "two", folder)
    for name in ("previous", "final-1"):
        shutil.copytree(runs / "one", folder / name)
    return folder


def call(report: Path, *more: str) -> tuple[int, str]:
    options = ("--town", "qinghe", "--period", "2021", "--reports", str(report.parent.parent))
    ran = CliRunner().invoke(app, ["changes", *options, *more])
    return ran.exit_code, ran.stdout


def test_a_first_run_has_nothing_to_compare_with_and_no_page(runs: Path, tmp_path: Path) -> None:
    staged = shutil.copytree(runs / "one", tmp_path / "staged")
    since = changes_since(Path(staged), tmp_path / "2021")
    assert since.changes is None and "第一次运行" in since.note
    assert not (tmp_path / "staged" / "changes.html").exists()


def test_a_later_run_puts_the_page_among_its_outputs_with_its_hash(runs: Path, tmp_path: Path) -> None:
    staged = Path(shutil.copytree(runs / "two", tmp_path / "staged"))
    since = changes_since(staged, runs / "one")
    assert since.note == "" and since.changes is not None and since.changes.shown == 8
    outputs = json.loads((staged / "run.json").read_text(encoding="utf-8"))["outputs"]
    assert outputs == {"changes.html": {"bytes": (staged / "changes.html").stat().st_size} | outputs["changes.html"]}
    assert outputs["changes.html"]["sha256"] == sha256(staged / "changes.html")
    again = Path(shutil.copytree(runs / "two", tmp_path / "again"))
    changes_since(again, runs / "one")
    assert (again / "changes.html").read_bytes() == (staged / "changes.html").read_bytes()


@pytest.mark.parametrize("name", ["figures.parquet", "run.json", "notebooks/3_report.ipynb"])
def test_an_earlier_run_that_cannot_be_read_stops_nothing(name: str, runs: Path, tmp_path: Path) -> None:
    staged, broken = (Path(shutil.copytree(runs / run, tmp_path / run)) for run in ("two", "one"))
    (broken / name).write_bytes(b"not what it was")
    since = changes_since(staged, broken)
    assert since.changes is None and "没有和上一次运行对照" in since.note
    assert not (staged / "changes.html").exists()


def test_a_notebook_of_another_program_stops_nothing_either(runs: Path, tmp_path: Path) -> None:
    staged, other = (Path(shutil.copytree(runs / run, tmp_path / run)) for run in ("two", "one"))
    notebook = other / "notebooks" / "3_report.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace('"text/html"', '"text/x-other"'), encoding="utf-8")
    assert "没有和上一次运行对照" in changes_since(staged, other).note


def test_a_folder_that_holds_no_run_cannot_be_compared(report: Path) -> None:
    (report / "notebooks" / "3_report.ipynb").unlink()
    with pytest.raises(RunError, match=r"2021 中没有可以对照的运行结果（缺 notebooks/3_report.ipynb）"):
        changes_against(report, "final-1")


@pytest.mark.parametrize("against", ["previous", "final-1"])
def test_the_command_exits_with_2_where_something_changed(against: str, report: Path) -> None:
    code, said = call(report, "--against", against)
    assert code == 2
    assert "S01 受理矛盾纠纷：完成数 86起 → 87起" in said
    assert ("上一次运行" if against == "previous" else "定稿 final-1") in said


def test_the_command_exits_with_0_where_nothing_changed(report: Path) -> None:
    code, said = call(report, "--against", str(report))
    assert code == 0 and "没有变化" in said


def test_json_has_everything(report: Path) -> None:
    code, said = call(report, "--json")
    found = json.loads(said)
    assert code == 2 and found["changed"] is True and found["counts"]["figures"]["changed"] == 6
    (cause,) = found["figures"]
    assert cause["id"] == "S01.actual"
    assert cause["after"]["sources"] == ["[社会治理办公室.xlsx]指标!F4"]
    assert "S02.share" in [each["id"] for each in cause["dependents"]]
    assert found["sentences"][0]["after"].startswith("受理矛盾纠纷87起")


def test_a_page_of_its_own_links_to_the_report_from_where_it_lies(report: Path, tmp_path: Path) -> None:
    write_page(changes_against(report, "final-1"), tmp_path / "对照.html", report)
    assert 'href="reports/qinghe/2021/report.html#' in (tmp_path / "对照.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("against", "told"),
    [("final-2", "没有 final-2 这份定稿\n可以对照的定稿：final-1"), ("nowhere", "没有 nowhere 这个文件夹")],
)
def test_what_is_not_there_is_refused_with_what_is(against: str, told: str, report: Path) -> None:
    with pytest.raises(RunError, match=told):
        changes_against(report, against)


def test_after_a_single_run_the_finals_are_named(report: Path) -> None:
    shutil.rmtree(report / "previous")
    with pytest.raises(RunError, match=r"只运行过一次[^。]*\n可以对照的定稿：final-1"):
        changes_against(report, "previous")


def test_a_report_of_another_period_is_refused(report: Path) -> None:
    manifest = report / "previous" / "run.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"2021"', '"2020"', 1), encoding="utf-8")
    with pytest.raises(RunError, match="只能对照同一乡镇、同一报告期"):
        changes_against(report, "previous")
