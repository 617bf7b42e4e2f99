"""What a reader chooses of charts: sort, measure, which of several, the large view; each is kept in the link."""

import json

import pytest

from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.charts.plotly.draw import TOOL_WORDS
from dashboard.measures import register
from dashboard.paths import find_package
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces.chart_marks import draw
from tests.app.conftest import choose, drawings, elements, kept_query, list_ids, list_lines

REGIONS, STATUSES = "completion-by-region", "status-overview"


def open_link(open_page, page_id: str, **query: str | list[str]):
    """A page as a link opens it: the page stands already, since the first page of a run takes the same parameters."""
    app = open_page(page_id)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def expected(snapshot, chart_id: str, selection: Selection, **options: str) -> str:
    """The drawing of a chart as the page should show it."""
    return draw(build_chart(snapshot, chart_id, selection, Options(**options, peers=True))).wide


def test_each_chart_keeps_its_own_sort_and_measure_in_the_link(open_page, snapshot):
    app = open_page("regions", region=["africa", "americas", "arab_states"], lang="fr")
    selection = Selection(regions=("africa", "americas", "arab_states"), lang="fr")
    app.menu_button(key=f"sort-{REGIONS}").click("name").run()
    app.menu_button(key=f"sort-{STATUSES}").click("rate").run()
    app.menu_button(key=f"measure-{REGIONS}").click("reporting").run()
    assert not app.exception
    link = kept_query(app)
    assert link["sort"] == [f"{REGIONS}:name,{STATUSES}:rate"]
    assert link["measure"] == [f"{REGIONS}:reporting"]
    again = open_link(open_page, "regions", **link)  # as after a reload
    for shown in (drawings(app), drawings(again)):
        assert shown[REGIONS]["wide"] == expected(snapshot, REGIONS, selection, sort="name", measure="reporting")
        assert shown[STATUSES]["wide"] == expected(snapshot, STATUSES, selection, sort="rate")
    app = choose(again, REGIONS, "region:africa", is_added=True)  # a filter leaves the choices alone
    assert kept_query(app) == link | {"region": ["americas", "arab_states"]}
    app.menu_button(key=f"sort-{REGIONS}").click("codelist").run()  # its own order is left out of the link
    assert kept_query(app)["sort"] == [f"{STATUSES}:rate"]


def test_the_chosen_one_of_more_charts_is_kept_in_the_link(open_page):
    app = open_page("regions", lang="en")
    assert "completion-by-subregion" in drawings(app)
    [more] = [group for group in app.get("button_group") if group.key == "choice-regions"]
    more.set_value("over-time-by-region").run()
    assert kept_query(app) == {"lang": ["en"], "chart": ["over-time-by-region"]}
    assert "over-time-by-region" in drawings(open_link(open_page, "regions", **kept_query(app)))


def test_the_large_view_is_opened_by_the_link_and_loads_plotly_only_then(open_page):
    app = open_page("regions", lang="en")
    assert not app.get("plotly_chart")
    app.button(key=f"large-{REGIONS}").click().run()
    assert kept_query(app)["large"] == [REGIONS]
    for opened in (app, open_link(open_page, "regions", large=REGIONS)):
        assert not opened.exception
        [figure] = elements(opened, "plotly_chart")
        assert '"displayModeBar": true' in figure.proto.config
        assert figure.proto.alt


def test_plotlys_tools_speak_the_readers_language(open_page):
    app = open_link(open_page, "regions", large=REGIONS, lang="fr")
    [figure] = elements(app, "plotly_chart")
    config = json.loads(figure.proto.config)
    words = config["locales"][config["locale"]]["dictionary"]
    assert words["Zoom in"] == "Zoom avant"
    assert all(word != said for word, said in words.items() if word not in ("Zoom", "Pan"))
    script = (find_package("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    assert [word for word in TOOL_WORDS if f'"{word}"' not in script] == []  # they are as this Plotly writes them


@pytest.mark.parametrize("page_id", ["overview", "regions", "categories", "themes", "groups", "country"])
def test_every_page_of_charts_takes_what_its_cards_write_into_the_link(open_page, page_id):
    app = open_page(page_id, country="GHA", lang="en")
    large = next(button for button in app.button if (button.key or "").startswith("large-"))
    large.click().run()
    again = open_link(open_page, page_id, **kept_query(app))
    for shown in (app, again):
        assert not shown.exception
        assert not shown.error
        assert kept_query(shown)["large"] == [large.key.removeprefix("large-")]


@pytest.mark.parametrize(
    ("page_id", "query", "named"),
    [
        ("regions", {"sort": f"{REGIONS}:size"}, "sort"),
        ("regions", {"measure": f"{STATUSES}:pace"}, "measure"),
        ("regions", {"chart": "completion-by-planet"}, "completion-by-planet"),
        ("actions", {"sort": "colour"}, "colour"),
        ("actions", {"order": "up"}, "up"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_choice_that_is_not_offered_is_said_and_the_page_shows_its_own(open_page, page_id, query, named):
    app = open_link(open_page, page_id, **query)
    assert not app.exception
    [warning] = app.warning
    assert named in warning.value
    assert drawings(app) or list_lines(app)


def test_the_registers_order_is_kept_in_the_link(open_page, snapshot):
    app = open_page("actions", lang="en")
    app.selectbox(key="register-sort").set_value("title").run()
    app.toggle(key="register-descending").set_value(True).run()
    assert kept_query(app) == {"lang": ["en"], "sort": ["title"], "order": ["desc"]}
    again = open_link(open_page, "actions", **kept_query(app))
    first = register.page(snapshot, Selection(), sort="title", descending=True)["action_id"].tolist()
    assert list_ids(again) == first
