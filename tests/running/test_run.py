"""The whole way, as the clerk runs it: returns in, report out, in each of the three endings."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
import example
import lxml.html
import openpyxl
import papermill
import pdfplumber
import pytest

from analysis.running import run as running
from analysis.running.errors import RunError
from analysis.running.export import export
from analysis.running.manifest import sha256
from analysis.running.places import places_of
from analysis.scheme import Period
from analysis.telling.spans import Chart, text_of

pytestmark = pytest.mark.slow
ANNEX = "附件2：指标完成情况明细表"


ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Office:
    """An office of its own: returns, tables and reports in a temporary folder, the project's scheme and notebooks."""

    root: Path
    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "reports" / "qinghe" / "2021"

    def run(self, *more: str, scheme: Path | None = None) -> subprocess.CompletedProcess[str]:
        folders = ("raw", "processed", "reports")
        return subprocess.run(
            [
                Path(sys.executable).parent / "township-report",
                "run",
                *("--town", "qinghe", "--period", "2021", "--workers", "2"),
                *(part for name in folders for part in (f"--{name}", str(self.folder / name))),
                *("--scheme", str(scheme or self.root / "scheme")),
                *more,
            ],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def office(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(root / "data" / "raw", folder / "raw")
    return Office(root, folder)


@pytest.fixture(scope="module")
def done(office: Office) -> subprocess.CompletedProcess[str]:
    """The example's report of 2021, nothing missing."""
    return office.run()


def test_every_department_has_its_receipt_and_the_office_its_table(
    done: subprocess.CompletedProcess[str], office: Office
) -> None:
    assert done.returncode == 0, done.stderr
    returns = sorted(path.stem for path in (ROOT / "data" / "raw" / "qinghe" / "2021").glob("*.xlsx"))
    receipts = office.report / "receipts"
    assert sorted(path.stem for path in receipts.glob("*.xlsx")) == returns
    assert sorted(path.stem for path in receipts.glob("*.html")) == returns
    assert "已上报15个" in (office.report / "submission.html").read_text(encoding="utf-8")


def squeezed(text: str) -> str:
    """Without white space, and without the word joiners that keep a semicolon with its figure in the PDF."""
    return re.sub(r"[\s\u2060]", "", text)


def told_text(report: object) -> str:
    """The report's prose and the captions of its charts, as every format should give it."""
    parts = [report.title]
    for chapter in report.chapters:
        if not chapter.annex:
            parts += [text_of(b.title) if isinstance(b, Chart) else text_of(b.spans) for b in chapter.blocks]
    return squeezed("".join(parts))


def html_text(path: Path) -> str:
    body = lxml.html.fromstring(path.read_text(encoding="utf-8")).find("body")
    for gone in [*body.find_class("source"), *body.find_class("annex"), *body.iter("nav", "style", "script")]:
        gone.drop_tree()
    return squeezed(body.find(".//article").text_content())


def pdf_text(path: Path) -> str:
    with pdfplumber.open(path) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    text = "".join(re.sub(r"\n?— ?\d+ ?—\s*$", "", page) for page in pages)
    return squeezed(text).partition(ANNEX)[0]


def docx_text(path: Path) -> str:
    paragraphs = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    return squeezed("".join(paragraphs)).partition(ANNEX)[0]


def after_title(text: str, title: str) -> str:
    """The document's number stands above the title in every format; what comes after the title is the same text."""
    return text.partition(title)[2]


def test_a_run_ends_done_and_says_what_it_made(done: subprocess.CompletedProcess[str], office: Office) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "报告已生成" in done.stdout
    assert "Traceback" not in done.stderr and "WARNING" not in done.stderr
    made = {path.name for path in office.report.iterdir()}
    expected = {"report.html", "report.pdf", "report.docx", "figures.csv", "figures.parquet", "run.json", "notebooks"}
    expected |= {f"report-shared.{kind}" for kind in ("html", "pdf", "docx")} | {"figures-shared.csv"}
    assert expected <= made
    assert len(list((office.report / "notebooks").glob("1_ingest-*.ipynb"))) == 15


def test_the_manifest_names_every_input_and_output_with_its_hash(
    done: subprocess.CompletedProcess[str], office: Office
) -> None:
    manifest = json.loads((office.report / "run.json").read_text(encoding="utf-8"))
    assert manifest["ending"] == "done" and manifest["owed"] == [] and manifest["gaps"] == []
    returns = [name for name in manifest["inputs"] if name.endswith(".xlsx")]
    assert len(returns) == 60  # three years and a part of one
    for name in ("report.html", "report.pdf", "report.docx"):
        assert manifest["outputs"][name]["sha256"] == sha256(office.report / name)
    assert set(manifest["fonts"]) >= {"title", "body", "heading1", "heading2"}
    assert manifest["versions"]["pandas"] and manifest["seconds"]["total"] > 0


def test_the_edition_to_share_has_no_internal_row_in_any_format(
    done: subprocess.CompletedProcess[str], office: Office
) -> None:
    page = (office.report / "report-shared.html").read_text(encoding="utf-8")
    texts = [page, pdf_text(office.report / "report-shared.pdf"), docx_text(office.report / "report-shared.docx")]
    for text in texts:
        assert "内部掌握的指标未列入本报告" in text
        for word in ("问题线索", "受理信访件", "进京赴省上访", "党纪处分", "D05", "S04", "0900-5550113"):
            assert word not in text, word


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx"])
def test_the_prose_is_the_same_text_in_all_three_formats(
    name: str, done: subprocess.CompletedProcess[str], office: Office, told_example: Callable[[str], object]
) -> None:
    read = {"report.html": html_text, "report.pdf": pdf_text, "report.docx": docx_text}[name]
    report = told_example("2021").report
    title = squeezed(report.title)
    told = told_text(report).replace(title, "", 1)
    above = [text_of(b.spans) for b in report.chapters[0].blocks if getattr(b, "style", "") == "document_number"]
    assert after_title(read(office.report / name), title) == told.removeprefix(squeezed("".join(above)))


def test_no_line_of_the_pdf_begins_with_a_closing_mark(done: subprocess.CompletedProcess[str], office: Office) -> None:
    with pdfplumber.open(office.report / "report.pdf") as pdf:
        for page in pdf.pages:
            if page.width > page.height:  # cells of the annex are narrow
                continue
            for line in page.extract_text_lines():
                text = line["text"].strip().lstrip("\u2060")
                assert text[:1] not in set("。，、；：！？）》”’"), (page.page_number, text)
                assert text[-1:] not in set("（《“‘"), (page.page_number, text)


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx"])
def test_the_same_notebook_gives_the_same_bytes(
    name: str, done: subprocess.CompletedProcess[str], office: Office, tmp_path: Path
) -> None:
    again = export(name, office.report / "notebooks" / "3_report.ipynb", tmp_path).path
    assert again.read_bytes() == (office.report / name).read_bytes()


def test_nothing_in_the_raw_folder_was_touched(
    done: subprocess.CompletedProcess[str], office: Office, root: Path
) -> None:
    kept = {p.relative_to(root): p.read_bytes() for p in (root / "data/raw").rglob("*") if p.is_file()}
    for relative, content in kept.items():
        assert (office.folder / relative.relative_to("data")).read_bytes() == content


@pytest.mark.parametrize("name", ["2_indicators", "3_report"])
def test_a_notebook_runs_alone_from_its_own_folder(
    name: str, done: subprocess.CompletedProcess[str], office: Office, tmp_path: Path
) -> None:
    """As JupyterLab runs it: the working directory is `notebooks/`, the period is typed as a number."""
    executed = papermill.execute_notebook(
        str(office.root / "notebooks" / f"{name}.ipynb"),
        str(tmp_path / "out.ipynb"),
        {"raw": str(office.folder / "raw"), "processed": str(office.folder / "processed"), "period": 2021},
        cwd=str(office.root / "notebooks"),
        progress_bar=False,
    )
    assert not executed.metadata.papermill.get("exception")


def test_an_unknown_parameter_is_refused_with_the_near_name(office: Office) -> None:
    ran = office.run("-p", "towm=x")
    assert ran.returncode == 1
    assert "没有“towm”这个参数" in ran.stderr and "是否是“town”？" in ran.stderr


def test_a_slip_in_the_schemes_checks_is_nobodys_return(
    done: subprocess.CompletedProcess[str], office: Office, tmp_path: Path
) -> None:
    before = {p: p.read_bytes() for p in office.report.rglob("*") if p.is_file()}
    broken = tmp_path / "scheme"
    shutil.copytree(office.root / "scheme", broken)
    checks = broken / "checks.csv"
    checks.write_text(
        checks.read_text(encoding="utf-8").replace("too_long,text,warning,1000", "too_long,text,warning,"),
        encoding="utf-8",
    )
    ran = office.run(scheme=broken)
    assert ran.returncode == 1
    assert "too_long" in ran.stderr and "没有界限" in ran.stderr
    assert {p: p.read_bytes() for p in office.report.rglob("*") if p.is_file()} == before


def test_a_mistake_in_the_command_is_told_in_chinese(office: Office) -> None:
    ran = office.run("--perod", "2021")
    assert ran.returncode == 1
    assert "没有 --perod 这个选项" in ran.stderr


def steps_of(office: Office) -> dict[str, dict[str, object]]:
    """By step of the last run, whether it ran and why."""
    return json.loads((office.report / "run.json").read_text(encoding="utf-8"))["steps"]


def test_a_second_run_on_the_same_has_nothing_to_do(done: subprocess.CompletedProcess[str], office: Office) -> None:
    assert len(steps_of(office)) == 15 + 1 + 2 + 6 and all(step["ran"] for step in steps_of(office).values())
    before = {p: p.read_bytes() for p in office.report.rglob("*") if p.is_file()}
    again = office.run()
    assert again.returncode == 0, again.stdout + again.stderr
    assert "没有变化" in again.stdout
    assert {p: p.read_bytes() for p in office.report.rglob("*") if p.is_file()} == before


def test_only_what_depends_on_a_changed_file_runs_again(done: subprocess.CompletedProcess[str], office: Office) -> None:
    """A report changed by hand is exported again; a sentence of a template runs the last notebook alone."""
    page = office.report / "report.html"
    made = page.read_bytes()
    page.write_bytes(made + b"<!-- by hand -->")
    assert office.run().returncode == 0
    assert [name for name, step in steps_of(office).items() if step["ran"]] == ["report.html"]
    assert page.read_bytes() == made
    assert (office.report / "report（手工修改）.html").read_bytes().endswith(b"<!-- by hand -->")
    scheme = office.folder / "scheme"
    shutil.copytree(office.root / "scheme", scheme)
    chapter = scheme / "narrative" / "90-结尾.md"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("特此报告", "专此报告"), encoding="utf-8")
    ran = office.run(scheme=scheme)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    stages = {name: step for name, step in steps_of(office).items() if step["ran"]}
    assert set(stages) == {"3_report", "3_report-shared"} | {
        f"report{edition}.{kind}" for edition in ("", "-shared") for kind in ("html", "pdf", "docx")
    }
    assert stages["3_report"]["why"] == ["scheme/narrative/90-结尾.md改过"]
    assert "专此报告" in html_text(page)


@pytest.fixture(scope="module")
def gaps(done: subprocess.CompletedProcess[str], office: Office) -> subprocess.CompletedProcess[str]:
    """A return that is no workbook, one that is missing, one with words for a number; and a report changed by hand."""
    returns = office.folder / "raw" / "qinghe" / "2021"
    (returns / "财政所.xlsx").write_bytes(b"not a workbook at all")
    (returns / "水利站.xlsx").unlink()
    path = returns / "农业农村办公室.xlsx"
    workbook = openpyxl.load_workbook(path)
    row = next(cells for cells in workbook["指标"].iter_rows() if cells[1].value == "E06")
    row[5].value = "约60座"
    workbook.save(path)
    edited = office.report / "report.docx"
    edited.write_bytes(edited.read_bytes() + b" edited by hand")
    return office.run()


def test_gaps_end_in_a_draft_and_the_summary_says_what_is_owed(
    gaps: subprocess.CompletedProcess[str], office: Office
) -> None:
    assert gaps.returncode == 2, gaps.stdout + gaps.stderr
    said = squeezed(gaps.stdout)
    assert "草稿已生成" in said
    assert "欠报：水利站" in said and "欠报：财政所" in said
    assert "约60座" in said
    manifest = json.loads((office.report / "run.json").read_text(encoding="utf-8"))
    assert manifest["ending"] == "done with gaps"
    assert manifest["owed"] == ["财政所", "水利站"]
    read = [name for name, step in manifest["steps"].items() if step["ran"] and name.startswith("1_")]
    assert sorted(read) == ["1_ingest-农业农村办公室", "1_ingest-水利站", "1_ingest-财政所"]
    assert "raw/2021/水利站.xlsx不在了" in manifest["steps"]["1_ingest-水利站"]["why"]
    assert manifest["steps"]["2_indicators"]["ran"] and manifest["steps"]["3_report"]["ran"]


def test_a_draft_marks_its_gaps_and_says_so_first(gaps: subprocess.CompletedProcess[str], office: Office) -> None:
    for text in (html_text(office.report / "report.html"), docx_text(office.report / "report.docx")):
        assert "草稿：本稿有" in text
        assert "待水利站补报" in text and "待财政所补报" in text and "待农业农村办公室补报" in text
    page = lxml.html.fromstring((office.report / "report.html").read_text(encoding="utf-8"))
    assert page.find_class("gap")


def test_the_other_departments_are_told_as_before(
    gaps: subprocess.CompletedProcess[str], office: Office, told_example: Callable[[str], object]
) -> None:
    whole = [text for text in example.prose_of(told_example("2021").report) if "受理矛盾纠纷" in text]
    assert squeezed(whole[0]) in html_text(office.report / "report.html")


def test_the_last_report_is_kept_and_one_changed_by_hand_is_not_lost(
    gaps: subprocess.CompletedProcess[str], office: Office
) -> None:
    assert (office.report / "previous" / "report.pdf").is_file()
    kept = office.report / "report（手工修改）.docx"
    assert kept.read_bytes().endswith(b" edited by hand")


def test_a_later_run_says_what_changed_since_the_last(
    gaps: subprocess.CompletedProcess[str], done: subprocess.CompletedProcess[str], office: Office
) -> None:
    assert "第一次运行" in done.stdout and "改动一览" not in done.stdout
    assert "与上一次运行相比，数字" in squeezed(gaps.stdout) and "改动一览：" in gaps.stdout
    changes = lxml.html.fromstring((office.report / "changes.html").read_text(encoding="utf-8")).text_content()
    assert "又成了草稿" in changes and "水利站" in changes
    outputs = json.loads((office.report / "run.json").read_text(encoding="utf-8"))["outputs"]
    assert outputs["changes.html"]["sha256"] == sha256(office.report / "changes.html")


def test_a_failed_run_touches_nothing_of_the_last_report(
    gaps: subprocess.CompletedProcess[str], office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p: p.read_bytes() for p in office.report.rglob("*") if p.is_file()}
    broken = tmp_path / "scheme"
    shutil.copytree(office.root / "scheme", broken)
    chapter = broken / "narrative" / "30-个性指标.md"
    chapter.write_text('# 三、个性指标\n\n{{ projects("X99") }}\n', encoding="utf-8")
    folders = {name: office.folder / name for name in ("raw", "processed", "reports")}
    places = places_of(office.root, "qinghe", Period(2021), **folders, scheme=broken)
    # The returns have just been read, by the same scheme: what is tried here is the failure of a later stage.
    monkeypatch.setattr(running, "ingest", lambda *_: None)
    with pytest.raises(RunError) as failed:
        running.run(places)
    assert "30-个性指标.md 第3行" in str(failed.value) and "X99" in str(failed.value)
    assert "上一次的报告没有改动" in str(failed.value)
    assert {p: p.read_bytes() for p in office.report.rglob("*") if p.is_file()} == before
    assert not list(office.report.parent.glob(".*.run"))


@pytest.mark.parametrize(
    ("folder", "remedy"),
    [
        ("2021-12", "2021-12说的就是2021年这一期：请把文件夹改名为 2021，再运行。"),
        ("2021年", "2021年说的就是2021年这一期：请把文件夹改名为 2021，再运行。"),
        ("2020", "现有的报告期：2020。写错了的请改正；新的报告期先用 township-report init qinghe --period 2021 建好，"),
        (
            "../liuhe/2021",
            "现有的乡镇：liuhe。写错了的请改正；新的乡镇先用 township-report init qinghe --period 2021 建好，",
        ),
    ],
)
def test_a_folder_that_is_not_there_is_told_with_those_that_are(
    folder: str, remedy: str, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "raw/qinghe" / folder).mkdir(parents=True)
    if folder.startswith(".."):
        (tmp_path / "raw/qinghe").rmdir()
    places = places_of(root, "qinghe", Period(2021), raw=tmp_path / "raw", reports=tmp_path / "reports")
    with pytest.raises(RunError, match=r"没有 .* 这个文件夹") as told:
        running.run(places)
    assert told.value.remedy.startswith(remedy)
