"""The site's index: every report by year and town, newest first, and a search that needs no server."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from markupsafe import Markup

from analysis.figures.receipts.rendering import link, render
from analysis.running.site.model import COMPLETE, DRAFT, FINAL, Chosen
from analysis.running.site.reading import Told
from analysis.telling.edition import Edition

TEMPLATES = Path(__file__).with_name("templates")
GENERATOR = "township-report publish"
"""What an index says that it was made by."""
TONES = {FINAL: "good", COMPLETE: "note", DRAFT: "warning"}
LABELS = {"html": "网页", "pdf": "PDF", "docx": "Word"}


@dataclass(frozen=True, slots=True)
class File:
    """A file to open or to keep: its link, and the name to keep it under; a page is opened."""

    label: str
    link: Markup
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report in the index."""

    number: int
    chosen: Chosen
    told: Told
    town: str
    files: Sequence[File]
    receipts: Sequence[tuple[str, Sequence[File]]]

    @property
    def title(self) -> str:
        """The report's title, or what it is about."""
        return self.told.title or f"{self.town}{self.chosen.period.label}报告"


def index(reports: Sequence[tuple[Chosen, Told]], edition: Edition) -> str:
    """Make `index.html`, which needs nothing but itself.

    Args:
        reports: what is published, newest first, with what each report says of itself.
        edition: that is published; of the office's the page warns.
    """
    entries = _entries(reports)
    style = Markup(render("style.css.j2", TEMPLATES))
    script = Markup((TEMPLATES / "search.js").read_text(encoding="utf-8"))
    years = [(year, list(group)) for year, group in groupby(entries, key=lambda entry: entry.chosen.period.year)]
    towns: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.town):
        towns.setdefault(entry.town, []).append(entry)
    return render(
        "index.html.j2",
        TEMPLATES,
        entries=entries,
        years=years,
        towns=towns,
        states=[state for state in TONES if any(entry.chosen.state == state for entry in entries)],
        tones=TONES,
        office=edition == "office",
        style=style,
        script=script,
        generator=GENERATOR,
        data=searched(entries),
    )


def searched(entries: Sequence[Entry]) -> Markup:
    """The index that is searched: every indicator once, and of each report which it has, in the index's order."""
    known: dict[tuple[str, str, str], int] = {}
    rows = [[known.setdefault(each, len(known)) for each in entry.told.indicators] for entry in entries]
    return _json({"indicators": list(known), "reports": rows})


def _entries(reports: Sequence[tuple[Chosen, Told]]) -> list[Entry]:
    names = {chosen.town: _name(chosen, told) for chosen, told in reversed(reports)}
    shared = Counter(names.values())
    named = {town: name if shared[name] == 1 else f"{name}（{town}）" for town, name in names.items()}
    return [
        Entry(number, chosen, told, named[chosen.town], _files(chosen, told), _receipts(chosen))
        for number, (chosen, told) in enumerate(reports)
    ]


def _name(chosen: Chosen, told: Told) -> str:
    """What a town is called: what stands before the year in its report's title (…关于2021年…), else its folder's name."""
    before, year, _ = told.title.partition(f"{chosen.period.year}年")
    name = before.strip().removesuffix("关于")
    return name if year and name else chosen.town


def _files(chosen: Chosen, told: Told) -> list[File]:
    made = [(name.partition(".")[2], name) for name in chosen.files if "/" not in name]
    title = told.title or f"{chosen.town}{chosen.period}"
    return [
        File(LABELS[end], _link(chosen, name), "" if end == "html" else f"{title}.{end}")
        for end, name in made
        if end in LABELS
    ]


def _receipts(chosen: Chosen) -> list[tuple[str, Sequence[File]]]:
    listed: list[tuple[str, Sequence[File]]] = []
    for page in chosen.receipts:
        path = PurePosixPath(page)
        book = str(path.with_suffix(".xlsx"))
        files = [File("网页", _link(chosen, page))]
        if book in chosen.files:
            files.append(File("工作簿", _link(chosen, book), f"{path.stem}.xlsx"))
        listed.append((path.stem, files))
    return listed


def _link(chosen: Chosen, name: str) -> Markup:
    return link(*chosen.place.split("/"), *name.split("/"))


def _json(data: Mapping[str, Any]) -> Markup:
    """JSON that can't end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)
