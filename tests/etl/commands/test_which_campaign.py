"""The campaign of a command: the one on its command line, else the server's; the command names it."""

import shlex

import pytest
from typer.testing import CliRunner

from dashboard.paths import SHIPPED_CAMPAIGN
from etl.__main__ import app
from tests.etl.campaigns import make_campaign

UNKNOWN = ("source", "remove", "office")


def run(*words):
    answer = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
    return answer.stdout, answer.stderr.splitlines()


@pytest.fixture
def folder(tmp_path):
    """Make an unpublished campaign, in a folder whose name has a blank."""
    (tmp_path / "of the year").mkdir()
    return make_campaign(tmp_path / "of the year" / "c", {}).root


def test_a_command_takes_the_campaign_of_the_variable_and_says_which(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    remedy = "There is no source office. See which there are: python -m etl source list."
    assert run(*UNKNOWN)[1] == [f"Campaign: {folder}", remedy]
    assert run("history")[1] == [f"Campaign: {folder}"]
    assert run("build", "--quiet")[1][0].startswith("There is nothing to build from")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", "data")  # the shipped one, wherever the command is typed
    monkeypatch.chdir(folder)
    assert run("history")[1] == [f"Campaign: {SHIPPED_CAMPAIGN}"]
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", "")
    assert run("history")[1] == [f"Campaign: {SHIPPED_CAMPAIGN}"]


def test_commands_that_are_told_name_the_campaign_where_they_would_take_another(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", "data")
    _, (which, refusal) = run(*UNKNOWN, "--campaign", folder)
    assert which == f"Campaign: {folder}"
    assert refusal.endswith(f"See which there are: python -m etl source --campaign {shlex.quote(str(folder))} list.")
