"""Who reads a page: what they may open, how they sign in and out, and the words of a closed page."""

from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from dashboard.access.passwords import Gate, gate
from dashboard.access.presence import HEADER, Visit, presence
from dashboard.access.rights import LOCAL, ROLE_NAMES, STRANGER, AccessClass, Person, Role, SignInWay
from dashboard.access.sessions import Session, is_closed, sessions_of, sign_out
from dashboard.campaign.copies.reading_copy import is_copy, read_note
from dashboard.ground import page_addresses
from dashboard.i18n import Translator
from dashboard.settings import Settings
from dashboard.ui.frame import link, reading
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.streamlit_grips import find_session_id
from dashboard.web.sign_in.noting import note_sign_out
from dashboard.web.site import write_way

CHANGING = (AccessClass.STAFF, AccessClass.ADMINISTRATOR)
"""The classes of pages that change something, or show what only the builder's computer has."""


def person() -> Person:
    """Return this session's reader, with their role when the page connected; the page ends with that role."""
    visit = find_visit()
    if visit is not None:
        return visit.person
    return LOCAL if gate(Settings.from_environment()) is Gate.OPEN else STRANGER


def find_visit() -> Visit | None:
    """Find the connection of this page; None where there is none, as in a test."""
    tab = find_session_id()
    return presence().find(st.context.headers.get(HEADER, ""), tab) if tab else None


def find_session() -> Session | None:
    """Find the sign-in session of this page; None where there is none, as on one's own computer."""
    visit = find_visit()
    return None if visit is None else sessions_of(Settings.from_environment()).find(visit.session_hash)


def find_tab() -> str:
    """Find the tab that owns a file which this page offers; empty where there is none, as in a test."""
    visit = find_visit()
    return "" if visit is None else visit.tab


def find_former_tab() -> str:
    """Find the tab of another server that this one continues; empty where the page was opened here."""
    visit = find_visit()
    return "" if visit is None else visit.former_tab


def may_open(access: AccessClass = AccessClass.STAFF) -> bool:
    """Whether this session may open pages of a class; on a reading copy nobody may open pages that change data."""
    return access in list_open([access])


def list_open(classes: Iterable[AccessClass] = AccessClass) -> frozenset[AccessClass]:
    """List the classes of pages that this session may open, as `may_open` says, by one look at the files of roles."""
    settings, role = Settings.from_environment(), person().role
    closed, copied = is_closed(settings), is_copy(settings)
    return frozenset(one for one in classes if one.admits(role, is_closed=closed) and not (copied and one in CHANGING))


def has_own() -> bool:
    """Whether the reader has signed in to a closed campaign, and so can give links of their own."""
    return person().role >= Role.READER and is_closed(Settings.from_environment())


def has_sign_in() -> bool:
    """Whether to show a link to sign in; on a reading copy only readers have a reason to."""
    settings = Settings.from_environment()
    return gate(settings) is Gate.SIGN_IN and (is_closed(settings) or not is_copy(settings))


def require(t: Translator, page_id: str, title: str, access: AccessClass) -> None:
    """Continue where this session may open pages of a class; else say why not, with the link to sign in, and stop."""
    if may_open(access):
        presence().let_hand_over(find_tab())
        return
    st.html(reading.heading(title, page_id))
    if access in CHANGING and is_copy(Settings.from_environment()):
        _say_copy(t, page_id)
    elif person().role is not Role.STRANGER:
        role = t(ROLE_NAMES[person().role])
        st.info(t("Your role does not give access to this: {role}.", role=role), icon=":material/lock:")
    elif has_sign_in():
        _, pairs = page_addresses.read(page_addresses.find_page(page_id), link.list_pairs())
        st.html(_draw_way(t, _address(page_id, pairs)))
    else:
        st.info(
            t(
                "The staff pages are closed. The operator opens them by setting DASHBOARD_STAFF_PASSWORD and "
                "restarting the dashboard, or on their own computer with `make run`."
            ),
            icon=":material/lock:",
        )
    st.stop()


def _say_copy(t: Translator, page_id: str) -> None:
    """Say on a page that changes something that this server shows copies, and where they are made."""
    sentence = t("This server shows a copy of the figures. Changes are made where the exports are kept.")
    made_at = read_note(Settings.from_environment().campaign).made_at
    if made_at:
        sentence += f" [{t('Open this page there')}]({page_addresses.write(made_at, page_id)})"
    st.info(sentence, icon=":material/lock:")


def write_sign_in(t: Translator, page_id: str) -> str:
    """Write the link to sign in, which goes on to a page, as HTML."""
    return _draw_way(t, _address(page_id, [("lang", t.language)]))


def show_who(t: Translator) -> None:
    """Draw the menu with the person's name, role and the button to sign out; nothing for people without a sign-in."""
    reader = person()
    if reader.way in (SignInWay.NONE, SignInWay.LOCAL):
        return
    words = plain(" · ".join(filter(None, (reader.name, t(ROLE_NAMES[reader.role])))))
    st.menu_button(
        words,
        [t("Sign out")],
        key="who",
        help=words,
        on_click=_sign_out,
        icon=":material/account_circle:",
        type="tertiary",
    )


def _address(page_id: str, pairs: Iterable[tuple[str, str]]) -> str:
    return page_addresses.write(write_way(Settings.from_environment(), way=""), page_id, pairs)


def _draw_way(t: Translator, next_path: str) -> str:
    address = write_way(Settings.from_environment(), next_path, t.language)
    return f'<a class="sign-in" href="{escape(address)}" target="_self">{escape(t("Sign in"))}</a>'


def _sign_out() -> None:
    """End the sign-in for every tab, and drop what the staff pages keep in this one."""
    for name in [name for name in list_kept() if name.startswith("staff-")]:
        drop = getattr(st.session_state.pop(name), "drop", None)
        if drop is not None:  # an upload: its draft goes with it
            drop()
    visit = find_visit()
    if visit is not None:
        settings = Settings.from_environment()
        sign_out(visit.session_hash, settings)
        note_sign_out(settings, visit.person)


def list_kept() -> dict[str, Any]:
    """Return everything that the session keeps.

    Empty where its browser has sent the state of a widget that never existed: Streamlit then cannot list the state, and
    whoever forges messages needs no answer.
    """
    try:
        return {str(name): value for name, value in st.session_state.items()}
    except KeyError:
        return {}
