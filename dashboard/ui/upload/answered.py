"""Answers: the effects of those in this preview, and the earlier ones, each with a button that takes it back."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.answers.question import FIGURES
from dashboard.answers.question_kinds import ANSWERS, BY_NAME, SHEETS, SPELLINGS
from dashboard.errors import UserError
from dashboard.quality.alike_sheets import say_sheet_answer
from dashboard.quality.differences import Preview
from dashboard.quality.file_questions import read_kept
from dashboard.quality.open_columns import name_answer
from dashboard.quality.word_meanings import read_line
from dashboard.quality.wording import name_field
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import answer_files, html_tables, messages, word_choices
from dashboard.ui.pieces.answer_files import AnsweredLine
from dashboard.ui.upload import open_questions
from dashboard.ui.upload.draft_answers import Answers
from dashboard.ui.upload.state import Upload

_WORDS_LISTED = 5


def show_try(view: Frame, upload: Upload) -> None:
    """Draw the button that shows the effects of all answers, without keeping them."""
    is_old = upload.settled == upload.tried
    label, icon = view.t("Preview with these answers"), ":material/preview:"
    st.button(label, key="try-answers", type="primary", icon=icon, on_click=upload.try_answers, disabled=is_old)


def show_tried(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw the effects of this preview's answers, before they are kept, with buttons to keep or forget them."""
    t = view.t
    messages.show_heading(t("What your answers change"), level=3)
    rows = [
        [t(FIGURES[name]), *(formats.format_count(number, view.lang) for number in numbers)]
        for name, numbers in _compare(upload.unanswered, preview).items()
    ]
    if rows:
        columns = (*html_tables.words(t("Figure")), *html_tables.figures(t("Without them"), t("With them")))
        html_tables.show(columns, rows)
    else:
        st.markdown(t("They change no figures."))
    lines = [
        AnsweredLine(words, partial(_forget, upload, answers)) for words, answers in _list_tried(view, upload.tried)
    ]
    answer_files.show(view, lines, "drop-answer")
    files = ", ".join(name for name, answers in upload.tried.by_file.items() if answers)
    if not upload.settings:
        st.markdown(t("They are saved in {files} when you publish this preview, or now.", files=files))
    else:  # they may be about a recipe that is not the campaign's yet
        st.markdown(t("They are saved in {files} when you publish this preview.", files=files))
    with st.container(horizontal=True):
        if not upload.settings:
            save = partial(_run, upload, partial(_save, upload))
            st.button(t("Save these answers"), key="keep-answers", icon=":material/check:", on_click=save)
        forget = partial(_forget, upload, upload.tried)
        st.button(t("Undo all"), key="drop-answers", icon=":material/undo:", on_click=forget)


def _list_tried(view: Frame, tried: Answers) -> list[tuple[str, Answers]]:
    """List the answers that this preview tries, a line each with its kind, those about words a line a field."""
    t = view.t
    lines = [(say_sheet_answer(t, key, use), Answers(sheets=tried.sheets))
             for key, use in tried.sheets.items()]  # fmt: skip
    lines += [(f"{key.headers[0]}: {name_answer(t, use)}", Answers(columns={key: use}))
              for key, use in tried.columns.items()]  # fmt: skip
    lines += [(open_questions.name_answer(view, key, use), Answers(questions={key: use}))
              for key, use in tried.questions.items()]  # fmt: skip
    for field in dict.fromkeys(key.field for key in tried.words):
        words = {key: meaning for key, meaning in tried.words.items() if key.field == field}
        first_words = ", ".join(meaning.word for meaning in list(words.values())[:_WORDS_LISTED])
        more = f" … ({formats.format_count(len(words), view.lang)})" if len(words) > _WORDS_LISTED else ""
        lines.append((f"{t(name_field(field))}: {first_words}{more}", Answers(words=words)))
    return lines


def _compare(before: Mapping[str, int], preview: Preview) -> dict[str, tuple[int, int]]:
    """Compare the figures without and with the answers; return those that differ."""
    after = preview.figures
    return {name: (before[name], after[name]) for name in FIGURES if name in before and before[name] != after[name]}


def show_questions(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw, folded, the readings of ambiguous columns, and staff's answers."""
    t = view.t
    cards = open_questions.list_cards(t, view.lang, preview.questions, upload.answers.questions)
    decided_cards = [card for card in cards if not card.is_open and card.key not in upload.answers.questions]
    if decided_cards:
        with st.expander(f"{t('Read it differently')} · {formats.format_count(len(decided_cards), view.lang)}"):
            st.markdown(t("These columns could be read in several ways. Your answer overrides what decided it."))
            for card in decided_cards:
                with st.container(border=True):
                    st.markdown(f"**{plain(card.title)}**")
                    open_questions.show_card(view, upload, card)
    lines = [
        AnsweredLine(
            f"{' · '.join(filter(None, key[1:4]))}: {open_questions.name_answer(view, key, use)}",
            partial(_run, upload, partial(answer_files.take_back, ANSWERS, {key: ""})),
        )
        for key, use in read_kept(Settings.from_environment().campaign)
        if key.kind in BY_NAME
    ]
    answer_files.show(view, lines, "undo-question", title=t("What staff have answered"))


def show_sheets_and_words(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw, folded, staff's earlier decisions on sheets and words; without those that this preview tries."""
    t = view.t
    lines = [
        AnsweredLine(
            say_sheet_answer(t, key, use),
            partial(_run, upload, partial(answer_files.keep, SHEETS, {key: ""})),
        )
        for key, use in preview.settled_sheets.items()
        if key not in upload.tried.sheets
    ]
    answer_files.show(view, lines, "undo-sheet", title=t("Which sheets count, as staff have said"))
    scene = upload.make_scene("draft-words")
    tried = {(meaning.word, meaning.recipe, meaning.file) for meaning in upload.tried.words.values()}
    rows = [
        row
        for row in preview.settled_words.to_dict("records")
        if (meaning := read_line(scene, row)) and (meaning.word, meaning.recipe, meaning.file) not in tried
    ]
    lines = word_choices.list_settled(
        view, scene, rows, lambda _, meaning: _run(upload, partial(answer_files.take_back, SPELLINGS, {0: meaning}))
    )
    answer_files.show(view, lines, "undo-draft-word", title=t("What words mean, as staff have said"))


def _save(upload: Upload) -> None:
    """Keep the answers of the preview, those of each file in one run."""
    for name, answers in upload.tried.by_file.items():
        if answers:
            answer_files.keep(name, answers)
    upload.forget_tried(upload.tried)


def _run(upload: Upload, command: Callable[[], None]) -> None:
    """Change the kept answers and make the preview again; show a refusal instead. A button's callback."""
    try:
        command()
    except UserError as error:
        upload.error = error
        return
    upload.make()


def _forget(upload: Upload, answers: Answers) -> None:
    """Make the preview without some of its answers; a button's callback."""
    upload.forget_tried(answers)
    upload.make()
