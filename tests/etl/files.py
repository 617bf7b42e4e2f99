"""Small export files, good and bad, that the tests of the readers make themselves."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import openpyxl

from dashboard.paths import PROJECT
from etl.readers import ExportFile, Sheet, open_export

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
    """All rows of a file's first sheet: number, cells."""
    with open_export(path) as export:
        return load_sheet(export, export.sheets[0], first_row)


def load_sheet(export: ExportFile, sheet: Sheet, first_row: int = 1) -> list[Row]:
    """All rows of one sheet, in the order of the file; the count that `load` returns must agree."""
    with duckdb.connect() as connection:
        count = export.load(connection, sheet, "raw", first_row)
        described = connection.execute("describe raw").fetchall()
        columns = [("source_row", "BIGINT"), *((f"c{n}", "VARCHAR") for n in range(1, sheet.width + 1))]
        assert [column[:2] for column in described] == columns
        rows = connection.execute("select * from raw order by source_row").fetchall()
    assert count == len(rows)
    return rows


def read_with_csv_module(text: str, delimiter: str = ",") -> list[Row]:
    """What Python's csv module makes of a text: number and cells of every row that is not blank."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = max(map(len, records), default=0)
    rows = [[cell.strip(" \t\r\n\xa0") or None for cell in record] for record in records]
    return [(number, *row, *[None] * (width - len(row))) for number, row in enumerate(rows, 1) if any(row)]


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Iterable[str] = ()) -> Path:
    """Write an XLSX file as openpyxl does."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def write_sheet_xml(path: Path, rows: str, dimension: str = "") -> Path:
    """Write an XLSX file whose only sheet has these rows of XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    declared = f'<dimension ref="{dimension}"/>' if dimension else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET.format(dimension=declared, rows=rows))
    return path


def write_ods(path: Path, rows: str, manifest: str = "") -> Path:
    """Write an ODS file whose only sheet has these rows of XML."""
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
            f' xmlns:text="{_OFFICE}text:1.0"><office:body><office:spreadsheet><table:table table:name="Feuille1">'
            f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path
