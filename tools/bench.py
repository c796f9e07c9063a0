"""How long things take, as ratios in one run: times differ between machines, ratios hold.

- A whole run (`township-report run`) beside its floor: the same functions in one fresh process, imports and the three
  exports included, no notebook.
- Reading and checking the example's returns in one process beside a bare python-calamine read of the same files.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOWN, PERIOD = "qinghe", "2021"
TIMES = 3


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def whole_run(folder: Path) -> None:
    """The run as the user starts it, into a folder of its own."""
    program = str(Path(sys.executable).parent / "township-report")
    command = [program, "run", "--town", TOWN, "--period", PERIOD]
    places = ["--processed", str(folder / "processed"), "--reports", str(folder / "reports")]
    subprocess.run([*command, *places], cwd=ROOT, check=True, capture_output=True)


def floor(folder: Path) -> None:
    """The same work in one process, without notebooks: this file is started anew for it."""
    subprocess.run([sys.executable, __file__, "--floor", str(folder)], cwd=ROOT, check=True)


def floor_here(folder: Path) -> None:
    """What a run does, called directly."""
    import nbformat
    import pandas as pd
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from analysis.figures.model import from_frame
    from analysis.figures.stage import RECORDS, compute, earlier_returns, save_computed
    from analysis.intake.ingest import read_period
    from analysis.running.export import FORMATS, export
    from analysis.scheme import Period, read_facts, read_scheme
    from analysis.telling.figure_list import save_figures
    from analysis.telling.material import Material
    from analysis.telling.narrative import read_narrative
    from analysis.telling.show import FACTS_TYPE, bundles, facts_of
    from analysis.telling.tell import tell

    scheme = read_scheme(ROOT / "scheme")
    town = ROOT / "data" / "raw" / TOWN
    facts = read_facts(town, Period.parse(PERIOD), scheme)
    read = read_period(town / PERIOD, scheme, facts).values()
    values = pd.concat([each.values for each in read], ignore_index=True)
    findings = pd.concat([each.findings for each in read], ignore_index=True)
    computed = compute(scheme, facts, values, findings, earlier_returns(town, folder, scheme, facts))
    save_computed(computed, folder)
    records: list[Any] = [from_frame(computed.tables[name], record) for name, record in RECORDS.items()]
    material = Material(scheme, facts, *records)
    told = tell(material, computed.submissions, read_narrative(scheme.narrative))
    save_figures(told.figures, folder)
    outputs = [new_output("display_data", {FACTS_TYPE: facts_of(told, facts)})]  # type: ignore[no-untyped-call]
    for data, metadata in bundles(told.report, None):
        outputs.append(new_output("display_data", data, metadata=metadata))  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=[new_code_cell("", outputs=outputs)])  # type: ignore[no-untyped-call]
    path = folder / "3_report.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    for kind in FORMATS:
        export(kind, path, folder)


def reading() -> tuple[float, float]:
    """Seconds to read and check the returns, and to read them with python-calamine alone."""
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

    def checked() -> None:
        read_period(town / PERIOD, scheme, facts)

    bare()
    checked()  # what is loaded on first use is not reading
    return median(timed(checked) for _ in range(TIMES)), median(timed(bare) for _ in range(TIMES))


def bombs() -> tuple[str, float]:
    """The kind of workbook made to be too large that takes longest to be refused, and the seconds that it takes."""
    from bombs import KINDS, bomb  # lies beside this file

    from analysis.intake.refusal import Refusal
    from analysis.intake.workbook import open_workbook

    def looked_at(content: bytes) -> None:
        with suppress(Refusal):
            open_workbook("bomb.xlsx", content)

    seconds = {kind: timed(partial(looked_at, bomb(kind))) for kind in KINDS}
    return max(seconds.items(), key=lambda pair: pair[1])


def main() -> None:
    """Measure, alternating what is compared, and print the medians and their ratios."""
    if "--floor" in sys.argv:
        floor_here(Path(sys.argv[-1]))
        return
    runs: list[float] = []
    floors: list[float] = []
    for _ in range(TIMES):
        for call, times in ((whole_run, runs), (floor, floors)):
            folder = Path(tempfile.mkdtemp(prefix="bench-"))
            times.append(timed(lambda call=call, folder=folder: call(folder)))  # type: ignore[misc]
            shutil.rmtree(folder)
    checked, bare = reading()
    print(
        f"whole run {median(runs):6.2f} s   floor {median(floors):6.2f} s   ratio {median(runs) / median(floors):.2f}"
    )
    kind, longest = bombs()
    print(f"refusing a workbook made to be too large: {longest:.2f} s at most ({kind}), 2 s allowed")
    allowed = 4 * bare + 0.5
    print(f"reading and checking 15 returns {checked:.3f} s   bare calamine {bare:.3f} s   allowed {allowed:.3f} s")


if __name__ == "__main__":
    main()
