"""Who has which role: the entries, each with a way to change or remove it."""

from collections import Counter
from html import escape

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.rights import ROLE_NAMES, SignInWay
from dashboard.access.roles_edit import Change
from dashboard.access.roles_file import ROLES, Roles, Rule
from dashboard.access.sessions import sessions_of
from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing
from dashboard.ui.roles.changing import Outcome
from dashboard.ui.roles.rule_words import say_rule

ORDER = ("administrator", "staff", "reader")


def show(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw the entries by role, administrators first."""
    t = view.t
    messages.show_heading(t("Who has which role"))
    if not roles.people:
        st.markdown(t("Nobody is listed yet. Start with yourself as administrator."))
        return
    here = _count_here(settings, roles)
    numbered = sorted(enumerate(roles.people), key=lambda pair: ORDER.index(pair[1].role))
    for number, rule in numbered:
        with st.container(border=True, key=f"roles-entry-{number}"):
            _show_entry(view, number, rule, here[number])


def _count_here(settings: Settings, roles: Roles) -> Counter[int]:
    """How many of those who are signed in each entry is about."""
    identities = [one.identity for one in sessions_of(settings).list_all() if one.way is SignInWay.PROVIDER]
    return Counter(number for number, rule in enumerate(roles.people) for who in identities if rule.names(who))


def _show_entry(view: Frame, number: int, rule: Rule, here: int) -> None:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        role = t(ROLE_NAMES[rule.given])
        notes = [rule.note, t("Signed in now: {n}", n=str(here)) if here else ""]
        note = " · ".join(filter(None, notes))
        title = f'<h3 class="card-title" dir="auto">{escape(say_rule(t, rule))}</h3>'
        words = f'{title}<p class="card-note"><b>{escape(role)}</b></p>'
        st.html(words + (messages.note(note) if note else ""), width="stretch")
        with st.popover(t("Change or remove"), key=f"roles-change-{number}-{rule.role}", width="content"):
            _show_change(view, number, rule, here)


def _show_change(view: Frame, number: int, rule: Rule, here: int) -> None:
    t = view.t
    others = [name for name in ORDER if name != rule.role]
    if here:
        messages.show_note(t("Open pages of people signed in reload within seconds with the new role."))
    for name in others:
        st.button(
            t("Make it {role}", role=t(ROLE_NAMES[ROLES[name]])),
            key=f"roles-give-{number}-{name}",
            width="stretch",
            on_click=_give,
            args=(number, rule, name, say_rule(t, rule), t(ROLE_NAMES[ROLES[name]])),
        )
    st.button(
        t("Remove"),
        key=f"roles-remove-{number}",
        icon=":material/delete:",
        width="stretch",
        on_click=_remove,
        args=(number, rule, say_rule(t, rule)),
    )


def _give(number: int, rule: Rule, role: str, who: str, role_name: str) -> None:
    def change(settings: Settings) -> Change:
        return roles_edit.give(settings.campaign, number, rule, role)

    done = Outcome(N_("From now on {who}: {role}."), {"who": who, "role": role_name})
    changing.make(change, Event.ROLES_CHANGED, f"{rule.role} to {role}: {rule.say()}", done)


def _remove(number: int, rule: Rule, who: str) -> None:
    def change(settings: Settings) -> Change:
        return roles_edit.remove(settings.campaign, number, rule)

    done = Outcome(N_("Removed: {who}."), {"who": who})
    changing.make(change, Event.ROLES_CHANGED, f"{rule.role} removed: {rule.say()}", done)
