"""What the workers of a batch's tests run instead of whole townships; a module of its own, so that workers can import it."""

import os
import signal
from pathlib import Path

from analysis.running.batch.model import Outcome, Task
from analysis.running.batch.town import Ended
from analysis.running.errors import RunError
from analysis.running.places import Places


def tried(task: Task) -> int:
    """Note a try in the folder that the task's parameters name; which one it is."""
    with (Path(task.parameters["folder"]) / task.town).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    return len((Path(task.parameters["folder"]) / task.town).read_text(encoding="utf-8").split())


def mortal(task: Task) -> Outcome:
    """Kills its worker for a town called 死, and the first time for one called 一次."""
    number = tried(task)
    if task.town.startswith("死") or (task.town.startswith("一次") and number == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(task.town, "failed" if task.town.startswith("坏") else "done", tries=task.tries)


def unreachable_once(task: Task) -> Outcome:
    """The store can't be reached at the first try."""
    return Outcome(task.town, "failed", "连不上", again=True) if tried(task) == 1 else Outcome(task.town, "done")


def report(places: Places, _task: Task) -> Ended:
    """A report that holds what the returns say, after the manner of a run: the one before goes to `previous`."""
    returns = sorted(places.returns.glob("*"))
    if not returns:
        raise RunError(f"没有 {places.returns} 这个文件夹", "请先建好")
    said = "\n".join(f"{path.name}={path.read_text(encoding='utf-8')}" for path in returns)
    places.report.mkdir(parents=True, exist_ok=True)
    previous = places.report / "previous"
    previous.mkdir(exist_ok=True)
    for path in sorted(places.report.glob("report.*")):
        path.replace(previous / path.name)
    names = ["report.html", "report [新].pdf"] if "第二" in said else ["report.html", "report.docx"]
    for name in (*names, "审核回执/财政所.xlsx"):
        (places.report / name).parent.mkdir(parents=True, exist_ok=True)
        (places.report / name).write_text(f"{name}\n{said}\n" * 50, encoding="utf-8")
    places.tables.mkdir(parents=True, exist_ok=True)
    (places.tables / "indicators.parquet").write_text(said, encoding="utf-8")
    return Ended(draft="缺" in said, reason="缺数 E01" if "缺" in said else "")


def wait_for_the_end(folder: str) -> None:
    """Runs until its worker is told to end, and says whether it could clear up."""
    try:
        (Path(folder) / "begun").touch()
        signal.pause()
    finally:
        (Path(folder) / "ended").touch()


def interrupted(task: Task) -> Outcome:
    """As if the user pressed Ctrl-C while 甲 runs."""
    if task.town == "甲":
        raise KeyboardInterrupt
    return Outcome(task.town, "done")
