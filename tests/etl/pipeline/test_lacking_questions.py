"""A question of a recipe that a file has no column for is asked about, or listed: its answers never go in silence."""

from collections import Counter

import duckdb
import pytest

from dashboard.quality.open_columns import read_open
from dashboard.snapshot.database import Snapshot
from etl.pipeline import column_uses
from etl.pipeline.column_uses import OpenColumnError
from etl.publish.publish import refuse_unanswered
from tests.etl.campaigns import ask, make_campaign, publish_campaign, recipe
from tests.etl.program import run_etl
from tests.etl.together import Campaign, Together

RECIPE = recipe(
    "survey", "progress_reports", "Report|State",
    """\
[read]
group_separators = ["/"]
[questions.help]
headers = ["Did it help?"]
[questions.who]
headers = ["Who took part?"]
[questions.who.labels]
women = { en = "Women" }
men = { en = "Men" }
[questions.support.choices]
training = ["Which support?/Training"]
funding = ["Which support?/Funding"]""",
    called="Survey of one office", report_id="Report", submission_id="Ref", status="State",
)  # fmt: skip
HEADERS = ("Did it help?", "Who took part?", "Which support?/Training", "Which support?/Funding")
ANSWERS = Counter({
    ("help", "yes"): 6, ("help", "no"): 6, ("who", "women"): 8, ("who", "men"): 4, ("support", "training"): 6,
    ("support", "funding"): 12,
})  # fmt: skip


def survey(*headers: str, number: int = 12) -> str:
    """A file of twelve reports, its questions under these headers (in the order of HEADERS)."""
    lines = [",".join(["Report", "Ref", "State", *headers])]
    rows = ((["Yes", "No"][n % 2], ["Women", "Women", "Men"][n % 3], str(n % 2), "1") for n in range(number))
    return "\n".join([*lines, *(f"R{n},A{n},completed,{','.join(row)}" for n, row in enumerate(rows))])


def renamed(**by_header: str) -> str:
    """The survey with one header written in another way."""
    return survey(*(by_header.get(header, header) for header in HEADERS))


GONE = "select value, expected from check_results where check_id = 'question_gone' order by all"


def answers(connection: duckdb.DuckDBPyConnection) -> Counter:
    return Counter(ask(connection, "select question, answer from survey_answers"))


def gone(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return ask(connection, GONE)


def surveyed(export: str, recipe: str = RECIPE, **uses: str) -> Campaign:
    """A survey of which staff have said what some of its columns are."""
    return Campaign({"survey.csv": export}, {"survey": recipe}, answers=[("survey", *use) for use in uses.items()])


together = Together({}, ids=("Report", "Ref", "_id", "action_id"), notes_questions=True)


@pytest.fixture(scope="module")
def error(campaigns) -> OpenColumnError:
    """What publishing would say that staff have to say first, all columns named."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OpenColumnError) as error:
        patch.setattr(column_uses, "_NAMED", 99)
        refuse_unanswered(campaigns.snapshot)
    return error.value


@pytest.fixture(scope="module")
def refused(error) -> str:
    return error.what


def looks_like(campaigns, case: str) -> list[tuple[str, str]]:
    """The columns of a campaign that staff are asked about, and what the remedy says of each that they may be."""
    asked = "select headed(header), looks_like from input_columns where is_asked order by 1"
    return campaigns(case).execute(asked).fetchall()


NEAR = {
    "misspelt": (HEADERS[0], "Did it hlep?", "question:help"),
    "dated": (HEADERS[0], "Did it help? (Dec 2021)", "question:help"),
    "in a group": (HEADERS[0], "In the end/Did it hepl?", "question:help"),
    "a choice": (HEADERS[2], "Which support?/Trainign", "question:support/training"),
    "a choice, dated": (HEADERS[2], "Which support? (2021)/Training", "question:support/training"),
    "known by its answers": (HEADERS[1], "Participants", "question:who"),
}


for case, (known, header, use) in NEAR.items():
    together.add(f"{case}, asked", surveyed(renamed(**{known: header})))
    together.add(f"{case}, settled", surveyed(renamed(**{known: header}), **{header: use}))


@pytest.mark.parametrize("case", NEAR)
def test_a_column_that_nearly_is_a_question_is_asked_about_and_settled_once(campaigns, refused, case):
    _, header, use = NEAR[case]
    name, _, choice = use.removeprefix("question:").partition("/")
    words = f"choice {choice} of the question {name}" if choice else f"question {name}"
    assert f"{{{case}, asked}}survey.csv: the column “{header}” nearly is the {words}" in refused
    assert looks_like(campaigns, f"{case}, asked") == [(header, use)]
    settled = campaigns(f"{case}, settled")
    assert answers(settled) == ANSWERS
    assert looks_like(campaigns, f"{case}, settled") == gone(settled) == []


def test_what_was_said_of_a_question_is_taken_back(tmp_path):
    header = "Did it hlep?"
    folder = make_campaign(tmp_path / "c", {"survey.csv": renamed(**{HEADERS[0]: header})}, {"survey": RECIPE})
    assert run_etl("column", "survey.csv", header, "--is", "Question:Help", "--campaign", folder.root).returncode == 0
    assert f"survey,{header},question:help" in folder.columns_file.read_text(encoding="utf-8")
    assert run_etl("column", "survey.csv", header, "--undo", "--campaign", folder.root).returncode == 0
    with pytest.raises(OpenColumnError) as refused:
        publish_campaign(folder)
    assert f'python -m etl column "survey.csv" "{header}" --is question:help' in refused.value.remedy
    said = run_etl("column", "survey.csv", HEADERS[1], "--is", "question:colour", "--campaign", folder.root)
    assert said.returncode == 1
    assert "question:help" in said.stderr


together.add("nothing", surveyed(renamed(**{HEADERS[0]: "Did it hlep?"}), **{"Did it hlep?": "nothing"}))


def test_what_staff_say_is_nothing_is_no_question_and_not_gone(campaigns):
    assert answers(campaigns("nothing")) == {key: n for key, n in ANSWERS.items() if key[0] != "help"}
    assert gone(campaigns("nothing")) == []


together.add("without a header", surveyed(renamed(**{HEADERS[0]: ""})))


def test_the_only_column_without_a_header_may_be_the_only_question_that_is_missing(refused):
    column = "column D, which has no header, nearly is the question help"
    assert f"{{without a header}}survey.csv: {column}" in refused


TWICE = survey(*HEADERS).replace(HEADERS[1], HEADERS[0])
OTHERS = RECIPE.replace('[questions.who]\nheaders = ["Who took part?"]\n', '[questions.who]\nheaders = ["Who?"]\n')
together.add("twice", surveyed(TWICE, OTHERS))


def test_of_two_columns_of_one_question_staff_say_which(error):
    assert "{twice}survey.csv: the column “Did it help?” nearly is the question" in error.what
    assert "Where two columns are called “Did it help?”" in error.remedy


LACKING = renamed(**{HEADERS[0]: "Question 3", HEADERS[2]: "Other"})
together.add("lacking", surveyed(LACKING, RECIPE.replace('"Did it help?"', '"Question 2"')))


def test_a_question_that_no_column_may_be_is_listed_and_offered_to_staff(campaigns):
    assert gone(campaigns("lacking")) == [("help", "Question 2"), ("support/training", "Which support?/Training")]
    snapshot = Snapshot(campaigns.snapshot, "together", "2022-01-10T09:00:00Z", 8)
    [column] = [one for one in read_open(snapshot) if one.header == "Question 3"]
    assert column.choices[:3] == ["question:help", "question:support/training", "question"]
    assert not column.is_asked


@together.test
def test_what_staff_set_aside_is_not_gone():
    connection = yield surveyed(survey(*HEADERS), **{HEADERS[0]: "staff", HEADERS[2]: "nothing"})
    assert gone(connection) == []


SHIPPED = "_id,_uuid,_submission_time,action_id,action_status{}\n1,u1,2021-06-01T10:00:00,A1,completed{}\n"


@pytest.mark.parametrize(("more", "lacking"), [(("", ""), []), ((",support_received", ",funding"), ["challenges"])])
@together.test
def test_of_a_shipped_recipes_questions_a_survey_may_ask_none(more, lacking):
    connection = yield {"survey.csv": SHIPPED.format(*more)}
    assert [name for name, _ in gone(connection)] == lacking


JUNE = "Did it help? (June 2021)"
UNNAMED = RECIPE.partition("[questions.help]")[0]
LATER = ["Did it help? (December 2021)", "Did it hlep? (June 2021)"]
together.add("public", surveyed(survey(JUNE, *HEADERS[1:]), UNNAMED, **{JUNE: "question"}))
for later in LATER:
    together.add(f"later, {later}", surveyed(survey(later, *HEADERS[1:]), UNNAMED, **{JUNE: "question"}))


@pytest.mark.parametrize("later", LATER)
def test_a_question_that_staff_made_public_is_asked_about_when_its_header_changes(campaigns, refused, later):
    assert looks_like(campaigns, "public") == []
    column = f"{{later, {later}}}survey.csv: the column “{later}” nearly is a question that you made public"
    assert column in refused
    assert looks_like(campaigns, f"later, {later}") == [(later, "question")]


BLANK_BELOW = survey(*HEADERS).splitlines()
for n, line in enumerate(BLANK_BELOW[1:]):
    cells = line.split(",")
    BLANK_BELOW[n + 1] = ",".join([*cells[:3], {0: "Yes", 5: "No"}.get(n, ""), *cells[4:]])
together.add("errors", surveyed(survey(*HEADERS).replace(",Yes,", ",#N/A,")))
together.add("blank", surveyed("\n".join(BLANK_BELOW)))
FILLED = RECIPE.replace('headers = ["Did it help?"]', 'headers = ["Did it help?"]\nfill_down = true')
together.add("filled", surveyed("\n".join(BLANK_BELOW), FILLED))


def test_errors_and_repeats_left_blank_among_the_answers_are_asked_about(campaigns):
    [asked] = campaigns.asked("errors")
    assert asked.startswith('survey.csv, column "Did it help?" (help): 6 cells hold #N/A instead of a value. ')
    [asked] = campaigns.asked("blank")
    assert "each of its 2 values stands once" in asked
    assert "under [questions.help] in the recipe survey" in asked
    assert campaigns.asked("filled") == []
    filled = answers(campaigns("filled"))
    assert {answer: n for (question, answer), n in filled.items() if question == "help"} == {"yes": 5, "no": 7}
