"""The content id: one hash of all that a snapshot says, without the order of rows, names of files and build id.

Two builds with the same content id show the same figures everywhere. A row's part are two hashes of 64 bits, made of
its values as the database has them, and a table's are the sums of those of its rows, so that nothing is sorted and
nothing is turned into text. The hash is DuckDB's: another version of it may have another one, so what two programs made
is compared by hashing both anew (`read_content`), not by the ids that they noted.
"""

import hashlib

import duckdb

from etl.sqlfiles import ask, ask_each, run_file

LENGTH = 16
"""Characters of the id, as of a build's."""
_EMPTY = (0, "0", "0")


def note_content(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash what stands in the tables of the schema `snapshot`, write it into its campaign's row and give it."""
    content_id = read_content(connection)
    run_file(connection, "content/note", {"content_id": content_id})
    return content_id


def read_content(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of what stands in the tables of the schema `snapshot`; all of them are read for it."""
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
