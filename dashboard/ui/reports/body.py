"""The page Reports received: cases of abuse, the queue of waiting reports, what was decided, stakeholders' links."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path

import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.at_once import read_note
from dashboard.campaign.reporting.links import ReportLink
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, find_replaced
from dashboard.errors import UserError
from dashboard.files.extracts.choice import EXCEL
from dashboard.files.extracts.order import submit_file
from dashboard.i18n import N_
from dashboard.languages import write_attributes
from dashboard.lists.decided_reports import find_counted, make_decided
from dashboard.lists.held import name_origin
from dashboard.measures import stakeholders
from dashboard.measures.register import name_stakeholder
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
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
from dashboard.ui.reports import deciding, model, sent_files
from dashboard.ui.reports.model import Facts, QueuedReport, read_reported

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


def _show_links(view: View, reports: Sequence[Report]) -> None:
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


LONGEST_REASON = 300
_WHAT, _WHY = "staff-report-back-what", "staff-report-back-why"


def list_public(view: View, reports: Sequence[Report]) -> dict[str, str]:
    """List what can be taken back, the latest first: words by what the command takes, a file's hash or a number."""
    t = view.t
    public: dict[str, str] = {}
    for report in reversed(reports):
        name = formats.clean(str(report.promise.get("title", "")) or report.title or report.action_id)
        if report.counts_by_itself:
            words = t("Figures that count by themselves: {report} · {action}", report=report.report_no, action=name)
            public[report.report_no] = words
        if report.is_reply:
            words = formats.shorten(formats.clean(report.correction), 60)
            public[report.report_no] = t("Reply: {words} · {action}", words=words, action=name)
        for file in report.files:
            if file.is_public:
                public.setdefault(file.sha256, t("File: {words} · {action}", words=file.description, action=name))
    return public


def _show_public(view: View, reports: Sequence[Report]) -> None:
    """Draw the form that takes one thing back, folded; nothing where nothing is public."""
    t, public = view.t, list_public(view, reports)
    if not public:
        return
    by_itself = {report.report_no for report in reports if report.counts_by_itself}
    label = t("What can be taken back: {n}", n=formats.format_count(len(public), view.lang))
    with st.expander(label, icon=":material/public:"), st.form("reports-back-form", border=False):
        st.selectbox(
            t("What is taken back"), list(public), index=None, format_func=public.__getitem__, key=_WHAT,
            placeholder=t("Choose a file, a reply or figures"),
        )  # fmt: skip
        st.text_input(t("Why it is taken back"), key=_WHY, max_chars=LONGEST_REASON)
        st.form_submit_button(
            t("Take it back"), key="reports-back", icon=":material/undo:", on_click=_take_back, args=(view, by_itself),
            help=t("A file leaves the public pages at once; all else follows with the next build."),
        )  # fmt: skip


def _take_back(view: View, by_itself: Collection[str]) -> None:
    what, why = st.session_state[_WHAT], str(st.session_state[_WHY]).strip()
    if not what or not why:
        deciding.note(UserError(N_("Choose what is taken back, and say why.")))
    elif deciding.take_back(view, "--set-aside" if what in by_itself else "--withdraw", what, why):
        st.session_state[_WHY] = ""


def _show_refusal(view: View) -> None:
    """Say why the last build of such reports was refused; nothing where it was not, or they wait for staff anyway."""
    t, campaign = view.t, Settings.from_environment().campaign
    note = read_note(campaign / "private")
    if note is None or note.refusal is None or read_reports_by_link(campaign).publish != "at_once":
        return
    why = " ".join(filter(None, (t(note.refusal.what), t(note.refusal.remedy))))
    words = t("Reports that count at once are not in the figures yet. The program tries again every ten minutes.")
    st.warning(f"{words}  \n{plain(why)}", icon=":material/schedule:")


PAGE_REPORTS = 50
LONGEST_QUESTION = 1_000
_TICK = "staff-report-tick-"


def show(view: View) -> None:
    """Draw the cases and the queue, below it what was decided and the links."""
    campaign_commands.show_unrecorded(view)
    _show_refusal(view)
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
    _show_public(view, reports)
    _show_links(view, reports)


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
                t("Why they are set aside"), key=deciding.REASON, max_chars=LONGEST_REASON, height=90,
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
