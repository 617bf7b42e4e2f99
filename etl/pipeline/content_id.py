"""The content id: one hash of a snapshot's content, without the order of rows, names of files and build id.

Two builds with the same content id show the same figures everywhere. A row gives two hashes of 64 bits, made of its
values as the database has them, and a table the sums of its rows' hashes, so that nothing is sorted or turned into
text. The hash is DuckDB's, and another version of it may hash otherwise: to compare the results of two programs, hash
both anew (`read_content`); do not compare their noted ids.
"""

import hashlib

import duckdb

from etl.sqlfiles import ask, ask_each, run_file

LENGTH = 16
"""Characters of the id, as of a build's."""
_EMPTY = (0, "0", "0")


def note_content(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash the tables of the schema `snapshot`, write the hash into its campaign's row and return it."""
    content_id = read_content(connection)
    run_file(connection, "content/note", {"content_id": content_id})
    return content_id


def read_content(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash the tables of the schema `snapshot`; this reads all of them."""
    tables = ask(connection, "content/tables")
    filled = [
        {"raw_rows": f"snapshot.{table}", "values_in_order": in_order, "values_turned_round": turned_round}
        for table, is_empty, _, in_order, turned_round in tables
        if not is_empty
    ]
    sums = {table: tuple(row) for table, *row in ask_each(connection, "content/rows", filled)} if filled else {}
    digest = hashlib.sha256()
    for table, _, described, *_ in tables:
        rows, first, second = sums.get(f"snapshot.{table}", _EMPTY)
        digest.update(f"{table}\0{described}\0{rows}\0{first}\0{second}\0".encode())
    return digest.hexdigest()[:LENGTH]
