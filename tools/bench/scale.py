"""Many townships: a batch of 20 and of 100 by one and by two workers, and a county's roll-up of 2 000.

python tools/bench/scale.py FOLDER    the roll-up of a folder of tables alone, in this process
"""

import os
import sys
import tempfile
from pathlib import Path

from clock import Measured, command, peak_of_children, processor_of_children, timed
from floor import PERIOD, ROOT, TOWN
from town import PROGRAM, office, run

BATCHES = ((20, 1), (20, 2), (100, 1), (100, 2))
TOWNSHIPS = 2_000
YEARS = ("2019", "2020", "2021")


def batches(_times: int) -> dict[str, Measured]:
    """Measure batches of made-up townships, each once: the largest takes half an hour and more."""
    measured = {}
    for towns, workers in BATCHES:
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
            command(sys.executable, ROOT / "tools" / "many_towns.py", folder, str(towns), cwd=ROOT)
            words = ("batch", "--root", folder, "--period", PERIOD, "--workers", str(workers))
            used = processor_of_children()
            seconds = timed(lambda: command(PROGRAM, *words, cwd=ROOT))  # noqa: B023
            one = Measured([seconds], peak_of_children(), processor_of_children() - used)
            measured[f"{towns} townships, {workers} worker{'s' if workers > 1 else ''}"] = one
    return measured


def county(times: int) -> dict[str, Measured]:
    """Measure the roll-up of 2 000 townships over three years, in a process of its own each time."""
    with office() as folder, tempfile.TemporaryDirectory(prefix="bench-") as name:
        for year in YEARS:
            run(folder, period=year)
        processed = Path(name)
        for number in range(TOWNSHIPS):
            for year in YEARS:
                place = processed / f"town{number:04d}" / year
                place.mkdir(parents=True)
                os.link(folder / "processed" / TOWN / year / "indicators.parquet", place / "indicators.parquet")
        measured = Measured()
        for _ in range(times):
            measured.seconds.append(timed(lambda: command(sys.executable, __file__, processed, cwd=ROOT)))
        measured.peak = peak_of_children()
        return {f"{TOWNSHIPS} townships × 3 years": measured}


def roll_up_here(processed: Path) -> None:
    """Roll the townships of a folder up."""
    from analysis.figures.county.partitions import Folders
    from analysis.figures.county.roll_up import roll_up
    from analysis.scheme import Period, read_scheme

    towns = tuple(sorted(path.name for path in processed.iterdir()))
    partitions = Folders(processed, towns, tuple(Period.parse(year) for year in YEARS))
    roll_up(partitions, read_scheme(ROOT / "scheme"), int(PERIOD))


if __name__ == "__main__":
    roll_up_here(Path(sys.argv[1]))
