"""What a zipped workbook claims and holds, looked at before it is unpacked.

A sheet is unpacked into a full rectangle of cells: one stray cell in the last corner of a sheet, or a small file that
unpacks to something huge, would take all memory and end the program.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from etl.readers.sheets import ReadError

MAX_CELLS = 50_000_000  # of a sheet's used range; about 1.6 GB while it is read
MAX_UNPACKED = 1 << 30
MAX_RATIO = 200
CHUNK = 1 << 20

_ROW = re.compile(rb'[^>]*?\sr="(\d+)"')
_WIDE_CELL = re.compile(rb' r="([A-Z]{2,3})\d+"')
_VALUE_TAGS = {"v", "t"}
_ROW_RECORD = 0
_CELL_RECORDS = range(2, 12)


@dataclass
class Archive:
    """A zipped workbook.

    Attributes:
        kind: xlsx, xlsb or ods.
        charts: Names of sheets that are charts, not tables.
    """

    kind: str
    charts: set[str] = field(default_factory=set)


def inspect_archive(path: Path) -> Archive:
    """Return what kind of workbook a ZIP file is.

    Raises:
        ReadError: It is none, is damaged or protected, or would take too much memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(path.name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, NotImplementedError, RuntimeError) as error:
        raise make_damage_error(path.name) from error


def make_damage_error(name: str) -> ReadError:
    """Return the error for a workbook that cannot be opened."""
    return ReadError(f"“{name}” is damaged or cut short: it cannot be opened as a workbook.", "Export it again.")


def make_password_error(name: str) -> ReadError:
    """Return the error for a workbook that asks for a password."""
    return ReadError(f"“{name}” is protected by a password.", "Save it without a password.")


def _inspect(name: str, archive: zipfile.ZipFile) -> Archive:
    members = set(archive.namelist())
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED and unpacked > MAX_RATIO * packed:
        raise ReadError(
            f"“{name}” would unpack to {unpacked / (1 << 30):.1f} GB, which no workbook of its size holds.",
            "Export it again as CSV.",
        )
    if "xl/workbook.bin" in members:
        for member in sorted(members):
            if re.fullmatch(r"xl/worksheets/[^/]+\.bin", member) and "binaryIndex" not in member:
                with archive.open(member) as stream:
                    _refuse_sparse(name, None, _measure_binary_sheet(stream.read()))
        return Archive("xlsb")
    if "xl/workbook.xml" in members:
        return _inspect_xlsx(name, archive, members)
    if "content.xml" in members:
        if "META-INF/manifest.xml" in members and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise make_password_error(name)
        return Archive("ods")
    raise ReadError(f"“{name}” is a ZIP archive, but not a workbook.", "Unpack it and put the files in its place.")


def _inspect_xlsx(name: str, archive: zipfile.ZipFile, members: set[str]) -> Archive:
    result = Archive("xlsx")
    parts = _list_parts(archive, members)
    for sheet, part in parts.items():
        if "chartsheets/" in part:
            result.charts.add(sheet)
        elif part in members:
            with archive.open(part) as stream:
                size = _estimate_sheet(stream)
            if size[0] * size[1] > MAX_CELLS:
                with archive.open(part) as stream:
                    _refuse_sparse(name, sheet, _measure_sheet(stream))
    return result


def _list_parts(archive: zipfile.ZipFile, members: set[str]) -> dict[str, str]:
    """Return which part of an XLSX file holds each sheet."""
    targets: dict[str, str] = {}
    parts: dict[str, str] = {}

    def note_target(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def note_sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for key, value in attributes.items() if key.endswith(":id")]
            parts[attributes.get("name", "")] = targets.get(ids[0], "") if ids else ""

    if "xl/_rels/workbook.xml.rels" in members:
        _parse_xml(archive.open("xl/_rels/workbook.xml.rels"), note_target)
    _parse_xml(archive.open("xl/workbook.xml"), note_sheet)
    return parts


def _parse_xml(stream: IO[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    with stream:
        parser.ParseFile(stream)


def _refuse_sparse(name: str, sheet: str | None, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_CELLS:
        where = f"sheet “{sheet}” of “{name}”" if sheet else f"a sheet of “{name}”"
        raise ReadError(
            f"The used range of {where} is {size[0]:,} rows by {size[1]:,} columns, too much to read.",
            "Delete the stray cells far below or to the right of the table and save it again, or save it as CSV.",
        )


def _iterate_overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    tail = b""
    while chunk := stream.read(CHUNK):
        yield tail + chunk
        tail = chunk[-256:]


def _estimate_sheet(stream: IO[bytes]) -> tuple[int, int]:
    """Return rows and columns that are certainly enough; cells without a value may count."""
    rows, columns = 0, 26
    for chunk in _iterate_overlapping(stream):
        # Rows stand in ascending order, so the last one of each chunk is enough.
        last = _ROW.match(chunk, max(chunk.rfind(b"<row"), chunk.rfind(b":row"), 0) + 4)
        rows = max(rows, int(last[1])) if last else rows
        if _WIDE_CELL.search(chunk):
            columns = max(columns, *(_number_column(letters) for letters in set(_WIDE_CELL.findall(chunk))))
    return rows, columns


def _number_column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _measure_sheet(stream: IO[bytes]) -> tuple[int, int]:
    """Return rows and columns up to the last cell that has a value."""
    rows = columns = 0
    cell = b""

    def note(tag: str, attributes: dict[str, str]) -> None:
        nonlocal rows, columns, cell
        if tag == "c":
            cell = attributes.get("r", "").encode()
        elif tag in _VALUE_TAGS and cell:
            letters = cell.rstrip(b"0123456789")
            columns = max(columns, _number_column(letters))
            rows = max(rows, int(cell[len(letters) :] or b"0"))

    _parse_xml(stream, note)
    return rows, columns


def _measure_binary_sheet(content: bytes) -> tuple[int, int]:
    """Return rows and columns up to the last cell that has a value, of an XLSB sheet."""
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
    return rows, columns


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
