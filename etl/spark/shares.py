"""The work of a partition: open a work database like any build's, take a share of rows, and run the given work.

A share lies as Parquet where all can read it, and its results are written there too, under a name of the attempt: no
other attempt names the leftovers of a killed one. Values and file names go back through Spark.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import duckdb

from dashboard.paths import quote_path
from dashboard.scratch import Scratch, remove_left
from etl.pipeline.workspace import open_share
from etl.readers.engine import Rows, Work
from etl.readers.text_ranges import Block, Range, TextCut, load_range, scan_block

_HOURS_LEFT = 1  # before unheld folders are removed: a folder is held a moment after it is made


class StoredRows(NamedTuple):
    """Some rows of one table, such as a share of a sheet's: their Parquet file, and their number."""

    table: str
    file: str
    rows: int


class Setting(NamedTuple):
    """The common setting of all tasks of a job.

    Attributes:
        folder: The common folder of all tasks.
        gone: The Parquet files of the rows that were taken out of the sheet.
    """

    raw: str
    folder: str
    needs: tuple[StoredRows, ...] = ()
    gone: tuple[str, ...] = ()


def measure(function: Callable[..., Any], *arguments: object) -> tuple[Any, float]:
    """Return the result of a task, and its processor time in seconds."""
    before = time.process_time()
    output = function(*arguments)
    return output, time.process_time() - before


def scan(cut: TextCut, block: tuple[int, int]) -> Block:
    """Count the content of a stretch of a text file."""
    return scan_block(cut.plain.path, *block)


def load(setting: Setting, cut: TextCut, first_row: int, records: Range) -> StoredRows | None:
    """Read a range of a text file; nothing where the number of its rows differs from the count."""
    with open_database() as (folder, connection):
        if not load_range(connection, cut, records, setting.raw, first_row, folder):
            return None
        return write_table(connection, setting.raw, setting.folder)


def run(setting: Setting, work: Work, arguments: tuple[object, ...], share: StoredRows) -> list[StoredRows]:
    """Do some work with a share; return the tables that it filled."""
    with _open(setting, share) as connection:
        work.function(connection, *arguments)
        return [filled for table in work.fills if (filled := write_table(connection, table, setting.folder)).rows]


def ask(setting: Setting, function: Callable[..., Rows], arguments: tuple[object, ...], share: StoredRows) -> Rows:
    """Return a function's rows for a share."""
    with _open(setting, share) as connection:
        return function(connection, *arguments)


def rewrite(
    setting: Setting, function: Callable[..., None], arguments: tuple[object, ...], share: StoredRows
) -> StoredRows:
    """Let a function change the cells of a share, and write it anew."""
    with _open(setting, share) as connection:
        function(connection, *arguments)
        return write_table(connection, setting.raw, setting.folder)


@contextmanager
def open_database() -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    """Open a work database in a folder of the task's own; leftovers of killed tasks on this machine are removed."""
    remove_left(_HOURS_LEFT)
    with Scratch("work") as name, open_share(Path(name)) as connection:
        yield Path(name), connection


@contextmanager
def _open(setting: Setting, share: StoredRows) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database() as (_, connection):
        take_needs(connection, setting.needs)
        connection.execute(f"create table {setting.raw} as {select_rows([share.file], setting.gone)}")
        yield connection


def take_needs(connection: duckdb.DuckDBPyConnection, needs: Iterable[StoredRows]) -> None:
    """Put tables into their places."""
    for table, file, _ in needs:
        connection.execute(f"drop table if exists {table}")
        connection.execute(f"create table {table} as from {read_all([file])}")


def write_table(connection: duckdb.DuckDBPyConnection, table: str, folder: str) -> StoredRows:
    """Write a table as Parquet, under a name of its own."""
    file = str(Path(folder) / f"{table}-{uuid4().hex}.parquet")
    ((rows,),) = connection.execute(f"copy {table} to {quote_path(Path(file))} (format parquet)").fetchall()
    return StoredRows(table, file, rows)


def read_all(files: Sequence[str]) -> str:
    """Write the SQL that reads several Parquet files as one table."""
    return f"read_parquet([{', '.join(quote_path(Path(file)) for file in files)}])"


def select_rows(files: Sequence[str], gone: Sequence[str]) -> str:
    """Write the SQL that selects the rows of shares without those that were taken out."""
    condition = f" where source_row not in (from {read_all(gone)})" if gone else ""
    return f"from {read_all(files)}{condition}"
