"""The section Lists: which of the codelists, with how many members, and the members themselves."""

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.ui.frame.page import Frame
from dashboard.ui.settings import basket, list_by_sheet, list_members, list_reading
from dashboard.ui.settings.list_reading import Listed

LISTS = {
    "themes": N_("Themes"),
    "categories": N_("Categories"),
    "stakeholder_groups": N_("Stakeholder groups"),
    "statuses": N_("Statuses"),
    "regions": N_("Regions"),
    "subregions": N_("Subregions"),
    "countries": N_("Countries"),
}
"""The codelists by their names, in the order in which they are offered; groupings have a section of their own."""
_CHOSEN = "settings-chosen-list"


def show(view: Frame) -> None:
    """Draw the choice of a list, its members and the way through a spreadsheet."""
    t = view.t
    st.markdown(
        t(
            "A list defines the values a field can have: their labels, order and the spellings that files use. "
            "Nothing is published before you have seen the preview."
        )
    )
    name = st.session_state.get(_CHOSEN, next(iter(LISTS)))
    listed = list_reading.read_or_say(view, name)
    if listed is None:
        return
    names = {one: _name(view, listed, one) for one in LISTS}
    key = f"settings-choose-list-{basket.stamp(names)}"
    st.selectbox(
        t("List"),
        list(LISTS),
        index=list(LISTS).index(name),
        format_func=names.__getitem__,
        key=key,
        on_change=_choose,
        args=(key,),
    )
    list_members.show(view, listed, t(LISTS[name]))
    list_by_sheet.show(view, listed, t(LISTS[name]))


def _choose(key: str) -> None:
    st.session_state[_CHOSEN] = st.session_state[key]


def _name(view: Frame, listed: Listed, name: str) -> str:
    """A list with how many members it has, and how many of them are used."""
    t, members, used = view.t, len(listed.codelists[name]), listed.count_used(name)
    counts = {"n": formats.format_count(members, view.lang), "used": formats.format_count(used, view.lang)}
    return t("{list}: {used} of {n} used", list=t(LISTS[name]), **counts)
