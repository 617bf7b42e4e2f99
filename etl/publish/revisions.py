"""What publications said, and what is known since of the same days: `published/revisions.parquet`, counts alone.

A publication says how many actions there are, with a report, completed and unknown, in all and by region, category,
theme and stakeholder group, on its last day. The first one to speak of a day is noted with what it said; each later
one with what it changed of that day, split by cause (`etl/sql/revisions.sql`). So what is known of a day is what was
said of it and the sum of all changes, and no row or person is kept. A build that is published again right away adds
nothing; another build with the same content adds itself, and no change.

Nothing here stops a publishing. A missing or damaged file is begun anew from the builds that are kept; where the build
before cannot be read, the change is noted as one that was not split. A kept build that cannot be read is passed over.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from dashboard.campaign.builds import REVISIONS
from dashboard.campaign.folder import CampaignFolder
from dashboard.engines import is_much, lend
from dashboard.ground.files.writing import drafted
from dashboard.paths import QUERIES, quote_path
from etl.profiling import timed
from etl.publish import history
from etl.publish.history import Entry
from etl.sqlfiles import ask, read_query, run_file

LOG = logging.getLogger(__name__)
_NOTES = "revisions"


@timed("revisions noted")
def note_revisions(folder: CampaignFolder, coming: Entry) -> None:
    """Note what a build says that is about to be published, and what it changes; the file is replaced in one step.

    Raises:
        duckdb.Error, OSError: the file could not be written.
    """
    pointer = history.read_pointer(folder)
    published_build = str(pointer["build_id"]) if pointer else None
    file = folder.published / REVISIONS
    entries = [coming]
    with lend(is_for_much=is_much(folder.published / coming["snapshot"])) as connection:
        connection.execute(f"attach ':memory:' as {_NOTES}")
        connection.execute(f"use {_NOTES}")
        run_file(connection, QUERIES / "macros" / "status_places.sql")
        if not _read(connection, file, published_build):
            entries = [*_list_kept(folder, coming), coming]
        if any([_note_readable(connection, folder, entry, coming) for entry in entries]):
            with drafted(file) as draft:
                connection.sql(read_query("revisions/all")).write_parquet(str(draft))
        connection.execute("use memory")
        connection.execute(f"detach {_NOTES}")


def _read(connection: duckdb.DuckDBPyConnection, file: Path, published_build: str | None) -> bool:
    """Fill the table `revisions` from the file; return whether it could be read."""
    if file.is_file():
        try:
            run_file(connection, "revisions/read", {"file": str(file), "published_build": published_build})
            return True
        except duckdb.Error as error:
            LOG.warning("%s is damaged and is begun anew from the builds that are kept: %s", file.name, error)
    run_file(connection, "revisions/begin")
    return False


def _list_kept(folder: CampaignFolder, coming: Entry) -> list[Entry]:
    """List the kept builds that were published before this one, the oldest first."""
    entries = history.read_history(folder, besides=coming["build_id"])
    return sorted(
        (entry for entry in entries if entry["build_id"] != coming["build_id"] and entry["built_at"]),
        key=lambda entry: entry["built_at"],
    )


def _note_readable(connection: duckdb.DuckDBPyConnection, folder: CampaignFolder, entry: Entry, coming: Entry) -> bool:
    """Add a publication to the table as `_note` does, or none where it is a kept one that cannot be read."""
    try:
        return _note(connection, folder, entry)
    except duckdb.Error as error:
        if entry is coming:
            raise
        LOG.warning("What %s said is not noted, since it cannot be read: %s", entry["build_id"], error)
        return False


def _note(connection: duckdb.DuckDBPyConnection, folder: CampaignFolder, entry: Entry) -> bool:
    """Add a publication to the table; return whether it is not the last one there already."""
    ((number, former_id, spoken_days),) = ask(connection, "revisions/last", {"is_sample": entry["is_sample"]})
    if former_id == entry["build_id"]:
        return False
    day = date.fromisoformat(entry["last_date"])
    parameters = {
        "publication": number + 1,
        "published_at": entry["built_at"],
        "build_id": entry["build_id"],
        "is_sample": entry["is_sample"],
        "day": day,
    }
    snapshot = folder.published / entry["snapshot"]
    with _attached(connection, snapshot, "snapshot"):
        is_split = not spoken_days or _split(connection, folder, former_id, parameters)
        new_days = [] if day in spoken_days else [day]
        if new_days or not is_split:
            days = {"new_days": new_days, "spoken_days": [] if is_split else spoken_days}
            run_file(connection, "revisions/figures", parameters | days)
        run_file(connection, "revisions/say", parameters)
    return True


def _split(
    connection: duckdb.DuckDBPyConnection, folder: CampaignFolder, former_id: str, parameters: dict[str, object]
) -> bool:
    """Add the changes since the build before, by cause; return False where that build cannot be read."""
    try:
        with _attached(connection, folder.published / f"snapshot-{former_id}.duckdb", "former"):
            run_file(connection, "revisions/standing", parameters)
            run_file(connection, "revisions/split", parameters)
    except duckdb.Error as error:
        LOG.warning("What %s changes is not split by cause: %s", parameters["build_id"], error)
        return False
    finally:
        connection.execute("drop table if exists standing")
    return True


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, snapshot: Path, name: str) -> Iterator[None]:
    """Attach a snapshot beside the notes, read-only."""
    connection.execute(f"attach {quote_path(snapshot)} as {name} (read_only)")
    try:
        yield
    finally:
        connection.execute(f"detach {name}")
