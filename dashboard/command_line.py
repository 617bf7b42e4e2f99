"""The parts that both programs' command lines share: the look of the help, the version, `--json` and its lines."""

import io
import json
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandFunctionType

from dashboard import __version__, stopping

PROGRAM_NAME = "actions-dashboard"
"""The command of the installed program."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line, for other programs.")]


def print_json(value: object) -> None:
    """Print one line of JSON at once, so that the program that reads along sees it."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


class _FlagsWithoutValue:
    """Help that shows a flag as it is typed: Typer gives it the type of a value."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, as the help shows them."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for one in parameters:
            if getattr(one, "is_flag", False):
                one.metavar = ""
        return parameters


class Command(_FlagsWithoutValue, TyperCommand):
    """A command."""


class Group(_FlagsWithoutValue, TyperGroup):
    """Commands under a name."""


class Program(typer.Typer):
    """Commands under a name, each with the help of all."""

    def __init__(self, *, cls: type[TyperGroup] = Group, no_args_is_help: bool = True, **settings: Any) -> None:
        """Take settings as Typer does."""
        super().__init__(
            cls=cls,
            no_args_is_help=no_args_is_help,
            add_completion=False,
            pretty_exceptions_enable=False,
            **settings,
        )

    def __call__(self, *arguments: Any, **settings: Any) -> Any:
        """Run the command; a file or a pipe gets UTF-8 on Windows too, whose own code pages lack many letters."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
                stream.reconfigure(encoding="utf-8")
        return super().__call__(*arguments, **settings)

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Take a function as a command, as Typer does."""
        return super().command(name, cls=cls or Command, **settings)


def in_order(names: Sequence[str]) -> type[Group]:
    """Return a group whose help lists its commands in this order: that of the work."""

    class Ordered(Group):
        def list_commands(self, ctx: Any) -> list[str]:
            return sorted(super().list_commands(ctx), key=names.index)

    return Ordered


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"2021 Actions dashboard {__version__}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
]


def run_program() -> None:
    """Run `actions-dashboard`, the installed program: the commands of both programs, entry points of its package.

    Each has `COMMANDS`, `app` and `run`. One that has the command does not wait until the other is loaded.
    """
    stopping.begin()
    programs = []
    for entry in sorted(entry_points(group="actions_dashboard.commands")):
        programs.append(entry.load())
        if any(word in programs[-1].COMMANDS for word in sys.argv[1:2]):
            programs[-1].run(PROGRAM_NAME)
            return

    class Both(Group):
        def list_commands(self, ctx: Any) -> list[str]:
            return [name for program in programs for name in program.COMMANDS]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            groups = (typer.main.get_group(program.app) for program in programs if cmd_name in program.COMMANDS)
            return next((group.get_command(ctx, cmd_name) for group in groups), None)

    app = Program(cls=Both)

    @app.callback()
    def main(version: VersionOption = False) -> None:
        """Exports of forms and surveys → figures, pages, Excel, charts. Begin with `actions-dashboard start`."""

    app(prog_name=PROGRAM_NAME)
