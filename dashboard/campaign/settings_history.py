"""The published changes of settings: their files and times, and the texts before and after.

Each is kept in `private/settings/<draft id>/`: `change.json`, and the files in `before/` and `after/`.
"""

import json
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.campaign import settings_words
from dashboard.campaign.folder import DESIGN_FILES
from dashboard.campaign.uploads import new_draft
from dashboard.campaign.working_copy import SETTINGS, WorkingCopy, find_version, is_name, read_text
from dashboard.errors import CampaignError, UserError
from dashboard.ground.files import locking
from dashboard.ground.files.json_notes import read_json
from dashboard.ground.files.writing import put_file, write_file
from dashboard.i18n import N_, Translator
from dashboard.paths import SHIPPED_CAMPAIGN

CHANGE, BEFORE, AFTER = "change.json", "before", "after"
_LOCK, _WAIT = "settings.lock", 20


@dataclass(frozen=True)
class Change:
    """One change of some files, kept in `place` under the id of its draft; `at` is in UTC."""

    change_id: str
    at: datetime
    files: tuple[str, ...]
    place: Path

    def describe(self, t: Translator) -> list[str]:
        """Describe its differences, a sentence each, in the reader's language."""
        return [
            line
            for name in self.files
            for line in settings_words.describe(t, name, self._in_force(BEFORE, name), self._in_force(AFTER, name))
        ]

    def list_back(self) -> dict[str, str | bytes]:
        """Return the files as they were before, for a working copy; an empty one stands for none.

        Raises:
            CampaignError: one of them is not written in UTF-8.
        """
        texts = {name: read_text(self.place / BEFORE / name) or "" for name in self.files}
        return {
            name: (self.place / BEFORE / name).read_bytes() if text and name in DESIGN_FILES else text
            for name, text in texts.items()
        }

    def is_last(self, campaign: Path) -> bool:
        """Return whether nobody has changed its files since, on the page or by hand."""
        return all(_read(campaign / name) == (_read(self.place / AFTER / name) or None) for name in self.files)

    def _in_force(self, side: str, name: str) -> str:
        return _read(self.place / side / name) or read_text(SHIPPED_CAMPAIGN / name) or ""


def put_in_place(
    campaign: Path,
    draft: Path,
    change_folder: Path,
    names: Collection[str],
    builds: tuple[str | None, str | None],
    at_step: Callable[[], None],
) -> None:
    """Put a draft's files of settings in place and keep both sides of the change; a second call continues.

    `builds` are those published before and after; `at_step` runs before each step.
    """
    at_step()
    _keep(campaign, draft, change_folder, names)
    for name in names:
        at_step()
        new, target = draft / SETTINGS / name, campaign / name
        if not new.stat().st_size:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(exist_ok=True)
        put_file(new, target, is_copy=True, mode=0o644)
    note = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "files": list(names),
        "build_before": builds[0],
        "build_id": builds[1],
    }
    write_file(change_folder / CHANGE, json.dumps(note, indent=1) + "\n")


def change_at_once(campaign: Path, name: str, text: str, version: str) -> str:
    """Put a file on which no build depends in place, without a preview; return the id of the change.

    `text`: its content; empty for no file.
    `version`: that (`find_version`) that the writer has seen.

    Raises:
        UserError: somebody has changed it since; or the campaign's settings do not hold together.
    """
    what, remedy = N_("Somebody else has changed it meanwhile."), N_("Open it again, or save yours as another one.")
    draft, overtaken = new_draft(campaign), UserError(what, remedy)
    try:
        with locking.hold(campaign / "private" / _LOCK, _WAIT, overtaken):
            if find_version(campaign / name) != version:
                raise overtaken
            copy = WorkingCopy(campaign, draft)
            copy.change({name: text})
            if names := copy.list_names():
                change_folder = campaign / "private" / SETTINGS / draft.name
                change_folder.mkdir(mode=0o700, parents=True)
                put_in_place(campaign, draft, change_folder, names, (None, None), lambda: None)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return draft.name


def _keep(campaign: Path, draft: Path, change_folder: Path, names: Collection[str]) -> None:
    """Keep both sides, once and as a whole: where a killed command continues, the old files are gone."""
    if (change_folder / BEFORE).is_dir():
        return
    shutil.copytree(draft / SETTINGS, change_folder / AFTER, dirs_exist_ok=True)
    before = change_folder / f"{BEFORE}.new"
    shutil.rmtree(before, ignore_errors=True)
    before.mkdir(mode=0o700)
    for name in names:
        if (path := campaign / name).is_file():
            (before / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, before / name)
    before.replace(change_folder / BEFORE)


def list_changes(campaign: Path) -> list[Change]:
    """List the changes of a campaign's settings, the newest first; leave out unreadable ones."""
    changes = [_read_change(path) for path in (campaign / "private" / SETTINGS).glob(f"*/{CHANGE}")]
    return sorted((change for change in changes if change is not None), key=lambda one: one.at, reverse=True)


def list_later(changes: list[Change], change: Change) -> list[Change]:
    """List the later changes of the same files; putting this one back undoes them too."""
    place = changes.index(change)
    return [one for one in changes[:place] if set(one.files) & set(change.files)]


def _read_change(path: Path) -> Change | None:
    def parse(note: dict[str, Any]) -> Change:
        files = tuple(str(name) for name in note["files"] if is_name(str(name)))
        return Change(path.parent.name, datetime.fromisoformat(str(note["at"])), files, path.parent)

    return read_json(path, parse)


def _read(path: Path) -> str | None:
    try:
        return read_text(path)
    except CampaignError:
        return None
