"""The open questions of a draft's files: a card for each, with rows of the file and a button for each answer.

First the content, as data (`list_cards`), then its drawing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256

import streamlit as st

from dashboard import formats
from dashboard.campaign.answers.question import Candidate, Key, Question, say_effects
from dashboard.campaign.answers.question_kinds import BY_NAME, CORRECT, I_DO_NOT_KNOW, ROWS, UNKNOWN, Kind
from dashboard.i18n import N_, Translator
from dashboard.lists.quality.wording import READING_DECIDERS, name_field
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import choice, html_tables
from dashboard.ui.upload.state import Upload


@dataclass(frozen=True)
class Card:
    """The content of one question's card.

    Attributes:
        changes: The effect of an answer, and its scope.
        headings: The headings of the table of rows: the row, its cell, and each answer that reads it.
        rows: The rows of the file, each as it would be read by each answer.
        decided: The answer that the files, a recipe or staff gave before; empty while it is open.
        effects: By choice (of any other day: empty) the effect on figures; without uncounted ones.
        why: The author of the decision; empty while it is open.
        takes_day: Whether any day is a further answer, up to `latest_day`.
    """

    key: Key
    title: str
    place: str
    what: str
    changes: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    choices: Mapping[str, str]
    effects: Mapping[str, str]
    chosen: str | None
    decided: str
    unknown: str
    correct: str
    why: str
    is_open: bool
    takes_day: bool = False
    latest_day: date = date.max


_HOLDS = {
    "recipe": N_("Also applies to next month’s file."),
    "file": N_("Applies to this file only."),
}


def list_cards(t: Translator, lang: str, questions: Iterable[Question], answers: Mapping[Key, str]) -> list[Card]:
    """List the cards of questions, one card for all files with the same question.

    `questions`: the questions, in their order.
    `answers`: the reader's answers so far.
    """
    cards: dict[Key, Card] = {}
    for question in questions:
        card = _make_card(t, lang, question, answers)
        same_card = cards.get(card.key)
        if same_card is None or (card.is_open and not same_card.is_open):
            cards[card.key] = card
    return list(cards.values())


def _make_card(t: Translator, lang: str, question: Question, answers: Mapping[Key, str]) -> Card:
    kind = question.kind
    candidates = [one for one in question.candidates if any(one.rows)]
    rows = tuple(
        (
            str(row.number),
            row.words,
            *(_show(kind, one.rows[nth], lang) if nth < len(one.rows) else "" for one in candidates),
        )
        for nth, row in enumerate(question.evidence)
    )
    correct = kind.say_correct()
    by_answer = {one.value: one.effects for one in question.candidates} | {"": question.effects}
    return Card(
        key=question.key,
        title=t(kind.title),
        place=_name_place(t, question),
        what=t(question.what),
        changes=say_changes(t, kind),
        headings=(t(N_("Row", "a row of a file")), t("In the file"), *(t(one.words) for one in candidates)),
        rows=rows,
        choices={one.value: _name_choice(t, lang, kind, one) for one in question.candidates},
        effects={use: t(words) for use, effects in by_answer.items() if (words := say_effects(effects))},
        chosen=answers.get(question.key) or question.answer or None,
        decided=question.answer,
        takes_day=kind.takes_day,
        latest_day=min(date.today(), date.fromisoformat(str(question.what.values.get("until", date.max)))),
        unknown=t("{words}: {unknown}.", words=t(I_DO_NOT_KNOW), unknown=t(kind.unknown)),
        correct=t(correct) if correct else "",
        why=_name_decider(t, question) if question.answer else "",
        is_open=question.is_open,
    )


def say_changes(t: Translator, kind: Kind) -> str:
    """Describe the effect of an answer to a kind of question, and its scope."""
    return f"{t('This decides: {changes}.', changes=t(kind.changes))} {t(_HOLDS[kind.holds_for])}"


def _name_choice(t: Translator, lang: str, kind: Kind, one: Candidate) -> str:
    """Name an answer in words; a day with its form in the file."""
    if not kind.takes_day or one.value in (UNKNOWN, ROWS):
        return t(one.words)
    return t("{day} ({why})", day=_show(kind, one.value, lang), why=t(one.words))


def _name_decider(t: Translator, question: Question) -> str:
    """Name the author of an answer, in a sentence."""
    who = READING_DECIDERS.get(question.decided_by)
    return t("{words}: {unknown}.", words=t("Decided by"), unknown=t(who)) if who else ""


def _name_place(t: Translator, question: Question) -> str:
    subject = question.subject
    place = t("{file}, sheet {sheet}", file=subject.file, sheet=subject.sheet) if subject.sheet else subject.file
    if not subject.field or question.kind.takes_day:
        return f"{place} · {subject.header}" if subject.header else place
    field = t(name_field(subject.field.partition("/")[0]))
    return f"{place} · {f'{subject.header} ({field})' if subject.header else field}"


def _show(kind: Kind, words: str, lang: str) -> str:
    """Write a cell as it would be read: a day or a percentage in the reader's way of writing."""
    try:
        if kind.name in ("percent_of", "decimal_mark"):
            return formats.format_share(float(words) / 100, lang, 0 if float(words).is_integer() else 1)
        return formats.format_date(date.fromisoformat(words), lang)
    except ValueError:
        return words


def name_answer(view: Frame, key: Key, use: str) -> str:
    """Name an answer in a line."""
    t, kind = view.t, BY_NAME[key.kind]
    about = t(name_field(key.field.partition("/")[0])) if key.field and not kind.takes_day else key.file
    is_day = kind.takes_day and use not in (UNKNOWN, ROWS)
    words = _show(kind, use, view.lang) if is_day else t(kind.choices.get(use, I_DO_NOT_KNOW))
    return f"{about}: {t(kind.title)} {words}" if use else f"{about}: {t(kind.title)}"


def show_card(view: Frame, upload: Upload, card: Card, show_words: Callable[[], None] | None = None) -> None:
    """Draw a question without its title: its subject, rows of the file (or its words), a button for each answer."""
    name = f"question-{sha256(repr(card.key).encode()).hexdigest()[:12]}"
    st.caption(plain(card.place))
    st.markdown(plain(card.what))
    if show_words is not None:
        show_words()
    elif card.rows:
        html_tables.show(html_tables.words(*card.headings), card.rows)
    choice.show_buttons(name, card.title, card.choices, card.chosen, partial(take_answer, upload, card))
    if card.effects:
        day = _name_day(view.t, card)
        lines = (f"{card.choices.get(use, day)} — {effects}" for use, effects in card.effects.items())
        st.caption("  \n".join(map(plain, lines)))
    if card.takes_day:
        _show_day(view, upload, card, f"{name}-day")
    notes = [card.why, card.changes, card.unknown, card.correct]
    st.caption(plain(" ".join(filter(None, notes))))
    if card.is_open and card.correct and upload.can_leave_out(card.key.file):
        st.button(
            view.t(CORRECT),
            key=f"correct-{name}",
            icon=":material/edit_document:",
            on_click=upload.leave_out,
            args=(card.key.file,),
            help=view.t("The file is not in this preview until you upload it again."),
        )


def _show_day(view: Frame, upload: Upload, card: Card, name: str) -> None:
    """Draw a field for any day; it is empty until one without a button is chosen."""
    is_other = card.chosen is not None and card.chosen not in card.choices
    st.session_state[name] = date.fromisoformat(card.chosen) if is_other and card.chosen else None
    st.date_input(
        _name_day(view.t, card),
        max_value=card.latest_day,
        format="DD/MM/YYYY",
        key=name,
        on_change=_take_day,
        args=(upload, card, name),
        width=240,
    )


def _name_day(t: Translator, card: Card) -> str:
    """Name a day without a button."""
    return t("Another day") if {*card.choices} - {UNKNOWN, ROWS} else t("Day")


def _take_day(upload: Upload, card: Card, name: str) -> None:
    day = st.session_state[name]
    take_answer(upload, card, day and day.isoformat())


def take_answer(upload: Upload, card: Card, use: str | None) -> None:
    """Take an answer, or take it back.

    A browser sends the reading that it was shown when a preview is drawn anew: that is nobody's answer.
    """
    answers = upload.answers.questions
    if use and (use != card.decided or card.key in answers):
        answers[card.key] = use
    elif not use:
        answers.pop(card.key, None)
