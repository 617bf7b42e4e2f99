"""The chart of a survey's question, against the published answers read with pandas; and what it refuses."""

import re
from datetime import date

import pytest

from dashboard.charts.catalogue import SURVEY
from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options, parse_options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.dashboard.measures.test_surveys import surveyed as surveyed
from tests.drawings import assert_tidy, parsed

EACH = Options(question="satisfied", wave="each")


def test_waves_side_by_side_count_what_the_tables_hold(surveyed: Snapshot) -> None:
    for day in (date(2021, 6, 30), date(2021, 12, 31)):
        chart = build_chart(surveyed, SURVEY.id, Selection(as_of=day, lang="es"), EACH)
        with surveyed.cursor() as cursor:
            told = cursor.execute(
                "select * from survey_answers as a join progress_reports as r using (report_no) "
                "where question = 'satisfied' and r.action_id is not null and reported_on <= $day",
                {"day": day},
            ).df()
        given, answered = told.groupby(["answer", "wave"])["report_no"].nunique(), told.groupby("wave")["report_no"]
        frame = chart.data()
        assert len(frame) == frame["code"].nunique() * 2
        for code, wave, reports, of in zip(*(frame[c] for c in ("code", "wave", "reports", "answered")), strict=True):
            assert reports == given.get((code, wave), 0)
            assert of == answered.nunique().get(wave, 0)
        assert list(dict.fromkeys(frame["wave_label"])) == ["Mitad de año", "Final"]
        assert f": {told['report_no'].nunique()} de " in chart.caption.summary
    for width in (680, 360):
        svg = draw_svg(chart, width=width)
        assert_tidy(parsed(svg))
        drawn = [float(value) for value in re.findall(r'data-value="([^"]+)"', svg)]
        assert drawn == pytest.approx(frame["share"].tolist(), abs=0.0001)
    assert list(draw(chart).data[0].x) == pytest.approx(frame["share"].tolist(), abs=0.0001)
    assert len(chart.cells().headings) == 3  # the answer, and a column a wave


def test_one_wave_or_all_are_one_bar_an_answer(surveyed: Snapshot) -> None:
    first = build_chart(surveyed, SURVEY.id, Selection())
    assert first.title == "Which support did you receive?"
    assert "wave" not in first.data()
    one = build_chart(surveyed, SURVEY.id, Selection(), Options(question="satisfied", wave="mid_year"))
    assert one.data()["answered"].unique().tolist() == [2]
    assert "Too few reports to tell." in one.caption.sentences
    nobody = build_chart(surveyed, SURVEY.id, Selection(countries=("PER",), as_of=date(2021, 1, 1)))
    assert nobody.frame.empty
    assert nobody.caption.finding == "No report of this selection answers this question."
    assert "<svg" in draw_svg(nobody)


def test_what_the_surveys_do_not_have_is_refused_with_what_they_have(surveyed: Snapshot) -> None:
    with pytest.raises(SelectionError) as refused:
        build_chart(surveyed, SURVEY.id, Selection(), Options(question="nonsense"))
    assert "satisfied" in refused.value.allowed
    with pytest.raises(SelectionError) as refused:
        build_chart(surveyed, SURVEY.id, Selection(), Options(question="satisfied", wave="spring"))
    assert refused.value.allowed == ("mid_year", "final", "each")
    with pytest.raises(SelectionError):
        parse_options({"measure": ["pace"]}, SURVEY)
