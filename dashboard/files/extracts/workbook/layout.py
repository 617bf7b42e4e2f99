"""The look of a workbook's sheets and cells: columns, headers, filters, printing; text that stays text.

Every workbook of the dashboard uses this module. The database writes the rows of extracts with
the same styles (`dashboard.files.extracts.workbook.data`); `CellWriter` writes the few rows of other sheets.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from dashboard.formats import excel_date_format, shorten, whole_percent_format
from dashboard.ground.files.formula_guard import SIGNS
from dashboard.i18n import N_, Translator
from dashboard.languages import is_rtl

Kind = Literal["text", "link", "date", "percent", "number", "amount", "plain"]
"""How a column's values become cells; `plain` are whole numbers, and TRUE or FALSE."""

LONGEST_TEXT = 32_767
"""Excel's limit for one cell, in UTF-16 units."""

LONGEST_NAME = 31
"""Excel's limit for the name of a sheet."""

LONGEST_LINK = 2_000
"""Excel repairs a workbook whose hyperlinks are longer than about 2,080 characters; a longer one stays text."""

FIRST_DATE = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; dates before it are written as text."""

WRAPPED = Alignment(vertical="top", wrap_text=True)
TO_RIGHT = Alignment(horizontal="right", vertical="top", indent=1)
"""The indent of figures: it separates them from the words of the next column."""
LINK_BLUE = "0563C1"
SAMPLE_RED = "B3261E"
HEADING_BLUE = "1F4E79"
PAPER_A4 = 9
"""Excel's number of the paper size."""

LINE_HEIGHT = 15.0
"""Points of a line of 11 points, the rows' usual height."""

LONGEST_FOOTER = 150
"""The longest text above or below a printed page, in characters; the whole line holds 255, with its commands."""

LONGEST_BESIDE_SAMPLE = 70
"""The longest text above a page beside the words that its data is fictional, in characters."""

COUNT_FORMAT = "#,##0"

_SIDES, _TOP = 0.4, 0.65
_PAGE_HEIGHT = 8.27 - 2 * _TOP
_PAGE_WIDTH = 11 - 2 * _SIDES
"""Inches of a landscape page: as high as A4, and as wide as American letter paper, so that it fits on both."""
_DIGIT = 8
"""Pixels of a digit, the unit of columns: 7 in Excel, more where Calibri is missing."""
_NARROW = frozenset("fijlrtI.,;:!|'’()[]/- \u00a0\u202f·")
_WIDE = frozenset("mwMW%@—…ŒœÆæ")
_FOR_OTHER_FONTS = 1.06
"""The factor of the wider typeface in place of a missing Calibri."""

# Characters that XML 1.0 cannot hold: Excel would refuse the whole file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
GUARDED_SIGNS = rf"{SIGNS}\n#"
"""Beginnings that a spreadsheet may take for a formula or an error value in a text typed again or saved as CSV."""
_GUARDED = re.compile(f"[{GUARDED_SIGNS}]")
# Text that Excel reads as one character given by its number.
_ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Column(NamedTuple):
    """One column of a table: the query's column, its header (translated when written), width and kind."""

    name: str
    header: str
    width: float
    kind: Kind = "text"


def number_formats(lang: str) -> dict[Kind, str]:
    """Return the formats of dates, percentages and fractions as the reader's language writes them."""
    return {"date": excel_date_format(lang), "percent": whole_percent_format(lang), "number": "0.000"}


class StyledCells:
    """The cells of rows, one a style and used again for every value: styling a cell is slow.

    Attributes:
        text: Wraps its text at the top of the cell.
        plain: A whole number, or TRUE or FALSE.
        guarded: A text that a spreadsheet might take for a formula.
        link: A web address that can be followed.
        formatted: Numbers and dates by their kind.
    """

    def __init__(self, sheet: Any, formats: Mapping[Kind, str]) -> None:
        """Make them for a sheet; `formats` are number formats by kind."""
        self.text = WriteOnlyCell(sheet)
        self.text.alignment = WRAPPED
        self.plain = WriteOnlyCell(sheet)
        self.plain.alignment = TO_RIGHT
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
            cell.alignment = TO_RIGHT
            self.formatted[kind] = cell


class CellWriter:
    """A writer of a row's values as cells of one sheet."""

    def __init__(self, sheet: Any, columns: Iterable[Column], formats: Mapping[Kind, str], mark: str) -> None:
        """Write for `columns`; `formats` are number formats by kind, `mark` ends a text that was cut."""
        self._cells = StyledCells(sheet, formats)
        self._mark = mark
        makers: dict[Kind, Callable[[Any], Any]] = {"text": self.text, "date": self._date, "plain": self._plain}
        makers |= {"percent": self._percent, "number": self._number}
        self._makers = [makers[column.kind] for column in columns]

    def row(self, values: Iterable[Any]) -> Iterator[Any]:
        """Yield the cells of one row; take each before the next, because some are the same object."""
        for make, value in zip(self._makers, values, strict=True):
            yield None if value is None else make(value)

    def text(self, value: str) -> Any:
        """Make a text that stays text: without what XML forbids, cut to what Excel can hold."""
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
        return _fill(self._cells.plain, value)


def as_written(text: str) -> str:
    """Return a text in which Excel will not read `_x0041_` as the character of that number."""
    return _ENCODED.sub("_x005F_", text)


def bold(size: float = 11, color: str = "000000") -> Font:
    """Return the workbook's own typeface in bold."""
    return Font(name="Calibri", family=2, bold=True, size=size, color=color)


def link_font() -> Font:
    """Return the look of a web address that can be followed."""
    return Font(name="Calibri", family=2, underline="single", color=LINK_BLUE)


def header_cell(sheet: Any, text: str, is_sample: bool, kind: Kind = "text") -> Any:
    """Make one heading, white on blue, on red above fictional data; above figures at the right like them."""
    cell = WriteOnlyCell(sheet, text)
    is_text = kind in ("text", "link")
    cell.font = bold(color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=SAMPLE_RED if is_sample else HEADING_BLUE)
    side = {} if is_text else {"horizontal": "right", "indent": 2}  # the button of a table's filter stands there
    cell.alignment = Alignment(vertical="center", wrap_text=True, **side)
    return cell


def count_lines(text: str, width: float, *, is_bold: bool = False) -> int:
    """Count the lines of a text in a column of a width, at 11 points, broken between words.

    Programs calculate this themselves for rows without a height, and each differently; where a chart stands below,
    or a text runs over several columns, the height has to be given.
    """
    room = max(width - 1, 1)
    space = _letter_width(" ")
    scale = _FOR_OTHER_FONTS * (1.05 if is_bold else 1)
    lines = 0
    for part in text.split("\n"):
        lines, line_width = lines + 1, 0.0
        for word in part.split(" "):
            word_width = scale * sum(map(_letter_width, word))
            if line_width and line_width + space + word_width > room:
                lines, line_width = lines + 1, 0.0
            broken, rest = divmod(word_width, room)  # a word that is longer than the line
            lines += int(broken)
            line_width += space + (rest if broken else word_width)
    return lines


def _letter_width(letter: str) -> float:
    """Return a letter's width in digits, the unit of columns."""
    if letter in _NARROW:
        return 0.6
    if letter in _WIDE:
        return 1.6
    return 1.2 if letter.isupper() else 1.0


def unique_headers(headers: Iterable[str]) -> list[str]:
    """Make headers that are unequal without regard to case, as an Excel table demands."""
    folded_names: set[str] = set()
    result = []
    for header in headers:
        name, number = header, 2
        while name.casefold() in folded_names:
            name, number = f"{header} {number}", number + 1
        folded_names.add(name.casefold())
        result.append(name)
    return result


def lay_out_columns(sheet: Any, columns: Iterable[Column]) -> None:
    """Set the columns' widths, and the look of cells that hold nothing yet."""
    for number, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.alignment = WRAPPED


def head_height(headers: Iterable[tuple[str, float]]) -> float:
    """Return the height in points of a row of headers: the lines of the longest in the width of its column."""
    lines = max((count_lines(text, width - 3, is_bold=True) for text, width in headers), default=1)
    return LINE_HEIGHT * max(lines, 2) + 2


def set_up_page(
    sheet: Any, source: str, heading: str = "", *, is_upright: bool = False, scale: int | None = None, pages: int = 0
) -> None:
    """Print on A4 with narrow margins, as wide as the paper; at the foot stand the source and the page, n of N.

    Args:
        sheet: The sheet.
        source: The publisher of the figures, and their day.
        heading: The text above each page: a description of the rows.
        is_upright: Portrait, not landscape.
        pages: The page limit; 0 for any number.
        scale: In percent, where breaks between pages are set: programs that fit a sheet to the paper ignore them.
    """
    sheet.page_setup.paperSize = PAPER_A4
    sheet.page_setup.orientation = "portrait" if is_upright else "landscape"
    sheet.page_margins = PageMargins(_SIDES, _SIDES, _TOP, _TOP, 0.3, 0.3)
    if scale is None:
        sheet.page_setup.fitToHeight = pages
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    else:
        sheet.page_setup.scale = scale
    sheet.HeaderFooter.scaleWithDoc = False  # small figures do not make the foot small
    if heading:
        sheet.oddHeader.left.text, sheet.oddHeader.left.size = print_text(heading), 8
    sheet.oddFooter.left.text, sheet.oddFooter.left.size = print_text(source), 8
    sheet.oddFooter.right.text, sheet.oddFooter.right.size = "&P / &N", 8


def scale_to_page(widths: Iterable[float], height: float) -> int:
    """Find the percentage at which columns of these widths and `height` points of rows fit on a landscape page."""
    inches = sum(width * _DIGIT + 5 for width in widths) / 96
    return max(10, min(100, int(100 * min(_PAGE_WIDTH / inches, 72 * _PAGE_HEIGHT / height))))


def create_sheet(workbook: Workbook, name: str, lang: str) -> Any:
    """Add a sheet, with its first column on the right where the language is written from right to left."""
    sheet = workbook.create_sheet(name)
    sheet.sheet_view.rightToLeft = is_rtl(lang) or None
    return sheet


def lay_out_rows(
    sheet: Any,
    columns: Sequence[Column],
    rows: int,
    source: str,
    *,
    freeze: str,
    printed: int | None = None,
    heading: str = "",
) -> None:
    """Set the look of a sheet of `rows` rows on screen and paper; none of it costs anything per row.

    Cells above and left of the cell `freeze` stay in view; the first `printed` columns are printed, all by default.
    `heading` stands above each printed page, `source` below it.
    """
    lay_out_columns(sheet, columns)
    sheet.freeze_panes = freeze
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[1].alignment = WRAPPED
    sheet.sheet_format.defaultRowHeight = 45  # three lines: a long text does not fill the screen
    sheet.sheet_format.customHeight = True
    sheet.print_area = f"A1:{get_column_letter(printed or len(columns))}{max(rows, 1) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.print_options.gridLines = True
    set_up_page(sheet, source, heading)


def mark_as_sample(sheet: Any, words: str) -> None:
    """Say on every printed page and on the sheet's tab that the data is fictional."""
    sheet.sheet_properties.tabColor = SAMPLE_RED
    if heading := sheet.oddHeader.left.text:
        sheet.oddHeader.left.text = print_text(heading.replace("&&", "&"), LONGEST_BESIDE_SAMPLE)
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


def write_table(
    workbook: Workbook,
    title: str,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Iterable[Any]],
    count: int,
    source: str,
    t: Translator,
    *,
    is_sample: bool = False,
) -> Any:
    """Add a sheet that is one table of plain values; its first column and its headers stay in view.

    `name`: the table's name in formulas.
    `count`: the number of rows, which are taken one by one.
    `source`: the text below each printed page.
    """
    sheet = create_sheet(workbook, title[:LONGEST_NAME], t.language)
    lay_out_rows(sheet, columns, count, source, freeze="B2")
    if is_sample:
        mark_as_sample(sheet, t(N_("Fictional data")))
    headers = unique_headers(t(column.header) for column in columns)
    heads = list(zip(headers, columns, strict=True))
    sheet.row_dimensions[1].height = head_height((text, column.width) for text, column in heads)
    sheet.append([header_cell(sheet, text, is_sample, column.kind) for text, column in heads])
    mark = t(N_(" […] The rest does not fit into a cell."))
    writer = CellWriter(sheet, columns, number_formats(t.language), mark)
    for row in rows:
        sheet.append(writer.row(row))
    add_table(sheet, name, headers, count)
    return sheet


def print_text(text: str, longest: int = LONGEST_FOOTER) -> str:
    """Return a text for a page's head or foot, where & is a command and the whole line has 255 characters."""
    return shorten(text, longest).replace("&", "&&")


def _fill(cell: Any, value: Any) -> Any:
    cell.value = value
    return cell
