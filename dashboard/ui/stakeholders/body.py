"""The page Stakeholders: those of the selection as a list, or the only one that the link names."""

import streamlit as st

from dashboard.lists.for_readers import NAME, STAKEHOLDERS
from dashboard.measures import stakeholders
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_options, empty_selection, list_table, messages
from dashboard.ui.stakeholders import profile

PARAMETERS = (*chart_options.PARAMETERS, *(name for name in list_table.PARAMETERS if name != list_table.SORT), NAME)


def name_one(view: View) -> str:
    """The name of the only stakeholder that the selection names; empty where it names none, or several."""
    one = profile.find(view, view.selection)
    return one.names[view.lang] if one else ""


def show(view: View, selection: Selection) -> None:
    """Draw the page of the only stakeholder that is chosen, else the list."""
    one = profile.find(view, selection)
    if one is not None:
        profile.show(view, selection, one)
    else:
        _show_list(view, selection)


def _show_list(view: View, selection: Selection) -> None:
    words = view.parameters.get(NAME, "").strip()
    model = list_table.make_model(view, STAKEHOLDERS)
    unnamed = 0 if words else stakeholders.count(view.snapshot, selection).actions_of_none
    if not (model.total or unnamed or words):
        empty_selection.show(view, selection)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="stakeholders-top"):
        list_table.show_top(view, model)
        _show_search(view, words)
    list_table.show_lines(view, model)
    if unnamed:
        _say_unnamed(view, unnamed)


def _show_search(view: View, words: str) -> None:
    link.keep("stakeholders-name", words)
    st.text_input(
        view.t("Find by name"),
        key="stakeholders-name",
        type="search",
        max_chars=200,
        placeholder=view.t("Find by name"),
        label_visibility="collapsed",
        on_change=_take_name,
        width=260,
    )


def _take_name() -> None:
    words = (st.session_state["stakeholders-name"] or "").strip()
    link.change_page_parameters(**{NAME: words or None, link.PAGE: None})


def _say_unnamed(view: View, actions: int) -> None:
    messages.show_note(
        view.t.plural(
            "{n} action in this selection has no stakeholder.",
            "{n} actions in this selection have no stakeholder.",
            actions,
        )
    )
