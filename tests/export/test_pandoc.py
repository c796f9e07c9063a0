"""What is told where pandoc or typst fail: what is wrong, where, what to do."""

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

import analysis.export
from analysis.export import ExportError, pandoc
from analysis.export.facts import DocumentFacts
from analysis.export.fonts import available_fonts
from analysis.export.pdf import typeset


def test_a_wheel_without_its_pandoc_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pandoc.pypandoc, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(ExportError, match=r"找不到 pandoc.*pip install pypandoc-binary"):
        pandoc.pandoc_program.__wrapped__()


def test_what_pandoc_complains_of_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"pandoc 转换失败：.*nothing.*目标格式 nothing.*处理办法"):
        pandoc.run_pandoc("文", reader="markdown", writer="nothing", folder=tmp_path)


def test_a_pandoc_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def waits(command: list[str], **options: object) -> None:
        raise subprocess.TimeoutExpired(command, float(str(options["timeout"])))

    monkeypatch.setattr(pandoc.subprocess, "run", waits)
    with pytest.raises(ExportError, match=f"超过 {pandoc.LONGEST} 秒没有结束"):
        pandoc.run_pandoc("文", reader="markdown", writer="html", folder=tmp_path)


def test_what_typst_complains_of_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text("#nobody-knows", "utf-8")
    facts = DocumentFacts("题", datetime.date(2022, 1, 20))
    with pytest.raises(ExportError, match=r"(?s)PDF 排版失败：unknown variable.*main\.typ:1.*请检查"):
        typeset(tmp_path, available_fonts(system=False), facts)


def test_a_name_that_export_has_not_is_no_attribute() -> None:
    assert not hasattr(analysis.export, "to_pdf") and sys.modules["analysis.export"] is analysis.export
