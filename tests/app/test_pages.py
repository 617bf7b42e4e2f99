"""Every page drawn, and what a reader can do on it; what pages say is tested as data (`tests/dashboard/ui`)."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

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
from dashboard.ui.dimension.model import make_model as make_dimension
from dashboard.ui.frame.header import PAGES, Reader
from dashboard.ui.frame.model import SAMPLE_NOTICE, FrameModel
from dashboard.ui.frame.model import make_model as make_frame
from dashboard.ui.pieces import empty_selection, filter_bar, page_paper
from etl.inputs.new_campaign import Wanted, make_campaign
from tests.app.conftest import assert_drawn, drawings, elements, file_links, find_help, kept_query, page_links, text_of
from tests.cases import of_which
from tests.shipped import LANGUAGES

PAGE_IDS = tuple(spec.page_id for spec in PAGES)
SPREAD = [(page_id, LANGUAGES[place % len(LANGUAGES)]) for place, page_id in enumerate(PAGE_IDS)]
"""Each page in one of the languages."""
UNFILTERED = ("help", "definitions", "newsletter")
CHART_PAGES = {
    "overview": {"completion-over-time", "status-overview"},
    "regions": {
        "completion-by-region",
        "status-overview",
        "completion-map",
        "completion-by-subregion",
    },
    "categories": {"completion-by-category", "status-by-category"},
    "themes": {"completion-by-theme", "status-by-theme", "region-by-theme"},
    "groups": {"completion-by-group", "status-by-group"},
    "milestones": {"milestones-by-month", "milestones-by-region", "milestones-by-category"},
}
APPENDED_ON_THE_WAY = {name: "x" for names in APPENDED.values() for name in names} | {"country": ""}
NOWHERE = "no action has these words"


def figures(app: AppTest, page_id: str) -> tuple[int, int]:
    """The numbers of actions and of those with a report, which stand once: in Overview's tiles, else in a line."""
    words = '<dl class="tiles">' if page_id == "overview" else '<p class="headline">'
    (body,) = (element.proto.body for element in app.get("html") if words in element.proto.body)
    shown = re.search(r'class="value">(\d+)<[^>]*><dd class="note">(\d+)|<b>(\d+)\D+(\d+)', body)
    assert shown is not None
    actions, reported = (int(n) for n in shown.groups() if n)
    return actions, reported


def say_frame(snapshot, page_id: str, lang: str) -> FrameModel:
    """What stands around a page for a reader who is nobody's."""
    return make_frame(snapshot, Selection(lang=lang), translator(lang), page_id, Reader())


@pytest.mark.parametrize(("page_id", "lang"), SPREAD)
def test_every_page_is_drawn_in_its_frame_and_a_filter_changes_it_and_the_link(open_page, snapshot, page_id, lang):
    own = {"large": sorted(CHART_PAGES[page_id])[0]} if page_id in CHART_PAGES else {}  # what cards write into the link
    app = open_page(page_id, **APPENDED_ON_THE_WAY, **own, lang={"en": "EN-gb"}.get(lang, lang))
    assert not app.exception and not app.error
    t, text = translator(lang), text_of(app)
    assert_drawn(app, say_frame(snapshot, page_id, lang))
    assert t(SAMPLE_NOTICE) in text
    assert t(next(spec.title for spec in PAGES if spec.page_id == page_id)) in text
    assert format_date(snapshot.last_date, lang) in text
    assert "{" not in text  # no placeholder is left unfilled
    assert find_help(app) == {page_id: t("Help")}
    if own:
        assert_charts(app, page_id, lang)
    if page_id in UNFILTERED:
        return
    app.multiselect(key="filter-region").select("africa").run()
    assert not app.exception
    assert kept_query(app) == {"region": ["africa"], "lang": [lang]} | {name: [value] for name, value in own.items()}
    assert snapshot.codes["regions"]["africa"].labels[lang] in text_of(app)
    if page_id in CHART_PAGES:
        expected = headline(snapshot, Selection(regions=("africa",)))
        assert expected.actions != headline(snapshot, Selection()).actions
        assert figures(app, page_id) == (expected.actions, expected.reported)


def assert_charts(app: AppTest, page_id: str, lang: str) -> None:
    """The page has its charts, each with words for those who do not see, one of them large, and all as one file."""
    bodies = [element.proto.body for element in app.get("html")]
    words = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(words) == 1 + (page_id == "overview")  # the large one; other pages of charts draw no curve by Plotly
    for drawing in drawings(app).values():
        words += [re.findall(r"<desc[^>]*>([^<]+)</desc>", drawing[width])[0] for width in ("wide", "narrow")]
    assert len(words) == 2 * len(CHART_PAGES[page_id]) + 1 - (page_id == "overview")
    assert all(words)
    assert sum("<table" in body and 'class="cards"' not in body for body in bodies) == len(CHART_PAGES[page_id])
    assert file_links(app)["page-paper"]["name"].endswith(f"_{lang}.pdf")
    paper = app.session_state["page-paper-files"].content  # what its PDF is made from
    assert {item.chart_id for item in paper.items} == CHART_PAGES[page_id]
    assert paper.selection == Selection(lang=lang)
    assert page_paper.NOTED not in app.session_state


@pytest.mark.parametrize(("page_id", "lang"), [("regions", "en"), ("categories", "fr"), ("themes", "es")])
def test_what_filters_and_pages_of_one_dimension_say_is_drawn(open_page, snapshot, page_id, lang):
    query = {"region": ["africa", "americas"], "q": "a", "as_of": "2021-09-15"}
    selection = Selection(regions=("africa", "americas"), q="a", as_of=date(2021, 9, 15), lang=lang)
    t = translator(lang)
    app = open_page(page_id, lang=lang, **query)
    bar = filter_bar.make_model(snapshot, selection, t, page_id)
    assert_drawn(app, replace(bar, day=replace(bar.day, named={})))
    named = next(pills for pills in elements(app, "button_group") if pills.key == "filter-named-day")
    assert list(named.options) == [day.label for day in bar.day.named.values()]
    assert_drawn(app, make_dimension(snapshot, selection, t, {}, page_id))
    shown, drawn = make_dimension(snapshot, selection, t, {}, page_id), drawings(app)
    assert list(drawn) == [card.chart_id for card in (*shown.cards, *([shown.choice.card] if shown.choice else []))]


def test_builds_and_files_are_named_to_staff_and_readers_are_told_whose_figures(open_page, snapshot, monkeypatch):
    total = headline(snapshot, Selection())
    text = text_of(open_page("regions", lang="en"))
    source = say_source(snapshot.campaign, "en", total.day)
    assert text.count(source) > 1  # below charts and below the page
    assert "Files and definitions" in text
    assert not any(name in text for name in (snapshot.build_id[:12], *total.source_files))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    text = text_of(open_page("regions", lang="en"))
    assert snapshot.build_id[:12] in text
    assert total.source_files[0] in text
    monkeypatch.setitem(current().campaign, "is_sample", False)  # another test may have opened another campaign
    assert "Fictional data" in text and "Fictional data" not in text_of(open_page("regions", lang="en"))


def test_the_entry_runs(campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=60).run()
    assert not app.exception
    assert app.multiselect(key="filter-region")


def test_the_widgets_follow_the_link_and_the_link_the_widgets(open_page, snapshot):
    """What each of these does to the link is tested as data (`tests/dashboard/ui/frame/test_reader_link.py`)."""
    app = open_page("themes", region=["africa", "americas"], as_of="2021-07-31", q="a", lang="fr")
    selection = Selection(regions=("africa", "americas"), as_of=date(2021, 7, 31), q="a", lang="fr")
    assert app.multiselect(key="filter-region").value == ["africa", "americas"]
    assert app.date_input(key="filter-as_of").value == date(2021, 7, 31)
    assert app.text_input(key="filter-q").value == "a"
    assert figures(app, "themes")[0] == headline(snapshot, selection).actions

    app.text_input(key="filter-q").set_value(" ").run()
    app.query_params.clear()  # a way to another page that carries no parameters
    app.switch_page("../../pages/overview.py").run()
    assert app.multiselect(key="filter-region").value == ["africa", "americas"]
    assert kept_query(app) == {"region": ["africa", "americas"], "as_of": ["2021-07-31"], "lang": ["fr"]}
    app.multiselect(key="filter-region").unselect("americas").run()
    app.query_params.clear()  # the browser has not yet got the address that the click wrote
    app.date_input(key="filter-as_of").set_value(date(2021, 9, 1)).run()
    assert kept_query(app) == {"region": ["africa"], "as_of": ["2021-09-01"], "lang": ["fr"]}

    app.get("button_group")[0].set_value("es").run()
    assert not app.exception
    assert kept_query(app) == {"region": ["africa"], "as_of": ["2021-09-01"], "lang": ["es"]}
    assert translator("es")("Completion rate") in text_of(app)
    assert snapshot.codes["regions"]["africa"].labels["es"] in app.multiselect(key="filter-region").options

    app.query_params["region"] = ["americas"]  # the browser's own buttons
    app.run()
    assert app.multiselect(key="filter-region").value == ["americas"]
    [days] = [pills for pills in elements(app, "button_group") if pills.key == "filter-named-day"]
    assert days.value is None
    days.set_value(list(days.options).index(translator("es")("Deadline"))).run()
    assert kept_query(app)["as_of"] == ["2021-12-30"]
    everywhere = open_countries(app)
    app.multiselect(key="filter-region").set_value(["africa", "americas"]).run()
    assert set() != open_countries(app) != everywhere
    for key, left in (("lift-region-africa", ["americas"]), ("lift-as_of", ["americas"])):
        app.button(key=key).click().run()
        assert kept_query(app)["region"] == left
    assert "as_of" not in kept_query(app)
    app.button(key="reset").click().run()
    assert kept_query(app) == {"lang": ["es"]}
    assert app.multiselect(key="filter-region").value == []
    assert not [button for button in app.button if (button.key or "").startswith("lift-")]


def open_countries(app: AppTest) -> set[str]:
    """The countries that the filters offer."""
    return set(app.multiselect(key="filter-country").options)


@pytest.mark.parametrize(("query", "lang"), [({"region": "atlantis"}, "fr"), ({"lang": "de"}, "en")])
def test_a_faulty_link_is_refused_aloud(open_page, query, lang):
    """What is said of which fault: `tests/dashboard/ui/frame/test_refused.py`."""
    app = open_page("overview", **{"lang": lang, **query})
    assert not app.exception
    assert len(app.error) == 1
    assert all(name in app.error[0].value for pair in query.items() for name in pair)
    assert translator(lang)("This link cannot be read") in text_of(app)
    assert ("africa" if "region" in query else "fr") in text_of(app)
    assert not app.get("plotly_chart")
    assert not app.multiselect


def test_a_selection_without_actions_says_which_filter_to_drop_and_all_are_dropped_at_once(open_page, snapshot):
    app = open_page("overview", region="africa", q=NOWHERE, lang="en")
    assert not app.exception
    assert not app.get("plotly_chart")
    drop = app.button(key="drop-q")
    assert str(headline(snapshot, Selection(regions=("africa",))).actions) in drop.label
    drop.click().run()
    assert kept_query(app) == {"region": ["africa"], "lang": ["en"]}
    assert app.get("plotly_chart")
    for name, value in {"region": ["arab_states"], "country": ["BRA"], "q": [NOWHERE]}.items():
        app.query_params[name] = value
    app.run()
    assert not [button for button in app.button if (button.key or "").startswith("drop-")]
    selection = Selection(regions=("arab_states",), countries=("BRA",), q=NOWHERE)
    assert_drawn(app, empty_selection.make_model(snapshot, selection, translator("en")))
    app.button(key="empty-reset").click().run()
    assert app.get("plotly_chart")


@pytest.mark.parametrize(("lang", "gate"), [("en", "open"), ("fr", "closed"), ("es", "open")])
def test_nothing_published_says_what_to_run(tmp_path: Path, monkeypatch, open_page, lang, gate):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_STAFF", gate)  # only staff can do something about it
    app = open_page("overview", lang=lang)
    assert not app.exception
    assert ("python -m etl build" in text_of(app)) == ("upload" in page_links(app)) == (gate == "open")
    assert translator(lang)("Nothing to show yet") in text_of(app)


def test_a_new_campaign_speaks_its_own_language_before_anything_is_published(tmp_path: Path, monkeypatch, open_page):
    days = (date(2022, 1, 1), date(2022, 12, 31))
    make_campaign(tmp_path / "new", Wanted({"fr": "Nos <engagements>", "en": "Our pledges"}, *days))
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "new"))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    for page_id in ("overview", "upload"):
        words = text_of(open_page(page_id))
        assert "Nos <engagements>" in words and translator("fr")("Upload") in words
        assert "Our pledges" in text_of(open_page(page_id, lang="en"))


def test_the_definitions_account_for_every_row(open_page, snapshot):
    text = text_of(open_page("definitions"))
    for file in snapshot.query("input_files").itertuples():
        assert file.source_file in text
        assert str(file.rows_read) in text
    for status in snapshot.codes["statuses"].values():
        assert status.labels["en"] in text


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_a_country_is_chosen_and_has_its_page(open_page, snapshot, lang):
    app = open_page("country", lang=lang)
    app.selectbox(key="country-choice").set_value("GHA").run()
    assert not app.exception
    assert kept_query(app) == {"country": ["GHA"], "lang": [lang]}
    ghana = Selection(countries=("GHA",), lang=lang)
    title = snapshot.codes["countries"]["GHA"].labels[lang]
    assert f'<h1 data-place="country">{title}</h1>' in [e.proto.body for e in app.get("html")]
    total = headline(snapshot, ghana)
    assert figures(app, "overview") == (total.actions, total.reported)  # in tiles, as there
    assert snapshot.codes["countries"]["CIV"].labels[lang] in text_of(app)  # beside it
    assert snapshot.codes["countries"]["BRA"].labels[lang] not in text_of(app)
    listed = page_links(app)
    assert {"grouping": ["cocoa_coast"], "lang": [lang]} in listed["regions"]
    titles = register.page(snapshot, ghana, sort="reported_on", descending=True, limit=3)["action_id"]
    opened = [query["action"][0] for query in listed["actions"] if "action" in query]
    assert opened[:3] == titles.tolist()
    app.query_params["large"] = "completion-over-time"  # a link with what its cards write into it
    app.run()
    assert not app.exception and not app.error
    assert kept_query(app)["large"] == ["completion-over-time"]


def test_a_country_without_an_action_says_so_and_shows_its_neighbours(open_page, snapshot):
    app = open_page("country", country="NPL", theme="mining")
    assert not app.exception
    assert "Nepal" in text_of(app)


def test_one_search_leads_to_what_it_finds_and_keeps_the_day(open_page):
    """What it finds: `tests/dashboard/ui/frame/test_search_box.py`."""
    app = open_page("themes", theme="mining", as_of="2021-07-31", lang="en")
    before = page_links(app)
    [box] = [box for box in app.text_input if str(box.key).startswith("search-")]
    box.set_value("ghana").run()
    assert not app.exception
    assert page_links(app)["country"] == [{"country": ["GHA"], "as_of": ["2021-07-31"], "lang": ["en"]}]
    assert "country" not in before
    [box] = [box for box in app.text_input if str(box.key).startswith("search-")]
    box.set_value("zebra").run()
    assert any("Fewer words find more" in caption.value for caption in app.caption)
