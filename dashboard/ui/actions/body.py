"""The page Actions: the register as a list that one reads, or the one action that the link names.

The list is sorted and cut into pages by the database, so that the browser gets one page of it. Filters, columns, order
and page are all in the link, so that it opens the same list again; saved views are such links.
"""

from functools import partial

import streamlit as st

from dashboard.extracts.choice import Choice
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import saved_views, sheet, shown_columns
from dashboard.ui.actions.shown_columns import COLUMNS
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import action_list, empty_selection, extract_file, list_order, paging
from dashboard.ui.pieces.paging import Page

PARAMETERS = ("action", *list_order.PARAMETERS, COLUMNS, link.PAGE)
PAGE_ROWS = 50
SORTS = {
    "submitted_on": N_("Submission date"),
    "title": N_("Title"),
    "stakeholder": N_("Stakeholder"),
    "group": N_("Stakeholder group"),
    "category": N_("Category"),
    "status": N_("Status"),
    "percent": N_("Percent done"),
    "reported_on": N_("Last report"),
    "completed_on": N_("Completed on"),
    "due_on": N_("Deadline"),
    "is_overdue": N_("Overdue"),
    "language": N_("Language"),
    "action_id": N_("Action ID"),
}


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
        saved_views.show(view)
        return
    columns = shown_columns.read(view)
    order = list_order.read(view, SORTS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="register-order"):
        list_order.show(view, "register", SORTS, order)
        shown_columns.show(view, columns)
        saved_views.show(view)
        extract_file.show(view, selection, Choice(columns=shown_columns.name_in_files(columns)), total)
    page = paging.find_in_link(view, "register-page", PAGE_ROWS, total)
    frame = register.page(
        view.snapshot, selection, sort=order.sort, descending=order.is_descending, limit=page.size, offset=page.offset
    )
    action_list.show(
        view,
        frame,
        columns,
        link.own_pairs(),
        order=order,
        sorted_by=partial(list_order.address, view, SORTS),
    )
    _show_count(view, page, len(frame), total)
    paging.show_links(view, page, total)


def _show_count(view: View, page: Page, rows: int, total: int) -> None:
    st.caption(view.t("Actions {first} to {last} of {total}.", **paging.name_range(view, page, rows, total)))
