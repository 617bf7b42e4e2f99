"""The page Reports received: the queue of waiting reports, what was decided, and the links of stakeholders."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from dashboard.access.audit.events import Event
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState, find_replaced
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.languages import write_attributes
from dashboard.measures import stakeholders
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, html_tables, list_table, messages, paging, rebuild, report_link
from dashboard.ui.reports import model
from dashboard.ui.reports.model import Effect, LinkEntry, QueuedReport

PAGE_REPORTS, PAGE_LINKS = 50, 20
LONGEST_REASON = 300
_TICK, _REASON = "staff-report-tick-", "staff-reports-reason"
_OUTCOME, _BEFORE = "staff-reports-outcome", "staff-reports-before"


def show(view: View) -> None:
    """Draw the queue, below it what was decided and the links."""
    campaign_commands.show_unrecorded(view)
    box = ReportBox(Settings.from_environment().campaign / "private")
    reports = box.list()
    waiting = [report for report in reports if report.state is ReportState.WAITING]
    replaced = find_replaced(waiting)
    if waiting:
        _show_queue(view, [report for report in waiting if report.report_no not in replaced], replaced)
    else:
        _show_outcome(view)
        _say_nothing_waits(view, has_reports=bool(reports))
    if len(reports) > len(waiting):
        is_asked = any(name in view.parameters for name in list_table.PARAMETERS)
        with st.expander(view.t("Decided reports"), expanded=is_asked):
            list_table.show(view, list_table.make_model(view, model.make_decided(box)))
    _show_links(view, reports)


def _show_outcome(view: View) -> None:
    """Draw what became of the last decision, the build that counts it, and once it has, what became of the figures."""
    outcome: UserError | str | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome:
        st.success(outcome, icon=":material/check_circle:")
    rebuild.show(view)
    build_id, before = st.session_state.get(_BEFORE, (view.snapshot.build_id, None))
    if before is not None and build_id != view.snapshot.build_id:
        del st.session_state[_BEFORE]
        after = model.count_figures(view.snapshot)
        effect = model.say_effect(view.t, Effect(*zip(before, after, strict=True)))
        st.success(view.t("In the new figures, {effect}.", effect=effect), icon=":material/check_circle:")


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


def _show_queue(view: View, waiting: Sequence[Report], replaced: Mapping[str, str]) -> None:
    t = view.t
    page = paging.find("staff-reports-page", PAGE_REPORTS, len(waiting))
    reports = waiting[page.offset : page.offset + PAGE_REPORTS]
    words = t.plural("{n} report is waiting.", "{n} reports are waiting.", len(waiting))
    st.html(f'<p class="state">{escape(words)}</p>')
    if len(reports) > 1:
        label = t("Choose the {n} on this page", n=len(reports))
        st.button(label, key="reports-all", icon=":material/checklist:", on_click=_tick, args=(reports,))
    for one in model.make_queue(view, reports, replaced):
        _show_report(view, one)
    paging.show_others(page, len(waiting))
    with st.container(key="reports-ways"):
        _show_outcome(view)  # beside the buttons, where whoever has clicked one looks
        if view.snapshot.is_shipped_sample:
            messages.show_sample_note(view)
        else:
            _show_ways(view, [report for report in reports if st.session_state.get(f"{_TICK}{report.report_no}")])


def _tick(reports: Sequence[Report]) -> None:
    for report in reports:
        st.session_state[f"{_TICK}{report.report_no}"] = True


def _show_report(view: View, one: QueuedReport) -> None:
    """Draw a report: what it changes beside what stands, what the stakeholder wrote, and warnings."""
    t = view.t
    with st.container(border=True, key=f"report-{one.report_no}"):
        st.checkbox(plain(one.title), key=f"{_TICK}{one.report_no}")
        way = f"{one.link.render(view.page_id)} · " if one.link else ""
        parts = [f'<p class="card-note">{way}{escape(one.about)}</p>']
        if one.changes:
            columns = html_tables.words(t("Fact"), t("Now"), t("In the report"))
            parts.append(html_tables.render(columns, one.changes))
        lang = write_attributes(one.lang)
        texts = "".join(
            f"<dt>{escape(label)}</dt><dd {lang}>{'<br>'.join(map(escape, text.splitlines()))}</dd>"
            for label, text in one.texts
        )
        parts.append(f'<dl class="action-facts">{texts}</dl>' if texts else "")
        parts += (f'<p class="card-note"><b>⚠</b> {escape(warning)}</p>' for warning in one.warnings)
        st.html("".join(parts))


def _show_ways(view: View, chosen: Sequence[Report]) -> None:
    """Draw what accepting the chosen reports changes, and the two decisions."""
    t, numbers = view.t, [report.report_no for report in chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f"<p>{escape(model.say_accepting(t, view.snapshot, chosen))}</p>", width="stretch")
        st.button(
            t("Accept"), type="primary", icon=":material/check:", key="reports-accept", disabled=not chosen,
            on_click=_accept, args=(view, chosen),
        )  # fmt: skip
        aside = st.popover(t("Set aside …"), icon=":material/close:", disabled=not chosen, key="reports-aside-box")
        with aside, st.form("reports-aside-form", border=False):
            st.text_area(
                t("Why they are set aside"), key=_REASON, max_chars=LONGEST_REASON, height=90,
                help=t("Kept with the reports and in the audit log; stakeholders do not see it."),
            )  # fmt: skip
            st.form_submit_button(
                t("Set them aside"), key="reports-aside", icon=":material/close:",
                on_click=_set_aside, args=(view, numbers),
            )  # fmt: skip


def _accept(view: View, chosen: Sequence[Report]) -> None:
    """Accept reports: they become rows of the inbox, which the next build counts."""
    before = model.count_figures(view.snapshot)
    done = view.t.plural("{n} report accepted.", "{n} reports accepted.", len(chosen))
    if _run("--accept", [report.report_no for report in chosen], done):
        st.session_state.setdefault(_BEFORE, (view.snapshot.build_id, before))
        rebuild.note_change(view, sum(report.has_progress for report in chosen))


def _set_aside(view: View, numbers: Sequence[str]) -> None:
    reason = str(st.session_state[_REASON]).strip()
    if not reason:
        st.session_state[_OUTCOME] = UserError(N_("Say why they are set aside."))
        return
    done = view.t.plural("{n} report set aside.", "{n} reports set aside.", len(numbers))
    if _run("--set-aside", numbers, done, "--note", reason):
        st.session_state[_REASON] = ""


def _run(decision: str, numbers: Sequence[str], done: str, *options: str) -> bool:
    """Run the command that decides about reports; return whether it did."""
    link.hold()
    try:
        campaign_commands.run("reports", decision, *options, operands=numbers)
    except UserError as error:
        st.session_state[_OUTCOME] = error
        return False
    st.session_state[_OUTCOME] = done
    return True


def _show_links(view: View, reports: Sequence[Report]) -> None:
    """Draw the links of stakeholders, folded: a new one, each with the way to end it, and the end of all."""
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
        page = paging.find("staff-report-links-page", PAGE_LINKS, len(links))
        for entry in model.list_links(view, links[page.offset : page.offset + PAGE_LINKS], reports):
            _show_link(view, entry)
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


def _show_link(view: View, entry: LinkEntry) -> None:
    with messages.show_entry(f"report-link-{entry.handle}", entry.whose, entry.facts, role=entry.state):
        if entry.is_open:
            _show_end(
                view, entry.handle, view.t("End the link"), view.t("The link stops working. You can create a new one.")
            )


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
        st.session_state[_OUTCOME] = view.t.plural("{n} link ended.", "{n} links ended.", ended)
