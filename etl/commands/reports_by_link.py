"""`python -m etl reports`: the reports that stakeholders sent by link, listed and decided about.

Accepting gives rows of the inbox; a file becomes public, and a correction stands beside its action, only where staff
confirm that one by one. Files are withdrawn here, too.
"""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import chain
from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here, find_actor
from dashboard.campaign.folder import CampaignFolder, read_reports_by_link
from dashboard.campaign.reporting.at_once import list_publishable
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import ReportLinks, find_today
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, describe_report
from dashboard.campaign.reporting.withdrawal import find_kept_file, withdraw
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError, sentence
from dashboard.faults import ComputerError
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from etl.commands.console import BUILD_TO_APPLY, CampaignOption, NoteOption, open_console, print_said, refusals
from etl.inputs.accepted_reports import (
    Acceptance,
    accept_reports,
    append_values,
    list_public,
    list_replaced,
    remove_values,
    set_aside_replaced,
    settle_reports,
    withdraw_annotations,
)
from etl.inputs.inbox import list_exports
from etl.inputs.reports_file import REPORTS
from etl.publish import begun
from etl.publish.begun import UnfinishedStep
from etl.publish.holding import SHORT_WAIT, only_build
from etl.steps import Step, reached

_HASH = re.compile(r"[0-9a-f]{64}")


class _Request(NamedTuple):
    """What a command asks for: what to decide about, and how."""

    folder: CampaignFolder
    operands: tuple[str, ...]
    note: str
    as_json: bool
    replies: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        return ", ".join(self.operands[:3])


def reports(
    operands: Annotated[
        list[str] | None,
        typer.Argument(help="The numbers of reports; with --withdraw also hashes of files.", metavar="[NUMBER]..."),
    ] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    is_accepted: Annotated[bool, typer.Option("--accept", help="Accept them: the next build counts them.")] = False,
    replies: Annotated[
        list[str] | None,
        typer.Option(
            "--reply", metavar="NUMBER", help="With --accept: what it says is not right stands beside the action."
        ),
    ] = None,
    hashes: Annotated[
        list[str] | None,
        typer.Option("--publish-file", metavar="SHA256", help="With --accept: a file that staff have looked at."),
    ] = None,
    is_asked: Annotated[bool, typer.Option("--ask", help="Ask the stakeholder back, by mail (--note).")] = False,
    is_set_aside: Annotated[bool, typer.Option("--set-aside", help="Set them aside, for a reason (--note).")] = False,
    is_withdrawn: Annotated[
        bool, typer.Option("--withdraw", help="Take a public file or reply back, for a reason (--note).")
    ] = False,
    is_published: Annotated[
        bool, typer.Option("--publish", help="Count the values of reports that the campaign lets count at once.")
    ] = False,
    note: NoteOption = "",
    is_all: Annotated[bool, typer.Option("--all", help="List also those that are decided about.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the reports that wait for staff; or accept some, ask back, set them aside, or withdraw what is public."""
    ways: dict[str, tuple[bool, Callable[[_Request], None]]] = {
        "--accept": (is_accepted, _accept),
        "--ask": (is_asked, _ask),
        "--set-aside": (is_set_aside, _set_aside),
        "--withdraw": (is_withdrawn, _withdraw),
        "--publish": (is_published, _publish),
    }
    chosen = {name: run for name, (is_chosen, run) in ways.items() if is_chosen}
    if len(chosen) > 1:
        raise typer.BadParameter(f"Give either {' or '.join(chosen)}.")
    if bool(operands) != bool(chosen) and not is_published:
        raise typer.BadParameter("Give --accept, --ask, --set-aside or --withdraw, and the numbers of reports.")
    if is_published and operands:
        raise typer.BadParameter("--publish takes no numbers: it finds the reports.")
    if chosen and not (is_accepted or is_published or note.strip()):
        raise typer.BadParameter("Give the reason, or the question: --note WORDS.")
    request = _Request(CampaignFolder(campaign), _read(operands), note, as_json, _read(replies), _read(hashes))
    if (request.replies or request.hashes) and not is_accepted:
        raise typer.BadParameter("--reply and --publish-file are for --accept.")
    if set(request.replies) - set(request.operands):
        raise typer.BadParameter("Name the report of each --reply among those to accept, too.")
    with refusals(as_json):
        for run in chosen.values():
            run(request)
        if not chosen:
            _list(request.folder, is_all=is_all, as_json=as_json)


def _read(words: Sequence[str] | None) -> tuple[str, ...]:
    """Read numbers of reports and hashes of files, each once, in any case."""
    plain = (word.strip() for word in words or ())
    return tuple(dict.fromkeys(word.lower() if _HASH.fullmatch(word.lower()) else word.upper() for word in plain))


def _accept(request: _Request) -> None:
    """Give the reports their rows and note the decision; stopped in between, the next command does the rest."""
    folder, numbers = request.folder, request.operands
    confirmed = {"replies": request.replies, "files": request.hashes}
    details = {name: list(values) for name, values in confirmed.items() if values}
    with (
        acting_here(folder.root, Event.REPORTS_ACCEPTED, request.about, reports=list(numbers), **details) as act,
        only_build(folder, SHORT_WAIT),
    ):
        settle_reports(folder)
        chosen = [ReportBox(folder.private).find_open(number, ReportState.ACCEPTED) for number in numbers]
        if any(one.kind is not ReportKind.PROMISE for one in chosen):
            _refuse_sample(folder)
        _check(request, chosen)
        acceptance = Acceptance(numbers, find_actor().person.key, request.replies, request.hashes)
        try:
            with begun.noted(folder, UnfinishedStep("accept", acceptance.write())):
                rows = accept_reports(folder, acceptance)
        except ComputerError:
            raise
        except UserError:  # it cannot be finished another time either
            begun.drop(folder)
            raise
        row_count = sum(rows.values())
        act.say(rows=row_count)
    remark = BUILD_TO_APPLY if row_count else "Nothing is new for a build."
    new = ", ".join(f"{name}: {number:,}" for name, number in (rows or {REPORTS.name: 0}).items())
    print_said(f"Accepted: {len(numbers):,}; new rows of {new}. {remark}", request.as_json, rows=row_count, files=rows)


def _refuse_sample(folder: CampaignFolder) -> None:
    if list_exports(folder)[1]:
        raise UserError(
            N_("What is shown is the fictional sample data; no report about it can be accepted."),
            N_("Put the exports into the inbox and build first."),
        )


def _publish(request: _Request) -> None:
    """Give the values of waiting reports their rows; stopped in between, the next time does the rest."""
    folder = request.folder
    if folder.load().reports_by_link.publish != "at_once":
        raise UserError(
            N_("In this campaign every report waits for staff."),
            N_('Set publish = "at_once" under [reports_by_link] in campaign.toml to let values count before.'),
        )
    _refuse_sample(folder)
    box, published, row_count = ReportBox(folder.private), [], 0
    if list_publishable(box):  # else nothing is done, and nothing recorded every ten minutes
        with acting_here(folder.root, Event.REPORTS_PUBLISHED) as act, only_build(folder, SHORT_WAIT):
            settle_reports(folder)
            published = list_publishable(box)
            row_count = append_values(folder, published)
            numbers = [report.report_no for report in published]
            for number in numbers:
                reached(Step.DECIDE)
                box.note_published(number)
            act.say(", ".join(numbers[:3]), reports=numbers, rows=row_count)
    remark = BUILD_TO_APPLY if row_count else "Nothing is new for a build."
    words = f"Counted at once: {len(published):,}. {remark}"
    print_said(words, request.as_json, reports=len(published), rows=row_count)


def _check(request: _Request, chosen: Sequence[Report]) -> None:
    """Refuse what must not be accepted: a case of abuse, a reply or a file without what it needs."""
    for report in chosen:
        _refuse_case(report)
        if report.kind is ReportKind.ERASURE:
            what = sentence(N_("Report {number} asks for the erasure of personal data."), number=report.report_no)
            raise UserError(what, N_("Erase them: python -m etl forget, with the address that it names."))
        if report.report_no in request.replies and not (report.correction and report.kind is ReportKind.PROGRESS):
            raise UserError(sentence(N_("Report {number} does not say what is not right."), number=report.report_no))
        if report.report_no in request.replies and not report.may_publish:
            words = N_("The stakeholder has not agreed that the correction in report {number} becomes public.")
            raise UserError(sentence(words, number=report.report_no), N_("Accept it without the reply, or ask back."))
    reports = ReportBox(request.folder.private).list() if request.hashes else []
    for sha256 in request.hashes:
        senders = [report for report in chosen if any(file.sha256 == sha256 for file in report.files)]
        if not senders:
            raise UserError(sentence(N_("None of these reports has the file {name}."), name=sha256))
        since = {sender.link: sender.received_at for sender in reversed(senders) if sender.link}
        later = [one for one in reports if one.link in since and one.received_at >= since[one.link]]
        for report in (*senders, *later):  # what its sender has stated of it last counts
            for file in (file for file in report.files if file.sha256 == sha256):
                _refuse_case(report)
                _refuse_file(request.folder, file)


def _refuse_case(report: Report) -> None:
    if report.is_case:
        what = sentence(
            N_("Report {number} tells of a case of abuse: nothing of it is published."), number=report.report_no
        )
        raise UserError(what, N_("Pass it on to the contact that the campaign names, then set it aside."))


def _refuse_file(folder: CampaignFolder, file: SentFile) -> None:
    """Refuse to publish a file whose sender has not stated what that needs."""
    faults = (
        (file.withdrawn_on is not None, N_("The consent to publish the file {name} was withdrawn.")),
        (not file.description.strip(), N_("The sender of the file {name} has not said what it shows.")),
        (not file.rights.strip(), N_("The sender of the file {name} has not said whose rights in it are.")),
        (
            not file.can_be_public,
            N_(
                "The sender of the file {name} has said neither that no child can be recognised in it, nor that they "
                "hold the written consent of child and guardian."
            ),
        ),
    )
    for is_fault, what in faults:
        if is_fault:
            raise UserError(sentence(what, name=file.name), N_("Accept the report without the file, or ask back."))
    find_kept_file(folder.root, file)


def _ask(request: _Request) -> None:
    """Note the question, let the link open again, and mail both where there is an address."""
    from dashboard.mail.reports_mail import send_question  # it takes time to load

    folder, today = request.folder, find_today()
    settings, is_mailed = Settings.from_environment().model_copy(update={"campaign": folder.root}), []
    box, links = ReportBox(folder.private), ReportLinks(folder.private)
    with acting_here(folder.root, Event.REPORT_ASKED, request.about, reports=list(request.operands), note=request.note):
        for report in [box.find_open(number, ReportState.WAITING) for number in request.operands]:
            _refuse_case(report)
        for number in request.operands:
            report = box.ask(number, request.note, find_actor().person.key)
            links.extend(report.link, today + timedelta(days=read_reports_by_link(folder.root).days))
            is_mailed.append(send_question(settings, number))
    where = (
        "A mail is on its way." if all(is_mailed) else "No mail can be sent: give the stakeholder the link yourself."
    )
    print_said(f"Asked back: {len(request.operands):,}. {where}", request.as_json, mailed=all(is_mailed))


def _set_aside(request: _Request) -> None:
    folder, numbers, decided_by = request.folder, request.operands, find_actor().person.key
    with (
        acting_here(
            folder.root, Event.REPORTS_SET_ASIDE, request.about, reports=list(numbers), note=request.note
        ) as act,
        only_build(folder, SHORT_WAIT),
    ):
        settle_reports(folder)
        box = ReportBox(folder.private)
        for number in numbers:
            box.find_open(number, ReportState.SET_ASIDE)
        row_count = sum(remove_values(folder, earlier) for earlier in list_replaced(box, numbers))
        set_aside_replaced(box, numbers, decided_by)
        for number in numbers:
            row_count += remove_values(folder, number)
            reached(Step.DECIDE)
            box.decide(number, ReportState.SET_ASIDE, decided_by, request.note)
        if row_count:
            act.say(rows=-row_count)
    remark = f" Rows taken out of the inbox: {row_count:,}. {BUILD_TO_APPLY}" if row_count else ""
    print_said(f"Set aside: {len(numbers):,}.{remark}", request.as_json, **({"rows": -row_count} if row_count else {}))


def _withdraw(request: _Request) -> None:
    """Take files off public pages at once, and files and replies out of the figures by a further row."""
    folder = request.folder
    with (
        acting_here(
            folder.root, Event.REPORT_FILE_WITHDRAWN, request.about, files=list(request.operands), note=request.note
        ),
        only_build(folder, SHORT_WAIT),
    ):
        settle_reports(folder)
        numbers = list_public(folder, request.operands)
        for operand in request.operands:
            is_sent = _HASH.fullmatch(operand) and withdraw(folder.root, None, operand, find_today())
            if not is_sent and not numbers[operand]:
                raise UserError(sentence(N_("Nothing public has the number {number}."), number=operand))
        withdraw_annotations(folder, chain.from_iterable(numbers.values()), find_today())
        settle_reports(folder)
        row_count = sum(map(len, numbers.values()))
    remark = BUILD_TO_APPLY if row_count else "Nothing is new for a build."
    print_said(f"Withdrawn: {len(request.operands):,}. {remark}", request.as_json, rows=row_count)


def _list(folder: CampaignFolder, *, is_all: bool, as_json: bool) -> None:
    """List the reports, and apart from them the numbers of those that tell of a case of abuse."""
    box = ReportBox(folder.private)
    reports = box.list(None if is_all else ReportState.WAITING)
    plain_reports = [report for report in reports if not report.is_case]
    cases = [report for report in reports if report.is_case]
    if as_json:
        described = (describe_report(one) for one in plain_reports)
        entries = [{name: value for name, value in one.items() if name != "link"} for one in described]
        print_json({"ok": True, "reports": entries, "cases": [case.report_no for case in cases]})
        return
    console = open_console()
    table = Table("Report", "Kind", "Action", "Received", "Status", "Percent", "Files", "State")
    for one in plain_reports:
        percent = "" if one.percent is None else f"{one.percent:g}"
        state = "asked back" if one.question and one.state is ReportState.WAITING else one.state.replace("_", " ")
        facts = (one.kind, one.action_id, f"{one.received_at:%Y-%m-%d %H:%M}", one.status, percent)
        table.add_row(one.report_no, *facts, str(len(one.files) or ""), state)
    console.print(table if plain_reports else "No report waits." if not is_all else "No report was sent.")
    for case in cases:
        console.print(
            f"{case.report_no} tells of a case of abuse: it goes to the campaign's contact, never into figures."
        )
