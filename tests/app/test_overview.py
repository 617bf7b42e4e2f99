"""Overview drawn, and a reader's actions on it; its texts are tested as data (`tests/dashboard/ui/overview`)."""

import re
from datetime import date
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.overview import body, speed
from dashboard.ui.overview.model import Figures, make_model
from dashboard.ui.pieces import journey
from tests.app.conftest import (
    assert_drawn,
    change,
    elements,
    find_chip,
    kept_query,
    list_ways,
    mounted,
    page_links,
    text_of,
    trigger,
)

DAY = date(2021, 7, 20)


def machine(app: AppTest) -> tuple[str, dict[str, Any]]:
    [found] = mounted(app, "replay")
    return found


def test_the_sentence_is_the_heading_and_every_figure_and_bar_is_a_link(open_page, snapshot):
    selection, t = Selection(as_of=DAY, lang="fr"), translator("fr")
    app = open_page("overview", as_of="2021-07-20", lang="fr")
    shown = make_model(snapshot, selection, t, {})
    assert isinstance(shown, Figures)
    assert_drawn(app, shown)
    [heading] = [html.proto.body for html in elements(app, "html") if "<h1" in html.proto.body]
    assert unescape(re.sub("<[^>]+>", "", heading)) == shown.sentence.text
    links = [part for part in shown.sentence.parts if isinstance(part, PageLink)]
    links += [bar.link for one in shown.bars for bar in one.bars.bars]
    links += [one.bars.more for one in shown.bars]
    for one in links:
        query: dict[str, list[str]] = {}
        for name, value in one.pairs:
            query.setdefault(name, []).append(value)
        assert query in page_links(app)[one.page_id]


def test_what_is_folded_is_made_when_it_is_opened(open_page, snapshot, monkeypatch):
    made: list[str] = []
    for part, name in ((body, "make_ranks"), (body, "make_news"), (journey, "make_model")):
        make = getattr(part, name)

        def make_model(*given, name=name, make=make):
            made.append(name)
            return make(*given)

        monkeypatch.setattr(part, name, make_model)
    app = open_page("overview", as_of="2021-07-20", lang="fr")
    selection, t = Selection(as_of=DAY, lang="fr"), translator("fr")
    assert made == []
    app.session_state["fold-figures"] = app.session_state["fold-ranks"] = app.session_state["fold-new"] = True
    app.run()
    assert len(made) == 3
    shown = body.make_ranks(snapshot, selection, t)
    assert_drawn(app, shown)
    assert_drawn(app, body.make_news(snapshot, selection, t))
    assert_drawn(app, journey.make_model(snapshot, selection, t))
    entries = [entry for one in shown.lists for group in one.groups for entry in group.entries]
    labels = [way.label for way in list_ways(app)]
    assert entries and all(f"{entry.link.label}{t(': ')}{entry.sentence}" in labels for entry in entries)


def test_the_slider_and_the_fold_are_wired_to_the_link(open_page, snapshot):
    app = open_page("overview", theme="education", as_of="2021-12-20", lang="en")
    component, data = machine(app)
    assert data["address"].startswith("/charts/replay.json?theme=education&")
    assert (data["first"], data["last"], data["day"]) == ("2021-01-01", "2021-12-31", "2021-12-20")
    assert "What changed since" in text_of(app)
    assert "for the first time" not in text_of(app)  # counted only where it is opened
    trigger(app, component, "day", "2021-06-17")
    assert kept_query(app)["as_of"] == ["2021-06-17"]
    assert machine(app)[1]["said"] == "17 June 2021"
    trigger(app, machine(app)[0], "day", "<script>")
    assert kept_query(app)["as_of"] == ["2021-06-17"]
    trigger(app, machine(app)[0], "day", "2021-12-31")
    assert kept_query(app) == {"theme": ["education"], "lang": ["en"]}

    del app.query_params["theme"]
    app.query_params["as_of"], app.query_params["since"] = "2021-12-20", "2021-11-20"
    app.run()
    selection = Selection(as_of=date(2021, 12, 20))
    moves = speed.make_moves(snapshot, selection, translator("en"), date(2021, 11, 20))
    assert_drawn(app, moves)
    assert all({name: [value] for name, value in one.pairs} in page_links(app)[one.page_id] for one in moves.links)
    assert find_chip(app, "since")[1]["day"]["day"] == "2021-11-20"
    change(app, "since", day="2021-09-01")
    assert kept_query(app)["since"] == ["2021-09-01"]
    app.query_params["since"] = "yesterday"
    app.run()
    assert "yesterday" in " ".join(warning.value for warning in elements(app, "warning"))
    assert "for the first time" in text_of(app)
