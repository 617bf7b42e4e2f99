"""What every command of `python -m dashboard` shares: the campaign, filters, refusals in a sentence, files, JSON."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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
Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Keep these only; may be repeated.")]
Words = Annotated[str | None, typer.Option(metavar="WORDS", help="Keep actions that contain these words.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day the figures stand at.")]


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


def read_query(lists: Mapping[str, Sequence[str] | None], single: Mapping[str, str | None]) -> dict[str, list[str]]:
    """The options that were given, as the parameters of a link."""
    query = {name: list(values) for name, values in lists.items() if values}
    return query | {name: [value] for name, value in single.items() if value is not None}


def write_in_place(target: Path, write: Callable[[Path], int]) -> int:
    """Let `write` fill a file beside `target` and put it in its place, so that no half of a file is ever there.

    Raises:
        UserError: the file cannot be written.
    """
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        scratch.touch()  # a place that cannot be written to says so before the work begins
        written = write(scratch)
        scratch.replace(target)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Choose another place with --to.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return written
