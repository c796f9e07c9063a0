"""What a crash, a virus scanner or a careless hand has left behind: the next run makes it good, and loses nothing."""

import json
import shutil
from collections.abc import Callable

import pytest

from analysis.intake.whole import HALF
from analysis.running import unchanged as unchanging
from analysis.running.errors import RunError
from analysis.running.execute import FAILED
from analysis.running.manifest import read_manifest
from analysis.running.places import Places
from analysis.running.publish import ASIDE, NEW, OLD, PLAN, UNPLANNED
from analysis.running.unchanged import unchanged

from .office import FIRST, Office


def cut(path: str) -> Callable[[Office], None]:
    def half(office: Office) -> None:
        file = office.folder / path
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])

    return half


def gone(path: str) -> Callable[[Office], None]:
    return lambda office: shutil.rmtree(office.folder / path)


REPORT, TABLES = "reports/scjg/2021-03", "processed/scjg/2021-03"
LEFT: dict[str, tuple[Callable[[Office], object], set[str]]] = {
    "half a table of stage 1": (cut(f"{TABLES}/returns/安全监管科.parquet"), {"1_ingest-安全监管科"}),
    "half a table of stage 2": (cut(f"{TABLES}/indicators.parquet"), {"2_indicators"}),
    "half a notebook": (
        cut(f"{REPORT}/notebooks/3_report.ipynb"),
        {"3_report", "report.html", "report.pdf", "report.docx"},
    ),
    "half a report": (cut(f"{REPORT}/report.pdf"), {"report.pdf"}),
    "no tables": (gone(TABLES), {"1_ingest-登记注册科", "2_indicators", "3_report"}),
}
"""What is broken, and what at least has to run again."""


@pytest.mark.parametrize("what", LEFT)
def test_what_is_broken_is_made_again_and_nothing_else(office: Office, what: str) -> None:
    breaks, again = LEFT[what]
    breaks(office)
    assert unchanged(office.places, {}) is None
    office.run()
    assert again <= set(office.ran)
    assert office.whole() == FIRST
    if what.startswith("half a table"):
        assert set(office.ran) == again  # what it makes is the same again
    assert unchanged(office.places, {}) is not None


def test_other_fonts_make_another_report(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanging, "of_fonts", lambda: "others")
    assert unchanged(office.places, {}) is None


def test_tables_that_stand_for_returns_are_inputs_like_these(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = office.places.tables / "returns" / "x.parquet"
    monkeypatch.setattr(Places, "returned", lambda _: {"processed/2020-03/x.parquet": kept})
    assert unchanged(office.places, {}) is None


def test_parameters_of_the_run_itself_are_none_of_the_notebooks(office: Office) -> None:
    with pytest.raises(RunError, match="参数 period、town 由运行本身给出，不能用 -p 改"):
        office.run(parameters={"town": "x", "period": "2020"})
    assert office.ran == []


@pytest.mark.parametrize("content", ["", "{", '{"outputs": ', "[]", '{"outputs": {"report.pdf": 1}}', "\x00" * 100])
def test_a_manifest_that_says_nothing(office: Office, content: str) -> None:
    """Whoever has changed the report by hand since can't be told any more; so every file of it is kept."""
    (office.report / "run.json").write_text(content, encoding="utf-8")
    assert read_manifest(office.report) is None
    if content == "{":  # the others come to the same
        finished = office.run()
        assert {name for name, _ in finished.published.kept} >= {"report.html", "report.pdf", "report.docx"}
        assert office.whole() == FIRST


def test_what_processes_have_left_beside_their_places(office: Office) -> None:
    """Temporary files, a failed notebook of an earlier month, the holder of a machine that was switched off, no `previous/`."""
    tables = office.places.tables
    left = [tables / f".indicators.parquet.1234abcd{HALF}", tables / "returns" / f".登记注册科.parquet.1234abcd{HALF}"]
    left += [tables / f"3_report{FAILED}", office.report.parent / ".2021-03.holder"]
    for path in left:
        path.write_text("{", encoding="utf-8")
    own = tables / ".备注.markdown"
    own.write_text("the office's", encoding="utf-8")
    (office.report / "previous").mkdir(exist_ok=True)
    shutil.rmtree(office.report / "previous")
    office.edit()
    office.run()
    assert (office.report / "previous" / "report.pdf").is_file()
    assert [path for path in left if path.exists()] == [] and own.exists()


@pytest.mark.parametrize("plan", ["", json.dumps({"made": 1, "new": [], "beside": {}})])
def test_a_plan_that_the_disk_has_broken(office: Office, plan: str) -> None:
    """Only that can be: everything that lies there is kept then, and the new files come to their places."""
    office.edit()
    aside = office.report / ASIDE
    (aside / NEW).mkdir(parents=True)
    (aside / OLD).mkdir()
    for path in office.report.glob("report.*"):
        shutil.copy(path, aside / NEW / path.name)
    (office.report / "report.pdf").write_text("the one before", encoding="utf-8")
    (aside / PLAN).write_text(plan, encoding="utf-8")
    office.run()
    assert office.whole() == "513户"
    kept = {path.read_text(encoding="utf-8") for path in office.report.glob("*（手工修改）*.pdf")}
    assert "the one before" in kept
    assert not aside.exists() and not (office.report / UNPLANNED).exists()
