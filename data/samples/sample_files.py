"""Writing the sample files: workbooks and CSV that have the same bytes on every run."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

SAVED_AT = datetime(2022, 2, 1, 9, 0, 0)  # stated as the files' own date, whenever they are made
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_BLANK_ROWS = 3
_DATE, _DATE_TIME = "yyyy-mm-dd", "m/d/yy h:mm:ss"


def add_sheet(
    workbook: Workbook, name: str, headers: Sequence[str], rows: Iterable[Sequence[object]], above: Sequence[str] = ()
) -> None:
    """Add one sheet: lines above the header, the header, the rows, and a few formatted rows without content."""
    sheet = workbook.create_sheet(name)
    line = 1
    for text in above:
        sheet.cell(line, 1, text or None)
        line += 1
    for column, header in enumerate(headers, start=1):
        sheet.cell(line, column, header).font = Font(bold=True)
    for row in rows:
        line += 1
        for column, value in enumerate(row, start=1):
            _write(sheet, line, column, value)
    for blank in range(line + 1, line + 1 + _BLANK_ROWS):
        sheet.cell(blank, 1).number_format = "0"


def save_workbook(workbook: Workbook, path: Path) -> None:
    """Save a workbook with fixed dates inside it and inside its container."""
    workbook.properties.creator = "Sample"
    workbook.properties.created = SAVED_AT
    saved = io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":  # the writer puts the time of saving here
                content = _MODIFIED.sub(
                    rb"\g<1>" + SAVED_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", content
                )
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content, compresslevel=9)


def save_csv(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str,
    encoding: str,
    quote_all: bool,
    blank_rows: int = 2,
) -> None:
    """Save a CSV with Windows line ends, and with two empty rows at its end, as downloads often have."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    writer.writerow(headers)
    writer.writerows(rows)
    writer.writerows([[""] * len(headers)] * blank_rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _write(sheet: Worksheet, line: int, column: int, value: object) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(line, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with "=" is no formula
    elif isinstance(value, datetime):
        cell.number_format = _DATE_TIME
    elif isinstance(value, date):
        cell.number_format = _DATE
