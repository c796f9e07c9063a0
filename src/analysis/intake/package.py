"""A zipped workbook whose parts are unpacked once each, within bounds, and handed on as they were looked at."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

from analysis.intake.bounds import MAX_READ_BYTES, Budget, open_zip
from analysis.intake.refusal import damaged, too_large


class Package:
    """The parts of a zipped workbook, by name."""

    def __init__(self, content: bytes) -> None:
        """Open the package.

        Raises:
            Refusal: its directory is beyond the bounds, or it is damaged or encrypted.
        """
        self._archive = open_zip(io.BytesIO(content))
        self._parts: dict[str, bytes] = {}
        self._left = MAX_READ_BYTES

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return self._archive.namelist()

    def read(self, name: str) -> bytes:
        """Give a part's bytes.

        Raises:
            Refusal: there is none of the name, it is damaged, or the parts read are too large together.
        """
        if name not in self._parts:
            self._parts[name] = self._unpacked(name)
        return self._parts[name]

    def _unpacked(self, name: str) -> bytes:
        try:
            part = self._archive.getinfo(name)
            self._left -= part.file_size
            if self._left < 0:
                raise too_large(f"表格内容解压后超过{MAX_READ_BYTES // 1_000_000}MB")
            with self._archive.open(part) as stream:
                # Asked for so many bytes, no more are unpacked, whatever the part holds beyond what the directory says.
                content = stream.read(part.file_size)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise damaged() from None
        if len(content) != part.file_size:
            raise damaged()
        return content

    def repacked(self) -> io.BytesIO:
        """A package of the parts that were read, and nothing else: what the next reader sees is what was looked at."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self._parts.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        stream.seek(0)
        return stream


Start = Callable[[str, Mapping[str, str]], None]
_CHUNK = 65_536
_MOST_ATTRIBUTES = 200
_LONGEST_TAG = 1_000_000


def walk(
    xml: bytes,
    budget: Budget,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Go through the elements of a part, which is XML of somebody else, without keeping any.

    Names come without prefix. No entity is resolved and nothing is fetched: a document type is taken for damage.

    Args:
        xml: the part.
        budget: what each element is taken from.
        start: called with the name and the attributes of each element.
        end: called with the name of each element that ends.
        text: called with pieces of text.

    Raises:
        Refusal: it is no XML, or one beyond the bounds.
    """
    budget.take_tags(xml.count(b"<"))
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def started(tag: str, attributes: dict[str, str]) -> None:
        if len(attributes) > _MOST_ATTRIBUTES:
            raise damaged()
        start(tag.rpartition(":")[2] if ":" in tag else tag, attributes)

    def ended(tag: str) -> None:
        assert end is not None  # set as a handler only then
        end(tag.rpartition(":")[2] if ":" in tag else tag)

    def refuse(*_: Any) -> None:
        raise damaged()

    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = refuse
    if end is not None:
        parser.EndElementHandler = ended
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for at in range(0, len(xml), _CHUNK):
            parser.Parse(xml[at : at + _CHUNK], False)
            if at - parser.CurrentByteIndex > _LONGEST_TAG:  # it would be held in memory until it ends
                raise damaged()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError):  # also an encoding that nobody knows
        raise damaged() from None
