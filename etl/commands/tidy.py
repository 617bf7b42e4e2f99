"""`python -m etl tidy`: remove data that has reached the age in the settings."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from etl.backup import storing
from etl.backup.manifest import hash_title
from etl.commands.console import CampaignOption, open_console, print_line
from etl.publish import history
from etl.publish.expired import Expired, list_expired
from etl.publish.holding import only_build
from etl.publish.publish import remove_old

_WAIT = 60


def tidy(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what is older than the settings allow: previews, mails, letters, builds, backups, what crashes left."""
    folder = CampaignFolder(campaign)
    settings = Settings.from_environment()
    with (
        nullcontext() if dry_run else acting_here(folder.root, Event.TIDIED) as act,
        only_build(folder, wait=_WAIT),
    ):
        expired = list(list_expired(folder, settings, datetime.now(UTC)))
        expired += [*_list_builds(folder, settings), *_list_backups(folder, settings)]
        for entry in [] if dry_run else expired:
            entry.remove()
        if act is not None:
            act.say(removed=len(expired))
    if as_json:
        removed = [{"kind": entry.kind, "what": entry.what, "number": entry.number} for entry in expired]
        print_json({"ok": True, "is_rehearsal": dry_run, "removed": removed})
    else:
        _say(expired, dry_run)


def _list_builds(folder: CampaignFolder, settings: Settings) -> list[Expired]:
    """List builds beyond the kept number, as where that has become smaller."""
    entries = history.read_history(folder)
    kept_entries = [
        entry for number, entry in enumerate(entries) if number < settings.builds_kept or entry["is_current"]
    ]

    def remove() -> None:
        history.write_history(folder, kept_entries)
        remove_old(folder)

    gone = [entry for entry in entries if entry not in kept_entries]
    return [Expired("build", entry["build_id"], remove) for entry in gone]


def _list_backups(folder: CampaignFolder, settings: Settings) -> list[Expired]:
    place = settings.backup_to
    if place is None or not place.is_dir():
        return []
    campaign = folder.load()
    title = campaign.titles[campaign.default_language]
    old = storing.list_old(place, hash_title(title), settings.backups_kept)
    return [Expired("backup", str(path), path.unlink) for path in old]


def _say(expired: list[Expired], dry_run: bool) -> None:
    console = open_console()
    for entry in expired:
        number = f" ({entry.number:,})" if entry.number > 1 else ""
        print_line(f"{entry.kind}: {entry.what}{number}")
    if not expired:
        console.print("Nothing is kept for longer than the settings say.")
    elif dry_run:
        console.print("Nothing was removed.")
    else:
        console.print(f"Removed: {len(expired):,}.")
