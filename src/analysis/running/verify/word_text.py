"""The text of a Word file as its reader sees it once every tracked change is accepted: lines, each with its place.

Word parts text wherever it likes: for spelling, for the session it was typed in, for fields and content controls. Here all
of that is put together again. What the reader doesn't see (deleted, hidden, codes of fields) is no text; tracked
changes that are still open, hidden text and what can't be read are listed beside it.
"""

from dataclasses import dataclass, field

from lxml import etree

from analysis.running.read_back.lines import BODY, BOX, CELL, HEADING, TITLE, Line
from analysis.running.verify.verified import Note, Noted
from analysis.running.verify.word_elements import (
    BLOCKS,
    COMPATIBILITY,
    COUNTED_BY_WORD,
    DRAWN,
    FORMAT_CHANGES,
    GONE,
    MATH,
    NO_TEXT,
    NOT_READ,
    SPACES,
    TRACKED,
    VML,
    WORD,
    Styles,
    below,
    hidden_by,
    is_contents_list,
    outline,
    switched,
    symbol,
    value,
    written_in,
)
from analysis.running.verify.word_file import WordFile


@dataclass
class WordText:
    """The lines of a file, and what was noted beside them."""

    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pictures: int = 0


def read_text(word: WordFile) -> WordText:
    """Read body, notes, headers and footers, in this order; comments are noted beside them."""
    reader = _Reader(Styles(word))
    text = WordText()
    for body in word.document.iterchildren("{*}body"):
        text.lines += reader.lines(body, BODY)
    for kind, tag, place in (("footnotes", "footnote", "脚注"), ("endnotes", "endnote", "尾注")):
        for part in word.parts(kind):
            for element in part.iterchildren(f"{{*}}{tag}"):
                if value(element, "type") in ("", "normal"):
                    reader.headings = list(reader.referred.get((tag, value(element, "id")), []))
                    text.lines += reader.lines(element, place)
    for part in word.parts("comments"):
        for element in part.iterchildren("{*}comment"):
            reader.headings = list(reader.referred.get(("comment", value(element, "id")), []))
            reader.note("comment", "批注", written_in(element), value(element, "author"))
    reader.headings = []
    for kind, place in (("header", "页眉"), ("footer", "页脚")):
        for part in word.parts(kind):
            text.lines += reader.lines(part, place)
    text.notes, text.pictures = reader.notes, reader.pictures
    return text


class _Reader:
    """Walks through a part; what it stands in (headings, fields, hidden rows) is its state."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.notes: list[Note] = []
        self.pictures = 0
        self.headings: list[tuple[int, str]] = []
        self.referred: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._place = BODY
        self._lines: list[Line] = []
        self._buffer: list[str] = []
        self._boxes: list[Line] = []
        self._fields: list[list[str | None]] = []  # instruction, and whether its result has begun
        self._hidden_row = False
        self._in_cell = False
        self._style_hidden: bool | None = None

    def lines(self, container: etree._Element, place: str) -> list[Line]:
        """The lines of the blocks of a container: body, cell, text box, note."""
        outer = self._lines, self._buffer, self._fields, self._place
        self._lines, self._buffer, self._fields, self._place = [], [], [], place
        self._children(container)
        if self._buffer:  # the mark of the last paragraph was deleted
            self._flush(0, "")
        read = self._lines
        self._lines, self._buffer, self._fields, self._place = outer
        return read

    def _children(self, element: etree._Element) -> None:
        for child in element.iterchildren("*"):  # no comments
            self._visit(child)

    def _visit(self, element: etree._Element) -> None:
        namespace, _, name = str(element.tag)[1:].rpartition("}")
        if namespace in WORD:
            self._word(element, name)
        elif namespace in MATH and name == "t":
            self._say(element.text or "")
        elif namespace == COMPATIBILITY and name == "AlternateContent":
            choices = [c for c in element.iterchildren("*") if len(c)]
            if choices:  # the same once more for older programs follows; it counts once
                self._children(choices[0])
        elif namespace == VML and name == "textpath":
            self._boxes.append(Line(element.get("string", ""), self._heading(), "艺术字"))
        else:
            if name == "graphicData":
                for drawn, what in DRAWN.items():
                    if element.get("uri", "").endswith(f"/{drawn}"):
                        self.note("unread", what)
            self.pictures += name in ("blip", "imagedata")
            self._children(element)

    def _word(self, element: etree._Element, name: str) -> None:
        """What an element of Word's own says; one that is not known is looked into."""
        if name in BLOCKS:
            getattr(self, BLOCKS[name])(element)
        elif name in GONE:
            self._tracked(element, name)
        elif name == "t":
            self._say(element.text or "")
        elif name in SPACES:
            self._say(" ")
        elif name == "noBreakHyphen":
            self._say("-")
        elif name == "sym":
            self._say(symbol(value(element, "font"), value(element, "char")))
        elif name in ("fldChar", "instrText", "fldSimple"):
            self._field(element, name)
        elif name not in NO_TEXT and not is_contents_list(element, name):
            if name in TRACKED:
                self._tracked(element, name)
            elif name in NOT_READ:
                self.note("unread", NOT_READ[name])
            self._children(element)

    def _text_box(self, element: etree._Element) -> None:
        """A text box stands by itself, after the paragraph that it hangs on."""
        boxes, in_cell, hidden = self._boxes, self._in_cell, self._style_hidden
        self._boxes, self._in_cell = [], False
        inside = self.lines(element, BOX)
        self._boxes, self._in_cell, self._style_hidden = [*boxes, *inside, *self._boxes], in_cell, hidden

    def _reference(self, element: etree._Element) -> None:
        """A footnote or comment stands under the headings of its reference."""
        name = etree.QName(element).localname.removesuffix("Reference")
        self.referred[name, value(element, "id")] = list(self.headings)

    # ---- paragraphs and runs --------------------------------------------------------------------------------------

    def _paragraph(self, element: etree._Element) -> None:
        properties = element.find("{*}pPr")
        style = value(properties.find("{*}pStyle")) if properties is not None else ""
        outer, self._style_hidden = self._style_hidden, self.styles.hidden(style)
        self._properties(properties)
        self._children(element)
        self._style_hidden = outer
        mark = properties.find("{*}rPr") if properties is not None else None
        if mark is not None and (mark.find("{*}del") is not None or mark.find("{*}moveFrom") is not None):
            return  # its mark is deleted: the next paragraph goes on in the same line
        own = outline(properties)
        self._flush(self.styles.level(style) if own is None else own, style)

    def _flush(self, level: int, style: str) -> None:
        text = "".join(self._buffer)
        self._buffer = []
        place = self._place
        if level and text.strip() and self._place == BODY and not self._in_cell:
            self.headings = [*((depth, told) for depth, told in self.headings if depth < level), (level, text.strip())]
            place = HEADING
        elif self._place == BODY and self.styles.name(style).lower() in ("title", "subtitle"):
            place = TITLE
        if text.strip():
            self._lines.append(Line(text, self._heading(), place))
        if not self._in_cell:
            self._lines += self._boxes
            self._boxes = []

    def _run(self, element: etree._Element) -> None:
        properties = element.find("{*}rPr")
        self._properties(properties)
        hidden = hidden_by(properties)
        if hidden is None and properties is not None:
            hidden = self.styles.hidden(value(properties.find("{*}rStyle")))
        if hidden is None:
            hidden = self._style_hidden
        if not hidden and not self._hidden_row:
            self._children(element)
            return
        length = len(self._buffer)
        self._children(element)
        text = "".join(self._buffer[length:])
        del self._buffer[length:]
        if text.strip():
            self.note("hidden", "隐藏文字", text)

    def _say(self, text: str) -> None:
        for instruction, result in self._fields:
            if result is None or (instruction or "").split()[:1] in ([name] for name in COUNTED_BY_WORD):
                return
        self._buffer.append(text)

    def _field(self, element: etree._Element, name: str) -> None:
        if name == "fldSimple":
            self._fields.append([value(element, "instr").strip().upper(), "result"])
            self._children(element)
            self._fields.pop()
        elif name == "instrText":
            if self._fields and self._fields[-1][1] is None:
                self._fields[-1][0] = f"{self._fields[-1][0]}{element.text or ''}".upper()
        else:
            kind = value(element, "fldCharType")
            if kind == "begin":
                self._fields.append(["", None])
            elif kind == "separate" and self._fields:
                self._fields[-1][1] = "result"
            elif kind == "end" and self._fields:
                self._fields.pop()

    # ---- tables ---------------------------------------------------------------------------------------------------

    def _table(self, element: etree._Element) -> None:
        before = self._lines[-1].text.strip() if self._lines and not self._lines[-1].row else ""
        place = f"表“{before}”" if 0 < len(before) <= 40 else "表"
        for row in below(element, "tr"):
            settings = row.find("{*}trPr")
            self._properties(settings)
            if settings is not None and settings.find("{*}del") is not None:
                continue
            outer = self._hidden_row
            self._hidden_row = outer or bool(switched(settings.find("{*}hidden")) if settings is not None else None)
            cells, inner = self._cells(row)
            self._hidden_row = outer
            if any(cells):
                self._lines.append(Line(CELL.join(cells), self._heading(), place, row=True))
            self._lines += inner
            if not self._in_cell:
                self._lines += self._boxes
                self._boxes = []

    def _cells(self, row: etree._Element) -> tuple[list[str], list[Line]]:
        """The texts of a row's cells, and the rows of tables within them."""
        cells: list[str] = []
        inner: list[Line] = []
        for cell in below(row, "tc"):
            settings = cell.find("{*}tcPr")
            self._properties(settings)
            if settings is not None and settings.find("{*}cellDel") is not None:
                continue
            outer, self._in_cell = self._in_cell, True
            read = self.lines(cell, self._place)
            self._in_cell = outer
            cells.append(" ".join(line.text.replace(CELL, "|").strip() for line in read if not line.row))
            inner += [line for line in read if line.row]
        return cells, inner

    # ---- what is noted --------------------------------------------------------------------------------------------

    def _properties(self, properties: etree._Element | None) -> None:
        """Note the tracked changes that properties hold: of formats, of paragraph marks, of rows and cells."""
        if properties is None:
            return
        for element in properties.iter():
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            parent = element.getparent()
            if name in FORMAT_CHANGES:
                self.note("tracked", "格式", author=value(element, "author"))
            elif name in TRACKED and parent is not None and etree.QName(parent).localname in ("rPr", "trPr", "tcPr"):
                what = "段落标记" if etree.QName(parent).localname == "rPr" else "表格行、单元格"
                self.note("tracked", f"{TRACKED[name]}{what}", author=value(element, "author"))

    def _tracked(self, element: etree._Element, name: str) -> None:
        self.note("tracked", TRACKED[name], written_in(element), value(element, "author"))

    def note(self, kind: Noted, what: str, text: str = "", author: str = "") -> None:
        """Note something beside the text, under the headings that it stands under."""
        self.notes.append(Note(kind, what, text, self._heading(), author))

    def _heading(self) -> str:
        return " › ".join(text for _, text in self.headings)
