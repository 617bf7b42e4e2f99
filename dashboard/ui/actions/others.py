"""Others who do this: the actions nearest to one, what they have in common with it, and how to get in touch."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from html import escape

import streamlit as st

from dashboard.formats import format_date
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.measures.register import ActionDetails, join_labels
from dashboard.measures.similar import Neighbour, find_similar
from dashboard.ui.actions import secretariat
from dashboard.ui.actions.secretariat import Named
from dashboard.ui.frame import ways
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import action_list, messages, status_mark

GLOBAL = "global"
SHARED = {
    "theme": ("themes", N_("Same theme: {what}"), N_("Same themes: {what}")),
    "category": ("categories", N_("Same category: {what}"), N_("Same category: {what}")),
    "country": ("countries", N_("Same country: {what}"), N_("Same countries: {what}")),
    "subregion": ("subregions", N_("Same subregion: {what}"), N_("Same subregions: {what}")),
    "region": ("regions", N_("Same region: {what}"), N_("Same regions: {what}")),
}
"""What two actions may have in common: its codelist, and how one and several are said."""


def show(view: View, action: ActionDetails, day: date) -> None:
    """Draw those who do the same as an action, and its stakeholder's own that are near apart."""
    t = view.t
    action_id = action.facts["action_id"]
    found = find_similar(view.snapshot, action_id, day)
    heading = messages.part(t("Others who do this"))
    near = [one for one in found if not one.is_own]
    if near:
        rule = t(
            "The nearest by theme, category, place and words, from all actions whatever the filters. "
            "Completed ones stand first, since they can say what came of it."
        )
        asked = Named(action.facts["title"] or t("Untitled action"), action_id)
        address = secretariat.find_address(view)
        contact = partial(secretariat.link_contact, view, address, asked) if address else _nobody
        st.html(heading + messages.note(rule) + _list(view, near, contact))
    else:
        none = t("No other stakeholder's action shares enough of its themes, category, place and words.")
        st.html(heading + messages.note(none))
    own = [one for one in found if one.is_own]
    if own:
        st.html(messages.part(t("Of the same stakeholder"), 4) + _list(view, own, _nobody))


def _nobody(_other: Named) -> str:
    """No way to get in touch."""
    return ""


def _list(view: View, near: Sequence[Neighbour], contact: Callable[[Named], str]) -> str:
    """Actions that are near, as HTML; `contact` gives the way to get in touch with those of one."""
    return f'<ol class="others">{"".join(_item(view, one, contact) for one in near)}</ol>'


def _item(view: View, one: Neighbour, contact: Callable[[Named], str]) -> str:
    t = view.t
    title = one.title or t("Untitled action")
    spoken = f'lang="{escape(one.language)}"' if one.title and one.language else ""
    pairs = [*action_list.kept_pairs(view), ("action", one.action_id)]
    way = ways.render(title, ways.address(view.page_id, "actions", pairs), spoken)
    name = register.name_stakeholder(one.stakeholder, view.snapshot.person_names, view.lang)
    maker = action_list.link_stakeholder(view, one.stakeholder_id, name) if not one.is_own else ""
    status = status_mark.render(view, one.status, one.status_code)
    if one.completed_on is not None:
        status += f" {escape(t('on {day}', day=format_date(one.completed_on, view.lang)))}"
    about = " · ".join(part for part in (maker, status) if part)
    shared = escape(" · ".join(_say_shared(view, one)))
    lines = (("what", way), ("about", about), ("when", shared), ("when", contact(Named(title, one.action_id))))
    return f"<li>{''.join(f'<p class={kind}>{words}</p>' for kind, words in lines if words)}</li>"


def _say_shared(view: View, one: Neighbour) -> Iterator[str]:
    """What both have, in words."""
    t = view.t
    for kind, (codelist, single, several) in SHARED.items():
        codes = one.shared.get(kind, ())
        if codes == (GLOBAL,):
            yield t("Both global")
        elif codes:
            labels = join_labels(codes, view.snapshot.codes.get(codelist, {}), view.lang)
            yield t(single if len(codes) == 1 else several, what=labels)
    if "word" in one.shared:
        yield t("Words in common: {words}", words=", ".join(one.shared["word"]))
