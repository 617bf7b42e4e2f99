"""The sections Lists and Groupings: a codelist's members, to look through and to search; one of them can be open."""

import streamlit as st

from dashboard import formats
from dashboard.campaign import code_uses, codelist_edit
from dashboard.campaign.codelists import Code, list_kept
from dashboard.i18n import N_
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import forms, messages, paging
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import list_by_sheet, list_reading, member_form
from dashboard.ui.settings.list_reading import Codelist

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
PAGE = 25
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
    codelist = list_reading.read(view, name)
    names = {one: _name(view, codelist, one) for one in LISTS}
    key = f"settings-choose-list-{forms.stamp(names)}"
    st.selectbox(
        t("List"),
        list(LISTS),
        index=list(LISTS).index(name),
        format_func=names.__getitem__,
        key=key,
        width=420,
        on_change=lambda: st.session_state.update({_CHOSEN: st.session_state[key]}),
    )
    _show_list(view, codelist, t(LISTS[name]))


def show_groupings(view: Frame) -> None:
    """Draw the groupings: named sets of countries, each with its source."""
    t = view.t
    st.markdown(
        t(
            "A grouping is a named set of countries across regions. An action belongs to it when one of its "
            "countries does. A source is required: who lists these countries, and as of when."
        )
    )
    _show_list(view, list_reading.read(view, "groupings"), t("Groupings of countries"))


def _name(view: Frame, codelist: Codelist, name: str) -> str:
    """A list with how many members it has, and how many of them are used."""
    t, members, used_count = view.t, len(codelist.codelists[name]), codelist.count_used(name)
    return t("{list}: {used} of {n} used", list=t(LISTS[name]), n=members, used=used_count)


def _show_list(view: Frame, codelist: Codelist, title: str) -> None:
    """Draw the way to a new member, the search, the members of a page, and the way through a spreadsheet."""
    t, open_code = view.t, member_form.find_open(codelist)
    messages.show_heading(title)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sought = st.text_input(
            t("Find a member"),
            key=f"settings-find-{codelist.name}",
            placeholder=t("Label, spelling or code"),
            width=320,
        )
        st.button(
            t("New member"), key=f"settings-new-{codelist.name}", icon=":material/add:",
            on_click=member_form.open_member, args=(codelist,),
        )  # fmt: skip
    if open_code == "":
        member_form.show(view, codelist, None)
    matching = _match(codelist, sought or "")
    page = paging.find(f"settings-page-{codelist.name}-{sought}", PAGE, len(matching) or 1)
    page_members = matching[page.offset : page.offset + PAGE]
    for place, code in page_members:
        if open_code == code.code:
            member_form.show(view, codelist, code)
        else:
            _show_member(view, codelist, place, code)
    if not matching:
        st.info(t("No member of this list matches."), icon=":material/search:")
    paging.show_others(page, len(matching))
    if len(matching) > PAGE:
        st.caption(t("{first} to {last} of {total}.", **paging.name_range(page, len(page_members), len(matching))))
    list_by_sheet.show(view, codelist, title)


def _match(codelist: Codelist, sought: str) -> list[tuple[int, Code]]:
    """The members that have a text in one of their spellings, each with its place in the order, from 1."""
    words = codelist_edit.sort_key(sought.strip())
    return [
        (place, code)
        for place, code in enumerate(codelist.codes, start=1)
        if any(words in codelist_edit.sort_key(text) for text in code.spellings)
    ]


def _show_member(view: Frame, codelist: Codelist, place: int, code: Code) -> None:
    t, label = view.t, code.labels[view.lang]
    title = f"{formats.format_count(place, view.lang)}. {label}"
    with messages.show_entry(f"{codelist.name}-{code.code}", title, " · ".join(describe(view, codelist, code))):
        st.button(
            t("Edit"),
            key=f"settings-open-{codelist.name}-{code.code}",
            icon=":material/edit:",
            help=plain(t("Edit {member}", member=label)),
            on_click=member_form.open_member,
            args=(codelist, code.code),
        )


def describe(view: Frame, codelist: Codelist, code: Code) -> list[str]:
    """What a line says of a member: its code, what it counts as or lies in, its spellings, what uses it."""
    t, facts = view.t, [code.code]
    labels = {one.code: one.labels[view.lang] for name in ("statuses", "subregions", "regions")
              for one in codelist.codelists[name] if name != codelist.name or name == "statuses"}  # fmt: skip
    if code.base_status is not None:
        facts.append(t("counts as: {status}", status=labels[code.base_status]))
    if code.parent in labels:
        facts.append(labels[code.parent])
    if code.members:
        facts.append(t.plural("{n} country", "{n} countries", len(code.members)))
    if code.aliases:
        facts.append(t.plural("{n} more spelling", "{n} more spellings", len(code.aliases)))
    uses = codelist.uses_of(code.code)
    if any(uses.values()):
        facts.append(t("used by {uses}", uses=t(code_uses.say(uses))))
    else:
        facts.append(t("set by the program") if code.code in list_kept(codelist.name) else t("not used"))
    return facts
