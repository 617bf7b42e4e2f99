"""What a source would bring, tried before anything is written: its first rows as the recipe reads them."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import Code
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.processes.commands import Job
from dashboard.quality.differences import say_value
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, messages, record_tables
from dashboard.ui.pieces.record_tables import Cells

_TRIAL = "staff-source-trial"
_TRIED = "staff-source-tried"
UNKNOWN = "No recipe recognises"
"""What the build's sentence on a file that no recipe knows says."""
_FIELDS: Mapping[str, str] = {
    "action_id": N_("Action ID"),
    "stakeholder": N_("Stakeholder"),
    "title": N_("Title"),
    "category": N_("Category"),
    "countries": N_("Countries"),
    "status": N_("Status"),
    "percent": N_("Percent"),
    "on_date": N_("Date"),
}
_MAKE_RECIPE = N_("Add it anyway: what arrives waits until you assign its columns.")


class _Trial(NamedTuple):
    """A trial under way, of what was stated."""

    stated: dict[str, str]
    job: Job


class _Tried(NamedTuple):
    """What a trial came to: an answer, or why there is none."""

    stated: dict[str, str]
    answer: dict[str, Any]
    error: UserError | None = None


def is_trying() -> bool:
    """Whether a trial is under way."""
    return _TRIAL in st.session_state


def begin(stated: dict[str, str]) -> None:
    """Fetch what is stated and read it, beside the campaign; a button's callback."""
    st.session_state.pop(_TRIED, None)
    try:
        job = campaign_commands.start("source", "test", "--stated", "-", stdin=json.dumps(stated))
    except UserError as error:
        st.session_state[_TRIED] = _Tried(stated, {}, error)
        return
    st.session_state[_TRIAL] = _Trial(stated, job)


def forget() -> None:
    """Give up what is tried, and what was."""
    trial: _Trial | None = st.session_state.pop(_TRIAL, None)
    if trial is not None:
        trial.job.cancel()
    st.session_state.pop(_TRIED, None)


def show(view: Frame, stated: Mapping[str, str]) -> None:
    """Draw how far the trial of what is stated is, or what it came to; nothing for what is stated otherwise."""
    trial: _Trial | None = st.session_state.get(_TRIAL)
    if trial is not None:
        if not campaign_commands.wait(trial.job):
            campaign_commands.show_progress(view, trial.job)
            st.button(view.t("Cancel"), key="source-trial-cancel", icon=":material/close:", on_click=forget)
            return
        _take(trial)
        st.rerun()
    tried: _Tried | None = st.session_state.get(_TRIED)
    if tried is None or tried.stated != stated:
        return
    if tried.error is not None:
        messages.show_error(view, for_the_page(tried.error, _MAKE_RECIPE))
        return
    _show_account(view, tried.answer["account"])
    rows, labels = tried.answer["rows"], tried.answer["labels"]
    if rows:
        codes = {code: Code("", code, named, (), 0) for code, named in labels.items()}
        lists = dict.fromkeys(("categories", "countries", "statuses"), codes)
        record_tables.show(rows, list_columns(view, rows, lists, {}), is_long=True)
    else:
        messages.show_note(view.t("None of its rows is an action, a report, an event or a story."))


def for_the_page(error: UserError, remedy: str) -> UserError:
    """A refusal as it is told here: of an unknown file the build's own remedy is for the command line."""
    return UserError(error.what, remedy) if UNKNOWN in error.what else error


def _take(trial: _Trial) -> None:
    st.session_state.pop(_TRIAL, None)
    try:
        st.session_state[_TRIED] = _Tried(trial.stated, campaign_commands.take(trial.job))
    except UserError as error:
        st.session_state[_TRIED] = _Tried(trial.stated, {}, error)


def _show_account(view: Frame, account: Mapping[str, int]) -> None:
    t, lang = view.t, view.lang
    counts = {name: formats.format_count(number, lang) for name, number in account.items()}
    text = t(
        "Rows read: {read}, accepted: {accepted}, merged: {merged}, rejected: {rejected}. Its first rows, as the "
        "recipe reads them, without contacts:",
        **counts,
    )
    st.markdown(text)


def list_columns(
    view: Frame,
    rows: Sequence[Mapping[Any, Any]],
    codes: Mapping[str, dict[str, Code]],
    persons: Mapping[str, Mapping[str, str]],
) -> list[Cells]:
    """The columns of a table of rows as they are read; fields that all of them lack are left out.

    Args:
        view: The page.
        rows: Each with `file`, `row` and the fields; None for what it lacks, lists and codes as they are.
        codes: The codelists.
        persons: What stands for persons who are not named, by language.
    """
    t = view.t

    def write(field: str, row: Mapping[Any, Any]) -> str:
        return say_value(view.lang, codes, persons, field, row[field]) or ""

    fields = [field for field in _FIELDS if any(row[field] is not None for row in rows)]
    is_several = len({row["file"] for row in rows}) > 1
    return [
        *([Cells(t("File"), lambda row: str(row["file"]))] if is_several else []),
        Cells(t(N_("Row", "a row of a file")), lambda row: str(row["row"])),
        *(Cells(t(_FIELDS[field]), partial(write, field)) for field in fields),
    ]
