"""How the receipts' pages are made of templates: all that is put into them is text, cleaned, bounded and escaped."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.intake.writing import clean

TEMPLATES = Path(__file__).with_name("templates")
LOOK = Path(__file__).parents[2] / "templates"
"""What these pages share with the report's, which is made by the exporter to HTML."""
LONGEST = 600
"""Characters of a text from a return that a page shows."""
MOST_ROWS = 1_000
"""Rows of one table or list that a page shows; the marked copy has them all."""


def render(template: str, own: Path = TEMPLATES, **data: Any) -> str:
    """Fill in a template of the folder `templates`, or of a folder of its own that builds upon those."""
    return _environment(own).get_template(template).render(data)


@cache
def _environment(own: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([own, TEMPLATES, LOOK]),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"link": link, "policy": policy, "day": day, "bounded": _bounded}
    environment.globals["most_rows"] = MOST_ROWS
    return environment


def _shown(value: object) -> object:
    """A text without control and direction characters, cut where it is too long; what is markup already stays."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    text = clean(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……"


def policy(style: str, script: str = "", *, attributes: bool = False) -> Markup:
    """The Content-Security-Policy of a page that needs nothing but itself: its style and script by their checksums.

    Args:
        style: what stands in its `style` element.
        script: what stands in its `script` element; none may run where there is none.
        attributes: whether elements may bring `style` attributes, as pictures that stand in a page do.
    """
    rules = ["default-src 'none'", f"style-src {_checksum(style)}", "img-src data:"]
    if attributes:
        rules.append("style-src-attr 'unsafe-inline'")
    if script:
        rules.append(f"script-src {_checksum(script)}")
    return Markup("; ".join([*rules, "base-uri 'none'", "form-action 'none'"]))


def _checksum(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def link(*steps: str) -> Markup:
    """A relative address that can't leave its folder, whatever a file is called: each step is percent-encoded whole."""
    return Markup("/".join(quote(step, safe="", errors="replace") for step in steps))


def day(value: date | str) -> str:
    """`2022年1月5日` of a date or its ISO text; another text stays as it is."""
    try:
        given = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return f"{given.year}年{given.month}月{given.day}日"


def _bounded(rows: Sequence[Any]) -> Sequence[Any]:
    return rows[:MOST_ROWS]
