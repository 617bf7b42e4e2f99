"""The content id: one hash of all that a snapshot says, whatever its rows' order, its files' names and its build's id.

Two builds with the same content id show the same figures everywhere. A row's part is 128 bits of a hash, and a table's
is the sum of those of its rows, so that nothing is sorted.
"""

import hashlib

import duckdb

from etl.sqlfiles import SQL, ask, ask_each, run_file

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
    is_empty = {f"snapshot.{table}": empty for table, empty in ask(connection, "content/tables")}
    filled = [table for table, empty in is_empty.items() if not empty]
    sums = {table: tuple(row) for table, *row in ask_each(connection, "content/rows", filled)} if filled else {}
    digest = hashlib.sha256()
    for table in is_empty:
        rows, lower, upper = sums.get(table, _EMPTY)
        digest.update(f"{table.removeprefix('snapshot.')}\0{rows}\0{lower}\0{upper}\0".encode())
    return digest.hexdigest()[:LENGTH]
