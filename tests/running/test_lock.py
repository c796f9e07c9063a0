"""Two runs at once, and what a killed one leaves."""

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.running.errors import RunError
from analysis.running.lock import alone
from analysis.running.places import Places, places_of
from analysis.scheme import Period

HOLDS = """
import sys
from pathlib import Path
from analysis.running.lock import alone
from analysis.running.places import places_of
from analysis.scheme import Period
with alone(places_of(Path(sys.argv[1]), "qinghe", Period(2021))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return places_of(tmp_path, "qinghe", Period(2021))


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_to_wait(places: Places, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(RunError, match="正在另一处运行"), alone(places):
        pass
    with alone(places_of(places.root, "qinghe", Period(2021, 9))):  # another period is another run
        pass
    holder.communicate()
    with alone(places):
        pass


def test_a_killed_run_leaves_neither_lock_nor_what_it_had_staged(places: Places, holder: subprocess.Popen[str]) -> None:
    left, other, kept = (places.report.parent / name for name in (".x1y2.2021.run", ".z3.2021-09.run", "2021"))
    for folder in (left / "report", other, kept):
        folder.mkdir(parents=True)
    holder.kill()
    holder.communicate()
    with alone(places):
        assert not left.exists() and other.is_dir() and kept.is_dir()
