"""A run on its way: a department whose notebook breaks stops its own return only."""

from pathlib import Path

from analysis.figures.tables import load_returns
from analysis.intake.ingest import read_period
from analysis.intake.store import save_frame
from analysis.running.course import save_nothing
from analysis.scheme import Period, read_facts, read_scheme


def test_a_department_whose_notebook_broke_is_told_and_the_others_are_there(root: Path, tmp_path: Path) -> None:
    scheme = read_scheme(root / "scheme")
    town = root / "data" / "raw" / "qinghe"
    facts = read_facts(town, Period(2021), scheme)
    for department, read in read_period(town / "2021", scheme, facts).items():
        save_frame(read.values, tmp_path / f"{department}.parquet")
        save_frame(read.findings, tmp_path / f"{department}.findings.parquet")
        save_frame(read.checks, tmp_path / f"{department}.checks.parquet")
    save_nothing("财政所", "内存不足", scheme, tmp_path)
    values, findings, checks = load_returns(tmp_path, scheme)
    assert "财政所" not in set(values["department"]) and "水利站" in set(values["department"])
    assert "财政所" not in set(checks["department"]) and "水利站" in set(checks["department"])
    own = findings[findings["department"] == "财政所"]
    assert list(own["check"]) == ["refused"] and "内存不足" in own.iloc[0]["message"]
