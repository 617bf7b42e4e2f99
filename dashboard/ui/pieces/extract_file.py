"""The download of an extract; of a large one the page says how far it is, with a way out."""

from dataclasses import dataclass
from functools import partial

from dashboard import formats
from dashboard.extracts import order
from dashboard.extracts.choice import Choice
from dashboard.extracts.order import Extract
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_at_once

AT_ONCE = {"xlsx": 5_000, "zip": 5_000, "csv": 50_000, "parquet": 50_000, "json": 50_000}
"""Rows that take a few seconds; of more than that the page says how far it is, with a way out."""

FORMAT_NAMES = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet", "json": "JSON", "zip": "ZIP"}
LABELS = {
    "xlsx": N_("Download as Excel"),
    "csv": N_("Download as CSV"),
    "parquet": N_("Download as Parquet"),
    "json": N_("Download as JSON"),
    "zip": N_("Download as ZIP"),
}


@dataclass(frozen=True)
class ExtractOffer:
    """How a file is offered: the words of its link or button, whether at once, its name and type."""

    label: str
    is_at_once: bool
    file_name: str
    media_type: str


def make_offer(snapshot: Snapshot, selection: Selection, t: Translator, choice: Choice, rows: int) -> ExtractOffer:
    """How a file of `rows` rows, all its tables together, is offered."""
    is_at_once = rows <= AT_ONCE[choice.file_format]
    label = t(LABELS[choice.file_format])
    large = t("{label} ({n} rows)", label=label, n=formats.format_count(rows, t.language))
    return ExtractOffer(
        label if is_at_once else large,
        is_at_once,
        order.name_file(snapshot, selection, choice.file_format, choice.table, choice.include),
        order.FORMATS[choice.file_format].media_type,
    )


def show(view: View, selection: Selection, choice: Choice, rows: int) -> None:
    """Draw the download of a file of `rows` rows, all its tables together."""
    start = postpone(view.snapshot, partial(submit, selection, choice))
    shown = make_offer(view.snapshot, selection, view.t, choice, rows)
    file = file_at_once.File(
        "file-download",
        shown.label,
        lambda: start().result().content,
        shown.file_name,
        shown.media_type,
        type="primary",
        begin=None if shown.is_at_once else start,
    )
    file_at_once.show(view, "file-at-once", (selection, choice), file)


def submit(selection: Selection, choice: Choice, snapshot: Snapshot) -> Extract:
    """Start making the file; errors as in `extracts.submit_extract`."""
    return order.submit_extract(
        snapshot,
        selection,
        choice.file_format,
        table=choice.table,
        columns=choice.columns,
        include=choice.include,
        csv=choice.csv_style(selection.lang),
    )
