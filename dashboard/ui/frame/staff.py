"""The door of the staff pages: signing in, signing out, and what a closed page says."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import passwords
from dashboard.access.passwords import AccessError, Gate
from dashboard.access.rights import COMMON_PASSWORD, LOCAL, STRANGER, Person, Role
from dashboard.i18n import Translator
from dashboard.settings import Settings
from dashboard.ui.frame import reading

_SIGNED_IN = "staff-signed-in"
_REFUSED = "staff-refused"
_PASSWORD = "staff-password"  # noqa: S105  (the field's key)


def person() -> Person:
    """Who reads this session's pages."""
    gate = passwords.gate(Settings.from_environment())
    if gate is Gate.OPEN:
        return LOCAL
    if gate is Gate.PASSWORD and st.session_state.get(_SIGNED_IN):
        return COMMON_PASSWORD
    return STRANGER


def may_open() -> bool:
    """Whether this session may open the staff pages."""
    return person().role >= Role.STAFF


def has_sign_in() -> bool:
    """Whether a password opens the staff pages, so that a way to the sign-in is worth showing."""
    return passwords.gate(Settings.from_environment()) is Gate.PASSWORD


def require(t: Translator, page_id: str, title: str) -> None:
    """Go on where this session may open the staff pages; else draw the sign-in, or why it is closed, and stop."""
    if may_open():
        context = get_script_run_ctx()
        if context is not None:
            passwords.admit(context.session_id)
        return
    st.html(reading.heading(title, page_id))
    if has_sign_in():
        _show_sign_in(t)
    else:
        st.info(
            t(
                "The staff pages are closed: the operator opens them by setting DASHBOARD_STAFF_PASSWORD "
                "and starting the dashboard again, or on their own computer by `make run`."
            ),
            icon=":material/lock:",
        )
    st.stop()


def show_sign_out(t: Translator) -> None:
    """Draw the button that signs out, where somebody has signed in."""
    if st.session_state.get(_SIGNED_IN):
        st.button(t("Sign out"), key="sign-out", icon=":material/logout:", on_click=_sign_out, type="tertiary")


def _show_sign_in(t: Translator) -> None:
    refused: AccessError | None = st.session_state.pop(_REFUSED, None)
    with st.form("sign-in", clear_on_submit=True, width=420):
        st.text_input(t("Password for staff"), type="password", key=_PASSWORD, autocomplete="current-password")
        st.form_submit_button(t("Sign in"), type="primary", on_click=_sign_in)
    if refused is not None:
        st.error(f"{t(refused.what)} {t(refused.remedy)}", icon=":material/lock:")


def _sign_in() -> None:
    password = str(st.session_state.pop(_PASSWORD, ""))
    try:
        passwords.default_door().check(password, Settings.from_environment().staff_password)
    except AccessError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[_SIGNED_IN] = True


def _sign_out() -> None:
    """Forget that this session signed in, and everything that the staff pages keep in it."""
    context = get_script_run_ctx()
    if context is not None:
        passwords.dismiss(context.session_id)
    for name in [name for name in st.session_state if str(name).startswith("staff-")]:
        drop = getattr(st.session_state.pop(name), "drop", None)
        if drop is not None:  # an upload: its draft goes with it
            drop()
