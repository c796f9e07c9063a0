"""A file changed while a run reads: never a report whose `run.json` has another hash than the cells that it shows."""

import shutil
from collections.abc import Callable

import pytest

from analysis.running import run as running
from analysis.running.course import require_same
from analysis.running.errors import RunError
from analysis.running.manifest import read_manifest, sha256
from analysis.running.unchanged import LOOK

from .office import FIRST, Office

MARKED = "~$登记注册科.xlsx"


def appended(name: str, line: str = "\n") -> Callable[[Office], None]:
    def change(office: Office) -> None:
        path = office.folder / name
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")

    return change


def replaced(office: Office) -> None:
    shutil.copy(office.returned("安全监管科"), office.returned("执法稽查科"))


def added(office: Office) -> None:
    shutil.copy(office.returned(), office.places.returns / "更正.xlsx")


CHANGES: dict[str, tuple[Callable[[Office], object], str]] = {
    "edited": (lambda office: office.edit(), "raw/2021-03/登记注册科.xlsx改过"),
    "replaced": (replaced, "raw/2021-03/执法稽查科.xlsx改过"),
    "deleted": (lambda office: office.returned().unlink(), "raw/2021-03/登记注册科.xlsx"),
    "added": (added, "raw/2021-03/更正.xlsx新增"),
    "last year's": (appended("raw/scjg/2020-03/登记注册科.xlsx.txt"), "raw/2020-03/登记注册科.xlsx.txt改过"),
    "scheme": (appended("scheme/words.csv"), "scheme/words.csv改过"),
    "template": (appended("scheme/narrative/10-服务经营主体.md"), "scheme/narrative/10-服务经营主体.md改过"),
    "target book": (appended("raw/scjg/targets/2021.csv"), "raw/targets/2021.csv改过"),
    "township": (appended("raw/scjg/town.toml"), "raw/town.toml改过"),
    "period": (appended("raw/scjg/2021-03/period.toml"), "raw/2021-03/period.toml改过"),
}
"""What somebody does, and what the message says of it."""
WHEN = ["1_ingest-登记注册科", "1_ingest-执法稽查科", "2_indicators", "3_report"]


def when_read(what: str) -> str:
    """The last moment at which it matters: afterwards nobody reads it any more."""
    return "3_report" if what in ("scheme", "template", "target book", "township", "period") else "2_indicators"


@pytest.mark.parametrize("what", CHANGES)
def test_no_report_is_made_of_what_was_changed_meanwhile(office: Office, what: str) -> None:
    change, said = CHANGES[what]
    if what == "last year's":
        (office.folder / "raw/scjg/2020-03/登记注册科.xlsx.txt").write_text("a note", encoding="utf-8")
    if what == "template":
        (office.folder / "scheme/narrative/10-服务经营主体.md").touch()
    before = {path: sha256(path) for path in office.report.rglob("*") if path.is_file()}
    office.before[when_read(what)] = lambda: change(office)
    with pytest.raises(RunError) as failed:
        office.run(force=True)
    assert said in str(failed.value) and "再运行一次；上一次的报告没有改动" in str(failed.value)
    assert {path: sha256(path) for path in office.report.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("moment", ["hashed and looked at", *WHEN[:2]])
def test_a_return_edited_at_any_earlier_moment(office: Office, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also between the hashes for `run.json` and the first look, before any notebook runs."""
    read_facts, changes = running.read_facts, [office.edit]
    if moment in WHEN:
        office.before[moment] = office.edit
    else:
        monkeypatch.setattr(
            running, "read_facts", lambda *args: ([change() for change in changes], read_facts(*args))[1]
        )
    with pytest.raises(RunError, match=r"raw/2021-03/登记注册科\.xlsx改过"):
        office.run(force=True)
    changes.clear()
    assert office.whole() == FIRST
    office.run()  # the next run goes on
    inputs = read_manifest(office.report)["inputs"]
    assert inputs["raw/scjg/2021-03/登记注册科.xlsx"]["sha256"] == sha256(office.returned())
    assert office.whole() == "513户"


def test_returns_that_have_become_others_are_told_though_no_file_changed() -> None:
    with pytest.raises(RunError, match="运行期间有文件被改动：各部门的上报表。"):
        require_same({}, {LOOK: "1"}, {LOOK: "2"}, "qinghe")


def test_what_is_changed_after_it_was_read_is_for_the_next_run(office: Office) -> None:
    office.edit(514, "安全监管科")
    office.before["report.html"] = office.edit
    office.run()
    assert office.whole() == FIRST
    inputs = read_manifest(office.report)["inputs"]
    assert inputs["raw/scjg/2021-03/登记注册科.xlsx"]["sha256"] != sha256(office.returned())
    office.run()
    assert office.whole() == "513户"


def test_a_return_that_someone_only_opens_disturbs_nothing(office: Office) -> None:
    """Excel and LibreOffice put a mark beside a workbook that is open."""
    office.edit()
    office.before["1_ingest-登记注册科"] = lambda: (office.places.returns / MARKED).write_bytes(b"")
    office.run()
    assert office.whole() == "513户"
    assert not [name for name in read_manifest(office.report)["inputs"] if MARKED in name]
