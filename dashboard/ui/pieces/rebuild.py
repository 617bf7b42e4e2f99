"""The build from a page: staff's decisions wait for one, and this piece runs it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.campaign.answers import question_kinds
from dashboard.errors import UserError
from dashboard.ground.processes.commands import Job
from dashboard.i18n import N_
from dashboard.lists.quality import open_columns
from dashboard.ui.frame import figures, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages

_JOB = "staff-quality-build"
_WAITING = "staff-quality-waiting"
_ERROR = "staff-quality-build-error"
_BUILT = "staff-quality-built"

_WAYS = {
    open_columns.REFUSAL: N_("Settle these columns: preview the inbox as it is"),
    question_kinds.REFUSAL: N_("Answer these questions: preview the inbox as it is"),
}
"""The way out of a refusal, by how it begins."""


def note_change(view: View, changes: int = 1) -> None:
    """Remember that something was settled, or several things, which the figures do not show yet."""
    st.session_state[_WAITING] = (view.snapshot.build_id, _count_waiting(view) + changes)


def take_change_back(view: View) -> None:
    """Forget a change, because it was undone before a build."""
    st.session_state[_WAITING] = (view.snapshot.build_id, max(0, _count_waiting(view) - 1))


def remember(view: View, key: str, make: Callable[[], Any]) -> Any:
    """Keep a value in the session under a key as long as this build is shown; `make` a new one for another build."""
    build_id, thing = st.session_state.get(key, ("", None))
    if build_id != view.snapshot.build_id:
        thing = make()
        st.session_state[key] = (view.snapshot.build_id, thing)
    return thing


def _count_waiting(view: View) -> int:
    build_id, count = st.session_state.get(_WAITING, ("", 0))
    return int(count) if build_id == view.snapshot.build_id else 0


def show(view: View) -> None:
    """Draw the build under way, the outcome of the last one, or the offer to build where changes wait."""
    t = view.t
    job: Job | None = st.session_state.get(_JOB)
    if job is not None:
        st.fragment(_show_work, run_every=campaign_commands.POLL_SECONDS)(view, job)
        return
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
        way = next((label for refusal, label in _WAYS.items() if error.what.startswith(refusal)), None)
        if way is not None:
            page_link.show(PageLink(view.t(way), "upload", (("lang", view.lang),), ":material/inbox:"))
    if st.session_state.pop(_BUILT, False):
        st.success(t("Built and published: the pages show the new figures."), icon=":material/check_circle:")
    count = _count_waiting(view)
    if count:
        with st.container(horizontal=True, vertical_alignment="center", key="quality-waiting"):
            text = t.plural(
                "{n} change is waiting for the next build.", "{n} changes are waiting for the next build.", count
            )
            st.markdown(f"**{text}** {t('You can continue and build once at the end.')}")
            if not view.snapshot.is_shipped_sample:  # nothing is built from the samples
                st.button(
                    t("Build now"), key="build-now", type="primary", icon=":material/construction:", on_click=_start
                )


def _start() -> None:
    try:
        st.session_state[_JOB] = campaign_commands.start("build", "--decided")
    except UserError as error:
        st.session_state[_ERROR] = error


def _show_work(view: View, job: Job) -> None:
    """Draw the progress of the build; where it has ended, take its result and draw the page again."""
    if job.done():
        try:
            with messages.explain_faults(N_("The build finished, but its figures could not be shown.")):
                campaign_commands.take(job)
                st.session_state[_BUILT] = True
                figures.see_newest()
                st.session_state.pop(_WAITING, None)
        except UserError as error:
            st.session_state[_ERROR] = error
        st.session_state.pop(_JOB, None)
        st.rerun()
    st.markdown(view.t("Building. The pages show the previous figures until it finishes."))
    campaign_commands.show_progress(view, job)
