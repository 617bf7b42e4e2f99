"""A reader's choices of charts: a mark, sort, measure, one of several charts, the large view; the link keeps all."""

import json
import re

import pytest
import streamlit as st

from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.charts.plotly.draw import TOOL_WORDS
from dashboard.i18n import translator
from dashboard.paths import find_package
from dashboard.snapshot.selection import Selection
from dashboard.ui.explore import make_model
from dashboard.ui.pieces.chart_marks import NARROW, WIDE, draw
from tests.app.conftest import (
    assert_drawn,
    bodies,
    choose,
    chosen,
    drawings,
    elements,
    file_links,
    kept_query,
    page_links,
    pills,
    press,
    switch,
    tell,
    text_of,
)

AFRICA = "region:africa"
REGIONS, STATUSES = "completion-by-region", "status-overview"


def expected(snapshot, chart_id: str, selection: Selection, **options: str) -> str:
    """Return the drawing of a chart as the page should show it."""
    return draw(build_chart(snapshot, chart_id, selection, Options(**options, peers=True)), "wide").svg


def test_a_mark_filters_the_page_and_each_chart_keeps_its_own_sort_and_measure_in_the_link(open_page, snapshot):
    """The effect of clicks and choices on the link, links to charts: `test_chart_marks.py`, `test_chart_card.py`."""
    app = choose(open_page("regions", theme="education", lang="fr"), REGIONS, AFRICA)
    assert kept_query(app) == {"region": ["africa"], "theme": ["education"], "lang": ["fr"]}
    assert chosen(app) == ["africa"]
    assert all(drawing["chosen"] == [AFRICA, "theme:education"] for drawing in drawings(app).values())
    choose(app, REGIONS, "region:americas", is_added=True)
    app.menu_button(key=f"sort-{REGIONS}").click("name").run()
    app.menu_button(key=f"sort-{STATUSES}").click("rate")
    app.menu_button(key=f"measure-{REGIONS}").click("reporting").run()
    link = {"sort": [f"{REGIONS}:name,{STATUSES}:rate"], "measure": [f"{REGIONS}:reporting"], "theme": ["education"]}
    assert kept_query(app) == link | {"region": ["africa", "americas"], "lang": ["fr"]}
    again = open_page("regions", **kept_query(app))  # as after a reload
    selection = Selection(regions=("africa", "americas"), themes=("education",), lang="fr")
    for shown in (drawings(app), drawings(again)):
        assert shown[REGIONS]["svg"] == expected(snapshot, REGIONS, selection, sort="name", measure="reporting")
        assert shown[STATUSES]["svg"] == expected(snapshot, STATUSES, selection, sort="rate")


def test_a_drawing_is_sent_in_the_form_that_fits_its_place_alone(open_page, monkeypatch):
    """Room is kept for the other form as long as the browser may ask for it at once."""
    app = open_page("regions")
    assert read_forms(app) == {("wide", WIDE)}
    assert bodies_of_styles(app).count("@container (max-width:599px)") == len(drawings(app))
    tell(app, REGIONS, "form", "round")
    assert read_forms(app) == {("wide", WIDE)}
    tell(app, REGIONS, "form", "narrow")
    assert read_forms(app) == {("narrow", NARROW), ("wide", WIDE)}
    assert drawings(app)[REGIONS]["form"] == "narrow"
    assert "@container" not in bodies_of_styles(app)
    switch(app, "themes")  # with charts that have not been drawn yet
    assert read_forms(app) == {("narrow", NARROW)}
    monkeypatch.setattr(type(st.context), "headers", {"User-Agent": "Mozilla/5.0 (Android 16; Mobile; rv:150.0)"})
    assert read_forms(open_page("themes")) == {("narrow", NARROW)}


def read_forms(app) -> set[tuple[str, int]]:
    """Read the forms of a page's drawings, and the widths that they are drawn for."""
    return {(one["form"], int(re.findall(r"0 0 (\d+) ", one["svg"])[0])) for one in drawings(app).values()}


def bodies_of_styles(app) -> str:
    """Return the styles of the places of drawings."""
    return "".join(html.proto.body for html in elements(app, "html") if "min-height:calc" in html.proto.body)


@pytest.mark.nightly
def test_one_of_more_charts_and_the_large_view_are_kept_in_the_link_and_plotly_is_loaded_only_then(open_page):
    app = open_page("regions", lang="fr")
    assert "reporting-by-region" in drawings(app)
    assert not app.get("plotly_chart")
    pills(app, "choice-regions").set_value("over-time-by-region").run()
    assert kept_query(app) == {"lang": ["fr"], "chart": ["over-time-by-region"]}
    press(app, f"large-{REGIONS}")
    assert kept_query(app)["large"] == [REGIONS]
    assert "over-time-by-region" in drawings(app)
    figures_and_files_are_made_when_they_are_opened(app)
    [figure] = elements(app, "plotly_chart")
    assert '"displayModeBar": true' in figure.proto.config and figure.proto.alt
    config = json.loads(figure.proto.config)
    words = config["locales"][config["locale"]]["dictionary"]
    assert words["Zoom in"] == "Zoom avant"
    assert all(word != said for word, said in words.items() if word not in ("Zoom", "Pan"))


def figures_and_files_are_made_when_they_are_opened(app) -> None:
    """The content behind the two buttons of a card; its model: `test_chart_card.py`."""
    assert f'data-chart="{REGIONS}"' not in bodies(app)
    before = len(app.code)
    app.session_state[f"figures-{REGIONS}"] = app.session_state[f"share-{STATUSES}"] = True
    app.run()
    assert f'data-chart="{REGIONS}"' in bodies(app) and f'data-chart="{STATUSES}"' not in bodies(app)
    assert len(app.code) == before + 2
    assert f"share-{STATUSES}-files-png" in file_links(app) and f"share-{REGIONS}-files-png" not in file_links(app)


def test_plotlys_words_are_as_this_plotly_writes_them():
    script = (find_package("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    assert [word for word in TOOL_WORDS if f'"{word}"' not in script] == []


def test_choices_that_are_not_offered_are_said_and_the_page_shows_its_own(open_page):
    """Each by itself: the models of cards and of pages of one dimension."""
    stated = {"sort": f"{REGIONS}:size", "measure": f"{STATUSES}:pace", "chart": "completion-by-planet"}
    app = open_page("regions", lang="en", **stated)
    assert len(app.warning) == len(stated)
    warned = " ".join(warning.value for warning in app.warning)
    assert all(named in warned for named in ("sort=size", "measure=pace", "completion-by-planet"))
    assert set(drawings(app)) >= {REGIONS, STATUSES}


def test_choices_on_the_page_explore_change_its_chart_and_the_link(open_page, snapshot):
    app = open_page("explore", by="region", **{"and": "subregion"})
    assert "and=subregion" in text_of(app)
    app.selectbox(key="explore-by").select("country").run()
    app.selectbox(key="explore-as").select("tiles")
    app.selectbox(key="explore-measure").select("pace").run()
    assert kept_query(app) == {"lang": ["en"], "by": ["country"], "measure": ["pace"], "as": ["tiles"]}
    assert "Pace by country, as tiles" in text_of(app)
    assert set(drawings(app)) == {"explore"}
    parameters = {"by": "country", "measure": "pace", "as": "tiles"}
    shown = make_model(snapshot, Selection(), translator("en"), parameters)
    assert_drawn(app, (shown.line, [(choice.label, choice.offered) for choice in shown.choices]))
    app.session_state["share-explore"] = True
    app.run()
    [link] = [one for one in page_links(app)["briefing"] if one.get("chart")]
    assert link == kept_query(app) | {"chart": ["explore"]}
    app.query_params["q"] = "no such words anywhere"
    app.run()
    assert not drawings(app)
