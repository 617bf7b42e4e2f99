"""Lists of the data-quality page as files to take away, made outside the server's process."""

import re
from collections.abc import Sequence
from pathlib import Path

from dashboard.campaign.file_names import find_names
from dashboard.files.extracts.order import submit_file
from dashboard.ground import page_addresses
from dashboard.ground.processes.runner import Handle
from dashboard.lists.quality.lists import LISTS
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot

FOR_AN_OFFICE = (
    "rejected",
    "unmatched",
    "checks",
    "orphans",
    "unclassified",
    "duplicates",
    "gone",
    "merged",
    "columns",
    "readings",
    "files",
)
"""The lists of everything about one file, in order of urgency."""


def make_lists(
    snapshot: Snapshot,
    list_ids: Sequence[str],
    lang: str,
    file: str | None = None,
    before: Path | None = None,
) -> Handle:
    """Have a worker write lists as a workbook, or queue it.

    `snapshot`: the reader's; the worker opens the same build, whatever is published meanwhile.
    `before`: the snapshot of the build before, for `changes`.

    Raises:
        UserError: too many files are being made at once.
    """
    place = {"file": file} if file is not None else {}
    arguments = {
        "lists": list(list_ids),
        "file": file,
        "before": None if before is None else str(before),
        "lang": lang,
        "link": page_addresses.write(Settings.from_environment().base_url, "quality", [*place.items(), ("lang", lang)]),
    }
    return submit_file("dashboard.lists.quality.workbook", snapshot, arguments)


def name_file(snapshot: Snapshot, list_ids: Sequence[str], lang: str, file: str | None = None) -> str:
    """Name a file by its content: `2021-quality_rejected_office-a.csv_fr.xlsx`."""
    what = LISTS[list_ids[0]].list_id if len(list_ids) == 1 else "to-put-right"
    file_name = None if file is None else find_names(snapshot.path).file(file)
    about = [] if file_name is None else [re.sub(r"[^\w.-]+", "-", file_name).strip("-.")[:80]]
    start = ["sample"] if snapshot.is_sample else []
    parts = (*start, f"{snapshot.campaign['starts_on']:%Y}-quality", what, *about, lang)
    return f"{'_'.join(parts)}.xlsx"
