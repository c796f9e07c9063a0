"""`township-report init`: a new township, of which only its own facts are left to be filled in."""

import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from analysis import cli
from analysis.cli import exit_code
from analysis.intake.ingest import read_period
from analysis.running import init
from analysis.running.init import Begun, Known, assessed, begin, left_open
from analysis.running.places import Places, places_of
from analysis.running.templates import Template, make_templates
from analysis.scheme import Period, SchemeError, read_facts, read_scheme

KNOWN = Known("柳河镇", "云川县", phone="0900-5550200", villages=("东河村", "西河村"))


@pytest.fixture
def places(root: Path, tmp_path: Path) -> Places:
    folders = {name: tmp_path / name for name in ("raw", "processed", "reports", "scheme")}
    return places_of(root, "liuhe", Period(2022), **folders)


def written(places: Places) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for folder in (places.raw, places.reports, places.scheme)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_is_made_and_what_is_left_is_listed(places: Places) -> None:
    begun = begin(places, KNOWN)
    assert [path.name for path in begun.made] == ["scheme", "town.toml", "2022.csv", "period.toml", "空白上报表"]
    assert begun.kept == ()
    assert len(begun.blanks) == 15
    targets, dated, deadline = begun.left
    assert "31项目标中31项还没有填（E01、E02、" in targets
    assert "报告日期还没有填" in dated
    assert "报送期限还空着" in deadline
    scheme = read_scheme(places.scheme)
    with pytest.raises(SchemeError, match=r"2022/period.toml“report_date”：缺少这一项"):
        read_facts(places.raw / "liuhe", places.period, scheme)  # a run says what lacks; no date was made up
    for path in (places.raw / "liuhe").rglob("*.*"):
        assert "#" in path.read_text(encoding="utf-8-sig"), path


def test_what_was_filled_in_is_left_no_more(places: Places) -> None:
    begin(places, KNOWN, date(2023, 1, 15), date(2023, 1, 7))
    scheme = read_scheme(places.scheme)
    book = places.raw / "liuhe" / "targets" / "2022.csv"
    text = book.read_text(encoding="utf-8-sig")
    for indicator in assessed(scheme, 2022):
        assert f"# {indicator.code} {indicator.name}（" in text
        text = text.replace(f"\n{indicator.code},,,,", f"\n{indicator.code},,95,,云目标发〔2022〕3号")
    book.write_text(text, encoding="utf-8-sig")
    assert list(left_open(places, scheme)) == []
    facts = read_facts(places.raw / "liuhe", places.period, scheme)
    assert facts.town.signature == "云川县柳河镇人民政府"
    assert facts.town.addressee == "云川县人民政府"
    assert facts.town.villages == ("东河村", "西河村")
    target = facts.target("E03")
    assert target is not None and target.target == "95"
    assert facts.target_cell("E03", "target")[1:] == str(text[: text.index("\nE03,")].count("\n") + 2)
    (finance,) = make_templates(places, departments=["财政所"])
    assert not finance.note  # the blank one without targets is replaced
    assert "95" in {str(cell.value) for row in openpyxl.load_workbook(finance.path)["指标"] for cell in row}
    shutil.copy(finance.path, places.returns)
    assert read_period(places.returns, scheme, facts)["财政所"].sighting.status == "return"


def test_nothing_is_overwritten(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "make_templates", lambda _: [])  # tests/running/test_templates.py has them
    begin(places, KNOWN)
    before = written(places)
    with pytest.raises(ValueError, match="已经建好，没有改动任何文件"):
        begin(places)
    assert written(places) == before
    later = places_of(places.root, "liuhe", Period(2023), raw=places.raw, reports=places.reports, scheme=places.scheme)
    with pytest.raises(ValueError, match=r"town\.toml 已经有了，没有改动；--name 请直接写进这个文件"):
        begin(later, Known("别的镇"))
    assert written(places) == before
    begun = begin(later)  # a further year of the same township
    assert [path.name for path in begun.kept] == ["scheme", "town.toml"]
    assert {path: written(places)[path] for path in before} == before


def test_without_a_name_no_blank_return_is_made_yet(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    options = [
        "--period",
        "2022",
        "--raw",
        str(places.raw),
        "--reports",
        str(places.reports),
        "--scheme",
        str(places.scheme),
    ]
    assert exit_code(["init", "liuhe", *options]) == cli.DONE
    said = capsys.readouterr().out
    assert re.search(r"1\. liuhe/town\.toml 第\d+行“name”：还没有填写。", said)
    assert "以后，用 township-report templates --town liuhe --period 2022 做空白上报表。" in said
    assert not places.report.exists()
    assert exit_code(["templates", "--town", "liuhe", *options]) == cli.FAILED
    assert re.search(r"town\.toml 第\d+行“name”：还没有填写", capsys.readouterr().err)
    town = places.raw / "liuhe" / "town.toml"
    text = town.read_text(encoding="utf-8")
    for item in ("name", "county", "addressee", "signature"):
        text = text.replace(f'{item} = ""', f'{item} = "柳河镇"')
    town.write_text(text, encoding="utf-8")
    assert exit_code(["templates", "--town", "liuhe", *options, "--department", "财政所"]) == cli.DONE
    assert "31项目标中31项还没有填" in capsys.readouterr().out


def test_what_stopped_halfway_is_begun_again(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(init, "period_text", lambda *_: (_ for _ in ()).throw(OSError("full")))
        begin(places, KNOWN)
    monkeypatch.setattr(init, "make_templates", lambda _: [])
    begun = begin(places)
    assert [path.name for path in begun.made] == ["period.toml"]
    assert not list(places.raw.parent.glob(".scheme-*"))


def test_a_target_book_is_not_asked_of_who_has_none(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "make_templates", lambda _: [])
    places.scheme.mkdir()  # an empty folder is as good as none
    begun = begin(places, KNOWN, date(2023, 1, 15), date(2023, 1, 7))
    assert begun.made[0] == places.scheme and len(begun.left) == 1
    (places.raw / "liuhe" / "targets" / "2022.csv").unlink()
    assert list(left_open(places, read_scheme(places.scheme))) == []


def test_what_was_made_and_what_is_left_is_told_line_by_line() -> None:
    blanks = (Template("财政所", Path("财政所（新）.xlsx"), "《财政所.xlsx》已经有人填写或改动过，没有覆盖"),)
    begun = Begun((Path("新"),), (Path("旧"),), blanks, ())
    assert list(init.told(begun)) == [
        ("good", "新建：新"),
        ("", "已有，没有改动：旧"),
        ("warning", "《财政所.xlsx》已经有人填写或改动过，没有覆盖"),
        ("", "空白上报表1份。"),
        ("", ""),
        ("good", "没有要补填的了。"),
    ]


def test_a_folder_with_other_files_gets_no_scheme(places: Places) -> None:
    places.scheme.mkdir()
    (places.scheme / "照片.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match="但有别的文件，没有改动"):
        begin(places, KNOWN)
    assert not places.raw.exists()


def test_whatever_a_name_holds_stays_text(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "make_templates", lambda _: [])
    name = '柳"河\\镇\n[phones]\nx = 1\x7f'
    begin(places, Known(name, "云川县"))
    assert (
        read_facts(places.raw / "liuhe", places.period, read_scheme(places.scheme), date(2023, 1, 1)).town.name == name
    )
