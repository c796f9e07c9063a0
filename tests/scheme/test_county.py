"""The county's facts: whose townships, when it reports, what is said of a mistake."""

from pathlib import Path

import pytest

from analysis.scheme import Period, SchemeError
from analysis.scheme.county import only_county, read_county

YEAR = Period(2021)
FACTS = 'name = "云川县"\naddressee = "云川县人民政府"\nsignature = "云川县考核办"\n'
DATES = '[report_dates]\n"2021" = 2022-01-20\n'


def write(raw: Path, text: str, name: str = "云川县") -> None:
    (raw / f"{name}.toml").write_text(text, encoding="utf-8")


def town(raw: Path, folder: str, name: str, county: str) -> None:
    (raw / folder).mkdir()
    facts = f'name = "{name}"\ncounty = "{county}"\naddressee = "甲"\nsignature = "乙"\n'
    (raw / folder / "town.toml").write_text(facts, encoding="utf-8")


def test_the_list_of_the_county_says_who_has_to_return(tmp_path: Path) -> None:
    write(tmp_path, FACTS + DATES + '[townships]\nb = "乙镇"\na = "甲镇"\n')
    county = read_county(tmp_path, "", YEAR)
    assert [(one.folder, one.name) for one in county.townships] == [("b", "乙镇"), ("a", "甲镇")]
    assert county.report_date.isoformat() == "2022-01-20"
    assert not county.left_out and not read_county(tmp_path, "云川县", YEAR, "甲镇、b").left_out
    some = read_county(tmp_path, "云川县", YEAR, "甲镇")
    assert some.townships == county.townships and some.left_out == {"b"}


def test_without_a_list_the_townships_name_their_county(tmp_path: Path) -> None:
    write(tmp_path, FACTS + DATES)
    town(tmp_path, "qinghe", "青禾镇", "云川县")
    town(tmp_path, "away", "外镇", "邻县")
    assert [one.name for one in read_county(tmp_path, "云川县", YEAR).townships] == ["青禾镇"]


@pytest.mark.parametrize(
    ("facts", "towns", "said"),
    [
        (FACTS + '[report_dates]\n"2020" = 2021-01-20\n', "", "没有 2021 的报告日期"),
        (FACTS + DATES, "", "没有属于云川县的乡镇"),
        (FACTS + DATES + '[townships]\na = "甲镇"\nb = "甲镇"\n', "", "都叫“甲镇”"),
        (FACTS + DATES + '[townships]\n"../a" = "甲镇"\n', "", "不是文件夹的名称"),
        (FACTS + DATES + '[townships]\na = "甲镇"\n', "c", "没有“c”这个乡镇"),
        (DATES, "", "缺少这一项"),
        ("name =", "", "写法有误"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(facts: str, towns: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, facts)
    with pytest.raises(SchemeError, match=said):
        read_county(tmp_path, "云川县", YEAR, towns)


def test_which_county_has_to_be_clear(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="没有县的情况文件"):
        only_county(tmp_path)
    write(tmp_path, FACTS + DATES)
    assert only_county(tmp_path) == "云川县"
    write(tmp_path, FACTS + DATES, "邻县")
    with pytest.raises(SchemeError, match="有几个县：云川县、邻县"):
        read_county(tmp_path, "", YEAR)
    with pytest.raises(SchemeError, match="只写名称，不写路径"):
        read_county(tmp_path, "../云川县", YEAR)
