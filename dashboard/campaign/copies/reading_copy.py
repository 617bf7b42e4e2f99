"""A server that shows copies of builds made elsewhere: whether this is one, and its state.

It has `DASHBOARD_STORE` and no inbox. All code that works with a campaign folder works with the copy.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.errors import UserError
from dashboard.settings import Settings

NOTE = "copied.json"
"""In `published/`: what was taken last; its time is that of the last look at the store."""


@dataclass
class CopyNote:
    """What a copy records about the files it has taken.

    Attributes:
        store: The store's address.
        e_tag: The store's tag of the pointer, once every file that it names is here; empty until then.
        made_at: The address where the figures are changed; empty where the builder names none.
        taken_at: When the published build was put in place, ISO 8601 in UTC.
        files: The hash of each file that was taken, by its path in the campaign folder.
        times: Their modification times in nanoseconds when they were put in place: a file that somebody has changed
            since is taken again.
        kept: The builds that the builder keeps for embeds.
    """

    store: str = ""
    e_tag: str = ""
    made_at: str = ""
    taken_at: str = ""
    files: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


@dataclass
class CopyState:
    """Counts of this process, for metrics; another process of the same folder may have done the rest.

    Attributes:
        taken_builds: Published builds put in place.
        looks: Reads of the store that were answered.
        problem: What was wrong at the last read; None where nothing was.
    """

    taken_bytes: int = 0
    taken_builds: int = 0
    looks: int = 0
    failures: int = 0
    problem: UserError | None = None


@cache
def copy_state() -> CopyState:
    """Return the state of this process."""
    return CopyState()


def is_copy(settings: Settings) -> bool:
    """Whether a server shows what an object store holds, and builds nothing itself."""
    return bool(settings.store) and not (settings.campaign / "inbox").is_dir()


def refuse_copy(campaign: Path, settings: Settings) -> None:
    """Refuse commands that change a campaign on a reading copy."""
    if settings.store and not (campaign / "inbox").is_dir():
        raise UserError(
            f"{campaign} is a reading copy of {settings.store}: it has no inbox, and builds are made elsewhere.",
            "Change the campaign where its exports are. If that is here, make the folder inbox.",
        )


def read_note(campaign: Path) -> CopyNote:
    """Read the note; an empty one where there is none, or a damaged one."""
    try:
        note: dict[str, Any] = json.loads((campaign / "published" / NOTE).read_text(encoding="utf-8"))
        return CopyNote(**note)
    except (OSError, ValueError, TypeError):
        return CopyNote()


def find_checked_at(campaign: Path) -> datetime | None:
    """Find when any process of this folder last read the store with success; None where none has."""
    try:
        return datetime.fromtimestamp((campaign / "published" / NOTE).stat().st_mtime, UTC)
    except OSError:
        return None
