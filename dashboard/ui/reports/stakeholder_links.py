"""The links by which stakeholders report: a new one, each with its facts and the way to end it, the end of all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.links import ReportLink
from dashboard.campaign.reporting.reports import Report
from dashboard.i18n import N_
from dashboard.lists.held import name_origin
from dashboard.measures import stakeholders
from dashboard.measures.register import name_stakeholder
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages, paging, report_link
from dashboard.ui.reports import deciding
from dashboard.ui.reports.model import Facts, read_reported

PAGE_LINKS = 20
_MOST_NAMED = 3


@dataclass(frozen=True)
class LinkEntry:
    """One link in the list of links: for whom, its facts, its state, and whether it opens."""

    handle: str
    whose: str
    facts: str
    state: str
    is_open: bool


def find_links(view: View, links: Sequence[ReportLink], words: str) -> list[ReportLink]:
    """Find the links whose owner's name has some words, or one of whose actions has this id; in any writing."""
    facts = read_reported(view.snapshot, [action_id for one in links for action_id in one.action_ids])
    names = ([*_list_owners(view, one, facts), *one.action_ids] for one in links)
    sought = words.casefold()
    return [one for one, texts in zip(links, names, strict=True) if any(sought in text.casefold() for text in texts)]


def list_links(view: View, links: Sequence[ReportLink], reports: Sequence[Report]) -> tuple[LinkEntry, ...]:
    """Describe links: for whom, origin, last day, state, and how many of the reports came by each."""
    t = view.t
    facts = read_reported(view.snapshot, [action_id for one in links for action_id in one.action_ids])
    counts = Counter(report.link for report in reports)
    entries = []
    for one in links:
        days = [name_origin(t, one.origin), t("Created on {day}", day=_say_day(view, one.made_on))]
        if one.ended_on is None:
            days.append(t("Last day {day}", day=_say_day(view, one.ends_on)))
        else:
            days.append(t("Ended on {day}", day=_say_day(view, one.ended_on)))
        received = counts[one.handle]
        days.append(t.plural("{n} report", "{n} reports", received) if received else t("No report yet"))
        state = t(N_("Open", "a link")) if one.is_open() else t(N_("Ended", "a link"))
        owners = _list_owners(view, one, facts)
        more = [f"+{len(owners) - _MOST_NAMED}"] if len(owners) > _MOST_NAMED else []
        whose = ", ".join([*owners[:_MOST_NAMED], *more])
        entries.append(LinkEntry(one.handle, whose, " · ".join(days), state, one.is_open()))
    return tuple(entries)


def _say_day(view: View, day: date) -> str:
    return formats.format_date(day, view.lang)


def _list_owners(view: View, link: ReportLink, facts: Facts) -> list[str]:
    """List whom a link is for, by the stakeholders of its actions; by their ids where the build has none of them."""
    persons = view.snapshot.person_names
    names = [name_stakeholder(facts[one]["stakeholder"], persons, view.lang) for one in link.action_ids if one in facts]
    return list(dict.fromkeys(filter(None, names))) or list(link.action_ids)


def show(view: View, reports: Sequence[Report]) -> None:
    """Draw the links, folded; nothing where nobody may report by link, and nobody ever could."""
    t, links = view.t, report_link.open_links().list()
    is_open = read_reports_by_link(Settings.from_environment().campaign).open
    if not (links or is_open):
        return
    open_links = sum(one.is_open() for one in links)
    with st.expander(t.plural("Links: {n} is open", "Links: {n} are open", open_links), icon=":material/link:"):
        if is_open:
            _show_new_link(view)
        if open_links:
            _show_end(view, None, t("End all links"), t("All links stop working, those in letters too. Reports stay."))
        messages.show_card_title(t("Links created"))
        words = ""
        if len(links) > 1:
            label, hint = t("Find a link"), t("A stakeholder, an action ID")
            words = st.text_input(label, key="staff-report-links-words", placeholder=hint, width=460).strip()
            links = find_links(view, links, words) if words else links
        if words and not links:
            messages.show_note(t("No link matches this."))
        page = paging.find("staff-report-links-page", PAGE_LINKS, len(links))
        for entry in list_links(view, links[page.offset : page.offset + PAGE_LINKS], reports):
            with messages.show_entry(f"report-link-{entry.handle}", entry.whose, entry.facts, role=entry.state):
                if entry.is_open:
                    end = t("The link stops working. You can create a new one.")
                    _show_end(view, entry.handle, t("End the link"), end)
        paging.show_others(page, len(links))


def _show_new_link(view: View) -> None:
    rows = stakeholders.page(view.snapshot, Selection(lang=view.lang), limit=10_000)
    names = dict(zip(rows["stakeholder_id"], rows["name"], strict=True))
    stakeholder_id = st.selectbox(
        view.t("New link for"), list(names), index=None, format_func=lambda one: names.get(one, one),
        key="reports-new-link", placeholder=view.t("Choose a stakeholder"), width=460,
    )  # fmt: skip
    if stakeholder_id:
        report_link.show(view, stakeholder_id)


def _show_end(view: View, handle: str | None, label: str, consequence: str) -> None:
    """Draw the button that asks before it ends a link, or all of them."""
    key = f"report-link-end-{handle or 'all'}"
    with st.popover(label, icon=":material/block:", key=f"{key}-box", width="content"):
        st.markdown(consequence)
        st.button(label, key=key, type="primary", on_click=_end, args=(view, handle))


def _end(view: View, handle: str | None) -> None:
    link.hold()
    event = Event.REPORT_LINK_ENDED if handle else Event.REPORT_LINKS_ENDED
    if campaign_commands.record_act(event, handle or ""):
        ended = report_link.open_links().end(handle)
        deciding.note(view.t.plural("{n} link ended.", "{n} links ended.", ended))
