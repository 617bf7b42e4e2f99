"""The command lines of both programs: the help of each command, and the output of commands for the sample."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

from dashboard.__main__ import app as dashboard
from etl.__main__ import app as etl
from tests.outside.entries import Entries, digest, shorten
from tests.outside.masks import mask_place

PROGRAMS = {"dashboard": dashboard, "etl": etl}
WIDTH = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}
"""A terminal of the same width, without colours."""
WIDE = WIDTH | {"COLUMNS": "600", "TERMINAL_WIDTH": "600"}
"""So wide that where lines are broken does not depend on where the program lies."""
FINAL = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
MID_YEAR = "Progress_of_the_2021_Actions_-_mid-year_-_2021-07-19.xlsx"
COMMANDS = (
    "dashboard extract --to {folder}/register.csv --region africa --lang fr",
    "dashboard extract --to {folder}/register.pdf",
    "dashboard extract --region atlantis",
    "dashboard chart completion-by-theme --to {folder}/chart.svg --lang es",
    "dashboard chart completion-by-region --to {folder}/chart.xlsx --region africa",
    "dashboard chart no-such-chart --to {folder}/chart.svg",
    "dashboard briefing --to {folder}/briefing.pptx --chart completion-by-region:Ours --region africa",
    "dashboard receipt {folder}/chart.svg {folder}/chart.xlsx {folder}/briefing.pptx",
    "dashboard proof {folder}/chart.svg {folder}/chart.xlsx {folder}/briefing.pptx",
    "dashboard silent list",
    "dashboard silent fewest",
    "dashboard roles",
    "dashboard links list",
    "dashboard newsletter status",
    "etl answer",
    "etl check {samples}/" + MID_YEAR,
    "etl column " + MID_YEAR,
    "etl sheet " + MID_YEAR,
    "etl spelling",
    "etl row " + FINAL + " 3",
    "etl recipe {samples}/" + MID_YEAR,
    "etl source list",
    "etl history",
    "etl tidy --dry-run",
    "etl build",
    "etl restore no-such-build",
)
"""Run one after the other, each as a person reads it and as JSON. `{folder}` is a folder for files."""


def describe_help() -> Entries:
    """Describe the help of every command: its text, and the options that it names."""
    entries: Entries = {}
    for program, app in PROGRAMS.items():
        for path, command in _list_commands(typer.main.get_command(app), ()):
            answer = CliRunner().invoke(app, [*path, "--help"], env=WIDE, prog_name=f"python -m {program}")
            name = " ".join((program, *path, "--help"))
            entries[name, "help"] = digest(mask_place(answer.output))
            options = [option for one in command.params for option in (*one.opts, *one.secondary_opts)]
            entries[name, "takes"] = " ".join(options)
    return entries


def _list_commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    if hasattr(command, "list_commands"):
        context = typer.Context(command)
        for name in command.list_commands(context):
            yield from _list_commands(command.get_command(context, name), (*path, name))


def describe_commands(campaign: Path, folder: Path) -> Entries:
    """Describe the output of commands for a published campaign, and the files that they write into a folder."""
    entries: Entries = {}
    folder.mkdir()
    for command in COMMANDS:
        for ending in ("", " --json"):
            program, *arguments = f"{command}{ending}".split(" ")
            filled = [one.format(folder=folder, samples=campaign / "samples") for one in arguments]
            answer = CliRunner().invoke(
                PROGRAMS[program], filled, env=WIDTH, prog_name=f"python -m {program}", catch_exceptions=False
            )
            printed, complained = (
                text.replace(str(folder), "{folder}").replace(str(campaign), "{campaign}")
                for text in (answer.stdout, answer.stderr)
            )
            name = f"{command}{ending}"
            entries[name, "ends"] = f"{answer.exit_code} {digest(printed)} {digest(complained)}"
            entries[name, "says"] = shorten(printed.splitlines()[-1] if printed else complained, 80)
            if ending and printed:
                entries[name, "keys"] = _list_keys(printed)
    return entries


def _list_keys(printed: str) -> str:
    """List the keys of the last object that is printed as JSON."""
    try:
        stated = json.loads(printed.splitlines()[-1])
    except ValueError:
        return "none"
    return " ".join(stated) if isinstance(stated, dict) else type(stated).__name__
