"""The moment when each entry of the journey was first public: `published/first_published.parquet`, beside the builds.

A build is a function of its inputs and cannot know it. So publishing notes the new entries of a build; an
entry keeps its first day however often the data is built again, and also when it goes and comes back. The file holds
ids, which identify no person, and moments.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dashboard.campaign.builds import FIRST_PUBLISHED
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import is_of_another
from dashboard.engines import lend
from dashboard.ground.files.writing import drafted
from dashboard.ground.query_files import read_sql_file
from dashboard.paths import QUERIES, quote_path
from etl.profiling import timed
from etl.publish import history
from etl.sqlfiles import planned_plainly, read_query, run_file

LOG = logging.getLogger(__name__)
_SCHEMA, _NOTED = "snapshot", "first_published"


@timed("first published noted")
def note(folder: CampaignFolder, snapshot: Path, published_at: str) -> None:
    """Note the entries of a build that were not public before; the file is replaced in one step, or stays.

    Where the file is missing or damaged, it is made again from the kept builds. Nothing here stops a publishing:
    without the file the pages say that they do not know since when an entry is public.

    `published_at` is ISO 8601 in UTC.

    Raises:
        duckdb.Error, OSError: the file could not be written.
    """
    with _lent() as connection:
        run_file(connection, QUERIES / "fold.sql")
        before = _load(connection, folder, snapshot)
        statement = read_query("first_published/not_yet")
        (corrected,) = connection.execute(statement, {"published_at": published_at}).fetchone() or (0,)
        if _add(connection, snapshot, published_at) or corrected or not before:
            _write(connection, folder.published / FIRST_PUBLISHED)


def _load(connection: duckdb.DuckDBPyConnection, folder: CampaignFolder, coming: Path) -> bool:
    """Fill the table `noted` from the file or from the kept builds; return whether the file could be read.

    `coming`, the build about to be published, counts among them only where it is the published one already.
    """
    file = folder.published / FIRST_PUBLISHED
    if file.is_file():
        try:
            run_file(connection, "first_published/noted", {"file": str(file)})
            return True
        except duckdb.Error as error:
            LOG.warning("%s is damaged and is made again from the builds that are kept: %s", file.name, error)
    run_file(connection, "first_published/nothing_noted")
    pointer = history.read_pointer(folder)
    is_current = pointer is not None and pointer["snapshot"] == coming.name
    besides = None if is_current else coming.stem.removeprefix("snapshot-")
    for entry in reversed(history.read_history(folder, besides=besides)):
        snapshot = folder.published / entry["snapshot"]
        is_told = bool(entry["built_at"]) and (snapshot != coming or entry["is_current"])
        if is_told and snapshot.is_file() and not is_of_another(snapshot):
            _add(connection, snapshot, entry["built_at"])
    return False


def _add(connection: duckdb.DuckDBPyConnection, snapshot: Path, published_at: str) -> int:
    """Add the entries of a build that are not noted yet; return their number."""
    with _attached(connection, snapshot), planned_plainly(connection, snapshot):
        is_held = connection.execute(read_sql_file("derived/known")).fetchall()
        run_file(connection, QUERIES / ("derived/entries.sql" if is_held else "entries.sql"))
        parameters = {"published_at": published_at}
        statement = read_query("first_published/note")
        row = connection.execute(statement, parameters).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _lent() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend an engine that reckons in UTC, with a database for the notes, which goes with the block."""
    with lend() as connection:
        connection.execute(f"attach ':memory:' as {_NOTED}")
        connection.execute(f"use {_NOTED}")
        connection.execute("set timezone = 'UTC'")
        yield connection
        connection.execute("reset timezone")
        connection.execute("use memory")
        connection.execute(f"detach {_NOTED}")


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> Iterator[None]:
    """Attach a snapshot beside the table `noted`, read-only; the view of its entries goes with it."""
    connection.execute(f"attach {quote_path(snapshot)} as {_SCHEMA} (read_only)")
    try:
        connection.execute(f"set search_path = '{_NOTED}.main,{_SCHEMA}.main'")
        yield
    finally:
        connection.execute(f"use {_NOTED}")
        connection.execute(f"detach {_SCHEMA}")


def _write(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    statement = read_query("first_published/all")
    with drafted(file) as draft:
        connection.sql(statement).write_parquet(str(draft))
