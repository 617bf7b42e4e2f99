"""The files of staff's answers: how each is saved, the version that a page has read, and who changed it meanwhile.

A page reads a file's version when it first asks about it, and passes the version on with the answers; the command
refuses to overwrite another answer given since then. The page's own answers are not lost: one click saves or drops
them. Saved answers are a line each with a button to undo it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.access.audit.entries import ALL, find_entries, name_actor
from dashboard.access.audit.events import Event, Outcome
from dashboard.campaign.answers.answer import Answer, write_answers
from dashboard.campaign.answers.question_kinds import ANSWERS, COLUMNS, SHEETS, SPELLINGS
from dashboard.campaign.working_copy import find_version
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.lists.quality.alike_sheets import list_sheet_answers
from dashboard.lists.quality.open_columns import list_column_answers
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, messages


class AnsweredLine(NamedTuple):
    """One answer in words, and its undo."""

    words: str
    take_back: Callable[[], None]


def show(view: Frame, lines: Sequence[AnsweredLine], key: str, *, title: str = "", is_disabled: bool = False) -> None:
    """Draw the answers; nothing where there is none.

    `key`: the beginning of the keys of their buttons.
    `title`: the words, with the number of answers, of the fold around them; empty for no fold.
    """
    if not lines:
        return
    t = view.t
    with st.expander(f"{title} · {formats.format_count(len(lines), view.lang)}") if title else st.container():
        for number, line in enumerate(lines):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(line.words))
                st.button(
                    t("Undo"),
                    key=f"{key}-{number}",
                    icon=":material/undo:",
                    on_click=line.take_back,
                    disabled=is_disabled,
                )


DECISIONS = "decisions.csv"


LISTS: Mapping[str, Callable[[Any], list[Answer]]] = MappingProxyType(
    {
        COLUMNS: list_column_answers,
        SHEETS: list_sheet_answers,
        ANSWERS: lambda uses: [Answer(0, **key._asdict(), use=use) for key, use in uses.items()],
        SPELLINGS: lambda meanings: [meaning.answer for meaning in meanings.values()],
    }
)
"""How answers, by their subjects, are listed for the command that keeps them, by the file that holds them."""
_EVENTS = {
    COLUMNS: (Event.COLUMN_CONFIRMED, Event.ANSWER_UNDONE),
    ANSWERS: (Event.QUESTION_ANSWERED, Event.ANSWER_UNDONE),
    SHEETS: (Event.SHEET_CONFIRMED, Event.ANSWER_UNDONE),
    SPELLINGS: (Event.SPELLING_CONFIRMED, Event.ANSWER_UNDONE),
    DECISIONS: (Event.DECIDED, Event.DECISION_UNDONE, Event.EVIDENCE_SETTLED, Event.EVIDENCE_UNDONE),
}
"""By which acts each file changes."""


def keep(name: str, answers: Mapping[Any, Any]) -> None:
    """Save answers in a file of `LISTS`; an empty one undoes.

    Raises:
        UserError: one of them cannot be saved; then none is.
    """
    lines = LISTS[name](answers)
    _run(name, [line for line in lines if line.use], *_name_version(name))
    _run(name, [line for line in lines if not line.use], "--undo", *_name_version(name))


def decide(words: Sequence[str], *options: str) -> None:
    """Write a decision down, in the command's words, or take it back.

    Raises:
        UserError: it cannot be saved.
    """
    campaign_commands.run("decide", *options, operands=words)
    renew(DECISIONS)


def take_back(name: str, answers: Mapping[Any, Any]) -> None:
    """Undo answers in a file of `LISTS`, whatever a colleague has changed there.

    Raises:
        UserError: there is none, or another line needs it.
    """
    _run(name, LISTS[name](answers), "--undo")


def _run(name: str, lines: Sequence[Answer], *options: str) -> None:
    if lines:
        campaign_commands.run("answer", "--from", "-", *options, stdin=write_answers(lines))
        renew(name)


def _name_version(name: str) -> list[str]:
    last_look = st.session_state.get(_key(name))
    return [] if last_look is None else [f"--seen={last_look[1]}"]


def write_for_draft(folder: Path, answers: Mapping[str, Mapping[Any, Any]]) -> list[str]:
    """Write answers, by the file that would hold them, into a draft's folder; return the option that tries them."""
    lines = [line for name, of_file in answers.items() for line in LISTS[name](of_file)]
    if not lines:
        return []
    path = folder / "tried-answers.csv"
    write_file(path, write_answers(lines), PRIVATE, is_durable=False)
    return ["--others", str(path)]


def look(name: str, scope: str) -> None:
    """Remember the present version of a file, unless one is remembered already for this build or preview."""
    last_look = st.session_state.get(_key(name))
    if last_look is None or last_look[0] != scope:
        st.session_state[_key(name)] = (scope, _find(name))


def renew(name: str) -> None:
    """Remember the present file: the page wrote its own answers, or the reader has seen other people's."""
    last_look = st.session_state.get(_key(name))
    if last_look is not None:
        st.session_state[_key(name)] = (last_look[0], _find(name))


def is_changed(name: str) -> bool:
    """Whether a file has changed since the page looked at it."""
    last_look = st.session_state.get(_key(name))
    return last_look is not None and last_look[1] != _find(name)


def show_way_on(
    view: Frame, name: str, error: UserError, keep_own: Callable[[], None], leave: Callable[[], None]
) -> None:
    """Show what a colleague has changed meanwhile, with buttons that save one's own answers or keep theirs.

    `keep_own`: saves one's own over it; a button's callback.
    `leave`: keeps it; a button's callback.
    """
    t = view.t
    text = f"{t(error.what)} {t(error.remedy)} {say_who(view, name)}"
    with st.container(border=True, key=f"changed-{name.partition('.')[0]}"):
        messages.show_card_title(t("A colleague changed it meanwhile"))
        st.warning(plain(text), icon=":material/group:")
        with st.container(horizontal=True):
            st.button(t("Keep mine"), key=f"keep-mine-{name}", icon=":material/check:", on_click=keep_own)
            st.button(t("Keep theirs"), key=f"leave-theirs-{name}", icon=":material/undo:", on_click=leave)


def say_who(view: Frame, name: str) -> str:
    """Find who changed a file last, in the audit log; empty where that has no entry."""
    campaign = Settings.from_environment().campaign
    this_month = ALL._replace(since=date.today().replace(day=1), events=_EVENTS[name], outcomes=(Outcome.DONE,))
    entries = find_entries(campaign, this_month, most=1).entries.to_dict("records")
    if not entries:
        return ""
    moment = f"{entries[0]['moment']:%Y-%m-%d %H:%M}"
    return view.t("Last changed by {name}, {moment} UTC.", name=name_actor(view.t, entries[0]), moment=moment)


def _key(name: str) -> str:
    return f"staff-seen-{name}"


def _find(name: str) -> str:
    return find_version(Settings.from_environment().campaign / name)
