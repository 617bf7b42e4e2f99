"""What the reader has said of columns and sheets of a draft: tried in a further draft, kept when that is published."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.answers.effect_words import FIGURES
from dashboard.answers.question_kinds import ANSWERS, COLUMNS, SHEETS, SPELLINGS
from dashboard.errors import UserError
from dashboard.quality.alike_sheets import name_sheet_use
from dashboard.quality.differences import Preview
from dashboard.quality.open_columns import name_answer, write_answers
from dashboard.quality.wording import name_field
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, html_tables, messages, seen_files, sheet_choices, word_choices
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload import open_questions
from dashboard.ui.upload.given import Given
from dashboard.ui.upload.state import Upload

_WORDS_LISTED = 5


def show_try(view: Frame, upload: Upload) -> None:
    """Draw the button that shows what all answers change; nothing is kept by it."""
    is_old = upload.settled == upload.tried
    label, icon = view.t("Preview with these answers"), ":material/preview:"
    st.button(label, key="try-answers", type="primary", icon=icon, on_click=upload.try_answers, disabled=is_old)


def show_tried(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw what the answers of this preview change, before they are kept, with the way to keep or forget them."""
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
    for number, (line, parts) in enumerate(_list_tried(view, upload)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(line))
            forget = partial(_take_back, upload, parts)
            st.button(t("Undo"), key=f"drop-answer-{number}", icon=":material/undo:", on_click=forget)
    tried = upload.tried
    by_file = {COLUMNS: tried.columns, SHEETS: tried.sheets, ANSWERS: tried.questions, SPELLINGS: tried.meanings}
    files = [name for name, answers in by_file.items() if answers]
    if upload.settings is None:
        kept = t("They are saved in {files} when you publish this preview, or now.", files=", ".join(files))
    else:  # they may be about a recipe that is not the campaign's yet
        kept = t("They are saved in {files} when you publish this preview.", files=", ".join(files))
    st.markdown(kept)
    with st.container(horizontal=True):
        if upload.settings is None:
            label = t("Save these answers")
            st.button(label, key="keep-answers", icon=":material/check:", on_click=_keep, args=(upload,))
        label, forget = t("Undo all"), partial(_take_back, upload, upload.tried)
        st.button(label, key="drop-answers", icon=":material/undo:", on_click=forget)


def _list_tried(view: Frame, upload: Upload) -> list[tuple[str, Given]]:
    """The answers that this preview tries, a line each with what it is, those about words a line a field."""
    t, tried = view.t, upload.tried
    lines = [(f"{key.file}, {key.sheet}: {name_sheet_use(t, use)}", Given(sheets=tried.sheets))
             for key, use in tried.sheets.items()]  # fmt: skip
    lines += [(f"{key.headers[0]}: {name_answer(t, use)}", Given(columns={key: use}))
              for key, use in tried.columns.items()]  # fmt: skip
    lines += [(open_questions.name_answer(view, key, use), Given(questions={key: use}))
              for key, use in tried.questions.items()]  # fmt: skip
    for field in dict.fromkeys(key.field for key in tried.words):
        words = {key: meaning for key, meaning in tried.words.items() if key.field == field}
        first_words = ", ".join(meaning.word for meaning in list(words.values())[:_WORDS_LISTED])
        more = f" … ({formats.format_count(len(words), view.lang)})" if len(words) > _WORDS_LISTED else ""
        lines.append((f"{t(name_field(field))}: {first_words}{more}", Given(words=words)))
    return lines


def _compare(before: Mapping[str, int], preview: Preview) -> dict[str, tuple[int, int]]:
    """The figures that differ, without and with the answers."""
    after = preview.figures
    return {name: (before[name], after[name]) for name in FIGURES if name in before and before[name] != after[name]}


def _keep(upload: Upload) -> None:
    """Write the answers down, those of each file in one run; a button's callback."""
    try:
        if upload.tried.columns:
            command = ("column", "--list", "-", *seen_files.options("columns.csv"))
            campaign_commands.run(*command, stdin=write_answers(upload.tried.columns))
        if upload.tried.sheets:
            sheet_choices.keep(upload.tried.sheets)
        if upload.tried.questions:
            open_questions.keep(upload.tried.questions)
        if upload.tried.words:
            word_choices.keep(upload.tried.meanings)
    except UserError as error:
        upload.error = error
        return
    upload.forget_tried(upload.tried)
    upload.make()


def _take_back(upload: Upload, answers: Given) -> None:
    """Make the preview without some of its answers; a button's callback."""
    upload.forget_tried(answers)
    upload.make()
