"""Unmatched values: words are settled one by one or a page at once, what was settled is undone, and all are listed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.answers.meaning import Meaning
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.quality.lists import LISTS
from dashboard.quality.word_meanings import Scene, WordKey, key_of, say_meaning
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import at_work, messages, paging, rebuild, seen_files, word_choices
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.word_choices import PAGE_WORDS
from dashboard.ui.quality import listing

_PARTS = {"words": N_("To decide"), "settled": N_("Decided"), "all": N_("All values")}
_KEPT = "staff-quality-words"
_CHOSEN = "staff-quality-chosen"
_ERROR = "staff-quality-words-error"
_OVERTAKEN = "staff-quality-words-overtaken"


def show(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the words to settle, what was settled, or the list of all values."""
    at_work.show(view, "unmatched")
    seen_files.look("spellings.csv", view.snapshot.build_id)
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
    overtaken = st.session_state.get(_OVERTAKEN)
    if overtaken is not None:
        refused, chosen = overtaken
        seen_files.show_way_on(view, "spellings.csv", refused, partial(_insist, view, chosen), _yield)
    settled = view.snapshot.query("settled_words").to_dict("records")
    counts = {"words": numbers["words"], "settled": len(settled), "all": numbers["unmatched"]}
    part = st.segmented_control(
        view.t("About"),
        list(_PARTS),
        default="words" if numbers["words"] or not settled else "settled",
        required=True,
        format_func=lambda name: f"{view.t(_PARTS[name])} · {formats.format_count(counts[name], view.lang)}",
        key="quality-words-part",
        label_visibility="collapsed",
    )
    if part == "all":
        listing.show(view, LISTS["unmatched"], file)
    elif part == "settled":
        _show_settled(view, settled)
    elif not numbers["words"]:
        st.success(view.t(LISTS["unmatched"].empty), icon=":material/check_circle:")
    else:
        _show_words(view, file, numbers["words"])


def _show_words(view: View, file: str | None, total: int) -> None:
    t = view.t
    st.markdown(
        t("These words are in no codelist: the rows count, but this field stays empty. Say once what each means.")
    )
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    page = paging.find(f"quality-words-page-{file}-{view.snapshot.build_id[:12]}", PAGE_WORDS, total)
    given = {"files": None if file is None else [file], "most": PAGE_WORDS, "first": page.offset}
    rows = view.snapshot.query("unmatched_words", given).to_dict("records")
    scene = _scene(view, f"word-{view.snapshot.build_id[:12]}-{file}-{page.number}")
    chosen = _chosen(view)
    for number, row in enumerate(rows):
        _show_card(view, scene, row, number)
    st.button(
        t.plural("Save {n} choice", "Save {n} choices", len(chosen), n=formats.format_count(len(chosen), view.lang)),
        key="keep-words",
        type="primary",
        icon=":material/check:",
        on_click=_keep,
        args=(view, chosen),
        disabled=scene.is_disabled or not chosen,
    )
    paging.show_others(page, total)
    shown = paging.name_range(view.t, page, len(rows), total)
    st.caption(t("{first} to {last} of {total}, the most frequent first.", **shown))


def _show_card(view: View, scene: Scene, row: Mapping[Any, Any], number: int) -> None:
    """One word: its choice, or what was said of it since the last build."""
    t, meaning = view.t, _kept(view).get(key_of(row))
    with st.container(border=True, key=f"card-word-{number}"):
        if meaning is None:
            word_choices.show_card(view, scene, row, number, _chosen(view))
            return
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(f":material/check: {plain(say_meaning(t, scene, meaning))}")
            undo = partial(_undo, view, meaning, key_of(row))
            st.button(t("Undo"), key=f"undo-word-{number}", icon=":material/undo:", on_click=undo)


def _show_settled(view: View, settled: Sequence[Mapping[Any, Any]]) -> None:
    """What was settled before this build; each line can be taken back."""
    if not settled:
        st.success(view.t("Nothing has been resolved yet."), icon=":material/info:")
        return
    st.markdown(view.t("What words mean, as kept in spellings.csv in the campaign folder; each build applies it."))
    gone = _taken_back(view)
    left = [row for row in settled if row["line"] not in gone]
    if len(left) < len(settled):
        st.caption(view.t("Undone; the next build no longer applies it."))
    word_choices.show_settled(view, _scene(view, "settled"), left, partial(_undo_settled, view))


def _scene(view: View, key: str) -> Scene:
    snapshot = view.snapshot
    return word_choices.make_scene(
        snapshot.path, snapshot.build_id, snapshot.codes, key, is_disabled=snapshot.is_shipped_sample
    )


def _keep(view: View, chosen: dict[WordKey, Meaning]) -> None:
    """Keep what is chosen for words; a button's callback."""
    if not chosen:
        return
    if not _run(partial(word_choices.keep, list(chosen.values()))):
        if seen_files.is_changed("spellings.csv"):
            st.session_state[_OVERTAKEN] = (st.session_state.pop(_ERROR), dict(chosen))
        return
    _kept(view).update(chosen)
    for _ in chosen:
        rebuild.note_change(view)
    chosen.clear()


def _insist(view: View, chosen: dict[WordKey, Meaning]) -> None:
    """Keep one's own over what a colleague has said meanwhile; a button's callback."""
    _yield()
    _keep(view, chosen)


def _yield() -> None:
    """Let what a colleague has said stand; a button's callback."""
    st.session_state.pop(_OVERTAKEN, None)
    seen_files.renew("spellings.csv")


def _undo(view: View, meaning: Meaning, key: WordKey) -> None:
    """Take back what was said of a word since the last build; a button's callback."""
    if _run(partial(word_choices.take_back, meaning)):
        _kept(view).pop(key, None)
        rebuild.take_change_back(view)


def _undo_settled(view: View, line: int, meaning: Meaning) -> None:
    """Take back a line that this build applies; a button's callback."""
    if _run(partial(word_choices.take_back, meaning)):
        _taken_back(view).append(line)
        rebuild.note_change(view)


def _run(command: partial[None]) -> bool:
    """Run the command; where it refuses, keep why."""
    try:
        command()
    except UserError as error:
        st.session_state[_ERROR] = error
        return False
    return True


def _chosen(view: View) -> dict[WordKey, Meaning]:
    """What is chosen for words and not kept yet; held in the session, to be added to."""
    chosen: dict[WordKey, Meaning] = rebuild.remember(view, _CHOSEN, dict)
    return chosen


def _kept(view: View) -> dict[WordKey, Meaning]:
    """What this session said of words since the build; held in the session, to be added to."""
    kept: dict[WordKey, Meaning] = rebuild.remember(view, _KEPT, dict)
    return kept


def _taken_back(view: View) -> list[int]:
    """The lines of the build that this session took back; kept in the session, to be added to."""
    lines: list[int] = rebuild.remember(view, f"{_KEPT}-back", list)
    return lines
