"""An edited Word file as untrusted bytes: opened within bounds, its parts parsed without entities."""

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from analysis.intake.bounds import check_zip
from analysis.intake.refusal import Refusal
from analysis.running.errors import RunError

MAX_FILE_BYTES = 50_000_000
MAX_PART_BYTES = 30_000_000
"""Of one XML part unpacked; a report of 50 pages has 1 MB."""
OLD_WORD = b"\xd0\xcf\x11\xe0"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
SAVE_AGAIN = "请在 Word 或 WPS 中重新打开，另存为“Word 文档（.docx）”后再核对"


class WordFile:
    """The XML parts of a Word file, by what they are to the document (`styles`, `footnotes`, `header`, …)."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self.name = name
        mains = list(self._related("", "officeDocument"))
        if not mains:
            raise not_word(name)
        self._main = mains[0]
        self.document = self._parsed(self._main)
        if etree.QName(self.document).localname != "document":
            raise not_word(name)

    def parts(self, kind: str) -> Iterator[etree._Element]:
        """The parts that the document refers to by a kind of relation."""
        for part in self._related(self._main, kind):
            yield self._parsed(part)

    def _related(self, source: str, kind: str) -> Iterator[str]:
        folder, _, file = source.rpartition("/")
        listed = f"{folder}/_rels/{file}.rels".lstrip("/")
        if listed not in self._archive.namelist():
            return
        seen: set[str] = set()
        for relation in self._parsed(listed).iter(RELATIONS):
            if relation.get("TargetMode") == "External" or relation.get("Type", "").rpartition("/")[2] != kind:
                continue
            target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", ""))).lstrip("/")
            if target in self._archive.namelist() and target not in seen:  # of the package, never of the disk
                seen.add(target)
                yield target

    def _parsed(self, part: str) -> etree._Element:
        size = self._archive.getinfo(part).file_size
        if size > MAX_PART_BYTES:
            raise RunError(f"{self.name}：文件超出能读取的大小（{part} 有{size // 1_000_000}MB）", f"{SAVE_AGAIN}。")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
        )
        try:
            root = etree.fromstring(self._archive.read(part), parser)
        except (etree.XMLSyntaxError, ValueError, zipfile.BadZipFile, OSError, EOFError) as error:
            raise _damaged(self.name) from error
        if etree.ElementTree(root).docinfo.internalDTD is not None:  # Word writes none; one may hold entities
            raise _damaged(self.name)
        return root


def open_word(path: Path) -> WordFile:
    """Open a Word file.

    Raises:
        RunError: there is none, it is no .docx, or it is damaged, encrypted or too large; in Chinese.
    """
    name = path.name
    try:
        if not path.exists():
            raise RunError(f"没有找到文件：{name}", "请检查文件名和所在文件夹。")
        if not path.is_file():
            raise RunError(f"{name} 不是文件", "请写改过的 Word 报告的文件名，如 report.docx。")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RunError(
                f"{name}：文件超出能读取的大小（上限{MAX_FILE_BYTES // 1_000_000}MB）", "请检查是否选错了文件。"
            )
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise RunError(
            f"{name} 读不出来（{error.strerror or error}）", "请检查文件权限，以及文件是否正打开着。"
        ) from error
    if start == OLD_WORD:
        raise RunError(f"{name} 是旧格式（.doc、.wps）的文件，或设有打开密码", f"请取消打开密码，{SAVE_AGAIN[1:]}。")
    if start[:2] != b"PK":
        raise not_word(name)
    try:
        archive = check_zip(path.open("rb"))
    except Refusal as refusal:
        raise RunError(f"{name}：{refusal.reason}", f"{SAVE_AGAIN}。") from None
    return WordFile(archive, name)


def not_word(name: str) -> RunError:
    """The error for a file that is something else."""
    return RunError(f"{name} 不是 Word 文档（.docx）", "请选由 report.docx 改成的文件；WPS 文字请另存为 .docx。")


def _damaged(name: str) -> RunError:
    return RunError(f"{name}：文件已损坏，读不出来", f"{SAVE_AGAIN}。")
