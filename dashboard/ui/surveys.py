"""The page Surveys: the choice of a question and a survey wave, and the card of its answers."""

from html import escape

import streamlit as st

from dashboard.charts.catalogue import SURVEY
from dashboard.charts.options import Options, settle
from dashboard.charts.survey_answers import EACH
from dashboard.measures import surveys
from dashboard.measures.surveys import Question, name_code
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options

PARAMETERS = ("question", "wave", chart_options.LARGE)


def show(view: View, selection: Selection) -> None:
    """Draw the choice of question and round, and the answers; or say that no survey has any."""
    questions = surveys.questions(view.snapshot, selection)
    if not questions:
        st.html(f'<div class="empty"><b>{escape(view.t("There are no survey answers yet."))}</b></div>')
        st.markdown(
            view.t("Once a survey export is in the inbox, its closed questions appear here after the next build.")
        )
        return
    question = _choose_question(view, questions)
    wave = _choose_wave(view, question)
    options = settle(Options(question=question.code if question != questions[0] else "", wave=wave), SURVEY)
    chart_card.show(view, SURVEY.id, selection, options=options)


def _choose_question(view: View, questions: list[Question]) -> Question:
    by_code = {question.code: question for question in questions}
    requested = link.page_parameter("question")
    if requested is not None and requested not in by_code:
        st.warning(view.t("The link asks for a question that is not in the data. Choose one here."))
    code = requested if requested in by_code else questions[0].code
    bound = link.bind("survey-question", "question", code, None, instead={"wave": None})
    st.selectbox(view.t("Question"), list(by_code), format_func=lambda key: by_code[key].text, **bound)
    return by_code[code]


def _choose_wave(view: View, question: Question) -> str:
    """Choose the wave: its name, every one beside the others, or nothing for all together."""
    waves = surveys.waves(view.snapshot, question.code)
    requested = link.page_parameter("wave")
    several = [EACH] if len(waves) > 1 else []
    if requested is not None and requested not in (*waves, *several):
        st.warning(view.t("The link asks for a survey wave in which this question was not answered."))
    wave = requested if requested in (*waves, *several) else ""
    if len(waves) < 2 and not wave:
        return ""
    names = {"": view.t("All waves"), **{name: view.t(name_code(name)) for name in waves}}
    names |= {name: view.t("Side by side") for name in several}
    st.segmented_control(
        view.t("Survey wave"),
        list(names),
        format_func=names.__getitem__,
        required=True,
        **link.bind("survey-wave", "wave", wave, ""),
    )
    return wave
