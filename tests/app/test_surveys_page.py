"""The Surveys page: a question chosen, its answers counted in the selection, in the reader's language."""

import re

import pytest

from dashboard.i18n import translator
from dashboard.measures import surveys
from dashboard.snapshot.selection import Selection
from tests.app.conftest import kept_query, page_links, text_of


def rows(app) -> list[tuple[str, str, str]]:
    """The table's rows: answer, n of N, share."""
    table = next(element.proto.body for element in app.get("html") if "answers" in element.proto.body)
    pattern = r'<th scope="row">(.*?)</th><td class="count">(.*?)</td>.*?class="value[^"]*">(.*?)<'
    return re.findall(pattern, table)


def test_every_choice_is_counted_of_the_reports_that_answered(open_page):
    app = open_page("surveys")
    assert not app.exception
    assert rows(app) == [
        ("Training", "1 of 2", "50%"),
        ("Funding", "1 of 2", "50%"),
        ("None", "1 of 2", "50%"),
        ("Public praise", "0 of 2", "0%"),
    ]
    text = text_of(app)
    assert "2 of " in text
    assert "the shares add up to more than 100%" in text
    assert "read the counts rather than the shares" in text


@pytest.mark.parametrize(("lang", "words"), [("fr", "Quel soutien avez-vous reçu ?"), ("es", "Which support")])
def test_words_are_in_the_readers_language_else_in_one_that_there_is(open_page, lang, words):
    app = open_page("surveys", lang=lang)
    assert words in text_of(app)
    assert ("Formation" if lang == "fr" else "Training") in [label for label, *_ in rows(app)]


def test_filters_and_the_day_apply(open_page, snapshot):
    everything = surveys.answers(snapshot, Selection(), "support_received")
    assert (everything.answered, everything.unmatched) == (2, 0)
    one = surveys.answers(snapshot, Selection(q="no action has these words"), "support_received")
    assert (one.answered, one.reports) == (0, 0)
    app = open_page("surveys", as_of="2021-11-30")
    assert [count for _, count, _ in rows(app)] == ["1 of 1", "0 of 1", "0 of 1", "0 of 1"]
    assert "more than 100%" not in text_of(app)
    nobody = open_page("surveys", as_of="2021-06-30")
    assert translator("en")("No report of this selection answers this question.") in text_of(nobody)


def test_the_wave_is_part_of_the_link(open_page):
    app = open_page("surveys", question="support_received", wave="final", lang="en")
    assert not app.exception
    assert kept_query(app) == {"question": ["support_received"], "wave": ["final"], "lang": ["en"]}
    assert len(rows(app)) == 4


def test_the_chart_can_be_used_as_it_is_shown(open_page):
    app = open_page("surveys", question="support_received", wave="final", lang="fr")
    [link] = [one for one in page_links(app)["briefing"] if one.get("chart")]
    assert link == {"chart": ["survey-answers"], "wave": ["final"], "lang": ["fr"]}  # it is the first question
    briefing = open_page("briefing", **{name: values[0] for name, values in link.items()})
    assert not briefing.exception
    assert "Quel soutien avez-vous reçu ?" in text_of(briefing)
    assert any("/charts/survey-answers?lang=fr&wave=final" in code.value for code in briefing.code)


def test_waves_stand_side_by_side(open_page, monkeypatch):
    monkeypatch.setattr(surveys, "waves", lambda *_: ["mid_year", "final"])
    app = open_page("surveys", lang="en")
    next(group for group in app.get("button_group") if group.key == "survey-wave").set_value("each").run()
    assert not app.exception
    assert kept_query(app) == {"wave": ["each"], "lang": ["en"]}
    table = next(element.proto.body for element in app.get("html") if "answers beside" in element.proto.body)
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table) == ["Answer", "Mid year", "Final"]
    assert re.findall(r'class="value[^"]*">(.*?)<', table)[:2] == ["—", "50% · 1/2"]


def test_a_question_that_is_not_there_is_said_aloud(open_page):
    app = open_page("surveys", question="nonsense")
    assert not app.exception
    assert len(app.warning) == 1
    assert app.selectbox(key="survey-question").value == "support_received"


def test_without_answers_the_page_says_so(open_page, monkeypatch):
    monkeypatch.setattr(surveys, "questions", lambda *_: [])
    app = open_page("surveys")
    assert not app.exception
    assert "There are no survey answers yet." in text_of(app)
