"""The Surveys page: a question chosen, its answers counted in the selection, in the reader's language."""

import re

from dashboard.measures import surveys
from tests.app.conftest import codes, drawings, kept_query, page_links, pills, text_of


def rates(app) -> list[str]:
    """Return the shares of the answers with their counts, in the order of the bars."""
    return re.findall(r">([^<>\n]*\d+/\d+)<", drawings(app)["survey-answers"]["svg"])


def test_choices_are_counted_of_the_reports_by_the_day_and_a_question_that_is_not_there_is_said(open_page, monkeypatch):
    app = open_page("surveys", question="nonsense")
    assert len(app.warning) == 1
    assert app.selectbox(key="survey-question").value == "support_received"
    assert rates(app) == ["50% · 1/2", "50% · 1/2", "50% · 1/2", "0% · 0/2"]
    app.session_state["figures-survey-answers"] = True
    text = text_of(app.run())
    assert "the shares add up to more than 100%" in text
    assert "read the counts rather than the shares" in text
    app.query_params["as_of"], app.query_params["lang"] = "2021-11-30", "es"  # which the survey does not speak
    assert [rate[-3] for rate in rates(app.run())] == ["1", "0", "0", "0"]
    assert "Which support" in text_of(app) and "Training" in drawings(app)["survey-answers"]["svg"]
    app.query_params["as_of"], app.query_params["lang"] = "2021-06-30", "en"
    assert "No report of this selection answers this question." in text_of(app.run())
    assert "more than 100%" not in text_of(app)
    monkeypatch.setattr(surveys, "questions", lambda *_: [])
    assert "There are no survey answers yet." in text_of(app.run())


def test_the_wave_is_part_of_the_link_and_the_chart_is_used_as_it_is_shown(open_page, monkeypatch):
    app = open_page("surveys", question="support_received", wave="final", lang="fr")
    assert kept_query(app) == {"question": ["support_received"], "wave": ["final"], "lang": ["fr"]}
    assert len(rates(app)) == 4 and "Formation" in drawings(app)["survey-answers"]["svg"]
    app.session_state["share-survey-answers"] = True
    [link] = [one for one in page_links(app.run())["briefing"] if one.get("chart")]
    assert link == {"chart": ["survey-answers"], "wave": ["final"], "lang": ["fr"]}  # it is the first question
    briefing = open_page("briefing", **{name: values[0] for name, values in link.items()})
    assert "Quel soutien avez-vous reçu ?" in text_of(app) and "Quel soutien avez-vous reçu ?" in text_of(briefing)
    assert any("/charts/survey-answers?lang=fr&wave=final" in code for code in codes(briefing))

    monkeypatch.setattr(surveys, "waves", lambda *_: ["mid_year", "final"])
    app = open_page("surveys", lang="en")
    pills(app, "survey-wave").set_value("each").run()
    assert kept_query(app) == {"wave": ["each"], "lang": ["en"]}
    drawn = drawings(app)["survey-answers"]["svg"]
    assert "Mid year" in drawn and "Final" in drawn and rates(app)[0] == "50% · 1/2"
