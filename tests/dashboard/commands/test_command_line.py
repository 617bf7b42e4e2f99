"""Both programs of the command line: their version, the help of their commands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer import Context, Typer
from typer.main import get_command
from typer.testing import CliRunner

from dashboard import __main__ as dashboard
from dashboard.paths import PROJECT
from etl import __main__ as etl
from tests.dashboard.extracts.test_order import run_dashboard

PROGRAMS = pytest.mark.parametrize(
    ("app", "commands", "command", "flag"),
    [
        (etl.app, [*etl.COMMANDS], "build", "--quiet"),
        (dashboard.app, [name for name in dashboard.COMMANDS if name != "publish-embeds"], "chart", "--peers"),
    ],
    ids=["etl", "dashboard"],
)


def ask(app: Typer, *words: str) -> str:
    """Return a program's answer."""
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


def list_leaves(command: Any, *names: str) -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, with its names."""
    context = Context(command)
    for name in command.list_commands(context):
        one = command.get_command(context, name)
        if hasattr(one, "list_commands"):
            yield from list_leaves(one, *names, name)
        else:
            yield " ".join((*names, name)), one


@PROGRAMS
def test_every_command_answers_other_programs_in_json(app: Typer, commands: list[str], command: str, flag: str) -> None:
    leaves = dict(list_leaves(get_command(app)))
    assert len(leaves) >= len(commands)
    assert [name for name, one in leaves.items() if not any("--json" in each.opts for each in one.params)] == []


def test_what_a_command_did_is_told_other_programs_by_its_facts(campaign_folder: Path, tmp_path: Path) -> None:
    words = ("extract", "--json", "--to", "a.csv", "--campaign", str(campaign_folder))
    told = json.loads(run_dashboard(*words, folder=tmp_path, code=0).stdout)
    rows = len((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()) - 1
    assert told == {"ok": True, "file": "a.csv", "rows": rows, "is_sample": True, "did": f"a.csv: {rows} actions."}


def test_the_nearest_code_is_suggested_and_a_far_one_is_not(campaign_folder: Path, tmp_path: Path) -> None:
    for words, near in (
        (("extract", "--region", "afrika"), "Did you mean africa? Allowed: africa, "),
        (("extract", "--table", "action"), "Did you mean actions? "),
        (("chart", "completion-by-regio", "--to", "a.svg"), "Did you mean completion-by-region? "),
        (("extract", "--region", "moon"), "is not in the codelist. Allowed: "),
    ):
        answer = run_dashboard(*words, "--campaign", str(campaign_folder), folder=tmp_path, code=2)
        assert near in answer.stderr, answer.stderr


@PROGRAMS
def test_the_version_is_that_of_the_newest_changes(app: Typer, commands: list[str], command: str, flag: str) -> None:
    [newest, *_] = re.findall(r"^## ([\d.]+)", (PROJECT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert ask(app, "--version") == f"2021 Actions dashboard {newest}\n"
