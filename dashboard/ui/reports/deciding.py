"""What staff decide about reports: each a command or an act of the audit log; its outcome, and the figures then.

The callbacks of the page's buttons stand here; what was decided is drawn at the next run.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.access.audit.events import Event
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.promises import PromiseLinks
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.mail import reports_mail
from dashboard.settings import Settings
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages, rebuild, report_link
from dashboard.ui.reports import model
from dashboard.ui.reports.model import Effect
from dashboard.ui.reports.sent_files import name_tick

REASON, QUESTION = "staff-reports-reason", "staff-reports-question"
"""The session's keys of what staff write: why reports are set aside, and what they ask back."""
_OUTCOME, _BEFORE, _WAY = "staff-reports-outcome", "staff-reports-before", "staff-reports-way"


def name_reply(report_no: str) -> str:
    """Name the tick of a reply in the session."""
    return f"staff-report-reply-{report_no}"


def list_replies(reports: Sequence[Report]) -> list[str]:
    """List the numbers of the reports whose correction staff want beside the action."""
    return [one.report_no for one in reports if st.session_state.get(name_reply(one.report_no))]


def list_confirmed(reports: Sequence[Report]) -> list[str]:
    """List the hashes of the files of reports that staff have confirmed."""
    files = [(one.report_no, file) for one in reports for file in one.files]
    return list(dict.fromkeys(file.sha256 for number, file in files if st.session_state.get(name_tick(number, file))))


def show_outcome(view: View) -> None:
    """Draw what became of the last decision, the build that counts it, and once it has, what became of the figures."""
    outcome: UserError | str | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome:
        st.success(outcome, icon=":material/check_circle:")
    if way := st.session_state.pop(_WAY, ""):
        st.code(way, language=None, wrap_lines=True)
    rebuild.show(view)
    build_id, before = st.session_state.get(_BEFORE, (view.snapshot.build_id, None))
    if before is not None and build_id != view.snapshot.build_id:
        del st.session_state[_BEFORE]
        after = model.count_figures(view.snapshot)
        effect = model.say_effect(view.t, Effect(*zip(before, after, strict=True)))
        st.success(view.t("In the new figures, {effect}.", effect=effect), icon=":material/check_circle:")


def note(outcome: UserError | str) -> None:
    """Have the next run of the page say what came of an act."""
    st.session_state[_OUTCOME] = outcome


def accept(view: View, chosen: Sequence[Report]) -> None:
    """Accept reports, with the replies and files that are ticked: rows of the inbox, which the next build counts."""
    before = model.count_figures(view.snapshot)
    replies, files = list_replies(chosen), list_confirmed(chosen)
    options = [word for number in replies for word in ("--reply", number)]
    options += [word for sha256 in files for word in ("--publish-file", sha256)]
    done = view.t.plural("{n} report accepted.", "{n} reports accepted.", len(chosen))
    answer = _run("--accept", [report.report_no for report in chosen], done, *options)
    if answer is not None:
        st.session_state.setdefault(_BEFORE, (view.snapshot.build_id, before))
        rebuild.note_change(view, answer.get("rows", 0))


def set_aside(view: View, numbers: Sequence[str]) -> None:
    """Set reports aside for the reason that staff have written."""
    reason = str(st.session_state[REASON]).strip()
    if not reason:
        note(UserError(N_("Say why they are set aside.")))
        return
    done = view.t.plural("{n} report set aside.", "{n} reports set aside.", len(numbers))
    answer = _run("--set-aside", numbers, done, "--note", reason)
    if answer is not None:
        st.session_state[REASON] = ""
        rebuild.note_change(view, abs(answer.get("rows", 0)))  # of one whose values counted at once, rows go


def ask_back(view: View, report: Report) -> None:
    """Ask a stakeholder back about a report: by mail, or else by the link that staff send themselves."""
    t, question = view.t, str(st.session_state[QUESTION]).strip()
    if not question:
        note(UserError(N_("Write the question.")))
        return
    answer = _run("--ask", [report.report_no], "", "--note", question)
    if answer is None:
        return
    st.session_state[QUESTION] = ""
    settings, links = Settings.from_environment(), report_link.open_links()
    site, report_of_link = link.site_address(view.page_id), links.find(report.link)
    if answer.get("mailed") and settings.smtp_host:
        note(t("The question is on its way by mail."))
        return
    note(t("No mail goes out: send the question yourself, with this link."))
    if report.kind is ReportKind.PROMISE:
        promises = PromiseLinks(settings.campaign / "private")
        st.session_state[_WAY] = promises.write_address(site, report.report_no, report.lang)
    elif report_of_link is not None and report_of_link.is_open():
        st.session_state[_WAY] = links.write_address(site, report_of_link, report.lang)
    else:
        note(t("No mail goes out: send the question yourself."))


def take_back(view: View, decision: str, operand: str, why: str) -> bool:
    """Take a public file, reply or figures back, by the file's hash or the report's number; return whether it was done.

    `decision`: the option of the command.
    """
    answer = _run(decision, [operand], view.t("It is taken back."), "--note", why)
    if answer is not None:
        rebuild.note_change(view, abs(answer.get("rows", 0)))
    return answer is not None


def mark_cases(view: View, numbers: Sequence[str]) -> None:
    """Mark reports as telling of a case of abuse, and mail them to the campaign's contact."""
    link.hold()
    settings = Settings.from_environment()
    if not campaign_commands.record_act(Event.REPORT_IS_CASE, ", ".join(numbers[:3]), reports=list(numbers)):
        return
    box, marked = ReportBox(settings.campaign / "private"), list[Report]()
    try:
        for number in numbers:
            marked.append(box.mark_case(number))  # those before a refusal are mailed, too
        words = view.t.plural(
            "{n} report is treated as a case of abuse.", "{n} reports are treated as cases of abuse.", len(numbers)
        )
        note(words)
    except UserError as error:
        note(error)
    reports_mail.send_case(settings, [report.report_no for report in marked])
    rebuild.note_change(view, sum(report.published_at is not None for report in marked))  # their figures go


def close_case(view: View, report_no: str) -> None:
    """Set a case aside as passed on to the campaign's contact."""
    contact = read_reports_by_link(Settings.from_environment().campaign).case_contact
    reason = view.t("Passed on to {contact}", contact=contact) if contact else view.t("Passed on")
    _run("--set-aside", [report_no], view.t("The report is noted as passed on."), "--note", reason)


def _run(decision: str, numbers: Sequence[str], done: str, *options: str) -> dict[str, Any] | None:
    """Run the command that decides about reports; return its answer, or None where it refused."""
    link.hold()
    try:
        answer = campaign_commands.run("reports", decision, *options, operands=numbers)
    except UserError as error:
        note(error)
        return None
    note(done)
    return answer
