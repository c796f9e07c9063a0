"""Charts: what is marked, what fits, what is told in words, and that bytes and looks stay the same."""

import base64
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from lxml import etree
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.text import Text
from PIL import Image

from analysis.figures.completion import STATE_NAMES
from analysis.telling.charts import (
    change_alt,
    change_chart,
    chart_bundle,
    completion_alt,
    completion_chart,
    grid_alt,
    grid_chart,
    parts_alt,
    parts_chart,
    svg_of,
    years_alt,
    years_chart,
)
from analysis.telling.charts.style import (
    BEHIND,
    DONE,
    FALL,
    MISSED,
    MISSING_GLYPH,
    OTHER,
    RISE,
    TALLEST,
    UNDER_WAY,
    WIDTH,
    Look,
    own_settings,
    printable,
    wrapped,
)

PICTURES = Path(__file__).parent / "pictures"
LONG = "城乡居民基本养老保险参保续保缴费人数总计"  # 20 characters

COMPLETION = pd.DataFrame(
    [
        ("全社会固定资产投资", 1.052, "105.2%", "exceeded"),
        ("争取项目资金", 1.0, "100.0%", "met"),
        ("一般公共预算支出", 0.9996, "99.96%", "missed"),
        ("发展党员", 1.21, "121.0%", "over_ceiling"),
        ("基础设施和污水管网竣工验收村", 0.64, "64.0%", "missed"),
        ("新增美丽庭院", 3.265, "326.5%", "exceeded"),
        (LONG, 1.03, "103.0%", "exceeded"),
    ],
    columns=["name", "rate", "label", "state"],
)
PART_OF_YEAR = pd.DataFrame(
    [
        ("农村改厕", 0.8, "80.0%", "on_track"),
        ("义务植树", 0.7, "70.0%", "behind"),
        ("信访件上限", 1.4, "140.0%", "within"),
        ("危房改造", -0.5, "-50.0%", "missed"),
        ("硬化道路", None, None, "not_reported"),
        ("新增就业", 1.1, "110.0%", "exceeded"),
    ],
    columns=["name", "rate", "label", "state"],
)
CHANGE = pd.DataFrame(
    [
        ("农村改厕", 9.0, "增长9倍"),
        ("全社会固定资产投资", 0.224, "增长22.4%"),
        ("受理信访件", -0.031, "下降3.1%"),
        ("新增就业岗位（项目带动）", -0.857, "下降85.7%"),
    ],
    columns=["name", "change", "label"],
)
PARTS = pd.DataFrame(
    [
        ("建成设施农业大棚（座）", "张家坪村", 12, "12"),
        ("建成设施农业大棚（座）", "李家湾村", 18, "18"),
        ("建成设施农业大棚（座）", "王家沟村", 0, "0"),
        ("建成设施农业大棚（座）", "其余各村", 5, "5"),
        ("村集体经济收益分红（万元）", "张家坪村", 1200.5, "1200.5"),
        ("村集体经济收益分红（万元）", "李家湾村", 830, "830"),
        ("村集体经济收益分红（万元）", "王家沟村", None, None),
        ("村集体经济收益分红（万元）", "其余各村", 300, "300"),
    ],
    columns=["name", "item", "amount", "label"],
)
GRID = pd.DataFrame(
    [
        *(
            (name, state, None, None, 0)
            for name, state in (("财政所", "已上报"), ("水利站", "已上报"), ("纪委", "未上报"))
        ),
        ("自然资源和生态环境办公室", "已上报", None, None, 0),
        ("农业农村办公室", "退回", None, None, 0),
        ("财政所", "已上报", "取值", "error", 3),
        ("财政所", "已上报", "取值", "note", 2),
        ("自然资源和生态环境办公室", "已上报", "取值", "note", 1),
        ("财政所", "已上报", "与上年和前期对照", "warning", 1200),
        ("农业农村办公室", "退回", "文件夹", "error", 1),
    ],
    columns=["department", "state", "kind", "severity", "count"],
)
YEARS = pd.DataFrame(
    [
        (name, year, value, None if value is None else str(value))
        for name, values in {
            "全社会固定资产投资（万元）": (12000, 13500, 16524),
            "义务植树（万株）": (2.1, 1.2, 2.4),
            "新增就业（人）": (820, 640, 305),
            "基础设施和污水管网竣工验收村（个）": (3, None, 5),
            "受理信访件（件）": (0, 12, 3),
        }.items()
        for year, value in zip((2019, 2020, 2021), values, strict=True)
    ],
    columns=["name", "year", "value", "label"],
)


def many(number: int, name: str = LONG, label: str = "1234.56%", state: str = "behind") -> pd.DataFrame:
    names = [f"{name[:-2]}{i:02d}" for i in range(number)]
    return pd.DataFrame({"name": names, "rate": 12.3456, "label": label, "state": state})


def villages(number: int, columns: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (f"{LONG[i:]}（万元）", f"第{j:02d}村", 10.0**j % 97, f"12345.{j:02d}")
            for i in range(columns)
            for j in range(number)
        ],
        columns=["name", "item", "amount", "label"],
    )


def findings(departments: int, kinds: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (f"自然资源和生态环境办公室{i:02d}", "已上报", f"与目标任务书对照{chr(0x4E00 + j)}", "error", 1000)
            for i in range(departments)
            for j in range(kinds)
        ],
        columns=["department", "state", "kind", "severity", "count"],
    )


def years_of(years: int, panels: int, label: str) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"{LONG[i:]}（万元）", 2017 + j, 100 - 9 * j, label) for i in range(panels) for j in range(years)],
        columns=["name", "year", "value", "label"],
    )


FAR = pd.DataFrame(
    {
        "name": ["甲", "乙", "丙", "丁", "戊"],
        "change": [370.0, 12.0, 0.2, 0.1, -0.3],
        "label": ["增长370倍", "增长12倍", "增长20.0%", "增长10.0%", "下降30.0%"],
    }
)
CHARTS: dict[str, Callable[[], Figure]] = {
    "completion": lambda: completion_chart(COMPLETION, "题"),
    "completion_part_of_year": lambda: completion_chart(PART_OF_YEAR, "题", 0.75),
    "change": lambda: change_chart(CHANGE, "题"),
    "parts": lambda: parts_chart(PARTS, "题"),
    "grid": lambda: grid_chart(GRID, "题"),
    "years": lambda: years_chart(YEARS, "题"),
}
EXTREMES: dict[str, Callable[[], Figure]] = {
    "one row": lambda: completion_chart(COMPLETION.iloc[:1], "题"),
    "thirty rows and a note": lambda: completion_chart(many(30), "题", 11 / 12, "另有30项没有画出，数字见附表。"),
    "thirty long names": lambda: completion_chart(many(30, LONG + LONG), "题", 0.5),
    "January": lambda: completion_chart(many(3), "题", 1 / 12),
    "thirty characters": lambda: completion_chart(many(12, LONG + LONG[:10]), "题", 0.5),
    "no rates": lambda: completion_chart(PART_OF_YEAR.iloc[4:5], "题"),
    "shortfall as an amount": lambda: completion_chart(many(5, label="差0.01万元", state="missed"), "题"),
    "long changes": lambda: change_chart(
        pd.DataFrame(
            {"name": [LONG, LONG[1:]], "change": [123.4, -0.9996], "label": ["增长12340.56%", "下降99.9996%"]}
        ),
        "题",
    ),
    "rises only": lambda: change_chart(CHANGE.iloc[:2].assign(name=["督查", "信访"]), "题"),
    "falls only": lambda: change_chart(CHANGE.iloc[2:].assign(name=["督查", "信访"]), "题"),
    "no change known": lambda: change_chart(
        pd.DataFrame({"name": ["督查"], "change": [None], "label": ["上年为零"]}), "题"
    ),
    "changes beyond the page": lambda: change_chart(FAR, "题", "上年基数较小的指标不列。"),
    "all zero": lambda: parts_chart(PARTS.iloc[:1].assign(amount=0, label="0"), "题"),
    "thirty villages, four wide columns": lambda: parts_chart(villages(30, 4), "题"),
    "an amount below zero": lambda: parts_chart(PARTS.assign(amount=-3, label="-3"), "题"),
    "one department, clean": lambda: grid_chart(GRID.iloc[1:2], "题"),
    "every kind of finding": lambda: grid_chart(findings(30, 12), "题"),
    "five years": lambda: years_chart(years_of(5, 9, "25836.5"), "题"),
    "five years, wide": lambda: years_chart(years_of(5, 3, "1234567.89"), "题"),
    "one panel": lambda: years_chart(YEARS.iloc[:3], "题"),
    "four panels": lambda: years_chart(YEARS.iloc[:12], "题"),
    "one year": lambda: years_chart(YEARS[YEARS["year"] == 2021], "题"),
    "below zero": lambda: years_chart(YEARS.iloc[:3].assign(value=[-5, 3, 10], label=["-5", "3", "10"]), "题"),
    "wide labels": lambda: years_chart(YEARS.assign(label="1234567.89"), "题"),
}
every_chart = pytest.mark.parametrize("draw", [*CHARTS.values(), *EXTREMES.values()], ids=[*CHARTS, *EXTREMES])


def texts_of(figure: Figure) -> list[Text]:
    return [text for text in figure.axes[0].texts if text.get_text()]


def polygons_of(figure: Figure) -> list[Polygon]:
    return [artist for artist in figure.axes[0].get_children() if isinstance(artist, Polygon)]


def picture_of(figure: Figure) -> Image.Image:
    data, _ = chart_bundle(figure, "题", "替")
    return Image.open(BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")


@every_chart
def test_text_lies_inside_and_apart(draw: Callable[[], Figure]) -> None:
    figure = draw()
    with own_settings():
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts_of(figure)]
    for text, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0, text
        assert box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height, text
    for (text, box), (other, other_box) in combinations(boxes, 2):
        across = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
        down = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
        # Boxes of lines include the face's room above and below the letters.
        assert across <= 0 or down <= 0.25 * min(box.height, other_box.height), (text, other)


@every_chart
def test_every_character_has_a_glyph(draw: Callable[[], Figure]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg_of(draw())


@every_chart
def test_one_width_and_no_title_inside(draw: Callable[[], Figure]) -> None:
    figure = draw()
    width, height = figure.get_size_inches() * 25.4
    assert width == pytest.approx(WIDTH)
    assert height <= TALLEST + 0.01
    assert figure.get_label() == "题"
    assert "题" not in [text.get_text() for text in texts_of(figure)]


def test_missed_is_marked_by_hatch_and_by_word() -> None:
    figure = completion_chart(COMPLETION, "题")
    hatched = [polygon for polygon in polygons_of(figure) if polygon.get_hatch()]
    words = [text for text in texts_of(figure) if text.get_text() == "未完成"]
    assert len(hatched) == len(words) == 2
    for polygon, word in zip(hatched, words, strict=True):
        ys = polygon.get_xy()[:, 1]
        assert ys.min() < word.get_position()[1] < ys.max() + 1


def test_behind_is_marked_unlike_missed_and_a_negative_rate_has_no_bar() -> None:
    behind = [p.get_hatch() for p in polygons_of(completion_chart(PART_OF_YEAR, "题", 0.75)) if p.get_hatch()]
    missed = [p.get_hatch() for p in polygons_of(completion_chart(COMPLETION, "题")) if p.get_hatch()]
    assert len(behind) == 1
    assert behind[0] not in missed
    shown = [text.get_text() for text in texts_of(completion_chart(PART_OF_YEAR, "题", 0.75))]
    assert {"落后序时进度", "控制数以内", "未上报", "未完成", "-50.0%"} <= set(shown)


def test_a_rate_far_above_is_cut_with_a_point_and_its_real_label() -> None:
    figure = completion_chart(COMPLETION, "题")
    pointed = [polygon for polygon in polygons_of(figure) if len(polygon.get_xy()) == 6]
    assert len(pointed) == 1
    assert "326.5%" in [text.get_text() for text in texts_of(figure)]


def test_only_outlying_changes_are_cut() -> None:
    def cut(*changes: float) -> list[bool]:
        frame = pd.DataFrame({"name": "甲", "change": changes, "label": "增长"})
        bars = [
            p for p in polygons_of(change_chart(frame, "题")) if p.get_zorder() == 1.0 and p.get_facecolor()[0] < 0.9
        ]
        return [len(bar.get_xy()) == 6 for bar in bars]

    assert cut(9.0, 0.2, -0.1) == [True, False, False]
    assert cut(1.5, 0.2, -0.1) == [False, False, False]  # half as long again as the year before fits the page
    assert cut(2.0, 1.8, 1.5, -0.5) == [False] * 4  # most are large
    assert cut(9.0) == [False]


def test_a_bar_that_is_cut_is_longer_than_all_that_are_not() -> None:
    frame = pd.DataFrame({"name": "甲", "change": [40.0, 1.9, 0.2, 0.1], "label": ["增长40倍", *["增长"] * 3]})
    bars = [p.get_xy() for p in polygons_of(change_chart(frame, "题")) if p.get_zorder() == 1.0 and len(p.get_xy()) > 4]
    lengths = {len(xy): np.ptp(xy[:, 0]) for xy in reversed(bars) if np.ptp(xy[:, 0]) > 5}
    assert lengths[6] > lengths[5]


def test_the_village_with_most_is_the_darkest_and_the_rest_is_drawn_back() -> None:
    bars = [p for p in polygons_of(parts_chart(PARTS.iloc[:4], "题")) if p.get_zorder() == 1.0]
    # A village without anything has no bar.
    assert [bar.get_facecolor()[:3] for bar in bars] == [to_rgb(look.fill) for look in (UNDER_WAY, DONE, OTHER)]


def test_a_grid_tells_what_is_wrong_without_colour() -> None:
    figure = grid_chart(GRID, "题")
    shown = [text.get_text() for text in texts_of(figure)]
    assert {"5", "1", "999+", "没有问题", "未上报", "退回", "有错误", "有疑问", "只有提示"} <= set(shown)
    assert shown.count("没有问题") == 1  # not of one that has not returned
    cells = {p.get_facecolor()[:3] for p in polygons_of(figure) if p.get_zorder() == 1.0}
    greys = sorted(np.dot(colour, (0.299, 0.587, 0.114)) for colour in cells)
    assert greys[1] - greys[0] > 0.4  # an error is the dark one in grey print; doubts and notes differ by their edge


@every_chart
def test_a_light_plate_lies_under_everything(draw: Callable[[], Figure]) -> None:
    assert draw().get_facecolor() == (1.0, 1.0, 1.0, 1.0)


def test_what_belongs_together_keeps_apart_in_grey_and_for_the_colour_blind() -> None:
    """Fillings that stand side by side differ in lightness, or one of them is hatched."""

    def lightness(look: Look) -> float:
        return float(np.dot(to_rgb(look.fill), (0.2126, 0.7152, 0.0722)))

    beside = [(DONE, UNDER_WAY), (DONE, MISSED), (UNDER_WAY, MISSED), (UNDER_WAY, BEHIND), (RISE, FALL), (DONE, OTHER)]
    for one, other in beside:
        assert abs(lightness(one) - lightness(other)) > 0.2 or one.hatch != other.hatch
    assert len({look.hatch for look in (DONE, MISSED, BEHIND)}) == 3


def test_line_is_broken_where_a_year_is_missing() -> None:
    axes = years_chart(YEARS.iloc[9:12], "题").axes[0]
    line = next(line for line in axes.lines if line.get_marker() == "o")
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
    assert "数据暂缺" in [text.get_text() for text in axes.texts]


def test_text_is_never_markup_and_unknown_characters_are_marked() -> None:
    frame = PARTS.iloc[:4].assign(item=["$x^2$村", "<b>&村", "甲\n乙\t村", "\U0001f600\x00村"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = parts_chart(frame, "题")
        svg = chart_bundle(figure, "题", "替")[0]["image/svg+xml"]
    shown = [text.get_text() for text in texts_of(figure)]
    assert {"$x^2$村", "<b>&村", "甲 乙 村", f"{MISSING_GLYPH * 2}村"} <= set(shown)
    assert etree.fromstring(svg.encode()).tag.endswith("svg")
    assert "<b>" not in svg
    assert "\U0001f600" in parts_alt(frame)


@pytest.mark.parametrize("room", [20.0, 40.0, 66.0])
def test_wrapping_loses_nothing(room: float) -> None:
    name = "新增就业岗位（项目带动）和基础设施（含污水管网）竣工验收村"
    lines = wrapped(name, room, 9.0)
    assert "".join(lines) == printable(name)
    assert not any(line.startswith("）") for line in lines)


def test_alternative_texts() -> None:
    assert completion_alt(COMPLETION) == (
        "条形图，比较各项指标的完成率，竖线为目标。"
        "未完成的有一般公共预算支出99.96%、基础设施和污水管网竣工验收村64.0%；超出上限的有发展党员121.0%；"
        f"超额完成的有全社会固定资产投资105.2%、新增美丽庭院326.5%、{LONG}103.0%；完成的有争取项目资金100.0%。"
    )
    assert completion_alt(PART_OF_YEAR, "75.0%") == (
        "条形图，比较各项指标的完成率，竖线为目标和序时进度（75.0%）。"
        "未完成的有危房改造-50.0%；落后序时进度的有义务植树70.0%；超额完成的有新增就业110.0%；"
        "达到序时进度的有农村改厕80.0%；控制数以内的有信访件上限140.0%；未上报的有硬化道路。"
    )
    assert change_alt(CHANGE) == (
        "条形图，比较各项指标的同比变化，中线右侧为增长，左侧为下降。"
        "农村改厕增长9倍，全社会固定资产投资增长22.4%，受理信访件下降3.1%，新增就业岗位（项目带动）下降85.7%。"
    )
    assert parts_alt(PARTS) == (
        "条形图，比较各部分的数量。建成设施农业大棚（座）：张家坪村12，李家湾村18，王家沟村0，其余各村5；"
        "村集体经济收益分红（万元）：张家坪村1200.5，李家湾村830，其余各村300。"
    )
    assert grid_alt(GRID) == (
        "方格图，一行一个部门，一列一类审核问题，格中是条数。财政所已上报，取值5条（有错误）、与上年和前期对照1200条（有疑问）；"
        "水利站已上报，没有问题；纪委未上报；自然资源和生态环境办公室已上报，取值1条（只有提示）；农业农村办公室退回，文件夹1条（有错误）。"
    )
    assert years_alt(YEARS.iloc[6:12]) == (
        "折线图，分别表示各项指标历年的数值。新增就业（人）：2019年820、2020年640、2021年305；"
        "基础设施和污水管网竣工验收村（个）：2019年3、2020年数据暂缺、2021年5。"
    )


def test_alternative_texts_make_no_number_of_their_own() -> None:
    rows = pd.DataFrame({"name": "甲", "rate": 1.0, "label": "乙", "state": list(STATE_NAMES)})
    told = [
        completion_alt(rows, "丙"),
        change_alt(pd.DataFrame({"name": "甲", "change": [9.0, -1.0, None], "label": "乙"})),
        parts_alt(pd.DataFrame({"name": ["甲"], "item": ["丙"], "amount": [3], "label": ["乙"]})),
        years_alt(pd.DataFrame({"name": ["甲"], "year": [2021], "value": [3], "label": ["乙"]})).replace("2021年", ""),
    ]
    for text in told:
        for state in STATE_NAMES.values():
            text = text.replace(state, "")  # noqa: PLW2901
        assert not re.search(r"[0-9〇零一二两三四五六七八九十百千万亿半双]", text), text


def test_unfit_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        completion_chart(COMPLETION.iloc[:0], "题")
    with pytest.raises(ValueError, match="label"):
        change_chart(CHANGE.drop(columns="label"), "题")
    with pytest.raises(ValueError, match="unknown states"):
        completion_chart(COMPLETION.assign(state="great"), "题")
    with pytest.raises(ValueError, match="two values"):
        years_chart(pd.concat([YEARS, YEARS.iloc[:1]]), "题")
    with pytest.raises(ValueError, match="two amounts"):
        parts_chart(pd.concat([PARTS, PARTS.iloc[:1]]), "题")
    with pytest.raises(ValueError, match="no room"):
        parts_chart(villages(1, 5), "题")
    with pytest.raises(ValueError, match="unknown severity"):
        grid_chart(GRID.assign(severity="bad"), "题")


def test_bundle() -> None:
    data, metadata = chart_bundle(CHARTS["parts"](), "各村完成情况", "替代文字")
    assert list(data) == ["image/svg+xml", "image/png", "text/plain"]
    assert data["text/plain"] == "各村完成情况"
    assert metadata == {"gongwen": {"role": "chart", "title": "各村完成情况", "alt": "替代文字"}}
    svg = data["image/svg+xml"]
    assert "<text" not in svg and "<image" not in svg and "date" not in svg and "clip-path" not in svg
    picture = Image.open(BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width == int(WIDTH / 25.4 * 200)
    assert set(picture.info) == {"dpi"}


@pytest.mark.parametrize("name", CHARTS)
def test_same_bytes_twice(name: str) -> None:
    first, second = CHARTS[name](), CHARTS[name]()
    assert chart_bundle(first, "题", "替") == chart_bundle(second, "题", "替") == chart_bundle(first, "题", "替")


def test_same_bytes_in_another_process_whatever_its_settings(tmp_path: Path) -> None:
    code = (
        "import hashlib, pandas as pd; from analysis.telling.charts import chart_bundle, completion_chart;"
        "f = pd.DataFrame({'name': ['甲', '乙'], 'rate': [.9, 1.2], 'label': '丙', 'state': ['missed', 'exceeded']});"
        "import sys; assert 'matplotlib.pyplot' not in sys.modules;"  # it would choose a backend for the notebook
        "print(hashlib.sha256(repr(chart_bundle(completion_chart(f, '题', 0.5), '题', '替')).encode()).hexdigest())"
    )
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 20\nlines.antialiased: False\nsavefig.bbox: tight\nsvg.fonttype: none\n"
    )
    digests = set()
    for seed, folder, zone in (("1", Path.cwd(), "UTC"), ("2", tmp_path, "Asia/Shanghai")):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        }
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_settings_of_the_caller_stay() -> None:
    with mpl.rc_context({"font.size": 17.0, "svg.hashsalt": "mine"}):
        before = dict(mpl.rcParams)
        chart_bundle(CHARTS["parts"](), "题", "替")
        assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", CHARTS)
def test_looks_as_kept(name: str) -> None:
    """Compare with the kept picture, in half size: set UPDATE_PICTURES=1 to keep a new one, after looking at it."""
    drawn = picture_of(CHARTS[name]())
    drawn = drawn.resize((drawn.width // 2, drawn.height // 2), Image.Resampling.BOX)
    kept = PICTURES / f"{name}.png"
    if os.environ.get("UPDATE_PICTURES"):
        drawn.quantize(64, dither=Image.Dither.NONE).save(kept, optimize=True)
    expected = Image.open(kept).convert("RGB")
    assert drawn.size == expected.size
    difference = np.abs(np.asarray(drawn, dtype=float) - np.asarray(expected, dtype=float))
    # Other versions of FreeType move the edges of letters a little; a moved bar or a lost hatch is far beyond.
    assert difference.mean() < 1.5
    assert (difference.max(axis=2) > 100).mean() < 0.002
