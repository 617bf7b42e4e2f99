"""Send finished builds to an object store; servers elsewhere take them from it (`dashboard.campaign.copies`).

Objects have their hashes in their names and never change, so no object is sent twice and nobody's object is
overwritten. The pointer comes last, and only if it still is the one in this campaign's note: of two builders, the
second one gets an error.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from dashboard.access.roles_file import find_roles
from dashboard.campaign import builds
from dashboard.campaign.copies.object_store import (
    ChangedError,
    ObjectEntry,
    Objects,
    StoredObject,
    StoreError,
    open_store,
)
from dashboard.campaign.copies.reading_copy import refuse_copy
from dashboard.campaign.copies.stored_builds import (
    KEPT,
    OBJECTS,
    POINTER,
    Stored,
    StoredBuild,
    StoredFile,
    list_beside,
    read_stored,
)
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import is_of_another
from dashboard.errors import UserError
from dashboard.faults import explain
from dashboard.ground.base_urls import is_local
from dashboard.ground.files import locking
from dashboard.ground.files.json_notes import read_json
from dashboard.ground.files.writing import PRIVATE, hash_file, write_file
from dashboard.settings import Settings
from etl.publish import history
from etl.publish.kept_inputs import make_private

LOG = logging.getLogger(__name__)
PLACE = "store"
"""The folder in `private/`; other commands sweep away files of other places only."""
NOTE = "sent.json"
LOCK = ".lock"
LOCK_SECONDS = 600.0
YOUNG = timedelta(hours=1)
"""Younger unnamed objects may be those that another builder is sending."""
TRIES = 3


@dataclass
class SentNote:
    """The content of `private/store/sent.json`.

    Attributes:
        seen: The hash of the pointer that this campaign has written, or taken over.
        coming: The hash of the one that it was about to write; empty where its fate is known.
        must_sweep: Whether unnamed objects go whatever their age: a person was erased.
        hashes: The size, time in nanoseconds and hash of each snapshot, so that it is not read again.
    """

    store: str = ""
    seen: str = ""
    coming: str = ""
    must_sweep: bool = False
    hashes: dict[str, tuple[int, int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SendingResult:
    """The result of sending.

    Attributes:
        build_id: The build that the store shows; empty for none.
    """

    build_id: str
    address: str
    is_new: bool
    amount: tuple[int, int]
    removed: int

    def __str__(self) -> str:
        """Describe the result in a sentence."""
        state = f"shows build {self.build_id}" if self.build_id else "shows nothing"
        if not self.is_new:
            return f"{self.address} {state} already."
        return f"{self.address} {state}: {self.amount[0]} objects sent ({self.amount[1]:,} bytes)."


def send(
    folder: CampaignFolder,
    objects: Objects | None = None,
    *,
    take_over: bool = False,
    repair: bool = False,
) -> SendingResult:
    """Send the published builds to the store of the settings, and remove there those no longer kept here.

    `take_over` puts this campaign's builds in the place of another builder's; `repair` compares every stored object
    with its hash, and sends damaged ones anew.

    Raises:
        StoreError: the store cannot be asked, another builder has sent something, or only the sample is here.
    """
    settings = Settings.from_environment()
    refuse_copy(folder.root, settings)
    objects = objects or open_store(settings)
    refusal = StoreError("Another command is sending builds.", "Wait until it has finished, then try again.")
    with locking.hold(make_private(folder, PLACE) / LOCK, LOCK_SECONDS, refusal):
        return _Sending(folder, objects).run(take_over=take_over, repair=repair)


@dataclass(frozen=True)
class Compared:
    """A store beside the published builds here.

    Attributes:
        stored: Its content; None where nothing was ever sent.
        is_own: Whether this campaign has sent it.
        is_current: Whether it names the builds published here.
        missing: Objects that it names but lacks, or has with another size.
    """

    address: str
    stored: Stored | None
    is_own: bool
    is_current: bool
    missing: list[str]


def compare(folder: CampaignFolder, objects: Objects | None = None) -> Compared:
    """Compare the store with the published builds; nothing is changed.

    Raises:
        StoreError: it cannot be asked, or its answer cannot be read.
    """
    objects = objects or open_store(Settings.from_environment())
    stored_pointer = objects.read(POINTER)
    if stored_pointer is None:
        return Compared(objects.address, None, is_own=True, is_current=False, missing=[])
    stored = read_stored(stored_pointer.body, objects.address)
    note, pointer = read_note(folder), history.read_pointer(folder)
    missing = [name for name, size in stored.list_objects() if objects.find_size(name) != size]
    is_own = sha256(stored_pointer.body).hexdigest() in (note.seen, note.coming)
    return Compared(objects.address, stored, is_own, is_current=stored.published == pointer, missing=missing)


def send_if_set(folder: CampaignFolder, *, is_forgetting: bool = False) -> str | None:
    """Send where a store is set, at the end of a command that publishes; return any failure in two sentences.

    Builds published here stay in any case; the next command sends them.

    Where a person has just been erased (`is_forgetting`), no unnamed object may stay there.
    """
    if not Settings.from_environment().store:
        return None
    try:
        if is_forgetting:
            note = read_note(folder)
            note.must_sweep = True
            _write_note(folder, note)
        LOG.info("%s", send(folder))
    except (UserError, OSError) as error:
        user_error = error if isinstance(error, UserError) else explain(error) or UserError(type(error).__name__)
        LOG.error("Published here, but not sent to the object store: %s", user_error)
        return f"It is published here, but not sent to the object store. {user_error}"
    return None


def read_note(folder: CampaignFolder) -> SentNote:
    """Read the note of the last sending; an empty note where there was none, or it is damaged."""

    def parse(note: dict[str, Any]) -> SentNote:
        note["hashes"] = {str(name): (int(a), int(b), str(c)) for name, (a, b, c) in note["hashes"].items()}
        return SentNote(**note)

    return read_json(folder.private / PLACE / NOTE, parse) or SentNote()


def _write_note(folder: CampaignFolder, note: SentNote) -> None:
    write_file(make_private(folder, PLACE) / NOTE, json.dumps(asdict(note), indent=1) + "\n", PRIVATE)


class _Sending:
    """One sending, under the lock."""

    def __init__(self, folder: CampaignFolder, objects: Objects) -> None:
        self._folder = folder
        self._objects = objects
        self._note = read_note(folder)
        if self._note.store != objects.address:
            self._note = SentNote(objects.address, must_sweep=self._note.must_sweep, hashes=self._note.hashes)
        self._sent: list[int] = []

    def run(self, *, take_over: bool, repair: bool) -> SendingResult:
        """Send, and tidy up."""
        pointer = self._objects.read(POINTER)
        before = self._read_before(pointer, is_forgiving=take_over or repair)
        self._refuse_other(pointer, before, take_over=take_over)
        marks = self._take_marks(before)
        coming = self._describe()
        self._refuse_sample(before, coming)
        is_new = before is None or _same(before) != _same(coming)
        if is_new or repair or take_over:
            self._put_objects(coming, repair=repair)
            self._point(coming, pointer)
        object_names = {name for name, _ in coming.list_objects()}
        removed = self._prune(before, object_names)
        self._objects.delete(f"{KEPT}{build_id}" for build_id in marks)
        self._note.must_sweep = False
        _write_note(self._folder, self._note)
        return SendingResult(
            coming.build_id, self._objects.address, is_new, (len(self._sent), sum(self._sent)), removed
        )

    def _read_before(self, pointer: StoredObject | None, *, is_forgiving: bool) -> Stored | None:
        try:
            return read_stored(pointer.body, self._objects.address) if pointer else None
        except StoreError:
            if is_forgiving:
                return None
            raise

    def _refuse_other(self, pointer: StoredObject | None, before: Stored | None, *, take_over: bool) -> None:
        """Leave alone another builder's builds."""
        digest = sha256(pointer.body).hexdigest() if pointer else ""
        if not pointer or take_over or digest in (self._note.seen, self._note.coming):
            return
        what = f"build {before.build_id}" if before and before.build_id else "its builds"
        when = f" at {before.sent_at}" if before else ""
        raise StoreError(
            f"Another builder has sent {what} to {self._objects.address}{when}; nothing there was changed.",
            "Send from one campaign folder only. To show this one's builds there: python -m etl store take-over.",
        )

    def _refuse_sample(self, before: Stored | None, coming: Stored) -> None:
        """Never show fictional data where real data is shown."""
        published = before.published if before else None
        if published and not published.get("is_sample") and coming.published and coming.published.get("is_sample"):
            raise StoreError(
                f"Only the fictional sample is published here; {self._objects.address} goes on showing real figures.",
                "Put the exports into the inbox and build.",
            )

    def _take_marks(self, before: Stored | None) -> list[str]:
        """Keep the builds that embeds on copies are frozen at, and fetch those no longer here.

        Return all requested builds: the marks go when the pointer names those that could be kept.
        """
        build_ids = [one.name.removeprefix(KEPT) for one in self._objects.list_all(KEPT)]
        for build_id in filter(builds.is_build_id, build_ids):
            stored = before.find(build_id) if before else None
            if builds.find_snapshot(self._folder.root, build_id) is None and stored is not None:
                target = self._folder.published / stored.file_name
                draft = make_private(self._folder, PLACE) / "fetched.new"
                self._objects.fetch(stored.object, draft, stored.size, stored.sha256)
                draft.replace(target)
            if builds.find_snapshot(self._folder.root, build_id) is not None:
                builds.keep(self._folder.root, build_id)
        return build_ids

    def _describe(self) -> Stored:
        """Describe the published files here; look again where another command publishes meanwhile."""
        for _ in range(TRIES):
            published = history.read_pointer(self._folder)
            try:
                stored = self._describe_once(published)
            except FileNotFoundError:
                time.sleep(0.2)
                continue
            if history.read_pointer(self._folder) == published:
                return stored
        raise StoreError("The builds changed while they were looked at.", "Try again: python -m etl store upload.")

    def _describe_once(self, published: dict[str, object] | None) -> Stored:
        settings = Settings.from_environment()
        published_ids = [str(published["build_id"])] if published else []
        history_ids = [entry["build_id"] for entry in history.read_history(self._folder)]
        names = dict.fromkeys([*published_ids, *history_ids, *sorted(builds.read_kept(self._folder.root))])
        snapshots = [(build_id, builds.find_snapshot(self._folder.root, build_id)) for build_id in names]
        content_ids = {entry["build_id"]: entry.get("content_id") for entry in history.read_history(self._folder)}
        stored_builds = [
            self._build(build_id, path, content_ids.get(build_id))
            for build_id, path in snapshots
            if path is not None
            and (build_id in published_ids or not is_of_another(path))  # no server of this version shows it
        ]
        self._note.hashes = {build.file_name: self._note.hashes[build.file_name] for build in stored_builds}
        return Stored(
            published=published,
            builds=tuple(stored_builds),
            files=tuple(_file(self._folder.root, name) for name in list_beside(self._folder.root)),
            is_closed=find_roles(self._folder.root).roles.closed,
            made_at="" if is_local(settings.base_url) else settings.base_url,
            sent_at=datetime.now(UTC).isoformat(timespec="seconds"),
            sending=secrets.token_hex(8),
        )

    def _build(self, build_id: str, path: Path, content_id: str | None) -> StoredBuild:
        status = path.stat()
        size, modified_at, former_digest = self._note.hashes.get(path.name, (-1, -1, ""))
        digest = former_digest if (size, modified_at) == (status.st_size, status.st_mtime_ns) else hash_file(path)
        self._note.hashes[path.name] = (status.st_size, status.st_mtime_ns, digest)
        name = f"{OBJECTS}snapshot-{build_id}-{digest[:16]}.duckdb"
        return StoredBuild(
            object=name, sha256=digest, size=status.st_size, build_id=build_id, content_id=content_id or ""
        )

    def _put_objects(self, coming: Stored, *, repair: bool) -> None:
        """Send the missing objects; those of a stopped sending are there."""
        for path, one in _list_files(self._folder, coming):
            is_there = self._is_whole(one) if repair else self._objects.find_size(one.object) == one.size
            if not is_there:
                self._objects.put(one.object, path)
                if self._objects.find_size(one.object) != one.size:
                    raise StoreError(
                        f"{one.object} changed while it was sent.", "Try again: python -m etl store upload."
                    )
                self._sent.append(one.size)

    def _is_whole(self, one: StoredBuild | StoredFile) -> bool:
        draft = make_private(self._folder, PLACE) / "fetched.new"
        try:
            self._objects.fetch(one.object, draft, one.size, one.sha256)
        except StoreError:
            return False
        draft.unlink(missing_ok=True)
        return True

    def _point(self, coming: Stored, pointer: StoredObject | None) -> None:
        """Replace the pointer, if it is still the one seen before."""
        body = coming.write()
        self._note.coming = sha256(body).hexdigest()
        _write_note(self._folder, self._note)
        try:
            self._objects.swap(POINTER, body, pointer.version if pointer else None)
        except ChangedError:
            is_ours = self._objects.read(POINTER)  # it was asked twice where the first answer got lost
            if is_ours is None or is_ours.body != body:
                raise StoreError(
                    f"Another builder has sent a build to {self._objects.address} in this very moment; "
                    "nothing of it was overwritten.",
                    "Send from one campaign folder only. To show this one's builds there: "
                    "python -m etl store take-over.",
                ) from None
        self._note.seen, self._note.coming = self._note.coming, ""
        _write_note(self._folder, self._note)

    def _prune(self, before: Stored | None, object_names: set[str]) -> int:
        """Remove objects that the pointer names no longer, and the leftovers of stopped sendings."""
        dropped = {name for name, _ in before.list_objects()} if before else set[str]()
        now = datetime.now(UTC)

        def is_old(one: ObjectEntry) -> bool:
            return one.name in dropped or self._note.must_sweep or now - one.changed_at > YOUNG

        old = [one.name for one in self._objects.list_all(OBJECTS) if one.name not in object_names and is_old(one)]
        self._objects.delete(old)
        self._objects.sweep(now if self._note.must_sweep else now - YOUNG)
        return len(old)


def _file(root: Path, name: str) -> StoredFile:
    path = root / name
    digest = hash_file(path)
    stem, suffix = re.sub(r"[^0-9A-Za-z_-]+", "_", path.stem)[:80], re.sub(r"[^0-9A-Za-z.]", "", path.suffix)
    return StoredFile(
        object=f"{OBJECTS}{stem}-{digest[:16]}{suffix}", sha256=digest, size=path.stat().st_size, path=name
    )


def _list_files(folder: CampaignFolder, coming: Stored) -> Iterator[tuple[Path, StoredBuild | StoredFile]]:
    """List the files to send: first builds, which nobody sees before the pointer names them, then the small files."""
    for build in coming.builds:
        yield folder.published / build.file_name, build
    for file in coming.files:
        yield folder.root / file.path, file


def _same(stored: Stored) -> Stored:
    """Return it without the parts that differ at every sending."""
    return stored.model_copy(update={"sent_at": "", "sending": ""})
