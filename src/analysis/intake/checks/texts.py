"""Are the texts finished: no empty paragraph, no placeholder left in, none longer than the report can hold."""

from collections.abc import Iterator
from decimal import Decimal

from analysis.intake.checks.context import Context
from analysis.intake.checks.registry import Bound, Passed, Result, check, rule
from analysis.intake.fields import heading_of
from analysis.intake.found import Found, place_of

PARAGRAPH_EMPTY = rule("paragraph_empty", "text")
CATEGORY_EMPTY = rule("category_empty", "text")
PLACEHOLDER = rule("placeholder", "text")
TOO_LONG = rule("too_long", "text", bound=Bound(Decimal(1), whole=True, unit="字"))
TEXTS = ("paragraph", "note", "reason", "place", "answers")


@check
def paragraphs_are_written(context: Context) -> Iterator[Result]:
    """A row that answers a problem has its paragraph, and a paragraph without a code says what it is about."""
    for row in context.rows("text"):
        paragraph, category = row["paragraph"], row.get("category")
        if not paragraph.text:
            yield Found(PARAGRAPH_EMPTY, place_of(paragraph, heading_of("text", "paragraph")))
        elif paragraph.code is None and (category is None or category.text is None):
            value = category or paragraph
            if not context.unread(value):
                yield Found(CATEGORY_EMPTY, place_of(value, heading_of("text", "category")))
        else:
            yield Passed(PARAGRAPH_EMPTY)
            yield Passed(CATEGORY_EMPTY)


@check
def no_placeholder_is_left(context: Context) -> Iterator[Result]:
    """No xx, ×× or 待填 stands where words should."""
    named: set[tuple[str, str, str]] = set()
    for value in context.values:
        if value.field in TEXTS and value.text:
            found = context.words.placeholder(value.text)
            if found is None:
                yield Passed(PLACEHOLDER)
            else:
                heading = heading_of(value.table, value.field)
                yield Found(PLACEHOLDER, place_of(value, heading), {"found": found, "expected": "实际内容"})
        key = (value.table, value.code or "", value.item)
        if value.table in ("part", "project") and key not in named:
            named.add(key)
            found = context.words.placeholder(value.item)
            if found is not None:
                marks = {"found": found, "expected": "实际名称"}
                yield Found(PLACEHOLDER, place_of(value, heading_of(value.table, "item")), marks)


@check
def texts_are_not_too_long(context: Context) -> Iterator[Result]:
    """A paragraph or an explanation fits into the report."""
    most = int(context.value(TOO_LONG))
    for value in context.values:
        if value.field not in TEXTS or not value.text:
            continue
        if len(value.text) > most:
            marks = {"found": f"{len(value.text)}字", "expected": f"{most}字以内"}
            yield Found(TOO_LONG, place_of(value, heading_of(value.table, value.field)), marks)
        else:
            yield Passed(TOO_LONG)
