"""What every command of `python -m dashboard` shares: the campaign, refusals in a sentence, JSON for other programs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import SelectionError, UserError
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot

Campaign = Annotated[Path | None, typer.Option(metavar="DIR", help="Campaign folder; default: data.")]


def find_settings(campaign: Path | None) -> Settings:
    """The settings for a campaign folder.

    Raises:
        CampaignError: there is no such folder.
    """
    settings = Settings.from_environment()
    return replace(settings, campaign=CampaignFolder(campaign).root) if campaign is not None else settings


def open_campaign(campaign: Path | None) -> tuple[Settings, Snapshot]:
    """The settings for a campaign folder, and its published snapshot.

    Raises:
        SnapshotError: nothing is published there.
    """
    settings = find_settings(campaign)
    return settings, database.current(settings)


def warn_of_sample(published: Snapshot) -> None:
    """Say so where the data is fictional."""
    if published.is_sample:
        print("The data is fictional: it is the sample that comes with the program.")


def print_json(value: dict[str, Any]) -> None:
    """Print one line of JSON at once, so that the program that reads along sees it."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """What a person can put right: one sentence on stderr, exit code 2 for the command, 1 for what it found.

    With JSON both sentences are the last object as well, for the program that reads along.
    """
    try:
        yield
    except UserError as error:
        if as_json:
            print_json({"ok": False, "what": error.what, "remedy": error.remedy})
        print(error, file=sys.stderr)
        raise typer.Exit(2 if isinstance(error, SelectionError) else 1) from None
