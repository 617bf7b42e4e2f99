"""A change of the roles made by a click: who may, what it did or why not, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass, field

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

_OUTCOME = "roles-outcome"


@dataclass(frozen=True)
class Outcome:
    """What became of a click.

    Attributes:
        said: What it did, in English.
        words: What is put into that.
        refusal: Why nothing was done; None where something was.
        can_undo: Whether there is a way back.
    """

    said: str = ""
    words: dict[str, str] = field(default_factory=dict)
    refusal: UserError | None = None
    can_undo: bool = True


def put_outcome(outcome: Outcome) -> None:
    """Keep what became of a click for the page's next run."""
    st.session_state[_OUTCOME] = outcome


def take_outcome() -> Outcome | None:
    """What became of the last click, once."""
    outcome: Outcome | None = st.session_state.pop(_OUTCOME, None)
    return outcome


def check() -> None:
    """Look at who clicks: a click is carried out before the page is drawn again.

    Raises:
        UserError: it is no administrator.
    """
    if staff.person().role < Role.ADMINISTRATOR:
        raise UserError(N_("Only an administrator changes roles."), N_("Sign in again."))


def make(make_change: Callable[[Settings], Change], event: Event, about: str, outcome: Outcome) -> bool:
    """Make a change, recorded; gives whether it was made.

    Args:
        make_change: What is to be changed.
        event: What it is in the audit log.
        about: What it is about there.
        outcome: What to say where it was made.
    """
    settings = Settings.from_environment()
    try:
        check()
        change = make_change(settings)
        with acting(settings.campaign, staff.person(), event, about):
            roles_edit.carry_out(settings.campaign, change)
    except UserError as error:
        put_outcome(Outcome(refusal=error))
        return False
    put_outcome(outcome)
    return True


def undo() -> None:
    """Take the last change back."""

    def take_back(settings: Settings) -> Change:
        change = roles_edit.take_back(settings.campaign)
        if change is None:
            raise UserError(N_("The roles were changed meanwhile."), N_("Check them again."))
        return change

    done = Outcome(N_("The change was undone."), can_undo=False)
    make(take_back, Event.ROLES_CHANGED, "undone", done)
