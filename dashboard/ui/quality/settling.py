"""Columns without a use and words that match no code: settled here, or taken back; with the lists of all."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.answers.answer import Meaning
from dashboard.answers.question_kinds import COLUMNS, SPELLINGS
from dashboard.campaign.file_names import find_names
from dashboard.i18n import N_
from dashboard.quality.differences import WORDS_LOOKED_AT
from dashboard.quality.lists import LISTS
from dashboard.quality.open_columns import AS_READ, Key, name_answer, read_open, select_settled
from dashboard.quality.queries import name_use
from dashboard.quality.word_meanings import Scene, group_words, key_of, say_meaning, sum_up_words
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import answer_files, messages, open_columns, paging, session_answers, word_choices
from dashboard.ui.pieces.answer_files import AnsweredLine
from dashboard.ui.pieces.session_answers import SessionAnswers
from dashboard.ui.quality import listing

_COLUMN_VIEWS = {
    "open": N_("To decide"),
    "all": N_("All columns"),
    "readings": N_("How they were read"),
    "settled": N_("Decided by staff"),
}


def show_columns(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the view of the columns that is chosen."""
    answers = session_answers.begin(view, "columns", COLUMNS)
    names = {name: view.t(title) for name, title in _COLUMN_VIEWS.items()}
    chosen = listing.choose_part(view, "quality-columns-view", names, "open")
    if chosen == "open":
        _show_open_columns(view, answers, file)
    elif chosen == "settled":
        _show_settled_columns(view, answers, file)
    else:
        listing.show(view, LISTS["columns" if chosen == "all" else "readings"], file)


def _show_open_columns(view: View, answers: SessionAnswers, file: str | None) -> None:
    """Draw the columns without a use, with their values and a choice each."""
    t = view.t
    columns = [column for column in read_open(view.snapshot, file) if column.key not in answers.saved]
    if not columns:
        st.success(t("Every column has a use."), icon=":material/check_circle:")
        return
    st.markdown(
        t(
            "These columns are neither counted nor published. Say what they are; it also applies to next month’s "
            "file. Closed questions become public only if you say so."
        )
    )
    listing.show_download(view, LISTS["columns"], file)
    values = open_columns.read_values(view, view.snapshot.build_id)
    open_columns.show(open_columns.Scene(view, values, answers.chosen, "open-column"), columns)
    uses = {key: use for key, use in select_settled(columns, answers.chosen).items() if use != AS_READ}
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    _show_button(view, answers, t.plural("Save {n} answer", "Save {n} answers", len(uses)), uses, "keep-columns")


def _show_settled_columns(view: View, answers: SessionAnswers, file: str | None) -> None:
    """Draw staff's decisions on columns, also since this build; they can take back one or many at once."""
    t = view.t
    rows = (
        find_names(view.snapshot.path).show(view.snapshot.query("settled_columns", {"file": file})).to_dict("records")
    )
    of_build = {Key(row["recipe"], (row["header"],)): name_use(t, row["use"], row["target"]) for row in rows}
    decisions = of_build | {key: name_answer(t, use) for key, use in answers.saved.items()}
    keys = [key for key in decisions if key not in answers.undone]
    if not keys:
        st.success(t("No decisions about columns yet."), icon=":material/info:")
        return
    st.markdown(t("What staff decided about columns, as kept in columns.csv in the campaign folder."))
    page = paging.find("settled-page", open_columns.PAGE_CARDS * 2, len(keys))
    marked = {
        key: ""
        for place, key in enumerate(keys[page.offset : page.offset + page.size])
        if _show_line(view, key, decisions[key], f"settled-{page.number}-{place}")
    }
    paging.show_others(page, len(keys))
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    _show_button(view, answers, t.plural("Undo {n} answer", "Undo {n} answers", len(marked)), marked, "keep-columns")


def _show_line(view: View, key: Key, use: str, name: str) -> bool:
    """Draw one settled column; return whether it is marked to be taken back."""
    headers = key.headers[0] if len(key.headers) == 1 else f"{key.headers[0]} … ({len(key.headers)})"
    text = view.t("{column} is: {use}", column=plain(headers), use=plain(use))
    return st.checkbox(text, key=f"{name}-{view.snapshot.build_id[:12]}", disabled=view.snapshot.is_shipped_sample)


def _show_button(view: View, answers: SessionAnswers, label: str, changes: Mapping[Any, Any], key: str) -> None:
    st.button(
        label,
        key=key,
        type="primary",
        icon=":material/check:",
        on_click=answers.save,
        args=(view, changes),
        disabled=view.snapshot.is_shipped_sample or not changes,
    )


_WORD_PARTS = {"words": N_("To decide"), "settled": N_("Decided"), "all": N_("All values")}


def show_words(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the words to settle, the settled ones, or the list of all values."""
    answers = session_answers.begin(view, "unmatched", SPELLINGS)
    settled_words = view.snapshot.query("settled_words").to_dict("records")
    counts = {"words": numbers["words"], "settled": len(settled_words), "all": numbers["unmatched"]}
    part = listing.choose_part(
        view,
        "quality-words-part",
        {
            name: f"{view.t(title)} · {formats.format_count(counts[name], view.lang)}"
            for name, title in _WORD_PARTS.items()
        },
        "words" if numbers["words"] or not settled_words else "settled",
    )
    if part == "all":
        listing.show(view, LISTS["unmatched"], file)
    elif part == "settled":
        _show_settled_words(view, answers, settled_words)
    elif not numbers["words"]:
        st.success(view.t(LISTS["unmatched"].empty), icon=":material/check_circle:")
    else:
        _show_open_words(view, answers, file, numbers["words"])


def _show_open_words(view: View, answers: SessionAnswers, file: str | None, total: int) -> None:
    t = view.t
    st.markdown(
        t("These words are in no codelist: the rows count, but this field stays empty. Say once what each means.")
    )
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    parameters = {"files": None if file is None else [file], "most": WORDS_LOOKED_AT, "first": 0}
    words = view.snapshot.query("unmatched_words", parameters).to_dict("records")
    key = f"word-{view.snapshot.build_id[:12]}-{file}"
    _show_saved(view, answers, _make_scene(view, key))
    for field, rows in group_words(row for row in words if key_of(row) not in answers.saved).items():
        with st.container(border=True, gap="xsmall", key=f"card-{key}-{field}"):
            messages.show_card_title(sum_up_words(t, field, rows))
            word_choices.show_field(view, _make_scene(view, f"{key}-{field}"), rows, answers.chosen)
    label = t.plural("Save {n} choice", "Save {n} choices", len(answers.chosen))
    _show_button(view, answers, label, answers.chosen, "keep-words")
    if total > len(words):
        st.caption(t("More words follow when these are answered: {n}.", n=total - len(words)))


def _show_saved(view: View, answers: SessionAnswers, scene: Scene) -> None:
    """Draw the answers about words since the last build, each with a button that takes it back."""
    lines = [
        AnsweredLine(
            say_meaning(view.t, scene, meaning),
            partial(answers.undo, view, key, partial(answer_files.take_back, SPELLINGS, {0: meaning})),
        )
        for key, meaning in answers.saved.items()
    ]
    answer_files.show(view, lines, "undo-word")


def _show_settled_words(view: View, answers: SessionAnswers, settled_words: list[dict[Any, Any]]) -> None:
    """Draw the words settled before this build, each with a button that takes it back."""
    if not settled_words:
        st.success(view.t("Nothing has been resolved yet."), icon=":material/info:")
        return
    st.markdown(view.t("What words mean, as kept in spellings.csv in the campaign folder; each build applies it."))
    rows = [row for row in settled_words if row["line"] not in answers.undone]
    if len(rows) < len(settled_words):
        st.caption(view.t("Undone; the next build no longer applies it."))

    def undo(line: int, meaning: Meaning) -> None:
        answers.undo(view, line, partial(answer_files.take_back, SPELLINGS, {0: meaning}))

    scene = _make_scene(view, "settled")
    lines = word_choices.list_settled(view, scene, rows, undo)
    answer_files.show(view, lines, "settled-undo", is_disabled=scene.is_disabled)


def _make_scene(view: View, key: str) -> Scene:
    snapshot = view.snapshot
    return word_choices.make_scene(
        snapshot.path, snapshot.build_id, snapshot.codes, key, is_disabled=snapshot.is_shipped_sample
    )
