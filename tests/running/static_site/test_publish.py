"""What gets into the site and what never does; the old site stays until the new one is whole."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis import cli
from analysis.running.errors import RunError
from analysis.running.site import Asked, Outcome, publish_site
from analysis.running.site.console import as_json, told
from analysis.running.site.inspection import Inspected
from analysis.running.site.publish import SUMS, files_of

from .made import SECRET, Make, digests, page


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "站点 1"


@pytest.fixture
def publish(tmp_path: Path, out: Path) -> Any:
    def publish_reports(**options: Any) -> Outcome:
        return publish_site(Asked(tmp_path / "reports", out, **options))

    return publish_reports


def states(outcome: Outcome) -> dict[tuple[str, str], str]:
    return {(chosen.town, str(chosen.period)): chosen.state for chosen in outcome.reports}


def lines(outcome: Outcome) -> str:
    return "\n".join(line for _, line in told(outcome))


# ---- What is published


def test_only_the_edition_to_share_and_only_its_three_formats(make: Make, publish: Any, out: Path) -> None:
    make(receipts={"财政所.html": b"<p>x", "财政所.xlsx": b"x"})
    outcome = publish()
    assert outcome.clean
    place = "reports/qinghe/2021"
    assert files_of(out) == [SUMS, "index.html", *(f"{place}/report.{end}" for end in ("docx", "html", "pdf"))]
    assert "report-shared 0" in (out / place / "report.pdf").read_text(encoding="utf-8")
    for file in files_of(out):
        content = (out / file).read_text(encoding="utf-8")
        assert SECRET not in content, file
        assert str(out.parent) not in content, file
        assert not any(word in content for word in ("raw/", "08:00:00", "Z01")), file


def test_where_no_row_is_internal_the_only_edition_is_published(make: Make, publish: Any, out: Path) -> None:
    make(shared=False)
    publish()
    assert "report 0" in (out / "reports/qinghe/2021/report.pdf").read_text(encoding="utf-8")


def test_an_office_report_never_stands_in_for_a_shared_one(make: Make, publish: Any) -> None:
    for file in make().glob("report-shared.*"):
        file.unlink()
    make("old", shared=False).joinpath("run.json").write_text(
        json.dumps({"town": "old", "period": "2021", "ending": "done", "outputs": {}}), encoding="utf-8"
    )
    make("good", name="好镇")
    outcome = publish()
    assert states(outcome) == {("good", "2021"): "未定稿"}
    assert not outcome.clean
    assert {left.town: left.why for left in outcome.left_out} == {
        "old": "是旧版本程序出的，看不出有没有内部指标，请重新运行",
        "qinghe": "缺《report-shared.html》或者读不出，请重新运行",
    }


def test_the_offices_edition_is_published_where_asked_for_and_told_loudly(make: Make, publish: Any, out: Path) -> None:
    make()
    outcome = publish(edition="office")
    assert SECRET in (out / "reports/qinghe/2021/report.html").read_text(encoding="utf-8")
    assert "不得对外提供" in (out / "index.html").read_text(encoding="utf-8")
    assert next(told(outcome)) == (
        "red",
        "注意：这是办公室全本，含内部指标，不得对外提供。对外请去掉 --edition office。",
    )
    publish()
    assert SECRET not in (out / "index.html").read_text(encoding="utf-8")
    assert "不得对外提供" not in (out / "index.html").read_text(encoding="utf-8")
    with pytest.raises(RunError, match="没有“全本”这个版本"):
        publish(edition="全本")


def test_the_newest_final_else_the_current_report_and_drafts_where_asked_for(
    make: Make, publish: Any, out: Path
) -> None:
    for number in (2, 10, 9):
        make(final=number)
    make(draft=True)
    make("hekou", name="河口镇", draft=True)
    make("shanqian", name="山前镇")
    outcome = publish()
    assert states(outcome) == {("qinghe", "2021"): "定稿", ("shanqian", "2021"): "未定稿"}
    assert "report-shared 10" in (out / "reports/qinghe/2021/report.pdf").read_text(encoding="utf-8")
    assert "qinghe 2021：final-10 之后又运行过，发布的仍是这份定稿" in lines(outcome)
    assert "没有发布：hekou 2021，还是草稿，加 --drafts 才发布" in lines(outcome)
    assert outcome.clean
    assert states(publish(drafts=True)) == {
        ("hekou", "2021"): "草稿",
        ("qinghe", "2021"): "定稿",
        ("shanqian", "2021"): "未定稿",
    }


def test_a_broken_final_is_not_replaced_by_something_else(make: Make, publish: Any) -> None:
    make(final=1)
    (make(final=2) / "report-shared.docx").write_text("改过", encoding="utf-8")
    make()
    make("hekou")
    outcome = publish()
    assert states(outcome) == {("hekou", "2021"): "未定稿"}
    assert "《report-shared.docx》在运行之后改过" in outcome.left_out[0].why


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ({"town": "hekou"}, "写的是另一个乡镇"),
        ({"period": "2020"}, "写的是另一个乡镇"),
        ({"ending": "failed"}, "不完整"),
        ({"outputs": None}, "不完整"),
        ({"outputs": {"report-shared.html": {}}}, "没有《report-shared.html》"),
    ],
)
def test_a_manifest_that_does_not_fit_leaves_the_report_out(
    make: Make, publish: Any, manifest: dict[str, Any], why: str
) -> None:
    make("good")
    content = json.loads((make() / "run.json").read_text(encoding="utf-8")) | manifest
    (make() / "run.json").write_text(json.dumps(content), encoding="utf-8")
    (left,) = publish().left_out
    assert why in left.why


def test_a_manifest_that_cannot_be_read_leaves_the_report_out(make: Make, publish: Any) -> None:
    make("good")
    (make() / "run.json").write_text("{", encoding="utf-8")
    (make("hekou") / "run.json").write_text("[]", encoding="utf-8")
    (make("nan") / "run.json").unlink()
    assert [left.town for left in publish().left_out] == ["hekou", "nan", "qinghe"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_a_folder_whose_name_is_no_text_stops_nothing(make: Make, publish: Any) -> None:
    town = make("hekou").parent
    town.rename(town.with_name(os.fsdecode("河口".encode("gbk"))))
    make()
    outcome = publish()
    assert states(outcome) == {("qinghe", "2021"): "未定稿"}
    assert "文件夹名不是文字" in lines(outcome).encode().decode()


def test_a_file_put_beside_an_open_one_is_no_older_report(make: Make, publish: Any) -> None:
    make("good")
    folder = make()
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    content["outputs"]["report-shared（新）.docx"] = {"sha256": "0"}
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")
    (left,) = publish().left_out
    assert "正打开着" in left.why


def test_a_manifest_can_lead_nowhere_else(make: Make, publish: Any, out: Path) -> None:
    folder = make(receipts={"财政所.html": b"<p>x"})
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for name in (
        "receipts/../findings.html",
        "receipts\\x.html",
        "receipts/..\\x.html",
        "receipts/a\\x.html",
        "receipts/.html",
    ):
        content["outputs"][name] = {"sha256": "0"}
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")
    publish(receipts=True)
    assert [name for name in files_of(out) if "receipts" in name] == ["reports/qinghe/2021/receipts/财政所.html"]


def test_receipts_only_where_asked_for(make: Make, publish: Any, out: Path) -> None:
    receipt = '<meta charset="utf-8"><title>回执</title><a href="%E8%B4%A2.xlsx">x</a>'.encode()
    make(receipts={"财.html": receipt, "财.xlsx": b"no workbook"})
    make("hekou", final=1)
    publish()
    assert not list(out.rglob("receipts"))
    outcome = publish(receipts=True)
    assert [name for name in files_of(out) if "/receipts/" in name] == [
        f"reports/qinghe/2021/receipts/财.{end}" for end in ("html", "xlsx")
    ]
    assert not outcome.inspected.dead
    assert "hekou 2021：定稿 final-1 没有审核回执" in lines(outcome)
    assert "只给本单位和部门看" in lines(outcome)


def test_a_county_is_published_like_a_township(make: Make, publish: Any) -> None:
    content = json.loads((make("yunchuan", name="云川县", shared=False) / "run.json").read_text(encoding="utf-8"))
    county = {k: v for k, v in content.items() if k not in ("town", "internal_mentions")} | {"county": "yunchuan"}
    (make("yunchuan", name="云川县", shared=False) / "run.json").write_text(json.dumps(county), encoding="utf-8")
    assert states(publish()) == {("yunchuan", "2021"): "未定稿"}


def test_mentions_of_internal_rows_are_told(make: Make, publish: Any) -> None:
    make(internal_mentions=["水利站 文字材料!C5：受理信访件"])
    assert "qinghe 2021：共享稿引用的部门原话提到内部指标，请看一看：水利站 文字材料!C5：受理信访件" in lines(publish())


# ---- What is found


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678",
        "证11010519491231002X",
        '<img alt="0871-65550101">',
        "138<b>1234</b>5678",
        "<script></script>13812345678",
        "138<!-- -->12345678",
    ],
)
def test_numbers_of_persons_stop_publishing(make: Make, publish: Any, out: Path, text: str) -> None:
    make("good")
    publish()
    before = digests(out)
    make(text=text)
    with pytest.raises(
        RunError,
        match=r"没有发布：要发布的文件里有个人信息（姓名、身份证号、电话或银行卡号）\n  reports/qinghe/2021/report.html：\S+号|固定电话",
    ):
        publish()
    assert digests(out) == before
    checked = publish(check=True)
    assert not checked.clean
    assert digests(out) == before
    assert publish(allow_personal=True).clean
    assert "个人信息：reports/qinghe/2021/report.html" in lines(publish(allow_personal=True))


def test_a_named_person_stops_publishing_by_the_schemes_words(make: Make, publish: Any, root: Path) -> None:
    make(text="村民张三家已通水")
    with pytest.raises(RunError, match=r"report.html：姓名 村民张某某\n"):
        publish(scheme=root / "scheme")
    assert publish(scheme=root / "scheme", allow_personal=True).clean
    assert "没有 scheme/people.csv，不知道怎样认出姓名，只查了号码。" in lines(publish())


def test_cells_beside_each_other_are_not_one_number(make: Make, publish: Any) -> None:
    make(text="<table><tr><td>138</td><td>12345678</td></tr></table>")
    assert publish().clean


def test_numbers_in_a_receipts_workbook_are_found(make: Make, publish: Any, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["张三", 13812345678])
    book.save(tmp_path / "x.xlsx")
    make(receipts={"财政所.html": b"<p>x", "财政所.xlsx": (tmp_path / "x.xlsx").read_bytes()})
    assert publish().clean
    with pytest.raises(RunError, match=r"财政所.xlsx：手机号 138\*\*\*\*5678"):
        publish(receipts=True)


def test_check_finds_dead_links_and_what_was_altered_and_publishes_nothing(make: Make, publish: Any, out: Path) -> None:
    make(text='<a href="#gone">x</a><a href="https://example.com">y</a>')
    checked = publish(check=True)
    assert not out.exists()
    place = "reports/qinghe/2021/report.html"
    assert checked.inspected.dead == [(place, "#gone　没有这个位置"), (place, "https://example.com　指向站点以外")]
    make()
    assert publish().clean
    assert publish(check=True).clean
    (out / "reports/qinghe/2021/report.pdf").unlink()
    (out / "reports/qinghe/2021/report.docx").write_text("改", encoding="utf-8")
    (out / "new.html").write_bytes(page("x", "", "", "13812345678"))
    checked = publish(check=True)
    assert checked.standing is not None
    assert checked.standing.altered == [
        ("reports/qinghe/2021/report.docx", "发布之后改过"),
        ("reports/qinghe/2021/report.pdf", "没有了"),
        ("new.html", "不是发布时放进去的"),
    ]
    assert checked.standing.dead == [("index.html", "reports/qinghe/2021/report.pdf　没有这个文件")]
    assert checked.standing.personal == [("new.html", "手机号 138****5678")]
    assert not checked.clean
    assert json.loads(json.dumps(as_json(checked)))["standing"]["dead"]


# ---- Into its place


def test_the_same_reports_give_the_same_bytes_and_nothing_is_left_beside(make: Make, publish: Any, out: Path) -> None:
    make()
    make("hekou", "2020-09", final=3)
    publish()
    first = digests(out)
    publish()
    assert digests(out) == first
    assert {path.name for path in out.parent.iterdir()} == {"reports", out.name, f".{out.name}.lock"}


def test_what_is_gone_from_the_reports_goes_from_the_site(make: Make, publish: Any, out: Path) -> None:
    make()
    folder = make("hekou")
    publish()
    assert (out / "reports/hekou").exists()
    (folder / "run.json").unlink()
    publish()
    assert not (out / "reports/hekou").exists()


def test_somebody_elses_folder_is_refused(make: Make, publish: Any, out: Path) -> None:
    make()
    out.mkdir()
    publish()  # an empty one is not
    (out / ".DS_Store").write_bytes(b"")
    publish()
    (out / "CNAME").write_text("x", encoding="utf-8")
    with pytest.raises(RunError, match="1个不是发布时放进去的文件：CNAME"):
        publish()
    assert (out / "CNAME").exists()
    (out / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="不是发布的站点，没有动它"):
        publish()
    for file in (out / SUMS, out / "index.html"):
        file.unlink()
    with pytest.raises(RunError, match="不是发布的站点，没有动它"):
        publish()
    with pytest.raises(RunError, match="是一个文件"):
        publish_site(Asked(out.parent / "reports", out / "CNAME"))


def test_the_old_site_stays_where_the_new_one_cannot_be_made(
    make: Make, publish: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make()
    publish()
    before = digests(out)
    (folder / "report-shared.html").unlink()
    with pytest.raises(RunError, match="没有可以发布的报告\n  qinghe 2021：缺"):
        publish()
    assert digests(out) == before

    make(text="新")
    whole = Path.replace

    def full(self: Path, target: Path) -> Path:
        if self.name == "site":
            raise OSError(28, "No space left on device")
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        publish()
    assert digests(out) == before
    shutil.rmtree(out)
    with pytest.raises(OSError, match="No space"):
        publish()
    assert not out.exists()


def test_without_a_folder_of_reports_it_says_what_to_run(publish: Any, out: Path) -> None:
    with pytest.raises(RunError, match=r"(?s)没有报告文件夹 .*township-report run"):
        publish()
    assert not out.exists()


def test_a_long_list_of_findings_is_cut(tmp_path: Path, out: Path) -> None:
    found = Inspected(dead=[(f"页{number}", "没有") for number in range(23)])
    text = lines(Outcome(Asked(tmp_path, out, check=True), inspected=found))
    assert "失效的链接：页19　没有" in text and "页20" not in text and "失效的链接：另有3处" in text


def test_a_publishing_that_was_killed_is_made_good(make: Make, publish: Any, out: Path) -> None:
    make()
    publish()
    before = digests(out)
    out.rename(out.with_name(f".{out.name}.old"))
    (out.parent / f".{out.name}.publishing-x" / "site").mkdir(parents=True)
    with pytest.raises(RunError, match="没有“x”"):
        publish(edition="x")
    (out.parent / "reports/qinghe/2021/report-shared.html").unlink()
    with pytest.raises(RunError, match="没有可以发布"):
        publish()
    assert digests(out) == before
    assert {path.name for path in out.parent.iterdir()} == {"reports", out.name, f".{out.name}.lock"}


def test_two_at_once(make: Make, publish: Any, out: Path) -> None:
    from filelock import FileLock

    make()
    with FileLock(out.with_name(f".{out.name}.lock")), pytest.raises(RunError, match="正在另一处发布"):
        publish()


def test_the_command(make: Make, out: Path, tmp_path: Path) -> None:
    def command(*options: str) -> Any:
        given = ["publish", "--reports", str(tmp_path / "reports"), "--out", str(out), *options]
        return CliRunner().invoke(cli.app, given)

    make()
    done = command()
    assert done.exit_code == 0
    assert f"已发布1份报告：{out / 'index.html'}" in done.output
    (make("hekou") / "report-shared.pdf").unlink()
    looked = command("--check", "--json")
    assert looked.exit_code == 2
    answer = json.loads(looked.output)
    assert not answer["published"]
    assert [left["town"] for left in answer["left_out"]] == ["hekou"]
