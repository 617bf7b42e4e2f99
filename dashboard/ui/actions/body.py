"""The page Actions: the register as a list for reading, or the one action that the link names.

The list is sorted and cut into pages by the database, so that the browser gets one page of it. Filters, columns, order
and page are all in the link, so that it opens the same list again; saved views are such links.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import streamlit as st

from dashboard.files.extracts.choice import Choice
from dashboard.i18n import N_
from dashboard.lists.for_readers import ACTIONS
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import action_body
from dashboard.ui.frame import browser_part, link
from dashboard.ui.frame.link import PAGE
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import empty_selection, file_at_once, filter_bar, list_table, paging
from dashboard.ui.pieces.list_table import ListModel

COLUMNS = "columns"
"""The link's parameter: names of columns, separated by commas. The title need not be named: it is always there."""
IN_FILES = {
    "place": ("regions", "countries"),
    "language": ("language_code",),
    "milestones": (),
    "results_met": ("results", "results_met"),
}
"""The columns of extracts with the same content as a column of the list, where they have other names."""
NAMES = tuple(column.name for column in ACTIONS.columns)
SHOWN = ("title", "stakeholder", "status", "place", "themes", "due_on", "reported_on")
"""The columns where the reader has chosen none."""
VIEW_WORDS = {
    "label": N_("Name of this view (filters, columns and order)"),
    "save": N_("Save"),
    "empty": N_("No views saved in this browser yet."),
    "note": N_("Views are kept in this browser only. To share one, copy its link."),
    "copy": N_("Copy the link"),
    "rename": N_("Rename"),
    "remove": N_("Remove"),
    "of": N_("{action}: {name}"),
    "new_name": N_("New name of “{name}”"),
    "cancel": N_("Cancel"),
    "saved": N_("“{name}” was saved."),
    "replaced": N_("“{name}” now saves what you see."),
    "taken": N_("Another view is already called “{name}”."),
    "renamed": N_("It is now called “{name}”."),
    "removed": N_("“{name}” was removed."),
    "copied": N_("The link to “{name}” was copied."),
    "select": N_("Copy this link:"),
    "full": N_("This browser cannot save more views. Remove one, or allow this site to store data."),
}
"""The words of the browser part of saved views."""
_TITLE = "title"


@dataclass(frozen=True)
class RegisterModel:
    """The register as a list.

    Attributes:
        warning: The columns in the link that do not exist.
    """

    list_model: ListModel
    columns: tuple[str, ...]
    file: Choice
    views: Mapping[str, Any]
    warning: str = ""


def make_model(view: View) -> RegisterModel:
    """Make the register of a selection, by its link."""
    columns, unknown = read_columns(view.parameters.get(COLUMNS))
    return RegisterModel(
        list_table.make_model(view, ACTIONS, ACTIONS.choose(columns)),
        columns,
        Choice(columns=name_in_files(columns)),
        describe_views(view),
        paging.say_unknown(view.t, COLUMNS, ",".join(unknown)) if unknown else "",
    )


def read_columns(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the columns of a link, the title first, and the names in it that are no columns."""
    if text is None:
        return SHOWN, ()
    names = dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip())
    columns = (_TITLE, *(name for name in names if name in NAMES and name != _TITLE))
    return columns, tuple(name for name in names if name not in NAMES)


def write_columns(names: Iterable[str]) -> str | None:
    """Write the link's parameter for the reader's columns beside the title; the usual ones need none."""
    chosen = (_TITLE, *names)
    return None if chosen == SHOWN else ",".join(chosen[1:]) or _TITLE


def offer_columns(view: View) -> dict[str, str]:
    """Return the columns that may stand beside the title: their names, and their headings in the reader's language."""
    return {column.name: view.t(column.label) for column in ACTIONS.columns[1:]}


def name_in_files(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Name a file's columns for those that the reader has chosen; for the usual ones none, which means all."""
    if columns == SHOWN:
        return ()
    return tuple(
        dict.fromkeys(file_name for name in ("action_id", *columns) for file_name in IN_FILES.get(name, (name,)))
    )


def describe_views(view: View) -> dict[str, Any]:
    """Describe the saved views to the browser: the parts of the page in a view, and the words."""
    pairs = [pair for pair in view.page_pairs(action=None, **{PAGE: None}) if pair[0] != "lang"]
    return {
        "query": urlencode(pairs),
        "lang": view.lang,
        "words": {name: view.t(text, name="{name}", action="{action}") for name, text in VIEW_WORDS.items()},
    }


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
    register = make_model(view)
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
    t, labels = view.t, offer_columns(view)
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
            lambda names: link.change_page_parameter(COLUMNS, write_columns(names)),
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
