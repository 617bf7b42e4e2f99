"""One action: what was promised, by whom, where and on what, what came of it, and who else does the same."""

from html import escape

import streamlit as st

from dashboard.measures import register
from dashboard.measures.register import ActionDetails, Titled
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import evidence, facts, on_the_way, origin, others, reports, secretariat, timeline
from dashboard.ui.frame import link, page, reading, ways
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import action_list, status_mark
from dashboard.ui.pieces.list_order import DESCENDING, ORDER, SORT


def show(view: View, selection: Selection, action_id: str) -> None:
    """Draw the action, or say that there is none of this id."""
    t = view.t
    day = selection.day(view.snapshot)
    _show_ways(view, selection, action_id)
    action = register.details(view.snapshot, action_id, day)
    if action is None:
        st.error(t("There is no action with the ID {id} in this data.", id=f"`{action_id.replace('`', '')[:80]}`"))
        return
    _show_head(view, action)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        facts.show_texts(view, action.facts)
    with right:
        facts.show_facts(view, action.facts)
    timeline.show(view, action.milestones, day, action.facts["language"] or "")
    reports.show(view, action, day)
    evidence.show(view, action_id, day)
    on_the_way.show(view, register.posts(view.snapshot, action_id, view.lang, selection.as_of))
    others.show(view, action, day)
    origin.show(view, action)
    secretariat.show_report(view, _title(view, action), action_id)


def _show_ways(view: View, selection: Selection, action_id: str) -> None:
    """Back to the register, and to the actions before and after this one in it."""
    t = view.t
    back = ways.render(t("Back to the register"), _address(view, None), 'class="back"')
    sort = link.page_parameter(SORT)
    place = register.find_place(
        view.snapshot,
        selection,
        action_id,
        sort=sort if sort in register.SORTS else "submitted_on",
        descending=link.page_parameter(ORDER) == DESCENDING,
    )
    steps = ""
    if place is not None and place.actions > 1:
        words = t("Action {n} of {total}", n=place.number, total=place.actions)
        before = _step(view, place.before, t("Previous"), "prev")
        after = _step(view, place.after, t("Next"), "next")
        steps = f"{before}<span>{escape(words)}</span>{after}"
    st.html(f'<nav class="action-ways" aria-label="{escape(t("Ways through the register"))}">{back}{steps}</nav>')


def _step(view: View, action: Titled | None, label: str, side: str) -> str:
    """The way to the action before or after, with its title for those who cannot see where it leads."""
    if action is None:
        return f'<span class="{side} none">{escape(label)}</span>'
    title = action.title or view.t("Untitled action")
    attributes = f'class="{side}" rel="{side}" title="{escape(title)}" aria-label="{escape(f"{label}, {title}")}"'
    return ways.render(label, _address(view, action.action_id), attributes)


def _address(view: View, action_id: str | None) -> str:
    return ways.address(view.page_id, view.page_id, link.own_pairs(action=action_id))


def _show_head(view: View, action: ActionDetails) -> None:
    """Its title, also in the browser's tab, who promised it, and how far it is."""
    t, said = view.t, action.facts
    title = _title(view, action)
    st.set_page_config(page_title=f"{title} · {t('Actions')}")
    language = said["language"] if said["title"] and said["language"] else ""
    maker = register.name_stakeholder(said["stakeholder"], view.snapshot.person_names, view.lang)
    by = action_list.link_stakeholder(view, said["stakeholder_id"], maker) or escape(t("Stakeholder not stated"))
    status = status_mark.render(view, said["status"], said["status_code"], is_overdue=bool(said["is_overdue"]))
    st.html(
        f"{reading.heading(title, page.find_place(view.page_id), 2, language)}"
        f'<p class="about">{by} · {escape(said["action_id"])}</p><p class="about">{status}</p>'
    )


def _title(view: View, action: ActionDetails) -> str:
    return action.facts["title"] or view.t("Untitled action")
