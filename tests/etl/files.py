"""Small export files, good and bad, that the tests of the readers make themselves."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb
import openpyxl

from dashboard.paths import PROJECT
from etl.readers.exports import ExportFile, open_export
from etl.readers.sheets import Sheet

EXPORTS = Path(PROJECT).parent / "shared" / "data" / "exports"

Row = tuple[object, ...]

_SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "{dimension}<sheetData>{rows}</sheetData></worksheet>"
)
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def write(path: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    """Write bytes, or text exactly as it is given; return the path."""
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def load(path: Path, first_row: int = 1) -> list[Row]:
    """Return all rows of a file's first sheet: number, cells."""
    with open_export(path) as export:
        return load_sheet(export, export.sheets[0], first_row)


def load_sheet(export: ExportFile, sheet: Sheet, first_row: int = 1) -> list[Row]:
    """Load all rows of one sheet, in the order of the file; the count that `load` returns must agree."""
    connection = _open_database()
    connection.execute("drop table if exists raw")
    count = export.load(connection, sheet, "raw", first_row)
    described = connection.execute("describe raw").fetchall()
    columns = [("source_row", "BIGINT"), *((f"c{n}", "VARCHAR") for n in range(1, sheet.width + 1))]
    assert [column[:2] for column in described] == columns
    rows = connection.execute("select * from raw order by source_row").fetchall()
    assert count == len(rows)
    return rows


@cache
def _open_database() -> duckdb.DuckDBPyConnection:
    """Open one for all tables: opening another takes longer than reading a small file."""
    return duckdb.connect()


def read_with_csv_module(text: str, delimiter: str = ",") -> list[Row]:
    """Read a text with Python's csv module: number and cells of every row that is not blank."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = max(map(len, records), default=0)
    rows = [[cell.strip(" \t\r\n\xa0") or None for cell in record] for record in records]
    return [(number, *row, *[None] * (width - len(row))) for number, row in enumerate(rows, 1) if any(row)]


def make_workbook(
    sheets: Mapping[str, Iterable[Iterable[object]]], change: Callable[[openpyxl.Workbook], object] = lambda _: None
) -> bytes:
    """Make an XLSX file as openpyxl does; `change` gets the workbook with its rows before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Iterable[object]]]) -> Path:
    """Write one."""
    return write(path, make_workbook(sheets))


def inline(reference: str, value: object) -> str:
    """XML of a cell that holds text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def ods_cell(words: object, more: str = "") -> str:
    """XML of a cell of an ODS that holds text."""
    return f'<table:table-cell {more} office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def write_sheet_xml(path: Path, rows: str, dimension: str = "") -> Path:
    """Write an XLSX file whose only sheet has these rows of XML."""
    schemas = "http://schemas.openxmlformats.org"
    relations, package = f"{schemas}/officeDocument/2006/relationships", f"{schemas}/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    declared = f'<dimension ref="{dimension}"/>' if dimension else ""

    def relate(part: str, target: str) -> str:
        link = f'<Relationship Id="r1" Type="{relations}/{part}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{link}</Relationships>'

    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": relate("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{schemas}/spreadsheetml/2006/main" xmlns:r="{relations}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relate("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": _SHEET.format(dimension=declared, rows=rows),
    }
    return write_zip(path, parts)


def write_ods(path: Path, rows: str, manifest: str = "", styles: str = "") -> Path:
    """Write an ODS file whose only sheet has these rows of XML, and which has these automatic styles."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{_OFFICE}manifest:1.0"><manifest:file-entry manifest:full-path="/"'
            f' manifest:media-type="{kind}">{manifest}</manifest:file-entry></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{_OFFICE}office:1.0" xmlns:table="{_OFFICE}table:1.0"'
            f' xmlns:text="{_OFFICE}text:1.0" xmlns:calcext="urn:org:documentfoundation:names:calc:calcext:1.0"'
            f' xmlns:style="{_OFFICE}style:1.0"><office:automatic-styles>{styles}</office:automatic-styles>'
            '<office:body><office:spreadsheet><table:table table:name="Feuille1">'
            f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def make_compound(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """Make a compound file (the container of XLS) with these streams and empty storages, all in its root."""
    end, free, size = 0xFFFFFFFE, 0xFFFFFFFF, 512
    entries = [("Root Entry", 5, end, 0)]
    data, chains = b"", []
    names = [*streams, *storages]
    directory_sectors = (len(names) + 4) // 4
    position = 1 + directory_sectors
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")  # shorter ones would belong into another place
        padded += bytes(-len(padded) % size)
        entries.append((name, 2, position, len(padded)))
        count = len(padded) // size
        chains.append((position, count))
        position, data = position + count, data + padded
    entries += [(name, 1, 0, 0) for name in storages]
    table = [free] * 128
    table[0] = 0xFFFFFFFD
    for start, count in [(1, directory_sectors), *chains]:
        table[start : start + count] = [*range(start + 1, start + count), end]
    directory = b""
    for number, (name, kind, start, length) in enumerate(entries):
        text = f"{name}\0".encode("utf-16-le")
        right = number + 1 if 0 < number < len(entries) - 1 else free
        links = struct.pack("<III", free, right, 1 if not number and names else free)
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links + bytes(36)
        directory += struct.pack("<IQ", start, length)
    directory = directory.ljust(directory_sectors * size, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *table) + directory + data


def write_xls(
    path: Path, rows: Sequence[Sequence[str | float]], *, password: bool = False, macros: bool = False
) -> Path:
    """Write an old XLS workbook of one sheet, optionally with the mark of a password or with macros."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x1000, 1997, 0, 6))

    sheet = start(0x10)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                sheet += record(0x204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            else:
                sheet += record(0x203, place + struct.pack("<d", cell))
    sheet += record(0x0A, b"")
    head = start(5) + (record(0x2F, struct.pack("<HHHH", 0, 1, 2, 3)) if password else b"")
    entry = struct.pack("<BBBB", 0, 0, 6, 0) + b"Sheet1"
    offset = len(head) + 4 + 4 + len(entry) + 4
    book = head + record(0x85, struct.pack("<I", offset) + entry) + record(0x0A, b"") + sheet
    return write(path, make_compound({"Workbook": book}, ["_VBA_PROJECT_CUR"] if macros else []))


def pack_zip(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack a ZIP archive; a name that ends with a slash is a folder."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def write_zip(path: Path, members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write one."""
    return write(path, pack_zip(members, method))
