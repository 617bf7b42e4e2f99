"""The command line of the dashboard: `python -m dashboard extract`."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dashboard import extracts, selection, snapshot
from dashboard.campaign import CampaignFolder
from dashboard.errors import SelectionError, UserError
from dashboard.extract_workbook import write_workbook
from dashboard.settings import Settings

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
    with _refusals():
        _extract(campaign, to, {name: values for name, values in query.items() if values})


@contextmanager
def _refusals() -> Iterator[None]:
    """What a person can put right: one sentence on stderr, exit code 2 for the command, 1 for what it found."""
    try:
        yield
    except SelectionError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except UserError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


def _extract(campaign: Path | None, to: Path | None, query: dict[str, list[str]]) -> None:
    file_format = "xlsx" if to is None else to.suffix.lower().lstrip(".")
    if file_format not in extracts.FORMATS:
        allowed = tuple(f".{name}" for name in extracts.FORMATS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    settings = Settings.from_environment()
    if campaign is not None:
        settings = replace(settings, campaign=CampaignFolder(campaign).root)
    published = snapshot.current(settings)
    chosen = selection.parse(query, published)
    target = to or Path(extracts.name_file(published, chosen, file_format))
    # This process serves nobody else, so it writes the file itself, without a worker's limit of time.
    report = _write(target, lambda path: write_workbook(published, chosen, path, settings.base_url))
    print(f"{target}: {report['rows']} actions.")
    if published.is_sample:
        print("The data is fictional: it is the sample that comes with the program.")


def _write(target: Path, write: Callable[[Path], dict[str, int]]) -> dict[str, int]:
    """Let `write` fill a file beside `target` and put it in its place, so that no half of a file is ever there."""
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        scratch.touch()  # a place that cannot be written to says so before the work begins
        report = write(scratch)
        scratch.replace(target)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Choose another place with --to.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return report


if __name__ == "__main__":
    app(prog_name="python -m dashboard")
