"""What every command of `python -m etl` shares: options, the terminal, progress, refusals as one sentence."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.errors import UserError
from etl.build import build as builds

PIPE_WIDTH = 160

CampaignOption = Annotated[
    Path, typer.Option("--campaign", help="Campaign folder: campaign.toml, codelists, recipes, inbox.")
]
SkipOption = Annotated[
    bool, typer.Option("--skip-bad-files", help="Leave out files that cannot be read or recognised.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line, for other programs.")]


def open_console(quiet: bool = False) -> Console:
    """The terminal; a file or a pipe gets lines wide enough for the tables."""
    return Console(quiet=quiet, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def print_json(value: object) -> None:
    """Print one line of JSON at once, so that the program that reads along sees it."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """Turn what a person can put right into one sentence on stderr and exit code 1; with `as_json` on stdout too."""
    try:
        yield
    except UserError as error:
        if as_json:
            print_json({"ok": False, "what": error.what, "remedy": error.remedy})
        Console(stderr=True, soft_wrap=True).print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from None


def json_progress(what: str, done: int, total: int) -> None:
    """Progress as lines of JSON."""
    print_json({"what": what, "done": done, "total": total})


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[builds.Progress]:
    """A progress bar on stderr, where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
