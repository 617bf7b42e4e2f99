"""Cells of a workbook: text that stays text, dates and numbers with their formats, widths of columns."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook import Workbook

Kind = Literal["text", "link", "date", "percent", "number", "plain"]
"""How a column's values become cells; `plain` are whole numbers, and TRUE or FALSE."""

LONGEST_TEXT = 32_767
"""Excel's limit for one cell, in UTF-16 units."""

FIRST_DATE = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was; dates before it are written as text."""

WRAPPED = Alignment(vertical="top", wrap_text=True)
PAPER_A4 = 9
"""Excel's number of the paper size."""

LINK = (
    r"[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9.-]+(:[0-9]{1,5})?"
    r"([/?]([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
)
"""What a whole text must be to become a link: Excel calls a workbook damaged for an address that is none."""

LONGEST_LINK = 2_000
"""Excel repairs a workbook whose hyperlinks are longer than about 2,080 characters; a longer one stays text."""

MOST_LINKS = 65_530
"""Excel's limit for one sheet; what comes after stays text."""

LINK_BLUE = "0563C1"

# What XML 1.0 cannot hold: Excel would refuse the whole file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet may take for a formula or an error value when the text is typed again or saved as CSV.
_GUARDED = re.compile(r"[=+\-@\t\r\n#]")
# What Excel reads as one character given by its number.
_ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINK = re.compile(LINK)


class Column(NamedTuple):
    """One column of a table: the query's column, its header (translated when written), width and kind."""

    name: str
    header: str
    width: float
    kind: Kind = "text"


@dataclass
class Counts:
    """What had to be changed so that the cells could be written."""

    cleaned: int = 0
    cut: int = 0


class Styles(NamedTuple):
    """The workbook's numbers of the styles that cells have, and the mark that ends a text that was cut."""

    guarded: int
    link: int
    date: int
    percent: int
    number: int
    mark: str


class Links:
    """The links of one sheet: the cells and where they lead, not more than Excel takes."""

    def __init__(self) -> None:
        """Begin with none."""
        self.cells: list[tuple[str, str]] = []

    @property
    def room(self) -> int:
        """How many more there may be."""
        return MOST_LINKS - len(self.cells)


def is_link(text: str) -> bool:
    """Whether a text is a web address that a cell can lead to."""
    return len(text) <= LONGEST_LINK and _LINK.fullmatch(text) is not None


def as_written(text: str) -> str:
    """A text in which Excel will not read `_x0041_` as the character of that number."""
    return _ENCODED.sub("_x005F_", text)


class CellWriter:
    """Turns the values of a row into cells of one sheet; the styled ones are reused, since making them is slow."""

    def __init__(
        self,
        sheet: Any,
        columns: Iterable[Column],
        formats: dict[Kind, str],
        mark: str,
        counts: Counts | None = None,
        links: Links | None = None,
    ) -> None:
        """Write for `columns`; `formats` gives number formats by kind, `mark` ends a text that was cut.

        Rows are numbered from 2, below the header; `links` receives the cells that lead somewhere.
        """
        self._links = Links() if links is None else links
        self._row = 1
        self.counts = Counts() if counts is None else counts
        self._mark = mark
        self._guarded = WriteOnlyCell(sheet)
        self._guarded.alignment = WRAPPED
        self._guarded.quotePrefix = True
        self._linked = WriteOnlyCell(sheet)
        self._linked.alignment = WRAPPED
        self._linked.font = Font(name="Calibri", family=2, underline="single", color=LINK_BLUE)
        self._styled = {kind: _styled_cell(sheet, number_format) for kind, number_format in formats.items()}
        makers: dict[Kind, Callable[[Any], Any]] = {
            "text": self.text,
            "link": self.text,
            "date": self._date,
            "percent": partial(self._number, "percent"),
            "number": partial(self._number, "number"),
            "plain": lambda value: value,
        }
        columns = tuple(columns)
        self._makers = [makers[column.kind] for column in columns]
        self._link_letters = {
            number: get_column_letter(number + 1) for number, column in enumerate(columns) if column.kind == "link"
        }

    def row(self, values: Iterable[Any]) -> Iterator[Any]:
        """The cells of one row; take each before the next, because some are the same object."""
        self._row += 1
        for number, (make, value) in enumerate(zip(self._makers, values, strict=True)):
            if value is None:
                yield None
            elif number in self._link_letters:
                yield self._link(f"{self._link_letters[number]}{self._row}", self._clean(value))
            else:
                yield make(value)

    def styles(self) -> Styles:
        """What another writer needs so that its cells look like these."""
        return Styles(
            self._guarded.style_id,
            self._linked.style_id,
            self._styled["date"].style_id,
            self._styled["percent"].style_id,
            self._styled["number"].style_id,
            self._mark,
        )

    def text(self, value: str) -> Any:
        """A text that stays text: what XML forbids is removed, what Excel cannot hold is cut, and both are counted."""
        return self._text_cell(self._clean(value))

    def _clean(self, value: str) -> str:
        cleaned = _FORBIDDEN.sub("", value)
        if cleaned != value:
            self.counts.cleaned += 1
        if len(cleaned) * 2 > LONGEST_TEXT:
            cleaned = self._cut(cleaned)
        return cleaned

    def _text_cell(self, cleaned: str) -> Any:
        cleaned = as_written(cleaned)
        if not _GUARDED.match(cleaned):
            return cleaned or None
        self._guarded.value = cleaned
        self._guarded.data_type = "s"
        return self._guarded

    def _cut(self, value: str) -> str:
        units = value.encode("utf-16-le")
        if len(units) <= 2 * LONGEST_TEXT:
            return value
        self.counts.cut += 1
        room = LONGEST_TEXT - len(self._mark.encode("utf-16-le")) // 2
        return units[: 2 * room].decode("utf-16-le", "ignore") + self._mark

    def _date(self, value: date) -> Any:
        if value < FIRST_DATE:
            return value.isoformat()
        cell = self._styled["date"]
        cell.value = value
        return cell

    def _number(self, kind: Kind, value: float) -> Any:
        cell = self._styled[kind]
        cell.value = value
        return cell

    def _link(self, place: str, address: str) -> Any:
        if self._links.room <= 0 or not is_link(address):
            return self._text_cell(address)
        self._links.cells.append((place, address))
        self._linked.value = as_written(address)
        return self._linked


def wrap_by_default(workbook: Workbook) -> None:
    """Make wrapped, top-aligned text the look of every cell without a style of its own.

    A style a cell more than doubles the time of writing; the workbook's default style costs nothing, and
    openpyxl has no public way to change it. `lay_out_columns` gives the columns the same look.
    """
    style = StyleArray()
    style.alignmentId = workbook._alignments.add(WRAPPED)
    workbook._cell_styles = IndexedList([style])
    workbook._named_styles["Normal"].alignment = WRAPPED  # where LibreOffice looks


def lay_out_columns(sheet: Any, columns: Iterable[Column]) -> None:
    """Set the columns' widths and, since some programs look there first, the default style."""
    for number, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.alignment = WRAPPED


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


def bold(size: float = 11, color: str = "000000") -> Font:
    """The workbook's own typeface in bold."""
    return Font(name="Calibri", family=2, bold=True, size=size, color=color)


def _styled_cell(sheet: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    cell.alignment = Alignment(vertical="top")
    return cell
