"""A day that no row tells: it is asked of each file, no other one is taken for it, and nothing is new by it."""

import re
from datetime import date

import pytest

from dashboard.campaign.answers.question_kinds import UNKNOWN
from dashboard.campaign.file_names import find_names
from dashboard.i18n import translator
from dashboard.lists.quality.file_questions import read_questions
from dashboard.measures.counts import completed_by_month, headline
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.measures.over_time import over_time
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces.headline import make_tiles
from dashboard.ui.upload.open_questions import list_cards
from etl.pipeline import build as builds
from etl.pipeline.open_questions import QuestionError, refuse_open_questions
from etl.readers.archives import read_saved_day
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import ACTIONS_RECIPE, RECIPES, copy_campaign, make_campaign, recipe
from tests.etl.files import make_workbook, write_workbook
from tests.etl.program import published, run_on

FILE = "register 2021-12-01.xlsx"
ASKED = "No column says when the statuses were true, so they do not count yet. Rows: 4 of 4."
STATUSES = ("Completed", "Completed", "In progress", "Not started")


def list_register(*statuses: str) -> list[tuple[object, ...]]:
    """List the rows of a register of actions with a status each, and no day for it."""
    days = [(date(2021, 12, 15), date(2021, 11, n)) for n in range(1, len(statuses) + 1)]
    rows = ((f"A{n}", f"Promise {n}", f"Fictional Union {n}", status) for n, status in enumerate(statuses, 1))
    header = ("ID", "Title", "Organisation", "Status", "Deadline", "Launched")
    return [header, *((*row, *two) for row, two in zip(rows, days, strict=True))]


@pytest.fixture(scope="module")
def untold(tmp_path_factory):
    """Return a campaign with such a register, the command that answers its question, and that question."""
    exports = {FILE: make_workbook({"Sheet": list_register(*STATUSES)})}
    folder = make_campaign(tmp_path_factory.mktemp("untold") / "c", exports, {})
    with builds.build(folder, folder.published) as result, open_snapshot(result.snapshot) as connection:
        with pytest.raises(QuestionError) as refused:
            refuse_open_questions(connection, find_names(result.snapshot))
        [question] = read_questions(open_built(result))
    return folder, find_command(f"{refused.value}"), question


@pytest.fixture
def folder(untold, tmp_path):
    """Copy that campaign, for answers."""
    return copy_campaign(untold[0], tmp_path / "c")


def open_built(result: builds.Built) -> Snapshot:
    """Open the built, unpublished snapshot."""
    return Snapshot(result.snapshot, "b", "2022-01-01T00:00:00+00:00", cache_mb=1)


def find_command(refusal):
    """Find the command that a refusal names, up to its answer."""
    assert ASKED in refusal
    file, sheet, field = re.findall(r'day --file "(.+?)" --sheet "(.+?)" --field "(\w+)"', refusal)[0]
    return ["answer", "day", "--file", file, "--sheet", sheet, "--field", field, "--is"]


def build(folder, *answer):
    """Publish, after this answer where there is one; return the snapshot."""
    for command in ([*answer], ["build"])[not answer :]:
        run_on(folder, *command)
    pointer = published(folder)
    return Snapshot(folder.published / pointer["snapshot"], pointer["build_id"], pointer["built_at"], cache_mb=1)


def test_statuses_without_a_day_count_from_the_day_that_staff_say_and_nothing_is_new_by_it(folder, untold):
    _, command, question = untold
    late = build(folder, *command, "2022-01-10")
    total = headline(late, Selection())
    assert (total.day, total.reported, total.completed) == (date(2022, 1, 10), 4, 2)
    assert (total.on_time, total.on_time_untold) == (0, 2)  # that day is after their deadline
    assert make_tiles(total, translator("en")).tiles[1].note == "on time: not known"
    new = count_latest(late, Selection(), Window(kinds=tuple(KINDS)))
    assert new == dict.fromkeys(KINDS, 0) | {"action": 4}
    assert completed_by_month(late, Selection()).to_dict("list") == {"code": ["unclassified"], "completed": [2]}
    curve = over_time(late, Selection()).set_index("on_date")["completed"]
    assert (curve["2022-01-09"], curve["2022-01-10"]) == (0, 2)
    told = register(late, "A1")
    assert told == (date(2022, 1, 10), None, None)  # reported on, completed on, on time
    in_time = build(folder, *command, "2021-12-01")
    total = headline(in_time, Selection())
    assert (total.on_time, total.on_time_untold, register(in_time, "A1")[2]) == (2, 0, True)
    effects = (("reported", 0, total.reported), ("completed", 0, total.completed), ("unknown", 4, total.unknown))
    assert (total.reported, total.completed, question.effects) == (4, 2, effects)  # the same by any other day
    assert [one.effects for one in question.candidates if one.value == "2021-12-01"] == [effects]


@pytest.mark.nightly
def test_a_register_in_which_promises_are_completed_is_asked_whether_they_were_so_when_they_were_submitted(tmp_path):
    exports = {}
    for name in ("late", "rows", "unknown", "as others"):
        lines = [f"{name} {n},{name} Union,{name} {n},2021-03-0{n},{told}" for n, told in enumerate(STATUSES, 1)]
        exports[f"{name}.csv"] = "\n".join(["Ref,Maker,Promise,Sent,Status", *lines])
    folder = make_campaign(tmp_path / "c", exports, {"office_actions": ACTIONS_RECIPE})
    refused = run_on(folder, "build", code=1)
    assert not (folder.published / "current.json").exists()
    assert "on that date, or later?" in refused.stderr
    answers = r'day --file "(.+?)" --field "(\w+)" --is YYYY-MM-DD \(or .*rows, unknown'
    [(_, field)] = re.findall(answers, refused.stderr)
    (folder.root / "answers.csv").write_text("kind,recipe,is\nday,office_actions,rows\n")  # next month's file, too
    for file, day in (("late.csv", "2022-01-10"), ("rows.csv", "rows"), ("unknown.csv", UNKNOWN)):
        run_on(folder, "answer", "day", "--file", file, "--field", field, "--is", day)
    snapshot = build(folder)

    def count(name: str, as_of: date | None = None) -> tuple[int, ...]:
        total = headline(snapshot, Selection(q=name, as_of=as_of))
        return total.completed, total.on_time, total.on_time_untold

    assert snapshot.last_date == date(2022, 1, 10)
    assert (count("late", date(2022, 1, 9)), count("late")) == ((0, 0, 0), (2, 0, 2))
    sent = date(2021, 3, 4)
    assert count("rows", sent) == count("rows") == count("as others", sent) == count("as others") == (2, 2, 0)
    assert count("unknown")[0] == 0, "said of this file alone"


@pytest.mark.nightly
def test_nobody_knows_the_day_and_another_file_of_that_name_is_asked_about_again(folder, untold):
    _, command, _ = untold
    unknown = build(folder, *command, UNKNOWN)
    total = headline(unknown, Selection())
    assert (total.actions, total.reported, total.overdue) == (4, 0, 0)
    assert total.day == unknown.campaign["starts_on"]  # no report of a later day
    write_workbook(folder.inbox / FILE, {"Sheet": list_register("Completed", *STATUSES[1:3], "Completed")})
    again = run_on(folder, "build", code=1)
    assert find_command(again.stderr) != command
    assert again.stdout.startswith("Progress reports that do not count: 4 of 4. The date they were true is unknown.")
    assert published(folder)["build_id"] == unknown.build_id


def test_days_of_the_file_are_suggested_with_where_they_stand_and_none_is_chosen(untold):
    folder, _, question = untold
    card = list_cards(translator("en"), "en", [question], {})[0]
    assert (card.chosen, card.is_open, card.takes_day) == (None, True, True)
    assert [*card.choices] == ["2021-11-04", "2021-12-01", UNKNOWN]  # no deadline, and no day on which nothing counts
    assert [*card.choices.values()][:2] == [
        "4 November 2021 (the latest date in its cells)", "1 December 2021 (in the file’s name)",
    ]  # fmt: skip
    assert card.latest_day == date(2023, 1, 1)
    saved = read_saved_day(folder.inbox / FILE)  # long after the campaign
    assert saved is not None and saved > card.latest_day and saved.isoformat() not in card.choices
    assert card.rows == (("2", "Completed"), ("3", "Completed"), ("4", "In progress"))
    assert question.key.field not in card.place
    other = list_cards(translator("fr"), "fr", [question], {question.key: "2021-12-24"})[0]
    assert (other.chosen, other.title) == ("2021-12-24", "Quel jour cela était-il vrai\u202f?")
    for use, is_day in {
        "2021-12-24": True,
        UNKNOWN: True,
        "2021-02-30": False,
        "20211224": False,
        "name": False,
    }.items():
        assert question.kind.is_answer(use) == is_day, use


STATED = recipe(
    "stated_day", "actions", "Pledge|Outcome", '[constants]\nreported_on = "2022-01-10"', action_id="Code",
    title=("Pledge", "required = true"), stakeholder="Office", status="Outcome", due_on="Due",
)  # fmt: skip


@pytest.mark.nightly
def test_nothing_happened_on_a_day_that_a_recipe_states_and_what_was_known_before_it_counts(tmp_path):
    """The first of the reports in a row that say so tells by when an action was completed, or states the day."""
    pledges = "".join(f"P-{n},Promise {n},Fictional Union {n},Completed,2021-12-15\n" for n in range(1, 5))
    reports = (
        "Report,Ref,State,Sent,Done on\nr1,P-1,Completed,2021-03-01,\nr2,P-2,Completed,2021-03-01,2021-02-20\n"
        "r3,P-3,Completed,2021-03-01,\nr4,P-3,In progress,2021-04-01,\n"
    )
    exports = {"a.csv": "Code,Pledge,Office,Outcome,Due\n" + pledges, "b.csv": reports}
    folder = make_campaign(tmp_path / "c", exports, {**RECIPES, "stated_day": STATED})
    snapshot = build(folder)
    told = {f"P-{n}": register(snapshot, f"P-{n}") for n in range(1, 5)}
    on_file = date(2022, 1, 10)
    assert told == {
        "P-1": (on_file, date(2021, 3, 1), True),
        "P-2": (on_file, date(2021, 2, 20), True),
        "P-3": (on_file, None, None),
        "P-4": (on_file, None, None),
    }
    total = headline(snapshot, Selection())
    assert (total.completed, total.on_time, total.on_time_untold) == (4, 2, 2)
    new = count_latest(snapshot, Selection(), Window(kinds=tuple(KINDS)))
    assert {kind: n for kind, n in new.items() if n} == {"action": 4, "completed": 2, "report": 4, "status": 1}


def register(snapshot: Snapshot, action: str) -> tuple[object, ...]:
    """Return an action's entries in the register: reported on, completed on, on time."""
    with snapshot.cursor() as cursor:
        query = "select reported_on, completed_on, is_on_time from actions_on($day) where action_id = $action"
        [row] = cursor.execute(query, {"day": snapshot.last_date, "action": action}).fetchall()
    return row


SOONER = ("Completed", "Completed", "In progress", "In progress")
LATER = ("Completed", "Completed", "Completed", "In progress")


@pytest.mark.nightly
def test_later_rounds_on_other_sheets_count_from_the_days_that_staff_say_of_them(tmp_path):
    narrow, alike = "Round of September 2021", "Round of December 2021"
    folder = make_campaign(tmp_path / "c", {}, {})
    sheets = {
        "June": list_register(*STATUSES),
        narrow: [(row[0], row[3]) for row in list_register(*SOONER)],
        alike: [row[:4] for row in list_register(*LATER)],
    }
    write_workbook(folder.inbox / FILE, sheets)
    asked = run_on(folder, "build", code=1).stderr
    assert "It has the ids of actions on another sheet" in asked
    assert "It holds the same actions as the sheet" in asked
    for command in (
        ["answer", "further_sheet", "--file", FILE, "--sheet", narrow, "--is", "round"],
        ["sheet", FILE, alike, "--is", "round"],
    ):
        run_on(folder, *command)
    days = {"June": "2021-06-30", narrow: "2021-09-30", alike: "2021-12-31"}
    with builds.build(folder, folder.published) as result:
        questions = {one.key.sheet: one for one in read_questions(open_built(result)) if one.is_open}
    assert questions.keys() == days.keys()
    for name in (narrow, alike):
        offered = [str(one.words) for one in questions[name].candidates if one.value == days[name]]
        assert offered == ["in the sheet’s name"]
    lines = [f"day,{FILE},{sheet},{questions[sheet].key.field},{day}" for sheet, day in days.items()]
    (tmp_path / "answers.csv").write_text("\n".join(["kind,file,sheet,field,is", *lines]), encoding="utf-8")
    snapshot = build(folder, "answer", "--from", tmp_path / "answers.csv")
    for as_of, statuses in ((date(2021, 7, 1), STATUSES), (date(2021, 10, 1), SOONER), (None, LATER)):
        total = headline(snapshot, Selection(as_of=as_of))
        told = (total.actions, total.reported, total.completed, total.in_progress)
        assert told == (4, 4, statuses.count("Completed"), statuses.count("In progress"))
    assert total.day == date(2021, 12, 31)


@pytest.mark.nightly
def test_another_status_column_is_a_round_of_the_day_that_staff_say_of_it(tmp_path):
    headers = ("Status June 2021", "Status (Dec 2021)")
    lines = [
        f"A{n},Promise {n},Fictional Union {n},{was},{now}"
        for n, (was, now) in enumerate(zip(STATUSES, LATER, strict=True), 1)
    ]
    folder = make_campaign(
        tmp_path / "c", {"r.csv": "\n".join([f"ID,Title,Organisation,{','.join(headers)}", *lines])}, {}
    )
    told = f"recipe,header,is\nactions_register,{headers[0]},round\nactions_register,{headers[1]},status\n"
    run_on(folder, "column", "--list", "-", stdin=told)
    with builds.build(folder, folder.published) as result:
        asked = read_questions(open_built(result))
    days = dict(zip(headers, ("2021-06-30", "2021-12-31"), strict=True))
    assert {one.subject.header: [str(use.value) for use in one.candidates] for one in asked} == {
        header: [day, UNKNOWN] for header, day in days.items()
    }
    effects = [effect for one in asked for effect in one.candidates[0].effects if effect.figure == "completed"]
    assert [(effect.before, effect.after) for effect in effects] == [(0, 2), (0, 3)]
    lines = [f"day,r.csv,{one.key.field},{days[one.subject.header]}" for one in asked]
    (tmp_path / "answers.csv").write_text("\n".join(["kind,file,field,is", *lines]), encoding="utf-8")
    snapshot = build(folder, "answer", "--from", tmp_path / "answers.csv")
    for as_of, statuses in ((date(2021, 7, 1), STATUSES), (None, LATER)):
        total = headline(snapshot, Selection(as_of=as_of))
        assert (total.actions, total.reported, total.completed) == (4, 4, statuses.count("Completed"))
    assert total.on_time_untold == 1 and total.on_time == 2  # known by June, and by the last day alone
