"""Repeats: the rows of a repeated group are joined to the answer they belong to, inside one export only."""

from datetime import date

import pytest

from tests.etl.campaigns import ask
from tests.etl.together import Campaign, Rows, Together

SURVEY = """
id = "survey"
title = "A survey"
holds = "progress_reports"
[recognise]
headers = ["_uuid", "state"]
[fields.report_id]
headers = ["_id"]
[fields.submission_id]
headers = ["ref"]
[fields.stakeholder]
headers = ["maker"]
[fields.title]
headers = ["promise"]
[fields.status]
headers = ["state"]
required = true
[fields.reported_on]
headers = ["day"]
[[leave_out]]
headers = ["_validation_status"]
values = ["Not approved"]
reason = "not approved"
"""
ACTIONS = """
id = "actions"
title = "Actions"
holds = "actions"
[recognise]
headers = ["Ref", "Promise"]
without = ["state"]
[fields.submission_id]
headers = ["Ref"]
[fields.stakeholder]
headers = ["Maker"]
[fields.title]
headers = ["Promise"]
"""
STEPS = """
id = "steps"
title = "Milestones"
holds = "milestones"
[recognise]
headers = ["step"]
[fields.label]
headers = ["step"]
required = true
"""
RECIPES = {"survey": SURVEY, "actions": ACTIONS, "steps": STEPS}
REGISTER = (
    "Ref,Maker,Promise\n1,Imaginary Club,Mend nets\n2,Fictional Union,Open a school\n3,Sample Council,Close a pit\n"
)
ROOT = ["_id", "_uuid", "ref", "state", "_validation_status", "_index"]
CHILD = ["step", "_index", "_parent_table_name", "_parent_index", "_submission__id"]


together = Together(
    RECIPES, ids=("_id", "_submission__id", "ref", "Ref", "KEY", "PARENT_KEY"), makers=("maker", "Maker")
)


def told(connection) -> list[tuple]:
    return ask(connection, "select label, action_id from milestones order by label")


def rejected(connection) -> list[tuple]:
    return ask(connection, "select source_row, reason from rejected_rows order by all")


def accounts_add_up(connection) -> bool:
    return ask(
        connection, "select bool_and(rows_read = rows_accepted + rows_merged + rows_rejected) from input_files"
    ) == [(True,)]


@together.test
def test_milestones_find_their_action_by_the_parent_index_where_no_submission_id_is_left():
    book = {
        "survey": [ROOT, [11, "u1", 1, "Completed", None, 1], [12, "u2", 2, "In progress", None, 2]],
        "steps": [CHILD[:4], ["first", 1, "survey", 2], ["second", 2, "survey", 1]],
    }
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert told(connection) == [("first", "2"), ("second", "1")]
    assert accounts_add_up(connection)


@together.test
def test_a_milestone_knows_the_day_it_was_told_last_and_one_of_a_list_none():
    def export(day: str, *steps: str) -> dict[str, list]:
        root = ["_id", "_uuid", "ref", "state", "day", "_index"]
        told = [[step, number, "survey", 1] for number, step in enumerate(steps, start=1)]
        return {"survey": [root, [day, day, 1, "In progress", day, 1]], "steps": [CHILD[:4], *told]}

    listed = STEPS.replace('headers = ["step"]', 'headers = ["goal"]') + '[fields.submission_id]\nheaders = ["Ref"]\n'
    files = {
        "register.csv": REGISTER,
        "a.xlsx": export("2021-11-05", "first"),
        "b.xlsx": export("2021-07-01", "first", "second"),
        "c.csv": "goal,Ref\nthird,1\n",
    }
    recipes = RECIPES | {"listed": listed.replace('id = "steps"', 'id = "listed"')}
    connection = yield Campaign(files, recipes)
    days = ask(connection, "select label, told_on from milestones order by label")
    assert days == [("first", date(2021, 11, 5)), ("second", date(2021, 7, 1)), ("third", None)]


@together.test
def test_repeats_three_levels_deep_find_their_action_through_sheets_that_no_recipe_reads():
    book = {
        "survey": [ROOT, [11, "u1", 1, "Completed", None, 1], [12, "u2", 2, "In progress", None, 2]],
        "places": [["place", *CHILD[1:4]], ["north", 1, "survey", 2], ["south", 2, "survey", 1]],
        "rounds": [["round", *CHILD[1:4]], ["one", 1, "places", 2], ["two", 2, "places", 1]],
        "steps": [CHILD[:4], ["first", 1, "rounds", 1], ["second", 2, "rounds", 2]],
    }
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert told(connection) == [("first", "1"), ("second", "2")]


@together.test
def test_two_exports_that_both_count_from_one_are_never_mixed():
    def export(ref: int, step: str) -> dict[str, list]:
        return {
            "survey": [ROOT, [10 + ref, f"u{ref}", ref, "Completed", None, 1]],
            "steps": [CHILD, [step, 1, "survey", 1, 10 + ref]],
        }

    files = {"register.csv": REGISTER, "a.xlsx": export(1, "of one"), "b.xlsx": export(2, "of two")}
    connection = yield files
    assert told(connection) == [("of one", "1"), ("of two", "2")]


@together.test
def test_the_main_sheet_may_have_been_renamed():
    book = {
        "Sheet 1 (edited)": [ROOT, [11, "u1", 1, "Completed", None, 1], [12, "u2", 2, "In progress", None, 2]],
        "steps": [CHILD[:4], ["first", 1, "survey", 2]],
    }
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert told(connection) == [("first", "2")]


@together.test
def test_where_two_rows_have_the_same_index_the_submission_decides_and_nothing_is_guessed():
    book = {
        "survey": [ROOT, [11, "u1", 1, "Completed", None, 1], [12, "u2", 2, "In progress", None, 1]],
        "steps": [CHILD, ["first", 1, "survey", 1, 12], ["second", 2, "survey", 1, None]],
    }
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert told(connection) == [("first", "2")]
    assert rejected(connection) == [(3, "the row it belongs to is not in this export")]


@together.test
def test_a_milestone_whose_answer_is_not_in_the_export_says_so():
    book = {
        "survey": [ROOT, [11, "u1", 1, "Completed", None, 1]],
        "steps": [CHILD, ["first", 1, "survey", 7, 70]],
    }
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert rejected(connection) == [(2, "the row it belongs to is not in this export")]
    assert accounts_add_up(connection)


@together.test
def test_what_is_left_out_takes_its_milestones_with_it():
    book = {
        "survey": [
            ROOT,
            [11, "u1", 1, "Completed", "Not Approved", 1],
            [12, "u2", 2, "In progress", "Approved", 2],
        ],
        "steps": [CHILD, ["first", 1, "survey", 1, 11], ["second", 2, "survey", 2, 12]],
    }
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert told(connection) == [("second", "2")]
    assert rejected(connection) == [
        (2, "left out, as the recipe says: not approved"),
        (2, "the row it belongs to is left out"),
    ]
    assert ask(connection, "select count(*) from progress_reports") == [(1,)]
    assert accounts_add_up(connection)


@together.test
def test_milestones_of_a_register_s_own_sheet_belong_to_its_actions():
    book = {
        "register": [
            ["Ref", "Maker", "Promise", "_index"],
            [None, None, "Mend nets", 1],
            [5, "Sample Club", "Sing", 2],
        ],
        "steps": [CHILD[:4], ["first", 1, "register", 1], ["second", 2, "register", 2]],
    }
    connection = yield {"register.xlsx": book}
    titles = connection.execute("select label, title from milestones join actions using (action_no) order by 1")
    assert titles.fetchall() == [("first", "Mend nets"), ("second", "Sing")]


@together.test
def test_reports_on_a_repeat_sheet_take_their_maker_from_the_answer_above():
    per_action = SURVEY.replace('headers = ["_uuid", "state"]', 'headers = ["promise", "state"]').replace(
        "survey", "each"
    )
    root = SURVEY.replace('"_uuid", "state"', '"_uuid", "maker"').replace(
        'headers = ["state"]\nrequired = true', 'headers = ["none"]'
    )
    book: dict[str, Rows] = {
        "survey": [
            ["_id", "_uuid", "maker", "_index"],
            [11, "u1", "Imaginary Club", 1],
            [12, "u2", "Fictional Union", 2],
        ],
        "actions": [["promise", "state", *CHILD[1:]], ["Open a school", "Completed", 1, "survey", 2, 12]],
    }
    recipes = {"actions": ACTIONS, "each": per_action, "survey": root}
    connection = yield Campaign({"register.csv": REGISTER, "survey.xlsx": book}, recipes)
    rows = connection.execute("select stakeholder, action_id from progress_reports where status is not null")
    assert rows.fetchall() == [("Fictional Union", "2")]


ODK_ROOT = (
    "SubmissionDate,state,ref,_uuid,KEY\n"
    "2021-06-01T10:00:00.000Z,Completed,1,x,uuid:aa\n"
    "2021-06-02T10:00:00.000Z,In progress,2,x,uuid:bb\n"
)
ODK_STEPS = "step,PARENT_KEY,KEY\nfirst,uuid:bb,uuid:bb/steps[1]\nsecond,uuid:aa,uuid:aa/steps[1]\n"


@pytest.mark.parametrize("as_zip", [True, False])
@together.test
def test_odk_central_s_files_are_joined_in_their_zip_or_side_by_side(as_zip):
    members = {"form.csv": ODK_ROOT, "form-steps.csv": ODK_STEPS}
    files = {"form.zip": members} if as_zip else members
    connection = yield {"register.csv": REGISTER, **files}
    assert told(connection) == [("first", "2"), ("second", "1")]


@together.test
def test_files_of_another_base_name_are_not_the_parents():
    files = {"register.csv": REGISTER, "form.csv": ODK_ROOT, "other-steps.csv": ODK_STEPS}
    connection = yield files
    assert rejected(connection) == [(n, "the row it belongs to is not in this export") for n in (2, 3)]


@together.test
def test_a_recipe_may_say_which_columns_join_a_repeat():
    steps = STEPS + '[parent]\nkey = ["answer no"]\nof = ["answer"]\n'
    book: dict[str, Rows] = {
        "survey": [
            ["answer", *ROOT[:5]],
            ["A7", 11, "u1", 1, "Completed", None],
            ["A8", 12, "u2", 3, "Completed", None],
        ],
        "steps": [["step", "answer no"], ["first", "A8"], ["second", "A7"]],
    }
    found = yield Campaign({"register.csv": REGISTER, "s.xlsx": book}, {**RECIPES, "steps": steps})
    assert told(found) == [("first", "3"), ("second", "1")]


@pytest.mark.parametrize("turn", [1, -1])
@together.test
def test_the_order_of_rows_and_files_changes_nothing(turn):
    root = [[11, "u1", 1, "Completed", None, 1], [12, "u2", 2, "In progress", None, 2]]
    steps = [["first", 1, "survey", 2, 12], ["second", 2, "survey", 1, 11]]
    book = {"survey": [ROOT, *root[::turn]], "steps": [CHILD, *steps[::turn]]}
    connection = yield {"register.csv": REGISTER, "survey.xlsx": book}
    assert told(connection) == [("first", "2"), ("second", "1")]
