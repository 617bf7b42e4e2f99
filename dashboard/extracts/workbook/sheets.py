"""What every sheet of rows in a workbook shares: header, filter, frozen pane, printing."""

from collections.abc import Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from dashboard.extracts.workbook.cells import PAPER_A4, WRAPPED, Column, Kind, bold, lay_out_columns
from dashboard.formats import excel_date_format

SAMPLE_RED = "B3261E"
HEADING_BLUE = "1F4E79"
_PERCENT = {"en": '0"%"', "fr": '0\u202f"%"', "es": '0\u00a0"%"'}


def number_formats(lang: str) -> dict[Kind, str]:
    """The formats of dates, percentages and fractions as the reader's language writes them."""
    return {"date": excel_date_format(lang), "percent": _PERCENT[lang], "number": "0.000"}


def lay_out_rows(sheet: Any, columns: Sequence[Column], rows: int, *, freeze: str, printed: int | None = None) -> None:
    """What a sheet of `rows` rows looks like on screen and paper; all of it costs nothing a row.

    Args:
        sheet: The sheet.
        columns: Its columns.
        rows: How many rows stand below the header.
        freeze: The cell above and left of which everything stays in view.
        printed: How many columns are printed; all by default.
    """
    lay_out_columns(sheet, columns)
    sheet.freeze_panes = freeze
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[1].alignment = WRAPPED
    sheet.sheet_format.defaultRowHeight = 45  # three lines: a long text does not fill the screen
    sheet.sheet_format.customHeight = True
    sheet.print_area = f"A1:{get_column_letter(printed or len(columns))}{max(rows, 1) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPER_A4
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.gridLines = True
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P / &N"


def mark_as_sample(sheet: Any, words: str) -> None:
    """Say on every printed page and on the sheet's tab that the data is fictional."""
    sheet.sheet_properties.tabColor = SAMPLE_RED
    sheet.oddHeader.center.text = print_text(words.upper())
    sheet.oddHeader.center.font = "-,Bold"
    sheet.oddHeader.center.size = 14
    sheet.oddHeader.center.color = SAMPLE_RED


def header_cell(sheet: Any, text: str, is_sample: bool) -> Any:
    """One heading, white on blue; on red above fictional data."""
    cell = WriteOnlyCell(sheet, text)
    cell.font = bold(color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=SAMPLE_RED if is_sample else HEADING_BLUE)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def add_table(sheet: Any, name: str, headers: Sequence[str], rows: int, top: int = 1) -> None:
    """Make the cells from the row `top` on a table with a filter; Excel calls a table without a row damaged."""
    reference = f"A{top}:{get_column_letter(len(headers))}{max(rows, 1) + top}"
    table = Table(displayName=name, ref=reference)
    table.tableColumns = [TableColumn(id=n, name=header) for n, header in enumerate(headers, start=1)]
    table.autoFilter = AutoFilter(ref=reference)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.tables.add(table)  # add_table warns about write-only sheets, whatever is given


def print_text(text: str) -> str:
    """A text for a page's head or foot, where & is a command and the whole line has 255 characters."""
    return text[:80].replace("&", "&&")
