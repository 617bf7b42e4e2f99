"""Every closed question that staff made public is kept as a recipe's own would be, and nothing else is proposed."""

import re
from collections import Counter

import duckdb
import pytest

from etl.recipes.known_headers import RecipeError
from etl.recipes.settlements import QUESTION
from etl.texts.folding import Folding, matches
from tests.etl.campaigns import ask, built, make_campaign, recipe
from tests.etl.together import Campaign, Together

RECIPE = recipe(
    "survey", "progress_reports", "Report|State", '[read]\nseparators = [";"]\nblank = ["-"]',
    called="Survey of one office", report_id="Report", submission_id="Ref", status="State", language="Tongue",
)  # fmt: skip


def csv(headers: list[str], *rows: list[str]) -> str:
    """A survey's export: ten reports at least, the given columns repeated over them."""
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
    """The survey after staff have made the questions of these columns public."""
    answers = [("survey", header, QUESTION) for header in dict.fromkeys(headers)]
    return Campaign({"survey.csv": csv(headers, *rows)}, {"survey": recipe}, answers=answers)


together = Together({})


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
    """A survey whose cells are repeated under each header until ten have answered."""
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
[questions.support]
headers = ["Which support?", "Quel soutien ?", "support_received"]
text = { en = "Which support did you get?", fr = "Quel soutien avez-vous eu ?" }
[questions.support.labels]
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
    assert answers(connection, "support") == {"advice": 5 + 10 + 5, "money": 5 + 5 + 5}
    texts = ask(connection, "select question, texts from survey_questions")
    assert texts == [("support", {"en": "Which support did you get?", "fr": "Quel soutien avez-vous eu ?"})]
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
