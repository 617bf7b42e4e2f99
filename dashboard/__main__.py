"""The command line of the dashboard: `python -m dashboard extract`, and the commands of `commands_charts`."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard import commands_charts
from dashboard.command_line import (
    Campaign,
    Codes,
    Day,
    Words,
    open_campaign,
    read_query,
    refusals,
    warn_of_sample,
    write_in_place,
)
from dashboard.errors import SelectionError
from dashboard.extracts import open_files, order, package
from dashboard.extracts import rows as extract_rows
from dashboard.extracts import tables as extract_tables
from dashboard.extracts.workbook.book import write_workbook
from dashboard.snapshot import selection
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Take figures and rows out of the published snapshot."""


@app.command()
def extract(
    campaign: Campaign = None,
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
    q: Words = None,
    as_of: Day = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the labels.")] = None,
) -> None:
    """Write the register of actions or another table, filtered, to a file."""
    lists = {"region": region, "subregion": subregion, "country": country, "category": category}
    lists |= {"theme": theme, "group": group, "status": status}
    with refusals():
        chosen = _Choice(to, table, *(open_files.read_columns(names or ()) for names in (columns, include)))
        _extract(campaign, chosen, read_query(lists, {"q": q, "as_of": as_of, "lang": lang}))


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
        if self.file_format not in order.FORMATS:
            allowed = tuple(f".{name}" for name in order.FORMATS)
            raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
        if table and self.file_format == "zip":
            raise SelectionError(
                "A ZIP holds every table, or those of --include; --table does not go with it.", "to", (".csv", ".xlsx")
            )
        order.check_choice(self.file_format, self.table, columns, include)

    @property
    def holds_actions_only(self) -> bool:
        """Whether each row is an action."""
        return self.table == "actions" and self.file_format != "zip" and not self.include

    def write(self, snapshot: Snapshot, chosen: Selection, path: Path, base_url: str) -> int:
        """Write the file and return its rows. This process serves nobody else, so it needs no worker."""
        if self.file_format == "xlsx":
            tables = (self.table, *order.further_tables(self.table, self.include))
            with extract_rows.sparing(snapshot):
                return write_workbook(snapshot, chosen, path, base_url, tables, self.columns)["rows"]
        if self.file_format == "zip":
            return package.write_package(snapshot, chosen, path, base_url, self.include)["rows"]
        table = extract_tables.find_table(self.table)
        return open_files.write_table(snapshot, chosen, table, self.file_format, path, self.columns)


def _extract(campaign: Path | None, choice: _Choice, query: dict[str, list[str]]) -> None:
    settings, published = open_campaign(campaign)
    chosen = selection.parse(query, published)
    target = choice.to or Path(order.name_file(published, chosen, choice.file_format, choice.table, choice.include))
    rows = write_in_place(target, lambda path: choice.write(published, chosen, path, settings.base_url))
    counted = "actions" if choice.holds_actions_only else "rows"
    print(f"{target}: {rows} {counted}.")
    warn_of_sample(published)


commands_charts.register(app)

if __name__ == "__main__":
    app(prog_name="python -m dashboard")
