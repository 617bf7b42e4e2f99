"""Publishing: a new file beside the old ones, then one `os.replace` of the pointer. Readers never wait.

A build is a function of its inputs and cannot know when an entry of the journey was first public. So publishing notes
the new entries of a build in `published/first_published.parquet`, beside the builds; an entry keeps its first day
however often the data is built again, and also when it goes and comes back. The file holds ids, which identify no
person, and moments.
"""

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from dashboard.campaign.builds import FIRST_PUBLISHED, hold, read_kept
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.published_files import FOLDER
from dashboard.campaign.snapshot_schema import is_of_another
from dashboard.campaign.source_notes import Origins
from dashboard.campaign.uncounted import refuse_uncounted
from dashboard.engines import is_much, lend
from dashboard.errors import UserError
from dashboard.faults import explain
from dashboard.ground.files.writing import PRIVATE, drafted, put_file, remove, sync, write_file
from dashboard.ground.query_files import read_sql_file
from dashboard.paths import QUERIES, quote_path
from etl.pipeline.build import Built
from etl.pipeline.column_uses import refuse_open_columns
from etl.pipeline.open_questions import refuse_open_questions
from etl.profiling import timed
from etl.publish import begun, expired, history, kept_inputs
from etl.publish.begun import UnfinishedStep
from etl.publish.history import POINTER, How
from etl.publish.revisions import note_revisions
from etl.sqlfiles import open_snapshot, read_query, run_file
from etl.steps import Step, reached

LOG = logging.getLogger(__name__)
_SCHEMA, _NOTED = "snapshot", "first_published"
MOST_PUT_BACK = 86_400
"""By how many seconds a clock may have been put back for the moments of builds to go on from where they were."""


@timed("publish", "stage")
def publish(folder: CampaignFolder, built: Built, *, how: How = "build", new_origins: Origins | None = None) -> Path:
    """Make a finished build the published one; return the snapshot's path. Call under `only_build`.

    Everything that belongs to the build is put in place first, under names of its own; the pointer comes last, so
    that a stop at any moment leaves the old snapshot or the new one, whole.

    `how`: the way of publishing, for the history; `new_origins`: the origins of the files that are new with it.

    Raises:
        UserError: a question to staff is open, an input changed since it was read, or the disk refuses;
            nothing has been published.
    """
    target = folder.published / f"snapshot-{built.build_id}.duckdb"
    refuse_unanswered(built.snapshot if built.snapshot.is_file() else target)
    reached(Step.KEEP_INPUTS)
    kept_inputs.keep(folder, built, new_origins)
    reached(Step.KEEP_CONTACTS)
    if built.contacts.is_file() and not built.is_published:
        built.contacts.chmod(0o600)
        put_file(built.contacts, kept_inputs.make_private(folder, "contacts") / f"{built.build_id}.duckdb")
    reached(Step.PLACE_SNAPSHOT)
    if not built.is_published and not history.is_whole(target, built.build_id):
        timed("waiting for the disk")(sync)(built.snapshot)
        put_file(built.snapshot, target)
    if built.is_sample:
        # Those of reports come with accepting.
        for document in sorted((folder.samples / FOLDER).glob("*")):
            copy = folder.published / FOLDER / document.name
            if not copy.is_file():
                copy.parent.mkdir(parents=True, exist_ok=True)
                put_file(document, copy, is_copy=True, mode=0o644)
    switch(folder, target, how=how)
    return target


@timed("unanswered questions")
def refuse_unanswered(snapshot: Path) -> None:
    """Hold a snapshot back while questions to staff are open.

    Raises:
        QuestionError: a question about the files is open.
        OpenColumnError: a column that looks like a field has no use.
        UserError: reports have a day, and none of them counts because of it.
    """
    names = find_names(snapshot)
    with open_snapshot(snapshot) as connection:
        refuse_open_questions(connection, names)
        refuse_open_columns(connection, names)
    refuse_uncounted(snapshot, date.today())


def switch(folder: CampaignFolder, snapshot: Path, *, how: How) -> None:
    """Note the new entries of a snapshot in place and point at it; contacts and history follow, the oldest go.

    A build that is already the published one keeps its way of publishing.

    Raises:
        UserError: the snapshot cannot be opened.
    """
    before = history.read_pointer(folder)
    cause = str(before.get("how", how)) if before and before["snapshot"] == snapshot.name else how
    moment = find_moment(str(before.get("built_at", "")) if before else "", read_clock())
    entry = history.describe(snapshot, cause, moment, is_current=True)
    if entry is None:
        raise UserError(f"The snapshot {snapshot.name} cannot be opened.", "Build again: python -m etl build.")
    reached(Step.NOTE_FIRST)
    unnoted: dict[str, Exception] = {}
    try:
        note_first_published(folder, snapshot, entry["built_at"])
    except (duckdb.Error, OSError) as error:  # reported when it is published: else there was nothing to note
        unnoted["When entries were first published"] = error
    try:
        note_revisions(folder, entry)
    except (duckdb.Error, OSError) as error:
        unnoted["What this publication says and changes"] = error
    pointer = {
        "snapshot": snapshot.name,
        "build_id": entry["build_id"],
        "content_id": entry.get("content_id"),
        "built_at": entry["built_at"],
        "first_date": entry["first_date"],
        "last_date": entry["last_date"],
        "is_sample": entry["is_sample"],
        "how": cause,
    }
    reached(Step.POINT)
    write_file(folder.published / POINTER, json.dumps(pointer, indent=2) + "\n")
    for what, fault in unnoted.items():
        LOG.warning("%s could not be noted: %s", what, fault)
    if begun.read(folder) == UnfinishedStep("forget"):  # its unfinished work
        begun.drop(folder)
    try:
        reached(Step.USE_CONTACTS)
        use_contacts(folder, entry["build_id"])
        reached(Step.RECORD)
        history.record(folder, entry)
        reached(Step.PRUNE)
        remove_old(folder)
        expired.enforce(folder)
    except (OSError, sqlite3.Error, UserError) as error:  # it is published: to deny that would be wrong
        why = error if isinstance(error, UserError) else explain(error) or type(error).__name__
        LOG.warning("Published, but what follows is left to the next command (history, contacts, old files): %s", why)


@timed("contacts put in place")
def use_contacts(folder: CampaignFolder, build_id: str) -> None:
    """Make the contacts of a build those of the campaign; both names may be one file, which nobody changes in place."""
    of_build = folder.private / "contacts" / f"{build_id}.duckdb"
    contacts = folder.private / "contacts.duckdb"
    if not of_build.is_file() or (contacts.is_file() and of_build.samefile(contacts)):
        return
    with drafted(contacts, PRIVATE) as draft:
        try:
            os.link(of_build, draft)
        except OSError:  # not every disk knows links
            shutil.copyfile(of_build, draft)


@timed("old builds removed")
def remove_old(folder: CampaignFolder) -> None:
    """Remove the snapshots, inputs and contacts of builds that the history no longer has.

    A snapshot with frozen embeds stays, without its inputs and contacts: it can be shown, not restored.
    """
    pointer = history.read_pointer(folder)
    entries = history.read_history(folder)
    builds = {entry["build_id"] for entry in entries} | ({str(pointer["build_id"])} if pointer else set())
    _remove_snapshots(folder, builds)
    kept_inputs.prune(folder, builds)


def _remove_snapshots(folder: CampaignFolder, builds: set[str]) -> None:
    """Remove the snapshots of all other builds; none where the builds of frozen embeds are unknown."""
    try:
        with hold(folder.root):
            names = {f"snapshot-{build}.duckdb" for build in builds | read_kept(folder.root)}
            for path in folder.published.glob("snapshot-*.duckdb*"):
                if path.name not in names:
                    remove(path)
    except UserError as error:  # the published build stands; the next build removes the leftovers
        LOG.warning("Old snapshots stay: %s", error)


def read_clock() -> datetime:
    """Read the clock, in UTC."""
    return datetime.now(UTC)


def find_moment(before: str, now: datetime) -> str:
    """Find the moment when a build becomes the published one, ISO 8601 in UTC: now, and later than the build before.

    Feeds and browsers go by that order. Where the clock was put back by less than a day, or two builds come within a
    second, it is counted on from the build before. Where that one is of a later day, its day was wrong.

    `before`: the moment of the build published before; empty for none.
    """
    try:
        earlier = datetime.fromisoformat(before)
    except ValueError:
        return now.isoformat(timespec="seconds")
    if now.replace(microsecond=0) > earlier:
        return now.isoformat(timespec="seconds")
    if now - earlier < timedelta(seconds=-MOST_PUT_BACK):
        LOG.warning("The build before is of %s, but the clock says %s: one of them was wrong.", before, now.date())
        return now.isoformat(timespec="seconds")
    if now - earlier < timedelta(seconds=-2):
        LOG.warning("The clock was put back: it says %s, after a build of %s.", f"{now:%H:%M:%S}", before)
    return (earlier + timedelta(seconds=1)).isoformat(timespec="seconds")


@timed("first published noted")
def note_first_published(folder: CampaignFolder, snapshot: Path, published_at: str) -> None:
    """Note the entries of a build that were not public before; the file is replaced in one step, or stays.

    Where the file is missing or damaged, it is made again from the kept builds. Nothing here stops a publishing:
    without the file the pages say that they do not know since when an entry is public.

    `published_at` is ISO 8601 in UTC.

    Raises:
        duckdb.Error, OSError: the file could not be written.
    """
    with _lend_for_noting(snapshot) as connection:
        run_file(connection, QUERIES / "fold.sql")
        before = _load_noted(connection, folder, snapshot)
        statement = read_query("first_published/not_yet")
        (corrected,) = connection.execute(statement, {"published_at": published_at}).fetchone() or (0,)
        if _add_entries(connection, snapshot, published_at) or corrected or not before:
            _write_noted(connection, folder.published / FIRST_PUBLISHED)


def _load_noted(connection: duckdb.DuckDBPyConnection, folder: CampaignFolder, coming: Path) -> bool:
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
            _add_entries(connection, snapshot, entry["built_at"])
    return False


def _add_entries(connection: duckdb.DuckDBPyConnection, snapshot: Path, published_at: str) -> int:
    """Add the entries of a build that are not noted yet; return their number."""
    with _attached(connection, snapshot):
        is_held = connection.execute(read_sql_file("derived/known")).fetchall()
        run_file(connection, QUERIES / ("derived/entries.sql" if is_held else "entries.sql"))
        parameters = {"published_at": published_at}
        statement = read_query("first_published/note")
        row = connection.execute(statement, parameters).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _lend_for_noting(snapshot: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend an engine for a snapshot that reckons in UTC, with a database for the notes, which goes with the block."""
    with lend(is_for_much=is_much(snapshot)) as connection:
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


def _write_noted(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    statement = read_query("first_published/all")
    with drafted(file) as draft:
        connection.sql(statement).write_parquet(str(draft))
