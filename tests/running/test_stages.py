"""What one run leaves behind does not change what the next one says."""

import shutil
from pathlib import Path

import openpyxl

from analysis.figures.tables import earlier_returns
from analysis.intake.ingest import read_period
from analysis.intake.store import save_frame
from analysis.scheme import Period, read_facts, read_scheme


def test_an_earlier_years_return_that_was_corrected_counts_as_corrected(root: Path, tmp_path: Path) -> None:
    """Tables kept by the earlier year's own run are older than the return that was put there since."""
    scheme = read_scheme(root / "scheme")
    raw = tmp_path / "raw"
    shutil.copytree(root / "data" / "raw" / "qinghe", raw)
    shutil.rmtree(raw / "2019")
    facts = read_facts(raw, Period(2021), scheme)
    kept = tmp_path / "processed" / "2020" / "returns"
    for department, ingested in read_period(raw / "2020", scheme, read_facts(raw, Period(2020), scheme)).items():
        save_frame(ingested.values, kept / f"{department}.parquet")
        save_frame(ingested.findings, kept / f"{department}.findings.parquet")
    path = raw / "2020" / "财政所.xlsx"
    workbook = openpyxl.load_workbook(path)
    row = next(cells for cells in workbook["指标"].iter_rows() if cells[1].value == "E03")
    row[5].value = 2199.5
    workbook.save(path)
    found = earlier_returns(raw, tmp_path / "processed", scheme, facts)[2020]
    actual = found[(found["code"] == "E03") & (found["field"] == "actual")]
    assert [str(number.normalize()) for number in actual["number"]] == ["2199.5"]
