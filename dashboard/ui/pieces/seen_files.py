"""Files of staff's that two may change at once: which version a page rests on, who changed it since, and the way on.

A page looks at a file when it first asks about it, and hands the version over with the answers; the command refuses
what would overwrite another answer given since then. Nothing of the page's own is lost: one click keeps or leaves it.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.audit import telling
from dashboard.audit.entries import ALL, find_entries
from dashboard.audit.events import Event, Outcome
from dashboard.campaign.file_versions import find_version
from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.messages import plain

EVENTS = {
    "columns.csv": (Event.COLUMN_CONFIRMED, Event.ANSWER_UNDONE),
    "answers.csv": (Event.QUESTION_ANSWERED, Event.ANSWER_UNDONE),
    "sheets.csv": (Event.SHEET_CONFIRMED, Event.ANSWER_UNDONE),
    "spellings.csv": (Event.SPELLING_CONFIRMED, Event.ANSWER_UNDONE),
    "decisions.csv": (Event.DECIDED, Event.DECISION_UNDONE, Event.EVIDENCE_SETTLED, Event.EVIDENCE_UNDONE),
}
"""By which acts each file changes."""


def look(name: str, scope: str) -> None:
    """Remember the version of a file as it is now, unless that is remembered already for this build or preview."""
    known = st.session_state.get(_key(name))
    if known is None or known[0] != scope:
        st.session_state[_key(name)] = (scope, _find(name))


def options(name: str) -> list[str]:
    """The option that tells a command the version that the page rests on."""
    known = st.session_state.get(_key(name))
    return [] if known is None else [f"--seen={known[1]}"]


def renew(name: str) -> None:
    """Rest on the file as it is now: the page's own answers were written, or the reader has been told of others'."""
    known = st.session_state.get(_key(name))
    if known is not None:
        st.session_state[_key(name)] = (known[0], _find(name))


def is_changed(name: str) -> bool:
    """Whether a file is not as the page looked at it."""
    known = st.session_state.get(_key(name))
    return known is not None and known[1] != _find(name)


def show_way_on(view: Frame, name: str, error: UserError, keep: Callable[[], None], leave: Callable[[], None]) -> None:
    """Say what a colleague has changed meanwhile, and by whom, with the buttons that keep one's own or leave theirs.

    Args:
        view: The page.
        name: The file.
        error: What the command said.
        keep: Writes one's own over it; a button's callback.
        leave: Lets it stand; a button's callback.
    """
    t = view.t
    said = f"{t(error.what)} {t(error.remedy)} {say_who(view, name)}"
    with st.container(border=True, key=f"changed-{name.partition('.')[0]}"):
        messages.show_card_title(t("A colleague changed it meanwhile"))
        st.warning(plain(said), icon=":material/group:")
        with st.container(horizontal=True):
            st.button(t("Keep mine"), key=f"keep-mine-{name}", icon=":material/check:", on_click=keep)
            st.button(t("Keep theirs"), key=f"leave-theirs-{name}", icon=":material/undo:", on_click=leave)


def say_who(view: Frame, name: str) -> str:
    """Who changed a file last, as the audit log says; empty where it does not."""
    campaign = Settings.from_environment().campaign
    today = ALL._replace(since=date.today().replace(day=1), events=EVENTS[name], outcomes=(Outcome.DONE,))
    found = find_entries(campaign, today, most=1).entries.to_dict("records")
    if not found:
        return ""
    moment = f"{found[0]['moment']:%Y-%m-%d %H:%M}"
    return view.t("Last changed by {name}, {moment} UTC.", name=telling.name_actor(view.t, found[0]), moment=moment)


def _key(name: str) -> str:
    return f"staff-seen-{name}"


def _find(name: str) -> str:
    return find_version(Settings.from_environment().campaign / name)
