"""The parts that every command of `python -m dashboard` shares: campaign, filters, refusals, files, JSON."""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand
from typer.models import CommandFunctionType

from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import Program, print_json
from dashboard.errors import SelectionError, UserError
from dashboard.faults import computer_faults, raise_explained, told_anyway
from dashboard.ground.base_urls import is_local
from dashboard.ground.files.writing import drafted
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS

Campaign = Annotated[Path | None, typer.Option(metavar="DIR", help="Campaign folder; default: data.")]
Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Keep these only; may be repeated.")]
Words = Annotated[str | None, typer.Option(metavar="WORDS", help="Keep actions that contain these words.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day the figures stand at.")]
Versus = Annotated[
    list[str] | None,
    typer.Option("--vs", metavar="NAME=VALUE", help="Beside it: region=americas, as_of=2021-07-01."),
]
Filters = dict[str, list[str]]
Result = TypeVar("Result")
"""The options of a selection, as the parameters of a link."""
NO_FILTERS: Filters = {}
_VERSUS = "versus"


def takes_filters(*, compares: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a command take the options of a selection: the filters, the words and the day.

    They take the place of its parameter `filters`, which gets the values.

    `compares`: whether it takes the other side of a comparison (`--vs`) too.
    """
    options = {_VERSUS: Versus} if compares else {}
    options |= {one.parameter: Codes for one in FILTERS} | {"q": Words, "as_of": Day}

    def wrap(command: Callable[..., None]) -> Callable[..., None]:
        def run(**arguments: Any) -> None:
            chosen = {name: arguments.pop(name) for name in options}
            command(**arguments, filters=_read_filters(chosen))

        signature = inspect.signature(command, eval_str=True)
        parameters: list[inspect.Parameter] = []
        for one in signature.parameters.values():
            kind = inspect.Parameter.KEYWORD_ONLY
            added = [inspect.Parameter(name, kind, default=None, annotation=of) for name, of in options.items()]
            parameters += added if one.name == "filters" else [one.replace(kind=kind)]
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        return run

    return wrap


def _read_filters(options: dict[str, Any]) -> Filters:
    """Read the options, and those of the other side as its own parameters."""
    lists: Filters = {one.parameter: options[one.parameter] for one in FILTERS if options[one.parameter]}
    for side in options.get(_VERSUS) or ():
        name, _, value = side.partition("=")
        lists.setdefault(f"vs.{name}", []).append(value)
    return read_query(lists, {"q": options["q"], "as_of": options["as_of"]})


def find_settings(campaign: Path | None) -> Settings:
    """Find the settings for a campaign folder."""
    settings = Settings.from_environment()
    return settings.model_copy(update={"campaign": CampaignFolder(campaign).root}) if campaign is not None else settings


def open_campaign(campaign: Path | None) -> tuple[Settings, Snapshot]:
    """Open a campaign folder: its settings and its published snapshot.

    Raises:
        SnapshotError: nothing is published there.
    """
    settings = find_settings(campaign)
    return settings, database.current(settings)


def warn_of_address(settings: Settings) -> None:
    """Say on stderr that files lead to no dashboard, where the settings name none that others can open."""
    if is_local(settings.base_url):
        warning = "Links to the dashboard are left out: DASHBOARD_BASE_URL names none that others can open."
        print(warning, file=sys.stderr)


def print_done(sentence: str, as_json: bool, published: Snapshot | None = None, /, **facts: Any) -> None:
    """Print the work of a command: as one sentence, or with its facts for other programs.

    `as_json`: whether another program reads along.
    `published`: the snapshot of the work; if its data is fictional, this is printed too.
    """
    with told_anyway(sentence):
        if as_json:
            of_sample = {} if published is None else {"is_sample": published.is_sample}
            print_json({"ok": True, **facts, **of_sample, "did": sentence})
            return
        print(sentence, flush=True)
        if published is not None and published.is_sample:
            print("The data is fictional: it is the sample that comes with the program.")


@contextmanager
def refusals(as_json: bool = False, *, reads_settings: bool = True) -> Iterator[None]:
    """Print a fault that a person can put right: one sentence on stderr, exit code 2 for the command, 1 for findings.

    `as_json`: whether to print both sentences as the last object as well, for the program that reads along.
    `reads_settings`: whether wrong settings stop it, before any work begins.
    """
    try:
        with computer_faults():
            if reads_settings:
                Settings.from_environment()
            yield
    except UserError as error:
        if as_json:
            print_json({"ok": False, "what": error.what, "remedy": error.remedy})
        print(error, file=sys.stderr)
        raise typer.Exit(2 if isinstance(error, SelectionError) else 1) from None


class Commands(Program):
    """Commands under a name, each of which prints the faults that a person can put right (`refusals`)."""

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Take a function as a command, as Typer does."""

        def add(command: CommandFunctionType) -> CommandFunctionType:
            @wraps(command)
            def run(*arguments: Any, **options: Any) -> None:
                with refusals(bool(options.get("as_json"))):
                    command(*arguments, **options)

            super(Commands, self).command(name, cls=cls, **settings)(run)
            return command

        return add


def read_query(lists: Mapping[str, Sequence[str] | None], single: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Return the given options, as the parameters of a link."""
    query = {name: list(values) for name, values in lists.items() if values}
    return query | {name: [value] for name, value in single.items() if value is not None}


def write_in_place(target: Path, write: Callable[[Path], Result]) -> Result:
    """Let `write` fill a file beside `target` and put it in its place, so that no half of a file is ever there.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with drafted(target, is_shared=True, is_durable=False) as scratch:
            scratch.touch()  # a place that cannot be written to says so before the work begins
            return write(scratch)
    except OSError as error:
        raise_explained(error)
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Choose another place with --to.") from error
