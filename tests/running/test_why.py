"""Why a step ran: what the last run noted of a step that there is no more, and what can be asked."""

import json
from pathlib import Path

import pytest

from analysis.running import why as module
from analysis.running.errors import RunError
from analysis.running.places import places_of
from analysis.running.why import Reasons, why
from analysis.scheme import Period


def test_a_step_of_the_last_run_that_there_is_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = places_of(tmp_path, "qinghe", Period(2021))
    places.report.mkdir(parents=True)
    steps = {"3_report-shared": {"why": ["scheme/words.csv改过"]}, "report-shared.pdf": {"why": []}}
    (places.report / "run.json").write_text(json.dumps({"steps": steps}), encoding="utf-8")
    monkeypatch.setattr(module, "_planned", lambda *_: [])
    (report,) = why(places, "3_report")
    assert report.text == "3_report-shared：上次运行了，因为scheme/words.csv改过。"
    assert [reasons.text for reasons in why(places, "export")] == ["report-shared.pdf：上次没有变化，跳过。"]
    with pytest.raises(RunError, match=r"(?s)没有“4_report”这一步.*3_report、export，或者其中一步，如 3_report-shared"):
        why(places, "4_report")


def test_what_would_run_now() -> None:
    assert (
        Reasons("2_indicators", True, (), ("参数不同",)).text
        == "2_indicators：上次没有变化，跳过；现在要运行：参数不同。"
    )
    assert Reasons("2_indicators", False, (), ()).text == "2_indicators：上次没有记录；现在不用运行。"
