"""A change of the roles made by a click: who may, what it did or why not, and the way back."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.rights import Role
from dashboard.access.roles_edit import Change
from dashboard.audit.events import Event
from dashboard.audit.log import acting
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages

_OUTCOME = "roles-outcome"


def act(do: Callable[[Path], object], event: Event, about: str, done: str, *, can_undo: bool = False) -> None:
    """Do what an administrator has clicked, recorded, and keep what came of it.

    Args:
        do: Takes the campaign's folder; a `UserError` says why it is not done.
        event: What it is in the audit log.
        about: What it is about there.
        done: What to say where it was done.
        can_undo: Whether there is a way back.
    """
    campaign = Settings.from_environment().campaign
    try:
        # A click is carried out before the page is drawn again.
        if staff.person().role < Role.ADMINISTRATOR:
            raise UserError(N_("Only an administrator changes roles."), N_("Sign in again."))
        with acting(campaign, staff.person(), event, about):
            do(campaign)
    except UserError as error:
        st.session_state[_OUTCOME] = error
    else:
        st.session_state[_OUTCOME] = (done, can_undo)


def change(make: Callable[[Path], Change], event: Event, about: str, done: str, *, can_undo: bool = True) -> None:
    """As `act`, of a change of the roles' file."""
    act(lambda campaign: roles_edit.carry_out(campaign, make(campaign)), event, about, done, can_undo=can_undo)


def show_outcome(view: Frame, campaign: Path) -> None:
    """Draw what the last change did, and the way back; or why it was refused."""
    outcome: UserError | tuple[str, bool] | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome is not None:
        done, can_undo = outcome
        st.success(messages.plain(view.t(done)), icon=":material/check:")
        if can_undo and roles_edit.take_back(campaign) is not None:
            st.button(view.t("Undo"), key="roles-undo", icon=":material/undo:", on_click=_undo)


def _undo() -> None:
    """Take the last change back."""

    def take_back(campaign: Path) -> Change:
        change = roles_edit.take_back(campaign)
        if change is None:
            raise UserError(N_("The roles were changed meanwhile."), N_("Check them again."))
        return change

    change(take_back, Event.ROLES_CHANGED, "undone", N_("The change was undone."), can_undo=False)
