"""The fast way: text so plain that DuckDB's own reader gives exactly what Python's csv module gives."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import duckdb

from etl.readers.sheets import WHITE_SPACE, list_columns, quote_name, run
from etl.readers.text import TextShape

_EDGES = f"^[{WHITE_SPACE}]+|[{WHITE_SPACE}]+$"
# A value with plain letters at both ends, as nearly all have, needs no stripping: ten times faster to find out.
_STRIP = (
    "case when {column} between '!' and '~' and {column}[-1] between '!' and '~' then {column}"
    " else nullif(regexp_replace({column}, $edges, '', 'g'), '') end as {column}"
)
_MAX_WIDTH = 100  # DuckDB plans that expression slowly; with more columns, that takes longer than reading


def _keeps_order(connection: duckdb.DuckDBPyConnection) -> bool:
    return run(connection, "select current_setting('preserve_insertion_order')") == [(True,)]


@dataclass(frozen=True)
class PlainText:
    """A text file that DuckDB reads exactly.

    Attributes:
        path: The file, UTF-8.
        delimiter: The character between two cells.
        width: Number of columns.
        new_line: How its lines end.
        rows: Number of records.
        parallel: Whether several threads may read it.
    """

    path: Path
    delimiter: str
    width: int
    new_line: str
    rows: int = 0
    parallel: bool = False

    @classmethod
    def find(cls, path: Path, delimiter: str, width: int, shape: TextShape) -> Self | None:
        """Return how DuckDB reads the file; None when it would not read it exactly.

        DuckDB itself refuses rows of other widths and text around quotations. It drops blank lines, though, which
        shifts every row number after them, and has been seen to lose the last rows of a file in silence. So its rows,
        and the line ends inside its values, must add up to the lines of the file. Threads that begin amid a quoted
        text with line ends can go wrong, so such a file is read by one.
        """
        if shape.has_lone_returns or shape.has_loose_quotes or not 0 < width <= _MAX_WIDTH:
            return None
        with duckdb.connect() as connection:
            # Forms on the web send CR LF in long answers, whatever ends the lines of the file.
            for new_line in ("\r\n", "\n") if shape.has_returns else ("\n",):
                plain = cls(path, delimiter, width, new_line, parallel=not shape.has_quotes)
                try:
                    rows = plain._count_rows(connection)
                    if rows == shape.lines:
                        return replace(plain, rows=rows, parallel=True)
                    if shape.has_quotes and rows + plain._count_line_feeds(connection) == shape.lines:
                        return replace(plain, rows=rows)
                except duckdb.Error:
                    continue
        return None

    def load(self, connection: duckdb.DuckDBPyConnection, table: str) -> bool:
        """Create the raw table with every row; return whether its rows are as many as were counted."""
        name = quote_name(table)
        columns = ", ".join(_STRIP.format(column=column) for column in list_columns(self.width))
        parallel = self.parallel and _keeps_order(connection)
        # Numbering rows while they are read would leave all the work to one thread.
        number = "null::bigint" if parallel else "row_number() over ()"
        run(
            connection,
            f"create table {name} as select {number} as source_row, {columns} from {self._reader}",  # noqa: S608 - names
            self._parameters | {"parallel": parallel, "edges": _EDGES},
        )
        if parallel:
            run(connection, f"update {name} set source_row = rowid - (select min(rowid) from {name}) + 1")  # noqa: S608
        found = run(connection, f"select count(*), max(source_row) from {name}")  # noqa: S608 - a quoted name
        return found == [(self.rows, self.rows)]

    @property
    def _reader(self) -> str:
        # Strict mode is the default; stating it makes DuckDB 2.0 drop the last record of some files.
        columns = ", ".join(f"'{name}': 'varchar'" for name in list_columns(self.width))
        return (
            f"read_csv($path, columns = {{{columns}}}, auto_detect = false, header = false, delim = $delimiter,"
            " quote = '\"', escape = '\"', comment = '', new_line = $new_line, parallel = $parallel,"
            " compression = 'none')"
        )

    @property
    def _parameters(self) -> dict[str, object]:
        # DuckDB wants the line end spelt out.
        return {
            "path": str(self.path),
            "delimiter": self.delimiter,
            "new_line": self.new_line.encode("unicode_escape").decode(),
            "parallel": self.parallel,
        }

    def _count_rows(self, connection: duckdb.DuckDBPyConnection) -> int:
        return int(run(connection, f"select count(*) from {self._reader}", self._parameters)[0][0])  # noqa: S608

    def _count_line_feeds(self, connection: duckdb.DuckDBPyConnection) -> int:
        """Return how many line feeds stand inside values."""
        statement = (
            "select sum(strlen(content) - strlen(replace(content, chr(10), '')))"  # noqa: S608 - only c1, c2, ...
            f" from (select concat({', '.join(list_columns(self.width))}) as content from {self._reader})"
        )
        return int(run(connection, statement, self._parameters)[0][0] or 0)
