"""The page Reports received: cases of abuse, the queue of waiting reports, what was decided, stakeholders' links."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path

import streamlit as st

from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, find_replaced
from dashboard.files.extracts.choice import EXCEL
from dashboard.files.extracts.order import submit_file
from dashboard.languages import write_attributes
from dashboard.lists.decided_reports import find_counted, make_decided
from dashboard.settings import Settings
from dashboard.ui.frame import page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import (
    account,
    campaign_commands,
    file_at_once,
    html_tables,
    list_table,
    messages,
    paging,
    report_link,
)
from dashboard.ui.reports import deciding, model, publishing_note, sent_files, stakeholder_links, taking_back
from dashboard.ui.reports.model import QueuedReport

PAGE_REPORTS = 50
LONGEST_QUESTION = 1_000
_TICK = "staff-report-tick-"


def show(view: View) -> None:
    """Draw the cases and the queue, below it what was decided and the links."""
    campaign_commands.show_unrecorded(view)
    publishing_note.show(view)
    campaign = Settings.from_environment().campaign
    reports = ReportBox(campaign / "private").list()
    waiting = [report for report in reports if report.state is ReportState.WAITING]
    cases, replaced = [report for report in waiting if report.is_case], find_replaced(waiting)
    queue = model.arrange([one for one in waiting if not one.is_case and one.report_no not in replaced])
    counted_nos = find_counted(campaign, waiting)
    _show_cases(view, cases)
    if queue:
        _show_queue(view, queue, replaced, counted_nos)
    else:
        deciding.show_outcome(view)
        if not cases:
            _say_nothing_waits(view, has_reports=bool(reports))
    if counted_nos or any(report.decided_at for report in reports):
        _show_decided(view, campaign)
    taking_back.show(view, reports)
    stakeholder_links.show(view, reports)


def _show_decided(view: View, campaign: Path) -> None:
    is_asked = any(name in view.parameters for name in list_table.PARAMETERS)
    with st.expander(view.t("Decided reports"), expanded=is_asked):
        list_model = list_table.make_model(view, make_decided(campaign))
        place = {"campaign": str(campaign), "lang": view.lang}
        make = partial(submit_file, "dashboard.lists.decided_reports", view.snapshot, place)
        name = f"{view.snapshot.campaign['starts_on']:%Y}-reports-decided_{view.lang}.xlsx"
        excel = file_at_once.File("reports-decided", view.t("Download as Excel"), make, name, EXCEL)
        file_at_once.show(view, "staff-files-reports-decided", list_model.total, excel)
        list_table.show(view, list_model)


def _say_nothing_waits(view: View, *, has_reports: bool) -> None:
    """Say that no report waits, and what to do where none can come."""
    t = view.t
    is_open = read_reports_by_link(Settings.from_environment().campaign).open
    if not is_open:
        st.info(
            t("Stakeholders cannot report by link. Turn it on in the settings, under “Reports by link”."),
            icon=":material/block:",
        )
        page_link.show(PageLink(t("Settings"), "settings", (("lang", view.lang),), ":material/tune:"))
    elif has_reports or report_link.open_links().list():
        st.success(t("No report is waiting."), icon=":material/check_circle:")
    else:
        st.info(
            t("Nobody has a link to report by yet. Write letters to those who have not reported, or create a link."),
            icon=":material/mail:",
        )
        pairs = (("section", "letters"), ("lang", view.lang))
        page_link.show(PageLink(t("Write letters to them"), "silent", pairs, ":material/mail:"))


def _show_cases(view: View, cases: Sequence[Report]) -> None:
    """Draw the reports of cases of abuse, each closed: nothing of them is accepted, and they go to the contact."""
    if not cases:
        return
    t, contact = view.t, read_reports_by_link(Settings.from_environment().campaign).case_contact
    words = t.plural("{n} report tells of a case of abuse.", "{n} reports tell of a case of abuse.", len(cases))
    with st.container(border=True, key="reports-cases"):
        messages.show_card_title(words)
        if contact:
            messages.show_note(t("It goes to {contact}. Nothing of it is published.", contact=contact))
        else:
            messages.show_note(t("The campaign names no contact for cases. Name one in the settings."))
            page_link.show(PageLink(t("Settings"), "settings", (("lang", view.lang),), ":material/tune:"))
        for report, one in zip(cases, model.make_queue(view, cases), strict=True):
            label = " · ".join((model.say_received(t, report), report.report_no))
            with st.expander(label, icon=":material/lock:", key=f"case-{report.report_no}"):
                messages.show_card_title(one.title, 3)
                _show_content(view, one)
                sent_files.show(view, one.report_no, one.files, one.lang, has_ticks=False)
                st.button(
                    t("Passed on"), key=f"case-passed-{report.report_no}", icon=":material/forward_to_inbox:",
                    help=t("Sets the report aside, with this reason."), on_click=deciding.close_case,
                    args=(view, report.report_no),
                )  # fmt: skip


def _show_queue(
    view: View, waiting: Sequence[Report], replaced: Mapping[str, str], counted_nos: Collection[str]
) -> None:
    t = view.t
    page = paging.find("staff-reports-page", PAGE_REPORTS, len(waiting))
    reports = waiting[page.offset : page.offset + PAGE_REPORTS]
    words = t.plural("{n} report is waiting.", "{n} reports are waiting.", len(waiting))
    st.html(f'<p class="state">{escape(words)}</p>')
    acceptable = [report for report in reports if report.kind is not ReportKind.ERASURE]
    if len(acceptable) > 1:
        label = t("Choose the {n} on this page", n=len(acceptable))
        st.button(label, key="reports-all", icon=":material/checklist:", on_click=_tick, args=(acceptable,))
    for pair, group in groupby(model.make_queue(view, reports, replaced, counted_nos), key=lambda one: one.pair):
        queued = list(group)
        if pair and len(queued) > 1:
            _show_pair(view, queued)
        else:
            for one in queued:
                _show_report(view, one)
    paging.show_others(page, len(waiting))
    with st.container(key="reports-ways"):
        deciding.show_outcome(view)  # beside the buttons, where whoever has clicked one looks
        if view.snapshot.is_shipped_sample:
            messages.show_sample_note(view)
        else:
            _show_ways(view, [report for report in reports if st.session_state.get(f"{_TICK}{report.report_no}")])


def _tick(reports: Sequence[Report]) -> None:
    for report in reports:
        st.session_state[f"{_TICK}{report.report_no}"] = True


def _show_pair(view: View, queued: Sequence[QueuedReport]) -> None:
    """Draw the reports about one action beside each other."""
    words = view.t("{n} reports about one action, by different links: the later decides.", n=len(queued))
    messages.show_card_title(words)
    columns = st.columns(2)
    for number, one in enumerate(queued):
        with columns[number % 2]:
            _show_report(view, one)


def _show_report(view: View, one: QueuedReport) -> None:
    """Draw a report: what it changes beside what stands, what the stakeholder wrote, its files, and warnings."""
    with st.container(border=True, key=f"report-{one.report_no}"):
        st.checkbox(plain(one.title), key=f"{_TICK}{one.report_no}")
        _show_content(view, one)
        if one.lineage is not None:
            file, sheet = account.name_place(view, one.lineage.file, one.lineage.sheet)
            place = account.place(view, file, sheet, one.lineage.row)
            messages.show_note(f"{one.lineage.words} {view.t('Source: {source}', source=place)}")
            account.show_button(view, one.lineage.file, one.lineage.sheet, one.lineage.row, one.report_no)
        if one.reply:
            st.checkbox(one.reply, key=deciding.name_reply(one.report_no))
        sent_files.show(view, one.report_no, one.files, one.lang)


def _show_content(view: View, one: QueuedReport) -> None:
    t = view.t
    way = f"{one.link.render(view.page_id)} · " if one.link else ""
    parts = [f'<p class="card-note"><b>{escape(one.kind)}</b> · {way}{escape(one.about)}</p>']
    if one.changes:
        parts.append(html_tables.render(html_tables.words(t("Fact"), t("Now"), t("In the report")), one.changes))
    facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(words)}</dd>" for label, words in one.facts)
    lang = write_attributes(one.lang)
    facts += "".join(
        f"<dt>{escape(label)}</dt><dd {lang}>{'<br>'.join(map(escape, text.splitlines()))}</dd>"
        for label, text in one.texts
    )
    parts.append(f'<dl class="action-facts">{facts}</dl>' if facts else "")
    parts += [messages.note(one.question)] if one.question else []
    parts += (f'<p class="card-note"><b>⚠</b> {escape(warning)}</p>' for warning in one.warnings)
    st.html("".join(parts))


def _show_ways(view: View, chosen: Sequence[Report]) -> None:
    """Draw what accepting the chosen reports changes, and what else staff may do with them."""
    t, numbers = view.t, [report.report_no for report in chosen]
    replies, files = len(deciding.list_replies(chosen)), len(deciding.list_confirmed(chosen))
    with st.container(horizontal=True, vertical_alignment="center"):
        words = model.say_accepting(t, view.snapshot, chosen, replies, files)
        st.html(f"<p>{escape(words)}</p>", width="stretch")
        st.button(
            t("Accept"), type="primary", icon=":material/check:", key="reports-accept", disabled=not chosen,
            on_click=deciding.accept, args=(view, chosen),
        )  # fmt: skip
        question = st.popover(
            t("Ask back …"), icon=":material/contact_support:", disabled=len(chosen) != 1, key="reports-ask-box",
            help=None if len(chosen) == 1 else t("Choose one report to ask its sender back."),
        )  # fmt: skip
        with question, st.form("reports-ask-form", border=False):
            st.text_area(
                t("Your question"), key=deciding.QUESTION, max_chars=LONGEST_QUESTION, height=90,
                help=t("It goes by mail to the address on file, and stands above the form behind the link."),
            )  # fmt: skip
            st.form_submit_button(
                t("Ask back"), key="reports-ask", icon=":material/send:", disabled=len(chosen) != 1,
                on_click=deciding.ask_back, args=(view, *chosen[:1]),
            )  # fmt: skip
        aside = st.popover(t("Set aside …"), icon=":material/close:", disabled=not chosen, key="reports-aside-box")
        with aside, st.form("reports-aside-form", border=False):
            st.text_area(
                t("Why they are set aside"), key=deciding.REASON, max_chars=taking_back.LONGEST_REASON, height=90,
                help=t("Kept with the reports and in the audit log; stakeholders do not see it."),
            )  # fmt: skip
            st.form_submit_button(
                t("Set them aside"), key="reports-aside", icon=":material/close:",
                on_click=deciding.set_aside, args=(view, numbers),
            )  # fmt: skip
        case = st.popover(t("Case of abuse …"), icon=":material/lock:", disabled=not chosen, key="reports-case-box")
        with case:
            st.markdown(t("Nothing of them is ever published. They go to the contact that the campaign names."))
            st.button(
                t("Pass to the contact for cases"), key="reports-case", icon=":material/forward_to_inbox:",
                on_click=deciding.mark_cases, args=(view, numbers),
            )  # fmt: skip
