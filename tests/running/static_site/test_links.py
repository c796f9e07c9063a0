"""A link that leads nowhere, or out of the site, is found; one that leads somewhere is let be."""

from analysis.running.site.inspection import dead_links
from analysis.running.site.reading import page_of, parsed

FILES = {"index.html", "reports/青禾 镇/2021/report.html", "reports/青禾 镇/2021/report.pdf"}


def dead(body: str, place: str = "index.html") -> dict[str, str]:
    other = '<p id="一、概况">x</p><a name="old"></a>'
    pages = {name: page_of(parsed(other.encode())) for name in FILES if name.endswith(".html")}
    pages[place] = page_of(parsed(f"<meta charset=utf-8><body id=here>{body}".encode()))
    return {link: wrong for _, link, wrong in dead_links(pages, FILES)}


def test_links_that_lead_somewhere() -> None:
    folder = "reports/%E9%9D%92%E7%A6%BE%20%E9%95%87/2021"
    good = ["#here", "#", "#top", "", "./index.html", "index.html?x=1#here", "data:image/png;base64,AA=="]
    good += [f"{folder}/report.html", f"{folder}/report.html#%E4%B8%80%E3%80%81%E6%A6%82%E5%86%B5"]
    good += [f"{folder}/report.html#一、概况", f"{folder}/report.html#old", f"{folder}/report.pdf#page=3"]
    assert dead("".join(f'<a href="{link}">x</a><img src="{link}">' for link in good)) == {}
    assert dead('<a href="../../../index.html">x</a>', "reports/青禾 镇/2021/report.html") == {}


def test_links_that_lead_nowhere() -> None:
    gone, nowhere, outside = "没有这个文件", "没有这个位置", "指向站点以外"
    bad = {
        "#gone": nowhere,
        "gone.html": gone,
        "Index.html": gone,
        "reports/": gone,
        "./": gone,
        "reports/%E9%9D%92%E7%A6%BE%20%E9%95%87/2021/report.html#gone": nowhere,
        "../other.html": outside,
        "/index.html": outside,
        "//example.com/x": outside,
        "https://example.com/": outside,
        "file:///x": outside,
        "javascript:alert(1)": outside,
        "http://[": "写法不对",
    }
    assert dead("".join(f'<a href="{link}">x</a>' for link in bad)) == bad


def test_pictures_forms_and_drawings_are_links_too() -> None:
    body = '<img src=a.png><form action=b></form><svg><use xlink:href="#c"/></svg><img srcset="d.png 2x">'
    assert set(dead(body)) == {"a.png", "b", "#c", "d.png"}
