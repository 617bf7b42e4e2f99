"""The page Actions: the register as a table, or the one action that the link names.

The table is sorted and cut into pages by the database, so that the browser gets one page of it.
"""

import pandas as pd
import streamlit as st

from dashboard.extracts.choice import Choice
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import sheet
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import empty_selection, extract_file, messages, paging, row_tables
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
COLUMNS: dict[str, tuple[str, int, row_tables.Kind]] = {
    "title": (N_("Title"), 38, "text"),
    "stakeholder": (N_("Stakeholder"), 26, "text"),
    "status": (N_("Status"), 16, "text"),
    "percent": (N_("Percent done"), 8, "percent"),
    "regions": (N_("Regions"), 20, "text"),
    "category": (N_("Category"), 20, "text"),
    "themes": (N_("Themes"), 24, "text"),
    "group": (N_("Stakeholder group"), 20, "text"),
    "countries": (N_("Countries"), 18, "text"),
    "groupings": (N_("Groupings of countries"), 18, "text"),
    "reported_on": (N_("Last report"), 12, "date"),
    "due_on": (N_("Deadline"), 12, "date"),
    "is_overdue": (N_("Overdue"), 8, "flag"),
    "action_id": (N_("Action ID"), 14, "text"),
}
"""The columns: heading, letters a line has room for, kind."""
ROWS_IN_VIEW = 9
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
    number = st.session_state.setdefault(_OPENED, 0)
    key = f"register-{number}"
    shown = register.labelled(frame, view.snapshot, view.lang)
    st.dataframe(
        shown,
        hide_index=True,
        column_order=list(COLUMNS),
        column_config={
            name: row_tables.configure(view, view.t(header), letters, kind)
            for name, (header, letters, kind) in COLUMNS.items()
        },
        key=key,
        on_select=lambda: _open(key),
        selection_mode="single-row",
        row_height=row_tables.ROW_HEIGHT,
        height=row_tables.find_height(len(shown), ROWS_IN_VIEW),
        placeholder="—",
        alt=t("The register of actions; Enter opens the action of a row."),
    )
    titles = dict(zip(shown["action_id"], shown["title"], strict=True))
    st.selectbox(
        t("Open an action"),
        list(titles),
        index=None,
        format_func=lambda action_id: f"{titles.get(action_id) or t('Untitled action')} · {action_id}",
        key=f"open-action-{number}",
        placeholder=t("Choose or type its title"),
        on_change=lambda: _open_by_name(f"open-action-{number}"),
        width=520,
    )


def _open(key: str) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        _go_to(st.session_state[_IDS][rows[0]])


def _open_by_name(key: str) -> None:
    """For those who do not use the table: by voice, by touch, or by the keys of a list."""
    if st.session_state[key] is not None:
        _go_to(st.session_state[key])


def _go_to(action_id: str) -> None:
    st.session_state[_OPENED] += 1
    link.change_page_parameter("action", action_id)


def _show_count(view: View, page: Page, rows: int, total: int) -> None:
    st.caption(
        view.t(
            "Actions {first} to {last} of {total}. Choose a row to open it. “Sort by” sorts all of them; "
            "a click on a heading sorts the rows shown.",
            **paging.name_range(view, page, rows, total),
        )
    )
