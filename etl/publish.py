"""Publishing: a new file beside the old ones, then one `os.replace` of the pointer. Readers never wait."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dashboard.campaign import CampaignFolder
from dashboard.errors import UserError
from etl.build import Built, remove_leftovers

POINTER = "current.json"
SNAPSHOTS_KEPT = 5


class BusyError(UserError):
    """Another build of the same campaign is running."""


@contextmanager
def only_build(folder: CampaignFolder) -> Iterator[None]:
    """Hold the campaign for one build; what killed builds left behind is removed.

    Raises:
        BusyError: another build holds it.
    """
    folder.published.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.published / ".lock", timeout=0):
            remove_leftovers(folder.published)
            yield
    except Timeout as error:
        raise BusyError(
            "Another build of this campaign is running.", "Wait until it has finished, then build again."
        ) from error


def publish(folder: CampaignFolder, built: Built) -> Path:
    """Make a finished build the published one; returns the snapshot's path.

    The private store and the snapshot are put in place first; the pointer comes last, so that a stop at any
    moment leaves the old snapshot or the new one, whole.
    """
    first_date, last_date = built.dates()
    _publish_contacts(folder, built)
    target = folder.published / f"snapshot-{built.build_id}.duckdb"
    if _pointed_at(folder) != target.name:
        _sync(built.snapshot)
        built.snapshot.replace(target)
    pointer = {
        "snapshot": target.name,
        "build_id": built.build_id,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "first_date": first_date,
        "last_date": last_date,
        "is_sample": built.is_sample,
    }
    draft = folder.published / f"{POINTER}.new"
    draft.write_text(json.dumps(pointer, indent=2) + "\n", encoding="utf-8")
    _sync(draft)
    draft.replace(folder.published / POINTER)
    _remove_old(folder, target.name)
    return target


def _publish_contacts(folder: CampaignFolder, built: Built) -> None:
    folder.private.mkdir(parents=True, exist_ok=True)
    folder.private.chmod(0o700)
    built.contacts.chmod(0o600)
    built.contacts.replace(folder.private / "contacts.duckdb")


def _pointed_at(folder: CampaignFolder) -> str | None:
    """The snapshot file that is published now, if it is still there."""
    try:
        name: str = json.loads((folder.published / POINTER).read_text(encoding="utf-8"))["snapshot"]
    except (OSError, ValueError, KeyError):
        return None
    return name if (folder.published / name).is_file() else None


def _sync(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _remove_old(folder: CampaignFolder, current: str) -> None:
    """Keep the published snapshot and the latest few before it; a reader's open file may refuse to go."""
    old = sorted(folder.published.glob("snapshot-*.duckdb"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in [path for path in old if path.name != current][SNAPSHOTS_KEPT - 1 :]:
        try:
            path.unlink()
        except OSError:
            continue
