"""Colleagues who work on the same thing, shown above a section of questions, and above uploads."""

import secrets
from datetime import datetime

import streamlit as st

from dashboard.access.audit.entries import name_person
from dashboard.campaign import colleagues
from dashboard.campaign.colleagues import Colleague
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame

LOOK_SECONDS = 20.0
_SESSION = "staff-at-work"
_SERVER = secrets.token_hex(8)


def find_own(what: str = "") -> Colleague:
    """Find the reader as colleagues see them; each tab counts as one person."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = secrets.token_hex(16)
    person = staff.person()
    tab = colleagues.hash_tab(staff.find_tab())
    return Colleague(
        st.session_state[_SESSION], person.name or person.key, person.address, what, tab=tab, server=_SERVER
    )


def show(view: Frame, what: str) -> None:
    """Note that the reader is in a section, and show who else is, refreshed by itself."""
    myself = find_own(what)
    st.fragment(_show, run_every=LOOK_SECONDS)(view, myself)


def _show(view: Frame, myself: Colleague) -> None:
    t, campaign = view.t, Settings.from_environment().campaign
    colleagues.note(campaign, myself)
    former = colleagues.hash_tab(staff.find_former_tab())  # the same page, before it came to this server
    present_colleagues = [
        one for one in colleagues.list_at_work(campaign, myself.what, myself.session) if not former or one.tab != former
    ]
    if not present_colleagues:
        return
    names = ", ".join(
        t("{name} (since {time} UTC)", name=name_colleague(view, one), time=name_time(one.since))
        for one in present_colleagues
    )
    sentence = t("At work here, too: {names}.", names=names)
    more = t("Each save is compared with what the others saved: nobody overwrites anything unseen.")
    st.info(plain(f"{sentence} {more}"), icon=":material/group:")


def name_colleague(view: Frame, who: Colleague) -> str:
    """Name a colleague in the reader's language."""
    return name_person(view.t, who.name)


def name_time(moment: str) -> str:
    """Write the time of day of a moment in UTC; empty for none."""
    try:
        return f"{datetime.fromisoformat(moment):%H:%M}"
    except ValueError:
        return ""
