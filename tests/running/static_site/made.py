"""Tiny reports as runs leave them: a manifest, the three formats of each edition, receipts, and what must not leak."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Make = Callable[..., Path]
SECRET = "机密内部事项"
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="date" content="{date}">
<title>{title}</title></head><body><main><h1>{title}</h1>
<p><a href="#annex">附表</a>　共投入<span class="figure">123<span class="source">来源：财政所.xlsx</span></span>万元。{text}</p>
<table id="annex"><caption>表</caption><thead><tr><th>编码</th><th>指标</th></tr></thead><tbody>{rows}</tbody></table>
</main></body></html>"""


def row(code: str, name: str) -> str:
    return f'<tr id="{code}"><th scope="row"><a href="#{code}">{code}</a></th><td>{name}</td></tr>'


def page(title: str, rows: str, date: str, text: str = "") -> bytes:
    return PAGE.format(title=title, rows=rows, date=date, text=text).encode()


def digests(folder: Path) -> dict[str, Any]:
    return {
        path.relative_to(folder).as_posix(): {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
