"""Entries: folders under `private/kept_sheets`, each with a note and the Parquet files that it names with their hashes.

An entry's name says what it was made from, so that it never has to be changed: it is written beside and put in place
in one step, and whoever uses one takes links to its files first. So a kill leaves nothing half, and an entry may go at
any time. What is damaged is noticed by its hash, and counts as not kept.
"""

import errno
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.campaign.folder import CampaignFolder
from dashboard.scratch import Scratch, is_left
from etl.kept_sheets.sheet_keys import hash_surroundings
from etl.readers.files import hash_file
from etl.steps import Step, reached

LOG = logging.getLogger(__name__)
PLACE = "kept_sheets"
NOTE = "note.json"
DRAFT = ".keeping-"
"""How the name of an entry begins that is being written."""
JUST_USED = 86_400
"""Seconds for which an entry stays although no build has its export: previews use it, too."""


class Found(NamedTuple):
    """An entry that is whole.

    Attributes:
        note: What it says.
        place: The folder with links to its files.
    """

    note: dict[str, Any]
    place: Path


class Entry(NamedTuple):
    """An entry as it lies in the store: its folder, its size in bytes, when it was last used, and what of."""

    path: Path
    size: int
    used: float
    program: str
    sha256: str


def store(folder: CampaignFolder) -> Path:
    """Where the entries of a campaign are, whether or not there are any."""
    return folder.private / PLACE


def find(folder: CampaignFolder, name: str, work: Path) -> Found | None:
    """Take an entry: its files are linked into a new folder in `work`, and held against their hashes.

    Gives None where there is none, or where it is not whole; such a one is removed.
    """
    path = store(folder) / name
    if not path.is_dir():
        return None
    try:
        note = _read_note(path, name)
        place = work / name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, sha256 in note["files"].items():
            if not (place / file).exists():  # another export of the same bytes has taken it
                _link(path / file, place / file)
            if hash_file(place / file) != sha256:
                raise ValueError(file)
        os.utime(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        LOG.warning("What was kept of a sheet is damaged, so that it is read anew: %s", type(error).__name__)
        shutil.rmtree(path, ignore_errors=True)
        return None
    return Found(note, place)


def put(folder: CampaignFolder, name: str, note: dict[str, Any], write: Callable[[Path], object]) -> None:
    """Keep an entry; one of the same name makes way.

    Args:
        folder: The campaign.
        name: The entry's name.
        note: What it says, as JSON.
        write: Writes its files into the folder that it is given.

    Raises:
        OSError: it cannot be written; nothing of it is left.
    """
    place = _make_place(folder)
    reached(Step.KEEP_SHEET)
    with Scratch("kept", place, prefix=DRAFT) as draft:
        made = Path(draft) / name
        made.mkdir(mode=0o700)
        write(made)
        files = {path.name: hash_file(path) for path in sorted(made.iterdir())}
        for path in made.iterdir():
            path.chmod(0o600)
        text = json.dumps({**note, "of": name, "files": files})
        (made / NOTE).touch(mode=0o600)
        (made / NOTE).write_text(f"{_hash(text)}\n{text}", encoding="ascii")
        target = place / name
        if target.exists():
            target.replace(Path(draft) / "former")
        try:
            made.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # another build has just kept the same
                raise


def list_entries(folder: CampaignFolder) -> Iterator[Entry]:
    """The entries of a campaign; of one whose note cannot be read, nobody knows of what it is."""
    for path in sorted(store(folder).glob("*")):
        if path.name.startswith(DRAFT):
            continue
        try:
            note = _read_note(path, path.name)
            size = sum(file.stat().st_size for file in path.iterdir())
            yield Entry(path, size, path.stat().st_mtime, note["program"], note["sha256"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            yield Entry(path, 0, 0, "", "")


def list_superfluous(folder: CampaignFolder, most_bytes: int) -> Iterator[Path]:
    """What is to go: entries of another program, those beyond the size, and what killed builds left."""
    if not store(folder).is_dir():
        return
    program = hash_surroundings()
    entries = sorted(list_entries(folder), key=lambda entry: entry.used, reverse=True)
    total = 0
    for entry in entries:
        total += entry.size
        if entry.program != program or total > most_bytes:
            yield entry.path
    for path in sorted(store(folder).glob(f"{DRAFT}*")):
        if is_left(path):
            yield path


def drop_unused(folder: CampaignFolder, used: Collection[str]) -> None:
    """Remove what is kept of exports (SHA-256) that no kept build has, unless it was used within the last day."""
    now = time.time()
    for entry in list_entries(folder):
        if entry.sha256 not in used and now - entry.used > JUST_USED:
            shutil.rmtree(entry.path, ignore_errors=True)


def drop_all(folder: CampaignFolder) -> None:
    """Remove all that is kept of sheets: the next build reads every export."""
    if store(folder).is_dir():
        reached(Step.DROP_SHEETS)
        shutil.rmtree(store(folder))


def _make_place(folder: CampaignFolder) -> Path:
    for path in (folder.private, store(folder)):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    return store(folder)


def _read_note(path: Path, name: str) -> dict[str, Any]:
    """What an entry says.

    Raises:
        ValueError: it is damaged, or another one's.
    """
    sha256, _, text = (path / NOTE).read_text(encoding="ascii").partition("\n")
    if _hash(text) != sha256:
        raise ValueError(NOTE)
    note: dict[str, Any] = json.loads(text)
    if note["of"] != name:
        raise ValueError(name)
    return note


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # not every disk knows links
        shutil.copyfile(source, target)
        target.chmod(0o600)
