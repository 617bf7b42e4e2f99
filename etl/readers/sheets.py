"""The result of every reader: sheets of raw text, and the errors that refuse a file.

The rules of text stand here once: surrounding white space is no part of a value, and an empty value is no value.
"""

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.errors import UserError, map_text

PREVIEW_ROWS = 40
_BLOCK = 2048  # rows that the database works on at a time
_CELLS_AT_ONCE = 200 * _BLOCK
_COLUMNS_AT_ONCE = 1000  # longer lists are taken apart more slowly
_FEW = 1000  # texts that Python packs sooner than it loads pandas
_MOST_JOINED = 1 << 30  # bytes; an array of texts holds up to twice that

# All that Unicode calls white space, the zero-width space and the byte order mark; the soft hyphen and marks of
# left and right; spreadsheets put them around copied text
WHITE_SPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
    "\u00ad\u200e\u200f"
)

PreviewRow = tuple[str | None, ...]
Column = TypeVar("Column")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class ReadError(UserError):
    """A file cannot be read; it names the file, sheet or row, and the remedy."""

    def __init__(self, what: str, remedy: str = "") -> None:
        """Keep both sentences, on one line even where a file's name has line ends."""
        super().__init__(on_one_line(what), on_one_line(remedy))


def on_one_line(words: str) -> str:
    """Return words with line ends and other control characters as blanks."""
    return map_text(words, lambda text: _CONTROL.sub(" ", text))


class Merged(NamedTuple):
    """Cells that are merged into one, whose value stands in the first: rows and columns from 1, the last included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def columns(self) -> int:
        """Count its columns."""
        return self.last_column - self.first_column + 1


class ErrorCells(NamedTuple):
    """Cells of one column (from 1) that hold an error such as #N/A instead of a value: how many, and the first row."""

    column: int
    cells: int
    first_row: int


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Attributes:
        name: The sheet's name; None for delimited text.
        preview: The first rows as a spreadsheet shows them, blank ones included; index 0 is spreadsheet row 1.
        visible: False for a sheet that is hidden in its workbook.
        row_widths: The number of cells in each row of the preview, empty ones included; None for a workbook,
            where each cell has a fixed place, whatever stands before it.
        merged: The merged cells; None where the kind of file has no record of them (XLS, XLSB).
        hidden_rows: The number of rows that a spreadsheet hides, by hand or by a filter; they are read like the others.
        hidden_columns: The same for columns.
        errors: The columns of a workbook with errors in cells, which are read as nothing.
        struck: Rows with struck-through cells, each with their number.
        colours: Rows with a fill colour, each with the colour's name; among the first rows.
        first_row: The first row to read, if no recipe says where the headers are.
    """

    name: str | None
    width: int
    preview: tuple[PreviewRow, ...]
    visible: bool = True
    row_widths: tuple[int, ...] | None = None
    merged: tuple[Merged, ...] | None = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    errors: tuple[ErrorCells, ...] = ()
    struck: tuple[tuple[int, int], ...] = ()
    colours: tuple[tuple[int, str], ...] = ()
    first_row: int = 1


def make_texts(texts: Sequence[str | None]) -> pa.Array:
    """Return texts as Arrow has them; a few ones without `pa.array`, whose first call imports pandas."""
    if len(texts) > _FEW or "pandas" in sys.modules:
        return pa.array(texts, pa.string())
    encoded = [b"" if text is None else text.encode() for text in texts]
    filled = sum(1 << place for place, text in enumerate(texts) if text is not None)
    validity = filled.to_bytes((len(texts) + 7) // 8, "little")
    buffers = [validity, array("i", accumulate(map(len, encoded), initial=0)), b"".join(encoded)]
    return pa.Array.from_buffers(pa.string(), len(texts), [pa.py_buffer(buffer) for buffer in buffers])


def strip_text(value: str | None) -> str | None:
    """Return the value without surrounding white space; None when nothing is left."""
    return (value or "").strip(WHITE_SPACE) or None


def strip_texts(texts: pa.Array) -> pa.Array:
    """Return texts without surrounding white space, null where nothing is left."""
    stripped = pc.utf8_trim(texts, characters=WHITE_SPACE)
    # Without a comparison to "": a Python value among the arguments imports pandas.
    is_filled = pc.binary_length(stripped).cast(pa.bool_())
    return pc.if_else(is_filled, stripped, pa.nulls(len(stripped), pa.string()))


def strip_columns(columns: Sequence[pa.Array]) -> list[pa.Array]:
    """Return columns of equally many texts, stripped as one: in a wide sheet, calls take longer than texts."""
    if not columns or sum(column.nbytes for column in columns) >= _MOST_JOINED:
        return [strip_texts(column) for column in columns]
    rows = len(columns[0])
    stripped = strip_texts(pa.concat_arrays(columns))
    return [stripped.slice(number * rows, rows) for number in range(len(columns))]


def find_filled_rows(columns: Sequence[pa.Array]) -> pa.BooleanArray | None:
    """Return which rows have a value in a column; None where all have one, as the first columns mostly tell."""
    filled: pa.BooleanArray | None = None
    for column in columns:
        if not column.null_count:
            return None
        values = column.is_valid()
        filled = values if filled is None else pc.or_(filled, values)
        if filled.true_count == len(column):
            return None
    return filled


def number_rows(first: int, count: int) -> pa.Array:
    """Return `count` row numbers from `first` on, without `pa.array`, whose first call imports pandas."""
    return pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(array("q", range(first, first + count)))])


def make_preview(rows: Iterable[Iterable[str | None]], width: int) -> tuple[PreviewRow, ...]:
    """Return rows as a preview: stripped, and all `width` cells wide."""
    stripped = ([strip_text(value) for value in row][:width] for row in rows)
    return tuple(tuple(row + [None] * (width - len(row))) for row in stripped)


def list_columns(width: int) -> list[str]:
    """Return the names of a raw table's columns: c1, c2, ..."""
    return [f"c{number}" for number in range(1, width + 1)]


def in_portions(columns: Iterable[Column], rows: Callable[[Column], int]) -> Iterator[list[Column]]:
    """Yield columns by the portion that one statement unnests, of tables that have so many rows.

    It holds a cell of each for a block of rows, and a survey may have thousands of columns; each further statement over
    such a table takes long to plan.
    """
    portion: list[Column] = []
    cells = 0
    for column in columns:
        cells += min(rows(column), _BLOCK)
        if portion and (cells > _CELLS_AT_ONCE or len(portion) == _COLUMNS_AT_ONCE):
            yield portion
            portion, cells = [], min(rows(column), _BLOCK)
        portion.append(column)
    if portion:
        yield portion


def quote_name(name: str) -> str:
    """Return a table's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def run(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: dict[str, object] | None = None
) -> list[tuple[Any, ...]]:
    """Run one statement to its end: a result that waits to be fetched would block the connection."""
    return connection.execute(statement, parameters or {}).fetchall()


def create_table(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table | pa.RecordBatchReader) -> None:
    """Create a raw table from Arrow rows that have `source_row` and stripped texts."""
    view = f"{table} rows"
    connection.register(view, rows)
    try:
        run(connection, f"create table {quote_name(table)} as select * from {quote_name(view)}")  # noqa: S608 - names
    finally:
        connection.unregister(view)


def drop_blank_rows(connection: duckdb.DuckDBPyConnection, table: str, width: int, first_row: int) -> int:
    """Delete the rows before the first one wanted, and those without any value; return how many are left."""
    any_value = f"coalesce({', '.join(list_columns(width))}) is not null" if width else "false"
    name = quote_name(table)
    run(
        connection,
        f"delete from {name} where source_row < $first_row or not ({any_value})",  # noqa: S608 - only c1, c2, ...
        {"first_row": first_row},
    )
    return count_rows(connection, table)


def count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return how many rows a table has."""
    return int(run(connection, f"select count(*) from {quote_name(table)}")[0][0])  # noqa: S608 - a quoted name
