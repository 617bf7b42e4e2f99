"""`python -m etl history`, `restore`: the kept builds, and the way back to one of them."""

from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign import source_notes
from dashboard.campaign.file_names import find_names_of
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, open_console, send_copies
from etl.publish import holding
from etl.publish import restore as restoring
from etl.publish.history import read_history


def history(campaign: CampaignOption = SHIPPED_CAMPAIGN, as_json: JsonOption = False) -> None:
    """List the builds that are kept: when, how, which files, headline figures."""
    folder = CampaignFolder(campaign)
    entries, sources = read_history(folder), dict[str, dict[str, dict[str, str]]]()
    for entry in entries:
        names = find_names_of(folder.root, entry["build_id"])
        entry["files"] = [{**file, "name": names.file(file["name"])} for file in entry["files"]]
        fetched_origins = source_notes.read_of_build(folder.root, entry["build_id"])
        sources[entry["build_id"]] = {
            file["name"]: asdict(origin)
            for file in entry["files"]
            if (origin := source_notes.find_origin(fetched_origins, file["name"])) is not None
        }
    if as_json:
        print_json([{**entry, "came_from": sources[entry["build_id"]]} for entry in entries])
        return
    table = Table("Build", "Published", "By", "Files")
    for name in ("Actions", "Reported", "Completed", "Rejected"):
        table.add_column(name, justify="right")
    for entry in entries:
        numbers = (entry["figures"][name] for name in ("actions", "reported", "completed", "rejected"))
        origins = sources[entry["build_id"]]
        file_names = (
            f"{file['name']} (from {origins[file['name']]['title']})" if file["name"] in origins else file["name"]
            for file in entry["files"]
        )
        files = "samples" if entry["is_sample"] else ", ".join(file_names)
        build = f"{entry['build_id']}{' (now)' if entry['is_current'] else ''}"
        table.add_row(build, entry["built_at"], entry["how"], files, *(f"{number:,}" for number in numbers))
    open_console().print(table)


def restore(
    build_id: Annotated[
        str, typer.Argument(help="The build, as `history` lists it; or `nothing`, to publish none.", metavar="BUILD_ID")
    ],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Publish an earlier build again and put the inbox back to the files it was made from."""
    folder, is_nothing = CampaignFolder(campaign), build_id == restoring.NOTHING
    event = Event.WITHDRAWN if is_nothing else Event.RESTORED
    with nullcontext() if dry_run else acting_here(folder.root, event, build_id, build=build_id) as act:
        done = (
            holding.withdraw(folder, is_rehearsal=dry_run)
            if is_nothing
            else holding.restore(folder, build_id, is_rehearsal=dry_run)
        )
        if act is not None:
            act.say(put_back=done.put_back, taken_out=done.taken_out)
    not_sent = {} if dry_run else send_copies(folder)
    if as_json:
        print_json({"ok": True, **asdict(done), **not_sent})
        return
    console = open_console()
    for names, words in (
        (done.put_back, "Put back"),
        (done.taken_out, "Taken out of the inbox (still kept with their builds)"),
        (done.left_alone, "Never built, left in the inbox: the next build reads them too"),
        (done.set_aside, "Never built, but in the way, so kept as"),
        (done.changed_since, "Changed since that build, and not put back"),
    ):
        if names:
            console.print(f"{words}: {', '.join(names)}.", markup=False)
    if done.is_of_another:
        outcome = f"build {done.built_as} is published" if done.built_as else "they would be published as another build"
        console.print(f"Another version of the program made build {build_id}, so its files are built again: {outcome}.")
    elif not dry_run:
        console.print("Nothing is published now." if is_nothing else f"Build {build_id} is the published one again.")
