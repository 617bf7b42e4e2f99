"""The page Actions: the register as a table, or the one action that the link names.

The table is sorted and cut into pages by the database, so that the browser gets one page of it.
"""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard.extracts.choice import Choice
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import sheet
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import empty_selection, extract_file, messages, paging
from dashboard.ui.pieces.filter_bar import DATE_FORMATS
from dashboard.ui.pieces.paging import Page

SORT, ORDER, DESCENDING = "sort", "order", "desc"
PARAMETERS = ("action", SORT, ORDER)
PAGE_ROWS = 200
SORTS = {
    "submitted_on": N_("Submission date"),
    "title": N_("Title"),
    "stakeholder": N_("Stakeholder"),
    "group": N_("Stakeholder group"),
    "category": N_("Category"),
    "status": N_("Status"),
    "percent": N_("Percent done"),
    "reported_on": N_("Last report"),
    "due_on": N_("Deadline"),
    "is_overdue": N_("Overdue"),
}
COLUMNS = (
    "title", "stakeholder", "status", "percent", "regions", "category", "themes", "group", "countries",
    "reported_on", "due_on", "is_overdue", "action_id",
)  # fmt: skip
_IDS = "register ids"
_OPENED = "register opened"


def show(view: View, selection: Selection) -> None:
    """Draw the register, or the action that is open."""
    action_id = link.page_parameter("action")
    if action_id is None:
        _show_register(view, selection)
    else:
        sheet.show(view, selection, action_id)


def _show_register(view: View, selection: Selection) -> None:
    """One page of the register; where the selection is empty, say so instead."""
    total = register.count(view.snapshot, selection)
    if total == 0:
        empty_selection.show(view, selection)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="register-order"):
        sort, descending = _show_order(view)
        extract_file.show(view, selection, Choice(), total)
    page = paging.find(_page_key(view, sort, descending), PAGE_ROWS, total)
    frame = register.page(
        view.snapshot, selection, sort=sort, descending=descending, limit=page.size, offset=page.offset
    )
    _show_rows(view, frame)
    paging.show_others(page, total, persist_state="session")
    _show_count(view, page, len(frame), total)


def _show_order(view: View) -> tuple[str, bool]:
    """What the register is sorted by, as the link says, and whether the largest stand first."""
    t = view.t
    stated, order = link.page_parameter(SORT), link.page_parameter(ORDER)
    for name, value, allowed in ((SORT, stated, SORTS), (ORDER, order, (DESCENDING,))):
        if value is not None and value not in allowed:
            asked = messages.plain(f"{name}={value}"[:80])
            st.warning(t("The link asks for an order that is not known here: {order}.", order=asked))
    link.keep("register-sort", stated if stated in SORTS else next(iter(SORTS)))
    link.keep("register-descending", order == DESCENDING)
    sort = st.selectbox(
        t("Sort by"),
        list(SORTS),
        format_func=lambda name: t(SORTS[name]),
        key="register-sort",
        width=230,
        on_change=_take_order,
    )
    descending = st.toggle(t("Largest or latest first"), key="register-descending", on_change=_take_order)
    return str(sort), bool(descending)


def _take_order() -> None:
    sort = st.session_state["register-sort"]
    link.change_page_parameter(SORT, None if sort == next(iter(SORTS)) else sort)
    link.change_page_parameter(ORDER, DESCENDING if st.session_state["register-descending"] else None)


def _page_key(view: View, sort: str, descending: bool) -> str:
    """A key that changes with what is listed, so that another list begins on its first page."""
    listed = (view.selection.query_string().removesuffix(f"lang={view.lang}"), sort, descending)
    return f"register-page-{abs(hash(listed))}"


def _show_rows(view: View, frame: pd.DataFrame) -> None:
    t = view.t
    st.session_state[_IDS] = frame["action_id"].tolist()
    # A new key after each opening, so that coming back finds no row still chosen.
    key = f"register-{st.session_state.setdefault(_OPENED, 0)}"
    shown = register.labelled(frame, view.snapshot, view.lang)
    st.dataframe(
        shown,
        hide_index=True,
        column_order=COLUMNS,
        column_config=_columns(view),
        key=key,
        on_select=lambda: _open(key),
        selection_mode="single-row",
        height=560,
        placeholder="—",
        alt=t("The register of actions; choose a row to open the action."),
    )


def _columns(view: View) -> dict[str, ColumnConfig]:
    t, config, day = view.t, st.column_config, DATE_FORMATS[view.lang]
    return {
        "title": config.TextColumn(t("Title"), width="large", pinned=False),
        "stakeholder": config.TextColumn(t("Stakeholder"), width="medium"),
        "group": config.TextColumn(t("Stakeholder group"), width="medium"),
        "category": config.TextColumn(t("Category"), width="medium"),
        "themes": config.TextColumn(t("Themes"), width="medium"),
        "regions": config.TextColumn(t("Regions"), width="medium"),
        "countries": config.TextColumn(t("Countries"), width="medium"),
        "status": config.TextColumn(t("Status"), width="small"),
        "percent": config.NumberColumn(t("Percent done"), format="%d %%", width="small"),
        "reported_on": config.DateColumn(t("Last report"), format=day, width="small"),
        "due_on": config.DateColumn(t("Deadline"), format=day, width="small"),
        "is_overdue": config.CheckboxColumn(t("Overdue"), width="small"),
        "action_id": config.TextColumn(t("Action ID"), width="small"),
    }


def _open(key: str) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        st.session_state[_OPENED] += 1
        link.change_page_parameter("action", st.session_state[_IDS][rows[0]])


def _show_count(view: View, page: Page, rows: int, total: int) -> None:
    st.caption(
        view.t(
            "Actions {first} to {last} of {total}. Choose a row to open it. “Sort by” sorts all of them; "
            "a click on a heading sorts the rows shown.",
            **paging.name_range(view, page, rows, total),
        )
    )
