"""The data that has reached the age in the settings: each kind declared once, with its remover."""

import glob
import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from dashboard.access.audit.forgetting import forget_older_than
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.evidence_store import FOLDER as EVIDENCE
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.published_files import FOLDER as PUBLIC
from dashboard.campaign.reporting.published_files import list_published_files
from dashboard.campaign.reporting.reports import FOLDER as REPORTS
from dashboard.campaign.reporting.reports import UNCONFIRMED_KEPT, ReportBox
from dashboard.campaign.source_notes import DRAFT_OF
from dashboard.campaign.uploads import DRAFT_NOTE
from dashboard.errors import UserError
from dashboard.ground.files.private_store import Store
from dashboard.scratch import is_left, list_left
from dashboard.settings import Settings
from etl.inputs.accepted_reports import list_public_files
from etl.inputs.reports_file import ReportsFileError
from etl.sqlfiles import open_snapshot, read_query

LOG = logging.getLogger(__name__)
FORMER = ".before-"
"""The suffix of a folder that restoring a backup has put aside, before the moment."""
_MOMENT = re.compile(r"\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Expired:
    """Data to remove.

    Attributes:
        what: Its path inside the campaign folder, or the name of a private store.
        number: The number of its entries, where it is more than one thing.
    """

    kind: str
    what: str
    remove: Callable[[], object]
    number: int = 1


def list_expired(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List the expired data of a campaign, and of the folders for temporary files; nothing is removed yet."""
    for rule in _RULES:
        yield from rule(folder, settings, now)


def enforce(folder: CampaignFolder, now: datetime | None = None) -> list[Expired]:
    """Remove expired data; a failure waits for another time, and never stops a publishing.

    Call under the lock of builds.
    """
    settings, moment = Settings.from_environment(), now or datetime.now(UTC)
    removed = []
    for rule in _RULES:
        try:
            for expired in rule(folder, settings, moment):
                expired.remove()
                removed.append(expired)
        except (OSError, UserError, sqlite3.Error) as error:
            LOG.warning("What is kept for too long stays for now: %s", error)
    return removed


def remove_old_drafts(folder: CampaignFolder) -> None:
    """Remove leftovers of previews killed a day ago, and previews that nobody published in time."""
    for expired in _list_drafts(folder, Settings.from_environment(), datetime.now(UTC)):
        expired.remove()


def _list_drafts(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    for place in sorted((folder.private / "drafts").glob("*")):
        if (place / DRAFT_OF).is_file() and (place / DRAFT_NOTE).is_file():
            continue  # a source's files wait until somebody has looked at them
        is_kept = any((place / name).is_file() for name in (DRAFT_NOTE, DRAFT_OF))  # of a source, waiting for answers
        days = settings.draft_days if is_kept else 1
        if _is_older(place, days, now):
            yield _tree(folder, "preview that nobody published", place)


def _list_set_aside(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    for place in sorted((folder.private / "set_aside").glob("*")):
        if _is_older(place, settings.set_aside_days, now):
            yield _tree(folder, "file that was replaced", place)


def _list_mail_files(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    for place in sorted((folder.private / "mails").glob("*")):
        files = [path for path in place.rglob("*") if path.is_file()]
        if all(_is_older(path, settings.mail_days, now) for path in files or [place]):
            yield _tree(folder, "mails written as files", place)


def _list_former(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List former folders: those that restoring put aside count from that moment, which is in their names."""
    for place in list_former(folder):
        moment = datetime.strptime(place.name.rpartition(FORMER)[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if settings.former_days and now - moment > timedelta(days=settings.former_days):
            yield _tree(folder, "folder that restoring put aside", place)


def list_former(folder: CampaignFolder) -> list[Path]:
    """List the folders that restoring has put aside, beside the campaign's."""
    folders = folder.root.parent.glob(f"{glob.escape(folder.root.name)}{FORMER}*")
    return sorted(p for p in folders if p.is_dir() and _MOMENT.fullmatch(p.name.rpartition(FORMER)[2]))


def _list_left(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List leftovers of killed processes: readers and workers in the system's place, backups in the private store."""
    if settings.temporary_hours:
        hours = settings.temporary_hours - (now - datetime.now(UTC)).total_seconds() / 3600
        for place in list_left(hours):
            yield _tree(folder, "left by a process that ended", place)
    for place in sorted((folder.private).glob(".backup-*")):
        if place.is_dir() and is_left(place):
            yield _tree(folder, "left by a backup that was stopped", place)
    for place in sorted((folder.private / REPORTS).glob(".R-*")):
        if _is_older(place, 1, now):
            yield _tree(folder, "left by a report that was not kept", place)
    if (place := folder.private / "kept_sheets").is_dir():  # nothing reads it any more
        yield _tree(folder, "what earlier builds kept of exports", place)


_ENTRIES = (
    ("mail", "addresses of mails that went out", "mail_days", ("tidy",)),
    ("mail", "mails that went out or came back", "asked_days", ("drop_old",)),
    ("asked", "letters that went out", "asked_days", ("drop_old_words", "drop_old_actions", "drop_old")),
    ("report_links", "links for reports that have ended", "asked_days", ("drop_old",)),
)
"""Private stores, their entries, their setting, and the changes that remove them; `count_…` counts the last."""


def _list_entries(
    name: str,
    kind: str,
    setting: str,
    changes: Sequence[str],
    folder: CampaignFolder,
    settings: Settings,
    now: datetime,
) -> Iterator[Expired]:
    store, days = Store(folder.private, name), int(getattr(settings, setting))
    before = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if days and (number := sum(row["rows"] for row in store.ask(f"count_{changes[-1]}", before=before))):
        yield Expired(kind, f"private/{store.path.name}", partial(_change, store, changes, before=before), number)


def _change(store: Store, changes: Iterable[str], **parameters: Any) -> None:
    for change in changes:
        store.change(change, **parameters)
    store.wipe()


def _list_reports(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List the reports by link that staff have decided about, which stand in the inbox, and those nobody confirmed."""
    box, days = ReportBox(folder.private), settings.asked_days
    decided = box.list_decided(now - timedelta(days=days)) if days else ()
    unconfirmed = box.list_unconfirmed(now - UNCONFIRMED_KEPT)
    for kind, paths in (
        ("reports that staff have decided about", decided),
        ("new actions whose address nobody confirmed", unconfirmed),
    ):
        if paths:
            yield Expired(kind, f"private/{REPORTS}", partial(_remove_all, paths), len(paths))


def _list_public_copies(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List the copies for the public that neither the inbox nor a kept build names; none where that is not known."""
    copies = set(list_published_files(folder.published))
    if not copies:
        return
    try:
        shown_files = list_public_files(folder)
        for snapshot in folder.published.glob("snapshot-*.duckdb"):
            with suppress(duckdb.CatalogException), open_snapshot(snapshot) as connection:  # before there were any
                shown_files |= {name for (name,) in connection.execute(read_query("report/public_files")).fetchall()}
    except (duckdb.Error, ReportsFileError) as error:
        LOG.warning("Public copies of files stay, since it is not known which of them are shown: %s", error)
        return
    for name in sorted(copies - shown_files):
        yield _tree(folder, "public copy of a file that no build shows", folder.published / PUBLIC / name)


def _list_evidence(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List the files that were handed in and that no report names; a report lasts as `_list_reports` says."""
    store = EvidenceStore(folder.private)
    if paths := store.list_unnamed(now.timestamp()):
        remove = partial(store.remove_unnamed, now.timestamp())
        yield Expired("files that no report names", f"private/{EVIDENCE}", remove, len(paths))


def _list_sessions(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    """List the sessions that have ended; the next sign-in would remove them too."""
    store = Store(folder.private, "sessions")
    moment = now.timestamp()
    ended = {"now": moment, "idle_since": moment - settings.session_idle_minutes * 60}
    if number := sum(row["rows"] for row in store.ask("count_tidy", **ended)):
        remove = partial(_change, store, ("tidy",), **ended)
        yield Expired("sessions that have ended", f"private/{store.path.name}", remove, number)


def _list_audit(folder: CampaignFolder, settings: Settings, now: datetime) -> Iterator[Expired]:
    day = (now - timedelta(days=settings.audit_days)).date()
    if settings.audit_days and (number := forget_older_than(folder.root, day, dry_run=True)):
        yield Expired("acts in the audit log", "private/audit", lambda: forget_older_than(folder.root, day), number)


def _is_older(path: Path, days: float, now: datetime) -> bool:
    """Return whether a path is older than so many days; never where that is 0."""
    return bool(days) and now.timestamp() - path.lstat().st_mtime > days * 86_400


def _tree(folder: CampaignFolder, kind: str, place: Path) -> Expired:
    is_inside = place.is_relative_to(folder.root)
    name = place.relative_to(folder.root).as_posix() if is_inside else str(place)
    return Expired(kind, name, lambda: _remove(place))


def _remove_all(places: Iterable[Path]) -> None:
    for place in places:
        _remove(place)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


_RULES: tuple[Callable[[CampaignFolder, Settings, datetime], Iterator[Expired]], ...] = (
    _list_drafts,
    _list_set_aside,
    _list_mail_files,
    *(partial(_list_entries, *entry) for entry in _ENTRIES),
    _list_reports,
    _list_public_copies,
    _list_evidence,
    _list_audit,
    _list_sessions,
    _list_former,
    _list_left,
)
