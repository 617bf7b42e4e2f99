"""`python -m etl classify`: keep what staff accepted of the suggestions, or write a sheet to fill in."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.accepted import ACCEPTED_FILE, FIELDS
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, JsonOption, open_console, print_json, refusals
from etl.deciding.classify import Conflict, Outcome, accept, accept_suggested, take_back
from etl.deciding.classify_sheet import write_sheet
from etl.publish.holding import only_build

_SECONDS = 60.0  # to wait for a build, or for a colleague's change, that is under way
_SHOWN = 20


def classify(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="Write the unclassified actions to this Excel file instead.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the sheet, one of the campaign's.")] = "en",
    by: Annotated[str, typer.Option("--by", help="Who classifies: a name or initials, kept beside each answer.")] = "",
    suggested: Annotated[
        bool, typer.Option("--accept-suggested", help="Accept every suggestion for what nobody has said yet.")
    ] = False,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", help=f"With --accept-suggested, of these fields only: {', '.join(FIELDS)}."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what the last run changed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Accept classes: JSON lines on standard input, kept in the inbox; or write a sheet to fill in."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if sheet is not None:
            action_count = write_sheet(folder, sheet, _check_language(folder, lang))
            if as_json:
                print_json({"ok": True, "actions": action_count})
                return
            _say(f"{sheet} lists {action_count:,} actions. Fill it in and drop it into {folder.inbox}.")
            return
        event = Event.CLASSES_UNDONE if undo else Event.CLASSIFIED
        with acting_here(folder.root, event, by=by) as act, only_build(folder, _SECONDS):
            if undo:
                outcome = take_back(folder, by)
            elif suggested:
                outcome = accept_suggested(folder, fields or list(FIELDS), by)
            else:
                outcome = accept(folder, sys.stdin, by)
            ids = [line["action_id"] for line in outcome.undo]
            act.say(", ".join(ids[:3]), actions=outcome.actions, action_ids=ids, conflicts=len(outcome.conflicts))
        if as_json:
            conflicts = [conflict._asdict() for conflict in outcome.conflicts]
            print_json({"ok": True, "actions": outcome.actions, "undo": outcome.undo, "conflicts": conflicts})
            return
        _tell(outcome)


def _tell(outcome: Outcome) -> None:
    """Say what was changed, and what was not because somebody else had changed it."""
    changed = sum(len(line["was"]) for line in outcome.undo)
    _say(f"{outcome.actions:,} actions changed in {ACCEPTED_FILE} ({changed:,} fields).")
    if outcome.conflicts:
        _say(f"{len(outcome.conflicts):,} fields were changed by somebody else meanwhile; nothing of these is kept:")
        for conflict in outcome.conflicts[:_SHOWN]:
            _say(f"  {_describe(conflict)}")
        if len(outcome.conflicts) > _SHOWN:
            _say(f"  and {len(outcome.conflicts) - _SHOWN:,} more.")
    if outcome.actions:
        _say("Build to apply it: python -m etl build. Take it back: python -m etl classify --undo.")


def _describe(conflict: Conflict) -> str:
    theirs, yours = (", ".join(codes) or "nothing" for codes in (conflict.theirs, conflict.yours))
    source = " ".join(filter(None, (conflict.by and f"by {conflict.by}", conflict.at and f"on {conflict.at}")))
    return f"{conflict.action_id}, {conflict.field}: {theirs}{f' ({source})' if source else ''}; yours: {yours}"


def _say(text: str) -> None:
    console: Console = open_console()
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _check_language(folder: CampaignFolder, lang: str) -> str:
    languages = folder.load().offered
    if lang not in languages:
        raise UserError(f"There is no language {lang}.", f"Use {', '.join(languages)}.")
    return lang
