"""Who has which role: the entries in words, each with a way to change or remove it."""

from collections import Counter

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.rights import ROLE_NAMES, SignInWay
from dashboard.access.roles_file import ROLES, Roles, Rule
from dashboard.access.sessions import sessions_of
from dashboard.audit.events import Event
from dashboard.errors import sentence
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing

ORDER = ("administrator", "staff", "reader")
FIELDS = {
    "address": N_("Mail address"),
    "domain": N_("Mail domain"),
    "tenant": N_("Directory (tenant)"),
    "object": N_("Person (object id)"),
    "group": N_("Group (object id)"),
    "provider": N_("Provider"),
    "subject": N_("Subject (sub)"),
    "claim": N_("Claim"),
    "value": N_("Value", "what a sign-in token says"),
}
"""What an entry may name somebody by, as its file has it, for people."""


def say_rule(t: Translator, rule: Rule) -> str:
    """For whom an entry is, in the reader's language."""
    if rule.address:
        return rule.address
    if rule.domain:
        return t("everybody at {domain}", domain=rule.domain)
    values = rule.model_dump(by_alias=True)
    return " · ".join(f"{t(words)}{t(': ')}{values[name]}" for name, words in FIELDS.items() if values[name])


def count_signed_in(settings: Settings, roles: Roles) -> Counter[int]:
    """How many of those who are signed in each entry is about, by its place."""
    identities = [one.identity for one in sessions_of(settings).list_all() if one.way is SignInWay.PROVIDER]
    return Counter(number for number, rule in enumerate(roles.people) for who in identities if rule.names(who))


def show(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw the entries by role, administrators first."""
    t, sessions = view.t, count_signed_in(settings, roles)
    messages.show_heading(t("Who has which role"))
    if not roles.people:
        st.markdown(t("Nobody is listed yet. Start with yourself as administrator."))
    for number, rule in sorted(enumerate(roles.people), key=lambda pair: ORDER.index(pair[1].role)):
        signed_in = t("Signed in now: {n}", n=str(sessions[number])) if sessions[number] else ""
        note = " · ".join(filter(None, (rule.note, signed_in)))
        with (
            messages.show_entry(f"roles-{number}", say_rule(t, rule), note, role=t(ROLE_NAMES[rule.given])),
            st.popover(t("Change or remove"), key=f"roles-change-{number}-{rule.role}", width="content"),
        ):
            if sessions[number]:
                messages.show_note(t("Open pages of people signed in reload within seconds with the new role."))
            _show_changes(t, number, rule)


def _show_changes(t: Translator, number: int, rule: Rule) -> None:
    for role in (name for name in ORDER if name != rule.role):
        name = t(ROLE_NAMES[ROLES[role]])
        st.button(
            t("Make it {role}", role=name),
            key=f"roles-give-{number}-{role}",
            width="stretch",
            on_click=changing.change,
            args=(
                lambda campaign, role=role: roles_edit.give(campaign, number, rule, role),
                Event.ROLES_CHANGED,
                f"{rule.role} to {role}: {rule.say()}",
                sentence(N_("From now on {who}: {role}."), who=say_rule(t, rule), role=name),
            ),
        )
    st.button(
        t("Remove"),
        key=f"roles-remove-{number}",
        icon=":material/delete:",
        width="stretch",
        on_click=changing.change,
        args=(
            lambda campaign: roles_edit.remove(campaign, number, rule),
            Event.ROLES_CHANGED,
            f"{rule.role} removed: {rule.say()}",
            sentence(N_("Removed: {who}."), who=say_rule(t, rule)),
        ),
    )
