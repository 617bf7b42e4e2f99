"""What of a campaign folder belongs into a backup, and in which part of it.

In the open stand the settings, codelists, recipes, languages and what is published: nothing that names a person. All
else is sealed, also what nobody here has heard of, since exports and what staff settle may name anybody. Of a closed
campaign all is sealed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from dashboard.access.roles_file import find_roles
from dashboard.campaign.blank import OPEN_NAMES
from dashboard.campaign.builds import FIRST_PUBLISHED, LIST, read_kept
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import COPIES
from etl.backup.manifest import BackupError
from etl.backup.packing import Item, list_files
from etl.inputs.forgotten import FORGOTTEN
from etl.inputs.inbox import is_unfinished
from etl.publish import history

NOT_KEPT = ("drafts", COPIES, "sessions*", ".*", "*.lock", "*.new", "*-wal", "*-shm", "*-journal", "__pycache__")
"""Of the private store: previews and sessions end with their server, what sheets and sources gave is read again, and
locks and journals say nothing to another one."""
_SQLITE = b"SQLite format 3\0"


@dataclass
class Contents:
    """The files of a backup.

    Attributes:
        open: Those in the open.
        sealed: Those that are sealed.
        left_out: Links that lead out of the campaign folder, by their paths.
        is_closed: Whether the campaign is closed, so that nothing is in the open.
    """

    is_closed: bool
    open: list[Item] = field(default_factory=list)
    sealed: list[Item] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def list_contents(folder: CampaignFolder, target: Path) -> Contents:
    """List the files of a campaign; `target`, the backup itself, is none of them. Call under the lock.

    Raises:
        BackupError: a folder without which the campaign is none is a link that leads out of it.
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
            led_to = entry.resolve().relative_to(root).parts[0]  # what it leads to is as private as it is there
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
    """What is published, and the builds that one can go back to or that embeds are frozen at."""
    builds = {entry["build_id"] for entry in history.read_history(folder)} | read_kept(folder.root)
    snapshots = [f"snapshot-{build_id}.duckdb" for build_id in sorted(builds)]
    pointer = history.published_snapshot(folder)
    names = dict.fromkeys([*([pointer.name] if pointer else []), *snapshots])
    for name in (*names, FIRST_PUBLISHED, LIST, history.HISTORY, history.POINTER):
        if (folder.published / name).is_file():
            yield Item(f"published/{name}", folder.published / name)


def _add(contents: Contents, into: list[Item], folder: CampaignFolder, entry: Path, target: Path) -> None:
    """Add a file, or all that a folder holds; a link counts as the file that it leads to, inside the same folder."""
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
    """Whether a path is the backup that is written, or one of those beside it."""
    return path == target or (path.parent == target.parent and fnmatchcase(path.name, "dashboard-backup-*.tar"))


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database, which may be written to while it is copied."""
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


def is_fixed(item: Item) -> bool:
    """Whether nobody writes into a file in place: builds, their contacts and kept inputs are only ever replaced."""
    place = item.name.rpartition("/")[0]
    return place in ("private/inputs", "private/contacts", "private/builds") or item.name.endswith(".duckdb")


def find_list(contents: Contents) -> Path | None:
    """The list of persons to be forgotten, where there is one."""
    return next((item.path for item in contents.sealed if item.name == f"private/{FORGOTTEN}"), None)
