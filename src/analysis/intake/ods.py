"""The size of an OpenDocument sheet (.ods), whose repeated rows and cells a small file can hold without end."""

import io
import zipfile

from lxml import etree

from analysis.intake.bounds import MAX_TEXT, check_area, damaged, too_large


def check_ods(archive: zipfile.ZipFile) -> None:
    """See that the repeated cells of a spreadsheet stay within the bounds.

    Raises:
        Refusal: they don't, or the file makes no sense.
    """
    try:
        _count(archive.read("content.xml"))
    except (KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile):
        raise damaged() from None


def _count(content: bytes) -> None:
    """Walk through rows and cells as the reader would lay them out."""
    text = row = rows = columns = 0
    cells: list[tuple[int, int | None]] = []  # of the row at hand: how often a cell is repeated, its length if filled
    for _, element in etree.iterparse(
        io.BytesIO(content), events=("end",), resolve_entities=False, no_network=True, load_dtd=False
    ):
        name = etree.QName(element).localname
        if name in ("table-cell", "covered-table-cell"):
            length = sum(len(str(part)) for part in element.itertext())
            filled = length or any(str(key).endswith("}value") for key in element.attrib)
            cells.append((_repeated(element, "columns"), length if filled else None))
            element.clear(keep_tail=False)
        elif name == "table-row":
            repeated = _repeated(element, "rows")
            text += repeated * sum(times * length for times, length in cells if length is not None)
            last = max((n for n, (_, length) in enumerate(cells, 1) if length is not None), default=0)
            row += repeated
            if last:
                rows = row
                columns = max(columns, sum(times for times, _ in cells[:last]))
            cells = []
            element.clear()
            if text > MAX_TEXT:
                raise too_large("重复的文字过多")
        elif name == "table":
            title = next((str(v) for key, v in element.attrib.items() if str(key).endswith("}name")), "")
            check_area(title, rows, columns, f"第{rows}行")
            row = rows = columns = 0


def _repeated(element: etree._Element, what: str) -> int:
    value = next((v for key, v in element.attrib.items() if str(key).endswith(f"}}number-{what}-repeated")), "1")
    return int(value)
