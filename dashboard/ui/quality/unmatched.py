"""Unmatched values: words are settled one by one or a page at once, what was settled is undone, and all are listed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.answers.meaning import Meaning
from dashboard.answers.question_kinds import SPELLINGS
from dashboard.i18n import N_
from dashboard.quality.lists import LISTS
from dashboard.quality.word_meanings import Scene, key_of, say_meaning
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import answer_files, answered_lines, messages, paging, word_choices
from dashboard.ui.pieces.answered_lines import AnsweredLine
from dashboard.ui.pieces.word_choices import PAGE_WORDS
from dashboard.ui.quality import listing, session_answers
from dashboard.ui.quality.session_answers import SessionAnswers

_PARTS = {"words": N_("To decide"), "settled": N_("Decided"), "all": N_("All values")}


def show(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the words to settle, what was settled, or the list of all values."""
    answers = session_answers.begin(view, "unmatched", SPELLINGS)
    settled = view.snapshot.query("settled_words").to_dict("records")
    counts = {"words": numbers["words"], "settled": len(settled), "all": numbers["unmatched"]}
    part = listing.choose_part(
        view,
        "quality-words-part",
        {name: f"{view.t(title)} · {formats.format_count(counts[name], view.lang)}" for name, title in _PARTS.items()},
        "words" if numbers["words"] or not settled else "settled",
    )
    if part == "all":
        listing.show(view, LISTS["unmatched"], file)
    elif part == "settled":
        _show_settled(view, answers, settled)
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
    page = paging.find(f"quality-words-page-{file}-{view.snapshot.build_id[:12]}", PAGE_WORDS, total)
    asked = {"files": None if file is None else [file], "most": PAGE_WORDS, "first": page.offset}
    rows = view.snapshot.query("unmatched_words", asked).to_dict("records")
    scene = _make_scene(view, f"word-{view.snapshot.build_id[:12]}-{file}-{page.number}")
    for number, row in enumerate(rows):
        _show_card(view, answers, scene, row, number)
    count = len(answers.chosen)
    st.button(
        t.plural("Save {n} choice", "Save {n} choices", count, n=formats.format_count(count, view.lang)),
        key="keep-words",
        type="primary",
        icon=":material/check:",
        on_click=answers.save,
        args=(view, answers.chosen),
        disabled=scene.is_disabled or not count,
    )
    paging.show_others(page, total)
    shown = paging.name_range(view.t, page, len(rows), total)
    st.caption(t("{first} to {last} of {total}, the most frequent first.", **shown))


def _show_card(view: View, answers: SessionAnswers, scene: Scene, row: Mapping[Any, Any], number: int) -> None:
    """One word: its choice, or what was said of it since the last build."""
    key, meaning = key_of(row), answers.saved.get(key_of(row))
    with st.container(border=True, gap="xsmall", key=f"card-word-{number}"):
        if meaning is None:
            word_choices.show_card(view, scene, row, number, answers.chosen)
        else:
            undo = partial(answers.undo, view, key, partial(answer_files.take_word_back, meaning))
            answered_lines.show(view, [AnsweredLine(say_meaning(view.t, scene, meaning), undo)], f"undo-word-{number}")


def _show_settled(view: View, answers: SessionAnswers, settled: list[dict[Any, Any]]) -> None:
    """What was settled before this build; each line can be taken back."""
    if not settled:
        st.success(view.t("Nothing has been resolved yet."), icon=":material/info:")
        return
    st.markdown(view.t("What words mean, as kept in spellings.csv in the campaign folder; each build applies it."))
    rows = [row for row in settled if row["line"] not in answers.undone]
    if len(rows) < len(settled):
        st.caption(view.t("Undone; the next build no longer applies it."))

    def undo(line: int, meaning: Meaning) -> None:
        answers.undo(view, line, partial(answer_files.take_word_back, meaning))

    scene = _make_scene(view, "settled")
    lines = word_choices.list_settled(view, scene, rows, undo)
    answered_lines.show(view, lines, "settled-undo", is_disabled=scene.is_disabled)


def _make_scene(view: View, key: str) -> Scene:
    snapshot = view.snapshot
    return word_choices.make_scene(
        snapshot.path, snapshot.build_id, snapshot.codes, key, is_disabled=snapshot.is_shipped_sample
    )
