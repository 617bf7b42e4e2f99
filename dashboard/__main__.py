"""The command line of the dashboard: `python -m dashboard extract`, and the commands of `commands_charts`."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dashboard import (
    commands_charts,
    extract_files,
    extract_package,
    extract_rows,
    extract_tables,
    extracts,
    selection,
    snapshot,
)
from dashboard.campaign import CampaignFolder
from dashboard.errors import SelectionError, UserError
from dashboard.extract_workbook import write_workbook
from dashboard.selection import Selection
from dashboard.settings import Settings
from dashboard.snapshot import Snapshot

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Keep these only; may be repeated.")]


@app.callback()
def main() -> None:
    """Take figures and rows out of the published snapshot."""


@app.command()
def extract(
    campaign: Annotated[Path | None, typer.Option(metavar="DIR", help="Campaign folder; default: data.")] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write (.xlsx, .csv, .parquet, .json, .zip); default: named here."),
    ] = None,
    table: Annotated[str | None, typer.Option(metavar="TABLE", help="Table to write; default: actions.")] = None,
    columns: Annotated[
        list[str] | None, typer.Option(metavar="NAMES", help="Columns, in this order; with commas, or repeated.")
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TABLES", help="Further tables as sheets of .xlsx; those of .zip. With commas, or repeated."
        ),
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
    """Write the register of actions or another table, filtered, to a file."""
    query = {"region": region, "subregion": subregion, "country": country, "category": category}
    query |= {"theme": theme, "group": group, "status": status}
    query |= {name: [value] for name, value in {"q": q, "as_of": as_of, "lang": lang}.items() if value is not None}
    with _refusals():
        chosen = _Choice(to, table, *(extract_files.read_columns(names or ()) for names in (columns, include)))
        _extract(campaign, chosen, {name: values for name, values in query.items() if values})


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


class _Choice:
    """What to write, and where."""

    def __init__(self, to: Path | None, table: str | None, columns: tuple[str, ...], include: tuple[str, ...]) -> None:
        """Check the choice before anything is opened.

        Raises:
            SelectionError: there is no such table, format or column, or they do not go together.
        """
        self.to = to
        self.file_format = "xlsx" if to is None else to.suffix.lower().lstrip(".")
        self.table = table or "actions"
        self.columns = columns
        self.include = include
        if self.file_format not in extracts.FORMATS:
            allowed = tuple(f".{name}" for name in extracts.FORMATS)
            raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
        if table and self.file_format == "zip":
            raise SelectionError(
                "A ZIP holds every table, or those of --include; --table does not go with it.", "to", (".csv", ".xlsx")
            )
        extracts.check_choice(self.file_format, self.table, columns, include)

    @property
    def holds_actions_only(self) -> bool:
        """Whether each row is an action."""
        return self.table == "actions" and self.file_format != "zip" and not self.include

    def write(self, snapshot: Snapshot, chosen: Selection, path: Path, base_url: str) -> int:
        """Write the file and return its rows. This process serves nobody else, so it needs no worker."""
        if self.file_format == "xlsx":
            tables = (self.table, *extracts.further_tables(self.table, self.include))
            with extract_rows.sparing(snapshot):
                return write_workbook(snapshot, chosen, path, base_url, tables, self.columns)["rows"]
        if self.file_format == "zip":
            return extract_package.write_package(snapshot, chosen, path, base_url, self.include)["rows"]
        table = extract_tables.find_table(self.table)
        return extract_files.write_table(snapshot, chosen, table, self.file_format, path, self.columns)


def _extract(campaign: Path | None, choice: _Choice, query: dict[str, list[str]]) -> None:
    settings = Settings.from_environment()
    if campaign is not None:
        settings = replace(settings, campaign=CampaignFolder(campaign).root)
    published = snapshot.current(settings)
    chosen = selection.parse(query, published)
    target = choice.to or Path(extracts.name_file(published, chosen, choice.file_format, choice.table, choice.include))
    rows = _write(target, lambda path: choice.write(published, chosen, path, settings.base_url))
    counted = "actions" if choice.holds_actions_only else "rows"
    print(f"{target}: {rows} {counted}.")
    if published.is_sample:
        print("The data is fictional: it is the sample that comes with the program.")


def _write(target: Path, write: Callable[[Path], int]) -> int:
    """Let `write` fill a file beside `target` and put it in its place, so that no half of a file is ever there."""
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        scratch.touch()  # a place that cannot be written to says so before the work begins
        rows = write(scratch)
        scratch.replace(target)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Choose another place with --to.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return rows


commands_charts.register(app)

if __name__ == "__main__":
    app(prog_name="python -m dashboard")
