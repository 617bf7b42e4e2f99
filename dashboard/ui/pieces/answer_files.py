"""The files of staff's answers: how each is kept, which version a page rests on, and who changed it meanwhile.

A page looks at a file when it first asks about it, and hands the version over with the answers; the command refuses
what would overwrite another answer given since then. Nothing of the page's own is lost: one click keeps or leaves it.
Answers that stand are a line each with its way back.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.answers.answer import Meaning, write_lines
from dashboard.answers.question import Key
from dashboard.answers.question_kinds import ANSWERS, COLUMNS, SHEETS, SPELLINGS
from dashboard.audit import telling
from dashboard.audit.entries import ALL, find_entries
from dashboard.audit.events import Event, Outcome
from dashboard.campaign.working_copy import find_version
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.quality import file_questions
from dashboard.quality.alike_sheets import write_sheet_answers
from dashboard.quality.open_columns import write_answers
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.pieces.messages import plain


class AnsweredLine(NamedTuple):
    """One answer in words, and what takes it back."""

    words: str
    take_back: Callable[[], None]


def show(view: Frame, lines: Sequence[AnsweredLine], key: str, *, title: str = "", is_disabled: bool = False) -> None:
    """Draw the answers; nothing where there is none.

    `key`: how the keys of their buttons begin.
    `title`: the words, with the number of answers, under which they are folded away; empty where they are not.
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


class AnswerFile(NamedTuple):
    """How answers of one kind are kept in their file, and tried in a draft.

    Attributes:
        write: Answers, by what they are about, as the list that both commands take.
        command: The words of the command that keeps such a list from standard input.
        option: The option by which a draft is made with such a list.
    """

    write: Callable[[Any], str]
    command: tuple[str, ...]
    option: str


FILES: Mapping[str, AnswerFile] = MappingProxyType(
    {
        COLUMNS: AnswerFile(write_answers, ("column", "--list", "-"), "--answers"),
        SHEETS: AnswerFile(write_sheet_answers, ("sheet", "--list", "-"), "--sheets"),
        ANSWERS: AnswerFile(file_questions.write_answers, ("answer", "--from", "-"), "--others"),
        SPELLINGS: AnswerFile(lambda meanings: write_lines(meanings.values()), ("spelling", "--lines"), "--words"),
    }
)
"""By the names that they have in a campaign folder."""
_EVENTS = {
    COLUMNS: (Event.COLUMN_CONFIRMED, Event.ANSWER_UNDONE),
    ANSWERS: (Event.QUESTION_ANSWERED, Event.ANSWER_UNDONE),
    SHEETS: (Event.SHEET_CONFIRMED, Event.ANSWER_UNDONE),
    SPELLINGS: (Event.SPELLING_CONFIRMED, Event.ANSWER_UNDONE),
    DECISIONS: (Event.DECIDED, Event.DECISION_UNDONE, Event.EVIDENCE_SETTLED, Event.EVIDENCE_UNDONE),
}
"""By which acts each file changes."""


def keep(name: str, answers: Mapping[Any, Any]) -> None:
    """Keep answers in a file of `FILES`; of columns and sheets an empty one takes back.

    Raises:
        UserError: one of them cannot be kept; then none is.
    """
    file, last_look = FILES[name], st.session_state.get(_key(name))
    versions = [] if last_look is None else [f"--seen={last_look[1]}"]
    campaign_commands.run(*file.command, *versions, stdin=file.write(answers))
    renew(name)


def write_for_draft(folder: Path, name: str, answers: Mapping[Any, Any]) -> list[str]:
    """Write answers of a file of `FILES` into a draft's folder: the option that has the draft made with them."""
    if not answers:
        return []
    path = folder / f"tried-{name}"
    write_file(path, FILES[name].write(answers), PRIVATE, is_durable=False)
    return [FILES[name].option, str(path)]


def take_word_back(meaning: Meaning) -> None:
    """Take back what was said of a word.

    Raises:
        UserError: nothing was said of it, or another line needs it.
    """
    options = {"list": meaning.codelist, "recipe": meaning.recipe, "only": meaning.file}
    _take_back(SPELLINGS, "spelling", meaning.word, options)


def take_answer_back(key: Key) -> None:
    """Take back what was answered to a question that `answers.csv` answers.

    Raises:
        UserError: it cannot be taken back.
    """
    options = {name: value for name, value in key._asdict().items() if name != "kind"}
    _take_back(ANSWERS, "answer", key.kind, options)


def _take_back(name: str, command: str, operand: str, options: Mapping[str, str]) -> None:
    words = [f"--{option}={value}" for option, value in options.items() if value]
    campaign_commands.run(command, "--undo", *words, operands=[operand])
    renew(name)


def look(name: str, scope: str) -> None:
    """Remember the version of a file as it is now, unless that is remembered already for this build or preview."""
    last_look = st.session_state.get(_key(name))
    if last_look is None or last_look[0] != scope:
        st.session_state[_key(name)] = (scope, _find(name))


def renew(name: str) -> None:
    """Remember the file as it is now: the page wrote its own answers, or the reader was told of other people's."""
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
    """Say what a colleague has changed meanwhile, and by whom, with the buttons that keep one's own or leave theirs.

    `keep_own`: writes one's own over it; a button's callback.
    `leave`: lets it stand; a button's callback.
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
    """Who changed a file last, as the audit log says; empty where it does not."""
    campaign = Settings.from_environment().campaign
    this_month = ALL._replace(since=date.today().replace(day=1), events=_EVENTS[name], outcomes=(Outcome.DONE,))
    entries = find_entries(campaign, this_month, most=1).entries.to_dict("records")
    if not entries:
        return ""
    moment = f"{entries[0]['moment']:%Y-%m-%d %H:%M}"
    return view.t("Last changed by {name}, {moment} UTC.", name=telling.name_actor(view.t, entries[0]), moment=moment)


def _key(name: str) -> str:
    return f"staff-seen-{name}"


def _find(name: str) -> str:
    return find_version(Settings.from_environment().campaign / name)
