"""The schema of a snapshot: a program opens those with its schema and no other; all others are built again.

A build marks its snapshot with a hash of the statements that make the tables. A changed table changes the mark, so that
no program ever misreads another one's column.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

import duckdb

from dashboard.engines import lend
from dashboard.errors import SnapshotError
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.paths import PROJECT

SCHEMA = (PROJECT / "etl" / "sql" / "schema.sql", PROJECT / "etl" / "sql" / "derived" / "schema.sql")
_COMMENT = re.compile(r"--[^\n]*")


class OtherSchemaError(SnapshotError):
    """Another version of the program made a snapshot; this one does not read it."""

    def __init__(self, snapshot: Path) -> None:
        """Name the file to operators; readers get a message without it."""
        super().__init__(
            f"Another version of the program made the snapshot {snapshot.name}.",
            "Build it again where the exports are: python -m etl build (or make build).",
            for_readers=(
                N_("These figures were made by another version of the program and cannot be shown."),
                N_("Build them again where the exports are: python -m etl build."),
            ),
        )


@cache
def schema_mark() -> str:
    """Return the mark of this program's snapshots, the same whatever the comments say."""
    statements = (_COMMENT.sub("", path.read_text(encoding="utf-8")).split() for path in SCHEMA)
    return hashlib.sha256("\0".join(map(" ".join, statements)).encode()).hexdigest()[:16]


def refuse_other_schema(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Refuse to read the snapshot attached as `snapshot`, of this file, unless this program's version made it."""
    if _read_mark(connection) != schema_mark():
        raise OtherSchemaError(snapshot)


def is_of_another(snapshot: Path) -> bool:
    """Return whether another version made a snapshot; False where it cannot be opened, which its reader reports."""
    try:
        with lend({"snapshot": snapshot}) as connection:
            return _read_mark(connection) != schema_mark()
    except duckdb.Error:
        return False


def _read_mark(connection: duckdb.DuckDBPyConnection) -> str:
    try:
        return str((connection.execute(read_sql_file("schema_mark")).fetchone() or ("",))[0])
    except duckdb.CatalogException:  # before there were marks
        return ""
