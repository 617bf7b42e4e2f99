"""A codelist as a spreadsheet: written for people who change many members at once, and read back."""

import csv
import io
import zipfile
from collections.abc import Sequence

from dashboard.errors import UserError, sentence
from dashboard.ground.files.csv_editor import CsvText, parse_rows
from dashboard.i18n import N_

MOST_BYTES = 2_000_000
"""The size limit of a list that is read back; the countries are 0.1 MB."""
MOST_UNPACKED = 30_000_000
_WIDTHS = {"code": 24, "aliases": 80, "sort_order": 11, "countries": 40, "source": 40}
_WIDTH = 32


class SheetError(UserError):
    """A spreadsheet cannot be read as a codelist."""


def write_workbook(text: str, title: str) -> bytes:
    """Write a codelist's text as an Excel workbook of one sheet: every cell as text, so that none is read as a date."""
    from xlsxwriter import Workbook  # not for pages that offer none

    file, target = CsvText(text), io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31])
        plain = book.add_format({"num_format": "@", "valign": "top"})
        head = book.add_format({"bold": True, "bottom": 1})
        for number, name in enumerate(file.header):
            sheet.set_column(number, number, _WIDTHS.get(name, _WIDTH), plain)
        sheet.write_row(0, 0, file.header, head)
        for number, line in enumerate(file.lines, start=1):
            for place, cell in enumerate(line.cells):
                sheet.write_string(number, place, cell.value, plain)
        sheet.freeze_panes(1, 1)
    return target.getvalue()


def read_rows(data: bytes, name: str) -> list[dict[str, str]]:
    """Read the rows of a returned list by column: from an Excel workbook its first sheet, else from CSV in UTF-8.

    Raises:
        SheetError: it is neither, it is too large, or it has no column of codes.
    """
    if len(data) > MOST_BYTES:
        raise SheetError(sentence(N_("“{name}” is too large for a codelist."), name=name), N_("Choose another file."))
    lines = _read_workbook(data, name) if data[:2] == b"PK" else _read_csv(data, name)
    header = [cell.strip() for cell in lines[0]] if lines else []
    if "code" not in header:
        raise SheetError(
            sentence(N_("“{name}” has no column code in its first line."), name=name),
            N_("Download the list here and change that file."),
        )
    rows = ({column: cell.strip() for column, cell in zip(header, line, strict=False) if column} for line in lines[1:])
    return [row for row in rows if any(row.values())]


def _read_csv(data: bytes, name: str) -> Sequence[Sequence[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(
            sentence(N_("“{name}” is not written in UTF-8."), name=name), N_("Save it as CSV UTF-8.")
        ) from error
    try:
        return parse_rows(text.replace("\r\n", "\n").replace("\r", "\n"))
    except csv.Error as error:
        raise _unreadable(name) from error


def _read_workbook(data: bytes, name: str) -> Sequence[Sequence[str]]:
    import fastexcel  # not for pages that read none

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _unreadable(name)
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string")
        columns = sheet.to_arrow().to_pydict().values()
    except (fastexcel.FastExcelError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable(name) from error
    return [[_plain(cell) for cell in line] for line in zip(*columns, strict=True)]


def _plain(cell: object) -> str:
    """Return a cell as text; a whole number as it is written."""
    text = "" if cell is None else str(cell)
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _unreadable(name: str) -> SheetError:
    return SheetError(
        sentence(N_("“{name}” cannot be read."), name=name), N_("Save it as an Excel workbook (xlsx) or as CSV UTF-8.")
    )
