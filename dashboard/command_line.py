"""What the commands of `python -m dashboard` share: filters, the campaign opened, files put in place, refusals."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import SelectionError, UserError
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot

Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Keep these only; may be repeated.")]
Campaign = Annotated[Path | None, typer.Option(metavar="DIR", help="Campaign folder; default: data.")]
Words = Annotated[str | None, typer.Option(metavar="WORDS", help="Keep actions that contain these words.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day the figures stand at.")]


def read_query(lists: Mapping[str, Sequence[str] | None], single: Mapping[str, str | None]) -> dict[str, list[str]]:
    """The options that were given, as the parameters of a link."""
    query = {name: list(values) for name, values in lists.items() if values}
    return query | {name: [value] for name, value in single.items() if value is not None}


def open_campaign(campaign: Path | None) -> tuple[Settings, Snapshot]:
    """The settings for a campaign folder, and its published snapshot.

    Raises:
        SnapshotError: nothing is published there.
    """
    settings = Settings.from_environment()
    if campaign is not None:
        settings = replace(settings, campaign=CampaignFolder(campaign).root)
    return settings, database.current(settings)


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


def warn_of_sample(published: Snapshot) -> None:
    """Say so where the data is fictional."""
    if published.is_sample:
        print("The data is fictional: it is the sample that comes with the program.")


@contextmanager
def refusals() -> Iterator[None]:
    """What a person can put right: one sentence on stderr, exit code 2 for the command, 1 for what it found."""
    try:
        yield
    except SelectionError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except UserError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
