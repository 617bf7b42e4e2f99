"""The page Explore: its choices are its link, and what one of them no longer allows is dropped."""

from tests.app.conftest import drawings, kept_query, page_links, text_of


def test_choices_change_the_chart_and_the_link(open_page):
    app = open_page("explore")
    assert "Completion rate by theme and region" in text_of(app)
    app.selectbox(key="explore-by").select("country").run()
    assert not app.exception
    assert kept_query(app) == {"lang": ["en"], "by": ["country"]}  # regions hold countries, so they are no pair
    app.selectbox(key="explore-as").select("tiles").run()
    app.selectbox(key="explore-measure").select("pace").run()
    assert kept_query(app) == {"lang": ["en"], "by": ["country"], "measure": ["pace"], "as": ["tiles"]}
    assert "Pace by country, as tiles" in text_of(app)
    assert set(drawings(app)) == {"explore"}
    [link] = [one for one in page_links(app)["briefing"] if one.get("chart")]
    assert link == kept_query(app) | {"chart": ["explore"]}


def test_a_link_with_what_is_not_offered_says_so_and_an_empty_selection_too(open_page):
    app = open_page("explore", by="region", **{"and": "subregion"})
    assert "and=subregion" in text_of(app)
    assert "Completion rate by theme and region" in text_of(app)
    empty = open_page("explore", q="no such words anywhere")
    assert not empty.exception
    assert not drawings(empty)
