"""What staff do on a page without a command: recorded before it is done, and not done where it cannot be."""

from typing import Any

import streamlit as st

from dashboard.audit.events import Event
from dashboard.audit.log import AuditError, record
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages

_REFUSED = "staff-not-recorded"


def may(event: Event, about: str = "", **details: Any) -> bool:
    """Record what is about to be done; False where it cannot be recorded, which `tell` says at the next run."""
    try:
        record(Settings.from_environment().campaign, staff.person(), event, about, **details)
    except AuditError as error:
        st.session_state[_REFUSED] = error
        return False
    return True


def tell(view: Frame) -> None:
    """Say once that something was not done, because it could not be recorded."""
    error: AuditError | None = st.session_state.pop(_REFUSED, None)
    if error is not None:
        messages.show_error(view, error)
