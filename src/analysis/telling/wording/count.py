"""How a count is told (数量类指标): actual and change, an average where the scheme asks for one; and a fact, as it is."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.figures.exact import plain
from analysis.figures.model import Assessment
from analysis.figures.printed import average_text
from analysis.telling.spans import Figure, Spans, say
from analysis.telling.wording.change import change_clause, explanation, nothing_clause, percent_clause
from analysis.telling.wording.numbers import Numbers, sources
from analysis.telling.wording.words import gap, joined, led


@dataclass(frozen=True, slots=True)
class CountWords:
    """What a template says of a count or a fact: its lead, and the words for none at all."""

    lead: str = ""
    none: str = ""


def count_clause(
    numbers: Numbers, words: CountWords, turn: int, facts: dict[str, Spans] | None = None, average: Spans = ()
) -> Spans:
    """The clause of a count, without its full stop; `average` tells its average over another row."""
    row = numbers.row
    lead = words.lead or numbers.indicator.name
    if row.actual is None:
        return led(lead, gap(numbers), facts)
    if row.actual == 0 and words.none:
        return joined([say(words.none), nothing_clause(numbers)]) + explanation(numbers)
    percent, why = percent_clause(numbers), explanation(numbers)
    if percent and turn % 3 == 2 and not average and "{" not in lead:
        to = "增至" if row.change_state == "up" else "减至"
        name = numbers.indicator.name  # a lead that begins with a verb does not read before 由
        return say(name, f"由{numbers.last}的", numbers.base, to, numbers.actual, "，", percent, why)
    change = change_clause(numbers, turn, with_base=True)
    return joined([led(lead, numbers.actual, facts), change, average]) + why


def fact_clause(numbers: Numbers, words: CountWords) -> Spans:
    """A fact is told as it is, without rate or change."""
    lead = words.lead or numbers.indicator.name
    if numbers.row.actual == 0 and words.none:
        return say(words.none)
    if numbers.row.actual is None:
        return led(lead, gap(numbers))
    return led(lead, numbers.actual)


def average_clause(numbers: Numbers, per: Assessment | None, word: str) -> Spans:
    """The average of this row's amount over another row's count, `户均4.52万元`; empty where nothing was counted."""
    row = numbers.row
    if per is None or per.actual is None or row.actual is None:
        return ()
    text = average_text(row.actual, per.actual)
    if text is None:
        return ()
    exact = Fraction(row.actual) / Fraction(Decimal(per.actual))
    formula = f"{plain(row.actual)} ÷ {plain(per.actual)}"
    found = sources(row.actual_source, per.actual_source)
    return say(word, Figure(text, numbers.indicator.unit or "", row.code, "average", exact, found, formula))
