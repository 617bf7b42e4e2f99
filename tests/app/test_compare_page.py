"""The page Compare: both sides are its link, each can be changed, and it leads to the briefing and back."""

from tests.app.conftest import drawings, elements, kept_query, page_links, text_of


def test_sides_are_chosen_swapped_and_kept_in_the_link(open_page):
    app = open_page("regions", region="africa", theme="education")
    [way] = page_links(app)["compare"]
    assert way == {"region": ["africa"], "theme": ["education"], "lang": ["en"]}
    app = open_page("compare", region="africa", theme="education")
    assert not drawings(app)
    app.multiselect(key="vs-region").set_value(["americas"]).run()
    assert not app.exception
    assert kept_query(app)["vs.region"] == ["americas"]
    assert "Africa compared with Americas" in text_of(app)
    assert set(drawings(app)) == {"completion-by-category"}  # both sides are filtered by theme and region
    app.button(key="swap").click().run()
    assert (kept_query(app)["region"], kept_query(app)["vs.region"]) == (["americas"], ["africa"])
    assert kept_query(app)["theme"] == ["education"]
    app.button(key="lift-vs-region").click().run()
    assert kept_query(app)["vs.region"] == [""]
    ways = [link for link in page_links(app)["briefing"] if "chart" in link]
    assert ways
    app.button(key="stop").click().run()
    assert not any(name.startswith("vs.") for name in kept_query(app))


def test_both_sides_offer_countries_in_the_order_of_the_readers_language(open_page):
    app = open_page("compare", lang="fr")
    first, other = (app.multiselect(key=f"{side}-country").options for side in ("filter", "vs"))
    assert first == other != []


def test_two_days_tell_what_became_known_and_which_actions_moved(open_page):
    app = open_page("compare", **{"vs.as_of": "2021-07-01"})
    text = text_of(app)
    assert "became completed" in text
    assert "The actions that moved" in text
    assert "higher" not in text.replace("One is called higher or lower", "")


def test_other_pages_take_no_other_side_and_the_briefing_does(open_page):
    assert "vs.region" in text_of(open_page("regions", **{"vs.region": "americas"}))
    app = open_page("briefing", chart="completion-by-theme", region="africa", **{"vs.region": "americas"})
    assert "Africa compared with Americas" in text_of(app)
    assert not any(name.startswith("vs.") for link in page_links(app)["regions"] for name in link)
    refused = open_page("briefing", chart="completion-map", **{"vs.region": "americas"})
    assert "completion-map" in text_of(refused)
    empty = open_page("compare", q="no such words", **{"vs.theme": "mining"})
    assert "Neither side has an action." in text_of(empty)
    assert not empty.exception
    same = open_page("compare", region="africa", **{"vs.region": "africa"})
    assert "Both sides are the same" in text_of(same)
    assert not elements(same, "error")
