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
    """What was measured of one thing: seconds of each time; of its processes, where asked for, all seconds of all cores and MB."""

    seconds: list[float] = field(default_factory=list)
    peak: float | None = None
    processor: float | None = None

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return median(self.seconds)

    def told(self) -> dict[str, Any]:
        """As `latest.json` keeps it."""
        told: dict[str, Any] = {"median": round(self.median, 4), "seconds": [round(each, 4) for each in self.seconds]}
        if self.processor is not None:
            told["processor_seconds"] = round(self.processor)
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


def command(*words: str | os.PathLike[str], good: Sequence[int] = (0, 2), cwd: Any = None) -> str:
    """Run a command to its end, and give what it prints; its words are shown where it fails."""
    done = subprocess.run([os.fspath(word) for word in words], check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode not in good:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def peak_of_children() -> float:
    """The largest memory that any child process that has ended has held, in MB."""
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


def processor_of_children() -> float:
    """Seconds of all cores that child processes which have ended have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
