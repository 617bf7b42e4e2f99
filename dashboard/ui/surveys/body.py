"""The page Surveys: the choice of a question and a survey wave, and its answers as bars in a table."""

from collections.abc import Iterator
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures import surveys
from dashboard.measures.definitions import FEW
from dashboard.measures.surveys import Answers, Choice, Question, name_code
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages

PARAMETERS = ("question", "wave")


def show(view: View, selection: Selection) -> None:
    """Draw the choice of question and round, and the answers; or say that no survey has any."""
    questions = surveys.questions(view.snapshot, selection)
    if not questions:
        _show_nothing(view)
        return
    question = _choose_question(view, questions)
    wave = _choose_wave(view, question)
    _show_answers(view, question, surveys.answers(view.snapshot, selection, question.code, wave))


def _show_nothing(view: View) -> None:
    t = view.t
    st.html(f'<div class="empty"><b>{escape(t("There are no survey answers yet."))}</b></div>')
    st.markdown(
        t(
            "When an export of a progress survey is in the inbox, its questions with fixed answers appear here after "
            "the next build."
        )
    )


def _choose_question(view: View, questions: list[Question]) -> Question:
    by_code = {question.code: question for question in questions}
    stated = link.page_parameter("question")
    if stated is not None and stated not in by_code:
        st.warning(view.t("The link asks for a question that is not in the data. Choose one here."))
    code = stated if stated in by_code else questions[0].code
    link.keep("survey-question", code)
    st.selectbox(
        view.t("Question"),
        list(by_code),
        format_func=lambda key: by_code[key].text,
        key="survey-question",
        on_change=_take_question,
    )
    return by_code[code]


def _take_question() -> None:
    link.change_page_parameter("wave", None)
    link.change_page_parameter("question", st.session_state["survey-question"])


def _choose_wave(view: View, question: Question) -> str | None:
    waves = surveys.waves(view.snapshot, question.code)
    stated = link.page_parameter("wave")
    if stated is not None and stated not in waves:
        st.warning(view.t("The link asks for a survey wave in which this question was not answered."))
    wave = stated if stated in waves else None
    if len(waves) < 2 and wave is None:
        return None
    link.keep("survey-wave", wave or "")
    names = {name: view.t(name_code(name) if name else "All waves") for name in ("", *waves)}
    st.segmented_control(
        view.t("Survey wave"),
        list(names),
        format_func=names.__getitem__,
        key="survey-wave",
        required=True,
        on_change=_take_wave,
    )
    return wave


def _take_wave() -> None:
    link.change_page_parameter("wave", st.session_state["survey-wave"] or None)


def _show_answers(view: View, question: Question, answers: Answers) -> None:
    t = view.t
    with st.container(border=True, key="card-survey"):
        messages.show_card_title(question.text)
        if not answers.answered:
            st.html(f'<div class="empty">{escape(t("No report of this selection answers this question."))}</div>')
            return
        st.html(_render(view, question, answers))
        st.html("".join(f'<p class="card-note">{escape(note)}</p>' for note in _list_notes(view, answers)))


def _list_notes(view: View, answers: Answers) -> Iterator[str]:
    """What a reader must know about the shares."""
    t, lang = view.t, view.lang
    yield t(
        "{n} of {all} reports about these actions answer this question; shares are of those that answer.",
        n=formats.format_count(answers.answered, lang),
        all=formats.format_count(answers.reports, lang),
    )
    if answers.is_over:
        yield t("A report can give several answers, so the shares add up to more than 100%.")
    if answers.answered < FEW:
        yield t("Fewer than {few} reports: read the counts rather than the shares.", few=FEW)
    if answers.unmatched:
        yield t.plural(
            "{n} more report answers it but matches no action; it is not counted here.",
            "{n} more reports answer it but match no action; they are not counted here.",
            answers.unmatched,
            n=formats.format_count(answers.unmatched, lang),
        )


def _render(view: View, question: Question, answers: Answers) -> str:
    """The choices as an HTML table: words, a bar of the share, and n of N."""
    t = view.t
    head = (
        f'<th scope="col" class="words">{escape(t("Answer"))}</th>'
        f'<th scope="col">{escape(t("Reports"))}</th><th scope="col" class="words">{escape(t("Share"))}</th>'
    )
    rows = "".join(_row(view, choice, answers.answered) for choice in answers.choices)
    return (
        f'<div class="figures answers" tabindex="0"><table aria-label="{escape(question.text)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(view: View, choice: Choice, answered: int) -> str:
    share = formats.format_percent(choice.reports, answered, view.lang)
    counts = view.t(
        "{part} of {whole}",
        part=formats.format_count(choice.reports, view.lang),
        whole=formats.format_count(answered, view.lang),
    )
    width = round(100 * choice.reports / answered, 1)
    muted = " muted" if answered < FEW else ""
    return (
        f'<tr><th scope="row">{escape(choice.label)}</th><td class="count">{escape(counts)}</td>'
        f'<td class="share"><span class="track" aria-hidden="true"><span style="width:{width}%"></span></span>'
        f'<span class="value{muted}">{escape(share)}</span></td></tr>'
    )
