"""The builds that are kept, as `published/history.json` lists them, and the files of the inbox."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIGURES = ("actions", "reported", "completed", "reports", "reports_without_action", "rejected")


@dataclass(frozen=True)
class BuildFile:
    """One input file of a build and the account of its rows."""

    name: str
    recipe: str
    rows_read: int
    rows_accepted: int
    rows_merged: int
    rows_rejected: int


@dataclass(frozen=True)
class Build:
    """One build that was published.

    Attributes:
        built_at: When it was last made the published one, ISO 8601 in UTC.
        how: What made it: build, upload, restore, watch, forget or decide.
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
    """Every build that is kept, the newest first; none where nothing was ever published or the list is damaged."""
    published = campaign / "published"
    try:
        entries = json.loads((published / "history.json").read_text(encoding="utf-8"))
        current = json.loads((published / "current.json").read_text(encoding="utf-8"))["build_id"]
        return [_read_build(entry, str(current)) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def build_before(campaign: Path, kept: list[Build], build_id: str) -> Build | None:
    """The newest build before the named one whose snapshot is still there; the fictional sample counts as none."""
    place = next((number for number, build in enumerate(kept) if build.build_id == build_id), None)
    older = [] if place is None else kept[place + 1 :]
    found = (build for build in older if (campaign / "published" / build.snapshot).is_file() and not build.is_sample)
    return next(found, None)


def list_inbox_files(campaign: Path, build: Build) -> list[str]:
    """The files of the inbox that a build read and that are still there; of a file in an archive, the archive."""
    inbox = campaign / "inbox"
    found = set()
    for file in build.files:
        places = (Path(file.name), *Path(file.name).parents)
        name = next((place for place in places if (inbox / place).is_file()), None)
        if name is not None:
            found.add(name.as_posix())
    return sorted(found)


def list_unread_files(campaign: Path, read: Iterable[str], kinds: Collection[str]) -> list[str]:
    """The files of the inbox, of the kinds given by their endings, that are not among those a build read.

    Args:
        campaign: The campaign folder.
        read: The names of the files that were read; of a file in an archive the archive counts.
        kinds: Endings without the dot, in small letters.
    """
    known = {place.as_posix() for name in read for place in (Path(name), *Path(name).parents)}
    inbox = campaign / "inbox"
    found = (path.relative_to(inbox) for path in inbox.rglob("*") if path.is_file())
    names = (path for path in found if path.suffix.lower().removeprefix(".") in kinds)
    shown = (path.as_posix() for path in names if not any(part.startswith((".", "~$")) for part in path.parts))
    return sorted(name for name in shown if name not in known)


def _read_build(entry: dict[str, Any], current: str) -> Build:
    """One entry; which one is shown now is the pointer's to say, since it is switched first."""
    return Build(
        build_id=str(entry["build_id"]),
        snapshot=Path(str(entry["snapshot"])).name,
        built_at=str(entry["built_at"]),
        how=str(entry["how"]),
        is_sample=bool(entry["is_sample"]),
        is_current=str(entry["build_id"]) == current,
        files=tuple(
            BuildFile(
                str(file["name"]),
                str(file["recipe"]),
                *(int(file[f"rows_{part}"]) for part in ("read", "accepted", "merged", "rejected")),
            )
            for file in entry["files"]
        ),
        figures={name: int(entry["figures"].get(name, 0)) for name in FIGURES},
    )
