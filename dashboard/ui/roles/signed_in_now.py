"""Who is signed in now, and the click that ends a session."""

import time
from html import escape

import streamlit as st

from dashboard.access.rights import ROLE_NAMES, Person, Role, SignInWay
from dashboard.access.sessions import Session, sessions_of
from dashboard.access.who import person_of, sign_out
from dashboard.audit.events import Event
from dashboard.audit.log import acting
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, paging
from dashboard.ui.roles import changing
from dashboard.ui.roles.changing import Outcome

WAYS = {
    SignInWay.PASSWORD: N_("with the staff password"),
    SignInWay.PROVIDER: N_("with a provider"),
    SignInWay.COMMAND: N_("with a link from the server's command line"),
}
PAGE_SESSIONS = 20
_PAGE = "roles-sessions-page"
HOUR = 3600.0


def show(view: Frame, settings: Settings) -> None:
    """Draw the sessions, the one used last first."""
    t = view.t
    messages.show_heading(t("Who is signed in now"))
    sessions = sessions_of(settings).list_all()
    if not sessions:
        st.markdown(t("Nobody is signed in."))
        return
    visit = staff.find_visit()
    own = "" if visit is None else visit.session_hash
    page = paging.find(_PAGE, PAGE_SESSIONS, len(sessions))
    for one in sessions[page.offset : page.offset + PAGE_SESSIONS]:
        with st.container(border=True, key=f"roles-session-{one.session_hash[:12]}"):
            _show_session(view, one, person_of(one, settings), is_own=one.session_hash == own)
    paging.show_others(page, len(sessions))


def _show_session(view: Frame, one: Session, person: Person, *, is_own: bool) -> None:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        name = one.identity.name or one.identity.address or t("Somebody")
        role = t(ROLE_NAMES[person.role]) if person.role is not Role.STRANGER else t("no longer has a role")
        here = f" · {t('this is you')}" if is_own else ""
        lines = [
            " · ".join(filter(None, (t(WAYS[one.way]), one.identity.own_address))),
            t("Used {when}; ends {end}", when=_say_ago(t, one.seen_at), end=_say_in(t, one.ends_at)),
        ]
        title = f'<h3 class="card-title" dir="auto">{escape(name)}</h3>'
        words = f'{title}<p class="card-note"><b>{escape(role + here)}</b></p>'
        st.html(words + "".join(messages.note(line) for line in lines), width="stretch")
        st.button(
            t("End the session"), key=f"roles-end-{one.session_hash[:12]}", icon=":material/logout:",
            on_click=_end, args=(one, name),
        )  # fmt: skip


def _end(one: Session, name: str) -> None:
    settings = Settings.from_environment()
    try:
        changing.check()
        about = f"ended for {one.identity.key or one.way.value}"
        with acting(settings.campaign, staff.person(), Event.SIGNED_OUT, about):
            sign_out(one.session_hash, settings)
    except UserError as error:
        changing.put_outcome(Outcome(refusal=error))
        return
    changing.put_outcome(Outcome(N_("Signed out in every tab: {name}."), {"name": name}, can_undo=False))


def _say_ago(t: Translator, moment: float) -> str:
    minutes = max(0, round((time.time() - moment) / 60))
    if minutes < 1:
        return t("just now")
    if minutes < 60:
        return t.plural("{n} minute ago", "{n} minutes ago", minutes, n=str(minutes))
    hours = round(minutes / 60)
    return t.plural("{n} hour ago", "{n} hours ago", hours, n=str(hours))


def _say_in(t: Translator, moment: float) -> str:
    hours = max(1, round((moment - time.time()) / HOUR))
    return t.plural("in {n} hour", "in {n} hours", hours, n=str(hours))
