"""The page People and roles: to whom the campaign is open, who has which role, who is signed in."""

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.passwords import Gate, gate, has_password
from dashboard.access.providers import find_providers
from dashboard.access.roles_file import Roles, find_roles
from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing, new_entry, role_entries, signed_in_now

_CLOSING = N_(
    "Pages, charts, embeds, feeds and extracts will then open only for the people below and for signed links. Other "
    "connections end within seconds."
)
_OPENING = N_("Pages, charts, embeds, feeds and extracts will then open for everybody again.")


def show(view: Frame) -> None:
    """Draw the page."""
    settings = Settings.from_environment()
    state = find_roles(settings.campaign)
    _say_ways(view, settings)
    for problem in (state.problem, find_providers(settings.campaign).problem):
        if problem is not None:
            messages.show_error(view, problem)
    changing.show_outcome(view, settings.campaign)
    _show_openness(view, state.roles)
    role_entries.show(view, settings, state.roles)
    new_entry.show(view, settings, state.roles)
    signed_in_now.show(view, settings)


def _say_ways(view: Frame, settings: Settings) -> None:
    """By which ways people come in, as far as roles do not say it."""
    t = view.t
    if gate(settings) is Gate.OPEN:
        text = t(
            "On this computer everybody is an administrator. Roles apply as soon as a way to sign in is set up "
            "(docs/security.md)."
        )
        st.info(text, icon=":material/info:")
    elif not find_providers(settings.campaign).usable:
        st.info(
            t("No sign-in provider is set up yet for the people below (docs/security.md)."),
            icon=":material/info:",
        )
    if has_password(settings):
        messages.show_note(t("Whoever knows the staff password is staff, whatever this list says."))


def _show_openness(view: Frame, roles: Roles) -> None:
    """Draw whether the campaign is closed, and the switch, with what it does before it is done."""
    t, number = view.t, len(roles.people)
    messages.show_heading(t("Who sees this campaign"))
    if roles.closed:
        title = t("The campaign is closed to everybody who has not signed in.")
        note = t.plural("{n} entry gives a role.", "{n} entries give a role.", number, n=str(number))
        label, effect = t("Open it to everybody"), t(_OPENING)
    else:
        title, note = t("The campaign is open: everybody sees what is public. The staff pages are for staff."), ""
        label, effect = t("Close the campaign"), t(_CLOSING)
    with (
        messages.show_entry("roles-openness", title, note),
        st.popover(label, key=f"roles-switch-{roles.closed}", width="content"),
    ):
        st.markdown(effect)
        st.button(label, key="roles-switch-do", type="primary", on_click=_switch, kwargs={"closed": not roles.closed})


def _switch(*, closed: bool) -> None:
    event = Event.CAMPAIGN_CLOSED if closed else Event.CAMPAIGN_OPENED
    done = N_("The campaign is closed to the public.") if closed else N_("The campaign is open to everybody.")
    changing.change(lambda campaign: roles_edit.close(campaign, closed=closed), event, "", done)
