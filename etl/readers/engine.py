"""The engine that works through the rows of a sheet: this process, or several that share the work.

The work on rows is a function of a connection to a work database with the rows in a raw table; every engine runs the
same function, on all rows or on a share of them. An engine decides only the place: `Engine` does all here and at once;
`etl/spark/` has the other one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from etl.readers.exports import ExportFile
from etl.readers.sheets import Sheet
from etl.sqlfiles import run_step

Rows = list[tuple[Any, ...]]


class Work(NamedTuple):
    """Work on the rows of one sheet that can be shared out, since each row, or each value, stands for itself.

    Attributes:
        function: It gets the connection and the arguments of the work, and puts its findings into tables.
        fills: These tables. Those that count values are summed up afterwards (`etl/sql/shares/`).
        needs: The tables of the work database that it reads beside the sheet's own and the program's.
    """

    function: Callable[..., None]
    fills: tuple[str, ...]
    needs: tuple[str, ...] = ()


class Engine:
    """This process does everything, in its one database; other engines share the work out, and override each method.

    A sheet is named by its raw table, as `raw_3`.
    """

    @contextmanager
    def working_in(self, folder: Path) -> Iterator[None]:
        """Begin a build that works in this folder; leaving releases its resources."""
        yield

    def load(
        self,
        connection: duckdb.DuckDBPyConnection,
        export: ExportFile,
        sheet: Sheet,
        raw: str,
        first_row: int,
        *,
        may_be_cut: bool,
    ) -> int:
        """Create the raw table of a sheet, as `ExportFile.load`; return its number of rows.

        `may_be_cut`: whether its rows are complete without those above them.
        """
        return export.load(connection, sheet, raw, first_row)

    def drop(self, connection: duckdb.DuckDBPyConnection, raw: str) -> None:
        """Drop a raw table, if it is there."""
        connection.execute(f"drop table if exists {raw}")

    def is_shared(self, raw: str) -> bool:
        """Return whether the rows of a table are shared out: then nothing but the methods below may change them."""
        return False

    def run(self, connection: duckdb.DuckDBPyConnection, raw: str, work: Work, *arguments: object) -> None:
        """Do some work with the rows of a sheet."""
        work.function(connection, *arguments)

    def ask(
        self, connection: duckdb.DuckDBPyConnection, raw: str, function: Callable[..., Rows], *arguments: object
    ) -> Rows:
        """Return a function's rows for a sheet; where it is shared out those of each share, one after another."""
        return function(connection, *arguments)

    def rewrite(
        self,
        connection: duckdb.DuckDBPyConnection,
        raw: str,
        function: Callable[..., None],
        *arguments: object,
        needs: tuple[str, ...] = (),
    ) -> None:
        """Let a function change the cells of a sheet, row by row; `needs` as those of `Work`."""
        function(connection, *arguments)

    @contextmanager
    def whole(self, connection: duckdb.DuckDBPyConnection, raw: str) -> Iterator[None]:
        """Put all rows of a sheet into one table of this process; rows may be deleted from it meanwhile."""
        yield

    def run_step(self, connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, Any]) -> None:
        """Run a step of the build, of all sheets' rows: a file of `etl/sql/steps`, without `.sql`."""
        run_step(connection, step, parameters)


DUCKDB = Engine()
"""The engine of every command without another."""
