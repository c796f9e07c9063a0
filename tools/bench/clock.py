"""Times and memory of commands and calls: alternating, so that what is compared meets the same machine."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass
class Measured:
    """What was measured of one thing: seconds of each time, and the peak memory of its processes in MB, if asked for."""

    seconds: list[float] = field(default_factory=list)
    peak: float | None = None

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return median(self.seconds)

    def told(self) -> dict[str, Any]:
        """As `latest.json` keeps it."""
        told: dict[str, Any] = {"median": round(self.median, 4), "seconds": [round(each, 4) for each in self.seconds]}
        return told if self.peak is None else told | {"peak_mb": round(self.peak)}


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def alternating(calls: Mapping[str, Callable[[], object]], times: int) -> dict[str, Measured]:
    """Measure calls in turn, `times` rounds."""
    measured = {name: Measured() for name in calls}
    for _ in range(times):
        for name, call in calls.items():
            measured[name].seconds.append(timed(call))
    return measured


def command(*words: str | os.PathLike[str], good: Sequence[int] = (0, 2), cwd: Any = None) -> None:
    """Run a command to its end; its words are shown where it fails."""
    done = subprocess.run([os.fspath(word) for word in words], check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode not in good:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")


def peak_of_children() -> float:
    """The largest memory that any child process that has ended has held, in MB."""
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)
