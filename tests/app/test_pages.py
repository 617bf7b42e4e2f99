"""Every page drawn, and a reader's actions on it; the texts of pages are tested as data (`tests/dashboard/ui`)."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.formats import format_date
from dashboard.ground.tracking import APPENDED
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.paths import PROJECT
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection
from dashboard.ui.dimension import make_model as make_dimension
from dashboard.ui.frame.header import PAGES, Reader
from dashboard.ui.frame.page import SAMPLE_NOTICE
from dashboard.ui.frame.page import make_model as make_frame
from dashboard.ui.overview import model as overview_model
from dashboard.ui.pieces import chart_card, empty_selection, filter_bar, list_table, page_paper
from etl.commands.new import NewCampaign, make_campaign
from tests.app.conftest import (
    assert_drawn,
    bodies,
    change,
    chosen,
    drawings,
    file_links,
    filter_by,
    find_chip,
    find_help,
    kept_query,
    lift,
    mounted,
    page_links,
    press,
    switch,
    text_of,
    trigger,
    watch,
)
from tests.shipped import LANGUAGES

PAGE_IDS = tuple(spec.page_id for spec in PAGES)
SPREAD = [(page_id, LANGUAGES[place % len(LANGUAGES)]) for place, page_id in enumerate(PAGE_IDS)]
"""Each page in one of the languages."""
UNFILTERED = ("help", "definitions", "newsletter")
CHART_PAGES = {
    "overview": {"completion-over-time"},
    "regions": {
        "completion-by-region",
        "status-overview",
        "completion-map",
        "reporting-by-region",
        "results-by-region",
    },
    "categories": {"completion-by-category", "status-by-category", "results-by-category"},
    "themes": {"completion-by-theme", "status-by-theme", "region-by-theme", "results-by-theme", "criteria-by-theme"},
    "groups": {"completion-by-group", "status-by-group", "results-by-group", "criteria-by-group"},
    "milestones": {"milestones-by-month", "milestones-by-region", "milestones-by-category"},
}
AS_BARS = {"overview": {f"completion-by-{name}" for name in ("region", "category", "theme")}}
"""The charts that a page has as bars of HTML."""
APPENDED_ON_THE_WAY = {name: "x" for names in APPENDED.values() for name in names} | {"country": ""}
NOWHERE = "no action has these words"


def figures(app: AppTest, page_id: str) -> tuple[int, ...]:
    """Return the numbers of actions and of those with a report, each once; a sentence may have the first alone."""
    words = {"overview": "<h1", "country": '<dl class="tiles">'}.get(page_id, '<p class="headline">')
    (body,) = (element.proto.body for element in app.get("html") if words in element.proto.body)
    shown = re.search(r'<a [^>]+>(\d+)|class="value">(\d+)<[^>]*><dd class="note">(\d+)|<b>(\d+)\D+(\d+)', body)
    assert shown is not None
    actions, *reported = (int(n) for n in shown.groups() if n)
    return actions, *reported


@pytest.mark.parametrize(("page_id", "lang"), SPREAD)
def test_every_page_is_drawn_filtered_in_its_frame(open_page, snapshot, page_id, lang):
    own = (
        {"large": sorted(CHART_PAGES[page_id])[0]} if page_id in CHART_PAGES else {}
    )  # the parameter that cards write into the link
    stated = APPENDED_ON_THE_WAY | own | {"region": "africa", "lang": {"en": "EN-gb"}.get(lang, lang)}
    app = open_page(page_id, **stated)
    assert not app.error
    t, text, selection = translator(lang), text_of(app), Selection(regions=("africa",), lang=lang)
    assert_drawn(app, make_frame(snapshot, selection, t, page_id, Reader()))
    assert t(SAMPLE_NOTICE) in text
    assert t(next(spec.title for spec in PAGES if spec.page_id == page_id)) in text
    assert format_date(snapshot.last_date, lang) in text
    assert find_help(app) == ({} if page_id == "help" else {page_id: t("Help")})
    assert page_id in UNFILTERED or chosen(app) == ["africa"]
    if page_id in CHART_PAGES:
        assert_charts(app, page_id, lang)
        expected = headline(snapshot, selection)
        assert expected.actions != headline(snapshot, Selection()).actions
        assert figures(app, page_id) in ((expected.actions,), (expected.actions, expected.reported))
        assert text.count(say_source(snapshot.campaign, lang, expected.day)) > 1  # below charts and below the page
        assert not any(name in text for name in (snapshot.build_id[:12], *expected.source_files)), "for staff"


def assert_charts(app: AppTest, page_id: str, lang: str) -> None:
    """Check that the page has its charts, each with words for the blind, one of them large, and all as one file."""
    bodies = [element.proto.body for element in app.get("html")]
    words = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(words) == 1  # the large one
    for drawing in drawings(app).values():
        words += re.findall(r"<desc[^>]*>([^<]+)</desc>", drawing["svg"])
    assert len(words) == len(CHART_PAGES[page_id]) + 1
    assert all(words)
    assert not any("<table" in body and 'class="cards"' not in body for body in bodies)  # folded, and not made
    assert file_links(app)["page-paper"]["name"].endswith(f"_{lang}.pdf")
    paper = app.session_state["page-paper-files"].content  # the source of its PDF
    assert {item.chart_id for item in paper.items} == CHART_PAGES[page_id] | AS_BARS.get(page_id, set())
    assert paper.selection == Selection(regions=("africa",), lang=lang)
    assert page_paper.NOTED not in app.session_state


def test_what_filters_and_a_page_of_one_dimension_say_is_drawn(open_page, snapshot):
    query = {"region": ["africa", "americas"], "q": "a", "as_of": "2021-09-15"}
    selection = Selection(regions=("africa", "americas"), as_of=date(2021, 9, 15), q="a", lang="fr")
    t = translator("fr")
    app = open_page("regions", lang="fr", **query)
    bar = filter_bar.make_model(snapshot, selection, t, "regions")
    assert_drawn(app, bar)
    shown = make_dimension(snapshot, selection, t, {}, "regions")
    assert_drawn(app, shown)
    assert list(drawings(app)) == [card.chart_id for card in (*shown.cards, shown.choice.card)]


def test_the_entry_runs(campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    app = watch(AppTest.from_file(PROJECT / "app.py", default_timeout=60)).run()
    assert chosen(app) == []


def test_the_widgets_follow_the_link_and_the_link_the_widgets(open_page, snapshot):
    """The effect of each on the link: `tests/dashboard/ui/frame/test_link.py`; in a browser: `test_journeys.py`."""
    stated = APPENDED_ON_THE_WAY | {"as_of": "2021-07-31", "q": "a", "lang": "fr"}
    app = open_page("themes", region=["africa", "americas"], **stated)
    selection = Selection(regions=("africa", "americas"), as_of=date(2021, 7, 31), q="a", lang="fr")
    assert chosen(app) == ["africa", "americas"]
    assert figures(app, "themes")[0] == headline(snapshot, selection).actions
    lift(app, "q")
    app.query_params.clear()  # a way to another page that carries no parameters
    switch(app, "overview")
    assert chosen(app) == ["africa", "americas"]
    assert kept_query(app) == {"region": ["africa", "americas"], "as_of": ["2021-07-31"], "lang": ["fr"]}
    filter_by(app, "region", "africa")
    app.query_params.clear()  # the browser has not yet got the address that the click wrote
    days = find_chip(app, "as_of")[1]["day"]
    assert days["day"] == "2021-07-31"
    for sent in ("2021-09-01", "2021-13-01", "1999-01-01"):  # a text that is no day of these changes nothing
        change(app, "as_of", day=sent)
        assert kept_query(app) == {"region": ["africa"], "as_of": ["2021-09-01"], "lang": ["fr"]}
    change(app, "as_of", day=days["last"])
    assert "as_of" not in kept_query(app), "at the latest day the link follows the data"
    change(app, "as_of", day="2021-12-30")
    lift(app, "as_of")
    assert kept_query(app) == {"region": ["africa"], "lang": ["fr"]}
    part = find_chip(app, "theme")[0]
    # Two clicks before the page is drawn, among what a browser may send besides.
    chips = [
        {"chip": "theme", "codes": ["education"]},
        {"chip": "region", "codes": [["africa"]]},
        {"chip": "status"},
        1,
    ]
    trigger(app, part, "changes", [*chips, {"chip": "region", "codes": ["americas"]}])
    assert kept_query(app) == {"region": ["americas"], "theme": ["education"], "lang": ["fr"]}
    trigger(app, find_chip(app, "theme")[0], "changes", [{"reset": True}])
    assert kept_query(app) == {"lang": ["fr"]}
    assert chosen(app) == []


STATEMENTS = {"overview": 4, "regions": 4, "themes": 6, "compare": 6, "actions": 3}
"""How many statements a page asks of a region that nobody has chosen before, each on a day of its own."""


@pytest.mark.parametrize("page_id", STATEMENTS)
def test_a_new_choice_takes_few_statements_and_what_one_reader_has_seen_is_made_for_no_other(
    open_page, monkeypatch, page_id
):
    """No further run reads the environment either."""
    link = {"lang": "es", "as_of": f"2021-11-{11 + [*STATEMENTS].index(page_id)}"} | (
        {"vs.theme": "education"} if page_id == "compare" else {}
    )
    shown = open_page(page_id, region=["africa", "americas"], **link)
    answers = current().answers
    names, read = [], type(os.environ).__getitem__

    def note(own: Any, name: str) -> str:
        names.append(name)
        return str(read(own, name))

    monkeypatch.setattr(type(os.environ), "__getitem__", note)
    with monkeypatch.context() as later:
        later.setattr(chart_card, "build_chart", pytest.fail)
        later.setattr(overview_model, "gather_marks", pytest.fail)
        later.setattr(list_table, "make_model", pytest.fail)
        asked = answers.made
        again = open_page(page_id, region=["americas", "africa"], **link)
        assert bodies(again) == bodies(shown) and drawings(again) == drawings(shown)
        filter_by(again, "region", "americas", "africa")
        assert sorted(chosen(again)) == ["africa", "americas"]
        assert answers.made == asked
    filter_by(again, "region", "arab_states")
    assert answers.made - asked == STATEMENTS[page_id]
    assert [name for name in names if name.startswith("DASHBOARD_")] == []


def test_a_faulty_link_is_refused_aloud(open_page):
    """The message for each fault: `tests/dashboard/ui/frame/test_page.py`."""
    for query, lang in (({"region": "atlantis", "lang": "fr"}, "fr"), ({"lang": "de"}, "en")):
        app = open_page("overview", **query)
        (error,) = app.error
        assert all(word in error.value for word in next(iter(query.items())))
        assert translator(lang)("This link cannot be read") in text_of(app)
        assert not app.get("plotly_chart") and not app.multiselect


def test_a_selection_without_actions_says_which_filter_to_drop_and_all_are_dropped_at_once(open_page, snapshot):
    app = open_page("overview", region="africa", q=NOWHERE, lang="en")
    assert not drawings(app)
    assert str(headline(snapshot, Selection(regions=("africa",))).actions) in app.button(key="drop-q").label
    press(app, "drop-q")
    assert kept_query(app) == {"region": ["africa"], "lang": ["en"]}
    assert drawings(app)
    for name, value in {"region": ["arab_states"], "country": ["BRA"], "q": [NOWHERE]}.items():
        app.query_params[name] = value
    app.run()
    selection = Selection(regions=("arab_states",), countries=("BRA",), q=NOWHERE)
    assert_drawn(app, empty_selection.make_model(snapshot, selection, translator("en")))
    press(app, "empty-reset")
    assert drawings(app)


def test_nothing_published_says_what_to_run(tmp_path: Path, monkeypatch, open_page):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    for gate in ("closed", "open"):  # only staff can do something about it
        monkeypatch.setenv("DASHBOARD_STAFF", gate)
        app = open_page("overview", lang="fr")
        assert ("python -m etl build" in text_of(app)) == ("upload" in page_links(app)) == (gate == "open")
        assert translator("fr")("Nothing to show yet") in text_of(app)


def test_a_new_campaign_speaks_its_own_language_before_anything_is_published(tmp_path: Path, monkeypatch, open_page):
    days = (date(2022, 1, 1), date(2022, 12, 31))
    make_campaign(tmp_path / "new", NewCampaign({"fr": "Nos <engagements>", "en": "Our pledges"}, *days))
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "new"))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    for page_id in ("overview", "upload"):
        words = text_of(open_page(page_id))
        assert "Nos <engagements>" in words and translator("fr")("Upload") in words
    assert "Our pledges" in text_of(open_page("overview", lang="en"))


def test_the_definitions_account_for_every_row(open_page, snapshot):
    text = text_of(open_page("definitions", lang="fr"))
    for file in snapshot.query("input_files").itertuples():
        assert file.source_file in text and str(file.rows_read) in text
    assert all(status.labels["fr"] in text for status in snapshot.codes["statuses"].values())


def test_a_country_has_a_view_of_its_own(open_page, snapshot):
    app = open_page("country", country="GHA", lang="fr")
    assert kept_query(app) == {"country": ["GHA"], "lang": ["fr"]}
    ghana = Selection(countries=("GHA",), lang="fr")
    names = {code: country.labels["fr"] for code, country in snapshot.codes["countries"].items()}
    assert f'<h1 data-place="country">{names["GHA"]}</h1>' in [e.proto.body for e in app.get("html")]
    total = headline(snapshot, ghana)
    assert figures(app, "country") == (total.actions, total.reported)  # in tiles
    beside = drawings(app)["completion-by-country"]["svg"]
    assert names["CIV"].replace("’", "&#x27;") in beside or names["CIV"] in beside  # the shapes beside it
    assert names["BRA"] not in beside
    listed = page_links(app)
    assert {"grouping": ["cocoa_coast"], "lang": ["fr"]} in listed["regions"]
    titles = register.page(snapshot, ghana, sort="reported_on", descending=True, limit=3)["action_id"]
    opened = [query["action"][0] for query in listed["actions"] if "action" in query]
    assert opened[:3] == titles.tolist()
    app.query_params["large"] = "completion-over-time"  # a link with a card's parameter
    assert not app.run().error
    assert kept_query(app)["large"] == ["completion-over-time"]
    app.query_params["country"], app.query_params["theme"] = "NPL", "mining"  # which has no action
    assert names["NPL"] in text_of(app.run())


def test_one_search_leads_to_what_it_finds_and_keeps_the_day(open_page):
    """The results: `tests/dashboard/ui/frame/test_search_box.py`."""
    app = open_page("themes", theme="mining", as_of="2021-07-31", lang="en")
    assert "country" not in page_links(app)
    country = next(group for group in search(app, "ghana")["groups"] if group["title"] == "Country")
    address = urlsplit(country["results"][0]["href"])
    kept = {"country": ["GHA"], "as_of": ["2021-07-31"], "lang": ["en"]}
    assert (address.path, parse_qs(address.query)) == ("/regions", kept)
    assert "Try fewer words" in search(app, "zebra")["said"]
    assert search(app, ["no text"])["text"] == "", "whatever the browser may send"


def search(app: AppTest, words: Any) -> dict[str, Any]:
    """Return the browser's input after words are typed into the header's search."""
    [(component_id, _)] = mounted(app, "search_box")
    trigger(app, component_id, "text", words)
    return mounted(app, "search_box")[0][1]
