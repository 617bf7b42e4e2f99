"""Contacts planted in every kind of field: none of them reaches the snapshot, and what stands beside them does."""

import json
import re

import duckdb
import pytest

from etl.pipeline import build as builds
from tests.etl.campaigns import ask, built, know_names, make_campaign, make_public
from tests.etl.registers import texts

MAIL = "planted.àé+1@exämple.example"
PHONE = "0711\u00a0000 111"  # one of Kenya, which only one row of one file names
ABROAD = "00254-711-000-111"
BOTH = f"ask {MAIL} or {PHONE} / {ABROAD}"
CLEAN = "ask […] or […] / […]"

TEXTS = ("title", "description", "impact", "communication", "partners", "url", "narrative", "wave")
CODED = ("stakeholder_group", "category", "themes", "countries", "language", "status", "due_on", "percent")


def recipe(kind, *fields, more=""):
    """A recipe whose headers are the names of the fields, behind the kind's own."""
    parts = "".join(f'[fields.{name}]\nheaders = ["{kind} {name}"]\n' for name in fields)
    head = f'id = "{kind}"\ntitle = "{kind}"\nholds = "{kind}"\n[recognise]\nheaders = ["{kind} {fields[0]}"]\n'
    return head + parts + more


ACTIONS = ("submission_id", "stakeholder", *TEXTS, *CODED)
REPORTS = (
    "report_id",
    "submission_id",
    "title",
    "stakeholder",
    "status",
    "reported_on",
    "wave",
    "narrative",
    "percent",
)
MILESTONES = ("submission_id", "label", "due_on")
POSTS = ("id", "title", "url", "language", "on_date", "submission_id")
QUESTION = """
[questions.support]
headers = ["Which support?"]
[[leave_out]]
headers = ["Test"]
values = ["yes"]
reason = "a test"
"""
RECIPES = {
    "actions": recipe("actions", *ACTIONS),
    "progress_reports": recipe("progress_reports", *REPORTS, more=QUESTION),
    "milestones": recipe("milestones", *MILESTONES),
    "events": recipe("events", *POSTS),
    "stories": recipe("stories", *POSTS),
}
DECISIONS = f"decision,subject,this,that,note,decided_on\nrename,stakeholder,Nobody {MAIL},Nobody,{BOTH},2021-03-04\n"


def table(kind, fields, rows, more=()):
    """A file of the kind; a row gives its cells by field, `more` names further columns."""
    headers = [*(f"{kind} {name}" for name in fields), *more]
    lines = [[row.get(name, "") for name in (*fields, *more)] for row in rows]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in [headers, *lines]) + "\n"


def planted():
    """Exports with contacts in every field that is no id, in headers, in choices, and in a row that is rejected."""
    everywhere = {name: f"{name} {BOTH}" for name in ("stakeholder", *TEXTS, *CODED)}
    actions = [
        {"submission_id": "1", **everywhere, "Phone": PHONE},
        {"submission_id": "2", "stakeholder": "Fictional Union", "title": "Train inspectors", "countries": "Kenya"},
        {"description": BOTH, "Remark": PHONE, "due_on": PHONE},
    ]
    asked = "Which support?", f"Well? {BOTH}", f"How {MAIL}?/Radio {PHONE}", f"How {MAIL}?/Songs", "Test"
    reports = [
        {"report_id": MAIL if i == 11 else f"r{i}", "submission_id": PHONE if i == 11 else "2",
         "status": "completed", "stakeholder": f"Fictional Union {BOTH}", "reported_on": "2021-03-04",
         "wave": f"Wave {PHONE}", "narrative": BOTH, "percent": PHONE, asked[0]: BOTH,
         asked[1]: ("Yes", "No")[i % 2], asked[2]: "1", asked[3]: "0", "Test": "yes" if i == 11 else BOTH}
        for i in range(12)
    ]  # fmt: skip
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
def planted_build(tmp_path_factory):
    """The snapshot of a campaign with contacts everywhere; its private store is the schema `names`."""
    folder = make_public(make_campaign(tmp_path_factory.mktemp("planted"), planted(), RECIPES))
    folder.decisions_file.write_text(DECISIONS, encoding="utf-8")
    with (
        builds.build(folder, folder.published) as result,
        duckdb.connect(result.snapshot) as snapshot,
    ):
        know_names(snapshot, result.contacts)
        yield snapshot


def test_no_contact_is_in_any_table_of_the_snapshot(planted_build):
    snapshot = planted_build
    everything = list(texts(snapshot))
    leaks = [
        (table, column, text)
        for table, column, text in everything
        if any(part in text.lower() for part in ("planted", "exämple", "example"))
        or "711000111" in "".join(filter(str.isdigit, text))
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
        "select title, stakeholder, description, impact, url from actions where submission_id = '1'"
    ).fetchone()
    assert action == tuple(f"{name} {CLEAN}" for name in ("title", "stakeholder", "description", "impact", "url"))
    rows = dict(ask(snapshot, "select named(source_file), row from rejected_rows"))
    assert json.loads(rows["a.csv"]) == {
        "actions description": CLEAN,
        "actions due_on": "[…]",
    }
    report = json.loads(rows["r.csv"])
    assert re.fullmatch("id_[0-9a-f]{12}", report["progress_reports report_id"])
    assert report["progress_reports submission_id"] == "[…]"  # it joins nothing any more
    assert report["How […]?/Songs"] == "0"  # staff made the question public
    assert ask(snapshot, "select distinct wave from progress_reports where wave like 'Wave%'") == [("Wave […]",)]


def test_personal_column_keeps_the_contact_in_the_private_store(planted_build):
    kept = ask(planted_build, "select source_file, source_row, value from names.contacts")
    assert kept == [("a.csv", 2, PHONE)]


def test_an_id_that_is_an_address_gets_a_code_that_joins_and_stays(tmp_path):
    first, second = "Ann.Sample@example.org", "+254 711 000111"
    actions = [{"submission_id": i, "title": f"Action {i[:3]}", "countries": "Kenya"} for i in (first, second)]
    reports = [
        {"report_id": i, "submission_id": f"OFF-{i.lower()}", "status": "completed", "reported_on": "2021-03-04"}
        for i in (first, second)
    ]
    prefixed = RECIPES["actions"].replace("[fields.submission_id]", '[fields.submission_id]\nprefix = "OFF-"')
    exports = {"a.csv": table("actions", ACTIONS, actions), "r.csv": table("progress_reports", REPORTS, reports)}
    folder = make_campaign(tmp_path / "c", exports, RECIPES | {"actions": prefixed})
    found = []
    for _ in range(2):
        with built(folder) as connection:
            found.append(ask(connection, "select action_id, report_id from progress_reports order by 1"))
            assert not [text for *_, text in texts(connection) if "sample" in text.lower() or "711" in text]
    assert found[0] == found[1]
    assert all(re.fullmatch("OFF-id_[0-9a-f]{12}", action) for action, _ in found[0])
    assert (folder.private / "id_key.txt").stat().st_mode & 0o077 == 0


def test_ids_are_no_free_text_and_still_join(tmp_path):
    ids = ("0711000111", "0711000222")
    actions = [{"submission_id": i, "title": f"Action {i[-3:]}", "countries": "Kenya"} for i in ids]
    reports = [{"report_id": i, "submission_id": i, "status": "completed", "reported_on": "2021-03-04"} for i in ids]
    exports = {"a.csv": table("actions", ACTIONS, actions), "r.csv": table("progress_reports", REPORTS, reports)}
    with built(make_campaign(tmp_path / "c", exports, RECIPES)) as connection:
        assert ask(connection, "select action_id, report_id from progress_reports order by 1") == [(i, i) for i in ids]
