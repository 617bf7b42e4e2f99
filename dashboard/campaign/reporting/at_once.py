"""Reports that count before staff have read them, where the campaign says so: their values, and nothing else.

`python -m etl reports --publish` gives each a row of its values; accepting it later gives it one of all that it states,
which replaces that. What somebody has taken out of the inbox again does not go there by itself a second time. The
server has that done, and a build made, every ten minutes at most (`dashboard/web/report_publishing.py`), whose note
says when and what came of it.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.campaign.reporting.reports import FOLDER, Report, ReportBox, ReportKind, ReportState, find_replaced
from dashboard.errors import UserError, pack, unpack
from dashboard.ground.files.json_notes import read_json, write_json

NOTE = "publishing.json"
_A_MOMENT = 2_000_000_000
"""Nanoseconds for which the time of a change does not tell it from a later one."""


def list_publishable(box: ReportBox) -> list[Report]:
    """List the waiting reports whose values are to count at once and have not yet; stories, promises, cases never are.

    Of several by one link about one action it is the latest.
    """
    waiting = box.list(ReportState.WAITING)
    replaced = find_replaced(waiting)
    return [
        report
        for report in waiting
        if report.kind is ReportKind.PROGRESS
        and not report.is_case
        and report.published_at is None
        and report.report_no not in replaced
        and report.keep_values().has_progress
    ]


def has_publishable(private: Path) -> bool:
    """Return whether any report is to count at once; cheap where nothing has changed since it was asked last."""
    folder = private / FOLDER
    try:
        changed_at = folder.stat().st_mtime_ns
    except OSError:
        return False
    if time.time_ns() - changed_at < _A_MOMENT:  # another change may have the same time
        return bool(list_publishable(ReportBox(private)))
    return _has_publishable(private, changed_at)


@lru_cache(maxsize=4)
def _has_publishable(private: Path, _changed_at: int) -> bool:
    return bool(list_publishable(ReportBox(private)))


@dataclass(frozen=True)
class PublishingNote:
    """The last time that reports were published at once.

    Attributes:
        began_at: When it began (UTC).
        is_built: Whether a build with them was made; else it is tried again.
        refusal: Why not, as words and what to do; None for no reason, or none yet.
    """

    began_at: datetime
    is_built: bool = False
    refusal: UserError | None = None


def read_note(private: Path) -> PublishingNote | None:
    """Read the note of the last time; None for none."""

    def parse(values: Any) -> PublishingNote:
        texts = [unpack(text) for text in values["refusal"]]
        return PublishingNote(
            datetime.fromisoformat(values["began_at"]), values["is_built"], UserError(*texts) if texts else None
        )

    return read_json(private / FOLDER / NOTE, parse)


def write_note(private: Path, note: PublishingNote) -> None:
    """Write the note of the last time."""
    texts = [pack(note.refusal.what), pack(note.refusal.remedy)] if note.refusal else []
    content = {"began_at": note.began_at.isoformat(), "is_built": note.is_built, "refusal": texts}
    write_json(private / FOLDER / NOTE, content)
