"""Columns without a use in a draft: answered on the page, those first without which nothing is published."""

import streamlit as st

from dashboard import formats
from dashboard.quality.open_columns import OpenColumn
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, open_columns
from dashboard.ui.upload.state import Upload


def show(view: Frame, upload: Upload, columns: list[OpenColumn]) -> None:
    """Draw the columns with a choice each."""
    t = view.t
    asked = [column for column in columns if column.is_asked]
    if asked:
        messages.show_heading(t("Columns to settle first"), level=3)
        st.markdown(
            t(
                "These columns look like something that figures are counted by, and nobody has said what they are. "
                "Nothing can be published before you have said it. It holds for next month’s file as well."
            )
        )
        _show_cards(view, upload, asked, "asked-column")
    others = [column for column in columns if not column.is_asked]
    if others:
        title = t("Other columns without a use: {n}", n=formats.format_count(len(others), view.lang))
        with st.expander(title, expanded=not asked and any(column.proposed for column in others)):
            st.markdown(
                t(
                    "Nothing of them is counted or published. You may say now what they are, or later on the page Data "
                    "quality. Closed questions become public only when you say so."
                )
            )
            _show_cards(view, upload, others, "other-column")


def _show_cards(view: Frame, upload: Upload, columns: list[OpenColumn], key: str) -> None:
    options = ["--uploads", str(upload.folder / "uploads")]
    if upload.settings is not None:
        options += ["--draft", str(upload.folder)]
    what = f"{upload.folder.name}-{upload.recipes_made}"
    values = open_columns.read_values(view, what, *options)
    open_columns.show(view, columns, values, upload.given.columns, key)
