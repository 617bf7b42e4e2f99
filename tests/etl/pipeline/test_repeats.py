"""Repeats: the rows of a repeated group are joined to the answer they belong to, inside one export only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.etl.campaigns import ask, recipe
from tests.etl.together import Campaign, Cases, Rows, Together

SURVEY = recipe(
    "survey", "progress_reports", "_uuid|state",
    '[[leave_out]]\nheaders = ["_validation_status"]\nvalues = ["Not approved"]\nreason = "not approved"',
    report_id="_id", submission_id="ref", stakeholder="maker", title="promise", status=("state", "required = true"),
    reported_on="day",
)  # fmt: skip
ACTIONS = recipe(
    "actions", "actions", ("Ref|Promise", 'without = ["state"]'),
    submission_id="Ref", stakeholder="Maker", title="Promise",
)  # fmt: skip
STEPS = recipe("steps", "milestones", "step", label=("step", "required = true"))
RECIPES = {"survey": SURVEY, "actions": ACTIONS, "steps": STEPS}
REGISTER = (
    "Ref,Maker,Promise\n1,Imaginary Club,Mend nets\n2,Fictional Union,Open a school\n3,Sample Council,Close a pit\n"
)
ROOT = ["_id", "_uuid", "ref", "state", "_validation_status", "_index"]
CHILD = ["step", "_index", "_parent_table_name", "_parent_index", "_submission__id"]


together = Together(
    RECIPES, ids=("_id", "_submission__id", "ref", "Ref", "KEY", "PARENT_KEY"), makers=("maker", "Maker")
)
NOT_HERE = "the row it belongs to is not in this export"
NO_RECIPE = "no recipe reads this sheet"
TOLD = "select label, action_id from milestones order by label"
REJECTED = "select source_row, reason from rejected_rows order by all"
ADDS_UP = "select bool_and(rows_read = rows_accepted + rows_merged + rows_rejected) from input_files"
REPORTS = "select count(*) from progress_reports"


def answers(*rows: tuple[object, ...]) -> Rows:
    """Return the sheet of answers: for each its id, the action it is about, its place, and whether it was approved."""
    return [ROOT, *([n, f"u{n}", ref, "Completed", approved, place] for n, ref, place, approved in rows)]


def books(recipes: Mapping[str, str] = {}, **files: dict[str, Rows]) -> Campaign:
    """Return the register beside workbooks of a survey."""
    return Campaign({"register.csv": REGISTER, **{f"{name}.xlsx": book for name, book in files.items()}}, recipes)


def tell(told: list[tuple[str, str]], *lost: tuple[int, str], reports: int = 2) -> dict[str, list[Any]]:
    """Return the answers: milestones with their action, rejected rows, and the number of reports."""
    return {TOLD: told, REJECTED: [*lost], ADDS_UP: [(True,)], REPORTS: [(reports,)]}


def of_one(ref: int, step: str) -> dict[str, Rows]:
    """Return an export of one answer about an action, with one milestone."""
    return {"survey": answers((10 + ref, ref, 1, None)), "steps": [CHILD, [step, 1, "survey", 1, 10 + ref]]}


ONE = answers((11, 1, 1, None))
TWO = answers((11, 1, 1, None), (12, 2, 2, None))
BOTH = [("first", "2"), ("second", "1")]
OWN_KEY = {**RECIPES, "steps": STEPS + '[parent]\nkey = ["answer no"]\nof = ["answer"]\n'}
MINE: Rows = [["answer", *ROOT[:5]], ["A7", 11, "u1", 1, "Completed", None], ["A8", 12, "u2", 3, "Completed", None]]
ODK_ROOT = (
    "SubmissionDate,state,ref,_uuid,KEY\n"
    "2021-06-01T10:00:00.000Z,Completed,1,x,uuid:aa\n"
    "2021-06-02T10:00:00.000Z,In progress,2,x,uuid:bb\n"
)
ODK_STEPS = "step,PARENT_KEY,KEY\nfirst,uuid:bb,uuid:bb/steps[1]\nsecond,uuid:aa,uuid:aa/steps[1]\n"
ODK = {"form.csv": ODK_ROOT, "form-steps.csv": ODK_STEPS}
CASES: Cases = {
    "by the parent's index where no id of a submission is left": (
        books(survey={"survey": TWO, "steps": [CHILD[:4], ["first", 1, "survey", 2], ["second", 2, "survey", 1]]}),
        tell(BOTH),
    ),
    "three levels deep, through sheets that no recipe reads": (
        books(survey={
            "survey": TWO,
            "places": [["place", *CHILD[1:4]], ["north", 1, "survey", 2], ["south", 2, "survey", 1]],
            "rounds": [["round", *CHILD[1:4]], ["one", 1, "places", 2], ["two", 2, "places", 1]],
            "steps": [CHILD[:4], ["first", 1, "rounds", 1], ["second", 2, "rounds", 2]],
        }),
        tell([("first", "1"), ("second", "2")], *((row, NO_RECIPE) for row in (1, 1, 2, 2, 3, 3))),
    ),
    "the main sheet may have been renamed": (
        books(survey={"Sheet 1 (edited)": TWO, "steps": [CHILD[:4], ["first", 1, "survey", 2]]}),
        tell([("first", "2")]),
    ),
    "of two rows with one index the submission decides and nothing is guessed": (
        books(survey={
            "survey": answers((11, 1, 1, None), (12, 2, 1, None)),
            "steps": [CHILD, ["first", 1, "survey", 1, 12], ["second", 2, "survey", 1, None]],
        }),
        tell([("first", "2")], (3, NOT_HERE)),
    ),
    "the answer is not in the export": (
        books(survey={"survey": ONE, "steps": [CHILD, ["first", 1, "survey", 7, 70]]}),
        tell([], (2, NOT_HERE), reports=1),
    ),
    "what is left out takes its milestones with it": (
        books(survey={
            "survey": answers((11, 1, 1, "Not Approved"), (12, 2, 2, "Approved")),
            "steps": [CHILD, ["first", 1, "survey", 1, 11], ["second", 2, "survey", 2, 12]],
        }),
        tell(
            [("second", "2")],
            (2, "left out, as the recipe says: not approved"), (2, "the row it belongs to is left out"), reports=1,
        ),
    ),
    **{
        f"rows in the order {turn}": (
            books(survey={
                "survey": [ROOT, *TWO[1:][::turn]],
                "steps": [CHILD, *[["first", 1, "survey", 2, 12], ["second", 2, "survey", 1, 11]][::turn]],
            }),
            tell(BOTH),
        )
        for turn in (1, -1)
    },
    "two exports that both count from one are never mixed": (
        books(a=of_one(1, "of one"), b=of_one(2, "of two")), tell([("of one", "1"), ("of two", "2")]),
    ),
    "files of ODK Central in their ZIP": ({"register.csv": REGISTER, "form.zip": ODK}, tell(BOTH)),
    "files of ODK Central side by side": ({"register.csv": REGISTER, **ODK}, tell(BOTH)),
    "files of another base name are not the parent's": (
        {"register.csv": REGISTER, "form.csv": ODK_ROOT, "other-steps.csv": ODK_STEPS},
        tell([], (2, NOT_HERE), (3, NOT_HERE)),
    ),
    "a recipe may say which columns join": (
        books(OWN_KEY, survey={"survey": MINE, "steps": [["step", "answer no"], ["first", "A8"], ["second", "A7"]]}),
        tell([("first", "3"), ("second", "1")]),
    ),
}  # fmt: skip
test_milestones_find_their_action_through_the_answer_that_they_belong_to = together.table(CASES)


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
    connection = yield Campaign(files, RECIPES | {"listed": listed.replace('id = "steps"', 'id = "listed"')})
    days = ask(connection, "select label, told_on from milestones order by label")
    assert days == [("first", date(2021, 11, 5)), ("second", date(2021, 7, 1)), ("third", None)]


@together.test
def test_milestones_of_a_register_s_own_sheet_belong_to_its_actions():
    rows = [["Ref", "Maker", "Promise", "_index"], [None, None, "Mend nets", 1], [5, "Sample Club", "Sing", 2]]
    steps = [CHILD[:4], ["first", 1, "register", 1], ["second", 2, "register", 2]]
    connection = yield {"register.xlsx": {"register": rows, "steps": steps}}
    titles = ask(connection, "select label, title from milestones join actions using (action_no) order by 1")
    assert titles == [("first", "Mend nets"), ("second", "Sing")]


@together.test
def test_reports_on_a_repeat_sheet_take_their_maker_from_the_answer_above():
    of_each = 'headers = ["promise", "state"]'
    per_action = SURVEY.replace('headers = ["_uuid", "state"]', of_each).replace("survey", "each")
    root = SURVEY.replace('"_uuid", "state"', '"_uuid", "maker"')
    root = root.replace('headers = ["state"]\nrequired = true', 'headers = ["none"]')
    makers = [[11, "u1", "Imaginary Club", 1], [12, "u2", "Fictional Union", 2]]
    book: dict[str, Rows] = {
        "survey": [["_id", "_uuid", "maker", "_index"], *makers],
        "actions": [["promise", "state", *CHILD[1:]], ["Open a school", "Completed", 1, "survey", 2, 12]],
    }
    recipes = {"actions": ACTIONS, "each": per_action, "survey": root}
    connection = yield Campaign({"register.csv": REGISTER, "survey.xlsx": book}, recipes)
    rows = ask(connection, "select stakeholder, action_id from progress_reports where status is not null")
    assert rows == [("Fictional Union", "2")]
