"""The page Surveys: the choice of a question and a survey wave, and its answers as bars in a table."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.charts.catalogue import SURVEY
from dashboard.charts.chart import Chart, build_chart, read_rows
from dashboard.charts.options import Options, settle
from dashboard.charts.survey_answers import EACH
from dashboard.i18n import N_
from dashboard.measures import surveys
from dashboard.measures.definitions import FEW
from dashboard.measures.surveys import Question, name_code
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink

PARAMETERS = ("question", "wave")


def show(view: View, selection: Selection) -> None:
    """Draw the choice of question and round, and the answers; or say that no survey has any."""
    questions = surveys.questions(view.snapshot, selection)
    if not questions:
        _show_nothing(view)
        return
    question = _choose_question(view, questions)
    wave = _choose_wave(view, question)
    options = settle(Options(question=question.code if question != questions[0] else "", wave=wave), SURVEY)
    _show_answers(view, selection, build_chart(view.snapshot, SURVEY.id, selection, options))


def _show_nothing(view: View) -> None:
    t = view.t
    st.html(f'<div class="empty"><b>{escape(t("There are no survey answers yet."))}</b></div>')
    st.markdown(t("Once a survey export is in the inbox, its closed questions appear here after the next build."))


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


def _choose_wave(view: View, question: Question) -> str:
    """The wave that is shown: its name, every one beside the others, or nothing for all together."""
    waves = surveys.waves(view.snapshot, question.code)
    stated = link.page_parameter("wave")
    several = [EACH] if len(waves) > 1 else []
    if stated is not None and stated not in (*waves, *several):
        st.warning(view.t("The link asks for a survey wave in which this question was not answered."))
    wave = stated if stated in (*waves, *several) else ""
    if len(waves) < 2 and not wave:
        return ""
    link.keep("survey-wave", wave)
    names = {"": view.t("All waves"), **{name: view.t(name_code(name)) for name in waves}}
    names |= {name: view.t("Side by side") for name in several}
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


def _show_answers(view: View, selection: Selection, chart: Chart) -> None:
    t = view.t
    with st.container(border=True, key="card-survey"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="card-head-survey"
        ):
            st.html(f'<h2 class="card-title">{escape(chart.title)}</h2>', width="content")
            pairs = (("chart", SURVEY.id), *chart.options.query_pairs(), *selection.query_pairs())
            told = t("Picture, slide, embed code and data of this chart")
            page_link.show(PageLink(t("Use this chart"), "briefing", pairs, ":material/ios_share:", told))
        st.html(f'<p class="finding">{escape(chart.caption.finding)}</p>')
        if not chart.frame.empty:
            st.html(_render(view, chart))
            notes = (chart.caption.summary, *chart.caption.notes)
            st.html("".join(f'<p class="card-note">{escape(note)}</p>' for note in notes))


def _render(view: View, chart: Chart) -> str:
    """The answers as an HTML table: words, n of N and a bar of the share; of waves side by side a bar of each."""
    t, frame = view.t, chart.frame
    waves = list(dict.fromkeys(frame["wave_label"])) if "wave_label" in frame else [""]
    headings = (
        [(t("Reports"), ""), (t(N_("Share", "part of a whole")), "words")]
        if waves == [""]
        else [(wave, "words") for wave in waves]
    )
    heads = "".join(f'<th scope="col" class="{role}">{escape(name)}</th>' for name, role in headings)
    size = len(waves)
    cells = [_cells(view, *pair, is_beside=size > 1) for pair in read_rows(frame, ("reports", "answered"))]
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>{"".join(cells[number * size : (number + 1) * size])}</tr>'
        for number, label in enumerate(frame["label"].tolist()[::size])
    )
    beside = " beside" if size > 1 else ""
    return (
        f'<div class="figures answers{beside}" tabindex="0"><table aria-label="{escape(chart.title)}">'
        f'<thead><tr><th scope="col" class="words">{escape(t("Answer"))}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cells(view: View, reports: int, answered: int, *, is_beside: bool) -> str:
    """The counts and the share; beside other waves both in one cell."""
    counts = view.t(
        "{part} of {whole}",
        part=formats.format_count(reports, view.lang),
        whole=formats.format_count(answered, view.lang),
    )
    share = formats.format_percent(reports, answered, view.lang)
    width = round(100 * reports / answered, 1) if answered else 0
    muted = " muted" if answered < FEW else ""
    value = formats.format_rate_label(reports, answered, view.lang) if is_beside and answered else share
    return ("" if is_beside else f'<td class="count">{escape(counts)}</td>') + (
        f'<td class="share"><span class="track" aria-hidden="true"><span style="width:{width}%"></span></span>'
        f'<span class="value{muted}">{escape(value)}</span></td>'
    )
