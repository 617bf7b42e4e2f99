"""Contacts planted in every kind of field: none of them reaches the snapshot, and the texts beside them do."""

import json
import re

import pytest

from dashboard.campaign.answers.answer import Answer
from etl.inputs.uses_file import UsesFile
from etl.recipes.settled_plan import QUESTION
from tests.etl.campaigns import ask, built, make_campaign, recipe
from tests.etl.registers import texts

MAIL = "planted.àé+1@exämple.example"
PHONE = "0711\u00a0000 111"  # one of Kenya, which only one row of one file names
ABROAD = "00254-711-000-111"
BOTH = f"ask {MAIL} or {PHONE} / {ABROAD}"
CLEAN = "ask […] or […] / […]"

TEXTS = ("title", "description", "impact", "communication", "partners", "url", "narrative", "wave")
CODED = ("stakeholder_group", "category", "themes", "countries", "language", "status", "due_on", "percent")


def named(kind, *fields, more=""):
    """Return a recipe whose headers are the names of the fields, behind the kind's own."""
    headers = {name: f"{kind} {name}" for name in fields}
    return recipe(kind, kind, f"{kind} {fields[0]}", more, **headers)


ACTIONS = ("submission_id", "stakeholder", *TEXTS, *CODED)
REPORTS = (
    "report_id", "submission_id", "title", "stakeholder", "status", "reported_on", "wave", "narrative", "percent",
)  # fmt: skip
MILESTONES = ("submission_id", "label", "due_on")
POSTS = ("id", "title", "url", "language", "on_date", "submission_id")
SUPPORT = """
[questions.support]
headers = ["Which support?"]
[[leave_out]]
headers = ["Test"]
values = ["yes"]
reason = "a test"
"""
RECIPES = {
    "actions": named("actions", *ACTIONS).replace("[fields.submission_id]", '[fields.submission_id]\nprefix = "OFF-"'),
    "progress_reports": named("progress_reports", *REPORTS, more=SUPPORT),
    "milestones": named("milestones", *MILESTONES),
    "events": named("events", *POSTS),
    "stories": named("stories", *POSTS),
}
DECISIONS = f"decision,subject,this,that,note,decided_on\nrename,stakeholder,Nobody {MAIL},Nobody,{BOTH},2021-03-04\n"


def table(kind, fields, rows, more=()):
    """Return a file of the kind; a row gives its cells by field, `more` names further columns."""
    headers = [*(f"{kind} {name}" for name in fields), *more]
    lines = [[row.get(name, "") for name in (*fields, *more)] for row in rows]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in [headers, *lines]) + "\n"


JOINED = (
    "select a.title, a.action_id, r.report_id from progress_reports as r inner join actions as a using (action_no) "
    "where a.title like 'Action%' order by 1"
)
ADDRESSES = ("Ann.Sample@example.org", "+254 711 000222")
NUMBERS = ("0722000111", "0722000333")


def planted():
    """Exports with contacts in every field, in headers, in choices, in ids, and in a row that is rejected."""
    everywhere = {name: f"{name} {BOTH}" for name in ("stakeholder", *TEXTS, *CODED)}
    actions = [
        {"submission_id": "1", **everywhere, "Phone": PHONE},
        {"submission_id": "2", "stakeholder": "Fictional Union", "title": "Train inspectors", "countries": "Kenya"},
        {"description": BOTH, "Remark": PHONE, "due_on": PHONE, "Phone": PHONE},
        *({"submission_id": i, "title": f"Action {i[-4:]}", "countries": "Kenya"} for i in (*ADDRESSES, *NUMBERS)),
    ]
    asked = "Which support?", f"Well? {BOTH}", f"How {MAIL}?/Radio {PHONE}", f"How {MAIL}?/Songs", "Test"
    reports = [
        {"report_id": MAIL if i == 11 else f"r{i}", "submission_id": PHONE if i == 11 else "2",
         "status": "completed", "stakeholder": f"Fictional Union {BOTH}", "reported_on": "2021-03-04",
         "wave": f"Wave {PHONE}", "narrative": BOTH, "percent": PHONE, asked[0]: BOTH,
         asked[1]: ("Yes", "No")[i % 2], asked[2]: "1", asked[3]: "0", "Test": "yes" if i == 11 else BOTH}
        for i in range(12)
    ]  # fmt: skip
    reports += [
        {"report_id": i, "submission_id": f"OFF-{i.lower()}", "status": "completed", "reported_on": "2021-03-04"}
        for i in (*ADDRESSES, *NUMBERS)
    ]
    posts = [{"id": "p1", "title": f"A day {BOTH}", "url": f"mailto:{MAIL}", "language": BOTH, "on_date": BOTH}]
    steps = [{"submission_id": ref, "label": f"First step {BOTH}", "due_on": BOTH} for ref in ("1", MAIL)]
    return {
        "a.csv": table("actions", ACTIONS, actions, ("Phone", "Remark", f"Office, {MAIL}")),
        "r.csv": table("progress_reports", REPORTS, reports, asked),
        "m.csv": table("milestones", MILESTONES, steps),
        "e.csv": table("events", POSTS, posts),
        "s.csv": table("stories", POSTS, posts),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a campaign with contacts everywhere."""
    return make_campaign(tmp_path_factory.mktemp("planted") / "c", planted(), RECIPES)


@pytest.fixture(scope="module")
def first_ids(folder):
    """Return the ids of a first build, after which staff make every question public that it proposes."""
    with built(folder) as connection:
        ids = ask(connection, JOINED)
        proposed = ask(
            connection, "select distinct recipe, headed(header) from input_columns where proposed is not null"
        )
    for name, header in proposed:
        UsesFile(folder.columns_file).keep([Answer(0, "column", name, "", "", header, QUESTION)])
    return ids


@pytest.fixture(scope="module")
def planted_build(folder, first_ids):
    """Yield the snapshot of its second build; the private store is the schema `names`."""
    folder.decisions_file.write_text(DECISIONS, encoding="utf-8")
    with built(folder) as snapshot:
        yield snapshot


def test_no_contact_is_in_any_table_of_the_snapshot(planted_build):
    snapshot = planted_build
    everything = list(texts(snapshot))
    leaks = [
        (table, column, text)
        for table, column, text in everything
        if any(part in text.lower() for part in ("planted", "exämple", "example", "ann.sample"))
        or re.search("711000(111|222)", "".join(filter(str.isdigit, text)))
    ]
    assert leaks == []
    marked = {(table, column) for table, column, text in everything if "[…]" in text}
    assert marked >= {
        *(("actions", name) for name in (*TEXTS[:-2], "stakeholder")),
        *(("progress_reports", name) for name in ("narrative", "wave", "stakeholder")),
        *(("milestones", "label"), ("events", "title"), ("events", "url"), ("stories", "title")),
        *(("rejected_rows", "row"), ("unmatched_values", "value")),
        *(("survey_choices", "labels"), ("survey_questions", "texts"), ("stakeholders", "name")),
        *(("decisions", "this"), ("decisions", "note"), ("input_sheets", "headers")),
    }  # fmt: skip


def test_what_stands_beside_a_contact_stays(planted_build):
    snapshot = planted_build
    action = snapshot.execute(
        "select title, stakeholder, description, impact, url from actions where submission_id = 'OFF-1'"
    ).fetchone()
    assert action == tuple(f"{name} {CLEAN}" for name in ("title", "stakeholder", "description", "impact", "url"))
    rows = dict(ask(snapshot, "select named(source_file), row from rejected_rows"))
    assert json.loads(rows["a.csv"]) == {"actions description": CLEAN, "actions due_on": "[…]"}
    report = json.loads(rows["r.csv"])
    assert re.fullmatch("id_[0-9a-f]{12}", report["progress_reports report_id"])
    assert report["progress_reports submission_id"] == "[…]"  # it joins nothing any more
    assert report["How […]?/Songs"] == "0"  # staff made the question public
    assert ask(snapshot, "select distinct wave from progress_reports where wave like 'Wave%'") == [("Wave […]",)]


def test_personal_column_keeps_the_contact_in_the_private_store_also_of_a_rejected_row(planted_build):
    kept = ask(planted_build, "select source_file, source_row, value from names.contacts order by 2")
    assert kept == [("a.csv", 2, PHONE), ("a.csv", 4, PHONE)]


def test_an_id_that_is_an_address_gets_a_code_that_joins_and_stays(folder, first_ids, planted_build):
    ids = ask(planted_build, JOINED)
    assert ids == first_ids
    joined = {title: joined for title, *joined in ids}
    assert len(joined) == 4
    assert all(re.fullmatch("OFF-id_[0-9a-f]{12}", joined[f"Action {i[-4:]}"][0]) for i in ADDRESSES)
    assert [joined[f"Action {i[-4:]}"] for i in NUMBERS] == [[f"OFF-{i}", i] for i in NUMBERS]  # ids are no free text
    assert (folder.private / "id_key.txt").stat().st_mode & 0o077 == 0
