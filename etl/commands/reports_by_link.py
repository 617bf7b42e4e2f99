"""`python -m etl reports`: the reports that stakeholders sent by link, listed, accepted or set aside."""

from typing import Annotated

import typer
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here, find_actor
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState, describe_report, find_replaced
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import BUILD_TO_APPLY, CampaignOption, NoteOption, open_console, print_said, refusals
from etl.inputs.inbox import list_exports
from etl.inputs.reports_file import NAME, append_reports, settle_reports
from etl.publish.holding import SHORT_WAIT, only_build
from etl.steps import Step, reached


def reports(
    numbers: Annotated[
        list[str] | None, typer.Argument(help="The numbers of the reports to decide about.", metavar="[NUMBER]...")
    ] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    is_accepted: Annotated[bool, typer.Option("--accept", help="Accept them: the next build counts them.")] = False,
    is_set_aside: Annotated[bool, typer.Option("--set-aside", help="Set them aside, for a reason (--note).")] = False,
    note: NoteOption = "",
    is_all: Annotated[bool, typer.Option("--all", help="List also those that are decided about.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the reports that wait for staff; or accept some, or set them aside."""
    chosen = list(dict.fromkeys(number.strip().upper() for number in numbers or ()))
    if is_accepted and is_set_aside:
        raise typer.BadParameter("Give either --accept or --set-aside.")
    if bool(chosen) != (is_accepted or is_set_aside):
        raise typer.BadParameter("Give --accept or --set-aside, and the numbers of reports.")
    if is_set_aside and not note.strip():
        raise typer.BadParameter("Give the reason: --note WHY.")
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if is_accepted:
            _accept(folder, chosen, as_json)
        elif is_set_aside:
            _set_aside(folder, chosen, note, as_json)
        else:
            _list(folder, is_all=is_all, as_json=as_json)


def _accept(folder: CampaignFolder, numbers: list[str], as_json: bool) -> None:
    """Give the reports their rows, then note the decision: stopped between the two, it can be done again."""
    with (
        acting_here(folder.root, Event.REPORTS_ACCEPTED, ", ".join(numbers[:3]), reports=numbers) as act,
        only_build(folder, SHORT_WAIT),
    ):
        if list_exports(folder)[1]:
            raise UserError(
                N_("What is shown is the fictional sample data; no report about it can be accepted."),
                N_("Put the exports into the inbox and build first."),
            )
        settle_reports(folder)
        box = ReportBox(folder.private)
        accepted = [box.find_open(number, ReportState.ACCEPTED) for number in numbers]
        row_count = append_reports(folder, [report for report in accepted if report.has_progress])
        _decide(box, accepted, ReportState.ACCEPTED)
        act.say(rows=row_count)
    remark = BUILD_TO_APPLY if row_count else "Nothing is new for a build."
    print_said(f"Accepted: {len(numbers):,}; new rows of {NAME}: {row_count:,}. {remark}", as_json, rows=row_count)


def _set_aside(folder: CampaignFolder, numbers: list[str], reason: str, as_json: bool) -> None:
    about = ", ".join(numbers[:3])
    with (
        acting_here(folder.root, Event.REPORTS_SET_ASIDE, about, reports=numbers, note=reason),
        only_build(folder, SHORT_WAIT),
    ):
        settle_reports(folder)
        box = ReportBox(folder.private)
        set_aside = [box.find_open(number, ReportState.SET_ASIDE) for number in numbers]
        _decide(box, set_aside, ReportState.SET_ASIDE, reason)
    print_said(f"Set aside: {len(numbers):,}.", as_json)


def _decide(box: ReportBox, chosen: list[Report], state: ReportState, reason: str = "") -> None:
    """Note the decision, and first that earlier reports by the same link about the same action are replaced."""
    decided_by, numbers = find_actor().person.key, {report.report_no for report in chosen}
    replaced = find_replaced(box.list(ReportState.WAITING))
    for earlier, later in replaced.items():
        if later in numbers and earlier not in numbers:
            box.decide(earlier, ReportState.SET_ASIDE, decided_by, f"Replaced by {later}")
    for report in chosen:
        reached(Step.DECIDE)
        box.decide(report.report_no, state, decided_by, reason)


def _list(folder: CampaignFolder, *, is_all: bool, as_json: bool) -> None:
    sent_reports = ReportBox(folder.private).list(None if is_all else ReportState.WAITING)
    if as_json:
        described = (describe_report(one) for one in sent_reports)
        entries = [{name: value for name, value in one.items() if name != "link"} for one in described]
        print_json({"ok": True, "reports": entries})
        return
    table = Table("Report", "Action", "Received", "Status", "Percent", "State")
    for one in sent_reports:
        percent = "" if one.percent is None else f"{one.percent:g}"
        received = f"{one.received_at:%Y-%m-%d %H:%M}"
        table.add_row(one.report_no, one.action_id, received, one.status, percent, one.state.replace("_", " "))
    open_console().print(table if sent_reports else "No report waits." if not is_all else "No report was sent.")
