"""What the program writes into the inbox of reports by link: what counts, and the fate of every row."""

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.inputs.reports_file import LINK_FILES
from etl.recipes.recipe_file import BY_LINK
from tests.etl.campaigns import ask, built, make_campaign, read_recipe_file, recipe
from tests.etl.spark.shared_out import InTurn, contents

REGISTER = """ID,Stakeholder,Stakeholder group,Title,Country,Submitted on
FORM-1,Fictional Union,Trade union,Train teachers in ten schools,Ghana,2021-02-01
FORM-2,Imaginary Weavers,Business,Check the looms of Sampleville,India,2021-02-02
FORM-1,Imaginary Weavers,Business,A fund for school books,India,2021-02-03
FORM-3,Bea Qwyxx,Individual,Read to children,Kenya,2021-02-04
"""
LISTED = "Pledge,Step,Until\nFORM-2,Half of the looms,2021-06-30\nFORM-2,All of the looms,2021-12-31\n"
LIST = recipe("steps", "milestones", "Step", action_id="Pledge", label="Step", due_on="Until")
PICTURE, DOCUMENT = f"{'a' * 64}.jpg", f"{'b' * 64}.pdf"
PROMISE = "Sample Harbour Council,government,training_or_capacity,agriculture;mining,GHA;TGO,africa"
BY_LINK_FILES = {
    "reports_by_link": """\
report_no,action_id,submitted_at,status,percent,completed_on,what_was_done,evidence,language,wave
R-AAAAA-AAAA2,FORM-2,2021-07-01T10:00:00.000000Z,,,,,,en,
""",
    "milestones_by_link": """\
report_no,action_id,submitted_at,milestone,reached_on
R-AAAAA-AAAA3,FORM-2,2021-08-01T10:00:00.000000Z,Half of the looms,2021-06-20
R-AAAAA-AAAA2,FORM-2,,half of the looms,2021-06-25
R-AAAAA-AAAA4,FORM-1,2021-07-15T10:00:00.000000Z,A first school,2021-05-01
R-AAAAA-AAAA4,FORM-9,2021-07-15T10:00:00.000000Z,Of no action,2021-05-01
""",
    "results_by_link": """\
report_no,submitted_at,action_id,indicator,unit,baseline,baseline_on,target,target_on,actual,actual_on,how_known
R-DDDDD-DDDD2,2021-03-01T10:00:00.000000Z,R-DDDDD-DDDD2,laws_passed,,,,2,2021-11-30,,,
R-DDDDD-DDDD2,2021-03-02T10:00:00.000000Z,R-DDDDD-DDDD2,laws_passed,laws,,,1200.5,2021-11-30,,,
R-AAAAA-AAAA2,2021-07-01T10:00:00.000000Z,FORM-1,laws_passed,laws,,,,,1.234,2021-06-30,'=Our own count
R-AAAAA-AAAA2,2021-07-01T10:00:00.000000Z,FORM-1,prevalence,percent,1.1,,0.5,,0.8,2021-06-30,
R-AAAAA-AAAA9,2021-07-01T10:00:00.000000Z,FORM-9,laws_passed,laws,,,,,1,,
""",
    "stories_by_link": """\
report_no,action_id,on_day,title,story,address,language
R-BBBBB-BBBB2,FORM-1,2021-05-01,Total,First words,,en
R-BBBBB-BBBB2,FORM-1,2021-05-02,Total,'=Last words of mary@example.org,https://www.example.org/total,en
R-BBBBB-BBBB3,,2021-05-03,Test,See https://board.example.org/actions?action=FORM-2,,fr
""",
    "events_by_link": """\
report_no,action_id,on_day,title,about,place,address,language
R-CCCCC-CCCC2,FORM-2,2021-09-01,An open day,Come and see,Sampleville,,es
""",
    "actions_by_link": f"""\
report_no,submitted_at,title,stakeholder,stakeholder_group,category,themes,countries,regions,description,partners,due_on,address,language,contact_name,contact_email
R-DDDDD-DDDD2,2021-03-01T10:00:00.000000Z,A crèche,{PROMISE},At first,,2021-11-30,,fr,Ann Example,ann@example.org
R-DDDDD-DDDD2,2021-03-02T10:00:00.000000Z,A crèche,{PROMISE},Now so,The port,2021-11-30,,fr,Ann Example,ann@example.org
R-DDDDD-DDDD3,2021-03-03T10:00:00.000000Z,A crèche,{PROMISE},Another,,,,fr,,
""",
    "annotations_by_link": f"""\
annotation_no,action_id,post_id,kind,said_on,words,language,file,rights,withdrawn_on
R-11111-11111,FORM-1,,reply,2021-06-01,Nine schools,en,,,
R-11111-11111,FORM-1,,reply,2021-06-08,Ten schools by now,en,,,
R-22222-22222-aaaaaaaaaaaa,FORM-1,,picture,2021-06-02,A classroom,en,{PICTURE},Ours,
R-22222-22222-aaaaaaaaaaaa,FORM-1,,picture,2021-06-02,A classroom,en,{PICTURE},Ours,2021-07-01
R-22222-22222-bbbbbbbbbbbb,FORM-2,,Document,2021-06-03,'=The report,fr,{DOCUMENT},Ours,
R-22222-22223,FORM-3,,reply,2021-06-03,"I, Bea Qwyxx, read",en,,,
R-33333-33333-aaaaaaaaaaaa,,R-BBBBB-BBBB3,picture,2021-06-04,A loom,en,{PICTURE},Ours,
R-33333-33333-bbbbbbbbbbbb,FORM-2,R-BBBBB-BBBB8,document,2021-06-04,Of a story that is gone,en,{DOCUMENT},Ours,
R-33333-33333-bbbbbbbbbbbb,FORM-2,R-BBBBB-BBBB8,,,,,,,some day
,FORM-1,,reply,2021-06-05,Without a number,en,,,
R-44444-44442,FORM-1,,remark,2021-06-05,Of another kind by Bea Qwyxx,en,,,
R-44444-44443,FORM-1,,reply,2021-06-05,,en,,,
R-44444-44444,FORM-9,,reply,2021-06-05,Of no action,en,,,
R-44444-44445,,,reply,2021-06-05,Of no action either,en,,,
R-44444-44446,FORM-1,R-BBBBB-BBBB9,picture,2021-06-05,Of no story,en,{PICTURE},Ours,
R-44444-44447,FORM-1,,picture,2021-06-05,Under another name,en,../../campaign.toml,Ours,
R-44444-44448,FORM-1,,picture,2021-06-05,A document,en,{DOCUMENT},Ours,
R-44444-44449,FORM-1,,document,2021-06-05,Whose is it?,en,{DOCUMENT},,
""",
}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory) -> CampaignFolder:
    """Return a campaign with a register, a list of milestones and all that comes by link."""
    exports = {f"{name}.csv": text for name, text in BY_LINK_FILES.items()}
    exports |= {"register.csv": REGISTER, "steps.csv": LISTED}
    return make_campaign(tmp_path_factory.mktemp("by_link") / "campaign", exports, {"steps": LIST})


@pytest.fixture(scope="module")
def by_link(campaign):
    """Return the snapshot of its build."""
    with built(campaign) as connection:
        yield connection


def test_every_row_is_accounted_for_by_its_own_recipe(by_link):
    account = "select recipe, rows_read, rows_accepted, rows_merged, rows_rejected from input_files order by recipe"
    assert [row for row in ask(by_link, account) if row[0] in BY_LINK] == [
        ("actions_by_link", 3, 2, 1, 0),
        ("annotations_by_link", 18, 6, 3, 9),
        ("events_by_link", 1, 1, 0, 0),
        ("milestones_by_link", 4, 2, 1, 1),
        ("reports_by_link", 1, 1, 0, 0),
        ("results_by_link", 5, 3, 1, 1),
        ("stories_by_link", 3, 2, 1, 0),
    ]
    assert ask(by_link, "select kind, field, header from questions where answer is null") == [], (
        "a file of the program asks nobody"
    )
    others = "select headed(header) from input_columns where recipe like '%by_link' and use <> 'field' order by 1"
    assert ask(by_link, others) == [("contact_email",), ("contact_name",)]


@pytest.mark.nightly
@pytest.mark.parametrize(
    "statuses",
    [
        pytest.param((("", "100"),), marks=pytest.mark.nightly),
        (("in_progress", ""), *[("", "1")] * 7, ("completed", ""), *[("", "")] * 8),
    ],
)
def test_what_reports_leave_open_is_asked_of_nobody(tmp_path, statuses):
    header = BY_LINK_FILES["reports_by_link"].splitlines()[0]
    lines = [
        f"R-AAAAA-AAA{day:02},FORM-2,2021-07-{day:02}T10:00:00.000000Z,{status},{percent},,Words {day},,en,"
        for day, (status, percent) in enumerate(statuses, 10)
    ]
    exports = {"register.csv": REGISTER, "reports_by_link.csv": "\n".join([header, *lines, ""])}
    with built(make_campaign(tmp_path / "campaign", exports, {})) as connection:
        assert ask(connection, "select kind, field from questions where answer is null") == []


def test_each_column_that_the_program_writes_is_named_by_the_recipe_of_its_file():
    for file in LINK_FILES:
        recipe_file = SHIPPED_CAMPAIGN / "recipes" / f"{file.name.removesuffix('.csv')}.toml"
        assert set(read_recipe_file(recipe_file).spellings) == set(file.columns)
    assert [file.name for file in LINK_FILES] == [f"{name}.csv" for name in BY_LINK]


def test_what_stands_beside_an_action_is_its_last_row_unless_that_withdraws_it(by_link):
    assert ask(
        by_link,
        "select annotation_no, kind, action_id, post_id, said_on::varchar, words, language, file, media_type, "
        "rights, source_row from annotations order by 1",
    ) == [
        ("R-11111-11111", "reply", "FORM-1", None, "2021-06-08", "Ten schools by now", "en", None, None, None, 3),
        ("R-22222-22222-bbbbbbbbbbbb", "document", "FORM-2", None, "2021-06-03", "=The report", "fr", DOCUMENT,
         "application/pdf", "Ours", 6),
        ("R-22222-22223", "reply", "FORM-3", None, "2021-06-03", "I, […], read", "en", None, None, None, 7),
        ("R-33333-33333-aaaaaaaaaaaa", "picture", None, "R-BBBBB-BBBB3", "2021-06-04", "A loom", "en", PICTURE,
         "image/jpeg", "Ours", 8),
    ]  # fmt: skip
    merged = (
        "select source_row, kept_action_id, why from merged_rows "
        "where named(source_file) = 'annotations_by_link.csv' order by 1"
    )
    assert ask(by_link, merged) == [
        (2, "FORM-1", "told again further on: the last telling is kept"),
        (4, "FORM-1", "withdrawn further on: none is kept"),
        (9, "FORM-2", "withdrawn further on: none is kept"),
    ]
    rejected = (
        "select source_row, field, reason from rejected_rows "
        "where named(source_file) = 'annotations_by_link.csv' order by 1"
    )
    assert ask(by_link, rejected) == [
        (11, "id", "the row has no number"),
        (12, "kind", "it is neither a reply nor a document nor a picture"),
        (13, "words", "it has no words"),
        (14, "submission_id", "it belongs to no action that is known"),
        (15, "submission_id", "it belongs to no action that is known"),
        (16, "post_id", "the event or story it belongs to is not there"),
        (17, "file", "its file is not named as kept files are"),
        (18, "file", "its file is not named as kept files are"),
        (19, "rights", "it does not say whose rights they are"),
    ]


def test_the_name_of_a_person_stands_nowhere(by_link):
    for (table,) in ask(by_link, "select table_name from duckdb_tables() where database_name = 'snapshot'"):
        named = f"select t::varchar from snapshot.{table} as t where t::varchar ilike '%qwyxx%'"  # noqa: S608
        assert ask(by_link, named) == []


def test_numbers_by_link_belong_to_the_action_that_the_register_shows_and_the_last_telling_counts(by_link):
    told = "select action_id, unit, target, target_on::varchar, told_on::varchar from results order by target"
    assert ask(by_link, told) == [
        ("FORM-1", "percent", 0.5, None, "2021-07-01"),
        ("R-DDDDD-DDDD2", "laws", 1200.5, "2021-11-30", "2021-03-02"),
        ("FORM-1", "laws", None, None, "2021-07-01"),
    ]
    reached = "select action_id, actual, actual_on::varchar, how_known, told_on::varchar from result_reports"
    assert ask(by_link, f"{reached} order by actual") == [
        ("FORM-1", 0.8, "2021-06-30", None, "2021-07-01"),
        ("FORM-1", 1.234, "2021-06-30", "=Our own count", "2021-07-01"),
    ]


def test_a_reached_milestone_keeps_its_due_day_and_the_last_report_of_it_counts(by_link):
    milestones = (
        "select action_id, label, due_on::varchar, reached_on::varchar, told_on::varchar, named(source_file) "
        "from milestones order by 1, 2"
    )
    assert ask(by_link, milestones) == [
        ("FORM-1", "A first school", None, "2021-05-01", "2021-07-15", "milestones_by_link.csv"),
        ("FORM-2", "All of the looms", "2021-12-31", None, None, "steps.csv"),
        ("FORM-2", "Half of the looms", "2021-06-30", "2021-06-20", "2021-08-01", "milestones_by_link.csv"),
    ]


def test_stories_and_events_keep_their_numbers_and_belong_to_the_action_that_the_register_shows(by_link):
    posts = "select id, on_date::varchar, title, language, action_id, source_row from {} order by 1"
    assert ask(by_link, posts.format("stories")) == [
        ("R-BBBBB-BBBB2", "2021-05-02", "Total", "en", "FORM-1", 3),
        ("R-BBBBB-BBBB3", "2021-05-03", "Test", "fr", None, 4),
    ]
    assert ask(by_link, posts.format("events")) == [("R-CCCCC-CCCC2", "2021-09-01", "An open day", "es", "FORM-2", 2)]
    assert ask(by_link, "select summary, url from post_texts where id = 'R-BBBBB-BBBB2'") == [
        ("=Last words of […]", "https://www.example.org/total")
    ]


def test_a_promise_is_an_action_under_its_number_and_its_contact_stays_private(by_link):
    actions = (
        "select action_id, title, stakeholder_group, category, description, partners, submitted_on::varchar, "
        "due_on::varchar, language from actions where starts_with(action_id, 'R-') order by 1"
    )
    assert ask(by_link, actions) == [
        ("R-DDDDD-DDDD2", "A crèche", "government", "training_or_capacity", "Now so", "The port", "2021-03-02",
         "2021-11-30", "fr"),
        ("R-DDDDD-DDDD3", "A crèche", "government", "training_or_capacity", "Another", None, "2021-03-03",
         "2021-12-30", "fr"),
    ]  # fmt: skip
    codes = (
        "select theme from action_themes where action_id = $action union all "
        "select iso3 from action_countries where action_id = $action order by 1"
    )
    assert [code for (code,) in ask(by_link, codes, {"action": "R-DDDDD-DDDD2"})] == [
        "GHA", "TGO", "agriculture", "mining",
    ]  # fmt: skip
    assert ask(by_link, "select source_row, header, value from names.contacts order by 1, 2") == [
        (row, header, value)
        for row in (2, 3)
        for header, value in (("contact_email", "ann@example.org"), ("contact_name", "Ann Example"))
    ]


@pytest.mark.nightly
def test_rows_shared_out_come_to_the_whole(campaign):
    engine = InTurn(2, fewest_bytes=0)
    assert contents(campaign, engine) == contents(campaign)
    assert len(engine.counts.sheets) == len(BY_LINK_FILES) + 2
