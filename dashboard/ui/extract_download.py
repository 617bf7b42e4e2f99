"""The download of an extract: at once, or for a large one with a bar that shows how far it is, and a way out."""

import time
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from dashboard import extracts, formats
from dashboard.errors import UserError
from dashboard.extract_choice import Choice
from dashboard.extracts import Export, Extract
from dashboard.i18n import N_
from dashboard.selection import Selection
from dashboard.snapshot import Snapshot, current
from dashboard.ui import error_box, link
from dashboard.ui.page import View

AT_ONCE = {"xlsx": 5_000, "zip": 5_000, "csv": 50_000, "parquet": 50_000, "json": 50_000}
"""Rows that take a few seconds; more than that gets a wait with a way out."""

LABELS = {
    "xlsx": N_("Download as Excel"),
    "csv": N_("Download as CSV"),
    "parquet": N_("Download as Parquet"),
    "json": N_("Download as JSON"),
    "zip": N_("Download as ZIP"),
}
_JOB = "extract"
_QUICK = "extract at once"
_ICON = ":material/download:"
_Wanted = tuple[str, Selection, Choice]


@dataclass
class _Job:
    """The one large extract that a reader's session has asked for."""

    wanted: _Wanted
    extract: Extract | None = None
    started: float = field(default_factory=time.monotonic)
    export: Export | None = None
    error: UserError | None = None


@dataclass
class _Quick:
    """A file that is made while the browser waits for it; what went wrong is known only afterwards."""

    wanted: _Wanted
    asked: int = 0
    done: int = 0
    error: UserError | None = None

    def make(self, snapshot: Snapshot) -> bytes:
        """The file's content, made in a thread of Streamlit's that cannot draw."""
        self.error = None
        _, selection, choice = self.wanted
        try:
            return _submit(snapshot, selection, choice).result().content
        except UserError as error:
            self.error = _explain(error, self.wanted)
            raise
        finally:
            self.done += 1

    def ask(self) -> None:
        """Noted when the button is pressed."""
        link.hold()
        self.asked += 1


def show(view: View, selection: Selection, choice: Choice, rows: int) -> None:
    """Draw the download of a file of `rows` rows, all its tables together."""
    wanted = (view.snapshot.build_id, selection, choice)
    if rows <= AT_ONCE[choice.file_format]:
        _forget()
        _show_at_once(view, wanted)
        return
    job: _Job | None = st.session_state.get(_JOB)
    if job is not None and job.wanted != wanted:
        _forget()
        job = None
    if job is None:
        _show_offer(view, wanted, rows)
    elif job.export is not None:
        _show_file(view, job.export, choice)
    elif job.error is not None:
        error_box.show(view, job.error)
        _show_offer(view, wanted, rows)
    else:
        st.fragment(_show_wait, run_every=1.0)(view, job, rows)


def _submit(snapshot: Snapshot, selection: Selection, choice: Choice) -> Extract:
    return extracts.submit_extract(
        snapshot, selection, choice.file_format, table=choice.table, columns=choice.columns, include=choice.include
    )


def _explain(error: UserError, wanted: _Wanted) -> UserError:
    """Why there is no file: where the build that it was asked of is published no more, that is why."""
    build_id, *_ = wanted
    published = current()
    if published.build_id != build_id or not published.path.exists():
        return UserError(N_("The data was published anew while the export was made."), N_("Try again."))
    return error


def _show_at_once(view: View, wanted: _Wanted) -> None:
    _, selection, choice = wanted
    quick: _Quick | None = st.session_state.get(_QUICK)
    if quick is None or quick.wanted != wanted:
        quick = st.session_state[_QUICK] = _Quick(wanted)
    st.download_button(
        view.t(LABELS[choice.file_format]),
        data=partial(quick.make, view.snapshot),
        file_name=extracts.name_file(view.snapshot, selection, choice.file_format, choice.table, choice.include),
        mime=extracts.FORMATS[choice.file_format].media_type,
        on_click=quick.ask,
        icon=_ICON,
        key="download-file",
        type="primary",
    )
    if quick.asked > quick.done:
        st.fragment(_watch, run_every=1.0)(quick)
    elif quick.error is not None:
        error_box.show(view, quick.error)


def _watch(quick: _Quick) -> None:
    """Draw the page anew once the browser has its file, or it is known why there is none."""
    if quick.asked <= quick.done:
        st.rerun()


def _show_offer(view: View, wanted: _Wanted, rows: int) -> None:
    label = view.t("Prepare the file ({n} rows)", n=formats.format_count(rows, view.lang))
    st.button(label, key="prepare-file", icon=_ICON, on_click=_start, args=(view.snapshot, wanted), type="primary")


def _start(snapshot: Snapshot, wanted: _Wanted) -> None:
    link.hold()
    job = _Job(wanted)
    try:
        job.extract = _submit(snapshot, wanted[1], wanted[2])
    except UserError as error:
        job.error = error
    st.session_state[_JOB] = job


def _show_wait(view: View, job: _Job, rows: int) -> None:
    """The bar, as far as the worker has told; before that only the time it has taken."""
    if job.extract is None or job.extract.done():
        _finish(job)
        st.rerun()
    lang = view.lang
    seconds = formats.format_count(int(time.monotonic() - job.started), lang)
    share = job.extract.progress() if job.extract is not None else None
    if share is None:
        words = view.t("The file is being prepared: {seconds} s so far.", seconds=seconds)
    else:
        words = view.t(
            "{share} of {n} rows are written: {seconds} s so far.",
            share=formats.format_share(share, lang),
            n=formats.format_count(rows, lang),
            seconds=seconds,
        )
    st.progress(share or 0.0, text=f"{words} {view.t('You can go on reading meanwhile.')}")
    if st.button(view.t("Cancel"), key="cancel-file", icon=":material/close:"):
        _forget()
        st.rerun()


def _finish(job: _Job) -> None:
    if job.extract is None:
        return
    try:
        job.export = job.extract.result()
    except UserError as error:
        job.error = _explain(error, job.wanted)
    job.extract = None


def _show_file(view: View, export: Export, choice: Choice) -> None:
    size = formats.format_bytes(len(export.content), view.lang)
    st.download_button(
        view.t("{download} ({size})", download=view.t(LABELS[choice.file_format]), size=size),
        data=export.content,
        file_name=export.file_name,
        mime=export.media_type,
        on_click="ignore",
        icon=_ICON,
        key="download-file",
        type="primary",
    )


def _forget() -> None:
    """Drop the session's extract, and stop the work on it."""
    job: _Job | None = st.session_state.pop(_JOB, None)
    if job is not None and job.extract is not None:
        job.extract.cancel()
