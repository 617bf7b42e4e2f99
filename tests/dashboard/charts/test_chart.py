"""Charts: the values and the words that one shows, and those of small multiples on their axes."""

import json
import re
from datetime import date, timedelta
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from dashboard import theme
from dashboard.charts.captions import name_sources
from dashboard.charts.catalogue import CATALOGUE, MOST_MARKS, PLAIN
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.options import EXPLORE, Options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.plotly.parts import wrapped
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError
from dashboard.files.briefings.series import grid_of
from dashboard.i18n import translator
from dashboard.measures import counts
from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.paths import PROJECT
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which

NAMED_IN_DESIGN = {
    *(f"completion-by-{members}" for members in ("region", "country", "category", "theme", "group")),
    "completion-over-time", "reporting-by-region", "region-by-theme", "status-overview",
}  # fmt: skip
CSV_COLUMNS = ["code", "label", "actions", "reported", "completed", "completion_rate", "reporting_rate", "upper_bound"]
NOTHING = Selection(regions=("global",), countries=("GHA",))


def notes(chart: Chart) -> str:
    return " ".join(chart.caption.notes)


def test_the_catalogue_has_the_public_ids_each_is_explained_and_others_are_refused(snapshot: Snapshot) -> None:
    assert set(CATALOGUE) >= NAMED_IN_DESIGN
    for chart_id, spec in CATALOGUE.items():
        assert spec.id == chart_id
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", chart_id)
        assert all(measure in DEFINITIONS for measure in spec.measures)
    text = (PROJECT / "docs" / "links-and-charts.md").read_text(encoding="utf-8")
    text = text.partition("\n## The charts\n")[2].partition("\n### ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)) == {*PLAIN, "explore", "survey-answers"}
    with pytest.raises(SelectionError, match="completion-by-region") as refused:
        build_chart(snapshot, "completion-by-moon", Selection())
    assert refused.value.allowed == (*PLAIN, "explore", "survey-answers")


@pytest.mark.parametrize(
    ("chart_id", "lang"),
    of_which(list(product(CATALOGUE, ("en", "fr", "es"))), lambda place, _: place % 3 == place // 3 % 3),  # one a chart
)
def test_every_chart_has_values_words_and_tables_in_every_language(chart_id: str, lang: str, snapshot) -> None:
    for selection in (Selection(lang=lang, regions=("africa",)), NOTHING):
        chart = build_chart(snapshot, chart_id, selection)
        assert list(chart.data().columns[: len(CSV_COLUMNS)]) == CSV_COLUMNS or chart.spec.kind == "grid"
        assert set(CSV_COLUMNS) <= set(chart.data().columns)
        table = chart.table()
        assert table.columns.is_unique
        assert len(table) == len(chart.frame) or chart.spec.kind in ("grid", "curve", "multiples")
        assert chart.caption.as_of
        assert chart.title in chart.alt
        if chart.total.actions:
            finding, summary = chart.caption.finding, chart.caption.summary  # after a colon it begins small
            assert 0 < chart.alt.index(finding) < chart.alt.index(summary[1:])
        assert bool(chart.caption.files_line) == bool(chart.total.actions)
        words = [word for name, word in chart.words.items() if name not in ("pair", "first_drawn", "up_to", "all_at")]
        assert chart.words["pair"].format(name="a", value="b").replace("\u00a0", "").replace(" ", "") == "a:b"
        assert all(word and "{" not in word for word in (*words, *chart.caption.notes, chart.alt))


def test_the_caption_states_sum_selection_day_definitions_and_up_to_three_sources(snapshot: Snapshot) -> None:
    selection = Selection(regions=("africa",), themes=("education", "mining"), as_of=date(2021, 11, 30))
    caption = build_chart(snapshot, "completion-by-category", selection).caption
    total = headline(snapshot, selection)
    assert caption.summary.startswith(f"{total.completed} of {total.actions} actions completed")
    themes = ("Theme", "Education, Mining")
    assert caption.selection == (("Region", "Africa"), themes, ("As of", "30 November 2021"))
    assert caption.as_of == "30 November 2021"
    assert caption.sources == total.source_files
    assert caption.files_line.startswith(f"Files: “{total.source_files[0]}”")
    source = "Source: Sample Secretariat, Fixture campaign · data of 30 November 2021 · CC BY 4.0"
    assert caption.source_line == source
    assert caption.definitions[0] == (DEFINITIONS["completion_rate"].name, DEFINITIONS["completion_rate"].sentence)
    say = translator("en").say
    assert say(name_sources(["a.csv"])) == "“a.csv”"
    assert say(name_sources(["a.csv", "b.csv", "c.csv"])) == "“a.csv”, “b.csv”, “c.csv”"
    assert say(name_sources(["a.csv", "b.csv", "c.csv", "d.csv"])) == "“a.csv”, “b.csv”, “c.csv” and 1 more file"
    assert say(name_sources(list("abcdefg"))) == "“a”, “b”, “c” and 4 more files"


def test_notes_say_where_parts_do_not_add_up_and_of_what_is_unknown_few_or_stray(snapshot: Snapshot) -> None:
    def notes_of(chart_id: str, day: date | None = None, **filters: Any) -> str:
        return notes(build_chart(snapshot, chart_id, Selection(as_of=day, **filters)))

    themes = build_chart(snapshot, "completion-by-theme", Selection())
    parts = int(themes.frame["actions"].sum())
    assert parts > themes.total.actions
    assert f"add up to {parts}, the total is {themes.total.actions}" in notes(themes)
    assert "add up" not in notes_of("completion-by-category")
    regions = notes_of("completion-by-region")
    for note in ("The data is fictional.", "fewer than 5 actions", "2 reports match no action"):
        assert note in regions
    assert "match no action" not in notes_of("completion-by-category", date(2021, 2, 1))
    unknown, africa = "The latest report of 1 action states no status", {"regions": ("africa",)}
    assert unknown in notes_of("completion-by-theme", date(2021, 12, 31), **africa)
    assert unknown in notes_of("completion-over-time", date(2021, 7, 31), **africa)
    assert "states no status" not in notes_of("completion-by-theme", date(2021, 7, 1), **africa)
    assert "states no status" not in notes_of("reporting-by-region", date(2021, 12, 31), **africa)


@pytest.mark.parametrize("chart_id", ["completion-over-time", "over-time-by-region"])
def test_days_after_the_last_known_one_are_drawn_as_not_yet_known(snapshot: Snapshot, chart_id: str) -> None:
    later, last = snapshot.last_date + timedelta(days=200), snapshot.last_date
    now, chart = (build_chart(snapshot, chart_id, Selection(as_of=day)) for day in (None, later))
    assert chart.frame["on_date"].max().date() == last
    assert chart.frame.drop(columns="on_date").equals(now.frame.drop(columns="on_date"))
    assert "Nothing is known yet about the days after" in notes(chart)
    assert "not yet" not in notes(now) and chart.caption.source_line == now.caption.source_line
    svg, before = (draw_svg(one, "slide") for one in (chart, now))
    is_one = chart_id == "completion-over-time"
    assert svg.count("<rect") - before.count("<rect") == (1 if is_one else chart.frame["code"].nunique())
    assert ("Not yet known" in svg) == is_one  # panels have no room
    assert json.loads(draw(chart).to_json())["data"] == json.loads(draw(now).to_json())["data"]


def test_a_long_list_is_cut_in_the_picture_and_the_caption_says_so(snapshot: Snapshot, monkeypatch) -> None:
    many = pd.DataFrame({"code": [f"C{n:02}" for n in range(MOST_MARKS + 7)]})
    few = by_dimension(snapshot, Selection(), "country").iloc[[0] * len(many)].reset_index(drop=True)
    codes = {code: next(iter(snapshot.codes["countries"].values())) for code in many["code"]}
    monkeypatch.setitem(snapshot.codes, "countries", codes)
    monkeypatch.setattr(counts, "by_dimension", lambda *_: few.assign(code=many["code"]))
    chart = build_chart(snapshot, "completion-by-country", Selection())
    assert len(chart.frame) == len(chart.table()) == MOST_MARKS + 7
    assert len(chart.drawn) == MOST_MARKS
    assert f"The first {MOST_MARKS} of {MOST_MARKS + 7} by the measure “Completion rate” are drawn" in notes(chart)


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("kind", ["grid", "multiples"])
def test_a_grid_and_panels_draw_so_many_members_and_say_so(snapshot: Snapshot, monkeypatch, kind: str) -> None:
    options = Options(by="theme", second="category" if kind == "grid" else "", form=kind)
    whole = build_chart(snapshot, EXPLORE, Selection(), options)
    monkeypatch.setattr("dashboard.charts.chart.MOST_MARKS", 3)
    monkeypatch.setattr("dashboard.charts.chart_notes.MOST_MARKS", 3)
    chart = build_chart(snapshot, EXPLORE, Selection(), options)
    assert len(chart.cells().rows) == len(whole.cells().rows), "the table has them all"
    first, members = list(dict.fromkeys(chart.frame["label"])), chart.frame["code"].nunique()
    assert members > 3 and f"The first 3 of {members} " in notes(chart)
    figure = draw(chart)
    if kind == "grid":
        assert list(figure["layout"]["yaxis"]["ticktext"]) == [wrapped(label, 16) for label in first[:3]]
        assert len(figure["layout"]["xaxis"]["ticktext"]) == 3 < len(chart.columns)
        assert f"The first 3 of {len(chart.columns)} columns are drawn" in notes(chart)
        assert len(grid_of(chart.shortened).rows) == 3
    else:
        assert {name for name in figure["layout"] if name.startswith("xaxis")} == {"xaxis", "xaxis2", "xaxis3"}
    svg, codes = draw_svg(chart, "slide"), list(dict.fromkeys(chart.frame["code"]))
    assert [f'"{code}"' in svg for code in codes[:4]] == [True, True, True, False]


def multiples(snapshot: Snapshot, **filters: Any) -> Chart:
    return build_chart(snapshot, "over-time-by-region", Selection(**filters))


def panels(svg: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314  (the program's own picture)
    return {str(group.get("data-code")): group for group in root.iter(f"{SVG}g") if group.get("data-code")}


def test_all_panels_have_the_same_axes_and_few_actions_are_faded_and_show_no_rate(snapshot: Snapshot) -> None:
    chart = multiples(snapshot)
    layout = json.loads(draw(chart).to_json())["layout"]
    names = [f"{axis}axis{number or ''}" for axis in "xy" for number in (0, *range(2, len(chart.blocks) + 1))]
    assert len({tuple(layout[name]["range"]) for name in names}) == 2
    assert len(layout["shapes"]) == len(chart.blocks)
    chart = multiples(snapshot, themes=("mining",))
    actions = dict(zip(chart.blocks["code"], chart.blocks["actions"].tolist(), strict=True))
    assert 0 < actions["africa"] < 5
    assert actions["global"] == 0
    figure = json.loads(draw(chart).to_json())
    axis = f"x{chart.blocks['code'].tolist().index('africa') + 1}".removesuffix("1")
    _, lower, _ = (trace for trace in figure["data"] if trace["xaxis"] == axis)
    assert lower["line"]["color"] == theme.COMPLETED_FEW
    assert not any(note["text"].endswith("%</b>") for note in figure["layout"]["annotations"])
    svg = draw_svg(chart)
    found = panels(svg)
    assert "no actions" in [text.text for text in found["global"].iter(f"{SVG}text")]
    assert not list(found["global"].iter(f"{SVG}path"))
    assert any(group.get("opacity") for group in found["africa"].iter(f"{SVG}g"))
    assert "fewer than 5 actions" in " ".join(chart.caption.notes)


@pytest.mark.parametrize("size", [360, 680, *SIZES])
def test_the_panels_of_a_picture_lie_inside_its_edges(size: str | int, snapshot: Snapshot) -> None:
    chart = multiples(snapshot, lang="fr")
    svg = draw_svg(chart, size) if isinstance(size, str) else draw_svg(chart, width=size)
    found = panels(svg)
    assert list(found) == chart.blocks["code"].tolist()
    root = ElementTree.fromstring(svg)  # noqa: S314  (the program's own picture)
    _, _, width, height = (float(number) for number in str(root.get("viewBox")).split())
    hits = [rect for panel in found.values() for rect in panel.findall(f"{SVG}rect")]
    boxes = [tuple(float(rect.get(name, "0")) for name in ("x", "y", "width", "height")) for rect in hits]
    assert max(float(text.get("y", "0")) for text in root.iter(f"{SVG}text")) < height
    for x, y, wide, high in boxes:
        assert 0 <= x <= x + wide <= width + 0.5
        assert y + high <= height and high > 60
    if isinstance(size, str):
        below = min(float(line.get("y1", "0")) for line in root.findall(f"{SVG}line"))
        assert max(y + high for _, y, _, high in boxes) <= below + 1
