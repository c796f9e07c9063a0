"""`township-report check`: one workbook, looked at as a run would, and told to the clerk who received it."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from analysis import cli
from analysis.cli import exit_code
from analysis.intake.layout import HIDDEN_SHEET
from analysis.running.check import Checked, check_file, told
from analysis.scheme import Period


@pytest.fixture
def raw(root: Path, tmp_path: Path) -> Path:
    """Townships to which a return may belong: the example's facts without its returns."""
    town = tmp_path / "raw" / "qinghe"
    for period in ("2020", "2021"):
        (town / period).mkdir(parents=True)
        shutil.copy(root / "data/raw/qinghe" / period / "period.toml", town / period)
    shutil.copy(root / "data/raw/qinghe/2020/waivers.csv", town / "2020")
    shutil.copy(root / "data/raw/qinghe/town.toml", town)
    shutil.copytree(root / "data/raw/qinghe/targets", town / "targets")
    return tmp_path / "raw"


def received(root: Path, tmp_path: Path, name: str = "财政所", period: str = "2021") -> Path:
    """A return as it came by mail, under a name that says nothing."""
    path = tmp_path / "附件1.xlsx"
    shutil.copy(root / "data/raw/qinghe" / period / f"{name}.xlsx", path)
    return path


def edited(path: Path, sheet: str, cell: str, value: object) -> Path:
    workbook = openpyxl.load_workbook(path)
    workbook[sheet][cell] = value
    workbook.save(path)
    return path


def lines(checked: Checked) -> str:
    return "\n".join(line for _, line in told(checked))


def checked_by_command(path: Path, raw: Path, *more: str) -> int:
    return exit_code(["check", str(path), "--raw", str(raw), *more])


def test_a_clean_return_is_known_by_itself(
    root: Path, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = received(root, tmp_path)
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    assert checked_by_command(path, raw) == cli.DONE
    said = capsys.readouterr().out
    assert said.startswith("《附件1.xlsx》：青禾镇2021年，财政所（按隐藏标识页认出）\n错误0条，疑问0条，提示1条。")
    assert "可以采用，没有要答复的。" in said
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before


def test_an_error_is_told_with_cell_and_remedy(
    root: Path, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = edited(received(root, tmp_path), "指标", "F4", "约两千")
    assert checked_by_command(path, raw) == cli.GAPS
    said = capsys.readouterr().out
    assert re.search(r"^错误（1条），请部门改正后重报：\n  1\. “指标”表F4  .*约两千.*\n     办法：", said, re.MULTILINE)
    assert "要部门答复的有1条。" in said
    assert said.index("错误（") < said.index("提示（")
    assert checked_by_command(path, raw, "--json") == cli.GAPS
    found = json.loads(capsys.readouterr().out)
    assert (found["department"], found["period"], found["counts"]["error"]) == ("财政所", "2021", 1)
    assert found["findings"][0]["cell"] == "F4"
    assert found["findings"][0]["remedy"]


def test_what_a_waiver_covers_wants_no_answer(root: Path, raw: Path, tmp_path: Path) -> None:
    path = received(root, tmp_path, "应急管理办公室", "2020")
    checked = check_file(path, raw, root / "scheme")
    assert checked.period == Period(2020)
    assert len(checked.of("error")) == 1
    assert checked.answers_owed == 0
    assert "（已豁免）" in lines(checked)
    (raw / "qinghe/2020/waivers.csv").unlink()
    assert check_file(path, raw, root / "scheme").answers_owed == 1


def test_the_folder_says_the_period_before_the_workbook(root: Path, raw: Path) -> None:
    path = raw / "qinghe" / "2020" / "财政所.xlsx"
    shutil.copy(root / "data/raw/qinghe/2021/财政所.xlsx", path)
    checked = check_file(path, raw, root / "scheme")
    assert checked.period == Period(2020)
    assert "这份表不能用" in lines(checked)
    assert "本次收的是2020年" in lines(checked)


def test_a_second_return_of_the_folder_stands_in_the_way(root: Path, raw: Path) -> None:
    folder = raw / "qinghe" / "2021"
    first, second = folder / "一.xlsx", folder / "二.xlsx"
    shutil.copy(root / "data/raw/qinghe/2021/财政所.xlsx", first)
    shutil.copy(first, second)
    edited(second, "指标", "F4", 2300)
    checked = check_file(second, raw, root / "scheme")
    assert checked.refused is None
    assert checked.answers_owed == len(checked.beside) == 1
    assert "财政所报了2份表：一.xlsx、二.xlsx" in lines(checked)


def test_what_cannot_be_used_ends_with_one(
    root: Path, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "信.docx"
    letter.write_bytes(b"nothing that a spreadsheet program wrote")
    assert checked_by_command(letter, raw) == cli.FAILED
    assert "这份表不能用：文件不是 Excel 工作簿。\n    办法：" in capsys.readouterr().out
    assert checked_by_command(letter, raw, "--json") == cli.FAILED
    assert json.loads(capsys.readouterr().out)["refused"]["remedy"]
    other = edited(received(root, tmp_path), HIDDEN_SHEET, "B1", "渔政站")
    assert checked_by_command(other, raw) in (cli.DONE, cli.GAPS)  # edited by hand: known by what the form shows
    assert "财政所（按表中的填报单位认出）" in capsys.readouterr().out


def test_what_is_no_return_is_told_so_before_anything_is_asked(root: Path, raw: Path, tmp_path: Path) -> None:
    shutil.copytree(raw / "qinghe", raw / "liuhe")  # so that neither township nor period could be told
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["姓名", "电话"])
    workbook.save(tmp_path / "通讯录.xlsx")
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    for name, why in (("通讯录.xlsx", "没有一张认得出的表"), ("空.xlsx", "工作簿里没有任何内容")):
        checked = check_file(tmp_path / name, raw, root / "scheme")
        assert checked.refused is not None and why in checked.refused[0]


def test_what_it_cannot_tell_it_asks_for(root: Path, raw: Path, tmp_path: Path) -> None:
    scheme = root / "scheme"
    with pytest.raises(FileNotFoundError, match=r"没有 .*nowhere\.xlsx 这个文件"):
        check_file(tmp_path / "nowhere.xlsx", raw, scheme)
    plain = tmp_path / "自己的表.xlsx"
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["编码", "指标名称", "单位", "目标任务数", "完成数"])
    workbook.active.append(["E03", "一般公共预算支出", "万元", 2260, 2300])
    workbook.save(plain)
    with pytest.raises(ValueError, match=r"没有写报告期，请加 --period 说明是哪一期（2020、2021）"):
        check_file(plain, raw, scheme)
    checked = check_file(plain, raw, scheme, period=Period(2021))
    assert checked.department == "财政所"
    shutil.copytree(raw / "qinghe", raw / "liuhe")
    with pytest.raises(ValueError, match="没有写是哪个乡镇的。请加 --town 说明，可选：liuhe、qinghe"):
        check_file(plain, raw, scheme, period=Period(2021))
    with pytest.raises(ValueError, match="没有“x”这个乡镇"):
        check_file(plain, raw, scheme, "x", Period(2021))
    with pytest.raises(ValueError, match="还没有乡镇。请先用 township-report init"):
        check_file(plain, tmp_path / "none", scheme)


def test_the_township_is_known_by_its_name_among_others(root: Path, raw: Path, tmp_path: Path) -> None:
    shutil.copytree(raw / "qinghe", raw / "a")
    (raw / "a" / "town.toml").write_text(
        (raw / "qinghe/town.toml").read_text(encoding="utf-8").replace("青禾镇", "柳河镇"), encoding="utf-8"
    )
    assert check_file(received(root, tmp_path), raw, root / "scheme").town == "青禾镇"
    shutil.copytree(raw / "qinghe", raw / "qinghe-备份")
    with pytest.raises(
        ValueError, match=r"这份表写的是“青禾镇”，这里有几个。请加 --town 说明，可选：a、qinghe、qinghe-备份"
    ):
        check_file(received(root, tmp_path), raw, root / "scheme")


def test_what_cannot_be_read_is_told_as_the_return_that_it_is_said_to_be(root: Path, raw: Path, tmp_path: Path) -> None:
    path = tmp_path / "财政所.xlsx"
    path.write_bytes(b"PK\x03\x04 damaged")
    checked = check_file(path, raw, root / "scheme", "qinghe", Period(2021))
    assert (checked.town, checked.department) == ("青禾镇", "财政所")
    assert checked.refused is not None and "损坏" in checked.refused[0]
