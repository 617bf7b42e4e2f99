"""Where a line comes from: the action it is about, and the original row of the file."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import jobs
from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.ui import error_box, header, tables
from dashboard.ui.action_sheet import place
from dashboard.ui.markdown import plain
from dashboard.ui.page import View

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
        if st.button(t("Show the original row"), key=f"original-{key}", icon=":material/table_rows:"):
            title = place(view, str(file), sheet_name, int(row))
            st.dialog(plain(title), width="large")(_show_original)(view, str(file), sheet_name, int(row))


def show_action(view: View, action_id: str, label: str) -> None:
    """Draw the way to an action's own page."""
    st.page_link(
        _ACTIONS.script,
        label=label,
        icon=":material/open_in_new:",
        query_params={"action": action_id, "lang": view.lang},
    )


def _show_original(view: View, file: str, sheet: str | None, row: int) -> None:
    """The row as the file has it, one line a column; columns with names of people are left out."""
    t = view.t
    arguments = ["row", "--campaign", str(Settings.from_environment().campaign), "--json"]
    arguments += ["--sheet", sheet] if sheet is not None else []
    try:
        with st.spinner(t("Looking into the file …")):
            found = jobs.run_etl([*arguments, "--", file, str(row)])
    except UserError as error:
        error_box.show(view, error)
        return
    cells = zip(found.get("headers", []), found.get("cells", []), strict=False)
    rows = [[str(header or ""), str(cell)] for header, cell in cells if cell not in (None, "")]
    st.html(tables.render((tables.Column(t("Column")), tables.Column(t("Cell"), True)), rows, is_long=True))
    st.caption(
        t("Empty cells and columns with names of contacts, e-mail addresses and telephone numbers are left out.")
    )


def _is_known(value: Any) -> bool:
    return value is not None and not pd.isna(value) and value != ""
