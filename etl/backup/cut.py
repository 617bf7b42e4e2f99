"""A consistent cut through a campaign: what it holds at one moment, while builds and mails go on.

Under the lock of builds, which is held for a moment only, big files get a second name (a hard link), so that they stay
when the campaign no longer has them, and small ones that may be written to are copied; SQLite copies its databases
itself. Where there are no links, all is copied.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.campaign.folder import CampaignFolder
from dashboard.scratch import Scratch
from etl.backup.contents import Contents, is_database, is_fixed, list_contents
from etl.backup.manifest import BackupError
from etl.backup.packing import Item
from etl.publish import history
from etl.publish.holding import BusyError, only_build
from etl.publish.kept_inputs import make_private

_SMALL = 8 << 20
PREFIX = ".backup-"


@dataclass
class Cut:
    """What is stored, and what was published at that moment."""

    contents: Contents
    pointer: dict[str, Any]


@contextmanager
def cut(folder: CampaignFolder, target: Path, wait: float) -> Iterator[Cut]:
    """Make a cut, which is gone on leaving.

    Args:
        folder: The campaign.
        target: The backup that is to be written.
        wait: Seconds to wait for a build that is under way.

    Raises:
        BackupError: a build was under way all the time.
    """
    make_private(folder)
    with Scratch("work", folder.private, prefix=PREFIX) as place:
        try:
            with only_build(folder, wait=wait):
                contents = list_contents(folder, target)
                for items in (contents.open, contents.sealed):
                    copies = [_hold(item, Path(place) / str(n), items) for n, item in enumerate(items)]
                    items[:] = filter(None, copies)
                pointer = history.read_pointer(folder) or {}
        except BusyError as error:
            raise BackupError(
                f"A build has been under way for {wait:.0f} seconds, so that no backup was made.",
                "Make it when the build has finished, or wait longer (--wait).",
            ) from error
        yield Cut(contents, pointer)


def _hold(item: Item, place: Path, items: list[Item]) -> Item | None:
    """A file as it is now, under a name that nobody else uses; None where somebody has just taken it away."""
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
