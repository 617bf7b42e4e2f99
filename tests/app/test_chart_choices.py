"""What a reader chooses of charts: sort, measure, which of several, the large view; each is kept in the link."""

import json

from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.charts.plotly.draw import TOOL_WORDS
from dashboard.measures import register
from dashboard.paths import find_package
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces.chart_marks import draw
from tests.app.conftest import choose, drawings, elements, kept_query, list_ids, list_lines

REGIONS, STATUSES = "completion-by-region", "status-overview"


def expected(snapshot, chart_id: str, selection: Selection, **options: str) -> str:
    """The drawing of a chart as the page should show it."""
    return draw(build_chart(snapshot, chart_id, selection, Options(**options, peers=True))).wide


def test_each_chart_keeps_its_own_sort_and_measure_in_the_link(open_page, snapshot):
    """What a choice does to the link, and what the link chooses: `tests/dashboard/ui/pieces/test_chart_card.py`."""
    app = open_page("regions", region=["africa", "americas", "arab_states"], lang="fr")
    selection = Selection(regions=("africa", "americas", "arab_states"), lang="fr")
    app.menu_button(key=f"sort-{REGIONS}").click("name").run()
    app.menu_button(key=f"sort-{STATUSES}").click("rate").run()
    app.menu_button(key=f"measure-{REGIONS}").click("reporting").run()
    assert not app.exception
    link = kept_query(app)
    assert link["sort"] == [f"{REGIONS}:name,{STATUSES}:rate"]
    assert link["measure"] == [f"{REGIONS}:reporting"]
    again = open_page("regions", **link)  # as after a reload
    for shown in (drawings(app), drawings(again)):
        assert shown[REGIONS]["wide"] == expected(snapshot, REGIONS, selection, sort="name", measure="reporting")
        assert shown[STATUSES]["wide"] == expected(snapshot, STATUSES, selection, sort="rate")
    app = choose(again, REGIONS, "region:africa", is_added=True)  # a filter leaves the choices alone
    assert kept_query(app) == link | {"region": ["americas", "arab_states"]}
    app.menu_button(key=f"sort-{REGIONS}").click("codelist").run()  # its own order is left out of the link
    assert kept_query(app)["sort"] == [f"{STATUSES}:rate"]


def test_one_of_more_charts_and_the_large_view_are_kept_in_the_link_and_plotly_is_loaded_only_then(open_page):
    app = open_page("regions", lang="fr")
    assert "completion-by-subregion" in drawings(app)
    assert not app.get("plotly_chart")
    [more] = [group for group in app.get("button_group") if group.key == "choice-regions"]
    more.set_value("completion-tiles").run()
    assert kept_query(app) == {"lang": ["fr"], "chart": ["completion-tiles"]}
    assert "completion-tiles" in drawings(app)
    app.button(key=f"large-{REGIONS}").click().run()
    assert kept_query(app)["large"] == [REGIONS]
    again = open_page("regions", **kept_query(app))
    assert "completion-tiles" in drawings(again)
    for opened in (app, again):
        assert not opened.exception
        [figure] = elements(opened, "plotly_chart")
        assert '"displayModeBar": true' in figure.proto.config
        assert figure.proto.alt
    config = json.loads(figure.proto.config)
    words = config["locales"][config["locale"]]["dictionary"]
    assert words["Zoom in"] == "Zoom avant"
    assert all(word != said for word, said in words.items() if word not in ("Zoom", "Pan"))


def test_plotlys_words_are_as_this_plotly_writes_them():
    script = (find_package("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    assert [word for word in TOOL_WORDS if f'"{word}"' not in script] == []


def test_choices_that_are_not_offered_are_said_and_the_page_shows_its_own(open_page):
    """Each by itself, in every language: the models of cards, of pages of one dimension and of the page Actions."""
    stated = {"sort": f"{REGIONS}:size", "measure": f"{STATUSES}:pace", "chart": "completion-by-planet"}
    app = open_page("regions", lang="en", **stated)
    assert not app.exception
    assert len(app.warning) == len(stated)
    warned = " ".join(warning.value for warning in app.warning)
    assert all(named in warned for named in ("sort=size", "measure=pace", "completion-by-planet"))
    assert set(drawings(app)) >= {REGIONS, STATUSES}
    app = open_page("actions", lang="en", sort="colour", order="up")
    assert not app.exception
    assert [named for named in ("colour", "up") for warning in app.warning if named in warning.value] == [
        "colour",
        "up",
    ]
    assert list_lines(app)


def test_the_registers_order_is_kept_in_the_link(open_page, snapshot):
    app = open_page("actions", lang="en")
    app.selectbox(key="register-sort").set_value("title").run()
    app.toggle(key="register-descending").set_value(True).run()
    assert kept_query(app) == {"lang": ["en"], "sort": ["title"], "order": ["desc"]}
    again = open_page("actions", **kept_query(app))
    first = register.page(snapshot, Selection(), sort="title", descending=True)["action_id"].tolist()
    assert list_ids(again) == first
