"""The page Audit log: its filters, one page of entries, each whole when it is opened, and a workbook of them."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.access.audit.entries import (
    ALL,
    MOST_ROWS,
    Filters,
    describe,
    find_entries,
    find_people,
    name_event,
    name_outcome,
    name_person,
)
from dashboard.access.audit.events import Event, Outcome
from dashboard.access.audit.log import find_folder, record
from dashboard.access.rights import Person
from dashboard.files.extracts.choice import EXCEL
from dashboard.ground.processes import runner
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import file_at_once, list_table, messages, paging
from dashboard.ui.pieces.list_cells import Cell
from dashboard.ui.pieces.list_table import Head, ListModel

PAGE_ENTRIES = 50
DAYS = 90
"""The first span of time on the page."""
COLUMNS = (
    ("moment", N_("When (UTC)"), "short"),
    ("what", N_("Operation"), "words"),
    ("who", N_("Who"), "words"),
    ("about", N_("About"), "words"),
    ("outcome", N_("Outcome"), "short"),
)
"""The parts of an entry that its line shows: name, label and style."""


def show(view: Frame) -> None:
    """Draw the filters, and the chosen entries."""
    t = view.t
    campaign = Settings.from_environment().campaign
    st.markdown(
        t(
            "What staff and administrators did, on pages and by commands: each operation once, with its outcome. It "
            "cannot be changed here. Times are in UTC."
        )
    )
    if not find_folder(campaign).is_dir():
        st.info(t("Nothing has been recorded yet."), icon=":material/info:")
        return
    filters = _choose(view, campaign)
    page = paging.find(f"audit-page-{abs(hash(filters))}", PAGE_ENTRIES)
    log_page = find_entries(campaign, filters, PAGE_ENTRIES, page.offset)
    if not log_page.total:
        st.info(t("No entry matches these filters."), icon=":material/search_off:")
        return
    numbers = paging.name_range(page, len(log_page.entries), log_page.total)
    summary = t("{first} to {last} of {total}, newest first.", **numbers)
    messages.show_note(summary)
    list_table.show_lines(view, make_list(view, log_page.entries.to_dict("records"), log_page.total, summary))
    paging.show_others(page, log_page.total)
    if isinstance(view, View):
        _show_download(view, campaign, filters, log_page.total)


def _choose(view: Frame, campaign: Path) -> Filters:
    """Draw the filters; at first the last days, since the log may be years long."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit-filters"):
        first = datetime.now(UTC).date() - timedelta(days=DAYS)
        since = _find_day(st.date_input(t("From"), first, format="DD/MM/YYYY", key="audit-since", width=160))
        until = _find_day(st.date_input(t("Until"), None, format="DD/MM/YYYY", key="audit-until", width=160))
        people = find_people(campaign, ALL._replace(since=since, until=until))
        events = st.multiselect(
            t("Operation"), list(Event), format_func=lambda event: name_event(t, event), key="audit-events",
            placeholder=t("All operations"), width=300, select_all=False,
        )  # fmt: skip
        who = st.multiselect(
            t("Who"), people.names, format_func=lambda name: name_person(t, name), key="audit-people",
            placeholder=t("Everybody"), width=300, select_all=False,
        )  # fmt: skip
        outcomes = st.multiselect(
            t("Outcome"), list(Outcome), format_func=lambda outcome: name_outcome(t, outcome),
            key="audit-outcomes", placeholder=t("All outcomes"), width=240, select_all=False,
        )  # fmt: skip
        words = st.text_input(
            t("Contains"), key="audit-words", placeholder=t("A file, a build, a name …"), max_chars=100, width=240
        )
    if people.damaged:
        text = t.plural(
            "{n} line of these months cannot be read: the program was stopped while writing it.",
            "{n} lines of these months cannot be read: the program was stopped while writing them.",
            people.damaged,
        )
        st.warning(text, icon=":material/warning:")
    return Filters(since, until, tuple(events), tuple(outcomes), tuple(who), words)


def _find_day(chosen: object) -> date | None:
    return chosen if isinstance(chosen, date) else None


def make_list(view: Frame, entries: list[dict[Any, Any]], total: int, summary: str) -> ListModel:
    """Make one page of entries, newest first; the details of an entry are folded below its event."""
    heads = tuple(Head(name, view.t(label), style) for name, label, style in COLUMNS)
    lines = []
    for details in (describe(view.t, entry) for entry in entries):
        words = dict(details)
        line = {head.name: Cell(words.get(head.label, "")) for head in heads}
        lines.append(line | {"what": line["what"]._replace(details=details)})
    return ListModel(view.t("Audit log"), heads, tuple(lines), total, summary=summary)


def _show_download(view: View, campaign: Path, filters: Filters, total: int) -> None:
    t, n = view.t, min(total, MOST_ROWS)
    label = t.plural("{n} entry as Excel", "{n} entries as Excel", n)
    make = partial(_make, campaign, filters, view.lang, staff.person())
    file = file_at_once.File("audit-excel", label, make, f"audit-log_{view.lang}.xlsx", EXCEL)
    file_at_once.show(view, "staff-files-audit", filters, file)
    if total > MOST_ROWS:
        st.caption(t("The workbook holds the newest {n}; python -m dashboard audit writes all of them.", n=MOST_ROWS))


def _make(campaign: Path, filters: Filters, lang: str, person: Person) -> bytes:
    """Make the workbook, and record it first; in a thread without a session."""
    values = filters.write()
    record(campaign, person, Event.AUDIT_TAKEN, "xlsx", **{name: values[name] for name in ("since", "until", "words")})
    arguments = {"campaign": str(campaign), "filters": values, "lang": lang}
    return runner.run(runner.Job("dashboard.lists.audit_book", arguments)).content
