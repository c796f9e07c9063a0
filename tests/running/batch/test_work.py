"""One township in a worker, wherever its files lie: what comes back, what is not run twice, what a kill leaves."""

from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import stub_work
from botocore.exceptions import EndpointConnectionError
from fsspec.implementations.memory import MemoryFileSystem

import analysis
from analysis.running.batch import fetched
from analysis.running.batch import store as stores
from analysis.running.batch.journal import STATE
from analysis.running.batch.model import Outcome, Task
from analysis.running.batch.store import Store, is_file_name
from analysis.running.batch.town import Ended, run_town
from analysis.running.batch.work import own_project, stamp_of, work
from analysis.running.errors import RunError
from analysis.running.places import NOTEBOOKS, Places, places_of
from analysis.scheme import Period

TOWN = "青禾 镇[1]"
run_stub = partial(work, run=stub_work.report)


def returned(store: Store, said: str, town: str = TOWN) -> Task:
    """A township whose one return says this."""
    store.write(f"raw/{town}/2021/财政所 (1).xlsx", said.encode())
    return Task(store.url, town, "2021")


def text(store: Store, name: str, town: str = TOWN) -> str | None:
    content = store.read(f"reports/{town}/2021/{name}")
    return None if content is None else content.decode()


def reports(store: Store) -> dict[str, str]:
    return {name: text(store, name) or "" for name in store.files(f"reports/{TOWN}/2021")}


def test_a_report_comes_back_and_the_next_one_takes_its_place(root_url: str) -> None:
    store = Store(root_url)
    store.write(f"reports/{TOWN}/2021/批注.txt", "办公室的".encode())
    task = returned(store, "第一")
    first = run_stub(task)
    assert (first.ending, first.unchanged, first.reason) == ("done", False, "")
    assert first.peak_mb > 10
    assert text(store, "report.html") == "report.html\n财政所 (1).xlsx=第一\n" * 50
    returned(store, "第二，缺")
    second = run_stub(task)
    assert (second.ending, second.reason) == ("gaps", "缺数 E01")
    assert text(store, "report [新].pdf") == "report [新].pdf\n财政所 (1).xlsx=第二，缺\n" * 50
    assert text(store, "report.docx") is None
    assert text(store, "previous/report.docx") == "report.docx\n财政所 (1).xlsx=第一\n" * 50
    assert text(store, "批注.txt") == "办公室的"
    assert "第二" in (store.read(f"processed/{TOWN}/2021/indicators.parquet") or b"").decode()
    assert not [name for name in reports(store) if "手工" in name]


@pytest.mark.parametrize("kind", ["memory", "s3"])
def test_what_has_not_changed_is_not_even_fetched(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = request.getfixturevalue("s3") if kind == "s3" else "memory:/"
    store = Store(f"{base}/unchanged-{kind}")
    task = returned(store, "缺")
    first = run_stub(task)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "fetch", lambda *_: pytest.fail("fetched"))
        second = run_stub(task)
    assert (second.ending, second.reason, second.unchanged) == (first.ending, first.reason, True)
    store.write(f"reports/{TOWN}/2021/report.html", b"changed by hand")
    assert not run_stub(task).unchanged
    returned(store, "又一次")
    assert not run_stub(task).unchanged
    assert run_stub(task).unchanged
    assert not run_stub(replace(task, force=True)).unchanged


@pytest.mark.parametrize("where", ["/raw/", "/reports/"])
def test_where_a_store_tells_no_two_contents_apart_everything_runs(
    where: str, memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = stores._mark
    monkeypatch.setattr(stores, "_mark", lambda entry: "" if where in entry["name"] else mark(entry))
    task = returned(memory, "第一")
    assert [run_stub(task).unchanged, run_stub(task).unchanged] == [False, False]


class Killed(BaseException):
    """As good as SIGKILL: nothing catches it."""


def killing(patch: pytest.MonkeyPatch, at: int) -> None:
    """Let the process be killed at its nth write to the store."""
    numbers = count(1)
    for name in ("put_file", "cp_file", "rm_file", "pipe_file"):
        original = getattr(MemoryFileSystem, name)

        def write(*args: Any, original: Any = original, **keywords: Any) -> Any:
            if next(numbers) == at:
                raise Killed
            return original(*args, **keywords)

        patch.setattr(MemoryFileSystem, name, write)


def test_a_kill_at_any_moment_of_bringing_back_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers find each file as it was or as it will be; the next start ends where an undisturbed one does."""
    undisturbed = Store("memory://undisturbed")
    for said in ("第一", "第二"):
        run_stub(returned(undisturbed, said))
    expected = reports(undisturbed)
    for at in count(1):
        store = Store(f"memory://killed-{at}")
        run_stub(returned(store, "第一"))
        before, task = reports(store), returned(store, "第二")
        try:
            with monkeypatch.context() as patch:
                killing(patch, at)
                run_stub(task)
        except Killed:
            for name, content in reports(store).items():
                assert content in (before.get(name), expected.get(name)), (at, name)
            assert run_stub(task).ending == "done"
            after = reports(store)
            assert {k: v for k, v in after.items() if "previous" not in k} == {
                k: v for k, v in expected.items() if "previous" not in k
            }, at
            assert list(store.files(f"{STATE}/2021/{TOWN}")) == [], at
            continue
        assert at > 10, "the kills came nowhere"
        break


def test_what_somebody_changes_meanwhile_is_kept(memory: Store) -> None:
    task = returned(memory, "第一")
    run_stub(task)
    returned(memory, "第二")

    def run(*args: Any) -> Any:
        memory.write(f"reports/{TOWN}/2021/report.html", b"edited in the store")
        return stub_work.report(*args)

    assert work(task, run).ending == "done"
    assert text(memory, "report-手工修改1.html") == "edited in the store"
    assert "第二" in (text(memory, "report.html") or "")


def test_a_note_that_leads_elsewhere_moves_nothing(memory: Store) -> None:
    aside = f"{STATE}/2021/{TOWN}/0"
    memory.write(f"{aside}/0", b"bad")
    memory.write(f"{aside}/moves.json", f'{{"place": {{"{aside}/0": "raw/x"}}, "remove": [], "seen": {{}}}}'.encode())
    memory.write(f"{STATE}/2021/{TOWN}/1/moves.json", b"{")
    assert run_stub(returned(memory, "第一")).ending == "done"
    assert memory.read("raw/x") is None


def test_what_somebody_takes_away_before_it_is_in_place_is_brought_again(
    memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = returned(memory, "第一")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "put", lambda *_: None)
        outcome = run_stub(task)
    assert (outcome.ending, outcome.again) == ("failed", True)
    assert "放到一旁的文件不见了" in outcome.reason
    assert reports(memory) == {}
    assert run_stub(task).ending == "done"


def test_the_notebook_that_shows_a_failure_comes_back(memory: Store) -> None:
    def run(places: Places, *_: object) -> Ended:
        for name in ("2_indicators-出错.ipynb", "indicators.parquet"):
            places.tables.mkdir(parents=True, exist_ok=True)
            (places.tables / name).write_text("{}")
        raise RunError("2_indicators 没有运行完", f"运行到出错处的笔记本在 {places.tables}")

    outcome = work(returned(memory, "第一"), run)
    assert outcome.remedy == f"运行到出错处的笔记本在 {memory.url}/processed/{TOWN}/2021"
    assert list(memory.files(f"processed/{TOWN}/2021")) == ["2_indicators-出错.ipynb"]


def test_every_failure_is_an_outcome(memory: Store, tmp_path: Path) -> None:
    task = Task(memory.url, TOWN, "2021")
    empty = run_stub(task)
    assert (empty.ending, empty.reason) == ("failed", f"没有 {memory.url}/raw/{TOWN}/2021 这个文件夹")
    returned(memory, "第一")

    def failing(error: BaseException) -> Outcome:
        def run(*_: Any) -> Any:
            raise error

        return work(task, run)

    assert failing(RunError("找到的", "办法")).remedy == "办法"
    full = failing(OSError(28, "No space left", "/x"))
    assert full.again and (full.reason, full.remedy) == ("磁盘满了，写不进去：/x", "请清理出空间再运行一次。")
    assert "请先运行" in failing(FileNotFoundError("请先运行")).reason
    assert failing(MemoryError()).again
    assert "ZeroDivisionError" in failing(ZeroDivisionError("x")).reason
    assert "不一样" in work(Task(memory.url, TOWN, "2021", stamp="another"), stub_work.report).reason
    assert "没有考核方案" in work(Task(memory.url, TOWN, "2021", scheme=str(tmp_path)), stub_work.report).reason
    assert "打不开" in work(Task("nonsense://x", TOWN, "2021"), stub_work.report).reason
    with pytest.raises(KeyboardInterrupt):
        failing(KeyboardInterrupt())


def test_a_run_is_given_what_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr("analysis.running.run.run", lambda *_, **how: given.update(how))
    places = places_of(tmp_path, TOWN, Period(2021))
    run_town(places, Task(str(tmp_path), TOWN, "2021", force=True, minutes=7))
    assert given == {"force": True, "minutes": 7}


def test_an_edited_notebook_is_seen_by_a_worker_that_goes_on(tmp_path: Path) -> None:
    for folder in ("notebooks", "scheme"):
        (tmp_path / folder).mkdir()
    for name in NOTEBOOKS:
        (tmp_path / "notebooks" / name).write_text("{}")
    before = stamp_of(tmp_path, tmp_path / "scheme")
    assert stamp_of(tmp_path, tmp_path / "scheme") == before
    (tmp_path / "notebooks" / NOTEBOOKS[0]).write_text("{ }")
    assert stamp_of(tmp_path, tmp_path / "scheme") != before


def test_a_worker_outside_a_project_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = own_project()
    monkeypatch.chdir(tmp_path)
    assert own_project() == project
    monkeypatch.setattr(analysis, "__path__", [str(tmp_path)])
    with pytest.raises(RunError, match="找不到项目文件夹"):
        own_project()


def test_a_link_to_a_folder_is_a_township(tmp_path: Path) -> None:
    (tmp_path / "别处").mkdir()
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "甲").symlink_to(tmp_path / "别处")
    (tmp_path / "raw" / "乙").symlink_to(tmp_path / "没有")
    assert Store(str(tmp_path)).folders("raw") == ["甲"]


def test_more_than_a_worker_takes_is_told(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    task = returned(memory, "第一")
    monkeypatch.setattr(fetched, "MOST_BYTES", 5)
    assert "的文件太多（1 个）或太大" in run_stub(task).reason


def test_a_store_out_of_reach_is_no_fault_of_the_program(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the store's library calls it; another try may help."""
    task = returned(memory, "第一")

    def out_of_reach(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://192.0.2.1")

    monkeypatch.setattr(MemoryFileSystem, "find", out_of_reach)
    outcome = run_stub(task)
    assert outcome.again and outcome.reason.startswith("存储连不上，或者没有权限（Could not connect")


def test_names_of_a_store_lead_nowhere_else(memory: Store) -> None:
    for name in ("../x", "a/../x", "a//b", "/etc/passwd", "a\\..\\b"):
        assert not is_file_name(name)
    memory.fs.store[f"{memory.path}/raw/{TOWN}/2021/a\\..\\b.xlsx"] = memory.fs.open(
        f"{memory.path}/raw/{TOWN}/2021/x", "wb"
    )
    assert "不能作文件名" in run_stub(Task(memory.url, TOWN, "2021")).reason
