"""The page of one action: where its facts lead, what became of it, who else does the same, and its letters."""

import re
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb
import pytest
from lxml import html

from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.similar import find_similar
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.selection import Selection
from tests.snapshots import copy_published

ACTION = "FIX-001"
POSTS = """
delete from events;
delete from stories;
delete from post_texts;
delete from post_actions;
insert into events (id, on_date, title, language, action_id, source_file, source_row, ends_on, place)
values ('ev', date '2021-11-02', 'Forum', 'en', 'FIX-001', 'f', 1, date '2021-11-04', 'Sampletown');
insert into stories (id, on_date, title, language, action_id, source_file, source_row)
values
('st', date '2021-08-01', 'Story', 'en', 'FIX-001', 'f', 2),
('other', date '2021-08-01', 'No', 'en', 'FIX-002', 'f', 3);
insert into post_texts
values
('event', 'ev', 'en', 'A forum of growers', 'Three days.', null, 'https://example.org/forum'),
('story', 'st', 'en', 'From field to school', 'How it went.', null, 'https://example.org/en'),
('story', 'st', 'fr', 'Du champ à l''école', 'Ce qui s''est passé.', null, 'https://example.org/fr'),
('story', 'st', 'es', 'Del campo a la escuela', null, null, 'javascript:alert(1)'),
('story', 'other', 'en', 'No', null, null, null);
insert into post_actions
values ('event', 'ev', 1, 'FIX-001', 'id'), ('story', 'st', 1, 'FIX-001', 'id'), ('story', 'other', 2, 'FIX-002', 'id');
"""


@pytest.fixture(scope="module")
def eventful(campaign_folder, tmp_path_factory):
    """The fixture campaign with events and stories, and with somebody who answers readers."""
    folder = tmp_path_factory.mktemp("eventful") / "campaign"
    copy_published(campaign_folder, folder)
    with duckdb.connect(next((folder / "published").glob("*.duckdb"))) as connection:
        connection.execute(POSTS)
    return folder


@pytest.fixture
def open_action(open_page, eventful, monkeypatch):
    """Opens the page of an action, as HTML that can be looked through."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(eventful))

    def open_it(action_id=ACTION, **query):
        app = open_page("actions", action=action_id, **query)
        assert not app.exception
        bodies = "".join(
            element.proto.body for element in app.get("html") if not element.proto.body.startswith("<style")
        )
        return html.fromstring(f"<main>{bodies}</main>")

    return open_it


def words(element) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", element.text_content()).strip()


def links(element) -> dict[str, dict[str, list[str]]]:
    """The pages that links lead to, with the parameters, by the links' words."""
    found = {}
    for way in element.xpath(".//a[@data-way]"):
        address = urlsplit(way.get("href"))
        found[words(way)] = {"page": [address.path.rpartition("/")[2]], **parse_qs(address.query)}
    return found


def test_facts_lead_to_the_pages_that_show_them_on_the_same_day(open_action, snapshot):
    page = open_action(region="africa", as_of="2021-09-30", lang="fr")
    kept = {"as_of": ["2021-09-30"], "lang": ["fr"]}
    labels = {
        name: {code: known.labels["fr"] for code, known in codes.items()} for name, codes in snapshot.codes.items()
    }
    found = links(page.xpath("//dl")[0])
    assert found[labels["themes"]["agriculture"]] == {"page": ["themes"], "theme": ["agriculture"], **kept}
    assert found[labels["categories"]["roadmap_or_policy"]]["page"] == ["categories"]
    assert found[labels["countries"]["CIV"]] == {"page": ["country"], "country": ["CIV"], **kept}
    assert found[labels["regions"]["africa"]] == {"page": ["regions"], "region": ["africa"], **kept}
    facts = register.details(snapshot, ACTION).facts
    maker = links(page)[facts["stakeholder"]]
    assert maker == {"page": ["stakeholders"], "stakeholder": [facts["stakeholder_id"]], **kept}


def test_what_is_not_classified_leads_nowhere(open_action, snapshot):
    frame = register.page(snapshot, Selection(themes=("unclassified",)))
    page = open_action(frame["action_id"].iloc[0])
    assert snapshot.codes["themes"]["unclassified"].labels["en"] in words(page.xpath("//dl")[0])
    assert not [way for way in links(page.xpath("//dl")[0]).values() if "unclassified" in str(way)]


def test_texts_say_their_language(open_action):
    page = open_action(lang="en")
    title = page.xpath("//h2[@data-place]")[0]
    assert (title.get("lang"), title.get("data-place")) == ("fr", f"actions/{ACTION}")
    assert {text.get("lang") for text in page.xpath("//p[@class='what']") if text.get("lang")} >= {"fr"}


def test_the_timeline_says_what_became_of_each_milestone_on_the_day(open_action, snapshot):
    frame = register.details(snapshot, ACTION, date(2021, 6, 1)).milestones
    page = open_action(as_of="2021-06-01")
    items = page.xpath("//ol[@class='timeline']/li")
    marks = [item.get("class") for item in items]
    assert [mark for mark in marks if mark != "now"] == frame["outcome"].tolist()
    assert marks.count("now") == 1
    assert items[marks.index("now")].get("aria-current") == "date"
    days = [item.xpath(".//time/@datetime") for item in items]
    now = marks.index("now")
    assert all(day[0] <= "2021-06-01" for day in days[:now])
    assert all(not day or day[0] > "2021-06-01" for day in days[now + 1 :])
    assert len(set(marks)) > 2


def test_reports_say_what_they_changed(open_action, snapshot):
    frame = register.details(snapshot, ACTION).reports
    assert len(frame) > 1
    items = open_action().xpath("//ol[@class='reports']/li")
    assert len(items) == len(frame)
    latest, first = items[0], items[-1]
    statuses = [words(mark) for mark in latest.xpath(".//span[starts-with(@class, 'status status-')]")]
    label = {code: known.labels["en"] for code, known in snapshot.codes["statuses"].items()}
    assert statuses == [label[frame["status"].iloc[1]], label[frame["status"].iloc[0]]]
    assert len(first.xpath(".//span[starts-with(@class, 'status status-')]")) == 1
    assert "(+" in words(latest)


def test_events_and_stories_stand_there_once_in_the_readers_language(open_action):
    page = open_action(lang="fr")
    items = page.xpath("//ul[@class='posts']/li")
    assert [words(item.xpath("p[@class='what']")[0]) for item in items] == ["A forum of growers", "Du champ à l'école"]
    assert "2 novembre 2021" in words(items[0])
    assert "4 novembre 2021" in words(items[0])
    assert "Sampletown" in words(items[0])
    story = items[1]
    assert story.xpath(".//a/@href") == ["https://example.org/fr", "https://example.org/en"]  # no script is a way
    assert words(story.xpath("p[@class='when']")[-1]) == "Également en : Anglais, Espagnol"
    assert not open_action("FIX-003").xpath("//ul[@class='posts']")
    early = open_action(as_of="2021-07-01").xpath("//ul[@class='posts']/li")
    assert [words(item.xpath("p[@class='what']")[0]) for item in early] == ["A forum of growers"]  # announced before


def test_others_who_do_this_say_why_and_lead_on(open_action, snapshot):
    near = [one for one in find_similar(snapshot, ACTION) if not one.is_own]
    page = open_action(region="africa", status="completed")
    items = page.xpath("//ol[@class='others']")[0].xpath("li")
    assert [links(item)[words(item.xpath("p[@class='what']")[0])]["action"] for item in items] == [
        [one.action_id] for one in near
    ]
    themes = [snapshot.codes["themes"][code].labels["en"] for code in near[0].shared["theme"]]
    assert all(theme in words(items[0]) for theme in themes)
    completed = [one.is_completed for one in near]
    assert completed == sorted(completed, reverse=True)


def test_where_nothing_is_near_the_page_says_so(open_action, snapshot):
    assert find_similar(snapshot, "FIX-027") == []
    said = translator("es")("No other stakeholder's action shares enough of its themes, category, place and words.")
    assert said in words(open_action("FIX-027", lang="es"))


def letters(page) -> list[tuple[str, str, str]]:
    """The letters that a page begins: address, subject and text."""
    found = []
    for way in page.xpath("//a[starts-with(@href, 'mailto:')]"):
        address, _, query = way.get("href").removeprefix("mailto:").partition("?")
        parts = dict(pair.split("=", 1) for pair in query.split("&"))
        found.append((address, unquote(parts["subject"]), unquote(parts["body"])))
    return found


def test_letters_go_to_the_secretariat_and_name_both_actions(open_action, eventful, snapshot, monkeypatch):
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    file = eventful / "campaign.toml"
    file.write_text(shipped.replace("secretariat@example.org", "office@office.int"), encoding="utf-8")
    first, *_, last = letters(open_action(lang="fr"))
    other = next(one for one in find_similar(snapshot, ACTION) if not one.is_own)
    assert first[0] == last[0] == "office@office.int"
    assert other.action_id in first[1]
    assert re.findall(r"/actions/([^?\s]+)\?lang=fr", first[2]) == [other.action_id, ACTION]
    assert translator("fr")("What is wrong, and how it should be:") in last[2]
    assert re.findall(r"/actions/([^?\s]+)\?lang=fr", last[2]) == [ACTION]
    file.write_text(shipped.partition("[publisher]")[0], encoding="utf-8")
    page = open_action()
    assert not letters(page)
    assert "campaign.toml" not in words(page)
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    assert "[publisher]" in words(open_action())  # staff are told how


def test_the_ways_lead_through_the_filtered_register_in_its_order(open_action, snapshot):
    selection = Selection(regions=("africa",))
    ids = register.page(snapshot, selection, sort="title", descending=True)["action_id"].tolist()
    page = open_action(ids[1], region="africa", sort="title", order="desc", lang="en")
    bar = page.xpath("//nav[@class='action-ways']")[0]
    assert f"Action 2 of {len(ids)}" in words(bar)
    ways = {way.get("class"): parse_qs(urlsplit(way.get("href")).query) for way in bar.xpath("a")}
    order = {"region": ["africa"], "sort": ["title"], "order": ["desc"], "lang": ["en"]}
    assert ways == {
        "back": order,
        "prev": order | {"action": [ids[0]]},
        "next": order | {"action": [ids[2]]},
    }
    first = open_action(ids[0], region="africa", sort="title", order="desc")
    assert [way.get("class") for way in first.xpath("//nav[@class='action-ways']/a")] == ["back", "next"]


def test_an_action_outside_of_the_selection_opens_with_the_way_back_only(open_action, snapshot):
    outside = register.page(snapshot, Selection(regions=("americas",)))["action_id"].iloc[0]
    page = open_action(outside, region="africa")
    assert [way.get("class") for way in page.xpath("//nav[@class='action-ways']/a")] == ["back"]


def test_readers_get_a_line_about_its_origin_and_staff_the_rows(open_action, snapshot, monkeypatch):
    file = register.details(snapshot, ACTION).facts["source_file"]
    assert file in words(open_action())
    assert not open_action().xpath("//table")
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    assert file in words(open_action().xpath("//table")[-1])
