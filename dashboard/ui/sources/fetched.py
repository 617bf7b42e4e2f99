"""Automatic exports: the state of each source, the waiting drafts, the arrivals; with a button that fetches now.

The page that draws this decides about a draft to look at; all else is here.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import formats
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import Outcome, SourceNote, moment
from dashboard.campaign.sources import NAMES, Source
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, html_tables, messages
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.sources import source_form, source_work
from dashboard.ui.sources.source_work import SourceWork

LOOK_SECONDS = 10.0
"""How often an open page checks the state of the sources."""
_MOST_FETCHES = 20
_MOST_GONE = 200
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.NEW: N_("published"),
    Outcome.WAITS: N_("waits for staff"),
    Outcome.SAME: N_("nothing new"),
    Outcome.LATER: N_("postponed"),
    Outcome.FAILED: N_("failed"),
}
_SAY_COLUMNS = N_("Assign its columns; what arrived waits until then.")
Look = Callable[[str], None]


def show(view: Frame, look: Look | None = None) -> None:
    """Draw the sources, looked at again by itself, and the form that adds one.

    `look`: called with the id of a draft that somebody wants to look at; where it is not given, a link to the page
    Upload stands in its place.
    """
    if _load() is None:
        return  # the page shows the campaign's fault elsewhere
    every = _find_pace()
    st.fragment(_show, run_every=every)(view, look, every)
    with st.expander(view.t("Add a source"), icon=":material/add:"):
        every = _find_pace_of_form()
        st.fragment(_show_form, run_every=every)(view, every)


def _load() -> tuple[Source, ...] | None:
    try:
        return CampaignFolder(Settings.from_environment().campaign).load().source
    except UserError:
        return None


def _find_pace() -> float | None:
    """Find how often to draw the blocks: soon again while work is under way, never while somebody writes in one."""
    work = source_work.find()
    if work.fetch or (work.changed and work.trial):
        return campaign_commands.POLL_SECONDS
    return LOOK_SECONDS if _load() and not work.changed else None


def _find_pace_of_form() -> float | None:
    work = source_work.find()
    return campaign_commands.POLL_SECONDS if work.trial and not work.changed else None


def _show_form(view: Frame, every: float | None) -> None:
    """Draw the form that adds a source; its changes show in the whole page."""
    work = source_work.find()
    if work.take_new() or _find_pace_of_form() != every:
        st.rerun()
    source_form.show(view, work, None)


def _show(view: Frame, look: Look | None, every: float | None) -> None:
    t, sources, work = view.t, _load() or (), source_work.find()
    messages.show_heading(t("Sources"))
    st.markdown(
        t("Exports arrive from here automatically. New ones are read as if somebody had uploaded them.")
        if sources
        else t(
            "Exports can arrive automatically, from the tool that holds them or from the place where a file is kept."
        )
    )
    if work.take_fetch() or work.take_new() or _find_pace() != every:
        st.rerun()
    if work.said:
        st.success(plain(work.said), icon=":material/check_circle:")
    refused, work.refused = work.refused, None
    if refused is not None:
        messages.show_error(view, refused)
    if (undo := work.undo) is not None:
        name = undo.former["title"] or undo.former["name"]
        label = (
            t("Undo: restore {source}", source=name) if undo.is_removed else t("Undo: {source} as it was", source=name)
        )
        st.button(label, key="source-undo", icon=":material/undo:", on_click=partial(work.put_back, view, undo))
    for source in sources:
        _show_source(view, source, work, look)


def _show_source(view: Frame, source: Source, work: SourceWork, look: Look | None) -> None:
    note = source_notes.read(Settings.from_environment().campaign / "private", source.name)
    is_waiting = bool(note.waits_in) and _find_draft(note).is_dir()
    with st.container(border=True, key=f"source-{source.name}"):
        st.markdown(f"**{plain(source.label)}**  \n{plain(_describe(view, source, note))}")
        _show_failures(view, note, is_waiting=is_waiting)
        _show_gone(view, note)
        if work.fetch is not None and work.fetch[0] == source.name:
            campaign_commands.show_progress(view, work.fetch[1])
        if work.changed == source.name:
            source_form.show(view, work, source)
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            if is_waiting:
                _show_way(view, work, source, note, look)
            _show_actions(view, work, source, note)


def _find_draft(note: SourceNote) -> Path:
    return Settings.from_environment().campaign / "private" / "drafts" / note.waits_in


def _show_way(view: Frame, work: SourceWork, source: Source, note: SourceNote, look: Look | None) -> None:
    """Draw the link to a waiting preview, or to a file without a recipe."""
    is_read = (_find_draft(note) / "draft.json").is_file()
    label = view.t("See what arrived") if is_read else view.t("Assign its columns")
    icon = ":material/preview:" if is_read else ":material/edit_note:"
    if look is None:
        page_link.show(PageLink(label, "upload", (("lang", view.lang),), icon))
        return

    def look_at() -> None:
        look(note.waits_in)
        work.is_new = True  # it takes the place of the sources

    st.button(label, key=f"source-look-{source.name}", type="primary", icon=icon, on_click=look_at)


def _show_actions(view: Frame, work: SourceWork, source: Source, note: SourceNote) -> None:
    t, key, is_busy = view.t, f"source-fetch-{source.name}", work.fetch is not None
    fetch, change = partial(work.start_fetch, source.name), partial(work.change, source.name)
    st.button(t("Fetch now"), key=key, icon=":material/refresh:", disabled=is_busy, on_click=fetch)
    st.button(t("Change …"), key=f"source-change-{source.name}", icon=":material/edit:", on_click=change)
    if note.fetches:
        with st.popover(t("History")):
            _show_history(view, note)
    with st.popover(t("Remove …")):
        st.markdown(t("It will no longer be fetched. What came from it stays; Undo restores it."))
        label, remove = t("Remove {source}", source=source.label), partial(work.remove, view, source)
        st.button(label, key=f"source-remove-{source.name}", icon=":material/delete:", on_click=remove)


def _describe(view: Frame, source: Source, note: SourceNote) -> str:
    """Describe a source beside its name: tool, answers, last and next fetch."""
    t, now = view.t, datetime.now(UTC)
    words = [t(NAMES[source.tool])]
    if note.answers is not None:
        words.append(t.plural("{n} answer", "{n} answers", note.answers, text=note.answers))
    fetched_at, planned = moment(note.last.at) if note.last else None, moment(note.next_at)
    if fetched_at is None:
        words.append(t("never fetched"))
    else:
        words.append(formats.format_since((now - fetched_at).total_seconds(), view.lang))
    if planned is not None:
        late = (now - planned).total_seconds()
        when = formats.format_since(late, view.lang)
        words.append(t("next {when}", when=when) if late < 0 else t("due now"))
    return " · ".join(words)


def _show_failures(view: Frame, note: SourceNote, *, is_waiting: bool) -> None:
    """Draw the last failure, and the unread files while the rest is published; with the remedies available here."""
    last = UserError(note.last.what, note.last.remedy) if note.last is not None and note.failures else None
    unread = [UserError(file.what, file.remedy) for file in note.files.values() if is_waiting and file.what]
    for error in (*filter(None, [last]), *(one for one in unread if last is None or one.what != last.what)):
        page_error = source_form.for_the_page(error, _SAY_COLUMNS) if is_waiting else error
        st.warning(plain(messages.say_error(view.t, page_error)), icon=":material/warning:")


def _show_gone(view: Frame, note: SourceNote) -> None:
    """Draw the answers and files that no longer exist on the far side, for staff to decide."""
    t = view.t
    answers = [key for file in note.files.values() for key in file.gone]
    files = [name for name, file in note.files.items() if file.is_gone]
    if not answers and not files:
        return
    title = (
        t.plural(
            "{n} answer no longer exists there. It stays here.",
            "{n} answers no longer exist there. They stay here.",
            len(answers),
            text=len(answers),
        )
        if answers
        else t("Some files no longer exist there. They stay here.")
    )
    with st.expander(title, icon=":material/info:"):
        st.markdown(", ".join(plain(name) for name in (*files, *answers[:_MOST_GONE])))


def _show_history(view: Frame, note: SourceNote) -> None:
    t = view.t

    def write(number: int | None) -> str:
        return formats.NOTHING if number is None else formats.format_count(number, view.lang)

    columns = (
        Cells(t("Queried at (UTC)"), lambda fetch: fetch.at[:16].replace("T", " ")),
        Cells(t("Outcome"), lambda fetch: t(_OUTCOMES[fetch.outcome]) + (f": {t(fetch.what)}" if fetch.what else "")),
        Cells(t(N_("New", "answers that a source has")), lambda fetch: write(fetch.added), is_words=False),
        Cells(t(N_("Changed", "answers that a source has")), lambda fetch: write(fetch.changed), is_words=False),
        Cells(t("Answers"), lambda fetch: write(fetch.answers), is_words=False),
        Cells(t("Size"), lambda fetch: formats.format_bytes(fetch.size, view.lang), is_words=False),
    )
    html_tables.show_records(note.fetches[:_MOST_FETCHES], columns, is_long=True)
