"""A table of a file that people edit by hand: read from an export, changed by `edits`, written as a file again."""

import csv
import io
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from html import escape
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.etl.files import make_compound

Cell = str | int | float | datetime | date | None
Row = list[Cell]


@dataclass(frozen=True)
class Table:
    """The table of a file: its rows, with the headers above them; and its notation.

    Attributes:
        codes: The headers of columns with codes; the first has the greatest effect on figures, such as the status.
        ids: The headers of columns that identify a row.
        below: Further header rows.
        above: Lines above the header.
        others: The other sheets of the workbook.
        hidden: The sheets that are hidden.
        columns_before: Empty columns left of the table.
        line_end: The end of a line of text.
        first_line: The first line of text, before the table.
        hidden_rows: Rows (from 0) that a filter hides.
        merged: First and last row (from 0) and column of merged cells.
        noted: Cells (row, column) with a comment.
        lost: The number of letters missing at the end of a text.
        saved_as: The file's name, with `{}` for its old name without the extension.
        is_locked: Whether the workbook has a password.
        is_page: Whether it is a web page that is called a workbook.
    """

    header: Row
    rows: list[Row]
    codes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    is_workbook: bool = False
    sheet: str = "Sheet1"
    below: list[Row] = field(default_factory=list)
    above: list[Row] = field(default_factory=list)
    others: dict[str, list[Row]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    columns_before: int = 0
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    first_line: str = ""
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()
    noted: tuple[tuple[int, int], ...] = ()
    lost: int = 0
    saved_as: str = "{}"
    is_locked: bool = False
    is_page: bool = False

    @property
    def code(self) -> int | None:
        """Return the column of the first code, where there is one."""
        return next((self.header.index(name) for name in self.codes if name in self.header), None)

    @property
    def lines(self) -> list[Row]:
        """Return every line of the sheet."""
        blank: Row = [None] * self.columns_before
        return [[*blank, *row] for row in (*self.above, self.header, *self.below, *self.rows)]

    def by_column(self, change: Callable[[Row, int], Row]) -> "Table":
        """Change every line of the table alike; `change` gets its row, -1 for the header, -2 for those below it."""
        return replace(
            self,
            header=change(self.header, -1),
            below=[change(row, -2) for row in self.below],
            rows=[change(row, number) for number, row in enumerate(self.rows)],
        )

    def in_rows(self, change: Callable[[Row], Row]) -> "Table":
        """Change every row of the table."""
        return replace(self, rows=[change(row) for row in self.rows])

    def in_column(self, at: int, change: Callable[[Cell], Cell]) -> "Table":
        """Change every filled cell of a column of the table."""
        return self.in_rows(
            lambda row: [change(c) if i == at and c not in (None, "") else c for i, c in enumerate(row)]
        )

    def name(self, stem: str) -> str:
        """Return the new name of the file with the old name `stem`."""
        return self.saved_as.format(stem) + (".xlsx" if self.is_workbook else ".csv")

    def write(self) -> bytes:
        """Return the file."""
        if self.is_page:
            cells = ["".join(f"<td>{escape(str(cell or ''))}</td>" for cell in row) for row in self.lines]
            return f"<html><body><table><tr>{'</tr><tr>'.join(cells)}</tr></table></body></html>".encode()
        return self._as_workbook() if self.is_workbook else self._as_text()

    def _as_text(self) -> bytes:
        out = io.StringIO(newline="")
        # Python quotes cells with the line end that it writes, and no other.
        quoting = csv.QUOTE_ALL if self.line_end == "\r" else csv.QUOTE_MINIMAL
        csv.writer(out, delimiter=self.delimiter, lineterminator=self.line_end, quoting=quoting).writerows(self.lines)
        text = self.first_line + out.getvalue()
        return text[: len(text) - self.lost].encode(self.encoding)

    def _as_workbook(self) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = self.sheet
        for row in self.lines:
            _append(sheet, row)
        first = 2 + len(self.above) + len(self.below)
        for number in self.hidden_rows:
            sheet.row_dimensions[first + number].hidden = True
        for start, end, column in self.merged:
            at = column + 1 + self.columns_before
            sheet.merge_cells(start_row=first + start, end_row=first + end, start_column=at, end_column=at)
        for number, column in self.noted:
            cell = sheet.cell(first + number, column + 1 + self.columns_before)
            cell.comment = Comment("Please check with the office: completed in Kenya?", "Sample Person 001")
        for name, rows in self.others.items():
            other = book.create_sheet(name)
            for row in rows:
                _append(other, row)
        for sheet in book.worksheets:
            sheet.sheet_state = "hidden" if sheet.title in self.hidden else "visible"
        out = io.BytesIO()
        book.save(out)
        return make_compound({"EncryptedPackage": out.getvalue()[:4096]}) if self.is_locked else out.getvalue()


def _append(sheet: Worksheet, row: Row) -> None:
    """Put a row below those of a sheet; a text that begins like a formula is none."""
    sheet.append(row)
    for cell in sheet[sheet.max_row] if any(isinstance(c, str) and c.startswith("=") for c in row) else ():
        cell.data_type = "s" if cell.data_type == "f" else cell.data_type


def read_text(path: Path, encoding: str, *, header: int = 1, below: int = 0, rows: int | None = None) -> Table:
    """Read the table of a text file: its header row (from 1), further header rows, at most so many rows."""
    text = path.read_bytes().decode(encoding)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    lines: list[Row] = [[*line] for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    written = encoding if encoding != "utf-8-sig" else "utf-8"
    return replace(_cut(lines, header, below, rows), delimiter=delimiter, encoding=written)


def read_workbook(
    path: Path, sheet: str, *, header: int = 1, below: int = 0, rows: int | None = None, others: int | None = None
) -> Table:
    """Read the table of one sheet of a workbook; at most so many rows of it, and of each other sheet."""
    book = openpyxl.load_workbook(path, data_only=True)
    lines = {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book.worksheets}
    table = _cut(lines.pop(sheet), header, below, rows)
    shorter = {name: copy(rows if others is None else rows[:others]) for name, rows in lines.items()}
    return replace(table, is_workbook=True, sheet=sheet, others=shorter)


def _cut(lines: Sequence[Row], header: int, below: int, rows: int | None) -> Table:
    first = header + below
    filled = [row for row in lines[first:] if any(cell not in (None, "") for cell in row)]
    return Table(
        lines[header - 1], filled[:rows], above=list(lines[: header - 1]), below=list(lines[header:first]),
        line_end="\r\n",
    )  # fmt: skip
