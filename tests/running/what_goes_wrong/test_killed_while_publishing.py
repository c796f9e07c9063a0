"""Killed while the new files take their places: never a mix of two runs, never a manifest that does not fit, nothing lost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.running.errors import RunError
from analysis.running.final import freeze
from analysis.running.manifest import read_manifest, sha256
from analysis.running.publish import NOTE, PREVIOUS, finish, publish, unfinished

from .deaths import deaths, watched

BY_HAND = {
    "会议记录.docx": "the office's own",
    "final-1/report.pdf": "frozen",
    "receipts/财政所.xlsx": "corrected by the department where it lay",
    "report.docx": "edited in Word",
}


def staged(folder: Path, run: str, more: str) -> Path:
    """What a run has made: two files, one more that the other run does not make, receipts, and the manifest."""
    files = ["report.docx", "report.pdf", more, "notebooks/a.ipynb", "receipts/财政所.xlsx", "receipts/水利站.xlsx"]
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{run} {name}", encoding="utf-8")
    outputs: dict[str, dict[str, str]] = {
        name: {"sha256": sha256(folder / name)} for name in files if name[:9] != "notebooks"
    }
    outputs |= {"receipts": {}, "notebooks": {}, "run.json": {}}
    (folder / "run.json").write_text(json.dumps({"run": run, "outputs": outputs}), encoding="utf-8")
    return folder


class Scene:
    """A report of a first run, in which people have worked; and what a second run is about to put there."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.now = folder / "origin", folder / "now"
        self.report = self.now / "2021"
        publish(staged(self.origin / "a", "first", "old.csv"), self.origin / "2021")
        publish(staged(self.origin / "b", "second", "old.csv"), self.origin / "2021")
        for name, text in BY_HAND.items():
            (self.origin / "2021" / name).parent.mkdir(exist_ok=True)
            (self.origin / "2021" / name).write_text(text, encoding="utf-8")
        staged(self.origin / "c", "third", "new.csv")

    def fresh(self) -> None:
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(self.origin, self.now)

    def publish(self) -> None:
        publish(self.now / "c", self.report)

    def publish_a_final(self) -> None:
        freeze(self.now / "c", self.report)
        self.publish()

    def texts(self, below: str = "") -> dict[str, str]:
        """Every file but the hidden ones and the note."""
        folder = self.report / below
        files = (path for path in folder.rglob("*") if path.is_file() and path.name != NOTE)
        shown = {path.relative_to(folder).as_posix(): path for path in files}
        return {name: path.read_text("utf-8") for name, path in shown.items() if not name.startswith(".")}

    def require_no_mix(self) -> None:
        """What someone finds who opens the folder now: files of one run, and a manifest only with all of them."""
        shown = self.texts()
        top = {name: text for name, text in shown.items() if not name.startswith((PREVIOUS, "final-"))}
        assert len({text.split()[0] for text in top.values()} & {"second", "third"}) <= 1, top
        manifest = read_manifest(self.report)
        if manifest is None:
            assert (self.report / NOTE).is_file()
            return
        for name, entry in manifest["outputs"].items():
            by_hand = shown.get(name) == BY_HAND.get(name)
            assert by_hand or "sha256" not in entry or sha256(self.report / name) == entry["sha256"], name

    def require_done(self) -> None:
        shown = self.texts()
        manifest = read_manifest(self.report)
        assert manifest is not None and manifest["run"] == "third"
        for name, entry in manifest["outputs"].items():
            assert "sha256" not in entry or sha256(self.report / name) == entry["sha256"], name
        assert "old.csv" not in shown and shown[f"{PREVIOUS}/old.csv"] == "second old.csv"
        assert shown[f"{PREVIOUS}/report.pdf"] == "second report.pdf"
        for text in BY_HAND.values():
            assert text in {text for name, text in shown.items() if not name.startswith(PREVIOUS)}
        assert shown["receipts/财政所（手工修改）.xlsx"] == BY_HAND["receipts/财政所.xlsx"]
        assert len([name for name in shown if "手工修改" in name and not name.startswith(PREVIOUS)]) == 2
        left = [path.name for path in self.report.iterdir() if path.name.startswith(".") or path.name == NOTE]
        assert left == []


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_at_any_moment_and_the_next_start_finishes_it(scene: Scene) -> None:
    def begin() -> Callable[[], object]:
        scene.fresh()
        return scene.publish

    before, begun = scene.origin / "2021", 0
    for moment in deaths(begin):
        scene.require_no_mix()
        if unfinished(scene.report):
            assert finish(scene.report) is not None
            scene.require_done()
            begun += 1
        else:  # it had not begun, or it had done everything
            finish(scene.report)
            old = {
                path.relative_to(before).as_posix(): path.read_text("utf-8")
                for path in before.rglob("*")
                if path.is_file()
            }
            if scene.texts() != old:
                scene.require_done()
        assert finish(scene.report) is None, moment
    assert begun > 20, "the kills came nowhere"
    scene.require_done()


def test_again_while_it_is_being_finished(scene: Scene) -> None:
    def begin(at: int) -> Callable[[], object]:
        def again() -> Callable[[], object]:
            scene.fresh()
            for _ in deaths(lambda: scene.publish, start=at, step=10**6):
                break
            return lambda: finish(scene.report)

        return again

    for first in (9, 31):
        for _ in deaths(begin(first), start=first % 3, step=3):
            scene.require_no_mix()
            finish(scene.report)
            scene.require_done()
        scene.require_done()


def test_a_final_is_there_whole_or_not_at_all(scene: Scene) -> None:
    def begin() -> Callable[[], object]:
        scene.fresh()
        return scene.publish_a_final

    ends = set()
    for _ in deaths(begin, step=4):
        finish(scene.report)
        final = scene.report / "final-2"
        if final.is_dir():
            assert sorted(path.name for path in final.iterdir()) == [
                "notebooks",
                "report.docx",
                "report.pdf",
                "run.json",
            ]
            assert (final / "report.docx").read_text("utf-8") == "third report.docx"
        ends.add(final.is_dir())
        assert scene.texts("final-1") == {"report.pdf": "frozen"}
        assert not list(scene.report.glob(".final-*"))
    assert ends == {True, False}


def test_what_someone_edits_before_it_is_finished_is_kept(scene: Scene) -> None:
    """The clerk opens the half-filled folder, in spite of the note."""

    def begin() -> Callable[[], object]:
        scene.fresh()
        return scene.publish

    for moment in deaths(begin, step=5):
        if unfinished(scene.report):
            (scene.report / "report.pdf").write_text("written meanwhile", encoding="utf-8")
            finish(scene.report)
            assert "written meanwhile" in scene.texts().values(), moment


def test_a_manifest_that_is_open_is_waited_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the next run could not tell its own files from those that someone has changed."""
    scene.fresh()

    def open_elsewhere(event: str, path: str) -> None:
        if event == "os.rename" and path == str(scene.report / "run.json"):
            raise PermissionError(13, "in use", path)

    before = scene.texts()
    with pytest.raises(RunError, match=r"没有换完：没有权限读写，或者文件正被打开：.*run\.json"):
        watched(scene.publish, open_elsewhere)
    assert scene.texts() == before and unfinished(scene.report)
    finish(scene.report)
    scene.require_done()


def test_a_file_that_is_open_while_it_is_finished(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows: its successor goes beside it, and the manifest says so, also when the first to try was killed."""
    scene.fresh()
    for _ in deaths(lambda: scene.publish, start=8, step=10**6):
        break
    assert unfinished(scene.report)

    def open_elsewhere(event: str, path: str) -> None:
        if event == "os.rename" and path == str(scene.report / "report.pdf"):
            raise PermissionError(13, "in use", path)

    watched(lambda: finish(scene.report), open_elsewhere)
    assert (scene.report / "report（新）.pdf").read_text("utf-8") == "third report.pdf"
    assert (scene.report / "report.pdf").read_text("utf-8") == "second report.pdf"
    outputs = read_manifest(scene.report)["outputs"]
    assert outputs["report.pdf"]["sha256"] == sha256(scene.report / "report.pdf")
    assert outputs["report（新）.pdf"]["sha256"] == sha256(scene.report / "report（新）.pdf")
