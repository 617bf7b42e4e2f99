"""Take builds from an object store: check for new ones every few seconds, compare hashes, then put them in place.

A file is written under another name, synced and opened before it gets its own name; the local pointer is replaced last,
as by a build. Whatever is wrong with the store, the local builds stay on show.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from dashboard.access.roles_file import find_roles
from dashboard.campaign import builds
from dashboard.campaign.copies.object_store import (
    MissingError,
    Objects,
    StoreError,
    UnchangedError,
    Version,
    open_store,
)
from dashboard.campaign.copies.reading_copy import NOTE, CopyNote, copy_state, read_note
from dashboard.campaign.copies.stored_builds import KEPT, POINTER, Stored, StoredBuild, StoredFile, read_stored
from dashboard.campaign.snapshot_schema import OtherSchemaError, refuse_other_schema
from dashboard.errors import UserError
from dashboard.faults import explain
from dashboard.ground.files import locking
from dashboard.ground.files.writing import drafted, write_file
from dashboard.ground.query_files import read_sql_file
from dashboard.paths import quote_path
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
LOCK = ".copy.lock"
LONGEST_WAIT = 8.0
"""Seconds between two looks at a store that does not answer, at most."""
TRIES = 3
"""How often it begins anew where the builder goes on meanwhile."""
_KEPT_LIST = f"published/{builds.LIST}"


class Taker:
    """Takes builds from a store into one campaign folder."""

    def __init__(self, settings: Settings, objects: Objects | None = None) -> None:
        """Point at a campaign folder; `objects` is the store, by default that of the settings."""
        self._settings = settings
        self._given = objects
        self._campaign = settings.campaign
        self._published = settings.campaign / "published"
        self._asked: set[str] = set()
        self._unwritable = False

    @cached_property
    def _objects(self) -> Objects:
        return self._given or open_store(self._settings)

    def look(self) -> bool:
        """Take what is new and return whether something was; do nothing while another process of this folder takes.

        Raises:
            UserError: the store does not answer, or its content cannot be taken; the local builds stay.
            OSError: the disk refuses.
        """
        self._published.mkdir(parents=True, exist_ok=True)
        try:
            with locking.hold(self._published / LOCK, 0):
                return self._look()
        except locking.InUseError:
            return False

    def try_look(self) -> bool:
        """Take as `look` does, and log what is wrong, once for each fault; return whether the store could be read."""
        state = copy_state()
        try:
            self.look()
        except (UserError, OSError, duckdb.Error) as error:
            problem = error if isinstance(error, UserError) else explain(error) or UserError(type(error).__name__)
            if str(problem) != str(state.problem):
                LOG.error("The build shown stays. %s", problem)
            state.problem, state.failures = problem, state.failures + 1
            return False
        if state.problem is not None:
            LOG.info("The object store is read again.")
        state.problem, state.looks = None, state.looks + 1
        return True

    def _look(self) -> bool:
        note = read_note(self._campaign)
        is_here = note.store == self._settings.store and bool(note.e_tag)
        is_here = is_here and all(self._is_as_taken(path, note) for path in note.files)
        known_version = Version(note.e_tag) if is_here else None
        for tries_left in reversed(range(TRIES)):
            try:
                pointer = self._objects.read(POINTER, known_version)
            except UnchangedError:
                self._ask_to_keep(read_note(self._campaign).kept)
                os.utime(self._published / NOTE)
                return False
            if pointer is None:
                raise StoreError(
                    f"Nothing has been sent to {self._objects.address} yet.",
                    "On the builder's computer: python -m etl store upload.",
                )
            try:
                self._take(read_stored(pointer.body, self._objects.address), pointer.version)
            except MissingError:  # the builder may have gone on and removed it
                if not tries_left or self._is_still(pointer.version):
                    raise
            else:
                return True
        return False

    def _is_as_taken(self, path: str, note: CopyNote) -> bool:
        try:
            return (self._campaign / path).stat().st_mtime_ns == note.times.get(path)
        except OSError:
            return False

    def _note_taken(self, path: str, sha256: str, note: CopyNote) -> None:
        note.files[path], note.times[path] = sha256, (self._campaign / path).stat().st_mtime_ns

    def _is_still(self, version: Version) -> bool:
        try:
            self._objects.read(POINTER, version)
        except UnchangedError:
            return True
        return False

    def _take(self, stored: Stored, version: Version) -> None:
        """Bring all objects that a pointer names, the published build first."""
        self._refuse_open(stored)
        for path in self._published.glob("*.new"):
            path.unlink(missing_ok=True)
        note = replace(read_note(self._campaign), store=self._settings.store, e_tag="", made_at=stored.made_at)
        self._bring_published(stored, note)
        is_all = self._bring_earlier(stored, note, version)
        self._remove_old(stored, note)
        note.e_tag = version.e_tag or "" if is_all else ""
        self._write(note)

    def _refuse_open(self, stored: Stored) -> None:
        """Refuse a closed campaign's figures on a server that would show them to everybody."""
        if stored.is_closed and not find_roles(self._campaign).roles.closed:
            raise StoreError(
                "The campaign is closed to people who have not signed in, but not on this copy.",
                "Write closed = true and who may read it into private/roles.toml of this campaign folder.",
            )

    def _bring_published(self, stored: Stored, note: CopyNote) -> None:
        """Put the published build in place with the files beside it, and the pointer last."""
        published_build = stored.find(stored.build_id)
        is_new = published_build is not None and self._bring_build(published_build, note)
        for file in stored.files:
            self._bring_file(file, stored, note)
        pointer = self._published / POINTER
        if stored.published is None:
            pointer.unlink(missing_ok=True)
            return
        text = json.dumps(stored.published, indent=2) + "\n"
        if is_new or not pointer.is_file() or pointer.read_text(encoding="utf-8") != text:
            write_file(pointer, text)
            note.taken_at = datetime.now(UTC).isoformat(timespec="seconds")
            copy_state().taken_builds += 1
            self._write(note)
            LOG.info("Build %s has been taken from %s.", stored.build_id, self._settings.store)

    def _bring_earlier(self, stored: Stored, note: CopyNote, version: Version) -> bool:
        """Bring the other builds, those of embeds first; return whether all are here.

        Where the builder has gone on meanwhile, they wait for the next look, which takes the published build first.

        Raises:
            StoreError: one of them cannot be brought; the others are here.
        """
        failed, embedded_builds = None, set(note.kept)
        for build in sorted(stored.builds, key=lambda build: build.build_id not in embedded_builds):
            try:
                if self._bring_build(build, note) and not self._is_still(version):
                    return False
            except StoreError as error:
                failed = error
        if failed is not None:
            self._write(note)
            raise failed
        return True

    def _bring_build(self, build: StoredBuild, note: CopyNote) -> bool:
        """Bring a snapshot if it is missing; return whether it was brought.

        Raises:
            StoreError: the store lacks it or has it damaged, or this program cannot read it.
        """
        path = f"published/{build.file_name}"
        target = self._campaign / path
        if note.files.get(path) == build.sha256 and self._is_as_taken(path, note):
            return False
        with drafted(target, is_durable=False) as draft:  # whoever fetches it has waited for the disk
            self._fetch(build, draft)
            _check_snapshot(draft, build)
        self._note_taken(path, build.sha256, note)
        return True

    def _bring_file(self, file: StoredFile, stored: Stored, note: CopyNote) -> None:
        target = self._campaign / file.path
        is_here = note.files.get(file.path) == file.sha256 and self._is_as_taken(file.path, note)
        if is_here:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with drafted(target, is_durable=False) as draft:
            self._fetch(file, draft)
            if file.path == _KEPT_LIST:
                self._merge_kept(draft, stored, note)
                return
        self._note_taken(file.path, file.sha256, note)

    def _fetch(self, what: StoredBuild | StoredFile, draft: Path) -> None:
        self._objects.fetch(what.object, draft, what.size, what.sha256)
        copy_state().taken_bytes += what.size

    def _merge_kept(self, draft: Path, stored: Stored, note: CopyNote) -> None:
        """Keep for embeds what the builder keeps, and local frozen builds that the builder does not know of yet."""
        try:
            frozen_builds = {
                str(build): str(since) for build, since in json.loads(draft.read_bytes())["builds"].items()
            }
        except (ValueError, KeyError, AttributeError) as error:
            raise StoreError("The list of builds kept for embeds is damaged.", "") from error
        finally:
            draft.unlink(missing_ok=True)
        note.kept = sorted(frozen_builds)
        builds.merge(self._campaign, frozen_builds, {build.build_id for build in stored.builds})
        self._ask_to_keep(note.kept)

    def _ask_to_keep(self, stored_builds: Iterable[str]) -> None:
        """Tell the builder which builds local embeds were frozen at: they must stay."""
        for build_id in builds.read_kept(self._campaign) - set(stored_builds) - self._asked:
            try:
                self._objects.put(f"{KEPT}{build_id}", b"")
                self._asked.add(build_id)
            except StoreError as error:
                if not self._unwritable:
                    LOG.warning("Build %s, at which an embed was frozen here, may go: %s", build_id, error)
                self._unwritable = True
                return

    def _remove_old(self, stored: Stored, note: CopyNote) -> None:
        """Remove builds and files that the store does not name any more."""
        stored_names = {f"published/{build.file_name}" for build in stored.builds} | {
            file.path for file in stored.files
        }
        if _KEPT_LIST not in stored_names:
            builds.merge(self._campaign, {}, {build.build_id for build in stored.builds})
            note.kept = []
        with builds.hold(self._campaign):
            local_snapshots = {f"published/{path.name}" for path in self._published.glob("snapshot-*.duckdb")}
            for path in (local_snapshots | note.files.keys()) - stored_names:
                try:
                    (self._campaign / path).unlink(missing_ok=True)
                except OSError:  # a system that cannot remove open files: at the next change
                    continue
                note.files.pop(path, None)
                note.times.pop(path, None)

    def _write(self, note: CopyNote) -> None:
        write_file(self._published / NOTE, json.dumps(asdict(note), indent=1) + "\n")


def follow(settings: Settings, stop: threading.Event, taker: Taker | None = None) -> None:
    """Take what is new every few seconds until `stop` is set; ask a store that does not answer less often."""
    taker, wait = taker or Taker(settings), 0.0
    while not stop.wait(wait):
        began = time.monotonic()
        try:
            is_read = taker.try_look()
        except Exception:  # the next look may succeed
            LOG.exception("The object store could not be looked at.")
            is_read = False
        pause = float(settings.store_seconds)
        wait = max(0.1, pause - (time.monotonic() - began)) if is_read else min(max(wait, pause) * 2, LONGEST_WAIT)


def _check_snapshot(path: Path, build: StoredBuild) -> None:
    """Check that a file is the snapshot of that build, and that this program can open it."""
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"attach {quote_path(path)} as snapshot (read_only)")
            refuse_other_schema(connection, path)
            connection.execute("use snapshot")
            answer = connection.execute(read_sql_file("campaign"))
            names = [column[0] for column in answer.description or ()]
            campaign_row = dict(zip(names, answer.fetchone() or (), strict=False))
    except OtherSchemaError:
        raise StoreError(
            f"Another version of the program made the snapshot of build {build.build_id}.",
            "Have the builder and its servers run one version: update the builder first and let it build.",
        ) from None
    except duckdb.Error:
        raise StoreError(f"The snapshot of build {build.build_id} cannot be read.", "Send it again.") from None
    is_it = campaign_row.get("build_id") == build.build_id
    if not is_it or (build.content_id and campaign_row.get("content_id") != build.content_id):
        raise StoreError(
            f"The object for build {build.build_id} holds another one.",
            "On the builder's computer: python -m etl store repair.",
        )
