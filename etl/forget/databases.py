"""Databases that may hold a person, of any kind and with any tables: their texts, and SQLite's without the person."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from dashboard.paths import quote_path
from etl.forget.cleaned_file import ask, list_views
from etl.forget.cleaned_mail import clean_mail, is_mail
from etl.inputs.forgotten import holds, without
from etl.readers.sheets import quote_name

FAULTS = (duckdb.Error, sqlite3.Error)
"""The errors of a damaged database."""
JOURNALS = ("-wal", "-shm", "-journal")
"""The suffixes of the files that SQLite keeps beside a database."""
_SQLITE, _DUCKDB = b"SQLite format 3\0", b"DUCK"


def is_sqlite(path: Path) -> bool:
    """Return whether a file is a database of SQLite."""
    return _read_head(path).startswith(_SQLITE)


def is_database(path: Path) -> bool:
    """Return whether a file is a database of SQLite or of DuckDB, by its content."""
    return is_sqlite(path) or _read_head(path)[8:12] == _DUCKDB


def list_rows(path: Path, part: str) -> Iterator[tuple[str, str]]:
    """List the rows of a database that hold a part of an address, each as its table and a text.

    The part is in small letters.

    Raises:
        duckdb.Error: it is damaged (or `sqlite3.Error`).
    """
    yield from _list_sqlite(path, part) if is_sqlite(path) else _list_duckdb(path, part)


def find_tables(path: Path, address: str) -> list[str]:
    """Find the tables of a database that hold an address."""
    return sorted({table for table, text in list_rows(path, address) if holds(text, address)})


def clean_sqlite(path: Path, tables: Iterable[str], address: str) -> None:
    """Take an address out of the texts and mails of tables of SQLite, and out of its journal and empty pages.

    Raises:
        sqlite3.Error: it is damaged or in use, or a table allows no such change.
    """

    def clean(value: str | bytes | float | None) -> str | bytes | float | None:
        if isinstance(value, bytes):
            return clean_mail(value, address) if is_mail(value) else value
        return without(value, address) if isinstance(value, str) else value

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("cleaned", 1, clean, deterministic=True)
        for table in map(quote_name, tables):
            columns = [name for _, name, *_ in connection.execute(f"pragma table_info({table})")]
            for column in map(quote_name, columns):
                connection.execute(
                    f"update {table} set {column} = cleaned({column}) where {column} is not cleaned({column})"  # noqa: S608
                )
        connection.execute("vacuum")
        connection.execute("pragma wal_checkpoint(truncate)")


def _read_head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _list_duckdb(path: Path, part: str) -> Iterator[tuple[str, str]]:
    with duckdb.connect() as connection:
        connection.execute(f"attach {quote_path(path)} as held (read_only)")
        for (table,) in ask(connection, "snapshot_tables"):
            for (text,) in ask(connection, "texts_with_address", {"table_name": table, "address": part}):
                yield table.split('"')[-2], text


def _list_sqlite(path: Path, part: str) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        for table in _list_tables(connection):
            for row in connection.execute(f"select * from {quote_name(table)}"):  # noqa: S608  (a name, quoted)
                texts = [value for value in row if isinstance(value, str)]
                for value in row:
                    if isinstance(value, bytes):
                        texts += list_views(value, path.name)
                yield from ((table, text) for text in texts if part in text.lower().replace("%40", "@"))


def _list_tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    return [name for (name,) in rows.fetchall()]
