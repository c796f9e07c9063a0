"""What a page may load, recomputed from the page itself."""

import base64
import hashlib

import lxml.html


def policy_of(root: lxml.html.HtmlElement) -> str:
    """What a page's Content-Security-Policy says."""
    return root.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")


def strict_policy(root: lxml.html.HtmlElement) -> str:
    """What it should say: nothing but its own style and script, by their checksums, and pictures in the page."""
    (style,), scripts = root.xpath("//style/text()"), root.xpath("//script[not(@type)]/text()")
    rules = ["default-src 'none'", f"style-src {_checksum(style)}", "img-src data:"]
    rules += [f"script-src {_checksum(script)}" for script in scripts]
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _checksum(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
