"""The content id: one hash of all that a snapshot says, whatever its rows' order, its files' names and its build's id.

Two builds with the same content id show the same figures everywhere. A row's part is 128 bits of a hash, and a table's
is the sum of those of its rows, so that nothing is sorted.
"""

import hashlib

import duckdb

from etl.profiling import part
from etl.sqlfiles import SQL, ask, run_file

LENGTH = 16
"""Characters of the id, as of a build's."""
_EMPTY = (0, "0", "0")


def note_content(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash what stands in the tables of the schema `snapshot`, write it into its campaign's row and give it."""
    content_id = read_content(connection)
    run_file(connection, SQL / "content" / "note.sql", {"content_id": content_id})
    return content_id


def read_content(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of what stands in the tables of the schema `snapshot`; all of them are read for it."""
    digest = hashlib.sha256()
    for table, is_empty in ask(connection, "content/tables"):
        rows, lower, upper = _EMPTY if is_empty else _read_table(connection, table)
        digest.update(f"{table}\0{rows}\0{lower}\0{upper}\0".encode())
    return digest.hexdigest()[:LENGTH]


def _read_table(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str, str]:
    with part(f"hash of {table}") as noted:
        ((rows, lower, upper),) = ask(connection, "content/rows", {"table": f"snapshot.{table}"})
        if noted is not None:
            noted.count(rows)
    return rows, lower, upper
