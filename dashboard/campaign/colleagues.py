"""Who of the staff is at work on what: previews that are open, and sections of pages in which somebody decides.

Each writes a small file of its own in the private store, so that several servers of one campaign see the same; what has
not been seen for a while counts for nothing and is removed.
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.campaign.uploads import GIVEN
from dashboard.campaign.working_copy import has_changes, is_working_copy, list_changed
from dashboard.ground.files.json_notes import read_json, write_json

OWNER = "owner.json"
LEFT = "left"
"""Stands in a draft that stays although its page was closed."""
FOLDER = "at_work"
SEEN_SECONDS = 300.0
"""For how long somebody counts as being at work after their page was drawn last."""
_AGAIN_SECONDS = 30.0
_KEPT_SECONDS = 3600.0
_SESSION = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True)
class Colleague:
    """Somebody at work.

    Attributes:
        session: Tells their tab from others, also of the same person.
        name: What to call them; their key, where they have no name.
        address: Their mail address, so that they are found where they are to be erased.
        what: The section they are in; of a preview nothing.
        since: When they began, ISO 8601 in UTC.
        tab: A hash of their page's tab, by which another server finds what it goes on with.
        server: The server that their page is of, as it calls itself until it ends.
    """

    session: str
    name: str
    address: str = ""
    what: str = ""
    since: str = ""
    tab: str = ""
    server: str = ""


@dataclass(frozen=True)
class OpenDraft:
    """A preview that somebody has open."""

    draft_id: str
    owner: Colleague
    files: tuple[str, ...]


def own_draft(draft: Path, who: Colleague) -> None:
    """Note in a draft's folder whose it is, where that can be written."""
    with contextlib.suppress(OSError):
        _write(draft / OWNER, who)
        (draft / LEFT).unlink(missing_ok=True)


def is_owner(draft: Path, session: str) -> bool:
    """Whether a draft is still a session's; another one may have taken it over."""
    owner = _read(draft / OWNER)
    return owner is None or owner.session == session


def hash_tab(tab: str) -> str:
    """What is kept of a tab's name; empty for none."""
    return hashlib.sha256(tab.encode("utf-8", "replace")).hexdigest()[:32] if tab else ""


def find_draft(campaign: Path, tab: str, who: Colleague) -> Path | None:
    """The draft of uploads of a tab that was the same person's; None where there is none."""
    key = (hash_tab(tab), who.name, who.address)
    drafts = _list_owned(campaign) if tab else ()
    return next((place for place, one in drafts if (one.tab, one.name, one.address) == key), None)


def list_drafts(campaign: Path, own_session: str) -> list[OpenDraft]:
    """The previews of uploads that others have open, the oldest first."""
    drafts = [(place, owner) for place, owner in _list_owned(campaign) if owner.session != own_session]
    drafts.sort(key=lambda draft: draft[1].since)
    return [
        OpenDraft(place.name, owner, tuple(sorted(file.name for file in (place / "uploads").glob("*"))))
        for place, owner in drafts
    ]


def list_working_copies(campaign: Path, own_session: str) -> list[OpenDraft]:
    """The changes of settings that other sessions have in hand, the oldest first; `files` are those of settings."""
    copies = [
        (place, owner)
        for place, owner in _list_owned(campaign, is_of_settings=True)
        if has_changes(place) and owner.session != own_session
    ]
    copies.sort(key=lambda draft: draft[1].since)
    return [OpenDraft(place.name, owner, tuple(list_changed(place))) for place, owner in copies]


def _list_owned(campaign: Path, *, is_of_settings: bool = False) -> Iterator[tuple[Path, Colleague]]:
    """The drafts of uploads, or the working copies of settings, that are somebody's."""
    for path in sorted((campaign / "private" / "drafts").glob(f"*/{OWNER}")):
        if is_working_copy(path.parent) is is_of_settings and (owner := _read(path)) is not None:
            yield path.parent, owner


def is_left(campaign: Path, draft: OpenDraft, who: Colleague, connected: Collection[str] | None = None) -> bool:
    """Whether somebody may go on with a preview in which something was answered.

    That is so where it is their own, by their address, of another tab; where its page was closed or loaded anew; and
    where nothing of it has changed for a while.

    `connected` are the tabs that are open at their server, as hashes; None where that is not known.
    """
    place = campaign / "private" / "drafts" / draft.draft_id
    try:
        (place / GIVEN).stat()
        owner = draft.owner
        is_here = bool(owner.tab) and owner.server == who.server and connected is not None
        is_closed = is_here and owner.tab not in (connected or ())
        if is_closed or (who.address and owner.address == who.address) or (place / LEFT).is_file():
            return True
        return time.time() - max(path.stat().st_mtime for path in place.iterdir()) > SEEN_SECONDS
    except (OSError, ValueError):
        return False


def note(campaign: Path, who: Colleague) -> None:
    """Note that somebody is in a section now; called at each run of their page, and written now and then.

    What cannot be written is left: it stops nobody's work.
    """
    if not _SESSION.fullmatch(who.session):
        return
    path = campaign / "private" / FOLDER / f"{who.session}.json"
    before = _read(path)
    is_there = before is not None and before.what == who.what
    with contextlib.suppress(OSError):
        if is_there and time.time() - path.stat().st_mtime < _AGAIN_SECONDS:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, replace(who, since=before.since if before is not None and is_there else ""))


def list_at_work(campaign: Path, what: str, own_session: str) -> list[Colleague]:
    """The others who are in a section now."""
    colleagues = []
    for path, age in _list_files(campaign):
        who = _read(path)
        if who is not None and age < SEEN_SECONDS and who.what == what and who.session != own_session:
            colleagues.append(who)
    return sorted(colleagues, key=lambda who: who.since)


def erase(campaign: Path, address: str, *, dry_run: bool = False) -> list[str]:
    """Remove what says that a person is at work; gives the places."""
    places = []
    for path, _ in _list_files(campaign):
        who = _read(path)
        if who is not None and who.address.lower() == address:
            places.append(f"private/{FOLDER}/{path.name}")
            if not dry_run:
                path.unlink(missing_ok=True)
    return places


def _list_files(campaign: Path) -> Iterator[tuple[Path, float]]:
    """The notes with their age in seconds; old ones are removed."""
    for path in sorted((campaign / "private" / FOLDER).glob("*.json")):
        try:
            age = time.time() - path.stat().st_mtime
            if age > _KEPT_SECONDS:
                path.unlink(missing_ok=True)
            else:
                yield path, age
        except FileNotFoundError:  # they have left meanwhile
            continue


def _read(path: Path) -> Colleague | None:
    return read_json(path, lambda note: Colleague(**{name: str(value) for name, value in note.items()}))


def _write(path: Path, who: Colleague) -> None:
    """Write a note for the program's user alone, in one step."""
    note = asdict(who) | {"since": who.since or datetime.now(UTC).isoformat(timespec="seconds")}
    write_json(path, note, is_shared=True, is_durable=False)
