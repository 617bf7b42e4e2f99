"""Who is signed in now, and the click that ends a session."""

import time

import streamlit as st

from dashboard import formats
from dashboard.access.rights import ROLE_NAMES, Role, SignInWay
from dashboard.access.sessions import Session, sessions_of
from dashboard.access.who import person_of, sign_out
from dashboard.audit.events import Event
from dashboard.errors import sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, paging
from dashboard.ui.roles import changing

WAYS = {
    SignInWay.PASSWORD: N_("with the staff password"),
    SignInWay.PROVIDER: N_("with a provider"),
    SignInWay.COMMAND: N_("with a link from the server's command line"),
}
PAGE_SESSIONS = 20
_PAGE = "roles-sessions-page"


def show(view: Frame, settings: Settings) -> None:
    """Draw the sessions, the one used last first."""
    t, visit = view.t, staff.find_visit()
    messages.show_heading(t("Who is signed in now"))
    sessions = sessions_of(settings).list_all()
    if not sessions:
        st.markdown(t("Nobody is signed in."))
        return
    page = paging.find(_PAGE, PAGE_SESSIONS, len(sessions))
    for one in sessions[page.offset : page.offset + PAGE_SESSIONS]:
        _show_session(view, settings, one, is_own=visit is not None and one.session_hash == visit.session_hash)
    paging.show_others(page, len(sessions))


def _show_session(view: Frame, settings: Settings, one: Session, *, is_own: bool) -> None:
    t, now, key = view.t, time.time(), one.session_hash[:12]
    name = one.identity.name or one.identity.address or t("Somebody")
    current_role = person_of(one, settings).role
    role = t(ROLE_NAMES[current_role]) if current_role is not Role.STRANGER else t("no longer has a role")
    notes = (
        " · ".join(filter(None, (t(WAYS[one.way]), one.identity.own_address))),
        t(
            "Used {when}; ends {end}",
            when=formats.format_since(max(0.0, now - one.seen_at), view.lang),
            end=formats.format_since(now - one.ends_at, view.lang),
        ),
    )
    own_mark = f" · {t('this is you')}" if is_own else ""
    with messages.show_entry(f"session-{key}", name, *notes, role=f"{role}{own_mark}"):
        st.button(
            t("End the session"),
            key=f"roles-end-{key}",
            icon=":material/logout:",
            on_click=changing.act,
            args=(
                lambda _campaign: sign_out(one.session_hash, settings),
                Event.SIGNED_OUT,
                f"ended for {one.identity.key or one.way.value}",
                sentence(N_("Signed out in every tab: {name}."), name=name),
            ),
        )
