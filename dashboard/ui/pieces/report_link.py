"""A new link by which a stakeholder reports: the button that makes it, and its address to copy."""

from collections import Counter
from datetime import timedelta

import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.links import BY_STAFF, ReportLink, ReportLinks, find_today
from dashboard.measures import register
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages

_GIVEN = "staff-report-link"
"""The new link's key in the session; signing out drops it, as every key that begins so."""
_MOST_ACTIONS = 1_000


def open_links() -> ReportLinks:
    """Open the links of the campaign."""
    return ReportLinks(Settings.from_environment().campaign / "private")


def show(view: View, stakeholder_id: str) -> None:
    """Draw the button that makes a stakeholder's link, and the one that it has made; nothing where none may be made."""
    t = view.t
    if not read_reports_by_link(Settings.from_environment().campaign).open:
        return
    st.button(
        t("Create a link to report by"), key=f"report-link-{stakeholder_id}", icon=":material/link:",
        on_click=_make, args=(view, stakeholder_id),
    )  # fmt: skip
    last_link: tuple[str, ReportLink, str] | None = st.session_state.get(_GIVEN)
    if last_link is None or last_link[0] != stakeholder_id:
        return
    _, report_link, lang = last_link
    day = formats.format_date(report_link.ends_on, view.lang)
    messages.show_note(
        t("The link opens a page for its actions, without a password, until {day}. Whoever has it can report.", day=day)
    )
    address = open_links().write_address(link.site_address(view.page_id), report_link, lang)
    st.code(address, language=None, wrap_lines=True)


def _make(view: View, stakeholder_id: str) -> None:
    """Make a link for all actions of a stakeholder, in the language of most of them; a button's callback."""
    link.hold()
    campaign = Settings.from_environment().campaign
    ends_on = find_today() + timedelta(days=read_reports_by_link(campaign).days)
    actions = register.page(view.snapshot, Selection(stakeholders=(stakeholder_id,)), limit=_MOST_ACTIONS)
    if not campaign_commands.record_act(Event.REPORT_LINK_MADE, stakeholder_id, ends_on=str(ends_on)):
        return
    report_link = open_links().make(BY_STAFF, actions["action_id"].tolist(), ends_on)
    langs = Counter(lang for lang in actions["language"] if lang in view.snapshot.languages)
    st.session_state[_GIVEN] = (stakeholder_id, report_link, langs.most_common(1)[0][0] if langs else view.lang)
