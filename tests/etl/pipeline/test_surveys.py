"""Every closed question that staff made public is read as a recipe's would be, and nothing else is proposed.

A recipe's question without a column in a file is asked about, or listed: its answers never go in silence.
"""

import re
from collections import Counter

import duckdb
import pytest

from dashboard.campaign.file_names import find_names
from dashboard.lists.quality.open_columns import read_open
from dashboard.snapshot.database import Snapshot
from etl.pipeline import column_uses
from etl.pipeline.column_uses import OpenColumnError
from etl.recipes.known_headers import RecipeError
from etl.recipes.settled_plan import QUESTION
from etl.sqlfiles import open_snapshot
from etl.texts.folding import Folding, matches
from tests.etl.campaigns import ask, built, make_campaign, publish_campaign, recipe
from tests.etl.program import run_on
from tests.etl.together import Campaign, Together

RECIPE = recipe(
    "survey", "progress_reports", "Report|State", '[read]\nseparators = [";"]\nblank = ["-"]',
    called="Survey of one office", report_id="Report", submission_id="Ref", status="State", language="Tongue",
)  # fmt: skip


def csv(headers: list[str], *rows: list[str]) -> str:
    """Return a survey's export: ten reports at least, the given columns repeated over them."""
    lines = [",".join(["Report", "Ref", "State", *headers])]
    number = max(10, len(rows))
    lines += [",".join([f"R{i}", f"A{i}", "completed", *rows[i % len(rows)]]) for i in range(number)]
    return "\n".join(f"{line}" for line in lines)


def questions(connection) -> dict[str, str | None]:
    rows = ask(connection, "select question, map_values(texts)[1] from survey_questions")
    return dict(rows)


def answers(connection, question: str) -> Counter:
    rows = ask(connection, "select answer from survey_answers where question = $1", [question])
    return Counter(answer for (answer,) in rows)


def public(headers, *rows, recipe=RECIPE):
    """Return the survey after staff have made the questions of these columns public."""
    answers = [("survey", header, QUESTION) for header in dict.fromkeys(headers)]
    return Campaign({"survey.csv": csv(headers, *rows)}, {"survey": recipe}, answers=answers)


together = Together({}, ids=("Report", "Ref", "_id", "action_id"))


CLOSED = {
    "Did you get support?": (["Yes", "No", "yes"], {"yes": 7, "no": 3}),
    "How satisfied are you?": (["1", "5", "4.0", "5"], {"1": 3, "5": 5, "4": 2}),
    "Which media?": (["Radio;Songs;", "Radio", "Songs;A play"], {"radio": 7, "songs": 7, "a_play": 3}),
    "Your age group?": (["< 18", "> 18"], {"under_18": 5, "over_18": 5}),
    "Is it finished?": (["Yes, partly", "Yes", "No", "Yes, partly"], {"yes_partly": 5, "yes": 3, "no": 2}),
}
OPEN = {
    "Anything else?": [f"We met {i} elders and planted trees" for i in range(10)],
    "How many children were reached?": ["3", "5", "3", "5"],
    "Budget": ["1200", "1500", "1200"],
    "When did it begin?": ["2021-03-04", "2021-03-05"],
    "Name of the person answering": ["Sample Person 1", "Sample Person 2"],
    "Reachable under": ["one@example.org", "two@example.org"],
    "Picture": ["a1.jpg", "a2.jpg"],
    "Certificate": ["vAsKJMtiiaSPTwwkqHH3sL", "vAsKJMtiiaSPTwwkqHH3sM"],
    "Other (please specify)": ["a play", "a play", "a song"],
}


def answered(columns: dict[str, list[str]]) -> str:
    """Return a survey whose cells are repeated under each header until ten have answered."""
    rows = ([f'"{cells[number % len(cells)]}"' for cells in columns.values()] for number in range(10))
    return csv([f'"{header}"' for header in columns], *rows)


@together.test
def test_closed_questions_are_proposed_and_open_texts_names_numbers_and_dates_are_none():
    columns = {f"{header[:-1]} then?": cells for header, (cells, _) in CLOSED.items()}
    connection = yield Campaign({"survey.csv": answered(columns | OPEN)}, {"survey": RECIPE})
    proposed = ask(connection, "select headed(header) from input_columns where proposed is not null")
    assert {header for (header,) in proposed} == columns.keys()
    assert questions(connection) == {}
    assert ask(connection, "select count(*) from progress_reports") == [(10,)]


@together.test
def test_closed_questions_that_are_made_public_are_kept_without_being_named():
    export = answered({header: cells for header, (cells, _) in CLOSED.items()})
    said = [("survey", header, QUESTION) for header in CLOSED]
    connection = yield Campaign({"survey.csv": export}, {"survey": RECIPE}, answers=said)
    codes = {header: code for code, header in questions(connection).items()}
    assert {header: answers(connection, code) for header, code in codes.items()} == {
        header: expected for header, (_, expected) in CLOSED.items()
    }


@together.test
def test_a_column_a_choice_is_one_question_and_free_text_no_choice():
    headers = ["Which channels? - Radio", "Which channels? - Songs", "Which channels? - Other (please specify)"]
    rows = [["Radio", "", ""], ["Radio", "Songs", ""], ["", "", "A kind word"], ["", "", ""]]
    connection = yield public(headers, *rows)
    assert questions(connection) == {"which_channels": "Which channels?"}
    assert answers(connection, "which_channels") == {"radio": 6, "songs": 3, "other_please_specify": 2}
    labels = ask(connection, "select answer, labels['en'] from survey_choices order by sort_order")
    assert labels == [("radio", "Radio"), ("songs", "Songs"), ("other_please_specify", "Other (please specify)")]
    assert ask(connection, "select takes_several from survey_questions") == [(True,)]
    assert "kind word" not in str(ask(connection, "from survey_answers"))


@together.test
def test_words_for_no_answer_are_none():
    connection = yield public(["Did you get any support?"], ["Yes"], ["-"], [""])
    assert answers(connection, "did_you_get_any_support") == {"yes": 4}


NAMED = """
[questions.backing]
headers = ["Which support?", "Quel soutien ?", "support_received"]
text = { en = "Which support did you get?", fr = "Quel soutien avez-vous eu ?" }
[questions.backing.labels]
advice = { en = "Advice", fr = "Des conseils" }
money = { en = "Money", fr = "De l'argent" }
"""


@together.test
def test_a_named_question_joins_names_and_languages():
    files = {
        "names.csv": csv(["support_received"], ["advice"], ["money"]),
        "english.csv": csv(["Which support?"], ["Advice;Money"], ["Advice"]).replace("\nR", "\nE"),
        "french.csv": csv(["Quel soutien ?"], ["Des conseils"], ["De l'argent"]).replace("\nR", "\nF"),
    }
    connection = yield Campaign(files, {"survey": RECIPE + NAMED})
    assert answers(connection, "backing") == {"advice": 5 + 10 + 5, "money": 5 + 5 + 5}
    texts = ask(connection, "select question, texts from survey_questions")
    assert texts == [("backing", {"en": "Which support did you get?", "fr": "Quel soutien avez-vous eu ?"})]
    labels = ask(connection, "select answer, labels['en'], labels['fr'] from survey_choices order by 1")
    assert labels == [("advice", "Advice", "Des conseils"), ("money", "Money", "De l'argent")]


@together.test
def test_texts_are_those_of_the_sheets_language():
    header = "Quel est le niveau de satisfaction des partenaires dans votre pays ?"
    connection = yield public([header], ["Élevé"], ["Faible"])
    assert ask(connection, "select texts from survey_questions") == [({"fr": header},)]
    assert ask(connection, "select answer, labels['fr'] from survey_choices order by 1") == [
        ("eleve", "Élevé"), ("faible", "Faible"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "questions_kept"),
    [('questions = "named"', []), ('ignore_questions = ["*territory*"]', ["did_you_receive_support"])],
)
@together.test
def test_named_only_and_ignored_questions(key, questions_kept):
    headers, rows = ["Did you receive support?", "Which territory?"], [["Yes", "North"], ["No", "South"]]
    connection = yield public(headers, *rows, recipe=RECIPE.replace("[read]", f"[read]\n{key}"))
    assert list(questions(connection)) == questions_kept


@together.test
def test_numbered_headers_bear_their_recipe_and_repeated_texts_a_number():
    connection = yield public(["Q4", "Done?", "Done?"], ["Yes", "Yes", "No"], ["No", "Yes", "No"])
    [numbered] = [code for code, text in questions(connection).items() if text is None]
    assert set(questions(connection)) == {numbered, "done", "done_2"}
    assert re.fullmatch(r"survey_of_\d+_q4", numbered)
    assert (answers(connection, "done"), answers(connection, "done_2")) == ({"yes": 10}, {"no": 10})


@pytest.mark.parametrize("files", [{"a.csv": 1}, {"b.csv": -1, "a.csv": 1}])
@together.test
def test_a_report_sent_twice_answers_once_and_order_changes_nothing(files):
    header = "Did you get help in time?"
    head, *lines = csv([header], ["Yes"], ["No"], ["Yes"]).splitlines()
    exports = {name: "\n".join([head, *lines[::turn]]) for name, turn in files.items()}
    connection = yield Campaign(exports, {"survey": RECIPE}, answers=[("survey", header, QUESTION)])
    kept = ask(
        connection,
        "select report_id, a.question, a.answer from survey_answers as a inner join progress_reports "
        "using (report_no) order by all",
    )
    assert kept == [(f"R{n}", "did_you_get_help_in_time", ("yes", "no", "yes")[n % 3]) for n in range(10)]
    assert questions(connection) == {"did_you_get_help_in_time": header}


def test_a_wrong_language_of_a_text_is_refused(tmp_path):
    recipe = RECIPE + '[questions.done]\nheaders = ["Done?"]\ntext = { German = "Fertig?" }\n'
    folder = make_campaign(tmp_path / "c", {"survey.csv": csv(["Done?"], ["Yes"])}, {"survey": recipe})
    with pytest.raises(RecipeError, match=r"questions\.done\.text"), built(folder):
        pass


@pytest.mark.parametrize(
    ("spelling", "header", "is_meant"),
    [
        ("Q1. *", "Q1. Name of the action", True),
        ("Q1. *", "Q1", True),
        ("Q1. *", "Q10. Name of the action", False),
        ("Q1. *action*", "Q10. Name of the action", False),
        ("Q1*", "Q10. Name", True),
        ("*- Apple", "Fruit - Apple", True),
        ("*- Apple", "Fruit - Pineapple", False),
        ("*organisation*", "Your organisations", True),
        ("Q3[SQ001]*", "Q3[SQ001]. Which? [Farming]", True),
        ("Q3[SQ001]*", "Q3[SQ0012]. Which? [Mining]", False),
    ],
)
def test_what_stands_apart_from_a_star_is_a_word_of_its_own(spelling, header, is_meant):
    with duckdb.connect() as connection:
        fold = Folding(connection)
        assert matches(fold.pattern(spelling), fold(header)) is is_meant


ASKING = recipe(
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
    """Return a file of twelve reports, its questions under these headers (in the order of HEADERS)."""
    lines = [",".join(["Report", "Ref", "State", *headers])]
    rows = ((["Yes", "No"][n % 2], ["Women", "Women", "Men"][n % 3], str(n % 2), "1") for n in range(number))
    return "\n".join([*lines, *(f"R{n},A{n},completed,{','.join(row)}" for n, row in enumerate(rows))])


def renamed(**by_header: str) -> str:
    """Return the survey with one header written in another way."""
    return survey(*(by_header.get(header, header) for header in HEADERS))


GONE = "select value, expected from check_results where check_id = 'question_gone' order by all"


def tally(connection: duckdb.DuckDBPyConnection) -> Counter:
    """Count each answer of each question."""
    return Counter(ask(connection, "select question, answer from survey_answers"))


def gone(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return ask(connection, GONE)


def surveyed(export: str, recipe: str = ASKING, **uses: str) -> Campaign:
    """Make a survey with uses from staff for some of its columns."""
    return Campaign({"survey.csv": export}, {"survey": recipe}, answers=[("survey", *use) for use in uses.items()])


@pytest.fixture(scope="module")
def error(campaigns) -> OpenColumnError:
    """Return publishing's refusal that asks staff about all columns."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OpenColumnError) as error:
        patch.setattr(column_uses, "_NAMED", 99)
        with open_snapshot(campaigns.snapshot) as connection:
            column_uses.refuse_open_columns(connection, find_names(campaigns.snapshot))
    return error.value


@pytest.fixture(scope="module")
def refused(error) -> str:
    return error.what


def looks_like(campaigns, case: str) -> list[tuple[str, str]]:
    """List the columns of a campaign that staff are asked about, and the remedy's suggestion for each."""
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
    assert tally(settled) == ANSWERS
    assert looks_like(campaigns, f"{case}, settled") == gone(settled) == []


@pytest.mark.nightly
def test_what_was_said_of_a_question_is_taken_back(tmp_path):
    header = "Did it hlep?"
    folder = make_campaign(tmp_path / "c", {"survey.csv": renamed(**{HEADERS[0]: header})}, {"survey": ASKING})
    run_on(folder, "column", "survey.csv", header, "--is", "Question:Help")
    assert f"survey,{header},question:help" in folder.columns_file.read_text(encoding="utf-8")
    run_on(folder, "column", "survey.csv", header, "--undo")
    with pytest.raises(OpenColumnError) as refused:
        publish_campaign(folder)
    assert f'python -m etl column "survey.csv" "{header}" --is question:help' in refused.value.remedy
    said = run_on(folder, "column", "survey.csv", HEADERS[1], "--is", "question:colour", code=1)
    assert "question:help" in said.stderr


together.add("nothing", surveyed(renamed(**{HEADERS[0]: "Did it hlep?"}), **{"Did it hlep?": "nothing"}))


def test_what_staff_say_is_nothing_is_no_question_and_not_gone(campaigns):
    assert tally(campaigns("nothing")) == {key: n for key, n in ANSWERS.items() if key[0] != "help"}
    assert gone(campaigns("nothing")) == []


together.add("without a header", surveyed(renamed(**{HEADERS[0]: ""})))


def test_the_only_column_without_a_header_may_be_the_only_question_that_is_missing(refused):
    column = "column D, which has no header, nearly is the question help"
    assert f"{{without a header}}survey.csv: {column}" in refused


TWICE = survey(*HEADERS).replace(HEADERS[1], HEADERS[0])
OTHERS = ASKING.replace('[questions.who]\nheaders = ["Who took part?"]\n', '[questions.who]\nheaders = ["Who?"]\n')
together.add("twice", surveyed(TWICE, OTHERS))


def test_of_two_columns_of_one_question_staff_say_which(error):
    assert "{twice}survey.csv: the column “Did it help? (2)” nearly is the question" in error.what


LACKING = renamed(**{HEADERS[0]: "Question 3", HEADERS[2]: "Other"})
together.add("lacking", surveyed(LACKING, ASKING.replace('"Did it help?"', '"Question 2"')))


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
UNNAMED = ASKING.partition("[questions.help]")[0]
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
FILLED = ASKING.replace('headers = ["Did it help?"]', 'headers = ["Did it help?"]\nfill_down = true')
together.add("filled", surveyed("\n".join(BLANK_BELOW), FILLED))


def test_errors_and_repeats_left_blank_among_the_answers_are_asked_about(campaigns):
    [asked] = campaigns.asked("errors")
    assert asked == "survey.csv, column “Did it help?”: Cells hold an error (#N/A) instead of a value. Cells: 6."
    [asked] = campaigns.asked("blank")
    assert asked.startswith("survey.csv, column “Did it help?”: Each of its 2 values appears once")
    assert campaigns.asked("filled") == []
    filled = tally(campaigns("filled"))
    assert {answer: n for (question, answer), n in filled.items() if question == "help"} == {"yes": 5, "no": 7}


def test_of_no_other_survey_anything_is_asked(campaigns):
    assert campaigns.list_asked() == {"errors", "blank"}
