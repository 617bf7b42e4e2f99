"""The page Actions: the register as a list for reading, or the one action that the link names.

The list is sorted and cut into pages by the database, so that the browser gets one page of it. Filters, columns, order
and page are all in the link, so that it opens the same list again; saved views are such links.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import streamlit as st

from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import action_body, model
from dashboard.ui.actions.model import COLUMNS, SHOWN, RegisterModel
from dashboard.ui.frame import browser_part, link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import empty_selection, file_at_once, filter_bar, list_table

PARAMETERS = ("action", *list_table.PARAMETERS, COLUMNS)
_VIEWS = Path(__file__).with_name("saved_views")
_MOUNT_VIEWS = browser_part.register(
    "saved_views",
    _VIEWS,
    '<form class="save"><label></label><div><input maxlength="80" required><button></button></div></form>'
    '<ul></ul><p class="note"></p><p class="said" role="status"></p>',
)


def show(view: View, selection: Selection) -> None:
    """Draw the register, or the action that is open."""
    action_id = view.parameters.get("action")
    if action_id is not None:
        action_body.show(view, action_id)
        return
    register = model.make_model(view)
    if register.list_model.total == 0:
        empty_selection.show(view, selection)
        _show_views(view, register.views)
    else:
        _show_register(view, selection, register)


def _show_register(view: View, selection: Selection, register: RegisterModel) -> None:
    if register.warning:
        st.warning(register.warning)
    with st.container(horizontal=True, vertical_alignment="center", key="register-top"):
        list_table.show_top(view, register.list_model)
        _show_columns(view, register.columns)
        _show_views(view, register.views)
        file_at_once.show_extract(view, selection, register.file)
    list_table.show_lines(view, register.list_model)


def _show_columns(view: View, columns: tuple[str, ...]) -> None:
    t, labels = view.t, model.offer_columns(view)
    with st.popover(t("Columns"), icon=":material/view_column:", key="register-columns-box"):
        label = t("Columns beside the title, in the order you choose them")
        st.caption(label)
        only = t("Title only")
        filter_bar.show_tolerant(
            t,
            label,
            labels,
            columns[1:],
            "register-columns",
            lambda names: link.change_page_parameter(COLUMNS, model.write_columns(names)),
            everything=only,
        )
        if columns != SHOWN:
            st.button(
                t("Default columns"),
                key="register-columns-reset",
                on_click=link.change_page_parameter,
                args=(COLUMNS, None),
            )


def _show_views(view: View, views: Mapping[str, Any]) -> None:
    """Draw the button that opens the saved views: links that a reader has given a name, kept in this browser alone."""
    # A new box for each view, so that it is closed when one has been opened.
    root = link.site_path(view.page_id)
    data = {"path": f"{root}/{view.page_id}", "store": f"dashboard-views:{root}", **views}
    key = f"saved-views-{crc32(link.query_string().encode())}"
    with st.popover(view.t("Saved views"), icon=":material/bookmark:", key=f"{key}-box"):
        _MOUNT_VIEWS(key=key, data=data)
