"""What a document says about itself: title, language, date, author."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.export.errors import ExportError

FACTS_MIME = "application/vnd.gongwen+json"
"""The MIME type of the one display in which a report notebook tells these facts."""

_FIXED_DATE = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class DocumentFacts:
    """The facts of a document that stand outside its text.

    ``title`` may hold line feeds, where its author wants the printed title broken.
    """

    title: str
    date: datetime.date
    lang: str = "zh-CN"
    author: str = ""
    draft: bool = False
    is_report: bool = False

    @property
    def plain_title(self) -> str:
        """The title on one line, for properties and outlines."""
        return "".join(self.title.splitlines())

    @property
    def timestamp(self) -> datetime.datetime:
        """Midnight of the document's date, the only time that an exported file carries."""
        return datetime.datetime.combine(self.date, datetime.time(), tzinfo=datetime.UTC)

    @classmethod
    def from_display(cls, data: object) -> DocumentFacts:
        """Read the facts that a report notebook displays."""
        where = f"notebook 输出 {FACTS_MIME}"
        if not isinstance(data, Mapping):
            raise ExportError("报告的基本信息不是键值对", where, "请重新运行报告 notebook")
        title = str(data.get("title") or "").strip()
        if not title:
            raise ExportError("报告没有标题", f"{where} 的 title", "请在基本信息中填写标题")
        try:
            date = datetime.date.fromisoformat(str(data["date"]))
        except (KeyError, ValueError) as error:
            raise ExportError(
                f"报告日期缺失或不是 YYYY-MM-DD：{data.get('date')!r}", f"{where} 的 date", "请填写成文日期"
            ) from error
        return cls(
            title=title,
            date=date,
            lang=str(data.get("lang") or "zh-CN"),
            author=str(data.get("author") or ""),
            draft=bool(data.get("draft", False)),
            is_report=True,
        )

    @classmethod
    def of_ordinary_notebook(cls, metadata: Mapping[str, Any], name: str) -> DocumentFacts:
        """Facts of a notebook that tells none: its title or file name, and a date that is never the clock's."""
        authors = [str(author.get("name", "")) for author in metadata.get("authors", []) if isinstance(author, Mapping)]
        return cls(
            title=str(metadata.get("title") or name or "notebook").strip(),
            date=_date_without_clock(),
            lang=str(metadata.get("lang") or "zh-CN"),
            author="、".join(author for author in authors if author),
        )


def _date_without_clock() -> datetime.date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return _FIXED_DATE
    try:
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise ExportError(
            f"SOURCE_DATE_EPOCH 不是有效的秒数：{epoch!r}", "环境变量 SOURCE_DATE_EPOCH", "请改为整数秒或删除该变量"
        ) from error
