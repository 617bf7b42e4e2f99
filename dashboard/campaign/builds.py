"""The kept builds of a campaign: staff can go back to them, and embeds can be frozen at them.

`published/history.json` lists the builds to go back to, with the inbox files of each; publishing drops the oldest.
`published/kept_for_embeds.json` lists builds whose snapshots stay longer, for as long as embeds may show them: the
giver of a frozen embed's code calls `keep`, publishing removes no snapshot on that list, and forgetting a person takes
builds off it.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.campaign.file_names import find_names_of
from dashboard.errors import N_, UserError, sentence
from dashboard.ground.files import locking
from dashboard.ground.files.json_notes import read_json
from dashboard.ground.files.writing import write_file

HISTORY = "history.json"
LIST = "kept_for_embeds.json"
FIRST_PUBLISHED = "first_published.parquet"
"""The file beside the builds with the first public moment of each journey entry: entry_id, known_at (UTC)."""
REVISIONS = "revisions.parquet"
"""The file beside the builds with what publications said of their last days, and what each later one changed."""
LOCK = ".kept_for_embeds.lock"
LOCK_SECONDS = 10
FIGURES = ("actions", "reported", "completed", "reports", "reports_without_action", "rejected")
_BUILD_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True)
class BuildFile:
    """One input file of a build, by its original name, and the account of its rows."""

    name: str
    recipe: str
    rows_read: int
    rows_accepted: int
    rows_merged: int
    rows_rejected: int
    sha256: str = ""


@dataclass(frozen=True)
class Build:
    """One published build.

    Attributes:
        built_at: When it was last published, ISO 8601 in UTC.
        how: Its origin: build, upload, restore, watch, forget, decide or fetch.
        snapshot: The name of its file in `published`.
        figures: The headline figures, by the names in `FIGURES`.
    """

    build_id: str
    snapshot: str
    built_at: str
    how: str
    is_sample: bool
    is_current: bool
    files: tuple[BuildFile, ...]
    figures: dict[str, int]


def read_builds(campaign: Path) -> list[Build]:
    """List every kept build, the newest first; none where nothing was ever published or the list is damaged."""
    published = campaign / "published"
    try:
        entries = read_entries(published) or []
        pointer = published / "current.json"  # none where the first published build was taken back
        current = json.loads(pointer.read_text(encoding="utf-8"))["build_id"] if pointer.exists() else ""
        return [_read_build(campaign, entry, str(current)) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def read_entries(published: Path) -> list[dict[str, Any]] | None:
    """Read the entries of the history as they stand, the newest first; None where it is missing or damaged."""
    entries = read_json(published / HISTORY, list)
    return entries if entries is not None and all(isinstance(entry, dict) for entry in entries) else None


def build_before(campaign: Path, builds: list[Build], build_id: str) -> Build | None:
    """Find the newest build before the named one whose snapshot is still there; the fictional sample counts as none."""
    place = next((number for number, build in enumerate(builds) if build.build_id == build_id), None)
    older = [] if place is None else builds[place + 1 :]
    candidates = (
        build for build in older if (campaign / "published" / build.snapshot).is_file() and not build.is_sample
    )
    return next(candidates, None)


def list_inbox_files(campaign: Path, build: Build) -> list[str]:
    """List the inbox files of a build that are still there; for a file in an archive, the archive."""
    inbox = campaign / "inbox"
    names = set()
    for file in build.files:
        places = (Path(file.name), *Path(file.name).parents)
        name = next((place for place in places if (inbox / place).is_file()), None)
        if name is not None:
            names.add(name.as_posix())
    return sorted(names)


def list_unread_files(campaign: Path, read: Iterable[str], kinds: Collection[str]) -> list[str]:
    """List the inbox files, of the kinds given by their endings, that a build did not read.

    For a file in an archive, the archive counts as `read`; `kinds` are without the dot, in small letters.
    """
    read_paths = {place.as_posix() for name in read for place in (Path(name), *Path(name).parents)}
    inbox = campaign / "inbox"
    files = (path.relative_to(inbox) for path in inbox.rglob("*") if path.is_file())
    readable = (path for path in files if path.suffix.lower().removeprefix(".") in kinds)
    names = (path.as_posix() for path in readable if not any(part.startswith((".", "~$")) for part in path.parts))
    return sorted(name for name in names if name not in read_paths)


def _read_build(campaign: Path, entry: dict[str, Any], current: str) -> Build:
    """Read one entry; the pointer alone decides which build is shown, since it is switched first."""
    names = find_names_of(campaign, str(entry["build_id"]))
    return Build(
        build_id=str(entry["build_id"]),
        snapshot=Path(str(entry["snapshot"])).name,
        built_at=str(entry["built_at"]),
        how=str(entry["how"]),
        is_sample=bool(entry["is_sample"]),
        is_current=str(entry["build_id"]) == current,
        files=tuple(
            BuildFile(
                names.file(str(file["name"])),
                str(file["recipe"]),
                **{f"rows_{part}": int(file[f"rows_{part}"]) for part in ("read", "accepted", "merged", "rejected")},
                sha256=str(file.get("sha256", "")),
            )
            for file in entry["files"]
        ),
        figures={name: int(entry["figures"].get(name, 0)) for name in FIGURES},
    )


def is_build_id(text: str) -> bool:
    """Return whether a text can be the id of a build, so that it is safe in a file's name."""
    return _BUILD_ID.fullmatch(text) is not None


def find_snapshot(campaign: Path, build_id: str) -> Path | None:
    """Return the snapshot file of a build, if it is still there."""
    path = campaign / "published" / f"snapshot-{build_id}.duckdb"
    return path if is_build_id(build_id) and path.is_file() else None


def read_kept(campaign: Path) -> frozenset[str]:
    """Read the builds on the list.

    Raises:
        UserError: the list is damaged; no build that may be on it can be removed.
    """
    return frozenset(_read(campaign))


def keep(campaign: Path, build_id: str) -> None:
    """Put a build on the list; a listed build stays there with its date.

    Raises:
        UserError: the build is gone, or the list cannot be written.
    """
    with hold(campaign):
        builds = _read(campaign)
        if find_snapshot(campaign, build_id) is None:
            raise UserError(
                sentence(N_("The build {build} is no longer there, so no embed can be frozen at it."), build=build_id),
                N_("Load the page again and take the code of the build shown now."),
            )
        if build_id not in builds:
            _write(campaign, {**builds, build_id: datetime.now(UTC).isoformat(timespec="seconds")})


def merge(campaign: Path, added: Mapping[str, str], among: Collection[str]) -> None:
    """Put builds kept elsewhere on the list, each with its date; remove those that are not `among` these.

    Raises:
        UserError: the list cannot be read or written.
    """
    with hold(campaign):
        old = _read(campaign)
        merged = {build: since for build, since in {**old, **added}.items() if build in among and is_build_id(build)}
        if merged != old:
            _write(campaign, merged)


def release(campaign: Path, build_ids: Collection[str]) -> None:
    """Take builds off the list; embeds frozen at them will say that the build is gone.

    Raises:
        UserError: the list cannot be read or written.
    """
    with hold(campaign):
        builds = _read(campaign)
        remaining = {build: since for build, since in builds.items() if build not in build_ids}
        if remaining != builds:
            _write(campaign, remaining)


@contextmanager
def hold(campaign: Path) -> Iterator[None]:
    """Lock the list, so that nobody puts a build on it while snapshots are removed.

    Raises:
        UserError: another program holds it for too long, or the folder cannot be written to.
    """
    refusal = UserError(N_("The list of builds kept for embeds is in use."), N_("Try again in a minute."))
    try:
        with locking.hold(campaign / "published" / LOCK, LOCK_SECONDS, refusal):
            yield
    except PermissionError as error:
        raise UserError(
            sentence(
                N_("The folder {folder} cannot be written to, so builds cannot be kept for embeds."),
                folder=str(campaign / "published"),
            ),
            N_("Give the program's user the right to write there."),
        ) from error


def _read(campaign: Path) -> dict[str, str]:
    path = campaign / "published" / LIST
    try:
        builds = json.loads(path.read_text(encoding="utf-8"))["builds"]
        return {str(build): str(since) for build, since in builds.items() if is_build_id(str(build))}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            sentence(N_("{path} is damaged, so it is not known which builds embeds were frozen at."), path=str(path)),
            N_("Restore the file from a copy, or remove it if no embed was frozen."),
        ) from error


def _write(campaign: Path, builds: dict[str, str]) -> None:
    text = json.dumps({"builds": dict(sorted(builds.items()))}, indent=1) + "\n"
    write_file(campaign / "published" / LIST, text, is_shared=True)
