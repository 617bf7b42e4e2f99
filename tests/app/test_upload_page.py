"""The upload page: who may open it, and every stage of an upload, with a stand-in for the build's commands."""

import json
import re
import shutil
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.testing.v1 import AppTest

from dashboard.access.rights import COMMON_PASSWORD, Role
from dashboard.campaign import uploads
from dashboard.campaign.recipe_edit import CHOICE
from dashboard.errors import UserError
from dashboard.ground.page_addresses import write
from dashboard.i18n import translator
from dashboard.lists.quality import differences
from dashboard.ui.frame import staff, streamlit_grips
from dashboard.ui.frame.header import SECTIONS, STAFF
from dashboard.ui.frame.markdown import plain
from tests.app.conftest import link_labels, mounted, press, text_of
from tests.app.uploads import (
    ACTIONS_CSV,
    StandIn,
    choose_use,
    drafts,
    drop,
    find_group,
    has_button,
    list_columns,
    list_file,
    preview,
    say_column,
    set_sample,
    write_history,
)
from tests.proposed_recipes import CHOICE_COLUMNS, PROPOSED, as_choice, column, propose

PASSWORD = "an imaginary password"  # noqa: S105
NEW_CSV = ("new.csv", b"Name,Colour\n", "text/csv")

OPEN_COLUMN = """insert into input_columns values
    ('actions.csv', null, 3, 'Status (Dec 2021)', 'actions_register', 'open', null, null, 20, 'status', 0.9, true,
    null, false)
"""
THREE_COLUMNS = """insert into input_columns values
    ('actions.csv', null, 3, 'Status (Dec 2021)', 'actions_register', 'open', null, null, 20, 'status', 0.9, true,
    null, false),
    ('actions.csv', null, 4, 'Planned status', 'actions_register', 'open', null, null, 20, 'status', 0.8, true,
    null, false),
    ('actions.csv', null, 5, 'Status', 'actions_register', 'field', 'status', 'recipe', 19, null, null, false,
    null, false);
    insert into sheet_remarks values ('r.xlsx', '2018', 'left_out', null, null);
    insert into input_sheets values ('actions.csv', null, 'actions_register', 'actions', 1, [], [], 100, 100, 0, 0);
"""
UNUSED = """
    insert into input_columns values
    ('actions.csv', null, 6, 'Remark', 'actions_register', 'open', null, null, 20, null, null, false, null, false),
    ('actions.csv', null, 7, 'Kind', 'actions_register', 'open', null, null, 99, null, null, false, null, false);
"""
ALIKE_SHEETS = """
    insert into alike_sheets values
    ('r.xlsx', '2021', 20, 15, '2020', 18, 2, 16, [], [{'figure': 'completed', 'before': 2, 'after': 15}]),
    ('r.xlsx', '2020', 18, 2, '2019', 9, 0, 8, null, null);
"""

LIST = "kind,recipe,file,sheet,field,is,note\n"


def progress(app: AppTest) -> str:
    """Return the number of answered questions."""
    return str(app.get("progress")[0].proto.text)


def test_columns_and_sheets_of_the_inbox_are_settled_before_anything_is_published(open_upload, stand_in, campaign):
    app = open_upload()
    assert not has_button(app, "preview-inbox")
    (campaign / "inbox").mkdir(exist_ok=True)
    (campaign / "inbox" / "kept.csv").write_text("Ref\n1\n")
    stand_in.change = OPEN_COLUMN
    values = {"recipe": "actions_register", "header": "Status (Dec 2021)", "kinds": 9, "values": [["Completed", 15]]}
    stand_in.columns = [values]
    app.run().button(key="preview-inbox").click().run()
    assert "--inbox" in stand_in.last_draft
    assert "1. What is this column?" in text_of(app)
    assert app.button(key="publish-upload").disabled
    assert "90%" in text_of(app)
    assert "Completed (15) · and 8 more" in text_of(app).replace("\\", "")
    assert list_columns(app) == {"Status (Dec 2021)": None}, "nothing is chosen"
    assert app.button(key="try-answers").disabled
    say_column(app, "Status (Dec 2021)", "status")
    assert list_columns(app) == {"Status (Dec 2021)": "status"} and progress(app) == "Answered: 1 of 1"
    stand_in.change = "delete from actions where action_no = 1"
    say_column(app, "Status (Dec 2021)", "nothing")
    press(app, "try-answers")
    assert stand_in.read_tried("--others") == f"{LIST}column,actions_register,,,Status (Dec 2021),nothing,\n"
    assert "What your answers change" in text_of(app)
    assert not [words for words in stand_in.asked if words[0] == "answer"]  # looking saves nothing
    assert not app.button(key="publish-upload").disabled

    stand_in.change = ALIKE_SHEETS
    press(app, "keep-answers")
    assert [words for words in stand_in.asked if words[0] == "answer"]
    assert "--others" not in stand_in.last_draft
    assert app.button(key="publish-upload").disabled
    assert app.button(key="try-answers").disabled
    assert "20 actions, 15 of them completed, 16 of them also on another sheet" in text_of(app)
    assert "Leave it out — Completed: 2 → 15" in text_of(app).replace("\\", "")
    stand_in.change = """
        update progress_reports set status = 'completed';
        insert into sheet_remarks values ('r.xlsx', '2018', 'left_out', null, null);
    """
    [sheet] = [one for one in app.get("button_group") if one.proto.label == "Sheet 2021"]
    sheet.set_value("data").run()  # the others are left out by it
    press(app, "try-answers")
    sheets = stand_in.read_tried("--others")
    assert sheets == f"{LIST}sheet,,r.xlsx,2020,,nothing,\nsheet,,r.xlsx,2019,,nothing,\n"
    assert "What your answers change" in text_of(app)
    assert "r.xlsx, sheet 2020: It is left out" in text_of(app).replace("\\", "")
    assert [words[0] for words in stand_in.asked].count("answer") == 1  # looking saves nothing
    assert not app.button(key="publish-upload").disabled
    press(app, "keep-answers")
    assert (stand_in.asked[-2][:3], stand_in.given[-2]) == (["answer", "--from", "-"], sheets)
    assert "--others" not in stand_in.last_draft
    press(app, "undo-sheet-0")  # the earlier use
    assert "--undo" in stand_in.asked[-2] and stand_in.given[-2] == f"{LIST}sheet,,r.xlsx,2018,,,\n"


@pytest.mark.nightly
def test_of_several_columns_one_counts_and_a_button_sends_its_own_question_alone(open_upload, stand_in):
    app = open_upload()
    stand_in.columns = [
        {"recipe": "actions_register", "header": "Kind", "kinds": 2, "values": [["Law", 12], ["Aid", 8]]}
    ]
    stand_in.change = THREE_COLUMNS
    app = preview(app, ACTIONS_CSV)
    text = text_of(app)
    assert "Which of these columns counts as “Status”?" in text
    assert list_columns(app) == dict.fromkeys(["Status", "Status (Dec 2021)", "Planned status"])
    assert app.button(key="try-answers").disabled
    stages = [f"{which} stage, with its own day" for which in ("An earlier", "A later")]
    first = ["This one counts", *stages, "Not used"]
    assert find_group(app, "What it is: Planned status").options[:4] == first
    choose = partial(say_column, app)
    choose("Status", "as_read")
    assert app.button(key="try-answers").disabled and "only then are these answers sent" in text_of(app)
    press(app, "undo-sheet-0")
    assert "--others" not in stand_in.last_draft, "what is chosen goes with its own button"
    choose("Planned status", "earlier round:status")
    choose("Status (Dec 2021)", "status")  # so the other no longer counts
    assert list_columns(app)["Status"] is None
    choose("Status", "nothing")
    assert not app.button(key="try-answers").disabled
    choose("Planned status", "status")  # of several that nothing is read from as well
    assert app.button(key="try-answers").disabled
    choose("Planned status", "earlier round:status")
    choose("Status (Dec 2021)", "status")
    press(app, "try-answers")
    assert stand_in.read_tried("--others").splitlines()[1:] == [
        "column,actions_register,,,Planned status,round,an earlier stage of status",
        "column,actions_register,,,Status,nothing,",
        "column,actions_register,,,Status (Dec 2021),status,",
    ]
    stand_in.change = THREE_COLUMNS.replace("'field', 'status', 'recipe', 19", "'open', null, null, 19") + UNUSED
    press(app, "drop-answers")
    assert list(list_columns(app))[:2] == ["Status (Dec 2021)", "Planned status"], "two of which none is read yet"
    shown = text_of(app)
    assert shown.index("**Kind**") < shown.index("**Remark**")
    assert shown.count("it could be used for breakdowns") == 1


@pytest.mark.nightly
def test_many_columns_are_a_table_with_what_stands_in_each_and_nothing_is_chosen(open_upload, stand_in):
    usual = "'actions_register', 'open', null, null, 20, null, null, false, null, false"
    columns = ", ".join(f"('actions.csv', null, {n}, 'Column {n}', {usual})" for n in range(10, 20))
    stand_in.change = "insert into input_columns values " + columns  # noqa: S608  (its own columns)
    stand_in.columns = [
        {"recipe": "actions_register", "header": "Column 12", "kinds": 1, "values": [["https://example.org/a", 20]]}
    ]
    app = preview(open_upload())
    [table] = app.data_editor
    assert table.value["subject"].tolist() == [f"Column {n}" for n in range(10, 20)] and not list_columns(app)
    assert table.value["note"].tolist()[2] == "https://example.org/a (20)" and table.value["answer"].isna().all()
    assert "Column 12" not in text_of(app), "no cards besides"


# who may open it


def test_it_is_for_staff_alone_where_that_is_open_also_before_anything_is_published(open_upload, campaign, monkeypatch):
    (campaign / "samples").mkdir()
    (campaign / "samples" / "sample.csv").write_bytes(ACTIONS_CSV[1])
    app = open_upload(lang="fr")
    t = translator("fr")
    offered = set(link_labels(app))
    assert {t(section.title) for section in STAFF} <= offered and t("New campaign") not in offered
    assert app.file_uploader
    assert t("Preview") in [one.label for one in app.button] and "who" not in [one.key for one in app.menu_button]
    assert "sample" not in text_of(app) and not has_button(app, "try-samples"), "real data"
    monkeypatch.setenv("DASHBOARD_STAFF", "closed")
    assert "DASHBOARD_STAFF_PASSWORD" in text_of(app.run())
    assert not app.file_uploader
    asked = list(app.text_input)
    assert not asked, "no password is asked for"
    assert set(link_labels(app)) == {t(section.title) for section in SECTIONS}

    shutil.rmtree(campaign / "published")
    assert not app.run().file_uploader
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    assert app.run().file_uploader
    assert t("Nothing has been published yet. The pages will show what you publish first.") in text_of(app)
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", PASSWORD)
    assert not app.run().file_uploader, "a password rules over an open setting"


def test_who_has_signed_in_has_the_pages_of_the_role_until_signing_out(
    open_upload, stand_in, campaign, come, monkeypatch
):
    visit, ended = come(COMMON_PASSWORD, session_hash="session"), []
    monkeypatch.setattr(staff, "sign_out", lambda session_hash, settings: ended.append(session_hash))
    app = open_upload(password=PASSWORD)
    assert app.file_uploader
    assert not app.error
    of_staff = {title for section in STAFF for title in (section.title, *(spec.title for spec in section.pages))}
    assert of_staff & set(link_labels(app)) == {"Files", "Upload", "Data quality", "Ask and tell", "Settings"}
    assert app.menu_button(key="who").label == "Staff member"
    preview(app)
    assert len(drafts(campaign)) == 1
    app.menu_button(key="who").click("Sign out").run()
    assert drafts(campaign) == []
    assert ended == ["session"]

    visit.person = replace(COMMON_PASSWORD, role=Role.READER)
    assert not app.run().file_uploader
    assert "Your role does not give access to this: Signed-in reader." in text_of(app)
    assert not of_staff & set(link_labels(app))


def test_a_staff_page_shows_nothing_before_the_sign_in(open_upload):
    """That no other is drawn either: `test_parts.py`."""
    app = open_upload("quality", password=PASSWORD)
    assert [field.key for field in app.text_input] == []
    drawn = html.fromstring("".join(element.proto.body for element in app.get("html")))
    *_, way = drawn.xpath("//a[@class='sign-in']/@href")
    assert parse_qs(urlsplit(way).query)["next"] == [write("", "quality")]
    assert not app.get("dataframe") and not app.get("download_button")
    assert {component.proto.component_name for component in app.get("bidi_component")} <= {"figures", "reading"}
    assert [data["said"] for _, data in mounted(app, "reading")] == [""]


# the stages of an upload


@pytest.mark.nightly
def test_the_sample_is_tried_with_its_own_files_and_replaced_whole(open_upload, stand_in, campaign):
    set_sample(campaign, True)
    (campaign / "samples").mkdir()
    for name in ("sample.csv", "README.md"):
        (campaign / "samples" / name).write_bytes(ACTIONS_CSV[1])
    app = open_upload()
    assert "replaces all of it" in text_of(app)
    stand_in.change = "insert into check_totals values ('due_after_campaign', 'note', 1, 1), ('other', 'note', 0, 0)"
    press(app, "try-samples")
    assert stand_in.asked[0][0] == "draft"
    (draft,) = drafts(campaign)
    assert [path.name for path in (draft / "uploads").iterdir()] == ["sample.csv"]
    text = text_of(app)
    assert "everything counts as new" in text
    assert "Actions added: 40" in text
    assert "Checks that find more than before: 1" in text, "not those that find nothing"


CHANGE = """
    update actions set title = 'A *corrected* title', source_file = 'actions.csv' where action_id = 'FIX-001';
    insert into input_files values ('actions.csv', 'sha', 'actions_register', 9, 5, 3, 1);
    insert into rejected_rows values
        ('actions.csv', null, 7, 'title', null, 'has neither title nor id', '{"Contact": "a secret"}');
    insert into unmatched_values values
        ('actions.csv', 'category', 'Ressearch', 3, 'research', 'actions_register', 'ressearch'),
        ('actions.csv', 'category', 'Lobbying', 2, 'advocacy', 'actions_register', 'lobbying'),
        ('other.csv', 'category', 'Elsewhere', 2, 'research', 'actions_register', 'elsewhere');
    insert into unmatched_uses
    select 'category', 'ressearch', 'actions_register', action_no, null, 'actions.csv'
    from actions where category is null;
    insert into check_totals values ('due_before_submitted', 'warning', 4, 4);
    insert into suggested_duplicates values ('stakeholder', 'a', 'Imaginary A', 'b', 'Imaginary B', 0.93, 'names');
"""
UNKNOWN_STATUSES = """
    insert into input_files values ('actions.csv', 'sha', 'actions_register', 9, 5, 3, 1);
    insert into unmatched_values values
        ('actions.csv', 'themes', 'Tea', 9, null, 'actions_register', 'tea'),
        ('actions.csv', 'status', 'Sí', 4, null, 'actions_register', 'si'),
        ('actions.csv', 'status', 'No', 3, null, 'actions_register', 'no');
    insert into questions by name select 'words' as kind, 'unknown' as variant, 'actions_register' as recipe,
        'actions.csv' as source_file, 'status' as field, 'State' as header,
        map {'n': '7', 'filled': '9', 'number': '2', 'words': 'Sí, No'} as facts,
        [{'number': 2, 'words': 'Sí'}] as evidence, [] as candidates;
"""
SAID = (
    "Register of actions",
    "A *corrected* title",
    "has neither title nor id",
    "actions.csv, row 7",
    "Lobbying",
    "Due before it was submitted",
    "Imaginary A",
    "93%",
    "is empty",
    "The first rows, as the recipe reads them",
)


def test_the_preview_says_what_would_change_and_what_speaks_against_it(open_upload, stand_in, campaign):
    """The objections to publishing: `tests/dashboard/ui/pieces/test_comparison.py`."""
    stand_in.change = CHANGE
    stand_in.refused_files = [{"name": "no.csv", "what": "“no.csv” is empty.", "remedy": "Export it again."}]
    app = preview(open_upload(), ACTIONS_CSV, ("no.csv", b"", "text/csv"))
    text = text_of(app)
    assert [words for words in SAID if words.casefold() not in text.casefold().replace("\\", "")] == []
    assert "2021" in text.partition("FIX-001")[2][:200], "its first rows, as they are read"
    assert "a secret" not in text
    assert stand_in.asked[0][0] == "draft"
    (draft,) = drafts(campaign)
    assert (draft / "uploads" / "actions.csv").read_bytes() == ACTIONS_CSV[1]
    assert json.loads((campaign / "published" / "current.json").read_text())["build_id"] == "fixture"
    key = f"draft-word-{stand_in.draft_id}-0-0-means"
    assert not app.selectbox(key=key).value and app.button(key="try-answers").disabled
    app.selectbox(key=key).set_value("categories:research").run()
    assert re.search(r"\d+ actions? moves? to Research", text_of(app))
    assert "Elsewhere" not in text

    stand_in.change = "delete from report_spells; update progress_reports set reported_on = null where report_no < 4"
    stand_in.refused_files = []
    press(app, "try-answers")
    assert stand_in.read_tried("--others") == f"{LIST}word,,,,categories/Ressearch,research,\n"
    assert not [words for words in stand_in.asked if words[0] == "answer"]
    press(app, "keep-answers")
    assert stand_in.asked[-2][:3] == ["answer", "--from", "-"]
    assert [words[0] for words in stand_in.asked].count("draft") == 3
    [uncounted, warning] = app.warning
    first = r"Progress reports that do not count: 3 of \d+\. The date they were true is unknown\."
    assert re.match(first, uncounted.value.replace("\\", ""))
    assert "Completed falls from 20 to 0" in warning.value
    publish = app.button(key="publish-upload")
    assert (publish.label, publish.proto.type) == ("Publish anyway", "secondary")
    publish.click().run()
    assert stand_in.asked[-1][0] == "publish-draft"


@pytest.mark.nightly
def test_a_column_of_words_that_nobody_understands_is_asked_about_before_anything_is_published(open_upload, stand_in):
    stand_in.change = UNKNOWN_STATUSES
    app = preview(open_upload())
    text = text_of(app).replace("\\", "")
    assert app.button(key="publish-upload").disabled and app.button(key="try-answers").disabled
    assert "(7 of 9)" in text and "Sí, No" in text and progress(app) == "Answered: 0 of 1"
    places = [text.index(said) for said in ("Does “Sí” mean completed?", "Does “No” mean completed?", "Tea", "Figures")]
    assert places == sorted(places), "what is asked about stands first"
    keys = [f"draft-word-{stand_in.draft_id}-0-{number}" for number in (0, 1)]
    for key, means in zip(keys, ("statuses:completed", "nothing"), strict=True):
        group: Any = next(one for one in app.get("button_group") if one.key == f"{key}-means")
        assert group.value is None and group.options[:2] == ["Yes", "No, it says nothing"]
        group.set_value(means).run()
    assert app.selectbox(key=f"{keys[0]}-where").value == ("recipe", "actions_register"), "yes may mean another thing"
    assert progress(app) == "Answered: 1 of 1"
    press(app, "try-answers")
    assert stand_in.read_tried("--others").splitlines()[1:] == [
        "word,actions_register,,,statuses/Sí,completed,", "word,actions_register,,,statuses/No,nothing,"
    ]  # fmt: skip
    press(app, "drop-answer-0")
    assert "--others" not in stand_in.last_draft and progress(app) == "Answered: 0 of 1"
    groups: list[Any] = [one for one in app.get("button_group") if one.key in [f"{key}-means-1" for key in keys]]
    assert [one.value for one in groups] == [None, None], "the words are asked about again"


@pytest.mark.nightly
def test_many_words_are_a_table_in_which_the_others_mean_one_thing_at_once(open_upload, stand_in):
    words = ", ".join(f"('actions.csv', 'category', 'Word {n}', {99 - n}, null, 'r', 'word {n}')" for n in range(30))
    stand_in.change = f"insert into unmatched_values values {words}"  # noqa: S608  (its own words)
    app = preview(open_upload())
    [frame] = [table.value for table in app.dataframe]
    assert frame["subject"].tolist() == [f"Word {n}" for n in range(30)] and frame["answer"].isna().all()
    assert app.button(key="try-answers").disabled and not app.button(key="publish-upload").disabled
    press(app, f"draft-word-{stand_in.draft_id}-0-all-nothing")
    assert "30 words" in text_of(app) and set(app.dataframe[0].value["answer"]) == {"Nothing: the field stays empty"}
    press(app, f"draft-word-{stand_in.draft_id}-0-clear")
    assert app.button(key="try-answers").disabled and app.dataframe[0].value["answer"].isna().all()
    press(app, f"draft-word-{stand_in.draft_id}-0-all-nothing")
    press(app, "try-answers")
    assert len(stand_in.read_tried("--others").splitlines()) == 31


def test_publishing_goes_on_to_links_and_undo_and_is_tried_again_where_it_was_refused(open_upload, stand_in, campaign):
    app = preview(open_upload())
    [table] = [e.proto.body for e in app.get("html") if "<table" in e.proto.body and "Completion rate" in e.proto.body]
    assert table.count("<td>0</td>") == 5
    assert "0 points" in table
    publish = app.button(key="publish-upload")
    assert (publish.label, publish.proto.type) == ("Publish", "primary") and not app.warning
    stand_in.refuse["publish-draft"] = UserError("Files changed since the preview was made.", "Make a new preview.")
    publish.click().run()
    assert "Files changed" in app.error[0].value
    assert not has_button(app, "publish-upload")
    stand_in.refuse.clear()
    press(app, "remake-upload")
    assert not app.error

    stand_in.told = {"not_sent": "It is published here, but not sent to the object store."}
    press(app, "publish-upload")
    assert stand_in.asked[-1][0] == "publish-draft"
    assert stand_in.draft_id in app.success[0].value
    assert app.warning[0].value.startswith("The object store could not save this build")
    assert link_labels(app).count("Overview") == 2
    press(app, "undo-upload")
    assert stand_in.asked[-1][:2] == ["restore", "fixture"]
    assert "Undone" in app.success[0].value
    press(app, "next-upload")
    assert app.file_uploader


def test_an_upload_is_refused_cancelled_and_discarded_and_leaves_nothing(open_upload, stand_in, campaign):
    app = drop(open_upload(), ACTIONS_CSV, ACTIONS_CSV)
    assert "Two of these files are called" in app.error[0].value
    assert app.button(key="make-preview").disabled
    assert drafts(campaign) == stand_in.asked == []

    stand_in.refuse["draft"] = UserError("“a_b_c.csv” is damaged.", "Export it again.")
    preview(app)
    assert "is damaged" in app.error[0].value
    assert not has_button(app, "publish-upload")
    stand_in.refuse.clear()
    press(app, "retry-upload")
    assert has_button(app, "publish-upload") and len(drafts(campaign)) == 1
    press(app, "discard-upload")
    assert app.file_uploader and drafts(campaign) == []
    assert [asked[0] for asked in stand_in.asked] == ["draft", "draft"]

    stand_in.waits = True
    preview(app)
    assert "reading" in str(app.get("progress")[0].proto.text)
    press(app, "cancel-upload")
    assert app.file_uploader and drafts(campaign) == []


WORDS = "Sample Person 001 <person1@example.org>"


def fail(*_args: Any, **_chosen: Any) -> None:
    """Go wrong as nobody has foreseen."""
    raise RuntimeError(WORDS)


def stop(*_args: Any) -> None:
    """End a run of a page, as when the reader goes on."""
    raise StopException


def test_whatever_goes_wrong_is_told_with_a_number_that_the_log_has(
    open_upload, stand_in, campaign, monkeypatch, caplog
):
    def assert_told(app: AppTest, number: int, lang: str) -> None:
        assert len(app.error) == 1
        (code,) = re.findall(r"\b[0-9a-f]{8}\b", app.error[0].value)
        entries = [record.getMessage() for record in caplog.records if record.name.endswith("messages")]
        assert len(entries) == number
        assert code in entries[-1]
        assert "RuntimeError" in entries[-1]
        assert "dashboard/ui/" in entries[-1]
        assert WORDS not in caplog.text + app.error[0].value
        assert ("tell the operator" in app.error[0].value) == (lang == "en")

    let_go: list[str] = []
    monkeypatch.setattr(streamlit_grips, "forget_files", let_go.append)
    app = open_upload(lang="fr")
    with monkeypatch.context() as broken:
        broken.setattr(uploads, "store", fail)
        assert_told(preview(app), 1, "fr")
    assert let_go == []  # the files are still needed
    with monkeypatch.context() as broken:
        broken.setattr(differences, "make_preview", fail)
        assert_told(press(app, "make-preview"), 2, "fr")
    assert len(let_go) == 1
    with monkeypatch.context() as stopped:
        stopped.setattr(differences, "make_preview", stop)
        press(app, "retry-upload")
    app.query_params["lang"] = "en"
    app.run()
    assert not app.error
    assert has_button(app, "publish-upload"), "what a stopped run has left the next one takes up"
    stand_in.refuse["publish-draft"] = RuntimeError(WORDS)
    assert_told(press(app, "publish-upload"), 3, "en")
    stand_in.refuse.clear()
    press(app, "remake-upload")
    assert has_button(app, "publish-upload")
    assert len(drafts(campaign)) == 1  # nothing is left of a drop that failed


# files of a new kind


def propose_recipe(stand_in: StandIn, **other: Any) -> None:
    """Have the file new.csv be one that no recipe knows, and this recipe proposed for it."""
    what = "No recipe recognises new.csv. Its first line reads: Name, Colour."
    stand_in.refused_files = [{"name": "new.csv", "what": what, "remedy": "Write a recipe."}]
    stand_in.told = {"recipes": [propose(**other)]}


def read_recipe(campaign: Path) -> dict[str, Any]:
    """Read the recipe that the only draft brings."""
    [draft] = drafts(campaign)
    return tomllib.loads((draft / "settings" / "recipes" / "export_actions.toml").read_text("utf-8"))


def member(app: AppTest, key: str, number: str) -> Any:
    [box] = [one for one in app.selectbox if re.fullmatch(f"{key}\\w+-member{number}", str(one.key))]
    return box


def find_kind(app: AppTest) -> Any:
    """Return the kind of one row of the first file of a new kind."""
    [box] = [one for one in app.selectbox if str(one.key).startswith("new-0-0-kind")]
    return box


def test_a_file_of_a_new_kind_is_read_by_what_is_said_of_its_columns(open_upload, stand_in, campaign):
    """The questions about columns and the effects of answers: `tests/dashboard/ui/upload/test_proposed.py`."""
    colour = column([as_choice("Colour", "One", False)], is_other_day=True, rival_of="title")
    columns = [*CHOICE_COLUMNS, colour]
    propose_recipe(stand_in, columns=columns)
    several = UserError("Several operations are already running.", "Try again in a minute.")
    stand_in.refuse["recipe"] = several
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    assert "Several operations" in app.error[0].value
    stand_in.refuse.clear()
    press(app, "new-0-again")
    assert has_button(app, "new-0-use") and not app.error
    asked = [words[0] for words in stand_in.asked if words[-1].endswith("/uploads/new.csv")]
    assert asked == ["recipe", "recipe"]
    assert "Download the recipe" in [one.proto.label for one in app.get("download_button")]
    assert text_of(app).count("its header mentions a deadline") == 1
    assert text_of(app).count("It could also be “Title”, like “Name”") == 1
    stand_in.refuse["recipe"] = several
    find_kind(app).set_value("stories").run()
    assert "Several operations" in app.error[0].value and has_button(app, "new-0-use"), "a refusal hides no answers"
    stand_in.refuse.clear()
    find_kind(app).set_value("stories").run()
    assert not app.error

    choose_use(app, "new-0-0-4-", "stakeholder")
    choose_use(app, "new-0-0-2-", CHOICE + "regions")
    assert "Choose which of “Regions” the column “Elsewhere” means." in [one.value for one in app.warning]
    assert app.button(key="new-0-use").disabled
    member(app, "new-0-0-2-", "").set_value("GHA")
    choose_use(app, "new-0-0-3-", CHOICE + "themes")
    assert (member(app, "new-0-0-3-", "-0").value, member(app, "new-0-0-3-", "-1").value) == ("education", None)
    offered = set(member(app, "new-0-0-2-", "").options)
    assert {"Africa", "Ghana"} <= offered and "Not yet classified" not in offered
    unread = "Columns of the question “About/Education …” that mean no “Themes” and are not read: 1 of 2."
    assert [one.value for one in app.info].count(plain(unread)) == 1
    assert "Ghana" in text_of(app)  # the first row, as it would be read
    press(app, "new-0-use")
    assert read_recipe(campaign)["fields"] == {
        "title": {"headers": ["Name"]},
        "stakeholder": {"headers": ["Colour"]},
        "regions": {"choices": {"GHA": ["Elsewhere"]}},
        "themes": {"choices": {"education": ["About/Education"]}},
    }
    assert stand_in.asked[-1][0] == "draft"
    assert text_of(app).index("Files of a new kind") < text_of(app).index("Figures"), "what is asked stands first"
    stories = PROPOSED.replace('"actions"', '"stories"')
    propose_recipe(stand_in, text=stories, known_by="export_actions", known_text=PROPOSED)  # the draft's own by now
    find_kind(app).set_value("stories").run()
    kind = find_kind(app)
    assert (kind.value, kind.disabled) == ("stories", False), "what one row is can be changed after that as well"


@pytest.mark.nightly
def test_recipes_of_the_campaigns_own_are_changed_unless_a_colleague_has_changed_them_or_they_say_more(
    open_upload, stand_in, campaign
):
    own_text = PROPOSED.replace("export_actions", "ours")
    own = campaign / "recipes" / "ours.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(own_text, encoding="utf-8")
    editors = own_text.replace("[fields", 'use = ["submission_form"]\n[fields', 1)
    stand_in.told = {"recipes": [propose(known_by="ours", known_text=editors)]}
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV, ("other.csv", *NEW_CSV[1:]))
    app.selectbox(key="known-file").set_value("new.csv").run()
    assert "too complex for this form" in text_of(app)
    assert not has_button(app, "known-1-use")
    assert "Download the recipe" in [one.proto.label for one in app.get("download_button")]

    stand_in.told = {"recipes": [propose(known_by="ours", known_text=own_text)]}
    app.selectbox(key="known-file").set_value("other.csv").run()
    choose_use(app, "known-2-0-1-", "stakeholder")
    own.write_text(own_text + '\n[fields.category]\nheaders = ["Colour"]\n', encoding="utf-8")
    press(app, "known-2-use")
    assert "Somebody else has changed the recipe ours" in app.error[0].value
    assert not list(campaign.glob("private/drafts/*/settings/recipes/ours.toml"))
    own.write_text(own_text, encoding="utf-8")
    press(app, "retry-upload")
    (made,) = campaign.glob("private/drafts/*/settings/recipes/ours.toml")
    assert tomllib.loads(made.read_text("utf-8"))["fields"]["stakeholder"] == {"headers": ["Colour"]}


def test_builds_are_listed_and_one_is_restored_after_a_rehearsal(open_upload, stand_in, ran, campaign):
    figures = {"actions": 7, "reported": 5, "completed": 3, "reports": 9, "reports_without_action": 1, "rejected": 0}
    usual = {"figures": figures, "files": [list_file("a.csv")]}
    write_history(campaign, fixture=usual, older=usual | {"built_at": "2021-07-01T08:30:00+00:00"})
    ran.answer = {"ok": True, "build_id": "older", "taken_out": ["b_2.csv"], "put_back": []}
    app = open_upload()
    text = text_of(app)
    assert "1 July 2021, 08:30" in text
    assert "10 January 2022, 09:00 (shown now)" in text
    press(app, "restore")
    assert ran == [(["restore", "older", "--dry-run", "--campaign", str(campaign), "--json"], None)]
    assert "b\\_2.csv" in " ".join(found.value for found in app.markdown)
    press(app, "confirm-restore")
    assert (["restore", "older", "--campaign", str(campaign), "--json"], None) in ran
