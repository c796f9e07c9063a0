"""The county's report: what it says of five made-up townships, that it adds up, and that nothing slips in."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import county_example as made
import example
import pytest

from analysis.figures.county.assessed import assessed
from analysis.figures.county.returned import TownReturns
from analysis.figures.county.roll_up import Basis, RollUp
from analysis.scheme import SchemeError
from analysis.telling.county.annex import county_annex
from analysis.telling.county.clauses import broken_clause, fact_range
from analysis.telling.county.helpers import CountyHelpers
from analysis.telling.county.material import CountyMaterial, load_county
from analysis.telling.county.overall import outcomes_clause, outliers_clauses, outliers_of, ranking_clause
from analysis.telling.county.tables import overview
from analysis.telling.county.tell import read_county_narrative, tell_county
from analysis.telling.county.townships import TownWords, ends, own_figures, own_rate, standing
from analysis.telling.helpers import TellingError
from analysis.telling.spans import Figure, Gap, Report, Table, spans_of, text_of
from analysis.telling.tell import Told
from analysis.telling.wording.count import CountWords

KEPT = made.ROOT / "tests" / "golden" / "yunchuan-2021.txt"


@pytest.fixture(scope="module")
def material(five_towns: Path) -> CountyMaterial:
    return load_county(five_towns, made.base_material()[0].scheme, made.county())


@pytest.fixture(scope="module")
def templates(material: CountyMaterial) -> dict[str, str]:
    return read_county_narrative(material.scheme.narrative)


@pytest.fixture(scope="module")
def told(material: CountyMaterial, templates: Mapping[str, str]) -> Told:
    return tell_county(material, templates)


@pytest.fixture(scope="module")
def lacking(five_towns: Path, templates: Mapping[str, str]) -> Told:
    """The same townships in a county of six."""
    scheme = made.base_material()[0].scheme
    return tell_county(load_county(five_towns, scheme, made.county(made.SIX)), templates)


@pytest.fixture(scope="module")
def calculator() -> ModuleType:
    import importlib.util

    path = made.ROOT / "tests" / "telling" / "calculator.py"
    spec = importlib.util.spec_from_file_location("calculator", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["calculator"] = module
    spec.loader.exec_module(module)
    return module


def prose(told: Told) -> str:
    return "\n".join(example.prose_of(told.report))


def table(report: Report, caption: str) -> list[list[str]]:
    found = [b for c in report.chapters for b in c.blocks if isinstance(b, Table) and b.caption == caption]
    return [[text_of(cell) for cell in row] for row in found[0].rows]


def test_the_report_says_what_it_said(told: Told, request: pytest.FixtureRequest) -> None:
    text = "\n".join(example.lines_of(told.report)) + "\n"
    if request.config.getoption("--renew"):
        KEPT.write_text(text, encoding="utf-8")
    assert text == KEPT.read_text(encoding="utf-8")


@pytest.mark.parametrize("which", ["told", "lacking"])
def test_it_holds_on_the_calculator(which: str, calculator: ModuleType, request: pytest.FixtureRequest) -> None:
    readings = calculator.check(calculator.sentences_of(prose(request.getfixturevalue(which))))
    assert sum(len(reading.claims) for reading in readings) > 200
    for reading in readings:
        assert reading.ok, (reading.sentence, [str(claim) for claim in reading.wrong], reading.unread)


def test_every_figure_leads_back(told: Told, material: CountyMaterial) -> None:
    for span in told.report.spans():
        if isinstance(span, Figure):
            assert span.sources or span.formula, span
            assert not any(source.startswith("[各乡镇]") for source in span.sources), span
    total = next(s for s in told.report.spans() if isinstance(s, Figure) and s.id == "E01.actual")
    assert total.sources == tuple(f"[{name} 经济发展办公室.xlsx]指标!F4" for name in made.FIVE.values())
    figures = [Fraction(number) for number in total.formula.partition("：")[2].split(" + ")]
    assert sum(figures) == total.value
    for span in told.report.spans():  # each sum lists what was added
        if isinstance(span, Figure) and "个乡镇之和：" in span.formula:
            towns, _, figures_of = span.formula.partition("个乡镇之和：")
            parts = figures_of.split(" + ")
            assert sum(Fraction(part) for part in parts) == span.value and len(parts) == int(towns), span
    listed = told.figures[told.figures["id"] == "E01.actual"]
    assert set(listed["sources"]) == {"\n".join(total.sources)}
    assert set(told.figures["text"]) >= {total.text}


def test_a_missing_township_is_named_and_its_county_never_told_whole(lacking: Told) -> None:
    text = prose(lacking)
    assert lacking.report.draft
    assert "应汇总乡镇6个，已汇总5个，未上报1个（东坡乡）" in text and "本稿缺东坡乡的数据" in text
    assert [gap.text for gap in lacking.report.gaps] == ["东坡乡未上报"]
    for paragraph in text.split("\n"):
        if "合计" in paragraph or not any(unit in paragraph for unit in ("万元", "增长", "下降", "为年度目标")):
            continue
        assert "5个乡镇" in paragraph or "4个乡镇（缺" in paragraph or "目标" in paragraph, paragraph
    assert "已上报的5个乡镇完成全社会固定资产投资" in text
    assert "4个乡镇（缺南山乡、东坡乡）清理河道沟渠" in text
    assert ["东坡乡", "未上报", "—", "—", "—", "—", "—"] in table(lacking.report, "上报情况")
    towns = {row[3] for row in table(lacking.report, "高质量发展综合指标合计")}
    assert towns == {"5/6", "4/6"}


def test_townships_left_out_on_purpose_stay_the_countys_and_make_a_draft(
    five_towns: Path, templates: Mapping[str, str]
) -> None:
    county = made.county(made.SIX, left_out=("qinghe", "yunling"))
    told = tell_county(load_county(five_towns, made.base_material()[0].scheme, county), templates)
    text = prose(told)
    assert told.report.draft
    assert "应汇总乡镇6个，已汇总3个，未汇总2个（青禾镇、云岭乡），未上报1个（东坡乡）" in text
    assert "本稿未汇总青禾镇、云岭乡，缺东坡乡的数据，各项合计都不含" in text
    assert "已汇总的3个乡镇完成全社会固定资产投资" in text and "已上报的" not in text
    assert [gap.text for gap in told.report.gaps] == ["青禾镇未汇总", "云岭乡未汇总", "东坡乡未上报"]
    assert {row[3] for row in table(told.report, "党建指标合计")} == {"3/6"}
    assert ["青禾镇", "未汇总", "—", "—", "—", "—", "—"] in table(told.report, "上报情况")
    assert not any("青禾镇" in source for sources in told.figures["sources"] for source in sources.split("\n"))


def test_only_townships_with_a_target_or_a_base_make_a_rate(told: Told) -> None:
    text = prose(told)
    assert "下达目标的4个乡镇建成设施农业大棚251座，年度目标234座，完成率107.3%" in text
    assert "有上年同期数的4个乡镇发展党员59名，比上年的53名增长11.3%" in text
    row = next(row for row in table(told.report, "高质量发展综合指标合计") if row[0] == "E06")
    assert (row[4], row[6]) == ("见正文", "见正文")


def test_a_broken_commitment_names_its_townships_first(told: Told) -> None:
    paragraph = next(line for line in prose(told).split("\n") if "返贫致贫" in line)
    assert paragraph.startswith("发生返贫致贫2人（白水镇2人），较上年增加2人。")


def test_outliers_are_told_with_their_figures_and_small_targets_apart(told: Told) -> None:
    assert "新增就业：南山乡（完成2000人，目标270人，完成率740.7%），中间半数乡镇的完成率在" in prose(told)
    rows = table(told.report, "离群情况")
    small = {row[7] for row in rows if row[1] == "美丽村庄片区建设"}
    assert small == {"基数较小"} and "美丽村庄片区建设：" not in prose(told)


def test_a_draft_stands_until_the_errors_are_gone(
    five_towns: Path, told: Told, templates: Mapping[str, str], tmp_path: Path
) -> None:
    assert told.report.draft and "有审核错误待更正的乡镇1个（南山乡）" in prose(told)
    towns = {"qinghe": "青禾镇", "liuping": "柳坪镇"}
    for town in towns:
        made.write(tmp_path, town, made.of_five(town))
    final = tell_county(load_county(tmp_path, made.base_material()[0].scheme, made.county(towns)), templates)
    assert not final.report.draft and not any(isinstance(span, Gap) for span in final.report.spans())
    assert "已汇总的乡镇较少，不作离群判断" in prose(final)


def test_the_audit_finds_a_number_typed_into_a_template(material: CountyMaterial, templates: dict[str, str]) -> None:
    name = "county/50-排名和差异.md"
    spoilt = {**templates, name: templates[name].replace("全部名次见附件", "全部5个名次见附件")}
    with pytest.raises(SchemeError, match=r"narrative/county/50-排名和差异.md 第5行.*写了数字“5个”"):
        tell_county(material, spoilt)


def test_a_row_left_out_is_named(material: CountyMaterial, templates: dict[str, str]) -> None:
    name = "county/40-监控指标.md"
    with pytest.raises(SchemeError, match=r"没有讲到 M03.*tell\('M03'\)"):
        tell_county(material, {**templates, name: templates[name].replace('{{ tell("M03", "签订目标责任书") }}。', "")})


def test_the_edition_to_share_has_no_internal_row(five_towns: Path, templates: Mapping[str, str]) -> None:
    scheme = made.base_material()[0].scheme
    material = load_county(five_towns, scheme, made.county(), "shared")
    shared = tell_county(material, templates)
    internal = {indicator.code: indicator.name for indicator in scheme.indicators if indicator.internal}
    assert not internal.keys() & set(shared.figures["code"])
    assert "信访件" not in prose(shared) and "内部掌握的指标未列入本报告" in prose(shared)
    # Findings may be of internal rows: neither their number nor whose they are.
    note = prose(shared).split("\n")[0]
    assert shared.report.draft and note.endswith("；有审核错误待更正，不得作为正式报告上报。")
    assert "审核错误待更正的乡镇" not in prose(shared)
    rows = table(shared.report, "上报情况")
    assert rows[3][:2] == ["南山乡", "已汇总"] and {len(row) for row in rows} == {4}
    assert not shared.figures["id"].str.contains("errors|waived|warnings|unclean").any()
    assert list(overview(material)) == ["乡镇", "汇总情况", "应报部门", "欠报部门"]
    assert all("contributions.csv" not in sources for sources in shared.figures["sources"])


def test_many_townships_lead_to_the_list_and_are_named_in_bounds(templates: Mapping[str, str], tmp_path: Path) -> None:
    names = {f"t{number:03d}": f"甲{chr(0x4E00 + number)}乡" for number in range(130)}
    made.write_copies(tmp_path, list(names), [made.Change(Fraction(80 + 8 * step, 100)) for step in range(5)])
    told = tell_county(load_county(tmp_path, made.base_material()[0].scheme, made.county(names)), templates)
    total = next(s for s in told.report.spans() if isinstance(s, Figure) and s.id == "E01.actual")
    assert total.sources == ("[contributions.csv]E01!完成数",) and total.formula.startswith("130个乡镇之和")
    assert max(len(line) for line in prose(told).split("\n")) < 2500
    assert len(table(told.report, "乡镇完成情况排名")) == 121
    ranks = table(told.report, "乡镇完成情况排名")
    assert ranks[0][0] == "1（并列）"
    assert max(len(span.sources) for span in told.report.spans() if isinstance(span, Figure)) <= 40


def test_facts_that_differ_are_a_range(templates: Mapping[str, str], tmp_path: Path) -> None:
    change = made.Change(own={"H07": {"actual": Decimal(5)}})
    made.write(tmp_path, "qinghe", made.township(made.Change()))
    made.write(tmp_path, "liuping", made.township(change))
    county = made.county({"qinghe": "青禾镇", "liuping": "柳坪镇"})
    told = tell_county(load_county(tmp_path, made.base_material()[0].scheme, county), templates)
    assert "各乡镇先后应对3轮至5轮疫情" in prose(told)


def test_part_of_a_year_is_held_against_the_time_progress(
    templates: Mapping[str, str], tmp_path: Path, calculator: ModuleType
) -> None:
    from analysis.scheme import Period

    period = Period(2021, 9)
    scheme = made.base_material()[0].scheme
    names = {"qinghe": "青禾镇", "liuping": "柳坪镇"}
    for town, factor in zip(names, (Fraction(3, 4), Fraction(1, 2)), strict=True):
        rows = []
        for row in made.township(made.Change()):
            actual = row.actual
            if actual is not None and scheme[row.code].kind in ("target", "count"):
                actual = made.scaled(actual, factor, scheme[row.code].expected_decimals)
            rows.append(made.assessment(scheme, scheme[row.code], period, replace(row, actual=actual)))
        made.write(tmp_path, town, rows, "2021-09")
    told = tell_county(load_county(tmp_path, scheme, made.county(names, period)), templates)
    assert told.report.title == "云川县目标责任考核办公室\n关于2021年1—9月乡镇目标任务完成情况的报告"
    assert "达到序时进度1个，落后序时进度1个（柳坪镇）" in prose(told)
    planned = next(s for s in told.report.spans() if isinstance(s, Figure) and s.id == "B04.planned_month")
    assert "完成率58.3%，计划12月完成；2个乡镇均未到期。" in prose(told)  # and nothing of the time progress
    assert planned.sources == ("[青禾镇 targets/2021.csv]!D17", "[柳坪镇 targets/2021.csv]!D17")
    for reading in calculator.check(calculator.sentences_of(prose(told))):
        assert reading.ok, (reading.sentence, [str(claim) for claim in reading.wrong], reading.unread)


def test_totals_of_earlier_years_say_of_how_many(
    five_towns: Path, templates: Mapping[str, str], tmp_path: Path
) -> None:
    for town in ("qinghe", "liuping"):
        made.write(tmp_path, town, made.of_five(town))
    made.write(tmp_path, "qinghe", made.township(made.Change(left_out=("B02",)), "2020"), "2020")
    county = made.county({"qinghe": "青禾镇", "liuping": "柳坪镇"})
    told = tell_county(load_county(tmp_path, made.base_material()[0].scheme, county), templates)
    row = next(row for row in table(told.report, "目标类指标历年合计（括号内为乡镇数）") if row[0] == "E01")
    assert row[3].endswith("（1）") and row[4] == "59,766（2）"
    nobody = next(row for row in table(told.report, "目标类指标历年合计（括号内为乡镇数）") if row[0] == "B02")
    assert nobody[3] == "—" and nobody[4].endswith("（2）")
    figures = {s.role: s for s in told.report.spans() if isinstance(s, Figure) and s.code == "E01"}
    assert figures["table.2020"].sources == ("[contributions.csv]E01 2020年!完成数",)
    assert figures["table.2021"].sources == ("[contributions.csv]E01!完成数",)
    assert not any("parquet" in sources for sources in told.figures["sources"])


def test_nobody_returned(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="没有任何乡镇 2021 的数据"):
        load_county(tmp_path, made.base_material()[0].scheme, made.county())


def test_a_data_set_added_up_on_a_cluster_is_told_alike(
    five_towns: Path, material: CountyMaterial, told: Told, templates: Mapping[str, str], tmp_path: Path
) -> None:
    pytest.importorskip("dask.dataframe")
    import dask

    from analysis.figures.county.cluster import roll_up_on_cluster
    from analysis.figures.county.partitions import Dataset, Folders, write_dataset
    from analysis.telling.county.material import material_of

    write_dataset(Folders(five_towns, tuple(made.FIVE), (made.YEAR,)), tmp_path, "云川县")
    with dask.config.set(scheduler="synchronous"):
        rolled = roll_up_on_cluster(tmp_path, "云川县", (2021,), material.scheme, 2021)
    stored = Dataset(tmp_path, "云川县", (2021,))
    again = tell_county(
        material_of(stored, material.scheme, material.county, material.returned, rolled=rolled), templates
    )
    assert again.report == told.report


def test_blocks_of_the_annex_are_all_there(told: Told) -> None:
    captions = [b.caption for c in told.report.chapters for b in c.blocks if isinstance(b, Table)]
    assert captions[-5:] == ["乡镇完成情况排名", "完成率的分布", "离群情况", "上报情况", "已汇总乡镇的缺数"]
    assert all(list(spans_of(b)) for c in told.report.chapters for b in c.blocks)


# ---- at the edges ------------------------------------------------------------------------------------------------


def rolled_otherwise(material: CountyMaterial, **changes: object) -> CountyMaterial:
    return replace(material, rolled=replace(material.rolled, **changes))


def with_row(material: CountyMaterial, code: str, **changes: object) -> CountyMaterial:
    rows = (i.model_copy(update=changes) if i.code == code else i for i in material.scheme.indicators)
    return replace(material, scheme=replace(material.scheme, indicators=tuple(rows)))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda helpers: helpers.tell("Q01"), "是文字类指标"),
        (lambda helpers: helpers.tell("S02", "化解"), "比率指标没有前导语"),
        (lambda helpers: helpers.chart("completion", None, "E01"), "不能指定指标"),
        (lambda helpers: helpers.chart("years"), "没有“years”这种图"),
    ],
)
def test_a_mistake_in_a_chapter_is_told(
    call: Callable[[CountyHelpers], str], said: str, material: CountyMaterial
) -> None:
    with pytest.raises(TellingError, match=said):
        call(CountyHelpers(material))


def test_what_no_township_returned_is_a_gap_and_never_a_nought(material: CountyMaterial) -> None:
    none = RollUp()
    empty = replace(material, rolled=none, assessments=assessed(material.scheme, made.YEAR, none))
    helpers = CountyHelpers(empty)
    text = text_of(
        helpers.marks.take("，".join([helpers.tell("E01"), helpers.tell("S02", part="化解"), helpers.tell("H07")]))
    )
    assert text == "全社会固定资产投资〔数据待各乡镇补报〕，化解〔数据待各乡镇补报〕，疫情轮次〔数据待各乡镇补报〕"
    assert helpers.zeros(P05="返贫致贫") and helpers.duties("M02", "E04").count("。") == 2
    assert [gap.code for gap in helpers.gaps] == ["E01", "S02", "H07", "P05", "M02", "E04"]
    assert {gap.text for gap in helpers.gaps} == {"〔数据待各乡镇补报〕"}
    assert helpers.chart("completion") == ""
    assert text_of(outcomes_clause(empty)) == "没有列入考核的指标"
    assert text_of(ranking_clause(empty, 3)) == "没有可以排名的乡镇"
    tables = [block for block in county_annex(empty).blocks if isinstance(block, Table)]
    assert {text_of(row[5]) for t in tables for row in t.rows if text_of(row[0]) == "H07"} == {"—"}


def test_a_duty_that_is_asked_for_no_more_leaves_no_trace(material: CountyMaterial) -> None:
    helpers = CountyHelpers(with_row(material, "M02", until=2020))
    assert helpers.duties("M02") == ""


def test_townships_that_are_not_due_are_counted_too(material: CountyMaterial) -> None:
    total = replace(material.total("E01"), states=Counter({"on_track": 3, "not_due": 2}))
    some = rolled_otherwise(material, totals={(2021, "E01"): total})
    assert text_of(standing(some, material.scheme["E01"])) == "5个乡镇中，达到序时进度3个，未到期2个"


def test_a_ratio_without_a_target_rate_is_not_split(material: CountyMaterial) -> None:
    total = material.total("S02")
    free = rolled_otherwise(material, totals={(2021, "S02"): replace(total, aimed=Basis())})
    assert standing(material, material.scheme["S02"]) and standing(free, material.scheme["S02"]) == ()


def test_a_draft_of_clean_returns_says_only_who_is_missing(templates: Mapping[str, str], tmp_path: Path) -> None:
    made.write(tmp_path, "qinghe", made.of_five("qinghe"))
    county = made.county({"qinghe": "青禾镇", "dongpo": "东坡乡"})
    told = tell_county(load_county(tmp_path, made.base_material()[0].scheme, county), templates)
    assert prose(told).split("\n")[0] == "草稿：本稿缺东坡乡的数据，各项合计都不含，不得作为正式报告上报。"


def test_the_rate_of_a_limit_is_told_of_no_township(material: CountyMaterial) -> None:
    limits = with_row(material, "L02", direction="down")
    assert "L02" in {code for code, _, _ in outliers_of(material)}
    assert "L02" not in {code for code, _, _ in outliers_of(limits)}
    assert text_of(ends(material, material.scheme["L02"], TownWords())).startswith("完成率最高的是南山乡")
    assert ends(limits, limits.scheme["L02"], TownWords()) == ()
    detail = material.details["nanshan", "L02"]
    figure = own_rate(limits, limits.scheme["L02"], detail)
    assert figure is not None and figure.formula == "按2000与控制数270计算"


def test_a_rate_that_would_read_as_100_percent_is_told_of_no_township(material: CountyMaterial) -> None:
    nearly, indicator = 1 - Fraction(1, 10**9), material.scheme["E01"]
    rates = dict.fromkeys(made.FIVE, nearly) | {"yunling": material.rolled.rates["E01"]["yunling"] / 2}
    told = text_of(ends(rolled_otherwise(material, rates={"E01": rates}), indicator, TownWords()))
    assert told.startswith("完成率最低的是云岭乡（完成")
    detail = replace(material.details["qinghe", "E01"], rate=nearly)
    close = replace(material, details={("qinghe", "E01"): detail})
    assert "完成率" not in text_of(own_figures(close, indicator, TownWords(), "qinghe"))
    assert "完成率" in text_of(own_figures(material, indicator, TownWords(), "qinghe"))


def test_a_fact_that_is_nowhere_has_words_of_its_own(material: CountyMaterial) -> None:
    nowhere = replace(material.total("H07"), lowest=Decimal(0), highest=Decimal(0))
    some = rolled_otherwise(material, totals={(2021, "H07"): nowhere})
    assert text_of(fact_range(some, material.scheme["H07"], CountWords("应对", none="未发生疫情"))) == "未发生疫情"


def test_a_broken_commitment_without_a_base_is_not_compared(material: CountyMaterial) -> None:
    row = replace(material.by_code["P05"], base=None, change_absolute=None)
    assert text_of(broken_clause(material, "返贫致贫", material.numbers_of(row))) == "发生返贫致贫2人（白水镇2人）"


def test_a_duty_names_who_did_not_return_it(material: CountyMaterial) -> None:
    total = material.total("M02")
    states = Counter({"done": total.asked - 1, "not_reported": 1})
    some = rolled_otherwise(
        material,
        totals={**material.rolled.totals, (2021, "M02"): replace(total, states=states)},
        missing={"M02": ["nanshan"]},
    )
    helpers = CountyHelpers(some)
    text = text_of(helpers.marks.take(helpers.duties("M02")))
    assert text.endswith("4个乡镇均按时完成（缺南山乡）。"), text


def test_one_indicator_with_outliers_has_no_others_beside_it(material: CountyMaterial) -> None:
    alone = rolled_otherwise(material, rates={"L02": material.rolled.rates["L02"]})
    (told,) = outliers_clauses(alone, 8)
    assert "其余" not in text_of(told)


def test_the_annex_names_who_still_owes_in_bounds(material: CountyMaterial) -> None:
    offices = tuple(f"{name}办公室" for name in "甲乙丙丁戊己")
    returned = [TownReturns("qinghe", 9, offices), TownReturns("liuping", 9, offices[:2])]
    annex = county_annex(replace(material, returned=returned))
    (owing,) = (b for b in annex.blocks if isinstance(b, Table) and b.caption == "上报情况")
    owed = [text_of(row[3]) for row in owing.rows]
    assert owed == ["甲办公室、乙办公室、丙办公室、丁办公室、戊办公室等6个部门", "甲办公室、乙办公室"]
