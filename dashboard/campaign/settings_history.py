"""Changes of settings that were put in place: which files, when, and what each was before and after.

The publishing keeps each in `private/settings/<draft id>/`: `change.json`, and the files in `before/` and `after/`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.campaign import settings_words
from dashboard.campaign.settings_basket import SETTINGS, is_name, read_text
from dashboard.errors import CampaignError
from dashboard.i18n import Translator
from dashboard.paths import SHIPPED_CAMPAIGN

CHANGE, BEFORE, AFTER = "change.json", "before", "after"


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        change_id: The draft that brought it.
        at: When it was put in place, in UTC.
        files: The files, by their paths inside the campaign folder.
        place: Where both sides of it are kept.
    """

    change_id: str
    at: datetime
    files: tuple[str, ...]
    place: Path

    def read_before(self, name: str) -> str | None:
        """What a file was before; None where the campaign had none of its own."""
        return _read(self.place / BEFORE / name)

    def describe(self, t: Translator) -> list[str]:
        """What it changed, a sentence each, in the reader's language."""
        return [
            line
            for name in self.files
            for line in settings_words.describe(t, name, self._in_force(BEFORE, name), self._in_force(AFTER, name))
        ]

    def list_back(self) -> dict[str, str]:
        """The files as they were before, for a working copy; an empty text stands for none."""
        return {name: self.read_before(name) or "" for name in self.files}

    def is_last(self, campaign: Path) -> bool:
        """Whether nobody has changed its files since, on the page or by hand."""
        return all(_read(campaign / name) == (_read(self.place / AFTER / name) or None) for name in self.files)

    def _in_force(self, side: str, name: str) -> str:
        return _read(self.place / side / name) or read_text(SHIPPED_CAMPAIGN / name) or ""


def list_changes(campaign: Path) -> list[Change]:
    """The changes of a campaign's settings, the newest first; what cannot be read is left out."""
    changes = [_read_change(path) for path in (campaign / "private" / SETTINGS).glob(f"*/{CHANGE}")]
    return sorted((change for change in changes if change is not None), key=lambda one: one.at, reverse=True)


def list_later(changes: list[Change], change: Change) -> list[Change]:
    """The later changes of the same files, which go with it where it is put back."""
    place = changes.index(change)
    return [one for one in changes[:place] if set(one.files) & set(change.files)]


def _read_change(path: Path) -> Change | None:
    try:
        note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(str(name) for name in note["files"] if is_name(str(name)))
        return Change(path.parent.name, datetime.fromisoformat(str(note["at"])), files, path.parent)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(path: Path) -> str | None:
    try:
        return read_text(path)
    except CampaignError:
        return None
