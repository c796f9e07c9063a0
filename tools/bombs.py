"""Files made to fill the memory of whoever opens them, for tests and the bench: small on the disk, endless inside.

`bomb("far_cell")` gives the bytes of one; `KINDS` names them all. A reader within bounds refuses each of them.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping

from analysis.intake.ole import rewritten

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
)
LONGEST_TEXT = 32_767


def bomb(kind: str) -> bytes:
    """Make a file of a kind.

    Raises:
        KeyError: there is no such kind.
    """
    return _MAKERS[kind]()


def _zip(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _parts(sheet: str | bytes = "", strings: str | bytes = "", sheets: str = "") -> dict[str, bytes]:
    """The parts of a small .xlsx: what stands between the tags of its sheet, its shared strings, its list of sheets."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    listed = sheets or '<sheet name="指标" sheetId="1" r:id="r1"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{types}"/>'.encode(),
        "_rels/.rels": _relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'.encode()
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": _tagged("worksheet", sheet),
        "xl/sharedStrings.xml": _tagged("sst", strings),
    }


def _tagged(name: str, inside: str | bytes) -> bytes:
    content = inside.encode() if isinstance(inside, str) else inside
    return f'<{name} xmlns="{MAIN}">'.encode() + content + f"</{name}>".encode()


def _relations(*relations: tuple[str, str, str]) -> bytes:
    listed = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{of}" Target="{path}"/>' for i, of, path in relations)
    return f'<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'.encode()


def _rows(cells: Iterable[str]) -> str:
    return f"<sheetData><row>{''.join(cells)}</row></sheetData>"


def _declared_size() -> bytes:
    return _zip({**_parts(), "xl/media/image1.png": bytes(150_000_000)})


def _large_part() -> bytes:
    return _zip(_parts(b"<sheetData>" + b" " * 60_000_000 + b"</sheetData>"))


def _lying_directory() -> bytes:
    """A part of 200 MB of which the directory says that it has 1000 bytes, with the checksum of those."""
    name = "xl/worksheets/sheet1.xml"
    whole = _parts("<sheetData>" + " " * 200_000_000)[name]
    content = bytearray(_zip({**_parts(), name: whole}))
    shown = whole[:1000]
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        if content[at + 46 : at + 46 + len(name)] == name.encode():
            content[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(shown))
            content[at + 24 : at + 28] = struct.pack("<I", len(shown))
    return bytes(content)


def _bzip2() -> bytes:
    return _zip({**_parts(), "xl/worksheets/sheet1.xml": b" " * 90_000_000}, zipfile.ZIP_BZIP2)


def _nested() -> bytes:
    """A zip of zips of zips, as pictures of a workbook: nothing needs to look into them."""
    content = _zip({"0": bytes(10_000_000)})
    for _ in range(3):
        content = _zip({str(n): content for n in range(10)})
    return _zip({**_parts(), "xl/media/image1.png": content})


def _entities() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData>'
    bombed = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>{sheet}</worksheet>'.encode()
    return _zip({**_parts(), "xl/worksheets/sheet1.xml": bombed})


def _same_sheet() -> bytes:
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 50_000))
    return _zip(_parts(_rows("<c><v>1</v></c>" for _ in range(1000)), sheets=sheets))


def _merged_area() -> bytes:
    ranges = '<mergeCell ref="A1:XFD1048576"/>' * 1000
    return _zip(_parts(_rows(["<c><v>1</v></c>"] * 1000) + f"<mergeCells>{ranges}</mergeCells>"))


def _long_tag() -> bytes:
    return _zip(_parts('<sheetData><row x="' + "x" * 30_000_000 + '"/></sheetData>'))


def _attributes() -> bytes:
    return _zip(_parts("<sheetData><row " + " ".join(f'a{n}=""' for n in range(100_000)) + "/></sheetData>"))


def _ods() -> bytes:
    sheet = (
        f"<office:document-content {ODF}><office:body><office:spreadsheet>"
        '<table:table table:name="指标"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": sheet.encode()})


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls(records: bytes, strings: bytes = b"", sheets: int = 1) -> bytes:
    """An .xls of sheets that all are the same one, with these records."""
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    head = _record(0x809, begin) + strings
    each = len(_record(0x85, bytes(6) + b"\x02\x00\x6e\x6e"))
    at = len(head) + sheets * each + 4
    listed = _record(0x85, struct.pack("<IBB", at, 0, 0) + b"\x02\x00nn") * sheets
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + records + _record(0x0A)
    return rewritten("Workbook", head + listed + _record(0x0A) + sheet).getvalue()


def _number(row: int, column: int) -> bytes:
    return _record(0x203, struct.pack("<HHHd", row, column, 0, 1.0))


def _xls_numbers() -> bytes:
    rows = b"".join(
        _record(0xBD, struct.pack("<HH", row, 0) + bytes(6 * 256) + struct.pack("<H", 255)) for row in range(12_000)
    )
    return _xls(rows)


def _xls_strings() -> bytes:
    """Empty strings, three bytes each, in as many records as a file may hold."""
    count = 6_000_000
    first = _record(0xFC, struct.pack("<II", count, count) + bytes(8190))
    return _xls(_number(0, 0), first + _record(0x3C, bytes(8190)) * (count // 2730))


def _xls_long_string() -> bytes:
    text = struct.pack("<HB", LONGEST_TEXT, 0)
    pieces = b"x" * 8000
    string = _record(0xFC, struct.pack("<II", 1, 1) + text + pieces)
    left = LONGEST_TEXT - len(pieces)
    while left > 0:
        string += _record(0x3C, b"\0" + b"x" * min(left, 8000))
        left -= 8000
    cells = b"".join(_record(0xFD, struct.pack("<HHHI", n // 100, n % 100, 0, 0)) for n in range(190_000))
    return _xls(cells, string)


def _xls_circle() -> bytes:
    """A file whose first sector is followed by itself."""
    content = bytearray(_xls(_number(0, 0)))
    tables = struct.unpack_from("<I", content, 76)[0]
    at = (tables + 1) * 4096
    content[at : at + 4] = struct.pack("<I", 0)
    return bytes(content)


_MAKERS: Mapping[str, Callable[[], bytes]] = {
    "declared_size": _declared_size,
    "large_part": _large_part,
    "lying_directory": _lying_directory,
    "other_packing": _bzip2,
    "nested": _nested,
    "many_parts": lambda: _zip({**_parts(), **{f"x{n}": b"" for n in range(3000)}}),
    "entities": _entities,
    "same_sheet": _same_sheet,
    "strings": lambda: _zip(_parts(strings="<si/>" * 5_000_000)),
    "long_string_used": lambda: _zip(
        _parts(_rows(['<c t="s"><v>0</v></c>'] * 190_000), f"<si><t>{'x' * LONGEST_TEXT}</t></si>")
    ),
    "far_cell": lambda: _zip(_parts(_rows(["<c><v>1</v></c>", '<c r="XFD1048576"><v>1</v></c>']))),
    "far_empty_text": lambda: _zip(_parts(_rows(['<c r="A1"><v>1</v></c>', '<c r="XFD1048576" t="str"><v></v></c>']))),
    "impossible_column": lambda: _zip(_parts(_rows(['<c r="ZZZ99999999"><v>1</v></c>']))),
    "empty_cells": lambda: _zip(_parts(_rows(["<c/>"] * 7_000_000))),
    "empty_rows": lambda: _zip(_parts("<sheetData>" + "<row/>" * 5_000_000 + "</sheetData>")),
    "deep": lambda: _zip(_parts("<x>" * 2_000_000)),
    "merged_ranges": lambda: _zip(
        _parts(_rows(["<c><v>1</v></c>"]) + "<mergeCells>" + '<mergeCell ref="A1:A1"/>' * 1_000_000 + "</mergeCells>")
    ),
    "merged_area": _merged_area,
    "attributes": _attributes,
    "long_tag": _long_tag,
    "ods_repeated": _ods,
    "xls_far_cell": lambda: _xls(_number(0, 0) + _number(65535, 255)),
    "xls_numbers": _xls_numbers,
    "xls_strings": _xls_strings,
    "xls_strings_said": lambda: _xls(_number(0, 0), _record(0xFC, struct.pack("<II", 2**32 - 1, 2**32 - 1))),
    "xls_long_string_used": _xls_long_string,
    "xls_same_sheet": lambda: _xls(b"".join(_number(n, 0) for n in range(1000)), sheets=50_000),
    "xls_records": lambda: _xls(_record(0x201) * 4_900_000),
    "xls_circle": _xls_circle,
}
KINDS = tuple(_MAKERS)
