"""The members of one codelist, to look through and to search; one of them can be open."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.campaign import code_uses, codelist_edit
from dashboard.campaign.codelists import Code, list_kept
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, paging
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import member_form
from dashboard.ui.settings.list_reading import Listed

PAGE = 25


def show(view: Frame, listed: Listed, title: str) -> None:
    """Draw the way to a new member, the search, and the members of a page."""
    t = view.t
    messages.show_heading(title)
    opened = member_form.find_open(listed)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sought = st.text_input(
            t("Find a member"), key=f"settings-find-{listed.name}", placeholder=t("Label, spelling or code"), width=320
        )
        st.button(
            t("New member"), key=f"settings-new-{listed.name}", icon=":material/add:",
            on_click=member_form.open_new, args=(listed,),
        )  # fmt: skip
    if opened is not None and opened.code == "":
        member_form.show(view, listed, None)
    found = _find(listed, sought or "")
    page = paging.find(f"settings-page-{listed.name}-{sought}", PAGE, len(found) or 1)
    shown = found[page.offset : page.offset + PAGE]
    for place, code in shown:
        if opened is not None and opened.code == code.code:
            member_form.show(view, listed, code)
        else:
            _show_row(view, listed, place, code)
    if not found:
        st.info(t("No member of this list matches."), icon=":material/search:")
        return
    paging.show_others(page, len(found))
    if len(found) > PAGE:
        st.caption(t("{first} to {last} of {total}.", **paging.name_range(view.t, page, len(shown), len(found))))


def _find(listed: Listed, sought: str) -> list[tuple[int, Code]]:
    """The members that have a text in one of their spellings, each with its place in the order, from 1."""
    words = codelist_edit.sort_key(sought.strip())
    numbered = enumerate(listed.codes, start=1)
    return [
        (place, code)
        for place, code in numbered
        if any(words in codelist_edit.sort_key(text) for text in code.spellings)
    ]


def _show_row(view: Frame, listed: Listed, place: int, code: Code) -> None:
    t, label = view.t, code.labels[view.lang]
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"settings-member-{listed.name}-{code.code}", border=True
    ):
        title = f"{formats.format_count(place, view.lang)}. {label}"
        note = " · ".join(_say(view, listed, code))
        st.html(f'<p class="card-title">{escape(title)}</p>{messages.note(note)}', width="stretch")
        st.button(
            t("Edit"),
            key=f"settings-open-{listed.name}-{code.code}",
            icon=":material/edit:",
            help=plain(t("Edit {member}", member=label)),
            on_click=member_form.open_member,
            args=(listed, code.code),
        )


def _say(view: Frame, listed: Listed, code: Code) -> list[str]:
    """What a row says of a member: its code, what it counts as or lies in, its spellings, what uses it."""
    t, said, spellings = view.t, [code.code], len(code.aliases)
    if code.base_status is not None:
        base = next(one for one in listed.codelists["statuses"] if one.code == code.base_status)
        said.append(t("counts as: {status}", status=base.labels[view.lang]))
    if code.parent:
        said += [one.labels[view.lang] for name in ("subregions", "regions") for one in _parents(listed, name, code)]
    if code.members:
        count = formats.format_count(len(code.members), view.lang)
        said.append(t.plural("{n} country", "{n} countries", len(code.members), n=count))
    if spellings:
        count = formats.format_count(spellings, view.lang)
        said.append(t.plural("{n} more spelling", "{n} more spellings", spellings, n=count))
    uses = listed.uses_of(code.code)
    if any(uses.values()):
        said.append(t("used by {uses}", uses=t(code_uses.say(uses))))
    else:
        said.append(t("set by the program") if code.code in list_kept(listed.name) else t("not used"))
    return said


def _parents(listed: Listed, name: str, code: Code) -> list[Code]:
    return [one for one in listed.codelists[name] if one.code == code.parent and name != listed.name]
