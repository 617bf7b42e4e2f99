"""Columns without a use in a draft: answered on the page, tried in a further draft, kept when that is published."""

from collections.abc import Mapping

import streamlit as st

from dashboard import formats
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.measures.definitions import DEFINITIONS
from dashboard.quality.differences import Preview
from dashboard.quality.open_columns import Key, OpenColumn, name_answer, write_answers
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, html_tables, messages, open_columns
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload.state import Upload

_FIGURES = {
    "actions": DEFINITIONS["actions"].name,
    "reported": DEFINITIONS["reported"].name,
    "completed": DEFINITIONS["completed"].name,
    "unknown": DEFINITIONS["unknown"].name,
    "unmatched_reports": N_("Reports without action"),
    "without_category": N_("Actions without category"),
    "without_theme": N_("Actions without theme"),
    "without_place": N_("Actions without place"),
    "questions": N_("Public questions"),
    "rejected": N_("Rejected rows"),
}


def show(view: Frame, upload: Upload) -> None:
    """Draw what the answers that are tried change, and the columns with a choice each."""
    preview = upload.preview
    if preview is None:
        return
    if upload.tried:
        _show_tried(view, upload, preview)
    if not preview.columns:
        return
    t = view.t
    asked = [column for column in preview.columns if column.is_asked]
    if asked:
        messages.show_heading(t("Columns to settle first"), level=3)
        st.markdown(
            t(
                "These columns look like something that figures are counted by, and no recipe says what they are. "
                "Nothing can be published before you have said it. It holds for next month’s file as well."
            )
        )
        _show_cards(view, upload, asked, "asked-column")
        _show_try(view, upload)
    others = [column for column in preview.columns if not column.is_asked]
    if others:
        title = t("Other columns without a use: {n}", n=formats.format_count(len(others), view.lang))
        with st.expander(title, expanded=not asked and any(column.proposed for column in others)):
            st.markdown(
                t(
                    "Nothing of them is counted or published. You may say now what they are, or later on the page Data "
                    "quality. Closed questions become public only when you say so."
                )
            )
            _show_cards(view, upload, others, "other-column")
            if not asked:
                _show_try(view, upload)


def _show_cards(view: Frame, upload: Upload, columns: list[OpenColumn], key: str) -> None:
    values = open_columns.read_values(view, upload.folder.name, "--uploads", str(upload.folder / "uploads"))
    open_columns.show(view, columns, values, upload.answers, key)


def _show_try(view: Frame, upload: Upload) -> None:
    """Draw the button that shows what the answers change; nothing is kept by it."""
    st.button(
        view.t("Preview with these answers"),
        key="try-columns",
        type="primary",
        icon=":material/preview:",
        on_click=upload.make,
        disabled=upload.answers == upload.tried,
    )


def _show_tried(view: Frame, upload: Upload, preview: Preview) -> None:
    """What the answers of this preview change, before they are kept; the way to keep them, or to take them back."""
    t = view.t
    messages.show_heading(t("What your answers change"), level=3)
    rows = [
        [t(_FIGURES[name]), *(formats.format_count(number, view.lang) for number in numbers)]
        for name, numbers in _compare(upload.unanswered, preview).items()
    ]
    if rows:
        columns = (*html_tables.words(t("Figure")), *html_tables.figures(t("Without them"), t("With them")))
        html_tables.show(columns, rows)
    else:
        st.markdown(t("They change no figure."))
    said = [f"{plain(key.headers[0])}: {plain(name_answer(t, use))}" for key, use in upload.tried.items()]
    st.caption(" · ".join(said))
    st.markdown(t("They are kept in columns.csv when you publish this preview, or now."))
    with st.container(horizontal=True):
        st.button(t("Keep these answers"), key="keep-columns", icon=":material/check:", on_click=_keep, args=(upload,))
        st.button(t("Take them back"), key="drop-columns", icon=":material/undo:", on_click=_drop, args=(upload,))


def _compare(before: Mapping[str, int], preview: Preview) -> dict[str, tuple[int, int]]:
    """The figures that differ, without and with the answers."""
    after = preview.figures
    return {name: (before[name], after[name]) for name in _FIGURES if name in before and before[name] != after[name]}


def _keep(upload: Upload) -> None:
    """Write the answers into columns.csv in one run; a button's callback."""
    tried: dict[Key, str] = dict(upload.tried)
    try:
        campaign_commands.run("column", "--list", "-", stdin=write_answers(tried))
    except UserError as error:
        upload.error = error
        return
    upload.forget_answers()
    upload.make()


def _drop(upload: Upload) -> None:
    """Make the preview without the answers; a button's callback."""
    upload.forget_answers()
    upload.make()
