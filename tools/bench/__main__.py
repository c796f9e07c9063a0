"""How long things take, as ratios measured in one run: times differ between machines, ratios hold.

    python tools/bench                 everything but the batches; a quarter of an hour
    python tools/bench --all           with the batches of 20 and 100 townships; an hour
    python tools/bench town kernels    some parts alone

It prints one table, and writes `benchmarks/latest.json` with the machine's description; parts that were not measured
keep what was measured before, with its own machine and date.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from clock import Measured
from floor import ROOT
from kernels import kernels
from reading import bombs, reading
from scale import batches, county
from town import exports, town

LATEST = ROOT / "benchmarks" / "latest.json"
TIMES = 3
PARTS: dict[str, Callable[[int], dict[str, Measured]]] = {
    "town": town,
    "kernels": kernels,
    "reading": reading,
    "exports": exports,
    "county": county,
    "batches": batches,
}
LONG = ("batches",)
GOALS: Mapping[str, tuple[tuple[str, str, str, float, bool], ...]] = {
    "town": (
        ("plain papermill and nbconvert, times ours cold", "plain", "cold", 5.0, True),
        ("ours cold, times the floor", "cold", "floor", 2.0, False),
        ("one return changed, times the floor", "one return changed", "floor", 1.3, False),
        ("unchanged, seconds", "unchanged", "", 1.5, False),
    ),
    "kernels": (("warm kernel to its first result, seconds", "warm", "", 0.25, False),),
    "reading": (
        ("reading and checking, times openpyxl", "ours, read and checked", "pandas with openpyxl", 1.0, False),
    ),
    "batches": (
        ("100 townships, times 20, by 2 workers", "100 townships, 2 workers", "20 townships, 2 workers", 5.5, False),
    ),
    "exports": (
        ("HTML, times nbconvert's own", "html", "stock html", 1.3, False),
        ("PDF, times nbconvert's webpdf", "pdf", "stock webpdf", 1 / 3, False),
        ("DOCX, times bare pandoc", "docx", "bare pandoc docx", 1.5, False),
    ),
}
"""By part: what is compared, what with (nothing where it is the seconds themselves), the goal, whether it is a least."""


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = ""
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": model or platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "date": f"{date.today()}",
    }


def print_part(name: str, measured: Mapping[str, Measured]) -> list[dict[str, Any]]:
    """Print the medians of a part and how they stand to their goals.

    Returns:
        The comparisons, as `latest.json` keeps them.
    """
    print(f"\n{name}")
    for what, one in measured.items():
        peak = "" if one.peak is None else f"   peak {one.peak:6.0f} MB"
        processor = "" if one.processor is None else f"   {one.processor:6.0f} s of processor"
        print(f"  {what:32} {one.median:9.3f} s{processor}{peak}")
    compared = []
    for what, first, second, goal, least in GOALS.get(name, ()):
        value = measured[first].median / (measured[second].median if second else 1.0)
        met = value >= goal if least else value <= goal
        print(f"  {'met ' if met else 'MISS'} {what}: {value:.2f}   ({'at least' if least else 'at most'} {goal:.2f})")
        compared.append({"what": what, "value": round(value, 3), "goal": round(goal, 3), "met": met})
    return compared


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Times as ratios, measured in one run.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--all", action="store_true", help=f"the long parts too: {', '.join(LONG)}")
    parser.add_argument("--times", type=int, default=TIMES, help="rounds that the medians are of")
    given = parser.parse_args()
    unknown = set(given.parts) - PARTS.keys()
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    kept = json.loads(LATEST.read_text(encoding="utf-8")) if LATEST.is_file() else {}
    here = machine()
    print(", ".join(f"{name} {value}" for name, value in here.items()))
    for name in given.parts or [name for name in PARTS if given.all or name not in LONG]:
        measured = PARTS[name](given.times)
        compared = print_part(name, measured)
        kept[name] = {
            "machine": here,
            "measured": {what: one.told() for what, one in measured.items()},
            "compared": compared,
        }
        if name == "reading":
            kind, longest = bombs()
            allowed = 4 * measured["calamine bare"].median + 0.5
            print(f"  allowed for reading and checking: 4 × bare + 0.5 s = {allowed:.3f} s")
            print(f"  refusing a workbook made to be too large: {longest:.2f} s at most ({kind}), 2 s allowed")
        LATEST.parent.mkdir(exist_ok=True)
        LATEST.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
