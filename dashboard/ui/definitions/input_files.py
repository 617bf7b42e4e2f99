"""The files that the figures come from, and what became of each of their rows."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import tables

COUNTS = ("rows_read", "rows_accepted", "rows_merged", "rows_rejected")


def show(view: View) -> None:
    """Draw the account of the rows, file by file, with its total."""
    t = view.t
    files = view.snapshot.query("input_files")
    st.html(f"<h2>{escape(t('Data'))}</h2>")
    st.markdown(
        t(
            "Every row of every file is accounted for: rows read = accepted + merged + rejected. "
            "A merged row repeats another one, as an earlier submission of the same action does; "
            "a rejected row cannot be what its file claims."
        )
    )
    columns = (
        tables.Column(t("File")),
        tables.Column(t("Recipe"), is_words=True),
        tables.Column(t("Rows read")),
        tables.Column(t("Accepted")),
        tables.Column(t("Merged")),
        tables.Column(t("Rejected")),
    )
    rows = [
        [file["source_file"], file["recipe"], *(formats.format_count(file[name], view.lang) for name in COUNTS)]
        for file in files.to_dict("records")
    ]
    total = [formats.format_count(int(files[name].sum()), view.lang) for name in COUNTS]
    tables.show(columns, [*rows, [t("All files"), "", *total]])
    note = t("Build {build}, made on {day} (UTC)", build=view.snapshot.build_id, day=_built(view))
    st.html(f'<p class="card-note">{escape(note)}</p>')


def _built(view: View) -> str:
    return view.snapshot.built_at.replace("T", " ").removesuffix("Z").split("+")[0][:16]
