"""Tiny reports, as runs leave them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .made import SECRET, Make, digests, page, row


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make_report(
        town: str = "qinghe",
        period: str = "2021",
        name: str = "青禾镇",
        *,
        final: int = 0,
        draft: bool = False,
        shared: bool = True,
        text: str = "",
        receipts: Mapping[str, bytes] | None = None,
        indicators: Mapping[str, str] | None = None,
        **manifest: Any,
    ) -> Path:
        report = tmp_path / "reports" / town / period
        folder = report / f"final-{final}" if final else report
        folder.mkdir(parents=True, exist_ok=True)
        title = f"{name}关于{period.partition('-')[0]}年度目标任务完成情况的报告"
        rows = "".join(row(*each) for each in (indicators or {"B02": "农村改厕", "E01": "固定资产投资"}).items())
        date = f"{int(period[:4]) + 1}-01-13"
        for stem in ("report", *(["report-shared"] if shared else [])):
            secret = row("Z01", SECRET) if stem == "report" and shared else ""
            (folder / f"{stem}.html").write_bytes(page(title, rows + secret, date, text))
            for end in ("pdf", "docx"):
                (folder / f"{stem}.{end}").write_text(f"{title} {stem} {final} {secret}", encoding="utf-8")
        for other in ("findings.csv", "figures.csv", "figures-shared.csv", "changes.html", "submission.html"):
            (folder / other).write_text(f"{SECRET} {other}", encoding="utf-8")
        for place in ("notebooks/3_report.ipynb", "previous/report.html"):
            (folder / place).parent.mkdir(exist_ok=True)
            (folder / place).write_text(SECRET, encoding="utf-8")
        for place, content in (receipts or {}).items():
            (folder / "receipts").mkdir(exist_ok=True)
            (folder / "receipts" / place).write_bytes(content)
        outputs = {place: entry for place, entry in digests(folder).items() if not place.startswith("previous/")}
        content = {
            "town": town,
            "period": period,
            "title": f"{SECRET}{title}",
            "ending": "done with gaps" if draft else "done",
            "finished": "2022-01-13T08:00:00+08:00",
            "final": bool(final),
            "internal_mentions": [],
            "indicators": {"Z01": SECRET},
            "inputs": {f"raw/{town}/财政所.xlsx": {}},
            "outputs": {name: each for name, each in outputs.items() if not name.startswith("final-")},
            **manifest,
        }
        text_of = json.dumps(content, ensure_ascii=False)
        (folder / "run.json").write_text(text_of, encoding="utf-8")
        return folder

    return make_report
