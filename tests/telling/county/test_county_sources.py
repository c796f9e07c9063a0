"""Where a total leads back to: the figures that went into it, and no others."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import county_example as made
import pytest

from analysis.telling.county.material import load_county
from analysis.telling.county.tell import read_county_narrative, tell_county
from analysis.telling.spans import Figure


def test_a_total_of_some_lists_these_alone(tmp_path: Path) -> None:
    """A ratio's township whose share of the year before is not known is in the total of none of its bases."""
    rows = made.township(made.Change())
    made.write(tmp_path, "qinghe", rows)
    unknown = [replace(row, base_share=None, change=None) if row.code == "S02" else row for row in rows]
    made.write(tmp_path, "liuping", unknown)
    county = made.county({"qinghe": "青禾镇", "liuping": "柳坪镇"})
    material = load_county(tmp_path, made.base_material()[0].scheme, county)
    templates = read_county_narrative(material.scheme.narrative)
    told = tell_county(material, templates)
    shares = [s for s in told.report.spans() if isinstance(s, Figure) and s.code == "S02" and s.role == "base_share"]
    assert shares and all("柳坪镇" not in source for share in shares for source in share.sources)
    parts = {s.formula for s in told.report.spans() if isinstance(s, Figure) and s.formula.startswith("1个乡镇之和")}
    assert parts and not any("+" in formula for formula in parts)
    for span in told.report.spans():
        if isinstance(span, Figure) and "个乡镇之和：" in span.formula:
            assert sum(Fraction(part) for part in span.formula.partition("：")[2].split(" + ")) == span.value, span
    wrong = {
        key: replace(detail, figures=detail.figures | {"actual": Decimal(1)})
        for key, detail in material.details.items()
    }
    with pytest.raises(ValueError, match=r"与各乡镇之和.*不符"):
        tell_county(replace(material, details=wrong), templates)
