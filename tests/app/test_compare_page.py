"""The page Compare: both sides are its link, each can be changed, and it leads to the briefing and back."""

import pytest

from tests.app.conftest import chosen, drawings, filter_by, find_chip, kept_query, lift, page_links, press, text_of


def test_sides_are_chosen_swapped_and_kept_in_the_link(open_page):
    app = open_page("compare", region="africa", theme="education")
    assert not drawings(app)
    filter_by(app, "region", "americas", side="vs-")
    assert kept_query(app)["vs.region"] == chosen(app, side="vs-") == ["americas"]
    assert "Africa compared with Americas" in text_of(app)
    assert set(drawings(app)) == {
        "completion-over-time",
        "completion-by-category",
    }  # both sides are filtered by theme and region
    press(app, "swap")
    assert (kept_query(app)["region"], kept_query(app)["vs.region"]) == (["americas"], ["africa"])
    assert kept_query(app)["theme"] == ["education"]
    lift(app, "vs-region")
    assert kept_query(app)["vs.region"] == [""]
    app.session_state["share-completion-over-time"] = True
    assert [link for link in page_links(app.run())["briefing"] if "chart" in link]
    press(app, "stop")
    assert not any(name.startswith("vs.") for name in kept_query(app))


def test_two_days_tell_what_became_known_and_which_actions_moved_and_of_which_nothing_differs(open_page):
    app = open_page("compare", **{"vs.as_of": "2021-07-01"})
    text = text_of(app)
    assert " newly" in text and " for the first time" in text and "Actions whose status changed: " in text
    assert "higher" not in text.replace("One is called higher or lower", "")
    del app.query_params["vs.as_of"]
    app.query_params["region"], app.query_params["vs.region"] = "africa", "africa"
    assert "Both sides are the same" in text_of(app.run()) and not app.error
    app.query_params["q"], app.query_params["lang"] = "no such words", "fr"
    assert "Aucun des deux côtés" in text_of(app.run())
    first, other = (find_chip(app, f"{side}country")[1]["list"]["options"] for side in ("", "vs-"))
    assert first == other != [], "in the order of the reader's language"


@pytest.mark.nightly
def test_the_briefing_takes_the_other_side(open_page):
    """Other pages take none: `test_reader_link.py`, and lead here: `test_filter_bar.py` (tests/dashboard/ui)."""
    app = open_page("briefing", chart="completion-by-theme", region="africa", **{"vs.region": "americas"})
    assert "Africa compared with Americas" in text_of(app)
    assert not any(name.startswith("vs.") for link in page_links(app)["regions"] for name in link)
