"""Answers of a small survey: texts of questions and choices, their order, and of how many reports each is counted."""

from datetime import date

import pytest

from dashboard.measures.surveys import Answers, Choice, Question, answers, questions, waves
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.snapshots import open_fixture

# Reports 1, 5 and 12 to 14 are about actions, 39 (of the first wave) about none.
SURVEY = """
insert into survey_questions values
    ('satisfied', map {'en': 'How satisfied are you?'}, false, 2),
    ('satisfied_later', map {'en': 'How satisfied are you?', 'fr': 'Et après ?'}, false, 3),
    ('main_obstacle', null, false, 4);
insert into survey_choices values
    ('satisfied', '1', null, 1),
    ('satisfied', '2', null, 2),
    ('satisfied', '10', map {'en': 'Ten', 'es': 'Diez'}, 3),
    ('satisfied_later', '3', null, 1),
    ('main_obstacle', 'no_access', null, 1),
    ('main_obstacle', 'staff_turnover', null, 2),
    ('main_obstacle', 'funds', map {'en': 'Funds'}, 3);
insert into survey_answers values
    (1, 'FIX-001', 'mid_year', 'satisfied', '2'),
    (5, 'FIX-004', 'mid_year', 'satisfied', '2'),
    (12, 'FIX-009', 'final', 'satisfied', '1'),
    (39, null, 'mid_year', 'satisfied', '1'),
    (13, 'FIX-010', 'mid_year', 'satisfied_later', '3'),
    (1, 'FIX-001', 'mid_year', 'main_obstacle', 'staff_turnover'),
    (14, 'FIX-011', 'final', 'main_obstacle', 'staff_turnover'),
    (13, 'FIX-010', 'mid_year', 'main_obstacle', 'no_access');
"""


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return the fixture snapshot with three more questions in its survey."""
    return open_fixture(tmp_path_factory.mktemp("surveyed"), (SURVEY,))


def test_questions_are_in_the_order_of_the_survey_and_told_apart(surveyed: Snapshot) -> None:
    assert questions(surveyed, Selection()) == [
        Question("support_received", "Which support did you receive?", True, 2),
        Question("satisfied", "How satisfied are you?", False, 3),
        Question("satisfied_later", "How satisfied are you? (2)", False, 1),
        Question("main_obstacle", "Main obstacle", False, 3),
    ]
    peru = Selection(countries=("PER",), as_of=date(2021, 7, 1), lang="fr")
    assert [(question.text, question.answered) for question in questions(surveyed, peru)] == [
        ("Quel soutien avez-vous reçu ?", 0),
        ("How satisfied are you?", 0),
        ("Et après ?", 1),
        ("Main obstacle", 1),
    ]


def test_ratings_keep_their_order_and_other_answers_the_most_frequent_first(surveyed: Snapshot) -> None:
    ratings = (Choice("1", "1", 1), Choice("2", "2", 2), Choice("10", "Diez", 0))
    assert answers(surveyed, Selection(lang="es"), "satisfied") == Answers(ratings, 3, 44, 1)
    words = (
        Choice("staff_turnover", "Staff turnover", 2), Choice("no_access", "No access", 1), Choice("funds", "Funds", 0)
    )  # fmt: skip
    assert answers(surveyed, Selection(), "main_obstacle") == Answers(words, 3, 44, 0)
    assert answers(surveyed, Selection(), "satisfied_later") == Answers((Choice("3", "3", 1),), 1, 44, 0)


def test_a_wave_and_a_day_choose_the_reports_and_a_question_that_is_not_there_has_none(surveyed: Snapshot) -> None:
    assert waves(surveyed, "satisfied") == ["mid_year", "final"]
    assert waves(surveyed, "support_received") == ["final"]
    early = answers(surveyed, Selection(as_of=date(2021, 6, 16)), "satisfied", "mid_year")
    assert ([choice.reports for choice in early.choices], early.answered, early.unmatched) == ([0, 1, 0], 1, 0)
    assert early.reports == 3
    last = answers(surveyed, Selection(), "satisfied", "final")
    assert ([choice.reports for choice in last.choices], last.answered, last.unmatched) == ([1, 0, 0], 1, 0)
    assert answers(surveyed, Selection(), "nonsense") == Answers((), 0, 0, 0)
    assert not answers(surveyed, Selection(), "satisfied").is_over
    assert answers(surveyed, Selection(), "support_received").is_over
