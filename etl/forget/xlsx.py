"""Cells of an XLSX workbook emptied in place: the XML is changed where they stand, the rest is copied."""

import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import normpath
from xml.parsers import expat
from xml.sax.saxutils import escape

from etl.inputs.forgotten import holds, without

_XML_MARK = "[&#8230;]"
_XML_PARTS = (".xml", ".vml")
_LINKS = ".rels"
_SHARED = "xl/sharedStrings.xml"
_TYPE = re.compile(rb'\s(?:t|cm|vm)="[^"]*"')

Edit = tuple[int, int, bytes]
Cells = Mapping[tuple[int, int], bool]


@dataclass
class _Cell:
    """One cell of a sheet's XML: where it stands, in bytes and in the grid (row from 1, column from 0)."""

    row: int
    column: int
    kind: str
    start: int
    end: int = 0
    has_value: bool = False
    has_formula: bool = False
    value: str = ""

    @property
    def string(self) -> int | None:
        """The number of its shared string, if it has one."""
        return int(self.value) if self.kind == "s" and self.value.strip().isdigit() else None


@dataclass
class _String:
    start: int
    end: int = 0
    text: str = ""


@dataclass
class _Workbook:
    """What has to change: the edits of each part, and which shared strings other cells still need."""

    edits: dict[str, list[Edit]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)


def parts_with(path: Path, address: str) -> list[str]:
    """The parts of a workbook in which the address stands outside the cells that readers see, or in them."""
    with zipfile.ZipFile(path) as archive:
        return [name for name in archive.namelist() if _mentions(archive.read(name), address)]


def erase_xlsx(path: Path, target: Path, cells: Mapping[str, Cells], address: str) -> list[str]:
    """Write a workbook anew with cells emptied and the address taken out of every part.

    Args:
        path: The workbook.
        target: Where to write.
        cells: By sheet, row and column (from 0, counted from the first column that is used, as readers do), and
            whether the cell is to be emptied or to lose the address only.
        address: The address.

    Returns:
        The parts that hold the address or may hold what the cells held, and are no text that could be changed.
    """
    left: list[str] = []
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        names = set(source.namelist())
        plan = _Workbook()
        for sheet, part in _sheet_parts(source).items():
            if part in names:
                _plan_sheet(source.read(part), part, cells.get(sheet, {}), plan, address)
        for member in source.infolist():
            content = source.read(member)
            if member.filename == _SHARED:
                content = _change_strings(content, plan.dropped - plan.used, address)
            content = _apply(content, plan.edits.get(member.filename, []))
            if member.filename.endswith((*_XML_PARTS, _LINKS)):
                mark = "removed" if member.filename.endswith(_LINKS) else _XML_MARK
                content = without(content.decode("latin-1"), address, mark).encode("latin-1")
            elif _mentions(content, address):
                left.append(member.filename)
            if member.filename.startswith("xl/pivotCache/") and any(cells.values()):
                left.append(member.filename)
            copy.writestr(member, content, compress_type=member.compress_type)
    return left


def _mentions(content: bytes, address: str) -> bool:
    return holds(content.decode("latin-1"), address) or address.encode("utf-16-le") in content.lower()


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part holds each sheet."""
    targets: dict[str, str] = {}
    parts: dict[str, str] = {}

    def note_target(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else normpath(f"xl/{target}")

    def note_sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for key, value in attributes.items() if key.endswith(":id")]
            parts[attributes.get("name", "")] = targets.get(ids[0], "") if ids else ""

    for part, note in (("xl/_rels/workbook.xml.rels", note_target), ("xl/workbook.xml", note_sheet)):
        if part in archive.namelist():
            _parse(archive.read(part), note)
    return parts


def _parse(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.Parse(content, True)


class _SheetReader:
    """Finds the cells of some rows in a sheet's XML, with the bytes they take.

    Attributes:
        cells: The cells of those rows.
        used: The shared strings that the other rows need.
        first_column: The first column in which any cell has a value.
    """

    def __init__(self, content: bytes, rows: Collection[int]) -> None:
        self.cells: list[_Cell] = []
        self.used: set[int] = set()
        self.first_column = 1 << 14
        self._cell = _Cell(0, 0, "", 0)
        self._rows = rows
        self._content = content
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._row, self._column, self._inside = 0, -1, ""
        self._parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = -1
        elif tag == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = _number(letters) - 1 if letters else self._column + 1
            self._cell = _Cell(self._row, self._column, attributes.get("t", ""), self._parser.CurrentByteIndex)
        elif tag in ("v", "is", "f"):
            self._cell.has_value |= tag != "f"
            self._cell.has_formula |= tag == "f"
            self._inside = tag

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell.end = self._content.index(b">", self._parser.CurrentByteIndex) + 1
            if self._cell.has_value:
                self.first_column = min(self.first_column, self._column)
            if self._row in self._rows:
                self.cells.append(self._cell)
            elif self._cell.string is not None:
                self.used.add(self._cell.string)
        elif tag in ("v", "is", "f"):
            self._inside = ""

    def _text(self, data: str) -> None:
        if self._inside in ("v", "is"):
            self._cell.value += data


def _plan_sheet(content: bytes, part: str, cells: Cells, plan: _Workbook, address: str) -> None:
    sheet = _SheetReader(content, {row for row, _ in cells})
    plan.used |= sheet.used
    edits = plan.edits.setdefault(part, [])
    for cell in sheet.cells:
        is_emptied = cells.get((cell.row, cell.column - sheet.first_column)) if cell.has_value else None
        if is_emptied:
            edits.append((cell.start, cell.end, _emptied(content[cell.start : cell.end], cell.has_formula)))
        elif is_emptied is False and cell.kind == "inlineStr":
            text = without(cell.value, address)
            edits.append((cell.start, cell.end, _rewritten(content[cell.start : cell.end], text)))
        if cell.string is not None:
            (plan.dropped if is_emptied else plan.used).add(cell.string)


def _emptied(cell: bytes, has_formula: bool) -> bytes:
    """A cell's XML without its value; its place, its look and its formula stay."""
    if has_formula:
        return re.sub(rb"<((?:\w+:)?v)\b[^>]*>.*?</\1>", b"", cell, flags=re.DOTALL)
    tag = cell[: cell.index(b">")].rstrip(b"/ ")
    return _TYPE.sub(b"", tag) + b"/>"


def _rewritten(cell: bytes, text: str) -> bytes:
    """A cell's XML with another text of one format in place of its own."""
    tag = re.match(rb"<((?:\w+:)?)c\b[^>]*>", cell)
    if tag is None:
        return cell
    name = tag[1].decode()
    written = escape(text).encode("ascii", "xmlcharrefreplace")
    inner = f'<{name}is><{name}t xml:space="preserve">'.encode() + written + f"</{name}t></{name}is>".encode()
    return tag[0] + inner + f"</{name}c>".encode()


def _change_strings(content: bytes, dropped: Collection[int], address: str) -> bytes:
    """The shared strings with some emptied, and with the address taken out where formats split it in pieces."""
    strings: list[_String] = []
    inside = ""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = tag.rpartition(":")[2]
        if inside == "si":
            strings.append(_String(parser.CurrentByteIndex))

    def end(tag: str) -> None:
        nonlocal inside
        inside = ""
        if tag.rpartition(":")[2] == "si":
            strings[-1].end = content.index(b">", parser.CurrentByteIndex) + 1

    def text(data: str) -> None:
        if inside == "t" and strings:
            strings[-1].text += data

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(content, True)
    edits = []
    for number, string in enumerate(strings):
        if number in dropped:
            edits.append((string.start, string.end, _string(content, string.start, "")))
        elif holds(string.text, address):
            edits.append((string.start, string.end, _string(content, string.start, without(string.text, address))))
    return _apply(content, edits)


def _string(content: bytes, start: int, text: str) -> bytes:
    prefix = re.match(rb"<((?:\w+:)?)si", content[start : start + 80])
    name = prefix[1].decode() if prefix else ""
    written = escape(text).encode("ascii", "xmlcharrefreplace")
    return f'<{name}si><{name}t xml:space="preserve">'.encode() + written + f"</{name}t></{name}si>".encode()


def _apply(content: bytes, edits: list[Edit]) -> bytes:
    kept, position = [], 0
    for start, end, new in sorted(edits):
        kept += [content[position:start], new]
        position = end
    return b"".join([*kept, content[position:]])


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
