"""The filtered register as an Excel file: at once, or for a large one with a wait that can be called off."""

import time
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from dashboard import extracts, formats
from dashboard.errors import UserError
from dashboard.extracts import Export, Extract
from dashboard.selection import Selection
from dashboard.snapshot import Snapshot
from dashboard.ui.page import View

AT_ONCE = 5_000  # actions that take a few seconds; more than that gets a wait with a way out
_JOB = "extract"
_ICON = ":material/download:"


@dataclass
class _Job:
    """The one large extract that a reader's session has asked for."""

    wanted: tuple[str, Selection]
    extract: Extract | None = None
    started: float = field(default_factory=time.monotonic)
    export: Export | None = None
    error: UserError | None = None


def show(view: View, selection: Selection, actions: int) -> None:
    """Draw the download of the selection's `actions` actions."""
    if actions <= AT_ONCE:
        _forget()
        st.download_button(
            view.t("Download as Excel"),
            data=partial(_make, view.snapshot, selection),
            file_name=extracts.name_file(view.snapshot, selection, "xlsx"),
            mime=extracts.FORMATS["xlsx"].media_type,
            on_click="ignore",
            icon=_ICON,
            key="download-excel",
        )
        return
    job: _Job | None = st.session_state.get(_JOB)
    if job is not None and job.wanted != (view.snapshot.build_id, selection):
        _forget()
        job = None
    if job is None:
        _show_offer(view, selection, actions)
    elif job.export is not None:
        _show_file(view, job.export)
    elif job.error is not None:
        st.error(f"{view.t(job.error.what)} {view.t(job.error.remedy)}".strip())
        _show_offer(view, selection, actions)
    else:
        st.fragment(_show_wait, run_every=1.0)(view, job, actions)


def _make(snapshot: Snapshot, selection: Selection) -> bytes:
    return extracts.make_extract(snapshot, selection).content


def _show_offer(view: View, selection: Selection, actions: int) -> None:
    label = view.t("Prepare the Excel file ({n} actions)", n=formats.format_count(actions, view.lang))
    st.button(label, key="prepare-excel", icon=_ICON, on_click=_start, args=(view.snapshot, selection))


def _start(snapshot: Snapshot, selection: Selection) -> None:
    job = _Job((snapshot.build_id, selection))
    try:
        job.extract = extracts.submit_extract(snapshot, selection)
    except UserError as error:
        job.error = error
    st.session_state[_JOB] = job


def _show_wait(view: View, job: _Job, actions: int) -> None:
    """Say how long it has taken so far; how much is left is not known, so no share is shown."""
    if job.extract is None or job.extract.done():
        _finish(job)
        st.rerun()
    seconds = int(time.monotonic() - job.started)
    st.markdown(
        view.t(
            "The Excel file of {n} actions is being made: {seconds} s so far. You can go on reading meanwhile.",
            n=formats.format_count(actions, view.lang),
            seconds=formats.format_count(seconds, view.lang),
        )
    )
    if st.button(view.t("Cancel"), key="cancel-excel", icon=":material/close:"):
        _forget()
        st.rerun()


def _finish(job: _Job) -> None:
    if job.extract is None:
        return
    try:
        job.export = job.extract.result()
    except UserError as error:
        job.error = error
    job.extract = None


def _show_file(view: View, export: Export) -> None:
    st.download_button(
        view.t(
            "Download as Excel ({size} MB)", size=formats.format_count(-(-len(export.content) // 1_000_000), view.lang)
        ),
        data=export.content,
        file_name=export.file_name,
        mime=export.media_type,
        on_click="ignore",
        icon=_ICON,
        key="download-excel",
        type="primary",
    )


def _forget() -> None:
    """Drop the session's extract, and stop the work on it."""
    job: _Job | None = st.session_state.pop(_JOB, None)
    if job is not None and job.extract is not None:
        job.extract.cancel()
