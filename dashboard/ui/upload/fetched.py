"""Where exports come from by themselves: how each source stands, what waits to be looked at, what came; fetched now."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import FetchNote, Outcome, SourceNote, moment
from dashboard.campaign.sources import NAMES, Source
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.processes.commands import Job
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, html_tables, messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload import add_source, state

LOOK_SECONDS = 10.0
"""How often an open page looks how the sources stand."""
_FETCH = "staff-fetch"
_FAILED = "staff-fetch-failed"
_MOST_FETCHES = 20
_MOST_GONE = 200
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.NEW: N_("published"),
    Outcome.WAITS: N_("waits for staff"),
    Outcome.SAME: N_("nothing new"),
    Outcome.LATER: N_("put off"),
    Outcome.FAILED: N_("failed"),
}


class _Work(NamedTuple):
    """A fetch that this page has asked for."""

    name: str
    job: Job


def show(view: Frame) -> None:
    """Draw the sources, looked at again by itself, and the form that adds one."""
    try:
        sources = CampaignFolder(Settings.from_environment().campaign).load().source
    except UserError:
        return  # the page says elsewhere what is wrong with the campaign
    work: _Work | None = st.session_state.get(_FETCH)
    every = LOOK_SECONDS if work is None else campaign_commands.POLL_SECONDS
    st.fragment(_show, run_every=every if sources else None)(view, sources)
    add_source.show(view, _start)


def _show(view: Frame, sources: tuple[Source, ...]) -> None:
    t = view.t
    messages.show_heading(t("Sources"))
    st.markdown(
        t("Exports come from here by themselves. What is new is read as if somebody had dropped it.")
        if sources
        else t("Exports can come by themselves, from the tool that holds them or from where a file lies.")
    )
    work: _Work | None = st.session_state.get(_FETCH)
    if work is not None and campaign_commands.wait(work.job):
        _take(work)
        st.rerun()
    failed: UserError | None = st.session_state.pop(_FAILED, None)
    if failed is not None:
        messages.show_error(view, failed)
    for source in sources:
        _show_source(view, source, work)


def _show_source(view: Frame, source: Source, work: _Work | None) -> None:
    t, campaign = view.t, Settings.from_environment().campaign
    note = source_notes.read(campaign / "private", source.name)
    is_waiting = bool(note.waits_in) and (campaign / "private" / "drafts" / note.waits_in).is_dir()
    with st.container(border=True, key=f"source-{source.name}"):
        st.markdown(f"**{plain(source.label)}**  \n{plain(_describe(view, source, note))}")
        if note.last is not None and note.failures:
            _show_failure(view, note.last)
        _show_gone(view, note)
        if work is not None and work.name == source.name:
            campaign_commands.show_progress(view, work.job)
        with st.container(horizontal=True):
            if is_waiting:
                st.button(
                    t("Look at what came"),
                    key=f"source-look-{source.name}",
                    type="primary",
                    icon=":material/preview:",
                    on_click=state.take_waiting,
                    args=(note.waits_in,),
                )
            st.button(
                t("Fetch now"),
                key=f"source-fetch-{source.name}",
                icon=":material/refresh:",
                disabled=work is not None,
                on_click=_start,
                args=(source.name,),
            )
            if note.fetches:
                with st.popover(t("History")):
                    _show_history(view, note)
            with st.popover(t("Remove …")):
                st.markdown(t("It is not fetched any more. What came from it stays, and Undo puts it back."))
                st.button(
                    t("Remove {source}", source=source.label),
                    key=f"source-remove-{source.name}",
                    icon=":material/delete:",
                    on_click=add_source.remove,
                    args=(view, source),
                )


def _describe(view: Frame, source: Source, note: SourceNote) -> str:
    """What stands beside a source's name: tool, answers, when it was asked, when it is asked again."""
    t, now = view.t, datetime.now(UTC)
    words = [t(NAMES[source.tool])]
    if note.answers is not None:
        words.append(
            t.plural("{n} answer", "{n} answers", note.answers, text=formats.format_count(note.answers, view.lang))
        )
    asked, planned = moment(note.last.at) if note.last else None, moment(note.next_at)
    if asked is None:
        words.append(t("never fetched"))
    else:
        words.append(formats.format_since((now - asked).total_seconds(), view.lang))
    if planned is not None:
        late = (now - planned).total_seconds()
        when = formats.format_since(late, view.lang)
        words.append(t("next {when}", when=when) if late < 0 else t("due now"))
    return " · ".join(words)


def _show_failure(view: Frame, fetch: FetchNote) -> None:
    t = view.t
    st.warning(f"{plain(t(fetch.what))} {plain(t(fetch.remedy))}", icon=":material/warning:")


def _show_gone(view: Frame, note: SourceNote) -> None:
    """What is not there any more on the far side, for staff to decide."""
    t = view.t
    answers = [key for file in note.files.values() for key in file.gone]
    files = [name for name, file in note.files.items() if file.is_gone]
    if not answers and not files:
        return
    said = (
        t.plural(
            "{n} answer is not there any more. It stays here.",
            "{n} answers are not there any more. They stay here.",
            len(answers),
            text=formats.format_count(len(answers), view.lang),
        )
        if answers
        else t("Files are not there any more. They stay here.")
    )
    with st.expander(said, icon=":material/info:"):
        st.markdown(", ".join(plain(name) for name in (*files, *answers[:_MOST_GONE])))


def _show_history(view: Frame, note: SourceNote) -> None:
    t = view.t
    columns = (
        *html_tables.words(t("Asked at (UTC)"), t("Outcome")),
        *html_tables.figures(t("New"), t("Changed"), t("Answers"), t("Size")),
    )
    rows = [
        [
            fetch.at[:16].replace("T", " "),
            t(_OUTCOMES[fetch.outcome]) + (f": {t(fetch.what)}" if fetch.what else ""),
            formats.format_count(fetch.added, view.lang),
            formats.format_count(fetch.changed, view.lang),
            formats.NOTHING if fetch.answers is None else formats.format_count(fetch.answers, view.lang),
            formats.format_bytes(fetch.size, view.lang),
        ]
        for fetch in note.fetches[:_MOST_FETCHES]
    ]
    st.html(html_tables.render(columns, rows, is_long=True))


def _start(name: str) -> None:
    try:
        st.session_state[_FETCH] = _Work(name, campaign_commands.start("fetch", name))
    except UserError as error:
        st.session_state[_FAILED] = error


def _take(work: _Work) -> None:
    """Take up what a fetch has come to: a failure of the source itself stands in its note."""
    st.session_state.pop(_FETCH, None)
    try:
        campaign_commands.take(work.job)
    except UserError as error:
        st.session_state[_FAILED] = error
