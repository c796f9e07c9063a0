"""Settings of a Word document: how it breaks lines, and as which version of Word it is laid out."""

from __future__ import annotations

import re

from lxml import etree

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NAMESPACE}}}"

_CANNOT_BEGIN = "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
_CANNOT_END = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"

_COMPATIBILITY = "".join(
    f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
    for name, value in {
        "compatibilityMode": 15,  # without it Word opens the file as one of Word 2007
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
    }.items()
)


def units_of(markdown: str) -> str:
    r"""Return the characters after the numbers of a report's figures and dates, each once.

    Examples
    --------
    >>> units_of(r"投资[28460万元]{.figure}，增长[10\.2\%]{.figure}，提高[3\.1个百分点]{.figure}")
    '万个元分年日月点百'
    """
    figures = re.findall(r"\[([^\[\]]*)\]\{\.figure\}", markdown)
    units = {character for figure in figures for character in re.split(r"\d", figure)[-1] if character.isalpha()}
    units = {unit for unit in units if not unit.isascii()}
    return "".join(sorted(units | set("年月日") if units else units))


def finish_settings(settings: bytes, units: str) -> bytes:
    """Hold figures and their units together, as Word can: no line begins with a character of a unit.

    A joining character between the two would do it as well, but would stand in the text, and a search for “12万元”
    would miss it.
    """
    root = etree.fromstring(settings)
    spacing = root.find(f"{_W}characterSpacingControl")
    assert spacing is not None
    spacing.set(f"{_W}val", "compressPunctuation")
    rules = {"noLineBreaksBefore": _CANNOT_BEGIN + units, "noLineBreaksAfter": _CANNOT_END}
    for name, characters in rules.items():
        spacing.addnext(etree.Element(f"{_W}{name}", {f"{_W}lang": "zh-CN", f"{_W}val": characters}))
    language = root.find(f"{_W}themeFontLang")
    assert language is not None
    language.set(f"{_W}eastAsia", "zh-CN")
    if root.find(f"{_W}compat") is None:
        compatibility = f'<w:compat xmlns:w="{_NAMESPACE}"><w:useFELayout/>{_COMPATIBILITY}</w:compat>'
        # after the identifiers of editing sessions the schema has it no more
        before = root.find(f"{_W}rsids")
        (before if before is not None else language).addprevious(etree.fromstring(compatibility))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
