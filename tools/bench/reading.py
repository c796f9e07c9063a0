"""Reading the example's returns: python-calamine bare, ours with all checks, pandas with openpyxl; and refusing bombs."""

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from clock import Measured, alternating, timed
from floor import PERIOD, ROOT, TOWN


def reading(times: int) -> dict[str, Measured]:
    """Measure the ways to read the returns of a period."""
    import pandas as pd
    from python_calamine import CalamineWorkbook

    from analysis.intake.ingest import read_period
    from analysis.scheme import Period, read_facts, read_scheme

    scheme = read_scheme(ROOT / "scheme")
    town = ROOT / "data" / "raw" / TOWN
    facts = read_facts(town, Period.parse(PERIOD), scheme)
    files = sorted((town / PERIOD).glob("*.xlsx"))

    def bare() -> None:
        for file in files:
            workbook = CalamineWorkbook.from_path(str(file))
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python()

    calls: dict[str, Callable[[], object]] = {
        "calamine bare": bare,
        "ours, read and checked": partial(read_period, town / PERIOD, scheme, facts),
        "pandas with openpyxl": lambda: [pd.read_excel(file, sheet_name=None, engine="openpyxl") for file in files],
    }
    alternating(calls, 1)  # what is loaded on first use is not reading
    return alternating(calls, times)


def bombs() -> tuple[str, float]:
    """The kind of workbook made to be too large that takes longest to be refused, and the seconds that it takes."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from bombs import KINDS, bomb

    from analysis.intake.refusal import Refusal
    from analysis.intake.workbook import open_workbook

    def looked_at(content: bytes) -> None:
        with suppress(Refusal):
            open_workbook("bomb.xlsx", content)

    seconds = {kind: timed(partial(looked_at, bomb(kind))) for kind in KINDS}
    return max(seconds.items(), key=lambda pair: pair[1])
