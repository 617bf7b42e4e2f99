"""`python -m dashboard silent`: the silent, the fewest answers, and letters, for staff and for a scheduler.

A command that makes a workbook of letters loads the library itself: other commands do not wait for it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.commands.console import Campaign, Commands, open_campaign, print_done, write_in_place
from dashboard.errors import SelectionError, UserError
from dashboard.mail import reminders
from dashboard.mail.asked import USUAL_DAYS, Plan, find_notes, find_recipients, open_asked, prefer
from dashboard.mail.letter_batch import post
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.fewest_answers import Proposal
from dashboard.measures.silent import USUAL_DIMENSIONS, USUAL_POINTS, Gap, find_gap, list_silent
from dashboard.measures.surveys import list_waves
from dashboard.settings import Settings
from dashboard.snapshot import selection
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

app = Commands(help="Who has not answered, the fewest answers that tell enough, letters.")

_LINE = "{silent_days} days, asked {asked} times: {stakeholder}: {title} ({action_id})"
FORMS = {".zip": "eml", ".xlsx": "xlsx"}

Filters = Annotated[
    list[str] | None,
    typer.Option("--filter", metavar="NAME=VALUE", help="As in a link: region=africa, theme=education …; repeated."),
]
By = Annotated[
    list[str] | None,
    typer.Option(metavar="DIMENSION", help="Whose members are to be known; default: region, theme and group."),
]
Points = Annotated[
    int | None, typer.Option(min=0, max=100, help="How far the bounds may be apart, in percentage points; default: 10.")
]


@app.command("list")
def list_them(campaign: Campaign = None, filters: Filters = None, as_json: JsonOption = False) -> None:
    """List the actions without a report, the one silent for longest first."""
    settings, snapshot = open_campaign(campaign)
    silent = find_notes(settings.campaign, snapshot, list_silent(snapshot, _read(filters, snapshot)))
    for row in _name_makers(silent).to_dict("records"):
        facts = {name: row[name] for name in ("action_id", "stakeholder", "title", "silent_days", "asked")}
        if as_json:
            print_json(facts | {"has_address": bool(row["has_address"])})
        else:
            days = "?" if facts["silent_days"] is None else facts["silent_days"]
            print(_LINE.format(**facts | {"silent_days": days}))
    print_done(f"{len(silent)} actions without a report.", as_json, snapshot, actions=len(silent))


@app.command()
def fewest(
    campaign: Campaign = None,
    filters: Filters = None,
    by: By = None,
    points: Points = None,
    as_json: JsonOption = False,
) -> None:
    """Name the fewest answers after which every member and the total are close enough, in their order."""
    settings, snapshot = open_campaign(campaign)
    unknown, gap, proposal = _propose(settings, snapshot, _read(filters, snapshot), by, points)
    named_actions = _name_makers(unknown)
    for number, answer in enumerate(proposal.answers, start=1):
        row = named_actions.iloc[answer.row]
        members = [gap.members[place] for place in answer.counts_for]
        names = [f"{member.dimension}:{member.code}" if member.dimension else "total" for member in members]
        facts = {"action_id": row["action_id"], "stakeholder": row["stakeholder"], "counts_for": names}
        if as_json:
            print_json(facts)
        else:
            print(f"{number}. {row['stakeholder']}: {row['title']} ({row['action_id']}): {', '.join(names)}")
    sentence = f"{len(proposal.answers)} answers are enough, at least {proposal.at_least} are needed."
    report = {"ok": True, "answers": len(proposal.answers), "at_least": proposal.at_least}
    print_done(sentence, as_json, snapshot, **report, method=proposal.method)


@app.command()
def letters(
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="File to write: .zip (mails), .xlsx.")] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Send them by the mail server, or write them as its files.")
    ] = False,
    everybody: Annotated[bool, typer.Option("--everybody", help="All who are silent, not the fewest answers.")] = False,
    campaign: Campaign = None,
    filters: Filters = None,
    by: By = None,
    points: Points = None,
    wave: Annotated[str, typer.Option(help="The survey wave that they ask for; default: the latest.")] = "",
    day: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="When they go out; default: today."),
    ] = None,
    days_apart: Annotated[
        int | None, typer.Option(min=1, help="Days between two letters to one recipient; default: 14.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write letters to those who have not answered, and note them as asked; nobody is asked twice within some days."""
    if (to is None) != send or (to is not None and to.suffix.lower() not in FORMS):
        raise SelectionError("Letters go to a file or are sent.", "to", ("--to FILE.zip", "--to FILE.xlsx", "--send"))
    settings, snapshot = open_campaign(campaign)
    chosen = _read(filters, snapshot)
    if everybody:
        silent = list_silent(snapshot, chosen)
    else:
        unknown, _, proposal = _propose(settings, snapshot, chosen, by, points)
        silent = unknown.iloc[[answer.row for answer in proposal.answers]]
    latest_wave = next((one.name for one in reversed(list_waves(snapshot, snapshot.last_date))), "")
    plan = Plan(
        day.date() if day else _today(), days_apart or USUAL_DAYS, wave or latest_wave, "mail" if send else "files"
    )
    with acting_here(settings.campaign, Event.LETTERS_SENT if send else Event.LETTERS_NOTED) as act:
        # Letters that are to be sent need an address.
        recipients = [one for one in find_recipients(snapshot, silent) if one.address or not send]
        batch = open_asked(settings.campaign, snapshot).note(recipients, plan)
        act.say(batch.batch_id, letters=batch.letters)
        report = {"ok": True, "batch": batch.batch_id, "letters": batch.letters, "left_out": len(batch.left_out)}
        if batch.letters or send:  # letters that earlier runs could not send wait
            report |= _hand_over(settings, snapshot, batch.batch_id, to)
    sentence = f"{batch.letters} letters, noted as asked; {len(batch.left_out)} left out, having been asked."
    print_done(sentence, as_json, snapshot, **report)


@app.command()
def remind(
    send_them: Annotated[
        bool, typer.Option("--send", help="Send them by the mail server, or write them as its files; else count them.")
    ] = False,
    days: Annotated[int, typer.Option(min=0, help="How many days before the last one.")] = reminders.USUAL_DAYS,
    campaign: Campaign = None,
    day: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="By default today.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Remind those who got a letter and have not answered, once, before the survey's last day."""
    settings, snapshot = open_campaign(campaign)
    folder, on_day = CampaignFolder(settings.campaign), day.date() if day else _today()
    count = len(reminders.find_reminders(snapshot, folder, on_day, days))
    counts: dict[str, Any] = {"reminders": count}
    sentence = f"{count} have a letter, have not answered and are to be reminded. --send does it."
    if send_them:
        with acting_here(settings.campaign, Event.LETTERS_SENT) as act:
            counts["reminders"], outcome = reminders.remind(snapshot, folder, settings, on_day, days)
            act.say("reminders", letters=counts["reminders"])
            counts |= {"counts": outcome.counts, "stopped": outcome.stopped}
        sentence = f"{counts['reminders']} reminders."
    print_done(sentence, as_json, snapshot, ok=True, **counts)


def _name_makers(silent: pd.DataFrame) -> pd.DataFrame:
    """Return the same actions, none without a stakeholder and title in words; unknown days are None."""
    days = silent["silent_days"].astype(object)
    return silent.assign(
        stakeholder=silent["stakeholder"].fillna("Stakeholder not stated"),
        title=silent["title"].fillna("Untitled action"),
        silent_days=days.where(days.notna(), None),
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _read(filters: Sequence[str] | None, snapshot: Snapshot) -> Selection:
    """Read the filters as the parameters of a link."""
    query: dict[str, list[str]] = {}
    for parameter in filters or ():
        name, _, value = parameter.partition("=")
        query.setdefault(name, []).append(value)
    return selection.parse(query, snapshot)


def _propose(
    settings: Settings, snapshot: Snapshot, chosen: Selection, by: Sequence[str] | None, points: int | None
) -> tuple[pd.DataFrame, Gap, Proposal]:
    """Propose the unknown actions in the order to ask, what they keep open, and the fewest answers."""
    wrong = [name for name in by or () if name not in DIMENSIONS]
    if wrong:
        raise SelectionError(f"--by {wrong[0]!r} is no dimension.", "by", tuple(DIMENSIONS), wrong[0])
    unknown = prefer(find_notes(settings.campaign, snapshot, list_silent(snapshot, chosen, "unknown")), _today())
    gap = find_gap(snapshot, chosen, tuple(by or USUAL_DIMENSIONS), unknown)
    return unknown, gap, gap.propose(USUAL_POINTS if points is None else points)


def _hand_over(settings: Settings, snapshot: Snapshot, batch_id: str, to: Path | None) -> dict[str, Any]:
    """Write the file of a batch, or send it; return the outcome. Without a file, nobody was asked."""
    folder = CampaignFolder(settings.campaign)
    if to is None:
        outcome = post(snapshot, folder, batch_id, settings)
        return {"counts": outcome.counts, "stopped": outcome.stopped}

    from dashboard.mail.letter_files import write_file

    try:
        content = write_file(snapshot, folder, batch_id, FORMS[to.suffix.lower()], settings)
        return {"file": str(to), "bytes": write_in_place(to, lambda path: path.write_bytes(content))}
    except UserError:
        notes = open_asked(settings.campaign, snapshot)
        notes.take_back([letter.letter_id for letter in notes.letters(batch_id)])
        raise
