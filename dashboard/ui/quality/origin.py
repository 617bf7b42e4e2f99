"""Where a line comes from: the action it is about, and the original row of the file."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.ui.frame import header
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import original_row

_ACTIONS = next(spec for spec in header.PAGES if spec.page_id == "actions")


def show(view: View, file: Any, sheet: Any, row: Any, action_id: Any, key: str = "chosen") -> None:
    """Draw the ways from a line to its action and to its row; what is not known is left out."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if _is_known(action_id):
            show_action(view, str(action_id), t("Open the action {id}", id=action_id))
        if not (_is_known(file) and _is_known(row)):
            return
        sheet_name = str(sheet) if _is_known(sheet) else None
        original_row.show_button(view, str(file), sheet_name, int(row), key)


def show_action(view: View, action_id: str, label: str) -> None:
    """Draw the way to an action's own page."""
    st.page_link(
        _ACTIONS.script,
        label=label,
        icon=":material/open_in_new:",
        query_params={"action": action_id, "lang": view.lang},
    )


def _is_known(value: Any) -> bool:
    return value is not None and not pd.isna(value) and value != ""
