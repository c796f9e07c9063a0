"""The floor of a run: the same functions in one fresh process, imports and exports included, no notebook.

python tools/bench/floor.py FOLDER
"""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOWN, PERIOD = "qinghe", "2021"


def floor(folder: Path) -> None:
    """Make what a run makes, in a folder: tables, receipts, the figures and the formats of both editions."""
    import pandas as pd

    from analysis.figures.receipts.files import make_receipts, save_receipts
    from analysis.figures.stage import compute
    from analysis.figures.tables import earlier_in_year, earlier_returns, save_computed, stray_files
    from analysis.intake.ingest import read_period
    from analysis.scheme import Period, read_facts, read_scheme
    from analysis.telling.edition import editions_of
    from analysis.telling.pictures.submissions import submissions_picture

    scheme = read_scheme(ROOT / "scheme")
    town = ROOT / "data" / "raw" / TOWN
    returns = town / PERIOD
    facts = read_facts(town, Period.parse(PERIOD), scheme)
    read = read_period(returns, scheme, facts).values()
    values = pd.concat([each.values for each in read], ignore_index=True)
    findings = pd.concat([each.findings for each in read], ignore_index=True)
    checks = pd.concat([each.checks for each in read], ignore_index=True)
    earlier = earlier_returns(town, folder, scheme, facts)
    within = earlier_in_year(town, folder, scheme, facts)
    strays = stray_files(returns, scheme, facts)
    computed = compute(scheme, facts, values, findings, earlier, strays, checks, within)
    save_computed(computed, folder)
    save_receipts(make_receipts(returns, scheme, facts, values, computed, submissions_picture), folder)
    for edition in editions_of(scheme, facts.period.year):
        told_and_exported(folder, scheme, facts, edition)


def told_and_exported(folder: Path, scheme: Any, facts: Any, edition: Any) -> None:
    """Tell an edition from the tables, and write its figures and its three formats."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from analysis.running.export import FORMATS, export
    from analysis.telling.edition import in_edition, suffix
    from analysis.telling.figure_list import save_figures
    from analysis.telling.narrative import read_narrative
    from analysis.telling.show import FACTS_TYPE, bundles, facts_of
    from analysis.telling.tell import load_material, tell

    material, submissions = load_material(folder, scheme, facts)
    told = tell(in_edition(material, edition), submissions, read_narrative(scheme.narrative))
    save_figures(told.figures, folder, suffix(edition))
    outputs = [new_output("display_data", {FACTS_TYPE: facts_of(told, facts)})]  # type: ignore[no-untyped-call]
    for data, metadata in bundles(told.report, None):
        outputs.append(new_output("display_data", data, metadata=metadata))  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=[new_code_cell("", outputs=outputs)])  # type: ignore[no-untyped-call]
    path = folder / f"3_report{suffix(edition)}.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    for kind in FORMATS:
        export(kind, path, folder, edition)


if __name__ == "__main__":
    floor(Path(sys.argv[1]))
