"""Columns: those without a use, settled here; the account of all; how they were read; what staff said of them."""

from collections.abc import Mapping

import streamlit as st

from dashboard.answers.question_kinds import COLUMNS
from dashboard.campaign.file_names import find_names
from dashboard.i18n import N_
from dashboard.quality.lists import LISTS
from dashboard.quality.open_columns import AS_READ, Key, name_answer, read_open, select_settled
from dashboard.quality.queries import name_use
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages, open_columns, paging
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.open_columns import Scene
from dashboard.ui.quality import listing, session_answers
from dashboard.ui.quality.session_answers import SessionAnswers

_VIEWS = {
    "open": N_("To decide"),
    "all": N_("All columns"),
    "readings": N_("How they were read"),
    "settled": N_("Decided by staff"),
}


def show(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the view of the columns that is chosen."""
    answers = session_answers.begin(view, "columns", COLUMNS)
    names = {name: view.t(title) for name, title in _VIEWS.items()}
    chosen = listing.choose_part(view, "quality-columns-view", names, "open")
    if chosen == "open":
        _show_open(view, answers, file)
    elif chosen == "settled":
        _show_settled(view, answers, file)
    else:
        listing.show(view, LISTS["columns" if chosen == "all" else "readings"], file)


def _show_open(view: View, answers: SessionAnswers, file: str | None) -> None:
    """The columns without a use, with their values and a choice each."""
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
    open_columns.show(Scene(view, values, answers.chosen, "open-column"), columns)
    uses = {key: use for key, use in select_settled(columns, answers.chosen).items() if use != AS_READ}
    _show_button(view, answers, t.plural("Save {n} answer", "Save {n} answers", len(uses)), uses)


def _show_settled(view: View, answers: SessionAnswers, file: str | None) -> None:
    """Draw what staff decided about columns, also since this build; they can take back one or many at once."""
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
    _show_button(view, answers, t.plural("Undo {n} answer", "Undo {n} answers", len(marked)), marked)


def _show_line(view: View, key: Key, use: str, name: str) -> bool:
    """One column that is settled; whether it is marked to be taken back."""
    headers = key.headers[0] if len(key.headers) == 1 else f"{key.headers[0]} … ({len(key.headers)})"
    text = view.t("{column} is: {use}", column=plain(headers), use=plain(use))
    return st.checkbox(text, key=f"{name}-{view.snapshot.build_id[:12]}", disabled=view.snapshot.is_shipped_sample)


def _show_button(view: View, answers: SessionAnswers, label: str, changes: Mapping[Key, str]) -> None:
    """Draw the button that saves answers, or takes them back."""
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    st.button(
        label,
        key="keep-columns",
        type="primary",
        icon=":material/check:",
        on_click=answers.save,
        args=(view, changes),
        disabled=view.snapshot.is_shipped_sample or not changes,
    )
