"""The download of an extract; of one that takes longer its place says how far it is, with a way out."""

from functools import partial

from dashboard.extracts import order
from dashboard.extracts.choice import Choice
from dashboard.extracts.order import Extract
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_at_once

FORMAT_NAMES = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet", "json": "JSON", "zip": "ZIP"}


def show(view: View, selection: Selection, choice: Choice) -> None:
    """Draw the download of a file."""
    form = choice.file_format
    file = file_at_once.File(
        "file-download",
        view.t("Download as {format}", format=FORMAT_NAMES[form]),
        **file_at_once.wait_for(postpone(view.snapshot, partial(submit, selection, choice))),
        file_name=order.name_file(view.snapshot, selection, form, choice.table, choice.include),
        media_type=order.FORMATS[form].media_type,
        type="primary",
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
