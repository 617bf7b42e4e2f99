"""What is kept of the classifying: by whom, saved by a command, undone, and what a colleague had changed meanwhile."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.accepted import FIELDS
from dashboard.errors import UserError
from dashboard.quality.classifying import LABELS
from dashboard.quality.queries import label_codes
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_commands, messages, rebuild
from dashboard.ui.pieces.messages import plain

SHOWN_CONFLICTS = 20
_WHO = "staff-classify-who"
_UNDO = "staff-classify-undo"  # of each saving of this session, the lines that take it back
_CONFLICTS = "staff-classify-conflicts"
_TITLES = "staff-classify-titles"
_TICKED = "staff-classify-ticked"
_VERSION = "staff-classify-version"
_TOLD = "staff-classify-told"
_ERROR = "staff-classify-error"
_CHANGED = "staff-classify-changed"
Line = Mapping[str, Any]


def ask_who(view: View) -> None:
    """Ask who classifies, once a session."""
    t = view.t
    name: str = st.text_input(
        t("Your name or initials"),
        value=st.session_state.get(_WHO, ""),
        max_chars=40,
        key="classify-who",
        placeholder=t("Saved with each answer"),
        help=t(
            "So that colleagues see who answered. It stays in the inbox folder and never appears on public pages or "
            "in extracts."
        ),
        width=240,
    )
    st.session_state[_WHO] = name.strip()


def may_save(view: View) -> bool:
    """Whether something can be saved: real data, and somebody who says so."""
    return bool(st.session_state.get(_WHO)) and not view.snapshot.is_shipped_sample


def version() -> int:
    """Counts the savings of this session: what was drawn before one is drawn anew."""
    return int(st.session_state.get(_VERSION, 0))


def ticked() -> Collection[str]:
    """The actions that stay ticked after a saving."""
    kept: Collection[str] = st.session_state.get(_TICKED, ())
    return kept


def take_changed() -> bool:
    """Whether something was saved since this was asked: the whole page is drawn anew then."""
    return bool(st.session_state.pop(_CHANGED, False))


def save(view: View, answers: Sequence[Line], titles: Mapping[str, str], keep_ticked: Collection[str] = ()) -> None:
    """Hand answers over; a button's callback.

    Args:
        view: The page.
        answers: What is said, as the command takes it.
        titles: The names of these actions, to tell conflicts by.
        keep_ticked: The actions that stay ticked.
    """
    report = _run(answers)
    if report is None:
        return
    st.session_state[_TITLES] = st.session_state.get(_TITLES, {}) | {
        conflict["action_id"]: titles.get(conflict["action_id"], "") for conflict in report["conflicts"]
    }
    st.session_state[_TICKED] = frozenset(keep_ticked)
    if report["undo"]:
        st.session_state.setdefault(_UNDO, []).append(report["undo"])
        rebuild.note_change(view)
    st.session_state[_TOLD] = ("saved", report["actions"])


def show_undo(view: View) -> None:
    """Draw the button that takes back what this session saved last, where it has."""
    undone: list[list[Line]] = st.session_state.get(_UNDO, [])
    if undone:
        n = len(undone[-1])
        label = view.t.plural("Undo the last {n} action", "Undo the last {n} actions", n)
        st.button(label, key="undo-classes", icon=":material/undo:", on_click=_undo, args=(view,))


def tell(view: View) -> None:
    """What came of the last saving, told once; and what a colleague changed meanwhile, until it is settled."""
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
    what, actions = st.session_state.pop(_TOLD, (None, 0))
    n = formats.format_count(actions, view.lang)
    if what == "saved" and actions:
        text = view.t.plural("{n} action saved.", "{n} actions saved.", actions, n=n)
        st.success(f"{text} {view.t('The figures will show it after the next build.')}", icon=":material/check_circle:")
    elif what == "undone":
        text = view.t.plural("{n} action restored.", "{n} actions restored.", actions, n=n)
        st.info(text, icon=":material/undo:")
    _show_conflicts(view)


def _undo(view: View) -> None:
    lines = st.session_state[_UNDO].pop()
    report = _run(lines)
    if report is None:
        st.session_state[_UNDO].append(lines)
        return
    rebuild.take_change_back(view)
    st.session_state[_TOLD] = ("undone", report["actions"])


def _run(lines: Sequence[Line]) -> dict[str, Any] | None:
    """Run the command; where it refuses, keep why."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        report = campaign_commands.run("classify", f"--by={st.session_state.get(_WHO, '')}", stdin=text)
    except UserError as error:
        st.session_state[_ERROR] = error
        st.session_state[_CHANGED] = True
        return None
    st.session_state.setdefault(_CONFLICTS, []).extend(report["conflicts"])
    st.session_state[_VERSION] = version() + 1
    st.session_state[_CHANGED] = True
    return report


def _show_conflicts(view: View) -> None:
    """Draw what was not saved because a colleague had said something else: both values, and which one shall stand."""
    t, conflicts = view.t, st.session_state.get(_CONFLICTS, [])
    if not conflicts:
        return
    n = formats.format_count(len(conflicts), view.lang)
    st.warning(
        t.plural(
            "{n} answer was not saved: somebody else changed the same field meanwhile.",
            "{n} answers were not saved: somebody else changed the same fields meanwhile.",
            len(conflicts),
            n=n,
        ),
        icon=":material/group:",
    )
    for place, conflict in enumerate(conflicts[:SHOWN_CONFLICTS]):
        _show_conflict(view, conflict, place)
    if len(conflicts) > 1:
        st.button(t("Leave all unchanged"), key="conflicts-theirs", on_click=st.session_state.pop, args=(_CONFLICTS,))


def _show_conflict(view: View, conflict: Line, place: int) -> None:
    t, field = view.t, conflict["field"]
    theirs, yours = (
        label_codes(view.snapshot, field, conflict[side], view.lang) or t("nothing") for side in ("theirs", "yours")
    )
    title = st.session_state.get(_TITLES, {}).get(conflict["action_id"]) or t("Untitled action")
    with st.container(border=True, key=f"conflict-{place}"):
        st.markdown(f"**{plain(title)}** ({plain(conflict['action_id'])}) · {t(LABELS[field])}")
        stands = t("Currently: {codes}", codes=plain(theirs))
        if conflict["by"]:
            when = str(conflict["at"]).replace("T", " ").removesuffix("Z")
            stands += " " + t("({name}, {when} UTC)", name=plain(conflict["by"]), when=when)
        st.markdown(f"{stands}  \n{t('Yours: {codes}', codes=plain(yours))}")
        with st.container(horizontal=True):
            st.button(t("Leave as is"), key=f"theirs-{place}", on_click=_settle, args=(view, place, False))
            st.button(t("Use mine"), key=f"mine-{place}", on_click=_settle, args=(view, place, True))


def _settle(view: View, place: int, takes_mine: bool) -> None:
    """Let one side of a conflict stand; a button's callback."""
    conflict = st.session_state[_CONFLICTS].pop(place)
    if takes_mine:
        field = conflict["field"]
        codes = conflict["yours"] if FIELDS[field].takes_several else next(iter(conflict["yours"]), None)
        line = {"action_id": conflict["action_id"], field: codes, "was": {field: conflict["theirs"]}}
        save(view, [line], {conflict["action_id"]: st.session_state[_TITLES].get(conflict["action_id"], "")}, ticked())
