"""Columns: those without a use, settled here; the account of all; how they were read; what staff said of them."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.quality.lists import LISTS
from dashboard.quality.open_columns import AS_READ, Key, name_answer, read_open, select_settled, write_answers
from dashboard.quality.queries import name_use
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import at_work, campaign_commands, messages, open_columns, paging, rebuild, seen_files
from dashboard.ui.pieces.messages import plain
from dashboard.ui.quality import listing

_VIEWS = {
    "open": N_("To decide"),
    "all": N_("All columns"),
    "readings": N_("How they were read"),
    "settled": N_("Decided by staff"),
}
_ANSWERS = "staff-column-answers"
_SAID = "staff-column-said"
_ERROR = "staff-column-error"
_OVERTAKEN = "staff-column-overtaken"


def show(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the view of the columns that is chosen."""
    t = view.t
    at_work.show(view, "columns")
    seen_files.look("columns.csv", view.snapshot.build_id)
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
    _show_overtaken(view)
    chosen = st.segmented_control(
        t("Columns"),
        list(_VIEWS),
        default="open",
        required=True,
        format_func=lambda name: t(_VIEWS[name]),
        key="quality-columns-view",
        label_visibility="collapsed",
    )
    if chosen == "open":
        _show_open(view, file)
    elif chosen == "settled":
        _show_settled(view, file)
    else:
        listing.show(view, LISTS["columns" if chosen == "all" else "readings"], file)


def _show_open(view: View, file: str | None) -> None:
    """The columns without a use, with their values and a choice each."""
    t, said = view.t, _said(view)
    columns = [column for column in read_open(view.snapshot, file) if column.key not in said]
    if not columns:
        st.success(t("Every column has a use."), icon=":material/check_circle:")
        return
    st.markdown(
        t(
            "These columns are neither counted nor published. Say what they are; it also applies to next month’s "
            "file. Closed questions become public only if you say so."
        )
    )
    answers: dict[Key, str] = rebuild.remember(view, _ANSWERS, dict)
    listing.show_download(view, LISTS["columns"], file)
    values = open_columns.read_values(view, view.snapshot.build_id)
    open_columns.show(view, columns, values, answers, "open-column")
    settled = {key: use for key, use in select_settled(columns, answers).items() if use != AS_READ}
    _show_button(
        view, t.plural("Save {n} answer", "Save {n} answers", len(settled), n=_count(view, len(settled))), settled
    )


def _show_settled(view: View, file: str | None) -> None:
    """What staff said of columns, also since this build; each can be taken back, many at once."""
    t, said = view.t, _said(view)
    rows = (
        find_names(view.snapshot.path).show(view.snapshot.query("settled_columns", {"file": file})).to_dict("records")
    )
    of_build = {Key(row["recipe"], (row["header"],)): name_use(t, row["use"], row["target"]) for row in rows}
    settled = of_build | {key: name_answer(t, use) for key, use in said.items() if use}
    taken_back = {key for key, use in said.items() if not use}
    keys = [key for key in settled if key not in taken_back]
    if not keys:
        st.success(t("No decisions about columns yet."), icon=":material/info:")
        return
    st.markdown(t("What staff decided about columns, as kept in columns.csv in the campaign folder."))
    page = paging.find("settled-page", open_columns.PAGE_CARDS * 2, len(keys))
    marked = {
        key: ""
        for place, key in enumerate(keys[page.offset : page.offset + page.size])
        if _show_line(view, key, settled[key], f"settled-{page.number}-{place}")
    }
    paging.show_others(page, len(keys))
    label = t.plural("Undo {n} answer", "Undo {n} answers", len(marked), n=_count(view, len(marked)))
    _show_button(view, label, marked)


def _show_line(view: View, key: Key, use: str, name: str) -> bool:
    """One column that is settled; whether it is marked to be taken back."""
    headers = key.headers[0] if len(key.headers) == 1 else f"{key.headers[0]} … ({len(key.headers)})"
    text = view.t("{column} is: {use}", column=plain(headers), use=plain(use))
    return st.checkbox(text, key=f"{name}-{view.snapshot.build_id[:12]}", disabled=view.snapshot.is_shipped_sample)


def _show_button(view: View, label: str, answers: Mapping[Key, str]) -> None:
    """Draw the button that keeps answers, or takes them back."""
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    st.button(
        label,
        key="keep-columns",
        type="primary",
        icon=":material/check:",
        on_click=_keep,
        args=(view, dict(answers)),
        disabled=view.snapshot.is_shipped_sample or not answers,
    )


def _keep(view: View, answers: Mapping[Key, str]) -> None:
    """Write the answers down in one run; a button's callback."""
    try:
        command = ("column", "--list", "-", *seen_files.options("columns.csv"))
        campaign_commands.run(*command, stdin=write_answers(answers))
    except UserError as error:
        if seen_files.is_changed("columns.csv"):
            st.session_state[_OVERTAKEN] = (error, dict(answers))
        else:
            st.session_state[_ERROR] = error
        return
    seen_files.renew("columns.csv")
    said = _said(view)
    for key, use in answers.items():
        if not use and key in said:
            del said[key]
            rebuild.take_change_back(view)
        else:
            said[key] = use
            rebuild.note_change(view)
    _forget(view, answers)


def _forget(view: View, answers: Mapping[Key, str]) -> None:
    """Forget what was chosen for these columns; what else is chosen stays."""
    chosen: dict[Key, str] = rebuild.remember(view, _ANSWERS, dict)
    for key in answers:
        chosen.pop(key, None)


def _show_overtaken(view: View) -> None:
    """What was not kept because a colleague had said something else meanwhile, until one of both is chosen."""
    overtaken = st.session_state.get(_OVERTAKEN)
    if overtaken is not None:
        error, answers = overtaken
        seen_files.show_way_on(
            view, "columns.csv", error, partial(_insist, view, answers), partial(_yield, view, answers)
        )


def _insist(view: View, answers: Mapping[Key, str]) -> None:
    """Keep one's own all the same; a button's callback."""
    st.session_state.pop(_OVERTAKEN, None)
    seen_files.renew("columns.csv")
    _keep(view, answers)


def _yield(view: View, answers: Mapping[Key, str]) -> None:
    """Let the colleague's stand; a button's callback."""
    st.session_state.pop(_OVERTAKEN, None)
    seen_files.renew("columns.csv")
    _forget(view, answers)


def _said(view: View) -> dict[Key, str]:
    """What this session said of columns since the build; empty for what it took back."""
    said: dict[Key, str] = rebuild.remember(view, _SAID, dict)
    return said


def _count(view: View, number: int) -> str:
    return formats.format_count(number, view.lang)
