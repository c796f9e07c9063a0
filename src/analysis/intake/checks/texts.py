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
    for value, name, text in context.written():
        found = context.words.placeholder(text)
        if found is not None:
            marks = {"found": found, "expected": "实际名称" if name == "item" else "实际内容"}
            yield Found(PLACEHOLDER, place_of(value, heading_of(value.table, name)), marks)
        elif name != "item":
            yield Passed(PLACEHOLDER)


@check
def texts_are_not_too_long(context: Context) -> Iterator[Result]:
    """A paragraph or an explanation fits into the report."""
    most = int(context.value(TOO_LONG))
    for value, name, text in context.written():
        if name == "item":
            continue
        if len(text) > most:
            marks = {"found": f"{len(text)}字", "expected": f"{most}字以内"}
            yield Found(TOO_LONG, place_of(value, heading_of(value.table, name)), marks)
        else:
            yield Passed(TOO_LONG)
