"""The page Explore is drawn as its model says, and its choices are its link."""

from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.explore.model import make_model
from tests.app.conftest import assert_drawn, drawings, kept_query, page_links, text_of


def test_choices_change_the_chart_and_the_link(open_page, snapshot):
    app = open_page("explore", by="region", **{"and": "subregion"})
    assert "and=subregion" in text_of(app)
    app.selectbox(key="explore-by").select("country").run()
    app.selectbox(key="explore-as").select("tiles").run()
    app.selectbox(key="explore-measure").select("pace").run()
    assert kept_query(app) == {"lang": ["en"], "by": ["country"], "measure": ["pace"], "as": ["tiles"]}
    assert "Pace by country, as tiles" in text_of(app)
    assert set(drawings(app)) == {"explore"}
    parameters = {"by": "country", "measure": "pace", "as": "tiles"}
    shown = make_model(snapshot, Selection(), translator("en"), parameters)
    assert_drawn(app, (shown.line, [(choice.label, choice.offered) for choice in shown.choices], shown.card.use))
    [link] = [one for one in page_links(app)["briefing"] if one.get("chart")]
    assert link == kept_query(app) | {"chart": ["explore"]}
    app.text_input(key="filter-q").set_value("no such words anywhere").run()
    assert not drawings(app)
