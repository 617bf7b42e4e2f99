"""The data-quality page: its sections, deciding, classifying, and where each line comes from."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from dashboard.campaign.answers import question_kinds
from dashboard.errors import UserError
from dashboard.ground.processes import commands as jobs
from dashboard.lists.quality import open_columns
from dashboard.lists.quality.lists import LISTS
from dashboard.measures import register
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.app.conftest import kept_query, list_lines, page_links, pills, press, press_quickly, text_of
from tests.app.uploads import Ended, has_button, list_columns, say_column, write_history
from tests.quality_rows import PERSONS, POSTS, publish_quality
from tests.snapshots import mark_as_others

LIST = "kind,recipe,file,sheet,field,is,note\n"


@pytest.fixture(autouse=True)
def open_door(monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF", "open")


@pytest.fixture(scope="module")
def listed(tmp_path_factory) -> Snapshot:
    """Return a campaign with something in every list; do not write into it."""
    return publish_quality(tmp_path_factory.mktemp("listed"))


@pytest.fixture
def dirty(listed, monkeypatch, open_page):
    """Opens the page on a campaign with something in every list."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(listed.path.parents[1]))
    return partial(open_page, "quality")


SHEET = "insert into sheet_remarks values ('forms.xlsx', '2020', 'left_out', null, null);"


@pytest.fixture(scope="module")
def further(tmp_path_factory) -> Path:
    """Make a campaign with persons, posts, a sheet's use from staff, and an inbox; do not write into it."""
    folder = tmp_path_factory.mktemp("further")
    publish_quality(folder, PERSONS + POSTS + SHEET)
    (folder / "inbox").mkdir()
    for name in ("forms.xlsx", "left out.csv", "README.md", ".hidden.csv"):
        (folder / "inbox" / name).write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def open_further(further, monkeypatch, open_page):
    """Opens the page on that campaign."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(further))
    return partial(open_page, "quality")


def show(app, what: str, name: str) -> str:
    """Open another section, kind or part of the page; all its words, as they are read."""
    pills(app, f"quality-{what}").set_value(name).run()
    return text_of(app).replace("\\", "")


@pytest.mark.nightly
def test_persons_are_called_in_the_readers_language_wherever_something_is_decided(open_further):
    app = open_further(section="decide", lang="fr")
    told = [text_of(app), *(show(app, "decide-kind", kind) for kind in ("action", "report"))]
    assert all("Particulier, Kenya" in one and "Individual, Kenya" not in one for one in told)
    show(app, "section", "classify")
    assert set(app.data_editor[0].value["stakeholder"]) == {"Particulier, Kenya"}


UNDO = [{"action_id": "FIX-001", "category": [], "was": {"category": ["research"]}}]


@pytest.fixture
def commands(ran):
    """Return the commands that the page runs, with their input."""
    ran.answer = {"ok": True, "headers": ["Title", "Empty"], "cells": ["A title of the file", None]}
    ran.answer |= {"actions": 1, "undo": UNDO, "conflicts": []}
    return ran


def test_sections_that_are_only_looked_at_and_those_of_the_sample_about_which_nothing_is_settled(
    dirty, open_page, campaign_folder, monkeypatch
):
    app = dirty(section="orphans", lang="fr")
    for section in ("orphans", "checks", "coverage"):
        if section != "orphans":
            show(app, "section", section)
        assert pills(app, "quality-section").value == section and not app.error
        listed = {"orphans": "Rapports sans action", "checks": "Contrôles"}.get(section)
        assert listed is None or list_lines(app, listed)
    [table] = [one.proto.body for one in app.get("html") if 'class="coverage"' in one.proto.body]
    assert 'title="39 sur 40"' in table and "98" in table and "40" in table
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    app = open_page("quality", section="decide")
    assert any("sample" in info.value for info in app.info) and not app.error
    show(app, "section", "classify")
    assert app.button(key="save-classes").disabled and not app.error


def test_the_summary_leads_to_each_list_whose_section_and_file_are_kept_in_the_link_and_unknown_ones_said(
    dirty, listed
):
    app = dirty(file="survey_final.xlsx", lang="en")
    links = [element.proto for element in app.get("page_link") if "section=" in element.proto.query_string]
    assert {link.label: link.query_string for link in links} == {
        f"{name} · {count}": f"part=quality&section={section}&lang=en&file=survey_final.xlsx"
        for section, name, count in (
            ("rejected", "Rejected rows", 2),
            ("unmatched", "Unmatched values", 2),
            ("orphans", "Reports without action", 1),
            ("checks", "Checks", 1),
        )
    }
    app.selectbox(key="quality-file").set_value(None).run()
    links = [element.proto.label for element in app.get("page_link")]
    for line in ("Rejected rows · 3", "Unmatched values · 3", "To decide · 4", "Checks · 2"):
        assert line in links
    [query] = [one for one in page_links(app)["actions"] if "evidence" in one]
    assert query == {"status": ["completed"], "evidence": ["claimed_only"], "lang": ["en"]}
    selection = Selection(statuses=("completed",), evidence=("claimed_only",))
    number = register.count(listed, selection)
    assert f"**Completed, only claimed · {number}**" in links
    assert number > 0

    text = show(app, "section", "rejected")
    assert kept_query(app) == {"lang": ["en"], "section": ["rejected"]}
    assert [line.cells["Row"] for line in list_lines(app, "Rejected rows")] == ["36", "12", "13"]
    assert "Neither title nor id: the row names no action" in text
    assert "Left out by the recipe: a test" in text
    app.selectbox(key="quality-file").set_value("survey_final.xlsx").run()
    assert kept_query(app) == {"lang": ["en"], "section": ["rejected"], "file": ["survey_final.xlsx"]}
    assert [line.cells["Row"] for line in list_lines(app, "Rejected rows")] == ["12", "13"]
    app.selectbox(key="quality-file").set_value("events.csv").run()
    assert [message.value for message in app.success] == [LISTS["rejected"].empty]
    assert not list_lines(app, "Rejected rows")
    show(app, "section", "summary")
    assert kept_query(app) == {"lang": ["en"], "file": ["events.csv"]}
    app.query_params["section"], app.query_params["file"] = "nonsense", "lost.csv"
    warned = [warning.value for warning in app.run().warning]
    assert all(any(name in warning for warning in warned) for name in ("nonsense", "lost.csv"))


def test_what_may_be_one_is_decided_and_taken_back_a_report_assigned_and_a_build_followed(dirty, commands, monkeypatch):
    app = dirty(section="decide")
    assert not has_button(app, "build-now")
    commands.refusal = UserError("Another decision says the opposite.", "Take it back first.")
    press(app, "different-stakeholder-0")
    commands.refusal = None
    assert "Another decision says the opposite" in app.error[0].value
    assert not has_button(app, "build-now"), "what was refused is not counted"
    press(app, "same-stakeholder-0")
    arguments = commands[-1][0]
    assert arguments[0] == "decide"
    assert arguments[-4:-2] == ["same", "stakeholder"]
    [note] = [word for word in arguments if word.startswith("--note=")]
    assert " / " in note  # names, for those who read decisions.csv
    assert "Decided: they are the same." in text_of(app)
    assert has_button(app, "build-now")
    press(app, "undo-stakeholder-0")
    assert "--undo" in commands[-1][0]
    assert has_button(app, "same-stakeholder-0") and not has_button(app, "build-now")

    text = show(app, "decide-kind", "gone")
    assert "Mend nets" in text and "Sing" not in text  # which is settled
    press(app, "keep-gone-0")  # kept by one click
    assert commands[-1][0][-3:] == ["keep", "action", "OLD-1"]
    assert has_button(app, "undo-gone-0")
    show(app, "decide-kind", "decided")
    lines = list_lines(app, "Decisions")
    assert [(line.cells["Line"], line.cells["Applied"][:3]) for line in lines] == [("3", "No:"), ("2", "Yes")]

    show(app, "decide-kind", "report")
    press_quickly(app, "original-report-0", "assign-report-0-1")
    assert "A title of the file" in text_of(app)
    assert ["assign", "FIX-004"] in [[arguments[-3], arguments[-1]] for arguments, _ in commands if len(arguments) > 2]
    assert "row" in [arguments[0] for arguments, _ in commands]
    assert app.button(key="assign-report-0-none").disabled  # one answer a report
    press(app, "undo-report-0-1", "assign-report-0-none")
    assert commands[-1][0][-1] == "none"

    started: list[list[str]] = []
    refused: list[UserError] = []

    def start(arguments, _actor, stdin=None):
        started.append(arguments)
        return Ended(refusal=refused[-1])

    monkeypatch.setattr(jobs, "start", start)
    for refusal, way in (
        ("A file cannot be read", ""),
        (open_columns.REFUSAL, "Settle these columns: preview the inbox as it is"),
        (question_kinds.REFUSAL, "Answer these questions: preview the inbox as it is"),
    ):
        refused.append(UserError(f"{refusal}, else figures could be wrong.", "Save it again."))
        press(app, "build-now")
        assert started[-1][0] == "build" and refusal in app.error[0].value
        assert not way or way in [way.proto.label.replace("\\", "") for way in app.get("page_link")]
        assert has_button(app, "build-now"), "what waits still waits"


def test_a_story_is_assigned_to_several_actions_or_to_none_and_joined_to_its_translation(open_further, commands):
    app = open_further(section="decide")
    text = show(app, "decide-kind", "post")
    assert "Likely: 90%, because: its text has the title of the action" in text
    app.text_input(key="post-0-other-id").set_value(" FIX-009 ")
    press_quickly(app, "assign-post-0-0", "assign-post-0-1", "assign-post-0-other")  # it may belong to several
    given = [arguments[-4:] for arguments, _ in commands]
    assert sorted(given) == [["assign", "story", "ST-2", action] for action in ("FIX-003", "FIX-004", "FIX-009")]
    assert app.button(key="assign-post-0-none").disabled
    undo = [button.key for button in app.button if button.key.startswith("undo-post-0-")]
    press_quickly(app, *undo)
    taken_back = [arguments for arguments, _ in commands[3:]]
    assert sorted(arguments[-4:] for arguments in taken_back) == sorted(given)
    assert all("--undo" in arguments for arguments in taken_back)
    press(app, "assign-post-0-none")
    assert commands[-1][0][-4:] == ["assign", "story", "ST-2", "none"]
    assert app.button(key="assign-post-0-0").disabled
    show(app, "decide-kind", "version")
    press(app, "same-version-0")
    assert commands[-1][0][-4:] == ["same", "story", "ST-1", "ST-2"]


def answers_of(command) -> list[dict]:
    assert command[0][:2] == ["classify", "--by=AB"]
    return [json.loads(line) for line in command[1].splitlines()]


def test_ticked_suggestions_are_saved_and_undone_and_what_a_colleague_changed_meanwhile_is_shown(dirty, commands):
    app = dirty(section="classify")
    tick_all(app)
    assert app.button(key="save-classes").disabled  # nobody has said who saves
    app.text_input(key="classify-who").set_value(" AB ").run()
    press(app, "save-classes")
    answers = answers_of(commands[-1])
    assert answers
    assert all(set(answer) == {"action_id", "category", "was"} for answer in answers)
    assert all(answer["was"] == {"category": []} for answer in answers)
    assert "saved" in app.success[0].value
    assert has_button(app, "build-now")
    press(app, "undo-classes")
    assert answers_of(commands[-1]) == UNDO
    assert not has_button(app, "undo-classes") and not has_button(app, "build-now")

    conflict = {"action_id": "FIX-001", "field": "category", "yours": ["research"]}
    conflict |= {"theirs": ["awareness_and_advocacy"], "by": "Colleague Example", "at": "2021-12-20T10:15:00Z"}
    commands.answer["conflicts"] = [conflict]
    tick_all(app)
    press(app, "save-classes")
    commands.answer["conflicts"] = []
    text = text_of(app).replace("\\", "")
    assert "1 answer was not saved" in text
    assert "Currently: Awareness and advocacy" in text
    assert "Colleague Example, 2021-12-20 10:15" in text
    assert "Yours: Research" in text
    press(app, "mine-0")
    was = {"category": ["awareness_and_advocacy"]}
    assert answers_of(commands[-1]) == [{"action_id": "FIX-001", "category": "research", "was": was}]
    assert "not saved" not in text_of(app)


def tick_all(app) -> None:
    """Tick all suggestions of the table."""
    next(toggle for toggle in app.toggle if toggle.key.endswith("-all")).set_value(True).run()


@pytest.mark.nightly
def test_a_changed_cell_is_saved_alone_a_choice_set_for_all_that_are_ticked_and_all_filtered_accepted(dirty, commands):
    app = dirty(section="classify")
    app.text_input(key="classify-who").set_value("AB")
    [table] = app.data_editor
    first, second, third = table.value.index[:3]
    cells = {0: {"themes": ["data", "mining"]}, 1: {"accept": True}, 2: {"accept": True}}
    app.selectbox(key="classify-field").set_value("countries").run()
    app.multiselect(key="classify-value-countries").set_value(["GHA"])
    app.session_state[table.key] = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}
    app.run()
    press(app, "set-classes")
    said = answers_of(commands[-1])
    assert [(answer["action_id"], answer["countries"]) for answer in said] == [(second, ["GHA"]), (third, ["GHA"])]
    assert app.data_editor[0].value["accept"].tolist()[:3] == [False, True, True]  # and they stay ticked
    app.session_state[app.data_editor[0].key] = {"edited_rows": {0: cells[0]}, "added_rows": [], "deleted_rows": []}
    app.run()
    press(app, "save-classes")
    changed = next(answer for answer in answers_of(commands[-1]) if answer["action_id"] == first)
    assert sorted(changed) == ["action_id", "themes", "was"]
    assert changed["themes"] == ["data", "mining"]

    app.selectbox(key="classify-lacks").set_value("category").run()
    listed = app.data_editor[0].value.index.tolist()
    app.multiselect(key="classify-all-fields").set_value(["category"]).run()
    press(app, "accept-all-classes")
    assert [answer["action_id"] for answer in answers_of(commands[-1])] == listed
    app.text_input(key="classify-search").set_value("no such words anywhere").run()
    assert not app.data_editor
    assert "No action matches" in text_of(app)


def test_files_that_were_left_out_are_named_a_merged_row_told_apart_and_what_was_said_of_a_sheet_taken_back(
    open_further, commands
):
    app = open_further(section="files", row="1")
    [warning] = app.warning
    assert "left out" in warning.value and not any(name in warning.value for name in ("forms", "README"))
    assert "forms.xlsx, sheet 2020: It is left out" in text_of(app).replace("\\", "")
    press(app, "undo-sheet-0")
    assert commands[-1][0][:3] == ["answer", "--from", "-"] and "--undo" in commands[-1][0]
    assert commands[-1][1] == f"{LIST}sheet,,forms.xlsx,2020,,,\n"
    assert "sheet 2020: It is left out" not in text_of(app).replace("\\", "")
    assert "1 change is waiting for the next build" in text_of(app)
    press(app, "different-apart-FIX-099")
    assert commands[-1][0][-4:] == ["different", "action", "FIX-099", "FIX-002"]
    press(app, "undo-apart-FIX-099")
    assert "--undo" in commands[-1][0]


def test_changes_are_told_against_the_build_before(dirty, tmp_path, monkeypatch):
    published = tmp_path / "published"
    older = publish_quality(
        tmp_path / "older", "update actions set title = 'An older title' where action_id = 'FIX-001';"
    )
    publish_quality(tmp_path)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    older.path.rename(published / "snapshot-older.duckdb")
    write_history(
        tmp_path, fixture={"snapshot": "snapshot-fixture.duckdb"}, older={"snapshot": "snapshot-older.duckdb"}
    )
    text = text_of(dirty(section="changes"))
    assert "An older title" in text and "Actions changed: 1" in text
    mark_as_others(published / "snapshot-older.duckdb")
    app = dirty(section="changes")
    assert not app.error
    assert "These figures were made by another version of the program" in text_of(app)
    assert "An older title" not in text_of(app)


def test_columns_are_settled_and_taken_back_many_at_once_and_how_they_were_read_is_listed(dirty, commands):
    app = dirty(section="columns")
    assert list(list_columns(app).values()) == [None, None]  # no use is preselected
    column, question = list_columns(app)
    say_column(app, column, "title", is_field=True)  # which another column is
    assert "Which of these columns counts as “Title”?" in text_of(app)
    assert next(one for one in app.button if one.key == "keep-columns").disabled
    say_column(app, next(iter(list_columns(app))), "as_read")
    assert "Which of these columns counts" not in text_of(app)
    say_column(app, column, "nothing")
    say_column(app, question, "question")
    press(app, "keep-columns")
    said = [(words, stdin) for words, stdin in commands if words[0] == "answer"]
    lines = f"{LIST}column,forms,,,Status (Dec 2021),nothing,\ncolumn,forms,,,Which help came?,question,\n"
    assert [stdin for _, stdin in said] == [lines]
    assert "2 changes are waiting for the next build" in text_of(app)
    assert [done.value for done in app.success] == ["Every column has a use."]
    show(app, "columns-view", "settled")
    assert [box.label for box in app.checkbox] == [
        "Status \\(Dec 2021\\) is: Set aside",
        "Which help came? is: Public question",
    ]
    app.checkbox[1].check().run()
    press(app, "keep-columns")
    assert commands[-1][1] == f"{LIST}column,forms,,,Which help came?,,\n"
    assert "1 change is waiting for the next build" in text_of(app)

    show(app, "columns-view", "readings")
    [line] = list_lines(app, "How columns were read")
    assert line.cells["Read as"] == "The day first: 03/04/2021 is 3 April"
    assert line.cells["Decided by"] == "The recipe"


def test_a_word_is_kept_with_what_it_changes_and_taken_back(dirty, commands):
    app = dirty(section="unmatched")
    text = text_of(app)
    assert "Cote dIvoir" in text
    assert "looks like Côte d’Ivoire" in text
    assert not any(box.value for box in (*app.multiselect, *app.selectbox) if str(box.key).endswith("-means"))
    assert app.button(key="keep-words").disabled
    assert not re.search(r"actions? moves? to", text)
    assert app.multiselect(key="word-fixture-None-countries-0-means").options[0] == "Côte d’Ivoire"
    app.selectbox(key="word-fixture-None-status-0-own").set_value("own:in_progress").run()
    app.selectbox(key="word-fixture-None-status-0-where").set_value(("file", "survey_final.xlsx"))
    app.multiselect(key="word-fixture-None-countries-0-means").set_value(
        ["nothing", "countries:CIV", "countries:GHA"]
    ).run()
    app.selectbox(key="word-fixture-None-countries-0-where").set_value(("recipe", "classification_sheet")).run()
    assert app.multiselect(key="word-fixture-None-countries-0-means-1").value == ["countries:CIV", "countries:GHA"]
    assert re.search(r"\d+ actions? moves? to Ghana", text_of(app))
    press(app, "keep-words")
    arguments, lines = commands[-1]
    assert arguments[:2] == ["answer", "--from"]
    sort_of = "word,,survey_final.xlsx,,statuses/sort of,own:in_progress,\n"
    assert lines == f"{LIST}{sort_of}word,classification_sheet,,,countries/Cote dIvoir,CIV|GHA,\n"
    assert "2 changes are waiting for the next build" in text_of(app)
    assert "“sort of” is a status of its own, counted as: In progress" in text_of(app).replace("\\", "")
    press(app, "undo-word-0")
    arguments, lines = commands[-1]
    assert arguments[:4] == ["answer", "--from", "-", "--undo"] and lines == f"{LIST}{sort_of}"
    assert "1 change is waiting for the next build" in text_of(app)

    text = show(app, "words-part", "settled")
    assert "“Suspended” is a status of its own, counted as: Discontinued" in text
    assert "“Tea” means nothing (Only files of this kind: Classification of submissions by staff)" in text
    assert "“Tea and coal” means Agriculture, Mining (Only this file: forms.xlsx)" in text.replace("; ", ", ")
    press(app, "settled-undo-1")
    assert "--undo" in commands[-1][0] and "word,classification_sheet,,,themes/Tea,nothing," in commands[-1][1]
    assert "“Tea”" not in text_of(app)
    assert "2 changes are waiting for the next build" in text_of(app)
