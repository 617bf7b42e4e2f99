"""The command line of the dashboard: `python -m dashboard extract`."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dashboard import extracts, selection, snapshot
from dashboard.campaign import CampaignFolder
from dashboard.errors import SelectionError, UserError
from dashboard.settings import Settings

REFUSED = 1
USAGE = 2

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Keep these only; may be repeated.")]


@app.callback()
def main() -> None:
    """Take figures and rows out of the published snapshot."""


@app.command()
def extract(
    campaign: Annotated[Path | None, typer.Option(metavar="DIR", help="Campaign folder; default: data.")] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="File to write; default: a speaking name, here.")
    ] = None,
    region: Codes = None,
    subregion: Codes = None,
    country: Codes = None,
    category: Codes = None,
    theme: Codes = None,
    group: Codes = None,
    status: Codes = None,
    q: Annotated[str | None, typer.Option(metavar="WORDS", help="Keep actions that contain these words.")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day the figures stand at.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the labels.")] = None,
) -> None:
    """Write the register of actions, filtered, to an Excel file."""
    query = {"region": region, "subregion": subregion, "country": country, "category": category}
    query |= {"theme": theme, "group": group, "status": status}
    query |= {name: [value] for name, value in {"q": q, "as_of": as_of, "lang": lang}.items() if value is not None}
    given = {name: values for name, values in query.items() if values}
    _exit_with(lambda: _extract(campaign, to, given))


def _extract(campaign: Path | None, to: Path | None, query: dict[str, list[str]]) -> None:
    file_format = "xlsx" if to is None else to.suffix.lower().lstrip(".")
    if file_format not in extracts.FORMATS:
        allowed = tuple(f".{name}" for name in extracts.FORMATS)
        raise SelectionError(f"--to {to} does not end in a format that is written here.", "to", allowed)
    settings = Settings.from_environment()
    if campaign is not None:
        settings = replace(settings, campaign=CampaignFolder(campaign).root)
    published = snapshot.current(settings)
    chosen = selection.parse(query, published)
    target = to or Path(extracts.name_file(published, chosen, file_format))
    export = extracts.make_extract(published, chosen, file_format, settings)
    _write(target, export.content)
    print(target)
