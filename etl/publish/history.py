"""The history: `published/history.json`, one entry for each published build, the newest first.

It can always be made anew from the snapshots beside it, so that a damaged or missing file never stops a build.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, cast

import duckdb

from dashboard.campaign.builds import FIGURES, HISTORY, read_entries
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import OtherSchemaError, is_of_another
from dashboard.ground.files.writing import write_file
from dashboard.settings import Settings
from etl.pipeline.content_id import read_content
from etl.profiling import timed
from etl.sqlfiles import ask, open_snapshot

POINTER = "current.json"

How = Literal["build", "upload", "restore", "watch", "forget", "decide", "fetch", "settings"]


class FileAccount(TypedDict):
    """The account of the rows of one file."""

    name: str
    sha256: str
    recipe: str
    rows_read: int
    rows_accepted: int
    rows_merged: int
    rows_rejected: int


class Entry(TypedDict):
    """One published build. `built_at`: its latest moment of becoming the published one, ISO 8601 in UTC.

    `content_id` is the hash of its rows, as the program that built it makes it.
    """

    build_id: str
    built_at: str
    how: str
    snapshot: str
    is_sample: bool
    files: list[FileAccount]
    figures: dict[str, int]
    content_id: NotRequired[str | None]
    first_date: str
    last_date: str
    is_current: bool


def read_pointer(folder: CampaignFolder) -> dict[str, Any] | None:
    """Read `current.json`; None when nothing is published or the file is damaged."""
    try:
        pointer = json.loads((folder.published / POINTER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return pointer if isinstance(pointer, dict) and {"snapshot", "build_id"} <= pointer.keys() else None


def published_snapshot(folder: CampaignFolder) -> Path | None:
    """Find the published snapshot file, if it is still there."""
    pointer = read_pointer(folder)
    path = folder.published / str(pointer["snapshot"]) if pointer else None
    return path if path is not None and path.is_file() else None


def readable_snapshot(folder: CampaignFolder) -> Path | None:
    """Find the published snapshot, for commands that query it.

    Raises:
        OtherSchemaError: another version of the program made it.
    """
    path = published_snapshot(folder)
    if path is not None and is_of_another(path):
        raise OtherSchemaError(path)
    return path


@timed("a file of that name read")
def is_whole(snapshot: Path, build_id: str) -> bool:
    """Return whether a file is the snapshot of that build, and all of it can be read: its blocks have checksums."""
    return read_whole(snapshot, build_id) is not None


def read_whole(snapshot: Path, build_id: str) -> str | None:
    """Hash the content of a build's snapshot by this program; None unless it is that build's and can all be read."""
    if not snapshot.is_file():
        return None
    try:
        with open_snapshot(snapshot) as connection:
            is_it = [row[0] for row in ask(connection, "report/campaign")] == [build_id]
            return read_content(connection) if is_it else None
    except duckdb.Error:
        return None


@timed("figures of the history")
def describe(snapshot: Path, how: str, built_at: str, *, is_current: bool) -> Entry | None:
    """Make the entry of a build from its snapshot; None when that cannot be opened."""
    try:
        with open_snapshot(snapshot) as connection:
            campaign = ask(connection, "report/campaign")[0]
            files = ask(connection, "report/files")
            figures = ask(connection, "report/figures")[0]
    except (duckdb.Error, IndexError):
        return None
    return {
        "build_id": campaign[0],
        "built_at": built_at,
        "how": how,
        "snapshot": snapshot.name,
        "is_sample": campaign[1],
        "files": [cast(FileAccount, dict(zip(FileAccount.__annotations__, file, strict=True))) for file in files],
        "figures": dict(zip(FIGURES, figures, strict=False)),
        "content_id": campaign[4],
        "first_date": campaign[2],
        "last_date": campaign[3],
        "is_current": is_current,
    }


def read_history(folder: CampaignFolder, *, besides: str | None = None) -> list[Entry]:
    """List every kept build, the newest first; nothing is written.

    The pointer, not the file, decides which entry is the current one. Entries missing in the file, because a publisher
    was killed or the file is damaged, are read from the snapshots, except the build `besides`, which the caller knows.
    """
    pointer = read_pointer(folder)
    current = pointer["build_id"] if pointer else None
    entries = _stored(folder)
    if entries is None:
        entries = _from_snapshots(folder, {current, besides})
    if pointer and current not in {besides, *(entry["build_id"] for entry in entries)}:
        how, built_at = str(pointer.get("how", "build")), str(pointer.get("built_at", ""))
        pointed = describe(folder.published / str(pointer["snapshot"]), how, built_at, is_current=True)
        entries = [pointed, *entries] if pointed else entries
    for entry in entries:
        entry["is_current"] = entry["build_id"] == current
    return entries


@timed("history written")
def record(folder: CampaignFolder, entry: Entry) -> None:
    """Put a newly published build on top of the history and write it; the oldest ones drop out."""
    earlier = [old for old in read_history(folder, besides=entry["build_id"]) if old["build_id"] != entry["build_id"]]
    for old in earlier:
        old["is_current"] = False
    write_history(folder, [entry, *earlier][: Settings.from_environment().builds_kept])


def settle(folder: CampaignFolder) -> None:
    """Bring the file in line with the published builds, as after a publisher was killed; call under the lock."""
    if read_pointer(folder) is None:
        return
    entries = read_history(folder)
    if entries != _stored(folder):
        write_history(folder, entries)


def write_history(folder: CampaignFolder, entries: list[Entry]) -> None:
    """Write the history in one step."""
    write_file(folder.published / HISTORY, json.dumps(entries, indent=1, ensure_ascii=False) + "\n")


def _stored(folder: CampaignFolder) -> list[Entry] | None:
    """Read the file; None when it is missing or no history."""
    entries, keys = read_entries(folder.published), Entry.__required_keys__
    is_history = entries is not None and all(keys <= entry.keys() for entry in entries)
    return cast(list[Entry], entries) if is_history else None


def _from_snapshots(folder: CampaignFolder, build_ids: set[str | None]) -> list[Entry]:
    entries = []
    file_names = {f"snapshot-{build_id}.duckdb" for build_id in build_ids}
    for path in (path for path in folder.published.glob("snapshot-*.duckdb") if path.name not in file_names):
        built_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        entry = describe(path, "build", built_at, is_current=False)
        if entry is not None and entry["build_id"] not in build_ids:
            entries.append(entry)
    return sorted(entries, key=lambda entry: (entry["built_at"], entry["build_id"]), reverse=True)
