"""Text becomes the name of one file or folder, and never leads out of the folder that it is joined to."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis.scheme import Department, Period, SchemeError, read_scheme
from analysis.scheme.county import read_county
from analysis.scheme.names import below, file_name

HOSTILE = [
    "",
    " ",
    ".",
    "..",
    "../x",
    "a/../../x",
    "/etc",
    "..\\x",
    "C:",
    "C:\\x",
    "\\\\server\\share",
    "a:stream",
    "a\0b",
    "a\nb",
    "a\u202egnp.exe",
    "\u200b",
    "\ud800",
    "a*",
    "a?",
    "<a>",
    "a|b",
    'a"b',
    " a",
    "a ",
    "a.",
    "CON",
    "nul.xlsx",
    "com1",
    "LPT9.txt",
    "镇" * 61,
    "x" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"乡镇“[\s\S]*”应当是文件夹名或文件名，不能是路径：."):
        file_name(name, "乡镇")
    with pytest.raises(ValueError, match="不能是路径"):
        below(tmp_path, "qinghe", name)


@pytest.mark.parametrize(
    "name", ["qinghe", "青禾镇", "青禾 镇[1]", "2021-09", "a..b", "CONTRACT", "财政所.findings.parquet"]
)
def test_names_stay_below(name: str, tmp_path: Path) -> None:
    assert below(tmp_path, name, "2021") == tmp_path / name / "2021"


def test_a_refusal_shows_the_text_without_what_a_terminal_would_obey() -> None:
    with pytest.raises(ValueError, match="“a□□31mb”"):
        file_name("a\x1b\x9b31mb")


@pytest.mark.parametrize("county", ["../x", "..\\x", "C:x", "a\0"])
def test_a_county_is_no_path(county: str, tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="应当是文件名"):
        read_county(tmp_path, county, Period(2021))


def test_a_departments_name_is_the_name_of_its_receipt(root: Path, tmp_path: Path) -> None:
    for path in (root / "scheme").glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "departments.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("财政所", "../财政所"), encoding="utf-8")
    with pytest.raises(SchemeError, match=r"“\.\./财政所”应当是文件夹名或文件名"):
        read_scheme(tmp_path)


def test_a_departments_name_leaves_room_for_what_its_files_are_called(tmp_path: Path) -> None:
    longest = "办" * 54
    assert below(tmp_path, f"{Department(order=1, name=longest).name}.findings.parquet")
    with pytest.raises(ValidationError, match="太长，汉字不要超过54个"):
        Department(order=1, name=f"{longest}室")


@pytest.mark.parametrize("name", ["1_ingest", "2_indicators", "3_report", "4_county"])
@pytest.mark.parametrize("wrong", [{"town": "../x", "county": "../x"}, {"period": "../2021"}])
def test_a_parameter_of_a_notebook_never_leaves_its_folder(
    name: str, wrong: dict[str, str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notebook's own cells, as far as where its paths are made."""
    monkeypatch.chdir(root)
    outside = tmp_path / "raw"
    cells = json.loads((root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    exec("\n".join(code[:2]), names)  # its parameters and imports
    names |= {"raw": str(outside), "processed": str(outside), **wrong}
    with pytest.raises((ValueError, SchemeError), match=r"应当是文件|看不懂"):
        exec(code[2], names)


def test_a_department_that_is_a_path_is_never_written(root: Path, tmp_path: Path) -> None:
    code = json.loads((root / "notebooks" / "1_ingest.ipynb").read_text(encoding="utf-8"))["cells"][-1]["source"]
    saved: list[Path] = []
    names = {
        "below": below,
        "project_path": lambda path: tmp_path,
        "processed": "",
        "town": "qinghe",
        "reporting_period": "2021",
        "department": "../../财政所",
        "save_frame": lambda frame, path: saved.append(path),
        "ingested": type("Ingested", (), {"values": None, "findings": None, "checks": None}),
    }
    with pytest.raises(ValueError, match="不能是路径"):
        exec("".join(code), names)
    assert saved == []
