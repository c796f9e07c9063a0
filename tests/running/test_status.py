"""`township-report status`: what there is, who has returned, how the last run ended, and what has changed since."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.running import status
from analysis.running.manifest import hashed
from analysis.running.places import Places, places_of
from analysis.running.status import Standing, as_json, remarks, rows, standings
from analysis.running.unchanged import of_program
from analysis.scheme import Period, read_scheme


@pytest.fixture
def places(root: Path, tmp_path: Path) -> Places:
    """A township with two returns of 2021, of which one is no workbook, and nothing else."""
    town = tmp_path / "data" / "raw" / "qinghe"
    (town / "2021").mkdir(parents=True)
    shutil.copy(root / "data/raw/qinghe/town.toml", town)
    shutil.copy(root / "data/raw/qinghe/2021/财政所.xlsx", town / "2021")
    (town / "2021" / "水利站.xlsx").write_bytes(b"broken")
    (town / "2021" / "来信.xlsx").write_bytes(b"whose?")
    made = places_of(tmp_path, "qinghe", Period(2021), scheme=root / "scheme")
    made.notebooks.mkdir()
    for name in ("1_ingest", "2_indicators", "3_report"):
        shutil.copy(root / "notebooks" / f"{name}.ipynb", made.notebooks)
    return made


def stood(places: Places) -> Standing:
    (one,) = standings(places, read_scheme(places.scheme))
    return one


def left_by_a_run(places: Places, **more: object) -> None:
    """What a run leaves to say how it ended."""
    places.report.mkdir(parents=True, exist_ok=True)
    told = {
        "ending": "done with gaps",
        "finished": "2022-01-13T08:30:00+08:00",
        "parameters": {"town": "qinghe", "period": "2021"},
        "program": of_program(),
        "inputs": hashed(places.inputs()),
        "owed": ["纪委"],
        "gaps": [{"department": "水利站", "code": "R01", "text": "镇村两级河长巡河没有完成数"}],
    }
    (places.report / "run.json").write_text(json.dumps(told | more), encoding="utf-8")


def test_before_the_first_run(places: Places) -> None:
    one = stood(places)
    assert (one.town, one.name, one.period, one.departments) == ("qinghe", "青禾镇", "2021", 15)
    assert one.returned == ("财政所",)
    assert one.refused == ("水利站",)
    assert len(one.owed) == 13
    assert one.unknown == ("来信.xlsx",)
    (row,) = rows([one])
    assert row[:3] == ("qinghe（青禾镇）", "2021", "1/15")
    assert row[3].startswith("水利站（退回）、") and "15个" in row[3]
    assert row[4:] == ("没有运行过", "—", "—", "—")


def test_after_a_run_it_tells_the_ending_and_what_changed_since(places: Places) -> None:
    left_by_a_run(places)
    (places.report / "final-2").mkdir()
    (places.report / "final-10").mkdir()
    one = stood(places)
    assert one.changed == (status.OTHER_REPORT,)  # nothing of the report lies there
    assert one.finals == ("final-2", "final-10")
    (row,) = rows([one])
    assert row[5:7] == ("草稿，缺2项", "final-10")
    assert list(remarks([one])) == [
        "青禾镇2021年草稿欠报：纪委",
        "青禾镇2021年草稿缺数：R01 镇村两级河长巡河没有完成数",
    ]
    with (places.returns / "财政所.xlsx").open("ab") as file:
        file.write(b"x")
    (places.returns / "纪委.xlsx").write_bytes(b"came late")
    (places.raw / "qinghe" / "2020").mkdir()
    (places.raw / "qinghe" / "2020" / "a.xlsx").write_bytes(b"")
    (one,) = standings(places, read_scheme(places.scheme), period=Period(2021))
    (row,) = rows([one])
    assert row[7] == "纪委.xlsx、财政所.xlsx；其他期或乡镇的文件1个"


def test_a_long_list_of_gaps_is_cut(places: Places) -> None:
    left_by_a_run(places, gaps=[{"code": f"E{number:02d}", "text": "没有数"} for number in range(9)])
    told = list(remarks([stood(places)]))
    assert len(told) == 6
    assert told[-1] == "青禾镇2021年草稿另缺5项，用 --json 全部列出"


def test_another_program_is_told_as_such(places: Places) -> None:
    left_by_a_run(places, program={"code": "other"})
    assert stood(places).changed == (status.OTHER_PROGRAM,)


def test_nothing_changed(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    left_by_a_run(places, ending="done", owed=[], gaps=[], parameters={"town": "qinghe", "period": "2021", "x": "1"})
    asked = []
    monkeypatch.setattr(status, "unchanged", lambda places, given: asked.append(given) or {})
    (row,) = rows([stood(places)])
    assert row[5:] == ("报告", "—", "无")
    assert asked == [{"x": "1"}]


def test_a_township_that_cannot_be_read_stops_no_other(places: Places) -> None:
    other = places.raw / "anhe"
    shutil.copytree(places.raw / "qinghe", other)
    (other / "town.toml").write_text("name = ", encoding="utf-8")
    broken, good = standings(places, read_scheme(places.scheme))
    assert good.returned == ("财政所",)
    assert next(rows([broken]))[2] == "读不出来"
    assert next(remarks([broken])).startswith("anhe2021年：town.toml 第1行：这一行的写法有误")
    assert json.dumps(as_json([broken, good]), ensure_ascii=False)


def test_a_period_of_which_only_the_report_is_left(places: Places) -> None:
    left_by_a_run(replace(places, period=Period(2019)))
    assert [each.period for each in standings(places, read_scheme(places.scheme))] == ["2019", "2021"]
