"""A file that a worker makes: asked for, waited for with a way out, taken; one at a time for each place."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.errors import UserError
from dashboard.extracts import Export, Extract
from dashboard.ui import error_box
from dashboard.ui.page import Frame

_DOWNLOAD = ":material/download:"
_LOOK_SECONDS = 0.7


class Offer(NamedTuple):
    """A file that can be asked for: its id, the words on the button, what it is good for, and what starts it."""

    id: str
    label: str
    help: str
    start: Callable[[], Extract]
    icon: str = ""


@dataclass
class _Job:
    """The one file that was asked for in a place."""

    offer: str
    wanted: Hashable
    work: Extract | None = None
    started: float = field(default_factory=time.monotonic)
    export: Export | None = None
    error: UserError | None = None


def show(view: Frame, place: str, wanted: Hashable, offers: list[Offer]) -> None:
    """Draw the offers, and what has become of the one that was asked for.

    Args:
        view: The page.
        place: Names the place: keys of its widgets, and the job kept for it in the session.
        wanted: What the files are made from; a job for anything else is given up.
        offers: The files that can be had.
    """
    job: _Job | None = st.session_state.get(place)
    if job is not None and job.wanted != wanted:
        _forget(place)
        job = None
    is_busy = job is not None and job.work is not None
    with st.container(horizontal=True, gap="small", key=f"{place}-offers"):
        for offer in offers:
            st.button(
                offer.label,
                key=f"{place}-{offer.id}",
                help=offer.help,
                icon=offer.icon or None,
                disabled=is_busy,
                on_click=_start,
                args=(place, wanted, offer),
            )
    if job is None:
        return
    label = next((offer.label for offer in offers if offer.id == job.offer), "")
    if job.export is not None:
        _show_file(view, place, job.export, label)
    elif job.error is not None:
        error_box.show(view, job.error)
    else:
        st.fragment(_show_wait, run_every=_LOOK_SECONDS)(view, place, job, label)


def _start(place: str, wanted: Hashable, offer: Offer) -> None:
    _forget(place)
    job = _Job(offer.id, wanted)
    try:
        job.work = offer.start()
    except UserError as error:
        job.error = error
    st.session_state[place] = job


def _show_wait(view: Frame, place: str, job: _Job, label: str) -> None:
    """Say how long it has taken so far; how much is left is not known, so no share is shown."""
    if job.work is None or job.work.done():
        _finish(job)
        st.rerun()
    seconds = formats.format_count(int(time.monotonic() - job.started), view.lang)
    words = view.t(
        "{file}: being made, {seconds} s so far. You can go on reading meanwhile.", file=label, seconds=seconds
    )
    with st.container(horizontal=True, vertical_alignment="center", key=f"{place}-wait"):
        st.html(f'<p class="waiting" role="status">{escape(words)}</p>', width="content")
        if st.button(view.t("Cancel"), key=f"{place}-cancel", icon=":material/close:"):
            _forget(place)
            st.rerun()


def _finish(job: _Job) -> None:
    if job.work is None:
        return
    try:
        job.export = job.work.result()
    except UserError as error:
        job.error = error
    job.work = None


def _show_file(view: Frame, place: str, export: Export, label: str) -> None:
    size = formats.format_count(-(-len(export.content) // 1000), view.lang)
    st.download_button(
        view.t("Download: {file} ({size} kB)", file=label, size=size),
        data=export.content,
        file_name=export.file_name,
        mime=export.media_type,
        on_click="ignore",
        icon=_DOWNLOAD,
        key=f"{place}-download",
        type="primary",
    )


def _forget(place: str) -> None:
    """Drop the file of a place, and stop the work on it."""
    job: _Job | None = st.session_state.pop(place, None)
    if job is not None and job.work is not None:
        job.work.cancel()
