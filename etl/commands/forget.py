"""`python -m etl forget`: a person is found everywhere in the campaign folder and erased."""

import sys
from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, open_console, send_copies
from etl.forget import forget as forgetting
from etl.publish import begun
from etl.publish.begun import UnfinishedStep
from etl.publish.holding import only_build

_LOST = (
    "Values and dates stay, of .xlsx files also number formats and merged cells. Formatting, charts, pictures, notes "
    "and macros are lost; formulas become the values saved with them."
)


def forget(
    email: Annotated[str, typer.Argument(help="The e-mail address; - reads it from the input.", metavar="EMAIL")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show where the person stands.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove a person everywhere: inbox, kept files, previews, decisions and contacts; shows where."""
    folder = CampaignFolder(campaign)
    address = forgetting.check_address(sys.stdin.readline() if email == "-" else email)
    with (
        nullcontext() if dry_run else acting_here(folder.root, Event.ERASED) as act,
        only_build(folder) as before,
        nullcontext() if dry_run else begun.noted(folder, UnfinishedStep("forget")),
    ):
        done = forgetting.forget(folder, address, dry_run=dry_run)
        done.is_changed |= before == UnfinishedStep("forget")  # it was stopped before it was built anew
        refused = None if dry_run else forgetting.rebuild(folder, done)
        if act is not None:
            act.say(places=len(done.places), drafts=len(done.drafts), builds=done.builds, by_hand=len(done.by_hand))
    not_sent = {} if dry_run else send_copies(folder, is_forgetting=True)
    if as_json:
        print_json({"ok": not done.by_hand and refused is None, **asdict(done), **not_sent})
    else:
        _print(open_console(), done, dry_run)
    if refused is not None:
        raise UserError(
            f"The person is erased, but the campaign could not be built anew: {refused.what}", refused.remedy
        )
    if done.by_hand:
        raise typer.Exit(1)


def _print(console: Console, done: forgetting.Forgetting, dry_run: bool) -> None:
    if not done.places:
        console.print("The person was found nowhere.")
    else:
        table = Table("File", "Sheet", "Row", "Column")
        for place in done.places:
            row = str(place.row) if place.row else ""
            table.add_row(place.file, place.sheet or "", row, place.header or (str(place.column + 1) if row else ""))
        console.print(table)
    if done.rewritten:
        names = ", ".join(dict.fromkeys(done.rewritten))
        console.print(f"Workbooks {'to be written' if dry_run else 'written'} anew: {names}. {_LOST}", markup=False)
    for name, new_name in done.renamed:
        console.print(
            f"{name} {'becomes' if dry_run else 'is now'} {new_name}: a newer {name} does not replace it.", markup=False
        )
    _print_removed(console, done, dry_run)
    for name in done.drafts:
        console.print(f"Preview {name} {'holds' if dry_run else 'held'} the person{'' if dry_run else ': removed'}.")
    for build_id in done.builds:
        console.print(f"The data of build {build_id} {'holds' if dry_run else 'held'} the address.")
    for name, reason in done.by_hand:
        console.print(f"By hand: {name}: {reason}. Then run this command again.", markup=False)
    if dry_run:
        console.print("Nothing was changed.")
    else:
        console.print("Erased; contacts of the same address in later downloads will not be kept.")


def _print_removed(console: Console, done: forgetting.Forgetting, dry_run: bool) -> None:
    """Print the files that could not be changed and go."""
    if done.left_out:
        names = ", ".join(done.left_out)
        console.print(
            f"{'To be taken' if dry_run else 'Taken'} out of archives, being no exports: {names}.", markup=False
        )
    if done.no_longer_kept:
        names = ", ".join(done.no_longer_kept)
        console.print(f"Kept copies that could not be changed and are removed: {names}.", markup=False)
