"""The ETL's command line: `python -m etl build | check`."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.campaign import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl import build as builds
from etl.inputs import list_exports
from etl.publish import POINTER, only_build, publish
from etl.report import print_account, print_changes

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Exports → snapshot."
)

PIPE_WIDTH = 160

CampaignOption = Annotated[
    Path, typer.Option("--campaign", help="Campaign folder: campaign.toml, codelists, recipes, inbox.")
]
SkipOption = Annotated[
    bool, typer.Option("--skip-bad-files", help="Leave out files that cannot be read or recognised.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]


@app.command()
def build(
    campaign: CampaignOption = SHIPPED_CAMPAIGN, quiet: QuietOption = False, skip_bad_files: SkipOption = False
) -> None:
    """Read everything in the inbox, write and publish a snapshot, print the account per file."""
    console = _console(quiet)
    with _refusals():
        folder = CampaignFolder(campaign)
        with (
            only_build(folder),
            _progress(quiet) as progress,
            builds.build(folder, folder.published, skip_bad_files=skip_bad_files, progress=progress) as built,
        ):
            print_account(console, built)
            target = publish(folder, built)
        if built.is_sample:
            console.print("The inbox is empty: this is the fictional sample data.")
        console.print(f"Published {target.name}.")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Exports to try.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
) -> None:
    """Dry run: what these files would add, change and reject together with the inbox; publishes nothing."""
    console = _console(quiet)
    with _refusals():
        folder = CampaignFolder(campaign)
        exports = dict(list_exports(folder)[0]) if any(folder.inbox.glob("*")) else {}
        tried = {path.name: path for path in files}
        exports |= tried
        with (
            tempfile.TemporaryDirectory() as work,
            _progress(quiet) as progress,
            builds.build(folder, Path(work), exports=sorted(exports.items()), progress=progress) as built,
        ):
            print_account(console, built, only=set(tried))
            print_changes(console, built, _published(folder))
        console.print("Nothing was published.")


def _console(quiet: bool) -> Console:
    """The terminal; a file or a pipe gets lines wide enough for the tables."""
    return Console(quiet=quiet, width=None if sys.stdout.isatty() else PIPE_WIDTH)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what a person can put right into one sentence on stderr and exit code 1."""
    try:
        yield
    except UserError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from None


@contextmanager
def _progress(quiet: bool) -> Iterator[builds.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def _published(folder: CampaignFolder) -> Path | None:
    """The published snapshot, unless it is the sample's."""
    try:
        pointer = json.loads((folder.published / POINTER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return None if pointer.get("is_sample") else folder.published / pointer["snapshot"]


if __name__ == "__main__":
    app(prog_name="python -m etl")
