"""The command as it is used: what it plans, what it writes, how it ends; a whole batch on a cluster and an S3 server."""

import csv
import errno
import io
import json
import shutil
from functools import partial
from pathlib import Path

import pytest
import stub_work
from distributed import LocalCluster
from rich.console import Console
from second_scheme import bureau

from analysis.running.batch.command import Asked, batch, plan
from analysis.running.batch.model import BatchError, Outcome, Task, failed
from analysis.running.batch.progress import Plain
from analysis.running.batch.result import Result, as_csv, exit_code, print_result
from analysis.running.batch.store import Store
from analysis.running.batch.work import work
from analysis.scheme import Period, SchemeError

PERIOD = Period(2021)
stub = partial(work, run=stub_work.report)


def console() -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=120), text


def rows(root: Store, period: str = "2021") -> list[dict[str, str]]:
    content = root.read(f"reports/batch-{period}.csv")
    assert content is not None
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_batch_tells_how_each_township_ended(tmp_path: Path) -> None:
    root = Store(str(tmp_path))
    for town, said in (("甲", "全"), ("乙", "缺"), ("丙 乡", "全")):
        root.write(f"raw/{town}/2021/财政所.csv", said.encode())
    (tmp_path / "raw" / "=空").mkdir()
    shown, text = console()
    result = batch(Asked(str(tmp_path), PERIOD, workers=2), shown, work=stub)
    assert result.code == 2
    assert {row["乡镇"]: row["结果"] for row in rows(root)} == {
        "甲": "完成",
        "乙": "草稿",
        "丙 乡": "完成",
        "'=空": "失败",
    }
    told = result.as_json()
    assert told["counts"] == {"done": 2, "gaps": 1, "failed": 1, "unchanged": 0}
    assert {town["town"]: town["reason"] for town in told["towns"]}["乙"] == "缺数 E01"
    assert "共 4 个乡镇：完成 2，草稿 1，失败 1" in text.getvalue()
    assert "[4/4]" in text.getvalue()
    assert "请先建好" in text.getvalue()


def test_only_the_towns_that_are_asked_for(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    for town in ("甲", "乙", ".隐藏"):
        store.write(f"raw/{town}/2021/财政所.csv", b"x")
    assert [task.town for task in plan(Asked(store.url, PERIOD), store)] == ["乙", "甲"]
    (only,) = plan(Asked(store.url, PERIOD, towns=("甲", "甲"), force=True, minutes=7), store)
    assert (only.town, only.force, only.minutes) == ("甲", True, 7)
    with pytest.raises(BatchError, match="没有 丙"):
        plan(Asked(store.url, PERIOD, towns=("丙",)), store)


def test_a_scheme_below_the_root_is_the_one_and_is_checked_once(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "scheme", tmp_path / "scheme")
    store = Store(str(tmp_path))
    store.write("raw/甲/2021/财政所.csv", b"x")
    asked = Asked(store.url, PERIOD)
    with_own = plan(asked, store)[0]
    assert with_own.scheme == f"{store.url}/scheme"
    (tmp_path / "scheme" / "words.csv").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(SchemeError):
        plan(asked, store)
    shutil.rmtree(tmp_path / "scheme")
    projects = plan(asked, store)[0]
    assert projects.scheme == ""
    assert projects.stamp == with_own.stamp, "the same files"


def test_a_scheme_that_is_named_is_read_wherever_it_lies(root: Path, tmp_path: Path, memory: Store) -> None:
    memory.write("raw/甲/2021/财政所.csv", b"x")
    with pytest.raises(BatchError, match="工作进程可能读不到本机的"):
        plan(Asked(memory.url, PERIOD, scheme=str(tmp_path), scheduler="tcp://10.0.0.1:8786"), memory)
    files = {f"scheme/{path.relative_to(root / 'scheme').as_posix()}": path for path in (root / "scheme").rglob("*")}
    memory.put({name: path for name, path in files.items() if path.is_file()})
    named = plan(Asked(memory.url, PERIOD, scheme=f"{memory.url}/scheme"), memory)
    local = plan(Asked(memory.url, PERIOD, scheme=str(root / "scheme")), memory)
    assert named[0].scheme == f"{memory.url}/scheme"
    assert [task.stamp for task in named] == [task.stamp for task in local]


def test_a_folder_whose_name_no_system_takes_stops_the_batch(tmp_path: Path) -> None:
    (tmp_path / "raw" / "甲:乙").mkdir(parents=True)
    with pytest.raises(BatchError, match="raw 下的文件夹名不能用：'甲:乙'（不能有"):
        plan(Asked(str(tmp_path), PERIOD), Store(str(tmp_path)))


def test_a_root_without_townships(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="没有乡镇"):
        batch(Asked(str(tmp_path), PERIOD), console()[0])
    with pytest.raises(BatchError, match="打不开"):
        batch(Asked("nonsense://x", PERIOD), console()[0])


def test_a_batch_that_is_broken_off_goes_on_where_it_ended(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    for town in ("甲", "乙"):
        store.write(f"raw/{town}/2021/财政所.csv", b"x")
    text = io.StringIO()
    on_a_terminal = Console(file=text, width=120, force_terminal=True)
    with pytest.raises(KeyboardInterrupt):
        batch(Asked(store.url, PERIOD, workers=1), on_a_terminal, work=stub_work.interrupted)
    assert [row["乡镇"] for row in rows(store)] == ["乙"]
    assert "0/2" in text.getvalue() and "[1/2]" not in text.getvalue()
    assert "再运行同一条命令就接着做" in " ".join(text.getvalue().split())


@pytest.mark.parametrize(
    ("endings", "code"),
    [(["done", "done"], 0), (["done", "gaps"], 2), (["done", "failed"], 2), (["gaps"], 2), (["failed", "failed"], 1)],
)
def test_exit_codes(endings: list[str], code: int) -> None:
    assert exit_code(Outcome(str(number), ending) for number, ending in enumerate(endings)) == code  # type: ignore[arg-type]


def test_of_many_failures_some_are_shown_and_the_table_has_all() -> None:
    shown, text = console()
    print_result(shown, Result("2021", [Outcome(f"第{number}乡", "failed", "坏") for number in range(21)], 1.0))
    assert "第19乡" in text.getvalue() and "第20乡" not in text.getvalue()
    assert "等 21 个，全部见下面的表。" in text.getvalue()


def test_what_a_return_says_moves_no_cursor() -> None:
    shown, text = console()
    outcome = failed(Task("", "甲", "2021"), "1_ingest-财政所 没有运行完：\x1b[2J空", "\x9b2J")
    Plain(shown, 1).ended(outcome)
    print_result(shown, Result("2021", [outcome], 1.0))
    assert "没有运行完" in text.getvalue() and not {"\x1b", "\x9b"} & set(text.getvalue())


def test_a_table_that_is_open_in_excel_gets_its_successor_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, write = Store(str(tmp_path)), Store.write
    store.write("raw/甲/2021/财政所.csv", "全".encode())

    def open_there(self: Store, name: str, content: bytes) -> None:
        if name.endswith("batch-2021.csv"):
            raise PermissionError(errno.EACCES, "Permission denied", name)
        write(self, name, content)

    monkeypatch.setattr(Store, "write", open_there)
    shown, text = console()
    assert batch(Asked(store.url, PERIOD, workers=1), shown, work=stub).code == 0
    assert "batch-2021（新）.csv" in text.getvalue()
    assert (tmp_path / "reports" / "batch-2021（新）.csv").is_file()


def test_the_table_is_text_to_excel() -> None:
    text = as_csv([Outcome("甲", "failed", "=HYPERLINK(1)\n第二行", "@办法", worker="tcp://1")]).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["原因"], row["办法"]) == ("'=HYPERLINK(1)\n第二行", "'@办法")


@pytest.mark.slow
def test_two_townships_on_a_cluster_with_an_object_store(root: Path, s3: str, tmp_path: Path) -> None:
    """A whole run and one that fails, the workers sharing no disk; a second start finds done what is done."""
    bureau.make_bureau(tmp_path)
    period = bureau.PERIODS[-1]
    store = Store(f"{s3}/省 一/市")
    given = {
        f"scheme/{path.relative_to(tmp_path / 'scheme').as_posix()}": path for path in tmp_path.rglob("scheme/**/*")
    }
    own = tmp_path / "raw" / bureau.TOWN
    given |= {f"raw/石门 乡/{path.relative_to(own).as_posix()}": path for path in own.rglob("*")}
    store.put({name: path for name, path in given.items() if path.is_file()})
    store.write(f"raw/坏/{period}/period.toml", b"name = ")
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50) as cluster:
        asked = Asked(store.url, Period.parse(period), scheduler=cluster.scheduler_address)
        first, second = console(), console()
        assert batch(asked, first[0]).code == 2
        made = store.files(f"reports/石门 乡/{period}")
        assert batch(asked, second[0]).code == 2
    assert "http://" in first[1].getvalue()
    assert {"report.html", "report.pdf", "report.docx", "run.json", "receipts/安全监管科.xlsx"} <= made.keys()
    assert store.files(f"reports/石门 乡/{period}") == made
    assert [(row["乡镇"], row["结果"], row["没有变化"]) for row in rows(store, period)] == [
        ("坏", "失败", ""),
        ("石门 乡", "完成", "是"),
    ]
    manifest = json.loads(store.read(f"reports/石门 乡/{period}/run.json") or b"")
    assert manifest["steps"]["2_indicators"]["kernel"] == "warm"
