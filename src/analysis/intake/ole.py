"""The compound file (OLE) that an .xls or an .et is: a small file system of sectors, with streams by name."""

import io
import struct
from collections.abc import Iterator

from analysis.intake.refusal import damaged

_HEADER = struct.Struct("<8s16xHHHHH6xIIIIIIIII")
"""Signature, versions, byte order, exponents of the sectors' sizes; number and places of directory and tables."""
_ENTRY = struct.Struct("<64sHB49xII4x")
_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_MAX_SECTOR, _END, _FREE = 0xFFFFFFF9, 0xFFFFFFFE, 0xFFFFFFFF
_TABLE_SECTOR = 0xFFFFFFFD
_ROOT, _STREAM = 5, 2


class Compound:
    """A compound file opened for reading. What contradicts itself is refused, chains of sectors in a circle too."""

    def __init__(self, content: bytes) -> None:
        """Read the directory.

        Raises:
            Refusal: the file is damaged.
        """
        self._content = content
        try:
            fields = _HEADER.unpack_from(content)
            if fields[4] not in (9, 12) or fields[5] != 6:
                raise damaged()
            self._size, self._mini_size = 1 << fields[4], 1 << fields[5]
            directory, self._cutoff, first_mini, first_table = fields[8], fields[10], fields[11], fields[13]
            self._next = self._table(content, first_table)
            self._entries: dict[str, tuple[int, int]] = {}
            root = (_END, 0)
            for raw_name, length, kind, start, size in _ENTRY.iter_unpack(self._chain(directory)):
                name = raw_name[: max(length - 2, 0)].decode("utf-16-le", "replace")
                if kind == _ROOT:
                    root = (start, size)
                elif kind == _STREAM:
                    self._entries.setdefault(name, (start, size))
            mini = self._chain(first_mini)
            self._mini_next = struct.unpack(f"<{len(mini) // 4}I", mini)
            self._mini = self._chain(root[0])[: root[1]]
        except struct.error:
            raise damaged() from None

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """Give the bytes of a stream.

        Raises:
            Refusal: the file is damaged.
        """
        start, size = self._entries[name]
        content = self._mini_chain(start) if size < self._cutoff else self._chain(start)
        if len(content) < size:
            raise damaged()
        return content[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._content):
            raise damaged()
        return self._content[at : at + self._size].ljust(self._size, b"\0")

    def _table(self, content: bytes, further: int) -> tuple[int, ...]:
        """By sector, the next one of its chain."""
        places = list(struct.unpack_from("<109I", content, 76))
        seen: set[int] = set()
        while further < _MAX_SECTOR:
            if further in seen:
                raise damaged()
            seen.add(further)
            *more, further = struct.unpack(f"<{self._size // 4}I", self._sector(further))
            places += more
        numbers = [place for place in places if place < _MAX_SECTOR]
        if len(numbers) != len(set(numbers)):
            raise damaged()
        table = b"".join(self._sector(number) for number in numbers)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _chain(self, start: int) -> bytes:
        most = len(self._content) // self._size + 1
        return b"".join(self._sector(number) for number in _followed(start, self._next, most))

    def _mini_chain(self, start: int) -> bytes:
        size = self._mini_size
        most = len(self._mini) // size + 1
        return b"".join(self._mini[n * size : (n + 1) * size] for n in _followed(start, self._mini_next, most))


def _followed(start: int, following: tuple[int, ...], most: int) -> Iterator[int]:
    """The sectors of a chain; one longer than the file goes in a circle."""
    number, passed = start, 0
    while number < _MAX_SECTOR:
        passed += 1
        if number >= len(following) or passed > most:
            raise damaged()
        yield number
        number = following[number]


def rewritten(name: str, stream: bytes) -> io.BytesIO:
    """A compound file that holds one stream and nothing else, in sectors of 4096 bytes."""
    size, whole = 4096, max(len(stream), 4096)  # a shorter one would have to lie in sectors of another kind
    sectors = -(-whole // size)
    tables = -(-(sectors + 2) // (size // 4 - 1))
    # The stream, an empty place for small ones (a reader wants it), the directory, this table.
    table = [*range(1, sectors), _END, _END, _END, *[_TABLE_SECTOR] * tables]
    table += [_FREE] * (tables * size // 4 - len(table))
    numbers = range(sectors + 2, sectors + 2 + tables)
    header = _HEADER.pack(_SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, sectors + 1, 0, size, _END, 0, _END, 0)
    places = struct.pack("<109I", *numbers, *[_FREE] * (109 - tables))
    entries = [_entry("Root Entry", _ROOT, sectors, size, 1), _entry(name, _STREAM, 0, whole, _FREE)]
    file = io.BytesIO()
    file.write((header + places).ljust(size, b"\0"))
    file.write(stream.ljust((sectors + 1) * size, b"\0"))
    file.write(b"".join(entries).ljust(size, b"\0"))
    file.write(struct.pack(f"<{len(table)}I", *table))
    file.seek(0)
    return file


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    head = struct.pack("<64sHBBIII", written, len(written), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
