"""Where new files go, and what becomes of the old ones."""

import json
import os
import sys
from pathlib import Path

import pytest

from analysis.running.manifest import sha256
from analysis.running.publish import publish


def stage(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    outputs = {name: {"sha256": sha256(folder / name)} for name in files}
    (folder / "run.json").write_text(json.dumps({"outputs": outputs | {"run.json": {}}}), encoding="utf-8")
    return folder


def test_new_files_take_their_places_and_the_old_ones_stay_in_previous(tmp_path: Path) -> None:
    report = tmp_path / "2021"
    publish(stage(tmp_path / "a", {"report.pdf": "first", "old.csv": "gone"}), report)
    publish(stage(tmp_path / "b", {"report.pdf": "second"}), report)
    assert (report / "report.pdf").read_text(encoding="utf-8") == "second"
    assert (report / "previous" / "report.pdf").read_text(encoding="utf-8") == "first"
    assert (report / "previous" / "old.csv").exists() and not (report / "old.csv").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the file of a descriptor")
def test_all_is_on_the_disk_before_anything_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that after a power cut there is one run's report, the old one or the new."""
    staged = stage(tmp_path / "a", {"report.pdf": "made", "figures.csv": "1"})
    (staged / "figures.csv").chmod(0o444)
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def written(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        fsync(descriptor)

    def moved(path: Path, target: Path) -> Path:
        done.append("moved")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", written)
    monkeypatch.setattr(Path, "rename", moved)
    publish(staged, tmp_path / "2021")
    before = done[: done.index("moved")]
    assert sorted(before) == ["figures.csv", "plan.json", "report.pdf", "run.json"]


def test_the_offices_own_files_stay(tmp_path: Path) -> None:
    report = tmp_path / "2021"
    publish(stage(tmp_path / "a", {"report.pdf": "first"}), report)
    (report / "会议记录.docx").write_text("ours", encoding="utf-8")
    (report / "final-1").mkdir()
    publish(stage(tmp_path / "b", {"report.pdf": "second"}), report)
    assert (report / "会议记录.docx").read_text(encoding="utf-8") == "ours"
    assert (report / "final-1").is_dir()


def test_a_file_changed_by_hand_is_kept_under_another_name_each_time(tmp_path: Path) -> None:
    report = tmp_path / "2021"
    publish(stage(tmp_path / "a", {"report.docx": "made"}), report)
    for number, text in enumerate(("edited once", "edited twice"), 1):
        (report / "report.docx").write_text(text, encoding="utf-8")
        published = publish(stage(tmp_path / f"b{number}", {"report.docx": f"made {number}"}), report)
        assert [name for name, _ in published.kept] == ["report.docx"]
    assert (report / "report（手工修改）.docx").read_text(encoding="utf-8") == "edited once"
    assert (report / "report（手工修改2）.docx").read_text(encoding="utf-8") == "edited twice"
    assert (report / "report.docx").read_text(encoding="utf-8") == "made 2"


def test_a_receipt_corrected_where_it_lay_is_kept(tmp_path: Path) -> None:
    def staged(name: str, text: str) -> Path:
        folder = stage(tmp_path / name, {"report.pdf": name})
        (folder / "receipts").mkdir()
        (folder / "receipts" / "财政所.xlsx").write_text(text, encoding="utf-8")
        made = {"report.pdf": {"sha256": sha256(folder / "report.pdf")}, "receipts": {}}
        made |= {"receipts/财政所.xlsx": {"sha256": sha256(folder / "receipts" / "财政所.xlsx")}}
        (folder / "run.json").write_text(json.dumps({"outputs": made | {"run.json": {}}}), encoding="utf-8")
        return folder

    report = tmp_path / "2021"
    publish(staged("a", "marked"), report)
    published = publish(staged("b", "marked again"), report)
    assert published.kept == []
    receipt = report / "receipts" / "财政所.xlsx"
    receipt.write_text("corrected by the department", encoding="utf-8")
    published = publish(staged("c", "marked a third time"), report)
    assert [name for name, _ in published.kept] == ["receipts/财政所.xlsx"]
    assert receipt.read_text(encoding="utf-8") == "marked a third time"
    kept = report / "receipts" / "财政所（手工修改）.xlsx"
    assert kept.read_text(encoding="utf-8") == "corrected by the department"
    assert publish(staged("d", "marked a fourth time"), report).kept == []
    assert kept.read_text(encoding="utf-8") == "corrected by the department"


def test_an_open_file_stays_and_its_successor_goes_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "2021"
    publish(stage(tmp_path / "a", {"report.docx": "open in WPS", "report.pdf": "first"}), report)
    rename = Path.rename

    def locked(self: Path, target: Path) -> Path:
        if self == report / "report.docx":
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    published = publish(stage(tmp_path / "b", {"report.docx": "new", "report.pdf": "second"}), report)
    assert [(name, path.name) for name, path in published.beside] == [("report.docx", "report（新）.docx")]
    assert (report / "report.docx").read_text(encoding="utf-8") == "open in WPS"
    assert (report / "report（新）.docx").read_text(encoding="utf-8") == "new"
    assert (report / "report.pdf").read_text(encoding="utf-8") == "second"


def test_the_run_after_an_open_file_takes_nobodys_hand_for_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "2021"
    publish(stage(tmp_path / "a", {"report.docx": "open in WPS"}), report)
    rename = Path.rename

    def locked(self: Path, target: Path) -> Path:
        if self == report / "report.docx":
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    publish(stage(tmp_path / "b", {"report.docx": "new"}), report)
    monkeypatch.setattr(Path, "rename", rename)
    published = publish(stage(tmp_path / "c", {"report.docx": "newest"}), report)
    assert published.kept == [] and published.beside == []
    assert (report / "report.docx").read_text(encoding="utf-8") == "newest"
    assert not (report / "report（新）.docx").exists()


def test_a_report_that_no_manifest_knows_is_kept(tmp_path: Path) -> None:
    report = tmp_path / "2021"
    publish(stage(tmp_path / "a", {"report.docx": "made"}), report)
    (report / "run.json").unlink()
    publish(stage(tmp_path / "b", {"report.docx": "new"}), report)
    assert (report / "report（手工修改）.docx").read_text(encoding="utf-8") == "made"


def test_a_manifest_that_names_a_path_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    report = tmp_path / "2021"
    report.mkdir()
    (report / "run.json").write_text(json.dumps({"outputs": {"../outside.txt": {"sha256": ""}}}), encoding="utf-8")
    publish(stage(tmp_path / "a", {"report.pdf": "first"}), report)
    assert outside.read_text(encoding="utf-8") == "mine"
