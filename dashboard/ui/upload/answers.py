"""What the reader has said of columns and sheets of a draft: tried in a further draft, kept when that is published."""

from collections.abc import Mapping

import streamlit as st

from dashboard import formats
from dashboard.answers.figures import FIGURES
from dashboard.errors import UserError
from dashboard.quality.alike_sheets import name_sheet_use
from dashboard.quality.differences import Preview
from dashboard.quality.open_columns import name_answer, write_answers
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, html_tables, messages, seen_files, sheet_choices
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload import open_questions
from dashboard.ui.upload.state import Upload


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
        st.markdown(t("They change no figure."))
    lines = [f"{key.file}, {key.sheet}: {name_sheet_use(t, use)}" for key, use in upload.tried.sheets.items()]
    lines += [f"{key.headers[0]}: {name_answer(t, use)}" for key, use in upload.tried.columns.items()]
    lines += [open_questions.name_answer(view, key, use) for key, use in upload.tried.questions.items()]
    st.caption(plain(" · ".join(lines)))
    tried = upload.tried
    by_file = {"columns.csv": tried.columns, "sheets.csv": tried.sheets, "answers.csv": tried.questions}
    files = [name for name, said_there in by_file.items() if said_there]
    if upload.settings is None:
        kept = t("They are kept in {files} when you publish this preview, or now.", files=", ".join(files))
    else:  # they may be about a recipe that is not the campaign's yet
        kept = t("They are kept in {files} when you publish this preview.", files=", ".join(files))
    st.markdown(kept)
    with st.container(horizontal=True):
        if upload.settings is None:
            label = t("Keep these answers")
            st.button(label, key="keep-answers", icon=":material/check:", on_click=_keep, args=(upload,))
        st.button(t("Take them back"), key="drop-answers", icon=":material/undo:", on_click=_drop, args=(upload,))


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
    except UserError as error:
        upload.error = error
        return
    upload.forget_tried()
    upload.make()


def _drop(upload: Upload) -> None:
    """Make the preview without the answers; a button's callback."""
    upload.forget_tried()
    upload.make()
