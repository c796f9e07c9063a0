"""The words that returns may use, as `synonyms.csv` lists them beside those that the blank form prints."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from analysis.intake.fields import CHOICE_GROUPS, CHOICES
from analysis.intake.layout import INSTRUCTIONS, SHEETS, SUBMITTER, Sheet
from analysis.intake.writing import narrow, plain, words_only
from analysis.scheme import Scheme, SchemeProblem, Synonym

ZERO, NOTHING, ASK, PLACEHOLDER, SAYS_NOTHING = "零", "空", "问", "占位", "空话"
MARKS = (ZERO, NOTHING, ASK, PLACEHOLDER, SAYS_NOTHING)
"""What a mark can mean: zero; no figure here; ask; left to be filled in; an explanation that explains nothing."""
ANY_BASE = "数量"
"""The meaning of a bare multiplier: 万, 亿."""
LONGEST_HEADING, MOST_HEADINGS = 60, 20_000
"""A longer text is a remark or a row, and no heading."""
LONGEST_LABELLED = 500
"""As far as labels are looked for within a text."""
_IN_BRACKETS = re.compile(r"\([^()]{1,8}\)$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_TWO_CROSSES = re.compile(r"[xX×✕]{2,}")


class Words:
    """What is written in returns → what it means."""

    def __init__(self, synonyms: Sequence[Synonym], units: Collection[str] = ()) -> None:
        self._meanings: dict[str, dict[str, list[Synonym]]] = defaultdict(lambda: defaultdict(list))
        for synonym in synonyms:
            self._meanings[synonym.group][plain(synonym.written)].append(synonym)
        self._multipliers: Mapping[str, Decimal] = {
            synonym.written: synonym.factor or Decimal(1)
            for synonym in synonyms
            if synonym.group == "unit" and synonym.meaning == ANY_BASE
        }
        self._units = {plain(unit) for unit in units} | {s.meaning for s in synonyms if s.group == "unit"} | {"%"}
        self._known_headings: dict[tuple[str, str], tuple[str, str | None, bool] | None] = {}
        self._headings = {sheet.table: {plain(c.heading): c.field for c in sheet.columns} for sheet in SHEETS}
        self._bare_headings = {
            table: {re.sub(r"\(.+\)$|%$", "", heading): name for heading, name in headings.items()}
            for table, headings in self._headings.items()
        }
        self._labels = self._submitter_labels()
        names = "|".join(sorted((r"\s*".join(map(re.escape, name)) for name in self._labels), key=len, reverse=True))
        label = rf"(?<![^\s,;、。(])({names})\s*(?:\([^()]{{1,8}}\)\s*)?:"
        self._inline = re.compile(rf"{label}\s*(.*?)(?=\s*{label.replace('(' + names, '(?:' + names)}|$)", re.DOTALL)
        self._placeholders = [s.written for s in synonyms if s.group == "mark" and s.meaning == PLACEHOLDER]

    def sheet(self, title: str) -> Sheet | None:
        """The sheet of the layout that a tab's title names."""
        meaning = self._meaning("sheet", plain(title)) or plain(title)
        return next((sheet for sheet in SHEETS if plain(sheet.title) == meaning), None)

    def heading(self, sheet: Sheet, text: str) -> tuple[str, str | None, bool] | None:
        """What a heading of a sheet is.

        Returns:
            The field, the unit in brackets where the heading has one of its own, and whether it is the printed heading;
            None where it is none of the sheet's.
        """
        if len(text) > LONGEST_HEADING:
            return None
        key = (sheet.table, text)
        if key not in self._known_headings:
            if len(self._known_headings) > MOST_HEADINGS:
                self._known_headings.clear()
            self._known_headings[key] = self._heading(sheet, plain(text))
        return self._known_headings[key]

    def _heading(self, sheet: Sheet, written: str) -> tuple[str, str | None, bool] | None:
        by_heading = self._headings[sheet.table]
        if written in by_heading:
            return by_heading[written], None, True
        field = by_heading.get(plain(self._meaning("header", written, sheet.title) or ""))
        if field is not None:
            return field, None, False
        match = re.fullmatch(r"(.+?)[(\[](.+)[)\]]", written)
        if match is None:
            return None
        field = self._bare_headings[sheet.table].get(match[1]) or by_heading.get(
            plain(self._meaning("header", match[1], sheet.title) or "")
        )
        if field is None:
            return None
        return field, match[2] if self._is_unit(match[2]) else None, False

    def submitter_label(self, text: str) -> str | None:
        """The field of the first sheet that a label names: 填报单位, 填报人（签字）：, 经办人 …"""
        if len(text) > LONGEST_HEADING:
            return None
        return self._labels.get(_IN_BRACKETS.sub("", plain(text).rstrip(":")))

    def labelled(self, text: str) -> Iterator[tuple[str, str]]:
        """What is filled in within one text behind labels and colons, 填报单位：财政所　填报人：张三; by field."""
        written = narrow(text[:LONGEST_LABELLED])
        if ":" in written:
            for match in self._inline.finditer(written):
                yield self._labels[plain(match[1])], match[2]

    def _submitter_labels(self) -> dict[str, str]:
        fields = {plain(label): field for field, label in SUBMITTER}
        written = (*fields, *self._meanings["header"])
        return {
            name: field
            for name in written
            if (field := fields.get(name) or fields.get(plain(self._meaning("header", name, INSTRUCTIONS) or "")))
        }

    def mark(self, text: str, *about: str) -> str | None:
        """What a mark means in a column (by its heading) or for a kind of indicator, the first of `about` that is listed.

        A mark listed without kinds means the same everywhere.
        """
        synonyms = self._meanings["mark"].get(plain(text), ())
        for name in about:
            for synonym in synonyms:
                if name in synonym.kinds:
                    return synonym.meaning
        return next((synonym.meaning for synonym in synonyms if not synonym.kinds), ASK if synonyms else None)

    def choice(self, field: str, text: str) -> str | None:
        """The choice that a text names, as the layout writes it."""
        written = plain(text)
        meaning = self._meaning(CHOICE_GROUPS[field], written) or written
        return meaning if meaning in CHOICES[field] else None

    def factor(self, typed: str, expected: str) -> Decimal | None:
        """By what a figure in the typed unit is multiplied to be one in the expected unit; None where it can't be."""
        typed_base, typed_factor = self._unit(plain(typed))
        base, factor = self._unit(plain(expected))
        if typed_base not in (base, ANY_BASE):
            return None
        return typed_factor / factor

    def _is_unit(self, text: str) -> bool:
        base, _ = self._unit(text)
        return base in self._units or text in self._units

    def _unit(self, unit: str) -> tuple[str, Decimal]:
        for synonym in self._meanings["unit"].get(unit, ()):
            return synonym.meaning, synonym.factor or Decimal(1)
        multiplier = self._multipliers.get(unit[:1])
        if multiplier is not None and len(unit) > 1:
            base, factor = self._unit(unit[1:])
            return base, multiplier * factor
        return unit, Decimal(1)

    def explains(self, text: str | None) -> bool:
        """Whether an explanation says anything: 核实无误, 无 and 情况属实 don't, nor does 123."""
        said = words_only(text or "")
        return _CHINESE.search(said) is not None and self.mark(said, "说明") is None

    def placeholder(self, text: str) -> str | None:
        """The first placeholder left in a text: xx, ××, 待填."""
        written = narrow(text)
        crosses = _TWO_CROSSES.search(written)
        if crosses:
            return crosses[0]
        return next((word for word in self._placeholders if word in written), None)

    def _meaning(self, group: str, written: str, kind: str | None = None) -> str | None:
        synonyms = self._meanings[group].get(written, ())
        for synonym in synonyms:
            if kind is not None and kind in synonym.kinds:
                return synonym.meaning
        return next((synonym.meaning for synonym in synonyms if not synonym.kinds), None)


@lru_cache(maxsize=8)
def _words(synonyms: tuple[Synonym, ...], units: frozenset[str]) -> Words:
    return Words(synonyms, units)


def words_of(scheme: Scheme) -> Words:
    """The words of a scheme, made once."""
    return _words(scheme.synonyms, frozenset(indicator.unit for indicator in scheme.indicators if indicator.unit))


def synonym_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    """Rows of `synonyms.csv` whose meaning nothing knows, so that they would never be used."""
    known: Mapping[str, Sequence[str]] = {
        "sheet": [sheet.title for sheet in SHEETS],
        "header": [
            *(column.heading for sheet in SHEETS for column in sheet.columns),
            *(label for _, label in SUBMITTER),
        ],
        "mark": MARKS,
        **{group: CHOICES[field] for field, group in CHOICE_GROUPS.items()},
    }
    for synonym in scheme.synonyms:
        meanings = known.get(synonym.group)
        if meanings is not None and synonym.meaning not in meanings:
            yield SchemeProblem(
                "scheme/synonyms.csv",
                0,
                "meaning",
                f"“{synonym.written}”那一行的“{synonym.meaning}”没有这样的含义",
                f"请改为以下之一：{'、'.join(dict.fromkeys(meanings))}",
            )
