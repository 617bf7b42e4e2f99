"""Sheets of a draft that hold the same actions, and what staff said of sheets before."""

from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.errors import UserError
from dashboard.quality.alike_sheets import AlikeSheet, SheetKey
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, sheet_choices
from dashboard.ui.upload.state import Upload


def show(view: Frame, upload: Upload, groups: list[list[AlikeSheet]]) -> None:
    """Draw the sheets that hold the same actions, with a choice each."""
    t = view.t
    messages.show_heading(t("Sheets to settle first"), level=3)
    st.markdown(
        t(
            "These sheets of one workbook hold the same actions, so that an old one could overrule the current one. "
            "Nothing can be published before you have said which counts."
        )
    )
    sheet_choices.show_groups(view, groups, upload.given.sheets)


def show_settled(view: Frame, upload: Upload) -> None:
    """Draw what staff said of sheets before, with the way back; not what this preview tries."""
    if upload.preview is None:
        return
    settled = {key: use for key, use in upload.preview.settled_sheets.items() if key not in upload.tried.sheets}
    if settled:
        count = formats.format_count(len(settled), view.lang)
        with st.expander(f"{view.t('Which sheets count, as staff have said')} · {count}"):
            sheet_choices.show_settled(view, settled, partial(_undo, upload))


def _undo(upload: Upload, key: SheetKey) -> None:
    """Take back what was said of a sheet and make the preview again; a button's callback."""
    try:
        sheet_choices.keep({key: ""})
    except UserError as error:
        upload.error = error
        return
    upload.make()
