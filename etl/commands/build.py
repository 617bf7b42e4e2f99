"""`python -m etl build`: read everything, write and publish a snapshot."""

from contextlib import nullcontext
from typing import Annotated

import typer

from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.build import build as builds
from etl.commands.profile_table import ProfileOption, keep_trace, print_profile
from etl.console import (
    CampaignOption,
    FromNothingOption,
    JsonOption,
    QuietOption,
    SkipOption,
    find_reuse,
    json_progress,
    open_console,
    print_account,
    print_json,
    progress_bar,
    refusals,
    send_copies,
)
from etl.profiling import profiled
from etl.publish.history import How
from etl.publish.publish import only_build, publish


def build(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
    skip_bad_files: SkipOption = False,
    decided: Annotated[bool, typer.Option("--decided", hidden=True, help="Note in the history: a decision.")] = False,
    from_nothing: FromNothingOption = False,
    as_json: JsonOption = False,
    profile: ProfileOption = False,
) -> None:
    """Read everything in the inbox, write and publish a snapshot, print the account per file."""
    console = open_console(quiet or as_json)
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        how: How = "decide" if decided else "build"
        with (
            profiled() if profile else nullcontext() as noted,
            acting_here(folder.root, Event.PUBLISHED, how=how) as act,
            only_build(folder),
            nullcontext(json_progress) if as_json else progress_bar(quiet) as progress,
            builds.build(
                folder,
                folder.published,
                skip_bad_files=skip_bad_files,
                reuse=find_reuse(from_nothing),
                progress=progress,
            ) as built,
        ):
            if not console.quiet:
                print_account(console, built)
            target = publish(folder, built, how=how)
            act.say(built.build_id, build=built.build_id, files=[name for name, _ in built.exports])
        trace = {} if noted is None else {"profile": str(keep_trace(folder, noted))}
        not_sent = send_copies(folder)
        if as_json:
            print_json({"ok": True, "build_id": built.build_id, "unchanged": built.unchanged, **trace, **not_sent})
        elif noted is not None:
            print_profile(open_console(), noted, trace["profile"])
        if built.is_sample:
            console.print("The inbox is empty: this is the fictional sample data.")
        console.print(f"Published {target.name}.")
