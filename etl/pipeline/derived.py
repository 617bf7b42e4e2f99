"""The second copy of some content of a large snapshot, so that its pages need not count or search all of it.

It is the schema `derived`, which adds nothing to the other tables: content ids leave it out, and answers are the same
without it. `etl/sql/derived/schema.sql` defines its tables.
"""

from pathlib import Path
from typing import Any

import duckdb

from dashboard.ground.query_files import SHARED_MACROS
from dashboard.paths import QUERIES, quote_path
from etl.pipeline.workspace import MEMORY_LIMIT
from etl.sqlfiles import ask, run_file

LARGE = 1_000_000
"""Actions from which on a snapshot is large. Below, pages count and search it within half a second without, and the
journey fits into memory."""
PORTION = 1_000_000
"""Actions whose words are sorted at a time, so that they fit into memory."""
KINDS = ("completed", "milestone", "event", "story", "action", "status", "report")
"""The kinds of entries of the journey, in the order of `kind_no` (`dashboard/queries/entries.sql`)."""

_BASE = "memory.main,snapshot.main"


def is_large(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the snapshot under way is large."""
    return _count(connection)[0] >= LARGE


def derive(snapshot: Path, memory_limit: str = MEMORY_LIMIT) -> None:
    """Write the schema `derived` into the file of a finished snapshot, which nobody has open yet.

    Data beyond `memory_limit` goes into a folder beside the file.
    """
    config: dict[str, Any] = {"memory_limit": memory_limit, "temp_directory": str(snapshot.parent / "spill")}
    with duckdb.connect(config=config) as connection:
        connection.execute(f"attach {quote_path(snapshot)} as snapshot")
        _, first, last = _count(connection)
        portions = range(first, last + 1, PORTION)
        row = connection.execute("select last_date from snapshot.campaign").fetchone()
        assert row is not None  # noqa: S101  (the table has exactly one row)
        _derive(connection, {"last_date": row[0]}, portions)


def _count(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """Count the snapshot's actions, and find their first and last number."""
    ((actions, first, last),) = ask(connection, "derived/extent")
    return actions, first, last


def _derive(connection: duckdb.DuckDBPyConnection, day: dict[str, object], portions: range) -> None:
    run_file(connection, "derived/schema")
    connection.execute(f"set search_path = '{_BASE}'")
    for name in SHARED_MACROS:
        run_file(connection, QUERIES / f"{name}.sql")
    connection.execute(f"set search_path = 'snapshot.derived,{_BASE}'")  # where last_day is made
    run_file(connection, QUERIES / "last_day.sql", day)
    connection.execute(f"set search_path = '{_BASE}'")
    run_file(connection, "derived/figures", day)
    run_file(connection, "derived/words")
    for start in portions:
        run_file(connection, "derived/uses", {"first": start, "last": start + PORTION - 1})
    derive_journey(connection)
    connection.execute("checkpoint snapshot")


def derive_journey(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the entries of the journey, one kind after the other to save memory, and the sizes of extracts."""
    run_file(connection, QUERIES / "entries.sql")
    for kind in KINDS:
        run_file(connection, "derived/journey", {"kind": kind})
    for name in ("journey_counts", "extracts"):
        run_file(connection, f"derived/{name}")
