"""Two of the staff at work at once: they see each other, are warned before overwriting, and lose nothing."""

import json
from dataclasses import replace

import pytest

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import record, write_actor
from dashboard.access.rights import LOCAL
from dashboard.campaign import colleagues, uploads
from dashboard.campaign.colleagues import Colleague
from dashboard.ground.processes import commands
from dashboard.ui.frame import staff
from tests.app.conftest import press, text_of
from tests.app.uploads import (
    ACTIONS_CSV,
    has_button,
    list_columns,
    list_file,
    preview,
    run_here,
    say_column,
    write_history,
)
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import last_json, run_etl
from tests.etl.registers import HEADER, action

ONE = replace(LOCAL, key="oidc:001", name="Sample Person 001", address="one@example.org")
OTHER = replace(LOCAL, key="oidc:002", name="Sample Person 002", address="two@example.org")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lines = [
        f"{action('1', 'Imaginary Union', 'Train').strip()},x,y",
        f"{action('2', 'Fictional Guild', 'Open').strip()},x,z",
    ]
    text = "\n".join((f"{HEADER.strip()},Colour,Shape", *lines, ""))
    folder = make_campaign(tmp_path_factory.mktemp("two") / "a", {"first.csv": text})
    publish_campaign(folder)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return copy_campaign(made, tmp_path / "c")


@pytest.fixture
def be(folder, monkeypatch):
    """From now on pages run for this person; their commands are the real ones, run in this process."""

    def be(person):
        monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder.root))
        monkeypatch.setattr(staff, "person", lambda: person)
        monkeypatch.setenv("DASHBOARD_ACTOR", write_actor(person)["DASHBOARD_ACTOR"])

    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setattr(commands, "run_etl", lambda *words, **given: run_here(*words, **given).result().report)
    return be


def choose(app, header, use):
    """Choose a column's use, and save it."""
    say_column(app, header, use)
    press(app, "keep-columns")


def test_an_answer_of_a_colleague_is_not_overwritten_unseen_and_other_answers_stand_in_nobodys_way(
    open_page, be, folder
):
    be(ONE)
    one = open_page("quality", section="columns")
    be(OTHER)
    other = open_page("quality", section="columns")
    assert "At work here, too: Sample Person 001" in text_of(other).replace("\\", "")
    be(ONE)
    choose(one, "Colour", "nothing")
    be(OTHER)
    choose(other, "Colour", "staff")
    said = text_of(other).replace("\\", "")
    assert "A colleague changed it meanwhile" in said
    assert "Colour was said to be nothing since you looked" in said
    assert "Last changed by Sample Person 001" in said
    assert folder.columns_file.read_text().count("nothing") == 1  # theirs stands
    assert list_columns(other)["Colour"] == "staff"  # and mine is not lost
    press(other, "keep-mine-columns.csv")
    assert "Colour,staff" in folder.columns_file.read_text()
    assert "A colleague changed it" not in text_of(other)

    be(ONE)  # who has not looked since says something else
    choose(one, "Shape", "nothing")
    assert "A colleague changed it" not in text_of(one)
    written = folder.columns_file.read_text()
    assert "Colour,staff" in written and "Shape,nothing" in written


@pytest.mark.nightly
def test_a_list_of_a_version_that_has_changed_is_refused_by_each_command(folder):
    given = ("--campaign", folder.root, "--json")
    recipe = "recipe,header,is\noffice_actions,Colour,"
    for command, first, second in (
        (["column", "--list", "-"], f"{recipe}nothing\n", f"{recipe}staff\n"),
        (
            ["answer", "--from", "-"],
            "kind,field,recipe,is\ndate_order,due_on,r,dmy\n",
            "kind,field,recipe,is\ndate_order,due_on,r,mdy\n",
        ),
        (["sheet", "--list", "-"], "file,sheet,is\na.xlsx,2020,nothing\n", "file,sheet,is\na.xlsx,2020,data\n"),
        (
            ["spelling", "--lines"],
            json.dumps({"word": "Zambbia", "means": "ZMB", "codelist": "countries"}),
            json.dumps({"word": "Zambbia", "means": "GHA", "codelist": "countries"}),
        ),
    ):
        assert run_etl(*command, "--seen", "none", *given, stdin=first).returncode == 0, command
        refused = run_etl(*command, "--seen", "none", *given, stdin=second)
        assert refused.returncode == 1, command
        assert "since you looked" in last_json(refused)["what"]
        assert run_etl(*command, "--seen", "none", *given, stdin=first).returncode == 0, "the answer is the same"
        assert run_etl(*command, *given, stdin=second).returncode == 0, "who has not looked overwrites"


def test_previews_of_colleagues_are_seen_and_what_they_publish_is_said_with_what_of_it_changes(
    open_upload, stand_in, campaign
):
    theirs = uploads.new_draft(campaign)
    (theirs / "uploads" / "register of an office.csv").write_text("x")
    colleagues.own_draft(theirs, Colleague("2" * 32, "Sample Person 002", since="2026-11-27T12:40:00+00:00"))
    app = preview(open_upload())
    said = text_of(app).replace("\\", "")
    assert "Sample Person 002 has a preview open since 12:40 UTC: register of an office.csv" in said
    assert said.count("has a preview open") == 1  # not one's own

    names = [ACTIONS_CSV[0]]
    files = [list_file(name, "1") for name in (*names, "theirs.csv")]
    write_history(campaign, another={"built_at": "2022-01-11T10:00:00+00:00", "files": files}, fixture={})
    pointer = campaign / "published" / "current.json"
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"build_id": "another"}))
    record(campaign, OTHER, Event.PUBLISHED, "another", build="another")
    app.run()
    said = app.warning[0].value.replace("\\", "")
    assert "others have published" in said and "Refresh the preview" in said
    assert "Sample Person 002, 11 January 2022, 10:00" in said
    assert f"Publishing will replace or remove files added meanwhile: {names[0]}" in said
    assert not has_button(app, "publish-upload")
    assert app.button(key="remake-upload")
