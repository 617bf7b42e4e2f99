"""The contents of a backup: the files of a campaign folder in its two parts, and the cut that holds them still.

The open part has the settings, codelists, recipes, languages and published data, which name no person. All else is
sealed, also unfamiliar files, since exports and the answers of staff may name anybody. A closed campaign is sealed
as a whole.

A cut is the campaign's content at one moment, while builds and mails go on. Under the lock of builds, for a moment
only, big files get a second name (a hard link), so that they stay when the campaign no longer has them, and small ones
that may be written to are copied; SQLite copies its databases itself. Where there are no links, all is copied.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from dashboard.access.roles_file import find_roles
from dashboard.campaign.blank import OPEN_NAMES
from dashboard.campaign.builds import FIRST_PUBLISHED, LIST, read_kept
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import COPIES
from dashboard.errors import BusyError
from dashboard.scratch import Scratch
from etl.backup.manifest import BackupError
from etl.backup.packing import Item, list_files
from etl.inputs.forgotten import FORGOTTEN
from etl.inputs.inbox import is_unfinished
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
    """List the published files, and the builds that can be restored or that embeds are frozen at."""
    builds = {entry["build_id"] for entry in history.read_history(folder)} | read_kept(folder.root)
    snapshots = [f"snapshot-{build_id}.duckdb" for build_id in sorted(builds)]
    pointer = history.published_snapshot(folder)
    names = dict.fromkeys([*([pointer.name] if pointer else []), *snapshots])
    for name in (*names, FIRST_PUBLISHED, LIST, history.HISTORY, history.POINTER):
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


def is_fixed(item: Item) -> bool:
    """Return whether nobody writes into a file in place: builds, their contacts and kept inputs are only replaced."""
    place = item.name.rpartition("/")[0]
    return place in ("private/inputs", "private/contacts", "private/builds") or item.name.endswith(".duckdb")


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
            _copy_database(item.path, copy)
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


def _copy_database(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
