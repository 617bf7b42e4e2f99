"""A file that takes a worker longer: ordered, waited for with a bar and a way out, taken; one at a time."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign import orders
from dashboard.errors import UserError
from dashboard.extracts.order import Export, Extract
from dashboard.i18n import Translator
from dashboard.settings import Settings
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.file_at_once import ICON, explain

_LOOK_SECONDS = 0.7


class Offer(NamedTuple):
    """A file that is waited for: its id, what it is called, the words on its button, what it is for, what starts it."""

    id: str
    name: str
    label: str
    start: Callable[[], Extract]
    help: str | None = None
    icon: str | None = None
    type: Literal["primary", "secondary"] = "secondary"


@dataclass
class _Job:
    """The one file that was ordered in a place, and the content it is made from."""

    offer: str
    content: Hashable
    build_id: str
    work: Extract | None = None
    started: float = field(default_factory=time.monotonic)
    export: Export | None = None
    error: UserError | None = None

    def take(self, get: Callable[[], Extract | Export]) -> None:
        """Keep the work under way or the file, or why it cannot be had."""
        self.work = None
        try:
            outcome = get()
        except Exception as error:
            self.error = explain(error, self.build_id)
            return
        if isinstance(outcome, Export):
            self.export = outcome
        else:
            self.work = outcome


def show(view: View, place: str, content: Hashable, offers: Sequence[Offer]) -> None:
    """Draw the offers, and what has become of the one that was ordered; a single one gives way to its file.

    Args:
        view: The page.
        place: Names the place: keys of its widgets, and the job kept for it in the session.
        content: What the files are made from; a job for anything else is given up.
        offers: The files that can be had.
    """
    job: _Job | None = st.session_state.get(place) or _take_over(view, place, content, offers)
    if job is not None and (job.content, job.build_id) != (content, view.snapshot.build_id):
        forget(place)
        job = None
    if job is not None and job.error is not None:
        messages.show_error(view, job.error)
    if job is None or job.error is not None or len(offers) > 1:
        is_busy = job is not None and job.work is not None
        with st.container(horizontal=True, gap="small", key=f"{place}-offers"):
            for offer in offers:
                _show_offer(view, place, content, offer, is_busy=is_busy)
    if job is None or job.error is not None:
        return
    name = next((offer.name for offer in offers if offer.id == job.offer), "")
    if job.export is not None:
        _show_file(view, place, job.export, name)
    else:
        st.fragment(_show_wait, run_every=_LOOK_SECONDS)(view, place, job, name)


def _take_over(view: View, place: str, content: Hashable, offers: Sequence[Offer]) -> _Job | None:
    """Begin anew what the page has ordered at another server, which is gone, and still shows."""
    tab, campaign = staff.find_former_tab(), Settings.from_environment().campaign
    order = orders.find(campaign, tab, place) if tab else None
    offer = next((one for one in offers if order is not None and one.id == order.offer), None)
    if order is None or offer is None or order.content != _hash(content, view.snapshot.build_id):
        return None
    orders.drop(campaign, tab, place)
    return _begin(place, content, view.snapshot.build_id, offer)


def _hash(content: Hashable, build_id: str) -> str:
    return orders.hash_content((content, build_id))


def forget(place: str) -> None:
    """Drop the file of a place, and stop the work on it."""
    job: _Job | None = st.session_state.pop(place, None)
    if job is not None:
        orders.drop(Settings.from_environment().campaign, staff.find_tab(), place)
    if job is not None and job.work is not None:
        job.work.cancel()


def _show_offer(view: View, place: str, content: Hashable, offer: Offer, *, is_busy: bool) -> None:
    st.button(
        offer.label,
        key=f"{place}-{offer.id}",
        help=offer.help,
        icon=offer.icon,
        type=offer.type,
        disabled=is_busy,
        on_click=_start,
        args=(place, content, view.snapshot.build_id, offer),
    )


def _start(place: str, content: Hashable, build_id: str, offer: Offer) -> None:
    link.hold()
    _begin(place, content, build_id, offer)


def _begin(place: str, content: Hashable, build_id: str, offer: Offer) -> _Job:
    forget(place)
    job = st.session_state[place] = _Job(offer.id, content, build_id)
    job.take(offer.start)
    if job.work is not None and staff.find_tab():
        order = orders.Order(offer.id, _hash(content, build_id))
        orders.note(Settings.from_environment().campaign, staff.find_tab(), place, order)
    return job


def say_progress(t: Translator, name: str, share: float | None, seconds: int) -> str:
    """How far a file is, as far as the worker has told; before that only the time it has taken."""
    taken = formats.format_count(seconds, t.language)
    if share is None:
        words = t("{file}: in preparation for {seconds} s.", file=name, seconds=taken)
    else:
        done = formats.format_share(share, t.language)
        words = t("{file}: {share} done after {seconds} s.", file=name, share=done, seconds=taken)
    return f"{words} {t('You can keep reading meanwhile.')}"


def _show_wait(view: View, place: str, job: _Job, name: str) -> None:
    """The bar, and the way out."""
    if job.work is None or job.work.done():
        if job.work is not None:
            job.take(job.work.result)
        st.rerun()
    share = job.work.progress()
    words = say_progress(view.t, name, share, int(time.monotonic() - job.started))
    with st.container(key=f"{place}-wait"):
        st.progress(share or 0.0, text=words)
        if st.button(view.t("Cancel"), key=f"{place}-cancel", icon=":material/close:"):
            forget(place)
            st.rerun()


def _show_file(view: View, place: str, export: Export, name: str) -> None:
    size = formats.format_bytes(len(export.content), view.lang)
    st.download_button(
        view.t("Download: {file} ({size})", file=name, size=size),
        data=export.content,
        file_name=export.file_name,
        mime=export.media_type,
        on_click="ignore",
        icon=ICON,
        key=f"{place}-download",
        type="primary",
    )
