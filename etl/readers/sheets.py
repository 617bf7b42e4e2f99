"""What every reader gives: sheets of raw text, and the errors that refuse a file.

The rules of text stand here once, for previews (Python) and for tables (SQL): surrounding white space is no part of
a value, and an empty value is no value.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from dashboard.errors import UserError

PREVIEW_ROWS = 40
MAX_COLUMNS = 16_384  # as wide as a spreadsheet can be

# All that Unicode calls white space, the zero-width space and the byte order mark.
WHITE_SPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

# Looking at both ends first makes the rare trimming cheap: what is neither below '!' nor above '~' needs none. DuckDB
# plans so long an expression slowly, though, which outweighs it where there are hundreds of columns.
_STRIP_WIDE = "nullif(trim({column}, $white_space), '')"
_STRIP = (
    "case when {column} < '!' or {column} > '~' or {column}[-1] < '!' or {column}[-1] > '~'"
    f" then {_STRIP_WIDE} else {{column}} end"
)
_WIDE = 100

PreviewRow = tuple[str | None, ...]


class ReadError(UserError):
    """A file cannot be read: which file, sheet or row, and what to do about it."""


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Attributes:
        name: The sheet's name; None for delimited text.
        width: Number of columns, as many as the widest row has.
        preview: The first rows as a spreadsheet shows them, blank ones included; index 0 is spreadsheet row 1.
        visible: False for a sheet that is hidden in its workbook.
    """

    name: str | None
    width: int
    preview: tuple[PreviewRow, ...]
    visible: bool = True


def strip_text(value: str | None) -> str | None:
    """Return the value without surrounding white space; None when nothing is left."""
    return (value or "").strip(WHITE_SPACE) or None


def make_preview(rows: Iterable[Iterable[str | None]], width: int) -> tuple[PreviewRow, ...]:
    """Return rows as a preview: stripped, and all `width` cells wide."""
    stripped = ([strip_text(value) for value in row][:width] for row in rows)
    return tuple(tuple(row + [None] * (width - len(row))) for row in stripped)


def list_columns(width: int) -> list[str]:
    """Return the names of a raw table's columns: c1, c2, ..."""
    return [f"c{number}" for number in range(1, width + 1)]


def quote_name(name: str) -> str:
    """Return a table's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def create_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    width: int,
    parameters: dict[str, object],
) -> int:
    """Create a raw table from a source that has `source_row` and c1 ... c<width>, without its blank rows.

    Args:
        connection: Where the table is made.
        table: Name of the new table.
        source: A table function or relation, with its own `$parameters`.
        width: Number of columns.
        parameters: `first_row` and those of the source.

    Returns:
        The number of rows.
    """
    columns = list_columns(width)
    some_value = f"coalesce({', '.join(columns)}) is not null" if columns else "false"
    strip = _STRIP if width <= _WIDE else _STRIP_WIDE
    stripped = ", ".join(f"{strip.format(column=column)} as {column}" for column in columns)
    statement = (
        f"create table {quote_name(table)} as select * from"  # noqa: S608 - only c1, c2, ... and a quoted name
        f" (select source_row::bigint as source_row{', ' if stripped else ''}{stripped} from {source})"
        f" where source_row >= $first_row and {some_value}"
    )
    if columns:
        parameters = parameters | {"white_space": WHITE_SPACE}
    row = connection.execute(statement, parameters).fetchone()
    return int(row[0]) if row else 0
