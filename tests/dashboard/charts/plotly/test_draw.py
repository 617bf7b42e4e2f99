"""Figures as JSON: the same values as the chart, the words in it, colours that can be read."""

import json
import re
from datetime import date
from itertools import combinations
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.colours import DARK, LIGHT
from dashboard.charts.plotly.draw import draw
from dashboard.charts.plotly.scheme import darken
from dashboard.files.briefings.series import grid_of
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which
from tests.presentations import ONE_A_KIND

READABLE = 4.5


def drawn(chart: Chart) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(draw(chart).to_json())
    return figure


def bars(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["type"] == "bar"]


@pytest.mark.parametrize(
    ("chart_id", "lang"),
    of_which(
        [(chart_id, lang) for chart_id in CATALOGUE for lang in ("en", "fr", "es")],
        lambda place, case: case[0] in ONE_A_KIND and place % 3 == place // 3 % 3,  # in one language
    ),
)
def test_every_figure_is_one_that_plotly_accepts_and_is_light_on_any_ground(chart_id: str, lang: str, snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection(lang=lang))
    early = date(2020, 12, 1) if "time" in chart_id else date(2021, 2, 1)
    light = draw(chart)
    before = light.to_json()
    for text in (before, draw(build_chart(snapshot, chart_id, Selection(lang=lang, as_of=early))).to_json()):
        figure = json.loads(text)
        go.Figure(figure)
        assert len(json.dumps(figure)) < (300_000 if chart.spec.kind == "map" else 40_000)
        assert figure["layout"]["height"] > 0
        assert not figure["layout"]["showlegend"]
    assert lang != "fr" or figure["layout"]["separators"] == ",\u202f"

    dark = darken(light, chart.spec.kind)
    assert light.to_json() == before
    left = set(re.findall(r"#[0-9A-F]{6}", str(dark.to_json())))
    assert dark.layout["paper_bgcolor"] == theme.DARK["paper"]
    assert not left & (set(LIGHT.values()) - set(DARK.values()) - set(theme.DARK.values()))
    without_colours = [re.sub(r"#[0-9A-Fa-f]{6}", "#", text) for text in (before, str(dark.to_json()))]
    assert without_colours[0] == without_colours[1]
    for trace in dark.data:
        if "insidetextfont" in trace and isinstance(trace["marker"]["color"], str) and chart.spec.kind == "statuses":
            assert theme.contrast(trace["insidetextfont"]["color"], trace["marker"]["color"]) >= READABLE


def test_labels_give_rate_and_counts_few_are_muted_and_the_key_names_the_statuses_that_occur(snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-region", Selection(themes=("mining", "education")))
    figure = drawn(chart)
    labels = dict(zip(chart.drawn["code"], figure["layout"]["yaxis2"]["ticktext"], strict=True))
    assert theme.MUTED in labels["global"]
    assert theme.MUTED not in labels["africa"]
    colours = dict(zip(chart.drawn["code"], bars(figure)[0]["marker"]["color"], strict=True))
    assert colours["africa"] == theme.COMPLETED
    assert colours["global"] == theme.COMPLETED_FEW
    mining = drawn(build_chart(snapshot, "completion-by-region", Selection(themes=("mining",))))
    assert any("no actions" in label for label in mining["layout"]["yaxis2"]["ticktext"])
    assert not any("0% · 0/0" in label for label in mining["layout"]["yaxis2"]["ticktext"])
    chart = build_chart(snapshot, "status-overview", Selection())
    figure = drawn(chart)
    segments = bars(figure)
    key = figure["layout"]["title"]["text"]
    assert all(trace["name"] in key and trace["marker"]["color"] in key for trace in segments)
    completed = build_chart(snapshot, "status-overview", Selection(statuses=("completed",)))
    assert [trace["name"] for trace in bars(drawn(completed))] == ["Completed"]


def test_the_curve_shows_the_deadline_and_what_each_line_is(snapshot: Snapshot) -> None:
    layout = drawn(build_chart(snapshot, "completion-over-time", Selection()))["layout"]
    assert layout["shapes"][0]["x0"] == "2021-12-30"
    texts = " ".join(note["text"] for note in layout["annotations"])
    for words in ("Deadline: 30 December 2021", "Completed<br><b>50%</b>", "Up to<br><b>78%</b>"):
        assert words in texts
    assert "Time elapsed<br><b>100%</b>" in texts


@pytest.mark.parametrize("day", [date(2021, 2, 1), date(2021, 6, 25), date(2021, 9, 15), date(2021, 12, 31)])
def test_the_names_of_the_lines_do_not_overlap(day: date, snapshot: Snapshot) -> None:
    figure = drawn(build_chart(snapshot, "completion-over-time", Selection(as_of=day)))
    ends = [note["y"] for note in figure["layout"]["annotations"] if note["x"] == day.isoformat()]
    plot = figure["layout"]["height"] - figure["layout"]["margin"]["t"] - figure["layout"]["margin"]["b"]
    for one, other in combinations(ends, 2):
        assert abs(one - other) * plot >= 2 * theme.FONT_SIZE


def test_names_from_codelists_are_no_markup(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    africa = snapshot.codes["regions"]["africa"]
    monkeypatch.setitem(africa.labels, "en", "<b>A&B</b> d'Ivoire")
    figure = drawn(build_chart(snapshot, "completion-by-region", Selection()))
    assert figure["layout"]["yaxis"]["ticktext"][0] == "&lt;b&gt;A&amp;B&lt;/b&gt; d'Ivoire"
    assert "&lt;b&gt;A&amp;B" in bars(figure)[0]["customdata"][0]


def test_any_two_segments_differ_for_readers_who_see_no_colour() -> None:
    for inks in (theme.STATUS_INKS, theme.DARK_STATUS_INKS):
        for one, other in combinations([ink.fill for ink in inks.values()], 2):
            assert theme.contrast(one, other) >= 1.4, (one, other)


def test_of_few_actions_a_grid_writes_counts_in_grey_where_others_give_way_to_rates(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "region-by-theme", Selection())
    large, least = chart.frame.index[~chart.frame["is_few"]][:2]
    chart.frame.loc[large, ["actions", "completed", "completion_rate"]] = [100_000, 25_000, 0.25]
    chart.frame.loc[least, ["actions", "completed", "completion_rate"]] = [5, 2, 0.4]
    few = {f"{row.completed}/{row.actions}" for row in chart.frame[chart.frame["is_few"]].itertuples()}
    traces = drawn(chart)["data"]
    texts = {text: trace["textfont"]["color"] for trace in traces for row in trace["text"] for text in row}
    native = {cell.text for row in grid_of(chart).cells for cell in row}
    for written in (texts, native):
        assert "25%" in written
        assert {text for text in written if "/" in text} == few
    assert {text for text, colour in texts.items() if colour == theme.MUTED and text} == few
