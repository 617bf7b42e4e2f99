"""The account: what became of the rows of each file and sheet."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.campaign import builds, uploads
from dashboard.quality import queries
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import MOST_ROWS, Reading
from dashboard.settings import Settings
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import tables
from dashboard.ui.pieces.markdown import plain
from dashboard.ui.quality import rows as quality_rows

_COUNTS = ("rows_read", "rows_accepted", "rows_merged", "rows_rejected")


def show(view: View, file: str | None) -> None:
    """Draw the account of each file, and the rows that were merged."""
    quality_rows.show_download(view, LISTS["files"], file)
    show_account(view, file)
    _show_unread(view)
    t = view.t
    st.html(f'<h3 class="card-title">{escape(t(LISTS["merged"].title))}</h3>')
    quality_rows.show(view, LISTS["merged"], file)


def _show_unread(view: View) -> None:
    """The files of the inbox that this build does not hold."""
    if view.snapshot.is_sample:
        return
    read = view.snapshot.query("quality_file_names")["source_file"]
    unread = builds.list_unread_files(Settings.from_environment().campaign, read, uploads.KINDS)
    if unread:
        text = view.t(
            "In the inbox, but not in this build: {names}. They were added since, or left out because they could not "
            "be read; the next build tells why.",
            names=", ".join(unread),
        )
        st.warning(plain(text), icon=":material/block:")


def show_account(view: View, file: str | None) -> None:
    """Draw one line a sheet, with the total."""
    t = view.t
    st.html(f'<h3 class="card-title">{escape(t("What became of the rows"))}</h3>')
    st.markdown(t(LISTS["files"].note))
    frame = queries.read(Reading(view.snapshot, t, file, most=MOST_ROWS), "files").frame
    labels = (t("Rows read"), t("Accepted"), t("Merged"), t("Rejected"))
    columns = (
        tables.Column(t("File")),
        tables.Column(t("Sheet"), True),
        tables.Column(t("Holds"), True),
        tables.Column(t("Recipe"), True),
        *(tables.Column(label) for label in labels),
    )
    rows = [
        [
            *(_text(row[name]) for name in ("source_file", "sheet")),
            _text(row["kind_name"]) or t("Not read: no recipe"),
            _text(row["recipe"]),
            *(formats.format_count(row[name], view.lang) for name in _COUNTS),
        ]
        for row in frame.to_dict("records")
    ]
    total = [formats.format_count(int(frame[name].sum()), view.lang) for name in _COUNTS]
    st.html(tables.render(columns, [*rows, [t("Total"), "", "", "", *total]], is_long=True))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
