"""A server that shows copies of builds made elsewhere: which one is, and how it stands.

It has `DASHBOARD_STORE` and no inbox. Everything that works with a campaign folder works with what it has taken.
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
    """What a copy notes of what it has taken.

    Attributes:
        store: The address it is from.
        e_tag: The store's tag of the pointer, once all that it names is here; empty until then.
        made_at: Where the figures are changed; empty where that is not said.
        taken_at: When the published build was put in place, ISO 8601 in UTC.
        files: Each file that was taken, by its path in the campaign folder, with its hash.
        times: Their times in nanoseconds as they were put in place: what somebody has changed since is taken again.
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
    """What this process has done, for metrics; another process of the same folder may have done the rest.

    Attributes:
        taken_bytes: Bytes taken.
        taken_builds: Published builds put in place.
        looks: Looks at the store that were answered.
        problem: What was wrong at the last look; None where nothing was.
    """

    taken_bytes: int = 0
    taken_builds: int = 0
    looks: int = 0
    failures: int = 0
    problem: UserError | None = None


@cache
def copy_state() -> CopyState:
    """The state of this process."""
    return CopyState()


def is_copy(settings: Settings) -> bool:
    """Whether a server shows what an object store holds, and makes nothing itself."""
    return bool(settings.store) and not (settings.campaign / "inbox").is_dir()


def refuse_copy(campaign: Path, settings: Settings) -> None:
    """Keep commands that change a campaign away from a reading copy.

    Raises:
        UserError: it is one.
    """
    if settings.store and not (campaign / "inbox").is_dir():
        raise UserError(
            f"{campaign} is a reading copy of {settings.store}: it has no inbox, and builds are made elsewhere.",
            "Change the campaign where its exports are. If that is here, make the folder inbox.",
        )


def read_note(campaign: Path) -> CopyNote:
    """What was noted; an empty note where there is none, or a damaged one."""
    try:
        note: dict[str, Any] = json.loads((campaign / "published" / NOTE).read_text(encoding="utf-8"))
        return CopyNote(**note)
    except (OSError, ValueError, TypeError):
        return CopyNote()


def find_checked_at(campaign: Path) -> datetime | None:
    """When the store was last asked with success, by any process of this folder; None where it never was."""
    try:
        return datetime.fromtimestamp((campaign / "published" / NOTE).stat().st_mtime, UTC)
    except OSError:
        return None
