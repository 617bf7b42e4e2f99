"""The page People and roles: to whom the campaign is open, who has which role, who is signed in."""

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.passwords import Gate, gate, has_password
from dashboard.access.providers import find_providers
from dashboard.access.roles_file import find_roles
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing, new_entry, openness, role_entries, signed_in_now


def show(view: Frame) -> None:
    """Draw the page."""
    settings = Settings.from_environment()
    state = find_roles(settings.campaign)
    _say_ways(view, settings)
    for problem in (state.problem, find_providers(settings.campaign).problem):
        if problem is not None:
            messages.show_error(view, problem)
    _show_outcome(view, settings)
    openness.show(view, settings, state.roles)
    role_entries.show(view, settings, state.roles)
    new_entry.show(view, settings, state.roles)
    signed_in_now.show(view, settings)


def _say_ways(view: Frame, settings: Settings) -> None:
    """By which ways people come in, as far as roles do not say it."""
    t, is_open = view.t, gate(settings) is Gate.OPEN
    if is_open:
        said = t(
            "On this computer everybody is an administrator. Roles apply as soon as a way to sign in is set up "
            "(docs/access.md)."
        )
        st.info(said, icon=":material/info:")
    elif not find_providers(settings.campaign).usable:
        st.info(
            t("No sign-in provider is set up yet for the people below (docs/access.md)."),
            icon=":material/info:",
        )
    if has_password(settings):
        messages.show_note(t("Whoever knows the staff password is staff, whatever this list says."))


def _show_outcome(view: Frame, settings: Settings) -> None:
    """What the last change did, and the way back; or why it was refused."""
    t = view.t
    outcome = changing.take_outcome()
    if outcome is None:
        return
    if outcome.refusal is not None:
        messages.show_error(view, outcome.refusal)
        return
    st.success(messages.plain(t(outcome.said, **outcome.words)), icon=":material/check:")
    if outcome.can_undo and roles_edit.take_back(settings.campaign) is not None:
        st.button(t("Undo"), key="roles-undo", icon=":material/undo:", on_click=changing.undo)
