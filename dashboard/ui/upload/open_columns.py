"""Columns that must be asked about before a draft can be published: each with what it may be, settled on the page."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.errors import UserError
from dashboard.quality.queries import explain_column, name_use
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload.state import Upload

_FIELDS = (
    "status", "percent", "completed_on", "reported_on", "due_on", "countries", "regions", "themes", "category",
    "stakeholder_group", "title", "stakeholder", "submission_id", "description", "narrative", "wave", "language",
)  # fmt: skip
_OTHER = {"nothing": "set_aside", "question": "question", "staff": "staff", "personal": "personal"}
"""What a column can be besides a field, in the command's word, and the use that it then has."""


def show(view: Frame, upload: Upload) -> None:
    """Draw the columns with a choice each, and the button that keeps what was chosen and makes the preview again."""
    columns = upload.preview.columns.to_dict("records") if upload.preview is not None else []
    if not columns:
        return
    t = view.t
    messages.show_heading(t("Columns to settle first"), level=3)
    st.markdown(
        t(
            "These columns look like something that figures are counted by, and no recipe says what they are. Nothing "
            "can be published before you have said it. It holds for next month’s file as well."
        )
    )
    for number, column in enumerate(columns):
        _show_column(view, column, number)
    st.button(
        t("Keep this and preview again"),
        key="settle-columns",
        type="primary",
        icon=":material/check:",
        on_click=_settle,
        args=(upload, columns),
    )


def _show_column(view: Frame, column: Mapping[Hashable, Any], number: int) -> None:
    """One column: where it is and what it may be, with the choice."""
    t = view.t
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            st.markdown(f"**{plain(str(column['header']))}**")
            file, sheet = str(column["source_file"]), column["sheet"]
            place = t("{file}, sheet {sheet}", file=file, sheet=sheet) if isinstance(sheet, str) else file
            st.caption(plain(f"{place}. {explain_column(t, column)}"))
        looks_like = str(column["looks_like"])
        options = [looks_like, *_OTHER, *(field for field in _FIELDS if field != looks_like)]
        st.selectbox(
            t("What it is"),
            options,
            format_func=lambda word: name_use(t, _OTHER.get(word, "field"), word),
            key=f"column-use-{number}",
            width=260,
        )


def _settle(upload: Upload, columns: Sequence[Mapping[Hashable, Any]]) -> None:
    """Keep what was chosen and make the preview again; what is refused is told instead.

    The choices are read now: a click may come before the page has been drawn with the last of them.
    """
    try:
        for number, column in enumerate(columns):
            is_upload = isinstance(column["upload"], str)
            file = upload.folder / "uploads" / column["upload"] if is_upload else column["source_file"]
            use = st.session_state[f"column-use-{number}"]
            campaign_commands.run("column", "--is", use, operands=[str(file), str(column["header"])])
    except UserError as error:
        upload.error = error
        return
    upload.make()
