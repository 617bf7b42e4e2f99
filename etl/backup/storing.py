"""The making of backups: written under another name, read again, and only then renamed; old ones are removed.

The open part has the settings, codelists, recipes, languages and published data, which name no person. All else is
sealed, also unfamiliar files, since exports and the answers of staff may name anybody. A closed campaign is sealed
as a whole.

A cut is the campaign's content at one moment, while builds and mails go on. Under the lock of builds, for a moment
only, big files get a second name (a hard link), so that they stay when the campaign no longer has them, and small ones
that may be written to are copied; SQLite copies its databases itself. Where there are no links, all is copied.
"""

import hashlib
import io
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.access.roles_file import find_roles
from dashboard.campaign.blank import OPEN_NAMES
from dashboard.campaign.builds import FIRST_PUBLISHED, HISTORY, LIST, REVISIONS, read_kept
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.published_files import FOLDER as PUBLISHED_FILES
from dashboard.campaign.reporting.published_files import list_published_files
from dashboard.campaign.source_notes import COPIES
from dashboard.errors import BusyError, UserError
from dashboard.ground.files.writing import PRIVATE, drafted, for_owner, remove, sync_folder
from dashboard.ground.processes.progress import Progress
from dashboard.scratch import Scratch
from etl.backup.backup_file import open_container
from etl.backup.manifest import (
    FORGOTTEN_LIST,
    FORMAT,
    KEY,
    MANIFEST,
    OPEN,
    SEALED,
    BackupError,
    Manifest,
    Member,
    SealedIndex,
    StoredFile,
    hash_title,
)
from etl.backup.packing import Item, Tell, Teller, list_files, write_part
from etl.backup.sealed import make_key, seal
from etl.inputs.forgotten import FORGOTTEN
from etl.inputs.inbox import hash_program, is_unfinished
from etl.publish import history
from etl.publish.holding import only_build
from etl.publish.kept_inputs import make_private

NOT_KEPT = ("drafts", COPIES, "sessions*", ".*", "*.lock", "*.new", "*-wal", "*-shm", "*-journal", "__pycache__")
"""Names in the private store: previews and sessions end with their server, sheets and sources are read again, and
locks and journals are useless elsewhere."""
_SQLITE = b"SQLite format 3\0"
_SMALL = 8 << 20
PREFIX = ".backup-"


@dataclass
class Contents:
    """The files of a backup.

    Attributes:
        is_closed: Whether the campaign is closed, so that nothing is in the open.
        left_out: Links that lead out of the campaign folder, by their paths.
        pointer: The published build.
    """

    is_closed: bool
    open: list[Item] = field(default_factory=list)
    sealed: list[Item] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    pointer: dict[str, Any] = field(default_factory=dict)


def list_contents(folder: CampaignFolder, target: Path) -> Contents:
    """List the files of a campaign; `target`, the backup itself, is none of them. Call under the lock.

    Raises:
        BackupError: a necessary folder of the campaign is a link that leads out of it.
    """
    contents = Contents(is_closed=find_roles(folder.root).roles.closed)
    public = contents.sealed if contents.is_closed else contents.open
    root = folder.root.resolve()
    for entry in sorted(folder.root.iterdir()):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if root not in entry.resolve().parents:
            _refuse_needed(entry)
            contents.left_out.append(entry.name)
        elif entry.name not in ("published", "private"):
            led_to = entry.resolve().relative_to(root).parts[0]  # its target is as private as it is there
            into = public if {entry.name, led_to} <= {*OPEN_NAMES} else contents.sealed
            _add(contents, into, folder, entry, target)
    _add(contents, contents.sealed, folder, folder.private, target)
    public += _list_published(folder)
    return contents


def _refuse_needed(link: Path) -> None:
    if link.name in ("inbox", "private", "published"):
        raise BackupError(
            f"{link.name} is a link that leads out of the campaign folder, so that no backup was made: it would lack "
            "what is there.",
            f"Put the folder itself in the place of the link: {link.readlink()}.",
        )


def _list_published(folder: CampaignFolder) -> Iterator[Item]:
    """List what is published: the builds that can be restored or that embeds are frozen at, and their files."""
    builds = {entry["build_id"] for entry in history.read_history(folder)} | read_kept(folder.root)
    snapshots = [f"snapshot-{build_id}.duckdb" for build_id in sorted(builds)]
    pointer = history.published_snapshot(folder)
    names = dict.fromkeys([*([pointer.name] if pointer else []), *snapshots])
    files = (f"{PUBLISHED_FILES}/{name}" for name in list_published_files(folder.published))
    for name in (*names, *files, FIRST_PUBLISHED, REVISIONS, LIST, HISTORY, history.POINTER):
        if (folder.published / name).is_file():
            yield Item(f"published/{name}", folder.published / name)


def _add(contents: Contents, into: list[Item], folder: CampaignFolder, entry: Path, target: Path) -> None:
    """Add a file, or all files of a folder; a link counts as its target, inside the same folder."""
    top = entry.resolve()
    is_private = entry == folder.private

    def leave_out(path: Path) -> bool:
        if is_private and any(fnmatchcase(path.name, pattern) for pattern in NOT_KEPT):
            return True
        return path.name == "__pycache__" or is_unfinished(path) or is_backup(path, target)

    paths = list_files(entry, leave_out) if entry.is_dir() else iter(() if leave_out(entry) else [(entry, False)])
    for path, is_odd in paths:
        name = path.relative_to(folder.root).as_posix()
        leads_out = path.is_symlink() and path != entry and not path.resolve().is_relative_to(top)
        if is_odd or leads_out or not path.is_file():
            contents.left_out.append(name)
        else:
            into.append(Item(name, path))


def is_backup(path: Path, target: Path) -> bool:
    """Return whether a path is the backup under way, or one of those beside it."""
    return path == target or (path.parent == target.parent and fnmatchcase(path.name, "dashboard-backup-*.tar"))


def is_database(path: Path) -> bool:
    """Return whether a file is an SQLite database, which may be written to while it is copied."""
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


_FIXED = ("private/inputs", "private/contacts", "private/builds", "private/evidence", f"published/{PUBLISHED_FILES}")


def is_fixed(item: Item) -> bool:
    """Return whether nobody writes into a file in place: builds, their contacts, kept inputs and files are replaced."""
    place = item.name.rpartition("/")[0]
    return place in _FIXED or item.name.endswith(".duckdb")


def find_list(contents: Contents) -> Path | None:
    """Find the list of persons to be forgotten, where there is one."""
    return next((item.path for item in contents.sealed if item.name == f"private/{FORGOTTEN}"), None)


@contextmanager
def cut(folder: CampaignFolder, target: Path, wait: float) -> Iterator[Contents]:
    """Make a cut for the backup `target`, which is gone on leaving.

    Raises:
        BackupError: a build was under way for all of `wait` seconds.
    """
    make_private(folder)
    with Scratch("work", folder.private, prefix=PREFIX) as place:
        try:
            with only_build(folder, wait=wait):
                contents = list_contents(folder, target)
                for items in (contents.open, contents.sealed):
                    copies = [_hold(item, Path(place) / str(n), items) for n, item in enumerate(items)]
                    items[:] = filter(None, copies)
                contents.pointer = history.read_pointer(folder) or {}
        except BusyError as error:
            raise BackupError(
                f"A build has been under way for {wait:.0f} seconds, so that no backup was made.",
                "Make it when the build has finished, or wait longer (--wait).",
            ) from error
        yield contents


def _hold(item: Item, place: Path, items: list[Item]) -> Item | None:
    """Hold a file as it is now, under a name that nobody else uses; None where somebody has just taken it away."""
    copy = place.with_name(f"{place.name}-{id(items):x}")
    try:
        if item.name.startswith("private/") and is_database(item.path):
            copy.touch(mode=0o600)
            with closing(sqlite3.connect(item.path, timeout=30)) as old, closing(sqlite3.connect(copy)) as new:
                old.backup(new)
        elif not is_fixed(item) and item.path.stat().st_size <= _SMALL:
            shutil.copy2(item.path, copy)
        else:
            _link(item.path, copy)
    except FileNotFoundError:
        if item.path.exists():
            raise
        return None
    return Item(item.name, copy)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:  # not every disk knows links, and none from another disk
        shutil.copy2(source, target)


@dataclass
class StoredBackup:
    """A finished backup: its bytes, those of its files, links left out, and older backups that were removed."""

    path: Path
    manifest: Manifest
    size: int
    unpacked: int
    left_out: list[str]
    removed: list[str] = field(default_factory=list)


def name_backup(folder: CampaignFolder, place: Path, moment: datetime) -> Path:
    """Name the file of a backup in a folder of backups."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", folder.root.name).strip("-") or "campaign"
    return place / f"dashboard-backup-{slug}-{moment:%Y%m%dT%H%M%SZ}.tar"


def make_backup(
    folder: CampaignFolder, to: Path, passphrase: str | None, *, wait: float, progress: Progress
) -> StoredBackup:
    """Make a backup of a campaign, in a file or in an existing folder; without a passphrase, of its open part.

    Raises:
        BackupError: no backup was made.
    """
    moment = datetime.now(UTC)
    target = name_backup(folder, to, moment) if to.is_dir() else to
    _refuse_target(target)
    campaign = folder.load()
    title = campaign.titles[campaign.default_language]
    progress("waiting for the build", 0, 1)
    with cut(folder, target.resolve(), wait) as contents:
        if contents.is_closed and passphrase is None:
            raise BackupError(
                "The campaign is closed, so that all of it is sealed: there is no open part.",
                "Leave --open-part out and give a passphrase.",
            )
        with drafted(target, PRIVATE, is_shared=True) as draft:
            with open(draft, "w+b", opener=for_owner) as stream:
                facts = {
                    "made_at": moment.isoformat(timespec="seconds"),
                    "title": hash_title(title) if contents.is_closed else title,
                }
                manifest = _write_container(ContainerWriter(stream), contents, passphrase, progress, **facts)
            progress("checking", 0, 1)
            with open_container(draft) as reader:
                reader.check_hashes(lambda _: None)
        unpacked = sum(member.unpacked for member in manifest.members)
        sync_folder(target.parent)
    return StoredBackup(target, manifest, target.stat().st_size, unpacked, contents.left_out)


def _refuse_target(target: Path) -> None:
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.", "Make it first, or name another (--to).")
    if not target.exists():
        return
    try:
        with open_container(target):
            return
    except (BackupError, OSError) as error:
        raise BackupError(
            f"{target} is there already and is no backup.", "Name another file, or a folder (--to)."
        ) from error


class HashedWriter(io.RawIOBase):
    """Passes bytes on, counts and hashes them."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to `stream`, which stays open."""
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Pass bytes on."""
        self._stream.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


class ContainerWriter:
    """Writes members one after another into a seekable file.

    The size of a packed stream is unknown in advance, so a header is corrected when its member has ended.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Begin at the place where `stream` is."""
        self._stream = stream
        self.members: list[Member] = []

    @contextmanager
    def member(self, name: str) -> Iterator[Any]:
        """Write one member; `note` notes its unpacked size."""
        start = self._stream.tell()
        self._stream.write(b"\0" * tarfile.BLOCKSIZE)
        writer = HashedWriter(self._stream)
        yield writer
        self._stream.write(b"\0" * (-writer.size % tarfile.BLOCKSIZE))
        end = self._stream.tell()
        header = tarfile.TarInfo(name)
        header.size, header.mode = writer.size, 0o600
        self._stream.seek(start)
        self._stream.write(header.tobuf(tarfile.GNU_FORMAT))
        self._stream.seek(end)
        self.members.append(Member(name=name, size=writer.size, sha256=writer.digest.hexdigest()))

    def note(self, files: int, unpacked: int) -> None:
        """Note the number of files and bytes that the last member unpacks to."""
        self.members[-1] = self.members[-1].model_copy(update={"files": files, "unpacked": unpacked})

    def close(self, manifest: bytes) -> None:
        """Write the manifest and the end."""
        with self.member(MANIFEST) as writer:
            writer.write(manifest)
        self._stream.write(b"\0" * (2 * tarfile.BLOCKSIZE))


def _write_container(
    container: ContainerWriter, contents: Contents, passphrase: str | None, progress: Progress, **facts: str
) -> Manifest:
    """Write the members one after another; return the manifest, which holds the `facts` as well."""
    items = [*contents.open, *(contents.sealed if passphrase is not None else ())]
    tell = Teller(progress, "writing", sum(item.path.stat().st_size for item in items))
    with container.member(OPEN) as member:
        stored_open = write_part(contents.open, member, tell)
    container.note(len(stored_open), sum(file.size for file in stored_open))
    if passphrase is not None:
        _write_sealed(container, contents, stored_open, passphrase, tell)
    manifest = Manifest(
        format=FORMAT,
        program=hash_program().hex(),
        closed=contents.is_closed,
        build_id=str(contents.pointer.get("build_id") or ""),
        content_id=str(contents.pointer.get("content_id") or ""),
        is_sample=bool(contents.pointer.get("is_sample")),
        members=tuple(container.members),
        files=tuple(stored_open),
        **facts,
    )
    container.close(manifest.write())
    return manifest


def _write_sealed(
    container: ContainerWriter, contents: Contents, stored_open: list[StoredFile], passphrase: str, tell: Tell
) -> None:
    key, sealed_key = make_key(passphrase)
    with container.member(KEY) as member:
        member.write(sealed_key)
    if (list_file := find_list(contents)) is not None:
        text = list_file.read_bytes()
        with container.member(FORGOTTEN_LIST) as member:
            seal(lambda stream: stream.write(text), member, key)

    def last(stored: list[StoredFile]) -> bytes:
        return SealedIndex(open=tuple(stored_open), sealed=tuple(stored)).model_dump_json().encode()

    with container.member(SEALED) as member:
        stored = seal(lambda stream: write_part(contents.sealed, stream, tell, last), member, key)
    container.note(len(stored), sum(file.size for file in stored))


def list_backups(place: Path, title_hash: str) -> list[tuple[Path, Manifest]]:
    """List the whole backups of a campaign in a folder, the newest first."""
    backups = []
    for path in place.glob("dashboard-backup-*.tar"):
        try:
            with open_container(path) as reader:
                if reader.manifest.title_hash == title_hash:
                    backups.append((path, reader.manifest))
        except (UserError, OSError):
            continue  # a broken one counts for nothing, and somebody may want to look at it
    return sorted(backups, key=lambda entry: (entry[1].made_at, entry[0].name), reverse=True)


def list_old(place: Path, title_hash: str, most: int) -> list[Path]:
    """List the backups beyond the newest `most`, none where that is 0; never the newest complete one."""
    backups = list_backups(place, title_hash)
    full = next((path for path, manifest in backups if manifest.is_sealed), None)
    return [path for path, _ in backups[most:] if path != full] if most > 0 else []


def remove_old(place: Path, title_hash: str, most: int) -> list[str]:
    """Remove them; return their names."""
    old = list_old(place, title_hash, most)
    for path in old:
        remove(path)
    return [path.name for path in old]
