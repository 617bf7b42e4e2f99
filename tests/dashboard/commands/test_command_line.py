"""Both programs of the command line: their version, the help of their commands."""

import re

import pytest
from typer import Typer
from typer.testing import CliRunner

from dashboard import __main__ as dashboard
from dashboard.paths import PROJECT
from etl import __main__ as etl

PROGRAMS = pytest.mark.parametrize(
    ("app", "commands", "command", "flag"),
    [
        (etl.app, [*etl.COMMANDS], "build", "--quiet"),
        (dashboard.app, [name for name in dashboard.COMMANDS if name != "publish-embeds"], "chart", "--peers"),
    ],
    ids=["etl", "dashboard"],
)


def ask(app: Typer, *words: str) -> str:
    """What a program answers."""
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    return answer.output


@PROGRAMS
def test_help_has_flags_as_they_are_typed_and_commands_in_the_order_of_the_work(
    app: Typer, commands: list[str], command: str, flag: str
) -> None:
    assert re.findall(r"^│ ([a-z][a-z-]*)  *[A-Z]", ask(app, "--help"), flags=re.MULTILINE) == commands
    for shown in (flag, "--help"):
        [line] = [one for one in ask(app, command, "--help").splitlines() if f" {shown} " in one]
        assert re.search(rf"{shown}  +[A-Z]", line), line


@PROGRAMS
def test_the_version_is_that_of_the_newest_changes(app: Typer, commands: list[str], command: str, flag: str) -> None:
    [newest, *_] = re.findall(r"^## ([\d.]+)", (PROJECT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert ask(app, "--version") == f"2021 Actions dashboard {newest}\n"
