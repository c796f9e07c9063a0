"""One whole run with real kernels and typesetters where hardly anything is as usual: folders, locale, time zone, permissions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import lxml.html
import papermill
import pdfplumber
import pytest
from second_scheme import bureau

from analysis.cli import exit_code
from analysis.running.manifest import read_manifest, sha256
from analysis.running.places import places_of
from analysis.scheme import Period

from .office import Office

ODD = "我的 文件 (新) 'q' \"Q\" & #1 100% ~ $HOME `x` {a}[b] C:\\新\\u4e00 é"
"""A name that shells, URLs, globs, format strings, markup and escapes take amiss."""
NO_LOCALE = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A project of its own in such a folder, with raw files that nobody may write to."""
    root = tmp_path_factory.mktemp("odd") / ODD / ("很长的文件夹名" * 9)
    data = root / "data"
    bureau.make_bureau(root)
    data.mkdir()
    (root / "raw").rename(data / "raw")
    (root / "notebooks").symlink_to(bureau.ROOT / "notebooks")
    for path in [*(data / "raw").rglob("*"), data / "raw"]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return Office(root)


@pytest.fixture(scope="module")
def ran(place: Office) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-m",
        "analysis.cli",
        "run",
        "--town",
        bureau.TOWN,
        "--period",
        "2021-03",
        "--workers",
        "2",
    ]
    source = os.environ.get("PYTHONPATH", "")
    env = {**os.environ, **NO_LOCALE, "TZ": "America/St_Johns", "PYTHONPATH": source}
    return subprocess.run(command, cwd=place.folder / "data", env=env, capture_output=True, check=False)


@pytest.mark.slow
def test_the_report_is_made_and_told_in_chinese(ran: subprocess.CompletedProcess[bytes], place: Office) -> None:
    said = ran.stdout.decode("utf-8")
    assert ran.returncode == 0, said + ran.stderr.decode("utf-8", "replace")
    report = place.folder / "reports" / bureau.TOWN / "2021-03"
    assert f"报告已生成：{report}" in said and "Traceback" not in ran.stderr.decode()
    manifest = read_manifest(report)
    assert manifest is not None and all(
        sha256(report / name) == entry["sha256"] for name, entry in manifest["outputs"].items() if "sha256" in entry
    )
    title = "云川县市场监督管理局2021年一季度重点工作进展情况报告"
    assert lxml.html.fromstring((report / "report.html").read_text(encoding="utf-8")).findtext(".//title") == title
    with pdfplumber.open(report / "report.pdf") as pdf:
        assert "新登记经营主体512户" in "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert (report / "receipts" / "登记注册科.xlsx").is_file()
    assert manifest["finished"].endswith(("-02:30", "-03:30"))


@pytest.mark.slow
def test_the_notebooks_were_told_of_the_folders_as_they_are(
    ran: subprocess.CompletedProcess[bytes], place: Office
) -> None:
    """Backslashes, quotes and braces come through as parameters."""
    executed = place.folder / "reports" / bureau.TOWN / "2021-03" / "notebooks" / "3_report.ipynb"
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    (injected,) = (cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", []))
    given: dict[str, str] = {}
    exec("".join(injected["source"]), given)
    assert given["raw"] == str(place.folder / "data" / "raw") and ODD in given["scheme"]


@pytest.mark.parametrize(
    "value", [r"C:\new\table", r"\\server\共享\x", 'a"b', "a'b", "{x}", "C:\\", "a\nb", "$HOME %s"]
)
def test_a_path_of_windows_as_a_parameter_is_that_path(value: str) -> None:
    source = papermill.parameterize.parameterize_notebook
    notebook = papermill.iorw.load_notebook_node(str(bureau.ROOT / "notebooks" / "1_ingest.ipynb"))
    cells = source(notebook, {"raw": value, "department": value}).cells
    (injected,) = (cell for cell in cells if "injected-parameters" in cell.metadata.get("tags", []))
    given: dict[str, str] = {}
    exec(injected.source, given)
    assert given["raw"] == given["department"] == value


def test_a_folder_of_windows_that_is_not_there_is_named_as_typed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["run", "--town", "qinghe", "--period", "2021", "--raw", r"C:\上报\new"]) == 1
    said = capsys.readouterr().err
    assert r"C:\上报\new" in said and "没有" in said and "Traceback" not in said


def test_a_town_is_no_path_of_windows_either(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["run", "--town", r"..\x", "--period", "2021"]) == 1
    assert "应当是文件夹名或文件名，不能是路径" in capsys.readouterr().err


def test_a_path_that_is_too_long_is_told(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["run", "--town", "qinghe", "--period", "2021", "--reports", str(tmp_path / ("长" * 100))]) == 1
    assert "路径太长：" in capsys.readouterr().err


def test_a_period_without_a_folder_has_no_returns(tmp_path: Path) -> None:
    assert places_of(tmp_path, "qinghe", Period(2021)).returned() == {}
