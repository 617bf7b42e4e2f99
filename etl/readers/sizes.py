"""The cost of opening a workbook, measured before the library opens it.

For the sheets of a zipped workbook, read as streams: the size of their used ranges (the library unpacks each into a
full rectangle of cells), and the formulas without a result. For a compound file, the container of XLS and of workbooks
with a password, searched as it lies on disk so that the search covers a damaged one as well: marks of a password and
of macros.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from etl.readers.sheet_signs import Signs, find_reach, find_signs
from etl.readers.sheets import ErrorCells, Merged

CHUNK = 1 << 20

_START = re.compile(rb"<(\w+:)?sheetData[\s>/]")
_REFERENCE = re.compile(rb"""\sr=["']([A-Za-z]+\d+)["']""")
_BLANK_CELL = re.compile(rb"<(?:\w+:)?c( [^<>]*)?/>")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<>]*?ref=["']\$?([A-Za-z]+)\$?(\d+):\$?([A-Za-z]+)\$?(\d+)["']""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?hidden=["'](?:1|true)["']""")
_HIDDEN_COLUMNS = re.compile(rb"""<(?:\w+:)?col\s[^<>]*?hidden=["'](?:1|true)["'][^<>]*>""")
_STYLED = rb"""(<(?:\w+:)?c\s(?=[^<>]*\bs=["'](%s)["'])[^<>]*[^<>/]>)"""
_STYLE_SECTIONS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\bt=["']e["'][^<>]*>""")
_PLACE = re.compile(rb"""\sr=["']([A-Za-z]+)(\d+)["']""")
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Za-z]+)\d[^<>/]*>\s*<[^/]""")
_ENDS = re.compile(rb"""(min|max)=["'](\d+)["']""")
_MOST_MERGED = 100_000
_LAST_COLUMN_SHOWN = 1_000  # spreadsheets hide all columns behind a table, up to the last one there is
_LONGEST_FORMULA = 1 << 17
_LONGEST_TAG = 1 << 20
_VALUE_TAGS = {"v", "t"}
_ROW_RECORD = 0
_CELL_RECORDS = range(2, 12)
_MOST_REPEATED = 1_000  # rows alike to look at one by one
_EVERYTHING = (1 << 20, 1 << 14)


@dataclass
class Layout:
    """The cells of a sheet that are merged, hidden or without a value.

    Attributes:
        merged: The merged cells, up to the limit.
        hidden_columns: The number of hidden columns, up to the last one that a table has.
        colours: The fill colour by row; among the first rows.
        struck: The number of struck-through cells by row.
        errors: The columns (from 1) with an error such as #N/A in a cell, which is read as nothing.
        first_column: The first column (from 1) with a value, at which reading begins; 0: no search.
    """

    merged: list[Merged] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    struck: dict[int, int] = field(default_factory=dict)
    colours: dict[int, str] = field(default_factory=dict)
    errors: dict[int, ErrorCells] = field(default_factory=dict)
    first_column: int = 0

    def note_error(self, column: int, row: int) -> None:
        """Note that a cell (from 1) holds an error."""
        error_cells = self.errors.get(column, ErrorCells(column, 0, row))
        self.errors[column] = error_cells._replace(cells=error_cells.cells + 1)

    def as_read(self) -> tuple[tuple[Merged, ...], tuple[ErrorCells, ...]]:
        """Return the merged cells and the errors, by the columns of the reading."""
        offset = max(0, self.first_column - 1)
        merged = (
            cells._replace(first_column=max(1, cells.first_column - offset), last_column=cells.last_column - offset)
            for cells in self.merged
        )
        errors = (cells._replace(column=cells.column - offset) for cells in self.errors.values())
        return tuple(m for m in merged if m.last_column > 0), tuple(e for e in errors if e.column > 0)


@dataclass
class SheetRange:
    """The reach of one sheet's cells.

    Attributes:
        rows: Rows up to the last cell; for an estimate, certainly enough.
        columns: Columns up to the last cell, likewise.
        uncomputed: The first cell with a formula but no saved result, such as B3.
        layout: The merged and hidden cells; empty where only the size was measured.
    """

    rows: int = 0
    columns: int = 0
    uncomputed: str | None = None
    layout: Layout = field(default_factory=Layout)

    def reach(self, cells: tuple[int, int] | None) -> None:
        """Take the last row and column of some cells; where they are not known, the sheet is as large as any."""
        rows, columns = cells or _EVERYTHING
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)

    @property
    def cells(self) -> int:
        """Cells of the full rectangle."""
        return self.rows * self.columns


class _Formulas:
    """Finds the first formula without a saved result in the XML of a sheet, fed chunk by chunk."""

    def __init__(self, prefix: bytes) -> None:
        self.uncomputed: str | None = None
        self._cell, self._formula = b"<" + prefix + b"c", b"<" + prefix + b"f"
        p = re.escape(prefix)
        self._without_result = re.compile(
            rb"<%sc\b([^>]*)>\s*<%sf\b(?:[^>]*/>|[^>]*>[^<]*</%sf>)\s*(?:</%sc>|<%sv\s*/>|<%sv[^>]*>\s*</%sv>)"
            % ((p,) * 7)
        )
        self._rest = b""

    def feed(self, chunk: bytes, *, may_begin: bool) -> None:
        """Take a piece of the sheet, and whether formulas may begin in it."""
        if self.uncomputed is not None:
            return
        content = self._rest + chunk
        if may_begin or self._formula in self._rest or self._rest.endswith(b"<"):
            for match in self._without_result.finditer(content):
                if b't="str"' not in match[1] and b"t='str'" not in match[1]:  # whose result is the empty text
                    place = _REFERENCE.search(match[1])
                    self.uncomputed = place[1].decode() if place else "a cell"
                    return
        start = content.rfind(self._cell)
        self._rest = content[max(start, len(content) - _LONGEST_FORMULA) :] if start >= 0 else content[-16:]


def _note_layout(piece: bytes, signs: Signs, layout: Layout) -> None:
    """Add a piece's merged and hidden cells, errors and first column to the layout of an XLSX sheet."""
    if layout.first_column != 1 and (columns := _FILLED.findall(piece)):  # in nearly every sheet the first piece tells
        first_column = number_column(min(columns, key=lambda letters: (len(letters), letters)))
        layout.first_column = min(layout.first_column or first_column, first_column)
    if signs.merged:
        for first, top, last, bottom in _MERGED.findall(piece)[: _MOST_MERGED - len(layout.merged)]:
            layout.merged.append(Merged(int(top), number_column(first), int(bottom), number_column(last)))
    if signs.errors:
        for tag in _ERROR.findall(piece):
            if place := _PLACE.search(tag):
                layout.note_error(number_column(place[1]), int(place[2]))
    if signs.hidden:
        layout.hidden_rows += len(_HIDDEN_ROW.findall(piece))
        for tag in _HIDDEN_COLUMNS.findall(piece):
            ends = dict(_ENDS.findall(tag))
            first, last = int(ends.get(b"min", 1)), int(ends.get(b"max", 0))
            layout.hidden_columns += max(0, min(last, _LAST_COLUMN_SHOWN) - first + 1)


@dataclass
class Styles:
    """The styles of an XLSX file, by number, that strike text through, and those with a fill, with its colour."""

    struck: set[int] = field(default_factory=set)
    colours: dict[int, str] = field(default_factory=dict)


def read_styles(stream: IO[bytes]) -> Styles:
    """Read the styles of an XLSX file that matter."""
    styles = Styles()
    section, counts = "", Counter[str]()
    fonts: set[str] = set()
    fills: dict[str, str] = {}
    is_solid = False

    def note(tag: str, attributes: dict[str, str]) -> None:
        nonlocal section, is_solid
        if tag in _STYLE_SECTIONS:
            section = tag
        elif section == "fonts" and tag == "strike" and attributes.get("val") not in ("0", "false"):
            fonts.add(str(counts["font"] - 1))
        elif section == "fills" and tag == "patternFill":
            is_solid = attributes.get("patternType") == "solid"
        elif section == "fills" and tag == "fgColor" and is_solid:
            fills[str(counts["fill"] - 1)] = str(sorted(attributes.items()))
        elif section == "cellXfs" and tag == "xf":
            style = counts["xf"]
            counts["xf"] += 1
            if attributes.get("fontId") in fonts:
                styles.struck.add(style)
            if colour := fills.get(attributes.get("fillId", "")):
                styles.colours[style] = colour
        elif (section, tag) in (("fonts", "font"), ("fills", "fill")):
            counts[tag] += 1

    parse_xml(stream, note)
    return styles


def _find_cells(styles: Iterable[int]) -> re.Pattern[bytes]:
    """Return a pattern for the cells that are not blank and have one of these styles: the tag, and the style."""
    return re.compile(_STYLED % b"|".join(b"%d" % style for style in sorted(styles)))


def _note_colours(cells: Iterable[tuple[bytes, bytes]], styles: Styles, layout: Layout) -> None:
    """Take the colour that most of a row's cells are filled with, of those that are."""
    by_row: dict[int, Counter[str]] = {}
    for tag, style in cells:
        if place := _PLACE.search(tag):
            by_row.setdefault(int(place[2]), Counter())[styles.colours[int(style)]] += 1
    layout.colours = {row: colours.most_common(1)[0][0] for row, colours in by_row.items()}


def estimate_sheet(stream: IO[bytes], styles: Styles | None = None) -> SheetRange:
    """Return rows and columns that suffice for an XLSX sheet: cells without a value count, 26 columns do.

    Also find its first formula without a result, and its merged and hidden cells and, by `styles`, those struck
    through or filled with a colour; for colours, only in the first rows.
    """
    styles = styles or Styles()
    coloured = _find_cells(styles.colours) if len(set(styles.colours.values())) > 1 else None  # one is the headers'
    crossed = _find_cells(styles.struck) if styles.struck else None
    size = SheetRange(0, 26)
    formulas: _Formulas | None = None
    for prefix, piece in _iterate_content(stream):
        formulas = formulas or _Formulas(prefix)
        signs = find_signs(piece, prefix)
        formulas.feed(piece, may_begin=signs.formulas)
        size.reach(signs.reach)
        _note_layout(piece, signs, size.layout)
        for tag, _ in crossed.findall(piece) if crossed else ():
            if place := _PLACE.search(tag):
                row = int(place[2])
                size.layout.struck[row] = size.layout.struck.get(row, 0) + 1
        if coloured is not None:
            _note_colours(coloured.findall(piece), styles, size.layout)
            coloured = None
    size.uncomputed = formulas.uncomputed if formulas else None
    return size


def estimate_filled(stream: IO[bytes]) -> SheetRange:
    """Return the same, closer: without the cells that are written but blank, which spreadsheets leave by millions."""
    size = SheetRange()
    for prefix, piece in _iterate_content(stream):
        size.reach(find_reach(_BLANK_CELL.sub(b"", piece), prefix))
    return size


def _iterate_content(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the pieces of an XLSX sheet from the one in which its rows begin, with the prefix of its tags."""
    prefix: bytes | None = None
    for piece in _iterate_tags(stream):
        if prefix is None and (start := _START.search(piece)):
            prefix = start[1] or b""
        if prefix is not None:
            yield prefix, piece


def measure_sheet(stream: IO[bytes]) -> SheetRange:
    """Return rows and columns of an XLSX sheet up to the last cell that has a value; exact, and slow."""
    size = SheetRange()
    row = column = 0
    in_cell = False

    def note(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, in_cell
        if tag == "row":
            row, column, in_cell = int(attributes.get("r", row + 1)), 0, False
        elif tag == "c":
            reference = attributes.get("r", "").encode()
            letters = reference.rstrip(b"0123456789")
            column = number_column(letters) if letters else column + 1
            row = int(reference[len(letters) :] or row)
            in_cell = True
        elif tag in _VALUE_TAGS and in_cell:
            size.columns, size.rows = max(size.columns, column), max(size.rows, row)

    parse_xml(stream, note)
    return size


def measure_binary_sheet(content: bytes) -> SheetRange:
    """Return rows and columns of an XLSB sheet up to the last cell that has a value."""
    rows = columns = row = position = 0
    while position < len(content):
        record, position = _read_number(content, position, 2)
        length, position = _read_number(content, position, 4)
        if record == _ROW_RECORD:
            row = int.from_bytes(content[position : position + 4], "little")
        elif record in _CELL_RECORDS:
            rows = max(rows, row + 1)
            columns = max(columns, int.from_bytes(content[position : position + 4], "little") + 1)
        position += length
    return SheetRange(rows, columns)


def measure_ods(stream: IO[bytes]) -> dict[str, SheetRange]:
    """Return rows and columns of each sheet of an ODS file up to the last cell that has a value, and its layout."""
    sheets = _OdsSheets()
    parse_xml(stream, sheets.note)
    return sheets.sizes


class _OdsSheets:
    """Follows the elements of an ODS file; rows and columns that repeat stand there once."""

    def __init__(self) -> None:
        self.sizes: dict[str, SheetRange] = {}
        self._size = SheetRange()
        self._row = self._column = self._repeated = self._first = 0
        self._is_hidden = False
        self._style = self._of_row = ""
        self._struck: set[str] = set()

    def note(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "style":
            self._style = attributes.get("style:name", "")
        elif tag == "text-properties":
            if attributes.get("style:text-line-through-style", "none") != "none":
                self._struck.add(self._style)
        elif tag == "table":
            self._size = self.sizes.setdefault(attributes.get("table:name", ""), SheetRange())
            self._row = self._column = self._repeated = 0
        elif tag == "table-column" and _is_hidden(attributes):
            columns = int(attributes.get("table:number-columns-repeated", 1))
            self._size.layout.hidden_columns += min(columns, _LAST_COLUMN_SHOWN)
        elif tag == "table-row":
            self._row, self._column = self._row + self._repeated, 0
            self._repeated = int(attributes.get("table:number-rows-repeated", 1))
            self._is_hidden = _is_hidden(attributes)
            self._of_row = attributes.get("table:default-cell-style-name", "")
        elif tag in ("table-cell", "covered-table-cell"):
            self._note_cell(attributes)
        elif tag == "p" and self._repeated:
            self._reach()

    def _note_cell(self, attributes: dict[str, str]) -> None:
        size, before = self._size, self._column
        self._first = before + 1
        self._column += int(attributes.get("table:number-columns-repeated", 1))
        down = int(attributes.get("table:number-rows-spanned", 1))
        right = int(attributes.get("table:number-columns-spanned", 1))
        if max(down, right) > 1 and len(size.layout.merged) < _MOST_MERGED:
            size.layout.merged.append(Merged(self._row + 1, before + 1, self._row + down, before + right))
        has_value = "office:value-type" in attributes
        if "table:formula" in attributes and not has_value:
            size.uncomputed = size.uncomputed or f"{letter_column(before + 1)}{self._row + 1}"
        if attributes.get("calcext:value-type") == "error":
            size.layout.note_error(self._column, self._row + 1)
        if has_value:
            self._reach()
            if self._struck and attributes.get("table:style-name", self._of_row) in self._struck:
                for row in range(self._row + 1, self._row + 1 + min(self._repeated, _MOST_REPEATED)):
                    size.layout.struck[row] = size.layout.struck.get(row, 0) + self._column - before

    def _reach(self) -> None:
        """Extend the range to a value here."""
        size = self._size
        size.rows, size.columns = max(size.rows, self._row + self._repeated), max(size.columns, self._column)
        size.layout.first_column = min(size.layout.first_column or self._first, self._first)
        if self._is_hidden:
            size.layout.hidden_rows += self._repeated
            self._is_hidden = False


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("table:visibility", "visible") != "visible"


def parse_xml(stream: IO[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `start` with the local name and the attributes of every element."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    with stream:
        parser.ParseFile(stream)


def number_column(letters: bytes) -> int:
    """Return a column's number: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def letter_column(number: int) -> str:
    """Return a column's letters: 1 is A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _iterate_tags(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the content in pieces that end with the end of a tag, so that none is cut."""
    rest = b""
    while chunk := stream.read(CHUNK):
        content = rest + chunk
        end = content.rfind(b">") + 1 or (len(content) if len(content) > _LONGEST_TAG else 0)
        rest = content[end:]
        if end:
            yield content[:end]
    if rest:
        yield rest


def _read_number(content: bytes, position: int, most: int) -> tuple[int, int]:
    """Return a number of up to `most` bytes, seven bits each, and where it ends."""
    number = 0
    for index in range(most):
        if position >= len(content):
            break
        byte = content[position]
        position += 1
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            break
    return number, position


_ENTRY = 128  # of the directory; it stands at a multiple of that
_STORAGE, _STREAM = 1, 2
_BLOCK = 64  # a stream begins at a multiple of it
_FIRST_RECORD = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")  # first record of an XLS workbook
_WRITE_PROTECT, _FILE_PASS = 0x86, 0x2F


@dataclass(frozen=True)
class CompoundMarks:
    """The marks in a compound file.

    Attributes:
        has_password: Whether the content is encrypted, as in XLSX or in XLS.
        has_macros: Whether there is a place for the macros of a workbook.
    """

    has_password: bool = False
    has_macros: bool = False


def find_marks(path: Path) -> CompoundMarks:
    """Return the marks of a compound file."""
    has_password = has_macros = False
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            has_password |= _has_entry(chunk, "EncryptedPackage", _STREAM) or _has_file_pass(chunk)
            has_macros |= _has_entry(chunk, "_VBA_PROJECT_CUR", _STORAGE)
    return CompoundMarks(has_password, has_macros)


def _has_entry(chunk: bytes, name: str, kind: int) -> bool:
    """Whether an entry of the directory has this name and kind; the text of a cell is not taken for one."""
    sign = f"{name}\0".encode("utf-16-le")
    return any(
        position % _ENTRY == 0
        and int.from_bytes(chunk[position + 64 : position + 66], "little") == len(sign)
        and chunk[position + 66 : position + 67] == bytes([kind])
        for position in _find_all(chunk, sign)
    )


def _find_all(chunk: bytes, sign: bytes) -> Iterator[int]:
    position = chunk.find(sign)
    while position >= 0:
        yield position
        position = chunk.find(sign, position + 1)


def _has_file_pass(chunk: bytes) -> bool:
    """Whether a workbook begins with the record that says how it is encrypted; the library knows only some kinds."""
    for match in _FIRST_RECORD.finditer(chunk):
        if match.start() % _BLOCK:
            continue
        position, record = match.start(), _WRITE_PROTECT
        while record == _WRITE_PROTECT:
            position += 4 + int.from_bytes(chunk[position + 2 : position + 4], "little")
            record = int.from_bytes(chunk[position : position + 2], "little")
        if record == _FILE_PASS:
            return True
    return False
