"""The presence of staff: open previews, and sections of pages in which somebody decides.

Each writes a small file in the private store, so that several servers of one campaign see the same. Old files count for
nothing and are removed.
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
"""The mark of a draft that stays although its page was closed."""
FOLDER = "at_work"
SEEN_SECONDS = 300.0
"""The seconds for which somebody counts as present after the last drawing of their page."""
_AGAIN_SECONDS = 30.0
_KEPT_SECONDS = 3600.0
_SESSION = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True)
class Colleague:
    """Somebody at work.

    Attributes:
        session: Separates their tab from others, also of the same person.
        name: Their name; their key, where they have none.
        address: Their mail address, so that erasing a person finds them.
        what: The section they are in; empty for a preview.
        since: When they began, ISO 8601 in UTC.
        tab: A hash of their page's tab, so that another server finds the work that it continues.
        server: The server of their page, by its name while it runs.
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
    """An open preview of somebody."""

    draft_id: str
    owner: Colleague
    files: tuple[str, ...]


def own_draft(draft: Path, who: Colleague) -> None:
    """Note the owner in a draft's folder, where that can be written."""
    with contextlib.suppress(OSError):
        _write(draft / OWNER, who)
        (draft / LEFT).unlink(missing_ok=True)


def is_owner(draft: Path, session: str) -> bool:
    """Return whether a draft still belongs to a session; another one may have taken it over."""
    owner = _read(draft / OWNER)
    return owner is None or owner.session == session


def hash_tab(tab: str) -> str:
    """Hash a tab's name for storage; empty for none."""
    return hashlib.sha256(tab.encode("utf-8", "replace")).hexdigest()[:32] if tab else ""


def find_draft(campaign: Path, tab: str, who: Colleague) -> Path | None:
    """Find the draft of uploads of the same person's tab; None where there is none."""
    key = (hash_tab(tab), who.name, who.address)
    drafts = _list_owned(campaign) if tab else ()
    return next((place for place, one in drafts if (one.tab, one.name, one.address) == key), None)


def list_drafts(campaign: Path, own_session: str, *, is_of_settings: bool = False) -> list[OpenDraft]:
    """List the previews of uploads, or the changes of settings, that others have open, the oldest first.

    `files` are the uploaded ones, or those of settings.
    """
    drafts = [
        OpenDraft(place.name, owner, tuple(list_changed(place) if is_of_settings else _list_uploads(place)))
        for place, owner in _list_owned(campaign, is_of_settings=is_of_settings)
        if owner.session != own_session and (has_changes(place) or not is_of_settings)
    ]
    return sorted(drafts, key=lambda draft: draft.owner.since)


def _list_uploads(place: Path) -> list[str]:
    return sorted(file.name for file in (place / "uploads").glob("*"))


def _list_owned(campaign: Path, *, is_of_settings: bool = False) -> Iterator[tuple[Path, Colleague]]:
    """List the drafts of uploads, or the working copies of settings, that have an owner."""
    for path in sorted((campaign / "private" / "drafts").glob(f"*/{OWNER}")):
        if is_working_copy(path.parent) is is_of_settings and (owner := _read(path)) is not None:
            yield path.parent, owner


def is_left(campaign: Path, draft: OpenDraft, who: Colleague, connected: Collection[str] | None = None) -> bool:
    """Return whether somebody may go on with a preview that holds an answer.

    They may where it is theirs, by their address, from another tab; where its page was closed or loaded anew; and where
    nothing in it has changed for a while.

    `connected` are the open tabs of their server, as hashes; None where unknown.
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
    """Note that somebody is in a section now; each run of their page calls this, and it writes now and then.

    An error of the disk is ignored: it stops nobody's work.
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
    """List the others who are in a section now."""
    colleagues = []
    for path, age in _list_files(campaign):
        who = _read(path)
        if who is not None and age < SEEN_SECONDS and who.what == what and who.session != own_session:
            colleagues.append(who)
    return sorted(colleagues, key=lambda who: who.since)


def erase(campaign: Path, address: str, *, dry_run: bool = False) -> list[str]:
    """Remove the notes of a person's work; return their places."""
    places = []
    for path, _ in _list_files(campaign):
        who = _read(path)
        if who is not None and who.address.lower() == address:
            places.append(f"private/{FOLDER}/{path.name}")
            if not dry_run:
                path.unlink(missing_ok=True)
    return places


def _list_files(campaign: Path) -> Iterator[tuple[Path, float]]:
    """List the notes with their age in seconds; remove old ones."""
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
