"""How the sheets of a workbook and their cells look: columns, headers, filters, printing; text that stays text.

What belongs here is what every workbook of the dashboard shares. The rows of extracts are written by the database with
the same styles (`dashboard.extracts.workbook.data`); `CellWriter` writes the few rows of other sheets.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from dashboard.formats import excel_date_format

Kind = Literal["text", "link", "date", "percent", "number", "plain"]
"""How a column's values become cells; `plain` are whole numbers, and TRUE or FALSE."""

LONGEST_TEXT = 32_767
"""Excel's limit for one cell, in UTF-16 units."""

LONGEST_LINK = 2_000
"""Excel repairs a workbook whose hyperlinks are longer than about 2,080 characters; a longer one stays text."""

FIRST_DATE = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; dates before it are written as text."""

WRAPPED = Alignment(vertical="top", wrap_text=True)
LINK_BLUE = "0563C1"
SAMPLE_RED = "B3261E"
HEADING_BLUE = "1F4E79"
PAPER_A4 = 9
"""Excel's number of the paper size."""

_PERCENT = {"en": '0"%"', "fr": '0\u202f"%"', "es": '0\u00a0"%"'}
# What XML 1.0 cannot hold: Excel would refuse the whole file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet may take for a formula or an error value when the text is typed again or saved as CSV.
_GUARDED = re.compile(r"[=+\-@\t\r\n#]")
# What Excel reads as one character given by its number.
_ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Column(NamedTuple):
    """One column of a table: the query's column, its header (translated when written), width and kind."""

    name: str
    header: str
    width: float
    kind: Kind = "text"


def number_formats(lang: str) -> dict[Kind, str]:
    """The formats of dates, percentages and fractions as the reader's language writes them."""
    return {"date": excel_date_format(lang), "percent": _PERCENT[lang], "number": "0.000"}


class StyledCells:
    """The cells that rows are written with, one a style and used again for every value: styling a cell is slow.

    Attributes:
        text: Wraps its text and shows it at the top, as do whole numbers and TRUE or FALSE.
        guarded: A text that a spreadsheet might take for a formula.
        link: A web address that can be followed.
        formatted: Numbers and dates by their kind.
    """

    def __init__(self, sheet: Any, formats: Mapping[Kind, str]) -> None:
        """Make them for a sheet; `formats` are number formats by kind."""
        self.text = WriteOnlyCell(sheet)
        self.text.alignment = WRAPPED
        self.guarded = WriteOnlyCell(sheet)
        self.guarded.alignment = WRAPPED
        self.guarded.quotePrefix = True
        self.link = WriteOnlyCell(sheet)
        self.link.alignment = WRAPPED
        self.link.font = link_font()
        self.formatted: dict[Kind, Any] = {}
        for kind, number_format in formats.items():
            cell = WriteOnlyCell(sheet)
            cell.number_format = number_format
            cell.alignment = Alignment(vertical="top")
            self.formatted[kind] = cell


class CellWriter:
    """Turns the values of a row into cells of one sheet."""

    def __init__(self, sheet: Any, columns: Iterable[Column], formats: Mapping[Kind, str], mark: str) -> None:
        """Write for `columns`; `formats` are number formats by kind, `mark` ends a text that was cut."""
        self._cells = StyledCells(sheet, formats)
        self._mark = mark
        makers: dict[Kind, Callable[[Any], Any]] = {"text": self.text, "date": self._date, "plain": self._plain}
        makers |= {"percent": self._percent, "number": self._number}
        self._makers = [makers[column.kind] for column in columns]

    def row(self, values: Iterable[Any]) -> Iterator[Any]:
        """The cells of one row; take each before the next, because some are the same object."""
        for make, value in zip(self._makers, values, strict=True):
            yield None if value is None else make(value)

    def text(self, value: str) -> Any:
        """A text that stays text: what XML forbids is removed, what Excel cannot hold is cut."""
        text = as_written(self._cut(_FORBIDDEN.sub("", value)))
        if not text:
            return None
        cell = self._cells.guarded if _GUARDED.match(text) else self._cells.text
        cell.value = text
        cell.data_type = "s"
        return cell

    def _cut(self, value: str) -> str:
        if len(value) * 2 <= LONGEST_TEXT:
            return value
        units = value.encode("utf-16-le")
        if len(units) <= 2 * LONGEST_TEXT:
            return value
        room = LONGEST_TEXT - len(self._mark.encode("utf-16-le")) // 2
        return units[: 2 * room].decode("utf-16-le", "ignore") + self._mark

    def _date(self, value: date) -> Any:
        return self.text(value.isoformat()) if value < FIRST_DATE else _fill(self._cells.formatted["date"], value)

    def _percent(self, value: float) -> Any:
        return _fill(self._cells.formatted["percent"], value)

    def _number(self, value: float) -> Any:
        return _fill(self._cells.formatted["number"], value)

    def _plain(self, value: int | bool) -> Any:
        return _fill(self._cells.text, value)


def as_written(text: str) -> str:
    """A text in which Excel will not read `_x0041_` as the character of that number."""
    return _ENCODED.sub("_x005F_", text)


def bold(size: float = 11, color: str = "000000") -> Font:
    """The workbook's own typeface in bold."""
    return Font(name="Calibri", family=2, bold=True, size=size, color=color)


def link_font() -> Font:
    """The look of a web address that can be followed."""
    return Font(name="Calibri", family=2, underline="single", color=LINK_BLUE)


def header_cell(sheet: Any, text: str, is_sample: bool) -> Any:
    """One heading, white on blue; on red above fictional data."""
    cell = WriteOnlyCell(sheet, text)
    cell.font = bold(color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=SAMPLE_RED if is_sample else HEADING_BLUE)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def unique_headers(headers: Iterable[str]) -> list[str]:
    """Headers of which no two are equal without regard to case, as an Excel table demands."""
    taken: set[str] = set()
    result = []
    for header in headers:
        name, number = header, 2
        while name.casefold() in taken:
            name, number = f"{header} {number}", number + 1
        taken.add(name.casefold())
        result.append(name)
    return result


def lay_out_columns(sheet: Any, columns: Iterable[Column]) -> None:
    """Set the columns' widths, and the look of cells that hold nothing yet."""
    for number, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.alignment = WRAPPED


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


def _fill(cell: Any, value: Any) -> Any:
    cell.value = value
    return cell
