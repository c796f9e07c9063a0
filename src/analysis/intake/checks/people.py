"""Do the texts leave people out: no number of an identity card, telephone or bank card, no name of a person.

What is found is told masked, so that findings and receipts don't spread it.
"""

from collections.abc import Iterator

from analysis.intake.checks.context import Context
from analysis.intake.checks.registry import NotEvaluated, Passed, Result, check, rule
from analysis.intake.fields import heading_of
from analysis.intake.found import Found, Place, place_of
from analysis.intake.personal import NAME, personal

PERSONAL_NUMBER = rule("personal_number", "text")
PERSON_NAMED = rule("person_named", "text", unless="考核方案没有 people.csv，不知道怎样认出姓名")


@check
def nobody_is_named(context: Context) -> Iterator[Result]:
    """A text names no person and holds none of a person's numbers, and neither does the name of a part or project."""
    for value, name, text in context.written():
        yield from _looked_at(context, place_of(value, heading_of(value.table, name)), text)


def _looked_at(context: Context, place: Place, text: str) -> Iterator[Result]:
    found = list(personal(text, context.scheme.people))
    numbers = list(dict.fromkeys(f"{each.kind}{each.masked}" for each in found if each.kind != NAME))
    names = list(dict.fromkeys(each.masked for each in found if each.kind == NAME))
    if numbers:
        yield Found(PERSONAL_NUMBER, place, {"found": "、".join(numbers)})
    else:
        yield Passed(PERSONAL_NUMBER)
    if names:
        yield Found(PERSON_NAMED, place, {"found": "、".join(names), "expected": names[0]})
    elif context.scheme.people:
        yield Passed(PERSON_NAMED)
    else:
        yield NotEvaluated(PERSON_NAMED)
