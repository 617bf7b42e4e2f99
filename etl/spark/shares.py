"""What a partition does: it opens a work database like any build's, takes its share of rows, and runs what it is given.

A share lies as Parquet where all can read it, and what is made of it is written there too, under a name of the attempt:
what a killed attempt leaves is named by nobody. Values and file names go back through Spark.
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
from etl.engine import Rows, Work
from etl.pipeline.workspace import open_share
from etl.readers.text_ranges import Block, Range, TextCut, load_range, scan_block

_HOURS_LEFT = 1  # before what nobody holds is removed: a folder is held a moment after it is made


class StoredRows(NamedTuple):
    """Some rows of one table, such as a share of a sheet's: the Parquet file that holds them, and how many they are."""

    table: str
    file: str
    rows: int


class Setting(NamedTuple):
    """What all tasks of a job share.

    Attributes:
        folder: Where all of them read and write.
        gone: The Parquet files of the rows that were taken out of the sheet.
    """

    raw: str
    folder: str
    needs: tuple[StoredRows, ...] = ()
    gone: tuple[str, ...] = ()


def measure(function: Callable[..., Any], *arguments: object) -> tuple[Any, float]:
    """What a task gives, and the processor time that it took, in seconds."""
    before = time.process_time()
    output = function(*arguments)
    return output, time.process_time() - before


def scan(cut: TextCut, block: tuple[int, int]) -> Block:
    """Count what a stretch of a text file holds."""
    return scan_block(cut.plain.path, *block)


def load(setting: Setting, cut: TextCut, first_row: int, records: Range) -> StoredRows | None:
    """Read a range of a text file; nothing where its rows are not as many as were counted."""
    with open_database() as (folder, connection):
        if not load_range(connection, cut, records, setting.raw, first_row, folder):
            return None
        return write_table(connection, setting.raw, setting.folder)


def run(setting: Setting, work: Work, arguments: tuple[object, ...], share: StoredRows) -> list[StoredRows]:
    """Do some work with a share; gives what it filled."""
    with _open(setting, share) as connection:
        work.function(connection, *arguments)
        return [filled for table in work.fills if (filled := write_table(connection, table, setting.folder)).rows]


def ask(setting: Setting, function: Callable[..., Rows], arguments: tuple[object, ...], share: StoredRows) -> Rows:
    """The rows that a function gives for a share."""
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
    """A folder of the task's own, and a work database in it; what killed tasks left on this machine is removed."""
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
    """Several Parquet files as one table, as SQL."""
    return f"read_parquet([{', '.join(quote_path(Path(file)) for file in files)}])"


def select_rows(files: Sequence[str], gone: Sequence[str]) -> str:
    """The rows of shares without those that were taken out, as SQL."""
    condition = f" where source_row not in (from {read_all(gone)})" if gone else ""
    return f"from {read_all(files)}{condition}"
