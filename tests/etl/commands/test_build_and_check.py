"""`python -m etl`: its campaign, exit codes, refusals that leave the published snapshot alone, dry runs."""

import csv
import io
import os
import re
import shlex
from datetime import date
from threading import Event
from unittest.mock import Mock

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.__main__ import app
from etl.commands import check, validate, watch
from etl.publish import publish, unchanged
from tests.etl.campaigns import copy_campaign, make_campaign
from tests.etl.program import building_once, history_file, last_json, published, read_files, run_etl, run_on
from tests.etl.registers import action, register


@pytest.fixture
def folder(published_once, tmp_path):
    """Return a published campaign for one test, in a folder with a blank in its name."""
    return copy_campaign(published_once, tmp_path / "a campaign")


BAD_FILES = {
    "broken.xlsx": (b"PK\x03\x04 cut off", "broken.xlsx"),
    "empty.csv": (b"", "empty.csv"),
    "strange.csv": (b"colour,taste\nred,sweet\n", "No recipe recognises strange.csv"),
    "no headers.csv": (b"Imaginary,one@example.org\nSample,two@example.org\n", "Its first line holds data of persons"),
    "headers only.csv": (b"\n\n\n", "headers only.csv"),
    "notes.docx": (b"PK\x03\x04", "notes.docx"),
}


def test_bad_files_refuse_the_build_in_one_sentence_and_can_be_left_out_and_named_in_the_account(folder):
    before = read_files(folder.published)
    (folder.inbox / "more.csv").write_text(register(action("2", promise="Second", Themes="Minning")))
    for name, (content, _) in BAD_FILES.items():
        (folder.inbox / name).write_bytes(content)
    assert run_on(folder, "build", code=1).stderr.count("\n") == 1
    assert read_files(folder.published) == before
    skipped = run_on(folder, "build", "--skip-bad-files")
    said = dict(re.findall(r"^Left out: (.+?)\. (.+)$", skipped.stdout, re.MULTILINE))
    assert said.keys() == BAD_FILES.keys()
    assert [name for name, (_, words) in BAD_FILES.items() if words not in said[name]] == []
    assert [word for word in ("first.csv", "Minning", "mining") if word not in skipped.stdout] == []
    pointer = published(folder)
    assert (folder.published / pointer["snapshot"]).is_file()
    assert set(pointer) >= {"snapshot", "build_id", "built_at", "first_date", "last_date"}


def test_wrong_campaign_or_recipe_and_an_empty_inbox_are_refused(folder, tmp_path):
    assert run_etl("build", "--campaign", tmp_path / "nowhere").returncode == 1
    (folder.root / "recipes" / "office_actions.toml").write_text("id = ")
    assert "office_actions.toml is not valid TOML" in run_on(folder, "build", code=1).stderr
    assert run_etl("build", "--no-such-option").returncode == 2
    assert "inbox" in run_on(make_campaign(tmp_path / "empty", {}), "build", code=1).stderr


def test_check_says_what_would_change_and_publishes_nothing(folder, tmp_path):
    before = read_files(folder.root)
    tried = tmp_path / "new.csv"
    tried.write_text(register(action("1", promise="Changed"), action("9", promise="New"), action("", "", "")))
    with building_once(tmp_path, check):  # told as text and as JSON
        done = run_on(folder, "check", tried)
        told = last_json(run_on(folder, "check", tried, "--json"))
    assert "1 actions added, 1 changed, 0 removed" in done.stdout
    assert "Nothing was published." in done.stdout
    assert told["ok"] and told["files"][0]["rows_read"] == 2
    assert (told["changes"]["actions_added"], told["changes"]["actions_changed"]) == (1, 1)
    assert read_files(folder.root) == before
    if os.name != "nt":
        assert (folder.private / "contacts.duckdb").stat().st_mode & 0o777 == 0o600


def test_validate_says_of_each_commitment_what_is_missing_and_publishes_nothing(folder, tmp_path):
    before = read_files(folder.root)
    file, table, book = tmp_path / "new.csv", tmp_path / "criteria.csv", tmp_path / "criteria.xlsx"
    good = "Train 200 teachers on child labour in two districts with the Example Union by June 2021"
    file.write_text(register(action("1", promise=good), action("2", promise="=Hope")))
    with building_once(tmp_path, validate):
        told = run_on(folder, "validate", file, "--to", table).stdout
        listed = last_json(run_on(folder, "validate", file, "--to", book, "--json"))["commitments"]
    assert "2 commitments read: specific 1, measurable 1" in told and "Nothing was published." in told
    assert "No number or finish line is stated." in told
    assert [one["measurable_reason"] for one in listed] == ["states_number", "no_number_or_finish_line"]
    first, second = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig")))
    assert {first[name] for name in CRITERIA} == {"yes"} and second["title"] == "'=Hope"
    (heads, *rows) = load_workbook(book).active.iter_rows(values_only=True)
    assert list(heads) == list(first) and rows[1][1] == "=Hope"
    assert read_files(folder.root) == before
    assert "neither .csv nor .xlsx" in run_on(folder, "validate", file, "--to", tmp_path / "a.pdf", code=1).stderr


@pytest.mark.nightly
def test_reports_that_no_figure_counts_are_said_first_and_they_alone_are_never_published(folder, tmp_path, monkeypatch):
    before = published(folder)
    late = [action(str(n), promise=f"No. {n}", Status="Completed", Sent=f"2024-0{n}-01") for n in (2, 3)]
    (folder.root / "answers.csv").write_text("kind,is\nday,rows\n")  # the statuses are those of the submissions
    in_time = action("1", Status="Completed", Sent="2021-06-01")
    (folder.inbox / "first.csv").write_text(register(*late))
    said: list[str] = []
    with building_once(tmp_path, unchanged):
        refused = run_on(folder, "build", code=1)
        watch._build(folder, said.append, Event())
    none = (
        "No progress report counts: their day (2024-02-01 – 2024-03-01) is after the end of the campaign, 2021-12-31."
    )
    assert refused.stderr.startswith(none)
    assert said == [f"Refused: {refused.stderr.strip()}"]
    assert published(folder) == before
    (folder.inbox / "first.csv").write_text(register(in_time, *late))
    with building_once(tmp_path, unchanged):
        with monkeypatch.context() as patch:
            patch.setattr(publish, "date", Mock(today=lambda: date(2021, 5, 31)))
            coming = run_on(folder, "build", code=1)
        built = run_on(folder, "build")
    assert "No progress report counts: their day (2021-06-01 – 2024-03-01) is in the future." in coming.stderr
    first = "Progress reports that do not count: 2 of 3. Their day (2024-02-01 – 2024-03-01) is more than a year after"
    assert built.stdout.startswith(first)
    assert "3 actions, 1 completed by 2021-06-01;" in built.stdout
    assert history_file(folder)[0]["figures"]["completed"] == 1


UNKNOWN = ("source", "remove", "office")


def invoke(*words):
    answer = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
    return answer.stdout, answer.stderr.splitlines()


@pytest.fixture
def unpublished(tmp_path):
    """Make an unpublished campaign, in a folder whose name has a blank."""
    (tmp_path / "of the year").mkdir()
    return make_campaign(tmp_path / "of the year" / "c", {}).root


def test_a_command_takes_the_campaign_of_the_variable_and_says_which(unpublished, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(unpublished))
    remedy = "There is no source office. See which there are: python -m etl source list."
    assert invoke(*UNKNOWN)[1] == [f"Campaign: {unpublished}", remedy]
    assert invoke("history")[1] == [f"Campaign: {unpublished}"]
    assert invoke("build", "--quiet")[1][0].startswith("There is nothing to build from")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", "data")  # the shipped one, wherever the command is typed
    monkeypatch.chdir(unpublished)
    assert invoke("history")[1] == [f"Campaign: {SHIPPED_CAMPAIGN}"]
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", "")
    assert invoke("history")[1] == [f"Campaign: {SHIPPED_CAMPAIGN}"]


def test_commands_that_are_told_name_the_campaign_where_they_would_take_another(unpublished, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", "data")
    _, (which, refusal) = invoke(*UNKNOWN, "--campaign", unpublished)
    assert which == f"Campaign: {unpublished}"
    assert refusal.endswith(
        f"See which there are: python -m etl source --campaign {shlex.quote(str(unpublished))} list."
    )
