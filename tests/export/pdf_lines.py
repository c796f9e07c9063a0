"""The lines of a PDF's type area."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pdfplumber

MM = 72 / 25.4


def opened(pdf: bytes) -> pdfplumber.PDF:
    return pdfplumber.open(io.BytesIO(pdf))


def lines_of(page: pdfplumber.page.Page) -> list[list[dict[str, Any]]]:
    """The lines of a page's type area, each as its characters from left to right."""
    bottom = page.height - (35 * MM if page.width < page.height else 26 * MM)
    characters = [c for c in page.chars if c["top"] < bottom]
    characters.sort(key=lambda c: (round(c["bottom"]), c["x0"]))
    return [list(line) for _, line in groupby(characters, key=lambda c: round(c["bottom"] / 3))]


@dataclass(frozen=True)
class Sheet:
    """A page as it is read: how it lies, and its lines of characters."""

    turned: bool
    lines: list[list[dict[str, Any]]]

    @property
    def texts(self) -> list[str]:
        return [text_of(line).strip() for line in self.lines]


def sheets_of(pdf: bytes) -> list[Sheet]:
    """All pages, read once."""
    with opened(pdf) as document:
        return [Sheet(page.width > page.height, lines_of(page)) for page in document.pages]


def text_of(line: list[dict[str, Any]]) -> str:
    return "".join(character["text"] for character in line)


def squeezed(pdf: bytes) -> str:
    with opened(pdf) as document:
        return re.sub(r"\s+", "", "".join(page.extract_text() for page in document.pages))
