"""The loop over townships: each has one outcome, whatever its worker suffers."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from threading import Event, Thread

import dask
import pytest
import stub_work
from distributed import LocalCluster
from rich.console import Console

from analysis.running.batch.batch import Batch, Work
from analysis.running.batch.model import BatchError, Outcome, Task
from analysis.running.batch.pools import LocalWorkers
from analysis.running.batch.progress import Plain
from analysis.running.batch.workers import Workers, cluster, local_workers

TOWNS = ["甲", "一次", "坏", "死", "乙", "丙"]


def tasks(folder: Path, towns: list[str]) -> list[Task]:
    return [Task("nowhere", town, "2021", parameters={"folder": str(folder)}) for town in towns]


def run(workers: Workers, work: Work, folder: Path, towns: list[str]) -> dict[str, Outcome]:
    return Batch(workers, work, Plain(Console(quiet=True), len(towns))).run(tasks(folder, towns))


def tries(folder: Path) -> dict[str, int]:
    return {path.name: len(path.read_text(encoding="utf-8").split()) for path in folder.iterdir()}


def test_a_worker_that_dies_loses_nothing(tmp_path: Path) -> None:
    with local_workers(2) as workers:
        outcomes = run(workers, stub_work.mortal, tmp_path, TOWNS)
    assert {town: outcome.ending for town, outcome in outcomes.items()} == {
        "甲": "done",
        "一次": "done",
        "坏": "failed",
        "死": "failed",
        "乙": "done",
        "丙": "done",
    }
    assert tries(tmp_path) == {"甲": 1, "一次": 2, "坏": 1, "死": 3, "乙": 1, "丙": 1}
    assert "3 次意外终止" in outcomes["死"].reason
    assert outcomes["一次"].tries == 2


@pytest.fixture
def dask_cluster() -> Iterator[str]:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.comm.timeouts.connect": "5s"}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50) as running,
    ):
        yield running.scheduler_address


def test_a_worker_of_a_cluster_that_dies_loses_nothing(dask_cluster: str, tmp_path: Path) -> None:
    with cluster(dask_cluster) as workers:
        assert workers.dashboard.startswith("http://")
        assert workers.count() == 2
        outcomes = run(workers, stub_work.mortal, tmp_path, TOWNS)
    assert {town for town, outcome in outcomes.items() if outcome.ending == "done"} == {"甲", "一次", "乙", "丙"}
    assert "意外终止" in outcomes["死"].reason
    assert tries(tmp_path)["死"] <= 3  # fewer, where another's death took it along


def test_a_scheduler_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.running.batch.workers.CONNECT_SECONDS", 1)
    with pytest.raises(BatchError, match="连不上调度器"), cluster("tcp://127.0.0.1:1"):
        pass


def threads(count: Callable[[], int], executor: ThreadPoolExecutor) -> Workers:
    return Workers(executor, count, lambda _: 0)


def test_a_store_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        outcomes = run(threads(lambda: 2, executor), stub_work.unreachable_once, tmp_path, ["甲", "乙"])
    assert all(outcome.ending == "done" for outcome in outcomes.values())
    assert tries(tmp_path) == {"甲": 2, "乙": 2}


def test_a_worker_that_raises_what_it_never_should_ends_its_township_alone(tmp_path: Path) -> None:
    def broken(task: Task) -> Outcome:
        if task.town == "甲":
            raise ZeroDivisionError("division by zero")
        return Outcome(task.town, "done")

    with ThreadPoolExecutor(1) as executor:
        outcomes = run(threads(lambda: 1, executor), broken, tmp_path, ["甲", "乙"])
    assert outcomes["甲"].reason == "工作进程出错（ZeroDivisionError：division by zero）"
    assert outcomes["乙"].ending == "done"


def test_no_more_run_than_there_are_workers(tmp_path: Path) -> None:
    """A cluster may have nobody for a while."""
    counts = iter([0, 1])
    running: list[str] = []

    def alone(task: Task) -> Outcome:
        running.append(task.town)
        assert len(running) == 1
        running.remove(task.town)
        return Outcome(task.town, "done")

    with ThreadPoolExecutor(4) as executor:
        outcomes = run(threads(lambda: next(counts, 1), executor), alone, tmp_path, TOWNS)
    assert all(outcome.ending == "done" for outcome in outcomes.values())


def test_a_worker_without_the_program_ends_the_batch(tmp_path: Path) -> None:
    def missing(task: Task) -> Outcome:
        raise ModuleNotFoundError("No module named 'analysis'")

    with ThreadPoolExecutor(1) as executor, pytest.raises(BatchError, match="没有这个程序"):
        run(threads(lambda: 1, executor), missing, tmp_path, ["甲", "乙"])


def test_a_lost_scheduler_ends_the_batch_and_keeps_what_was_done(tmp_path: Path) -> None:
    class Lost(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **keywords):  # type: ignore[no-untyped-def]
            if args[0].town == "乙":
                future: Future[Outcome] = Future()
                future.cancel()
                future.set_running_or_notify_cancel()
                return future
            return super().submit(fn, *args, **keywords)

    with Lost(1) as executor:
        batch = Batch(threads(lambda: 1, executor), stub_work.mortal, Plain(Console(quiet=True), 2))
        with pytest.raises(BatchError, match="再运行同一条命令"):
            batch.run(tasks(tmp_path, ["甲", "乙"]))
    assert list(batch.outcomes) == ["甲"]


def test_workers_that_are_told_to_end_leave_their_call_as_an_error_would(tmp_path: Path) -> None:
    begun, ended = Event(), tmp_path / "ended"

    def interrupt() -> None:
        while not (tmp_path / "begun").exists():
            begun.wait(0.05)

    with pytest.raises(KeyboardInterrupt), local_workers(1) as workers:
        future = workers.executor.submit(stub_work.wait_for_the_end, str(tmp_path))
        waiting = Thread(target=interrupt)
        waiting.start()
        waiting.join()
        raise KeyboardInterrupt
    assert ended.exists()
    assert future.done()


def test_workers_that_have_ended_begin_nothing_more(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), local_workers(1) as workers:
        raise KeyboardInterrupt
    with pytest.raises(RuntimeError):
        workers.executor.submit(stub_work.wait_for_the_end, str(tmp_path)).result()
    assert not (tmp_path / "begun").exists()


def test_a_township_is_given_up_only_after_it_has_run_alone(tmp_path: Path) -> None:
    """Dask tells of four deaths at once; they may have been another's."""
    running: set[str] = set()

    def innocent(task: Task) -> Outcome:
        running.add(task.town)
        first = stub_work.tried(task) == 1
        company = len(running) > 1
        running.discard(task.town)
        if first:
            raise ConnectionResetError
        assert not company
        return Outcome(task.town, "done")

    with ThreadPoolExecutor(4) as executor:
        outcomes = run(Workers(executor, lambda: 4, lambda _: 4), innocent, tmp_path, ["甲", "乙", "丙"])
    assert all(outcome.ending == "done" for outcome in outcomes.values())


def test_workers_that_are_ended_before_they_have_begun_take_nothing_more() -> None:
    workers = LocalWorkers(1)
    workers.shutdown(wait=False)
    with pytest.raises(BrokenProcessPool):
        workers._call(abs, (-1,), {})
