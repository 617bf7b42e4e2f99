"""Unmatched values: words are settled one by one or all of a field at once, or taken back; all are listed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.answers.answer import Meaning
from dashboard.answers.question_kinds import SPELLINGS
from dashboard.i18n import N_
from dashboard.quality.differences import WORDS_LOOKED_AT
from dashboard.quality.lists import LISTS
from dashboard.quality.word_meanings import Scene, group_words, key_of, say_meaning, sum_up_words
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import answer_files, messages, word_choices
from dashboard.ui.pieces.answer_files import AnsweredLine
from dashboard.ui.quality import listing, session_answers
from dashboard.ui.quality.session_answers import SessionAnswers

_PARTS = {"words": N_("To decide"), "settled": N_("Decided"), "all": N_("All values")}


def show(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the words to settle, what was settled, or the list of all values."""
    answers = session_answers.begin(view, "unmatched", SPELLINGS)
    settled_words = view.snapshot.query("settled_words").to_dict("records")
    counts = {"words": numbers["words"], "settled": len(settled_words), "all": numbers["unmatched"]}
    part = listing.choose_part(
        view,
        "quality-words-part",
        {name: f"{view.t(title)} · {formats.format_count(counts[name], view.lang)}" for name, title in _PARTS.items()},
        "words" if numbers["words"] or not settled_words else "settled",
    )
    if part == "all":
        listing.show(view, LISTS["unmatched"], file)
    elif part == "settled":
        _show_settled(view, answers, settled_words)
    elif not numbers["words"]:
        st.success(view.t(LISTS["unmatched"].empty), icon=":material/check_circle:")
    else:
        _show_words(view, answers, file, numbers["words"])


def _show_words(view: View, answers: SessionAnswers, file: str | None, total: int) -> None:
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
    count = len(answers.chosen)
    st.button(
        t.plural("Save {n} choice", "Save {n} choices", count),
        key="keep-words",
        type="primary",
        icon=":material/check:",
        on_click=answers.save,
        args=(view, answers.chosen),
        disabled=view.snapshot.is_shipped_sample or not count,
    )
    if total > len(words):
        st.caption(t("More words follow when these are answered: {n}.", n=total - len(words)))


def _show_saved(view: View, answers: SessionAnswers, scene: Scene) -> None:
    """What was said of words since the last build; each can be taken back."""
    lines = [
        AnsweredLine(
            say_meaning(view.t, scene, meaning),
            partial(answers.undo, view, key, partial(answer_files.take_word_back, meaning)),
        )
        for key, meaning in answers.saved.items()
    ]
    answer_files.show(view, lines, "undo-word")


def _show_settled(view: View, answers: SessionAnswers, settled_words: list[dict[Any, Any]]) -> None:
    """What was settled before this build; each line can be taken back."""
    if not settled_words:
        st.success(view.t("Nothing has been resolved yet."), icon=":material/info:")
        return
    st.markdown(view.t("What words mean, as kept in spellings.csv in the campaign folder; each build applies it."))
    rows = [row for row in settled_words if row["line"] not in answers.undone]
    if len(rows) < len(settled_words):
        st.caption(view.t("Undone; the next build no longer applies it."))

    def undo(line: int, meaning: Meaning) -> None:
        answers.undo(view, line, partial(answer_files.take_word_back, meaning))

    scene = _make_scene(view, "settled")
    lines = word_choices.list_settled(view, scene, rows, undo)
    answer_files.show(view, lines, "settled-undo", is_disabled=scene.is_disabled)


def _make_scene(view: View, key: str) -> Scene:
    snapshot = view.snapshot
    return word_choices.make_scene(
        snapshot.path, snapshot.build_id, snapshot.codes, key, is_disabled=snapshot.is_shipped_sample
    )
