"""The sheets of rows in a workbook: how the rows of each table are spread over sheets, named, laid out and written."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from dashboard.extracts.fields import Field
from dashboard.extracts.fields import Kind as FieldKind
from dashboard.extracts.rows import Source
from dashboard.extracts.workbook.cells import CellWriter, Column, Counts, Kind, Links, Styles, unique_headers
from dashboard.extracts.workbook.sheets import (
    add_table,
    header_cell,
    lay_out_rows,
    mark_as_sample,
    number_formats,
    print_text,
)
from dashboard.extracts.workbook.stream import stream_rows
from dashboard.formats import format_date
from dashboard.i18n import N_, Translator
from dashboard.processes.progress import tell_progress
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MOST_ROWS = 1_048_575
"""Rows that an Excel sheet holds below its header."""

STREAMED_ABOVE = 250
"""Above so many rows the database writes them, because openpyxl needs five times as long; below nobody notices."""

LONGEST_NAME = 31
"""Characters that the name of a sheet has at most in Excel."""

_CELLS: dict[FieldKind, Kind] = {
    "text": "text",
    "date": "date",
    "percent": "percent",
    "number": "number",
    "integer": "plain",
    "boolean": "plain",
}
_KEPT_IN_VIEW = ("action_id", "id", "title", "action_title")


class DataSheet(NamedTuple):
    """One sheet of rows.

    Attributes:
        source: The rows of its table.
        title: Its name.
        table: The name of its Excel table, the same in every language.
        skip: How many rows of the source stand on the sheets before it.
        rows: How many of them stand on this one.
    """

    source: Source
    title: str
    table: str
    skip: int
    rows: int

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as cells see them."""
        return tuple(_column(field) for field in self.source.fields)

    @property
    def is_streamed(self) -> bool:
        """Whether the database writes the rows."""
        return self.rows > STREAMED_ABOVE

    def headers(self, t: Translator) -> list[str]:
        """The headers in the reader's language, of which no two are equal."""
        return unique_headers(t(field.header) for field in self.source.fields)


def spread(sources: Sequence[Source], taken: Sequence[str], t: Translator, *, is_sample: bool) -> list[DataSheet]:
    """The sheets of rows in their order; a table that is too long for one goes on on the next.

    Args:
        sources: The tables.
        taken: Names of sheets that are in use.
        t: The words of the reader's language.
        is_sample: Whether the data is fictional.
    """
    sheets: list[DataSheet] = []
    names = {name.casefold() for name in taken}
    for source in sources:
        title = t(source.table.title)
        if is_sample and source.table.name == "actions":
            title = t(N_("Actions (fictional data)"))
        for number, skip in enumerate(range(0, max(source.rows, 1), MOST_ROWS), start=1):
            table = source.table.name if number == 1 else f"{source.table.name}_{number}"
            rows = min(MOST_ROWS, source.rows - skip)
            sheets.append(DataSheet(source, _name_sheet(title, number, names), table, skip, rows))
    return sheets


class DataWriter:
    """Writes sheets of rows of one selection."""

    def __init__(self, snapshot: Snapshot, selection: Selection, t: Translator) -> None:
        """Write what a selection holds."""
        self._snapshot = snapshot
        self._selection = selection
        self._t = t

    def write(self, sheet: Any, data: DataSheet, counts: Counts, links: Links) -> Styles:
        """Fill a sheet, without its rows where the database writes them, and give the styles that these need."""
        is_sample = self._snapshot.is_sample
        headers = data.headers(self._t)
        self._lay_out(sheet, data)
        sheet.append([header_cell(sheet, text, is_sample) for text in headers])
        mark = self._t(N_(" […] The rest does not fit into a cell."))
        writer = CellWriter(sheet, data.columns, number_formats(self._selection.lang), mark, counts, links)
        styles = writer.styles()
        if not data.is_streamed:
            for number, row in enumerate(data.source.fetch(data.skip, data.rows), start=1):
                sheet.append(writer.row(row))
                tell_progress(number, data.rows)
        add_table(sheet, data.table, headers, data.rows)
        return styles

    def stream(self, data: DataSheet, styles: Styles, counts: Counts, links: Links) -> Iterator[memoryview]:
        """The rows of a sheet as XML."""
        pieces = list(data.source.pieces(data.skip, data.rows))
        return stream_rows(self._snapshot, pieces, data.columns, styles, counts, links)

    def _lay_out(self, sheet: Any, data: DataSheet) -> None:
        """What the sheet looks like on screen and paper."""
        fields, lang = data.source.fields, self._selection.lang
        lay_out_rows(sheet, data.columns, data.rows, freeze=_freeze(fields), printed=_count_printed(data.source))
        if fields == data.source.table.fields:  # who chose columns wants to see them
            for number, field in enumerate(fields, start=1):
                if field.part == "code":
                    sheet.column_dimensions[get_column_letter(number)].outlineLevel = 1  # folds away with one click
        sheet.oddFooter.left.text = print_text(f"{self._snapshot.campaign[f'title_{lang}']}")
        sheet.oddFooter.center.text = print_text(format_date(self._selection.day(self._snapshot), lang))
        if self._snapshot.is_sample:
            mark_as_sample(sheet, self._t(N_("Fictional data")))


def _column(field: Field) -> Column:
    return Column(field.name, field.header, field.shown_width, "link" if field.is_link else _CELLS[field.kind])


def _freeze(fields: Sequence[Field]) -> str:
    """The cell above and left of which everything stays in view: the header, and the columns that name the row."""
    kept = 0
    while kept < min(2, len(fields) - 1) and fields[kept].name in _KEPT_IN_VIEW:
        kept += 1
    return f"{get_column_letter(kept + 1)}2"


def _count_printed(source: Source) -> int:
    """How many columns are printed: those meant for it, which come first, or all that somebody has chosen."""
    if source.fields != source.table.fields:
        return len(source.fields)
    return sum(field.part == "printed" for field in source.fields) or len(source.fields)


def _name_sheet(title: str, number: int, taken: set[str]) -> str:
    """A name for a sheet that none has yet; grows `taken`."""
    while True:
        ending = f" {number}" if number > 1 else ""
        name = f"{title[: LONGEST_NAME - len(ending)].rstrip()}{ending}"
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
        number += 1
