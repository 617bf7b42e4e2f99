"""The reach of a recipe beyond one column a field: several columns, header sets, rows left out, rounds, versions."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs.inbox import build_id
from etl.pipeline.versions import VersionError, date_in_name, number_versions
from etl.recipes.known_headers import RecipeError
from etl.recipes.recipe_file import Recipe, load_recipes
from tests.etl.campaigns import ask as ask_rows
from tests.etl.campaigns import built, make_campaign, read_recipe_file
from tests.etl.together import Campaign, Together


def recipe(*parts: str, name: str = "office", holds: str = "actions", **headers: str) -> str:
    """Return a recipe of these parts, with a header for each field."""
    fields = (f'[fields.{field}]\nheaders = ["{header}"]' for field, header in headers.items())
    head = f'id = "{name}"\ntitle = "Register of one office"\nholds = "{holds}"'
    return "\n".join((head, *parts, *fields))


BOTH = recipe(
    """[read]
blank = ["to be assessed"]
separators = [";"]
[fields.submission_id]
all_of = [["Programme", "Programa"], "No"]
[fields.countries]
first_of = ["Where it was done", "Land*"]
[fields.status]
first_of = ["End of term", ["Half way", "Mi-parcours"]]
[constants]
reported_on = "2021-06-30"
""",
    stakeholder="Maker",
    title="Promise",
)


WORDS = """
[office_words.fields.title]
headers = ["Vow", "Promise"]
[office_words.fields.themes]
headers = ["Themes"]
[office_words.values.themes]
Farms = "agriculture"
Anything = []
"""
together = Together({"_headers": WORDS}, ids=("No", "Told", "Answer"), makers=("Maker", "Promise"))


def ask(con: duckdb.DuckDBPyConnection, *queries: str) -> list[Sequence[Any]]:
    return [con.execute(query).fetchall() for query in queries]


@together.test
def test_the_first_filled_column_of_each_row_counts_and_two_columns_are_one_key():
    export = (
        "Programme,No,Maker,Promise,Half way,End of term,Where it was done,Land 1,Land 2\n"
        "KE,1,Imaginary Club,Open a school,Not started,Completed,Kenya,Peru,\n"
        "KE,2,Imaginary Club,Close a pit,Completed,To be assessed,,Peru,Chile\n"
        "PE/1,2,Imaginary Club,Mend nets,In progress,,,,\n"
        "PE,1/2,Sample Union,Mend nets,,,,,\n"
        "PE,,Sample Union,Sing,,,,,\n"
    )
    con = yield Campaign({"register.csv": export}, {"office": BOTH}, is_signed=False)
    statuses, places, ids, uses = ask(
        con,
        "select action_id, status from progress_reports order by 1",
        "select action_id, string_agg(iso3, ' ' order by iso3) from action_countries group by 1 order by 1",
        "select action_id from actions where submission_id is not null order by 1",
        "select distinct use from input_columns",
    )
    assert statuses == [("KE/1", "completed"), ("KE/2", "completed"), ("PE%2F1/2", "in_progress")]
    assert places == [("KE/1", "KEN"), ("KE/2", "CHL PER")]
    assert ids == [("KE/1",), ("KE/2",), ("PE%2F1/2",), ("PE/1%2F2",)]
    assert uses == [("field",)]


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        (BOTH.replace('headers = ["Maker"]', 'all_of = ["Maker", "No"]'), "all_of makes ids"),
        (BOTH.replace('headers = ["Maker"]', 'headers = ["Maker"]\nfirst_of = ["No"]'), "only one of"),
        (BOTH.replace('"Programa"], "No"]', '"Programa"]]'), "two columns or more"),
    ],
)
def test_what_a_recipe_cannot_mean_is_refused(tmp_path, recipe, sentence):
    (tmp_path / "office.toml").write_text(recipe, encoding="utf-8")
    with pytest.raises(RecipeError, match=sentence):
        read_recipe_file(tmp_path / "office.toml")


ROUNDS = """[[rounds]]
wave = "2019"
reported_on = "IV quarter of 2019"
[rounds.fields.status]
headers = ["Status 2019"]
[[rounds]]
wave = "End of term"
reported_on = "2021-06-30"
[rounds.fields.status]
headers = ["Final status"]
[rounds.fields.reported_on]
headers = ["Assessed on"]
[rounds.fields.percent]
headers = ["Final %"]
"""
REGISTER = {"submission_id": "No", "stakeholder": "Maker", "title": "Promise"}
SIDE_BY_SIDE = (
    "No,Maker,Promise,Status 2019,Final status,Final %,Assessed on\n"
    "1,Imaginary Club,Open a school,Not started,Completed,100%,20/05/2021\n"
    "2,Imaginary Club,Mend nets,Completed,,,\n"
    "3,Sample Union,Sing,,In progress,40%,\n"
    "4,Sample Union,Dance,,,,04/05/2021\n"
    ",Nobody,,Completed,,,\n"
)
REPORTED = "select action_id, wave, reported_on::varchar, status, percent from progress_reports order by all"
ACCOUNT = "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files order by named(source_file)"
TOLD = [
    ("1", "2019", "2019-12-31", "not_started", None),
    ("1", "End of term", "2021-05-20", "completed", 100.0),
    ("2", "2019", "2019-12-31", "completed", None),
    ("3", "End of term", "2021-06-30", "in_progress", 40.0),
]


@together.test
def test_rounds_side_by_side_are_reports_with_their_own_dates():
    # The same register again, with one round more: common statements count once.
    con = yield Campaign(
        {"a.csv": SIDE_BY_SIDE, "b.csv": SIDE_BY_SIDE.replace("1,Imaginary Club", "1,Imaginary club")},
        {"office": recipe(ROUNDS, **REGISTER)},
    )
    told, named, account, uses = ask(
        con,
        REPORTED,
        "select distinct action_title, stakeholder, report_key[:3] from progress_reports where action_id = '3'",
        ACCOUNT,
        "select target, count(*) from input_columns where named(source_file) = 'a.csv' group by 1 order by 1",
    )
    assert told == TOLD
    assert named == [("Sing", "Sample Union", "rs_")]  # no survey's report, which staff could assign
    assert account == [(5, 0, 4, 1), (5, 4, 0, 1)]
    assert uses == [("percent", 1), ("reported_on", 1), ("stakeholder", 1), ("status", 2), ("submission_id", 1),
                    ("title", 1)]  # fmt: skip


@together.test
def test_a_survey_with_two_rounds_in_a_row_is_accounted_for_by_its_rows():
    of_answers = {"holds": "progress_reports", "submission_id": "No"}
    asked = '[recognise]\nheaders = ["Answer"]\n[questions.help]\nheaders = ["Help?"]'
    survey = recipe(asked, ROUNDS, name="survey", report_id="Answer", **of_answers)
    recognised = '[recognise]\nheaders = ["Told"]'
    told = recipe(recognised, name="told", report_id="Told", status="State", reported_on="On", **of_answers)
    register = recipe('[set_aside]\nheaders = ["x", "y *", "Assessed on"]', **REGISTER)
    answers = (
        "Answer,No,Status 2019,Final status,Final %,Assessed on,Help?\n"
        "R1,1,Not started,Completed,100%,20/05/2021,Yes\n"
        "R2,2,Completed,,,,No\n"
        "R3,3,,In progress,40%,,Yes\n"
        "R4,4,,,,,No\n"
        "R5,,Completed,,,,No\n"
    )
    exports = {
        "answers.csv": answers,
        "more.csv": "Told,No,State,On\nT1,4,In progress,2021-08-01\nT2,4,Completed,2021-09-01\n",
        "register.csv": SIDE_BY_SIDE.replace("Status 2019", "x").replace("Final", "y"),
        "still more.csv": "Told,No,State,On\nT3,4,Discontinued,2021-10-01\n",
    }
    connection = yield Campaign(exports, {"office": register, "survey": survey, "told": told})
    reported = connection.execute(REPORTED).fetchall()
    assert reported == [
        *TOLD,
        ("4", "End of term", "2021-06-30", None, None),
        ("4", None, "2021-08-01", "in_progress", None),
        ("4", None, "2021-09-01", "completed", None),
        ("4", None, "2021-10-01", "discontinued", None),
    ]
    assert connection.execute(ACCOUNT).fetchall() == [(5, 4, 0, 1), (2, 2, 0, 0), (5, 4, 0, 1), (1, 1, 0, 0)]
    keys = connection.execute("select count(distinct report_key) from progress_reports").fetchall()
    assert keys == [(8,)]
    said = "select action_id, wave, answer from survey_answers order by all"
    assert connection.execute(said).fetchall() == [
        ("1", "End of term", "yes"), ("2", "2019", "no"), ("3", "End of term", "yes"), ("4", "End of term", "no"),
    ]  # fmt: skip


LINES = {**REGISTER, "title": "Target", "status": "Status", "reported_on": "Seen on"}
TARGETS = {**LINES, "percent": "Percent", "completed_on": "Done on"}
# A: every target completed, the last in June. B: one of two. C: one is not known. D: given up, else completed. E: idle.
LONG = """No,Maker,Target,Status,Percent,Done on,Seen on
A,Imaginary Club,Schools,Completed,100%,2021-02-01,2021-03-31
A,Imaginary Club,Teachers,Completed,100%,2021-05-01,2021-06-30
B,Imaginary Club,Nets,Completed,100%,2021-05-02,2021-03-31
B,Imaginary Club,Boats,In progress,40%,,2021-03-31
B,Imaginary Club,Sails,Not started,,,2021-06-30
C,Sample Union,Songs,Completed,,,2021-03-31
C,Sample Union,Dances,,,,
D,Sample Union,Maps,Completed,,,2021-03-31
D,Sample Union,Charts,Discontinued,,,2021-03-31
E,Sample Union,Wells,Not started,,,2021-03-31
E,Sample Union,Pumps,Not started,,,2021-03-31
"""
IN_FORCE = (
    "select a.action_id, s.valid_from::varchar, s.status, s.percent, s.completed_on::varchar "
    "from report_spells as s join actions as a using (action_no) "
    "where valid_to > '{}' and valid_from <= '{}' order by 1"
)
MARCH, JUNE = IN_FORCE.format("2021-03-31", "2021-03-31"), IN_FORCE.format("2021-06-30", "2021-06-30")


ALL = {"A": None, "B": "in_progress", "C": None, "D": "discontinued", "E": "not_started"}
ANY = dict.fromkeys("ABCD", "completed") | {"E": "not_started"}
LATEST = {**ALL, "A": "completed", "C": "completed"}


@pytest.mark.parametrize(
    ("completed", "in_march", "in_june"),
    [("all", ALL, {**ALL, "A": "completed"}), ("any", ANY, ANY), ("latest", LATEST, {**LATEST, "B": "not_started"})],
)
@together.test
def test_a_commitment_is_completed_as_the_recipe_says_of_its_targets(completed, in_march, in_june):
    con = yield Campaign({"long.csv": LONG}, {"office": recipe(f'[targets]\ncompleted = "{completed}"', **TARGETS)})
    march, june, account, why, unread = ask(
        con, MARCH, JUNE, ACCOUNT, "select distinct why from merged_rows", "select * from unmatched_values"
    )
    assert {row[0]: row[2] for row in march} == in_march
    assert {row[0]: row[2] for row in june} == in_june
    assert account == [(11, 5, 6, 0)]
    assert why == [("another target of the same action: its status counts with those of the others",)]
    assert unread == []
    if completed == "all":  # the day of the last target; a percentage only where every target has one
        assert june[0] == ("A", "2021-06-30", "completed", 100.0, "2021-05-01")
        assert {row[0]: row[3] for row in march} == dict.fromkeys("ABCDE")


VERSIONS = recipe('[replaces]\nnewest_by = "date_in_name"', **TARGETS)
OLD = (
    "No,Maker,Target,Status,Percent,Done on,Seen on\n"
    "1,Imaginary Club,Open a school,Completed,,,2021-11-30\n"
    "2,Old Spelling Union,Mend nets,Completed,,,2021-03-31\n"
    "3,Sample Union,Sing,Completed,,,2021-03-31\n"
    "4,Sample Union,Dance,In progress,,,2021-03-31\n"
)
NEW = (
    "No,Maker,Target,Status,Percent,Done on,Seen on\n"
    "1,Imaginary Club,Open a school at last,In progress,,,2021-06-30\n"
    "2,New Name,Mend nets,Completed,,,2021-06-30\n"
    "5,New Name,Build boats,,,,\n"
)
SHOWN = "select action_id, title, stakeholder from actions order by 1"
STATUS = "select action_id, status, reported_on::varchar from progress_reports order by 1"
GONE = "select action_id, title, is_settled from gone_actions order by 1"


@pytest.mark.nightly
def test_a_newer_version_supersedes_the_older_file_without_ghost_or_double(tmp_path):
    exports = {"register_2021-09.csv": NEW, "register_2021-03-31.csv": OLD, "register_2020.csv": OLD}
    folder = make_campaign(tmp_path, exports, {"office": VERSIONS})
    with built(folder) as connection:

        def told(query: str) -> list[Any]:
            return connection.execute(query).fetchall()

        kept = [("1", "Open a school at last", "Imaginary Club"), ("2", "Mend nets", "New Name")]
        assert told(SHOWN) == [*kept, ("5", "Build boats", "New Name")]
        assert told(STATUS) == [("1", "in_progress", "2021-06-30"), ("2", "completed", "2021-06-30")]
        assert told("select name from stakeholders order by 1") == [("Imaginary Club",), ("New Name",)]
        assert told(ACCOUNT) == [(4, 0, 2, 2), (4, 0, 2, 2), (3, 3, 0, 0)]
        assert told(GONE) == [("3", "Sing", False), ("4", "Dance", False)]
    (folder.root / "decisions.csv").write_text(
        "decision,subject,this,that\nkeep,action,3,\ngone,action,4,\nkeep,action,99,\n", encoding="utf-8"
    )
    with built(folder) as connection:
        assert [row[0] for row in connection.execute(SHOWN).fetchall()] == ["1", "2", "3", "5"]
        assert ("3", "completed", "2021-03-31") in connection.execute(STATUS).fetchall()
        assert connection.execute(ACCOUNT).fetchall() == [(4, 0, 3, 1), (4, 1, 2, 1), (3, 3, 0, 0)]
        assert connection.execute(GONE).fetchall() == [("4", "Dance", True)]
        applied = connection.execute("select this, is_applied from decisions order by line").fetchall()
        assert applied == [("3", True), ("4", True), ("99", False)]


PROVEN = recipe(**TARGETS, evidence="Link", reviewed_by="Reviewed by", reviewed_on="Reviewed on", verified_by="Auditor")
REVIEWED = (
    "No,Maker,Target,Status,Seen on,Link,Reviewed by,Reviewed on,Auditor\n"
    "1,Imaginary Club,Schools,Completed,2021-03-31,,Not yet,,pending\n"
    "2,Imaginary Club,Nets,Completed,2021-03-31,https://example.org/nets,no,,\n"
    "3,Imaginary Club,Boats,In progress,2021-03-31,,Zebedee Quill,2021-04-02,\n"
    "4,Imaginary Club,Sails,Completed,2021-03-31,Annual report,,April 2021,Zebedee Quill\n"
    "5,Imaginary Club,Songs,Qwx,2021-03-31,https://example.org/songs,Zebedee Quill,,\n"
    ",Nobody,,Completed,2021-03-31,,Zebedee Quill,,\n"
)


@together.test
def test_evidence_is_public_and_who_reviewed_it_is_not():
    con = yield Campaign({"register.csv": REVIEWED}, {"office": PROVEN})
    told = con.execute(
        "select action_id, evidence, evidence_source, reviewed_on::varchar from progress_reports order by 1"
    ).fetchall()
    uses = con.execute("select target from input_columns where use = 'personal' order by 1").fetchall()
    names = con.execute("select count(*) from contacts where value = 'Zebedee Quill'").fetchall()
    assert b"Zebedee" not in con.snapshot.read_bytes()
    assert told == [
        ("1", "claimed", None, None),
        ("2", "evidenced", "https://example.org/nets", None),
        ("3", "reviewed", None, "2021-04-02"),
        ("4", "verified", "Annual report", "2021-04-30"),
        ("5", None, "https://example.org/songs", None),
    ]
    assert uses == [("reviewed_by",), ("verified_by",)]
    assert names == [(4,)]


WITH_SET = """
id = "office"
title = "Register of one office"
holds = "actions"
use = ["office_words"]
[recognise]
headers = ["Ref"]
[fields.title]
required = true
[fields.themes]
headers = ["Subjects"]
"""
MARKED = "Ref,Promise,Themes,Subjects,State\n1,Mend nets,Mining,Farms,\n2,Sing,Mining,Anything,Trial\n3,Dance,,Qwx,\n"


@together.test
def test_a_set_of_known_headers_fills_what_the_recipe_leaves_open_and_a_word_that_means_nothing_is_not_listed():
    con = yield Campaign({"register.csv": MARKED}, {"office": WITH_SET})
    titles, themes, unmatched = ask(
        con,
        "select title from actions order by title",
        "select title, theme from actions join action_themes using (action_no)",
        "select value from unmatched_values",
    )
    assert titles == [("Dance",), ("Mend nets",), ("Sing",)]
    assert themes == [("Mend nets", "agriculture")]
    assert unmatched == [("Qwx",)]


def test_an_unknown_set_is_refused_with_those_that_are_known(tmp_path):
    folder = make_campaign(tmp_path, {"register.csv": MARKED}, {"office": WITH_SET.replace("office_words", "nothing")})
    with pytest.raises(UserError, match="uses the unknown headers “nothing”.*submission_form"), built(folder):
        pass


def test_another_set_of_headers_makes_another_build(tmp_path):
    ids = set()
    for number, words in enumerate((WORDS, WORDS.replace("Vow", "Oath"))):
        folder = make_campaign(
            tmp_path / str(number), {"register.csv": MARKED}, {"office": WITH_SET, "_headers": words}
        )
        ids.add(build_id(folder, [], is_sample=False))
    assert len(ids) == 2


def test_a_recipe_that_a_preview_brings_takes_the_campaigns_own_sets(tmp_path):
    own = "[submission_form.fields.title]\nheaders = ['Vow']\n"
    folder = make_campaign(tmp_path / "campaign", {}, {"_headers": WORDS + own})
    (tmp_path / "settings" / "recipes").mkdir(parents=True)
    brought = WITH_SET.replace('["office_words"]', '["submission_form", "office_words"]').replace('"Ref"', '"No"')
    (tmp_path / "settings" / "recipes" / "office.toml").write_text(brought, encoding="utf-8")
    recipes = {one.id: one for one in load_recipes(CampaignFolder(folder.root, tmp_path / "settings"))}
    assert recipes["office"].fields["title"].headers == ("Vow",)  # and not the shipped form's
    assert recipes["office"].values["themes"] == {"Farms": ("agriculture",), "Anything": ()}


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (
            'headers = ["S*"]\nvalues = ["trial", ""]\nreason = "a trial"\n[[leave_out]]\n'
            'headers = ["Ref"]\nvalues = ["2"]\nreason = "what the rule before has left out"',
            [(3, "Subjects", "Anything")],
        ),
        ('headers = ["State"]\nvalues = [""]\nreason = "a trial"', [(2, "State", None), (4, "State", None)]),
        ('headers = ["Nowhere"]\nvalues = [""]\nreason = "a trial"', []),
    ],
)
@together.test
def test_rows_that_the_tool_marks_are_left_out_and_accounted_for(rule, rows):
    con = yield Campaign({"register.csv": MARKED}, {"office": f"{WITH_SET}\n[[leave_out]]\n{rule}\n"})
    rejected, account = ask(
        con,
        "select source_row, field, value, reason from rejected_rows order by 1",
        "select rows_read, rows_accepted, rows_rejected from input_files",
    )
    assert rejected == [(*row, "left out, as the recipe says: a trial") for row in rows]
    assert account == [(3, 3 - len(rows), len(rows))]


def number(rule: dict[str, object], *files: str) -> list[str]:
    """Return the files from the oldest to the newest."""
    told = {"id": "office", "title": "Register", "holds": "actions", "fields": {"title": {"headers": "T"}}}
    recipe = Recipe.model_validate({**told, "replaces": rule})
    with duckdb.connect() as connection:
        connection.execute("create table file_versions (file_name text, family int, version_no int, is_newest bool)")
        connection.execute("create table sheets (sheet_no int, file_name text)")
        for table in ("staged_actions", "staged_progress_reports"):
            connection.execute(f"create table {table} (sheet_no int, reported_on date, submitted_at_day date)")
        for i, name in enumerate(files):
            connection.execute("insert into sheets values (?, ?)", (i, name))
            connection.execute("insert into staged_actions values (?, null, ?)", (i, f"2021-0{9 - i}-01"))
        number_versions(connection, [(name, recipe) for name in files])
        rows = ask_rows(connection, "select file_name, is_newest from file_versions order by version_no")
    assert [is_newest for _, is_newest in rows] == [False] * (len(rows) - 1) + [True] * bool(rows)
    return [name for name, _ in rows]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("companies_taking_action_2021-09.xlsx", "2021-09-30"),
        ("register 20210930 final.csv", "2021-09-30"),
        ("2021_02.csv", "2021-02-28"),
        ("register-2021-Q3.csv", "2021-09-30"),
        ("archive.zip/of 2019, seen 2020.01.15.csv", "2020-01-15"),
        ("register_2021-2022.csv", "2022-12-31"),
        ("register_v2.csv", "None"),
        ("register_1202155.csv", "None"),
    ],
)
def test_the_date_in_a_name(name, day):
    assert str(date_in_name(name)) == day


def test_versions_are_ordered_as_the_recipe_says():
    assert number({"newest_by": "date_in_name"}, "r_2021-12.csv", "r_2021-09-15.csv") == [
        "r_2021-09-15.csv", "r_2021-12.csv",
    ]  # fmt: skip
    order = {"newest_by": "order", "order": ["*draft*", "*final*"], "file_names": ["r_*"]}
    assert number(order, "r_final.csv", "r_draft.csv", "other.csv") == ["r_draft.csv", "r_final.csv"]
    assert number({"newest_by": "last_report"}, "a.csv", "b.csv") == ["b.csv", "a.csv"]
    assert number({"newest_by": "date_in_name"}, "alone.csv") == []  # nothing to compare


@pytest.mark.parametrize(
    ("rule", "files", "sentence"),
    [
        ({"newest_by": "date_in_name"}, ("r_2021.csv", "r.csv"), "r.csv .* no date in its name"),
        ({"newest_by": "date_in_name"}, ("r_2021-12.csv", "r_2021.csv"), "r_2021-12.csv is just as new"),
        ({"newest_by": "order", "order": ["*1*", "*2*"]}, ("r_1.csv", "r_12.csv"), "r_12.csv .* or several"),
    ],
)
def test_what_cannot_be_told_is_refused(rule, files, sentence):
    with pytest.raises(VersionError, match=sentence):
        number(rule, *files)
