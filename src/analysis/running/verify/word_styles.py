"""What the styles of a Word file say that matters to its text: which are headings, which hide their text."""

import re
from dataclasses import dataclass

from lxml import etree

from analysis.running.verify.word_file import WordFile

HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str
    hidden: bool | None
    level: int | None


class Styles:
    """The styles of a file, by their ids."""

    def __init__(self, word: WordFile) -> None:
        self._styles: dict[str, _Style] = {}
        for part in word.parts("styles"):
            for element in part.iterchildren("{*}style"):
                base, name = element.find("{*}basedOn"), element.find("{*}name")
                self._styles[value(element, "styleId")] = _Style(
                    value(name), value(base), hidden_by(element.find("{*}rPr")), outline(element.find("{*}pPr"))
                )

    def hidden(self, style: str) -> bool | None:
        """Whether a style hides its text; None where it says nothing."""
        return next((found.hidden for found in self._chain(style) if found.hidden is not None), None)

    def level(self, style: str) -> int:
        """The level of a heading's style, from 1; 0 for any other."""
        for found in self._chain(style):
            if found.level is not None:
                return found.level
            match = HEADING_NAME.match(found.name)
            if match:
                return int(match[1])
        return 0

    def name(self, style: str) -> str:
        """The name of a style."""
        return self._styles[style].name if style in self._styles else style

    def _chain(self, style: str) -> list[_Style]:
        chain: list[_Style] = []
        while style in self._styles and len(chain) < MAX_DEPTH:  # a circle of styles ends somewhere
            chain.append(self._styles[style])
            style = chain[-1].base
        return chain


def value(element: etree._Element | None, attribute: str = "val") -> str:
    """An attribute in the element's own namespace; empty where there is none."""
    if element is None:
        return ""
    found = element.get(f"{{{etree.QName(element).namespace}}}{attribute}")
    return "" if found is None else str(found)


def switched(element: etree._Element | None) -> bool | None:
    """What a switch says: on without a value, off with `0`, `false` or `off`; None where it is not there."""
    if element is None:
        return None
    return value(element) not in ("0", "false", "off")


def hidden_by(properties: etree._Element | None) -> bool | None:
    """Whether run properties hide the text; None where they say nothing."""
    return None if properties is None else switched(properties.find("{*}vanish"))


def outline(properties: etree._Element | None) -> int | None:
    """The heading level that paragraph properties give, from 1; 0 says body text, None nothing."""
    given = value(properties.find("{*}outlineLvl")) if properties is not None else ""
    if not given.isdecimal():
        return None
    return int(given) + 1 if int(given) < 9 else 0
