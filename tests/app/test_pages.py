"""Every page in every language, and what a reader can do on it."""

import re
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
from dashboard.ui.frame.header import PAGES
from dashboard.ui.pieces import page_paper
from etl.inputs.new_campaign import Wanted, make_campaign
from tests.app.conftest import drawings, file_links, find_help, kept_query, page_links, text_of
from tests.cases import of_which
from tests.shipped import LANGUAGES

PAGE_IDS = tuple(spec.page_id for spec in PAGES)
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
APPENDED_ON_THE_WAY = {name: "x" for names in APPENDED.values() for name in names} | {"lang": "EN-gb", "country": ""}


def figures(app: AppTest, page_id: str) -> tuple[int, int]:
    """The numbers of actions and of those with a report, which stand once: in Overview's tiles, else in a line."""
    words = '<dl class="tiles">' if page_id == "overview" else '<p class="headline">'
    (body,) = (element.proto.body for element in app.get("html") if words in element.proto.body)
    shown = re.search(r'class="value">(\d+)<[^>]*><dd class="note">(\d+)|<b>(\d+)\D+(\d+)', body)
    assert shown is not None
    actions, reported = (int(n) for n in shown.groups() if n)
    return actions, reported


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page_id", PAGE_IDS)
def test_every_page_in_every_language(open_page, snapshot, page_id, lang):
    app = open_page(page_id, lang=lang)
    assert not app.exception
    assert not app.error
    text = text_of(app)
    t = translator(lang)
    title = next(spec.title for spec in PAGES if spec.page_id == page_id)
    assert t(title) in text
    assert snapshot.campaign[f"title_{lang}"] in text
    assert format_date(snapshot.last_date, lang) in text
    assert "{" not in text  # no placeholder is left unfilled
    assert find_help(app) == {page_id: t("Help")}


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


@pytest.mark.parametrize("page_id", CHART_PAGES)
def test_a_page_has_its_charts_each_with_words_for_those_who_do_not_see(open_page, page_id):
    app = open_page(page_id)
    bodies = [element.proto.body for element in app.get("html")]
    words = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(words) == (page_id == "overview")  # where no curve is, a browser need not load Plotly
    for drawing in drawings(app).values():
        words += [re.findall(r"<desc[^>]*>([^<]+)</desc>", drawing[width])[0] for width in ("wide", "narrow")]
    assert len(words) == 2 * len(CHART_PAGES[page_id]) - (page_id == "overview")
    assert all(words)
    assert sum("<table" in body and 'class="cards"' not in body for body in bodies) == len(CHART_PAGES[page_id])
    assert file_links(app)["page-paper"]["name"].endswith("_en.pdf")
    paper = app.session_state["page-paper-files"].content  # what its PDF is made from
    assert {item.chart_id for item in paper.items} == CHART_PAGES[page_id]
    assert paper.selection == Selection()
    assert page_paper.NOTED not in app.session_state


def test_the_entry_runs(campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=60).run()
    assert not app.exception
    assert app.multiselect(key="filter-region")


@pytest.mark.parametrize("page_id", [p for p in PAGE_IDS if p not in ("help", "definitions", "newsletter")])
def test_a_filter_changes_the_figures_and_the_link(open_page, snapshot, page_id):
    app = open_page(page_id, **APPENDED_ON_THE_WAY)
    assert not app.error
    app.multiselect(key="filter-region").select("africa").run()
    assert not app.exception
    assert kept_query(app) == {"region": ["africa"], "lang": ["en"]}
    assert snapshot.codes["regions"]["africa"].labels["en"] in text_of(app)
    if page_id in CHART_PAGES:
        expected = headline(snapshot, Selection(regions=("africa",)))
        assert expected.actions != headline(snapshot, Selection()).actions
        assert figures(app, page_id) == (expected.actions, expected.reported)


def test_a_link_restores_its_view(open_page, snapshot):
    app = open_page("themes", region=["africa", "americas"], as_of="2021-07-31", q="a", lang="fr")
    selection = Selection(regions=("africa", "americas"), as_of=date(2021, 7, 31), q="a", lang="fr")
    assert app.multiselect(key="filter-region").value == ["africa", "americas"]
    assert app.date_input(key="filter-as_of").value == date(2021, 7, 31)
    assert app.text_input(key="filter-q").value == "a"
    assert figures(app, "themes")[0] == headline(snapshot, selection).actions


def test_filters_stay_when_the_page_changes(open_page):
    app = open_page("overview")
    app.multiselect(key="filter-region").select("africa").run()
    app.query_params.clear()  # a way to another page that carries no parameters
    app.switch_page("../../pages/themes.py").run()
    assert app.multiselect(key="filter-region").value == ["africa"]
    assert kept_query(app)["region"] == ["africa"]


def test_a_changed_address_wins_over_the_widgets(open_page):
    app = open_page("overview", region="africa")
    app.query_params["region"] = ["americas"]
    app.run()
    assert app.multiselect(key="filter-region").value == ["americas"]
    app.query_params.clear()  # back to the page as it was first opened
    app.run()
    assert app.multiselect(key="filter-region").value == []


def test_a_click_wins_over_an_address_that_lags_behind(open_page):
    app = open_page("overview")
    app.multiselect(key="filter-region").select("africa").run()
    app.query_params.clear()  # the browser has not yet got the address that the first click wrote
    app.multiselect(key="filter-region").select("americas").run()
    assert app.multiselect(key="filter-region").value == ["africa", "americas"]
    assert kept_query(app)["region"] == ["africa", "americas"]


def test_the_language_switch_keeps_the_filters(open_page, snapshot):
    app = open_page("overview", region="africa")
    app.get("button_group")[0].set_value("fr").run()
    assert not app.exception
    assert kept_query(app) == {"region": ["africa"], "lang": ["fr"]}
    assert app.multiselect(key="filter-region").value == ["africa"]
    assert translator("fr")("Completion rate") in text_of(app)
    assert snapshot.codes["regions"]["africa"].labels["fr"] in app.multiselect(key="filter-region").options


def test_reset_drops_every_filter_and_keeps_the_language(open_page):
    app = open_page("overview", region="africa", theme="education", q="a", as_of="2021-07-31", lang="es")
    app.button(key="reset").click().run()
    assert kept_query(app) == {"lang": ["es"]}
    assert app.multiselect(key="filter-region").value == []
    assert app.text_input(key="filter-q").value == ""


def test_countries_offered_lie_in_the_chosen_regions(open_page, snapshot):
    app = open_page("overview")
    everywhere = set(app.multiselect(key="filter-country").options)
    app.multiselect(key="filter-region").select("africa").run()
    in_africa = set(app.multiselect(key="filter-country").options)
    assert in_africa
    assert in_africa < everywhere
    subregions = {code for code, entry in snapshot.codes["subregions"].items() if entry.parent == "africa"}
    labels = {c.labels["en"] for c in snapshot.codes["countries"].values() if c.parent in subregions}
    assert in_africa <= labels


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "named", "allowed"),
    [
        ({"region": "atlantis"}, ("region", "atlantis"), "africa"),
        ({"regoin": "africa"}, ("regoin",), "region"),
        ({"as_of": "31/12/2021"}, ("as_of", "31/12/2021"), "YYYY-MM-DD"),
        ({"action": "A-1"}, ("action",), "q"),
    ],
)
def test_a_faulty_link_is_refused_aloud(open_page, query, named, allowed, lang):
    app = open_page("overview", **query, lang=lang)
    assert not app.exception
    assert len(app.error) == 1
    assert all(name in app.error[0].value for name in named)
    assert allowed in text_of(app)
    assert not app.get("plotly_chart")
    assert not app.multiselect


def test_an_unknown_language_is_refused(open_page):
    app = open_page("overview", lang="de")
    assert "lang" in app.error[0].value
    assert not app.get("plotly_chart")


def test_a_selection_without_actions_says_which_filter_to_drop(open_page, snapshot):
    app = open_page("overview", region="africa", q="no action has these words")
    assert not app.exception
    assert not app.get("plotly_chart")
    drop = app.button(key="drop-q")
    assert str(headline(snapshot, Selection(regions=("africa",))).actions) in drop.label
    drop.click().run()
    assert kept_query(app) == {"region": ["africa"], "lang": ["en"]}
    assert app.get("plotly_chart")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_published_says_what_to_run(tmp_path: Path, monkeypatch, open_page, lang):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    for gate in ("closed", "open"):  # only staff can do something about it
        monkeypatch.setenv("DASHBOARD_STAFF", gate)
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


def test_fictional_data_is_said_to_be_fictional_and_real_data_is_not(open_page, monkeypatch):
    shown = current()  # another test may have opened another campaign meanwhile

    def is_announced(app: AppTest) -> bool:
        return "Fictional data" in text_of(app)

    monkeypatch.setitem(shown.campaign, "is_sample", True)
    assert all(is_announced(open_page(page_id)) for page_id in PAGE_IDS)
    monkeypatch.setitem(shown.campaign, "is_sample", False)
    assert not any(is_announced(open_page(page_id)) for page_id in PAGE_IDS)


def test_the_definitions_account_for_every_row(open_page, snapshot):
    text = text_of(open_page("definitions"))
    for file in snapshot.query("input_files").itertuples():
        assert file.source_file in text
        assert str(file.rows_read) in text
    for status in snapshot.codes["statuses"].values():
        assert status.labels["en"] in text


def test_where_no_single_filter_is_in_the_way_each_ones_own_count_is_shown(open_page, snapshot):
    arab, brazil = Selection(regions=("arab_states",)), Selection(countries=("BRA",))
    assert headline(snapshot, Selection(regions=("arab_states",), countries=("BRA",))).actions == 0
    app = open_page("overview", region="arab_states", country="BRA", q="no action has these words")
    assert not app.exception
    assert not [button for button in app.button if (button.key or "").startswith("drop-")]
    text = text_of(app)
    assert re.search(rf"Region\s+{headline(snapshot, arab).actions}\b", text)
    assert re.search(rf"Country\s+{headline(snapshot, brazil).actions}\b", text)
    app.button(key="empty-reset").click().run()
    assert app.get("plotly_chart")


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_a_country_has_its_page_and_others_are_chosen_there(open_page, snapshot, lang):
    app = open_page("country", country="GHA", lang=lang)
    assert not app.exception
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
    everywhere = open_page("country", lang=lang)
    everywhere.selectbox(key="country-choice").set_value("BRA").run()
    assert kept_query(everywhere) == {"country": ["BRA"], "lang": [lang]}


def test_a_country_without_an_action_says_so_and_shows_its_neighbours(open_page, snapshot):
    app = open_page("country", country="NPL", theme="mining")
    assert not app.exception
    assert "Nepal" in text_of(app)


def test_one_search_finds_everything_by_name_and_keeps_the_day(open_page, snapshot, monkeypatch):
    app = open_page("themes", theme="mining", as_of="2021-07-31")

    def find(words: str) -> dict[str, list[dict[str, list[str]]]]:
        [box] = [box for box in app.text_input if str(box.key).startswith("search-")]
        before = page_links(app)
        box.set_value(words).run()
        assert not app.exception
        found = page_links(app)
        return {page: [q for q in found[page] if q not in before.get(page, [])] for page in found}

    kept = {"as_of": ["2021-07-31"], "lang": ["en"]}
    assert find("ghana")["country"] == [{"country": ["GHA"], **kept}]
    assert {"theme": ["education"], **kept} in find("Éducation")["themes"]
    assert {"grouping": ["river_league"], **kept} in find("league imaginary river")["regions"]
    assert find("fix-003")["actions"][0] == {"action": ["FIX-003"], **kept}
    [maker] = snapshot.ask("select stakeholder_id from stakeholders where name like '%Cocoa Company'")["stakeholder_id"]
    assert {"stakeholder": [maker], **kept} in find("company cocoa")["stakeholders"]
    monkeypatch.setattr("dashboard.measures.search.MOST", 1)
    [number] = snapshot.ask("select count(*) as n from stakeholders where lower(name) like '%ministry%'")["n"]
    assert number > 1
    assert find("ministry")["stakeholders"][-1] == {"name": ["ministry"], **kept}
    assert kept in find("extracts")["download"]
    assert kept in find("help")["help"]
    find("zebra")
    assert any("Fewer words find more" in caption.value for caption in app.caption)
