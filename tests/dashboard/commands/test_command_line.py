"""Both programs of the command line: their version, their answers to programs, what is recorded, signed links."""

import ast
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
from dashboard.__main__ import app
from dashboard.access.signed_links import open_links
from dashboard.paths import PROJECT
from etl import __main__ as etl
from tests.dashboard.files.extracts.test_order import run_dashboard
from tests.signed_in import make_link, write_roles

PROGRAMS = pytest.mark.parametrize("app", [etl.app, dashboard.app], ids=["etl", "dashboard"])


def ask(app: Typer, *words: str) -> str:
    """Return a program's answer."""
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    return answer.output


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
def test_every_command_answers_in_json_and_the_version_is_that_of_the_newest_changes(app: Typer) -> None:
    leaves = dict(list_leaves(get_command(app)))
    assert len(leaves) > 15
    assert [name for name, one in leaves.items() if not any("--json" in each.opts for each in one.params)] == []
    [newest, *_] = re.findall(r"^## \[([\d.]+)\]", (PROJECT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert ask(app, "--version") == f"2021 Actions dashboard {newest}\n"


def test_a_command_is_told_by_its_facts_and_the_nearest_code_is_suggested(campaign_folder: Path, tmp_path) -> None:
    asked = ("extract", "--json", "--to", "a.csv", "--campaign", str(campaign_folder))
    told = json.loads(run_dashboard(*asked, folder=tmp_path, code=0).stdout)
    rows = len((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()) - 1
    assert told == {"ok": True, "file": "a.csv", "rows": rows, "is_sample": True, "did": f"a.csv: {rows} actions."}
    for words, near in (
        (("extract", "--region", "afrika"), "Did you mean africa? Allowed: africa, "),
        (("extract", "--table", "action"), "Did you mean actions? "),
        (("chart", "completion-by-regio", "--to", "a.svg"), "Did you mean completion-by-region? "),
        (("extract", "--region", "moon"), "is not in the codelist. Allowed: "),
    ):
        answer = run_dashboard(*words, "--campaign", str(campaign_folder), folder=tmp_path, code=2)
        assert near in answer.stderr, answer.stderr


def run(campaign: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["links", *words, "--campaign", str(campaign)])
    return done.exit_code, done.output


def test_links_are_listed_and_revoked(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").touch()
    write_roles(tmp_path, closed=True)
    assert run(tmp_path, "list") == (0, "Nobody has made a signed link.\n")
    links = open_links(tmp_path / "private")
    link, token = make_link(links, "/extracts/actions.csv", "lang=en")
    stranger, _ = make_link(links, "/latest.atom", "lang=en", name="nobody")
    code, listed = run(tmp_path, "list", "--json")
    stated = {one["handle"]: one["state"] for one in map(json.loads, listed.splitlines())}
    assert (code, stated) == (0, {link.handle: "open", stranger.handle: "ended"})
    assert token not in listed
    assert "Sample Person" not in listed
    assert run(tmp_path, "revoke", link.handle) == (0, f"{link.handle}: revoked (a test).\n")
    code, said = run(tmp_path, "revoke", link.handle)
    assert (code, "no open link" in said) == (1, True)
    log = "".join(path.read_text() for path in (tmp_path / "private" / "audit").glob("*.jsonl"))
    outcomes = [(entry["event"], entry["outcome"]) for entry in map(json.loads, log.splitlines())]
    assert outcomes == [("revoked", how) for how in ("begun", "done", "begun", "refused")]


RECORDING = {"acting_here", "record"}
READING = {
    "briefing", "receipt", "proof", "serve", "hash_password", "show",
    "preview", "status", "export", "list_them", "fewest", "list_links",
}  # fmt: skip
"""Commands that change nothing of a campaign."""


def read_commands():
    """Read each command with the names of all calls in its module's functions that it leads to."""
    for path in (PROJECT / "dashboard" / "commands").glob("*.py"):
        functions = {
            node.name: {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
        }
        tree = ast.parse(path.read_text(encoding="utf-8"))
        decorated = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
        plain = {"audit", "receipt", "proof", "hash_password", "sign_in_link", "serve"} & set(functions)
        names = {node.name for node in decorated if "app." in ast.unparse(node.decorator_list[0])} | plain
        for name in names:
            reached: set[str] = set()
            waiting = [name]
            while waiting:
                called = functions.get(waiting.pop(), set()) - reached
                reached |= called
                waiting += [one for one in called if one in functions]
            yield name, reached


def test_every_command_that_changes_something_is_recorded():
    commands = dict(read_commands())
    assert len(commands) > 15
    unrecorded = {name for name, reached in commands.items() if not reached & RECORDING}
    assert unrecorded <= READING, "record it, or say in READING that it changes nothing"
