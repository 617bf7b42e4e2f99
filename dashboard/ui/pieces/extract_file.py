"""The download of an extract: at once, or for a large one with a bar that shows how far it is and a way out."""

from functools import partial

from dashboard import formats
from dashboard.extracts import order
from dashboard.extracts.choice import Choice
from dashboard.extracts.order import Extract
from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_at_once, file_job

AT_ONCE = {"xlsx": 5_000, "zip": 5_000, "csv": 50_000, "parquet": 50_000, "json": 50_000}
"""Rows that take a few seconds; more than that gets a wait with a way out."""

FORMAT_NAMES = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet", "json": "JSON", "zip": "ZIP"}
LABELS = {
    "xlsx": N_("Download as Excel"),
    "csv": N_("Download as CSV"),
    "parquet": N_("Download as Parquet"),
    "json": N_("Download as JSON"),
    "zip": N_("Download as ZIP"),
}
_PLACE = "file"


def show(view: View, selection: Selection, choice: Choice, rows: int) -> None:
    """Draw the download of a file of `rows` rows, all its tables together."""
    content = (selection, choice)
    start = postpone(view.snapshot, partial(submit, selection, choice))
    if rows > AT_ONCE[choice.file_format]:
        label = view.t("Prepare the file ({n} rows)", n=formats.format_count(rows, view.lang))
        name = FORMAT_NAMES[choice.file_format]
        offer = file_job.Offer("prepare", name, label, start, icon=file_at_once.ICON, type="primary")
        file_job.show(view, _PLACE, content, [offer])
        return
    file_job.forget(_PLACE)
    file = file_at_once.File(
        "file-download",
        view.t(LABELS[choice.file_format]),
        lambda: start().result().content,
        order.name_file(view.snapshot, selection, choice.file_format, choice.table, choice.include),
        order.FORMATS[choice.file_format].media_type,
        type="primary",
    )
    file_at_once.show(view, "file-at-once", content, file)


def submit(selection: Selection, choice: Choice, snapshot: Snapshot) -> Extract:
    """Start making the file; errors as in `extracts.submit_extract`."""
    return order.submit_extract(
        snapshot,
        selection,
        choice.file_format,
        table=choice.table,
        columns=choice.columns,
        include=choice.include,
        csv=choice.csv,
    )
