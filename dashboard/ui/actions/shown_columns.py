"""Which columns of the register are shown, and in which order: the reader's choice, kept in the link."""

import streamlit as st

from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import paging
from dashboard.ui.pieces.action_list import FIELDS, SHOWN

COLUMNS = "columns"
"""The link's parameter: names of columns, parted by commas. The title need not be named: it is always there."""
IN_FILES = {"place": ("regions", "countries"), "language": ("language_code",), "milestones": ()}
"""The columns of extracts that say what a column of the list says, where they have other names."""
_KEY = "register-columns"
_TITLE = "title"


def read(view: View) -> tuple[str, ...]:
    """The columns that the link names, the title first; what is none is said, and left out."""
    stated = link.page_parameter(COLUMNS)
    if stated is None:
        return SHOWN
    names = dict.fromkeys(name.strip().lower() for name in stated.split(",") if name.strip())
    unknown = [name for name in names if name not in FIELDS]
    if unknown:
        paging.warn(view, COLUMNS, ",".join(unknown))
    return (_TITLE, *(name for name in names if name in FIELDS and name != _TITLE))


def name_in_files(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a file for those that the reader has chosen; none, that is all of them, for the usual ones."""
    if columns == SHOWN:
        return ()
    return tuple(dict.fromkeys(own for name in ("action_id", *columns) for own in IN_FILES.get(name, (name,))))


def show(view: View, columns: tuple[str, ...]) -> None:
    """Draw the choice of columns."""
    t = view.t
    others = [name for name in FIELDS if name != _TITLE]
    with st.popover(t("Columns"), icon=":material/view_column:", key="register-columns-box"):
        link.keep(_KEY, [name for name in columns if name != _TITLE])
        st.multiselect(
            t("Columns beside the title, in the order in which you choose them"),
            others,
            format_func=lambda name: t(FIELDS[name].label) if name in FIELDS else name,
            key=_KEY,
            placeholder=t("The title alone"),
            on_change=_take,
            select_all=False,
        )
        if columns != SHOWN:
            st.button(t("The usual columns"), key="register-columns-reset", on_click=_reset)


def _take() -> None:
    chosen = (_TITLE, *st.session_state[_KEY])
    link.change_page_parameter(COLUMNS, None if chosen == SHOWN else ",".join(chosen[1:]) or _TITLE)


def _reset() -> None:
    link.change_page_parameter(COLUMNS, None)
