"""Figures as JSON: the same values as the chart, the words in it, colours that can be read."""

import json
import re
from datetime import date
from itertools import combinations
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.briefings.series import grid_of
from dashboard.charts.catalogue import CATALOGUE, STATUS_COLUMNS
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.plotly.draw import draw
from dashboard.charts.plotly.scheme import darken
from dashboard.charts.svg.styles import DARK, LIGHT
from dashboard.formats import format_percent
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which

NOTHING = Selection(regions=("global",), countries=("GHA",))
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
        lambda place, _: place % 3 == place // 3 % 3,  # a language a chart
    ),
)
def test_every_figure_is_one_that_plotly_accepts_and_is_light(chart_id: str, lang: str, snapshot: Snapshot) -> None:
    for selection in (Selection(lang=lang), Selection(lang=lang, as_of=date(2021, 2, 1)), NOTHING):
        figure = drawn(build_chart(snapshot, chart_id, selection))
        go.Figure(figure)
        assert len(json.dumps(figure)) < (300_000 if CATALOGUE[chart_id].kind == "map" else 40_000)
        assert figure["layout"]["height"] > 0
        assert not figure["layout"]["showlegend"]
    assert drawn(build_chart(snapshot, chart_id, Selection(lang="fr")))["layout"]["separators"] == ",\u202f"


@pytest.mark.parametrize("chart_id", [c for c, spec in CATALOGUE.items() if spec.kind == "rates"])
def test_bars_are_as_long_as_the_rates_and_end_at_the_bounds(chart_id: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection(as_of=date(2021, 9, 15)))
    figure = drawn(chart)
    rate = chart.spec.measures[0]
    first, *others = bars(figure)
    assert first["x"] == pytest.approx(chart.drawn[rate].tolist(), abs=1e-4, nan_ok=True)
    assert figure["layout"]["yaxis"]["tickvals"] == first["y"]
    for possible in others:
        ends = [base + length for base, length in zip(possible["base"], possible["x"], strict=True)]
        assert ends == pytest.approx(chart.drawn["upper_bound"].tolist(), abs=2e-4)
    assert len(others) == ("upper_bound" in chart.spec.measures)


def test_labels_give_rate_and_counts_few_are_muted_and_none_is_said(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-region", Selection(themes=("mining", "education")))
    figure = drawn(chart)
    labels = dict(zip(chart.drawn["code"], figure["layout"]["yaxis2"]["ticktext"], strict=True))
    assert labels["africa"] == "71% · 5/7"
    assert theme.MUTED in labels["global"]
    assert theme.MUTED not in labels["africa"]
    colours = dict(zip(chart.drawn["code"], bars(figure)[0]["marker"]["color"], strict=True))
    assert colours["africa"] == theme.COMPLETED
    assert colours["global"] == theme.COMPLETED_FEW
    mining = drawn(build_chart(snapshot, "completion-by-region", Selection(themes=("mining",))))
    assert any("no actions" in label for label in mining["layout"]["yaxis2"]["ticktext"])
    assert not any("0% · 0/0" in label for label in mining["layout"]["yaxis2"]["ticktext"])


def test_segments_add_up_to_all_actions_and_carry_their_counts(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "status-overview", Selection())
    figure = drawn(chart)
    segments = bars(figure)
    assert [trace["name"] for trace in segments] == [chart.words[f"status_{status}"] for status in STATUS_COLUMNS]
    for place, size in enumerate(chart.drawn["actions"]):
        assert sum(trace["x"][place] for trace in segments) == pytest.approx(1, abs=1e-3)
        assert sum(int(trace["text"][place] or 0) for trace in segments) == size
    key = figure["layout"]["title"]["text"]
    assert all(trace["name"] in key and trace["marker"]["color"] in key for trace in segments)


def test_a_status_that_does_not_occur_is_not_in_the_key(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "status-overview", Selection(statuses=("completed",)))
    figure = drawn(chart)
    assert [trace["name"] for trace in bars(figure)] == ["Completed"]


def test_the_curve_shows_each_day_the_deadline_and_what_each_line_is(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-over-time", Selection())
    figure = drawn(chart)
    upper, completed, elapsed = figure["data"]
    assert completed["x0"] == "2021-01-01"
    assert completed["y"] == pytest.approx(chart.frame["completion_rate"].tolist(), abs=1e-4)
    assert upper["y"] == pytest.approx(chart.frame["upper_bound"].tolist(), abs=1e-4)
    assert elapsed["y"] == pytest.approx(chart.frame["elapsed"].tolist(), abs=1e-4)
    assert completed["text"][-1] == "50% · 20/40"
    assert figure["layout"]["shapes"][0]["x0"] == "2021-12-30"
    texts = " ".join(note["text"] for note in figure["layout"]["annotations"])
    assert "Deadline: 30 December 2021" in texts
    assert "Completed<br><b>50%</b>" in texts
    assert "At most<br><b>78%</b>" in texts
    assert "Time elapsed<br><b>100%</b>" in texts


@pytest.mark.parametrize("day", [date(2021, 2, 1), date(2021, 6, 25), date(2021, 9, 15), date(2021, 12, 31)])
def test_the_names_of_the_lines_do_not_overlap(day: date, snapshot: Snapshot) -> None:
    figure = drawn(build_chart(snapshot, "completion-over-time", Selection(as_of=day)))
    ends = [note["y"] for note in figure["layout"]["annotations"] if note["x"] == day.isoformat()]
    plot = figure["layout"]["height"] - figure["layout"]["margin"]["t"] - figure["layout"]["margin"]["b"]
    for one, other in combinations(ends, 2):
        assert abs(one - other) * plot >= 2 * theme.FONT_SIZE


def test_cells_give_the_rate_and_completed_of_actions_and_few_are_grey(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "region-by-theme", Selection())
    figure = drawn(chart)
    shown = {
        (row, column): (text, trace["z"][row][column], trace["textfont"]["color"])
        for trace in figure["data"]
        for row, texts in enumerate(trace["text"])
        for column, text in enumerate(texts)
        if text
    }
    assert len(shown) == len(chart.frame)
    rows = list(dict.fromkeys(chart.frame["code"]))
    columns = [code for code, _ in chart.columns]
    for cell in chart.frame.to_dict("records"):
        text, z, colour = shown[rows.index(cell["code"]), columns.index(cell["column_code"])]
        rate = "" if cell["is_few"] else f"{format_percent(cell['completed'], cell['actions'], 'en')}<br>"
        assert text == f"{rate}{cell['completed']}/{cell['actions']}"
        assert z == pytest.approx(cell["completion_rate"], abs=1e-4)
        assert (colour == theme.MUTED) == (cell["actions"] < 5)


def test_an_empty_selection_is_a_sentence_and_so_is_a_dimension_nobody_states(snapshot: Snapshot) -> None:
    for chart_id in CATALOGUE:
        figure = drawn(build_chart(snapshot, chart_id, NOTHING))
        assert figure["data"] == []
        assert figure["layout"]["annotations"][0]["text"] == "No action is in this selection."
    global_only = build_chart(snapshot, "completion-by-country", Selection(regions=("global",)))
    assert global_only.total.actions == 4
    assert drawn(global_only)["layout"]["annotations"][0]["text"] == "Not stated by any action in this selection."


def test_names_from_codelists_are_no_markup(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    africa = snapshot.codes["regions"]["africa"]
    monkeypatch.setitem(africa.labels, "en", "<b>A&B</b> d'Ivoire")
    figure = drawn(build_chart(snapshot, "completion-by-region", Selection()))
    assert figure["layout"]["yaxis"]["ticktext"][0] == "&lt;b&gt;A&amp;B&lt;/b&gt; d'Ivoire"
    assert "&lt;b&gt;A&amp;B" in bars(figure)[0]["customdata"][0]


def test_text_can_be_read_on_every_fill() -> None:
    for ink in theme.STATUS_INKS.values():
        assert theme.contrast(ink.fill, ink.text) >= READABLE
    for colour in (theme.TEXT, theme.MUTED, theme.ELAPSED, theme.COMPLETED, theme.REPORTED):
        assert theme.contrast(colour, theme.PAPER) >= READABLE
    assert theme.contrast(theme.MUTED, theme.EMPTY_CELL) >= READABLE
    assert theme.contrast(theme.TEXT, theme.POSSIBLE) >= READABLE
    assert all(theme.contrast(theme.TEXT, shade) >= READABLE for shade, _ in theme.PALE_SHADES)
    assert all(theme.contrast(theme.PAPER, shade) >= READABLE for shade, _ in theme.DARK_SHADES)


@pytest.mark.parametrize("inks", [theme.STATUS_INKS, theme.DARK_STATUS_INKS], ids=["light", "dark"])
def test_any_two_segments_differ_for_readers_who_see_no_colour(inks: dict[str, theme.Ink]) -> None:
    for one, other in combinations([ink.fill for ink in inks.values()], 2):
        assert theme.contrast(one, other) >= 1.4, (one, other)


def test_of_few_actions_a_grid_writes_counts_where_others_give_way_to_rates(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "region-by-theme", Selection())
    place = chart.frame.index[~chart.frame["is_few"]][0]
    chart.frame.loc[place, ["actions", "completed", "completion_rate"]] = [100_000, 25_000, 0.25]
    few = {f"{row.completed}/{row.actions}" for row in chart.frame[chart.frame["is_few"]].itertuples()}
    figure = json.loads(draw(chart).to_json())
    texts = {text for trace in figure["data"] for row in trace["text"] for text in row}
    native = {cell.text for row in grid_of(chart).cells for cell in row}
    for written in (texts, native):
        assert "25%" in written
        assert {text for text in written if "/" in text} == few


@pytest.mark.parametrize("chart_id", CATALOGUE)
def test_on_a_dark_ground_every_colour_is_a_dark_one_and_the_rest_stays(chart_id: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection())
    light, before = draw(chart), draw(chart).to_json()
    dark = darken(light, chart.spec.kind)
    assert light.to_json() == before
    left = set(re.findall(r"#[0-9A-F]{6}", str(dark.to_json())))
    assert dark.layout["paper_bgcolor"] == theme.DARK["paper"]
    scale = {colour for colour, _ in theme.PALE_SHADES + theme.DARK_SHADES}
    assert not left & ((set(LIGHT.values()) | scale) - set(DARK.values()) - set(theme.DARK.values()))
    without_colours = [re.sub(r"#[0-9A-Fa-f]{6}", "#", text) for text in (before, str(dark.to_json()))]
    assert without_colours[0] == without_colours[1]
    for trace in dark.data:
        if "insidetextfont" in trace and isinstance(trace["marker"]["color"], str) and chart.spec.kind == "statuses":
            assert theme.contrast(trace["insidetextfont"]["color"], trace["marker"]["color"]) >= READABLE
