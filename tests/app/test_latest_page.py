"""The page Latest news: its list against the measure, its choices in the link, and the entry that a link names."""

from datetime import date

import pytest
from lxml import html

from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, list_latest
from dashboard.snapshot.selection import Selection
from tests.app.conftest import kept_query, mounted, text_of


def shown(app) -> list[tuple[str, str]]:
    """The kind and title of each entry of the lists, in their order; those that are coming first."""
    bodies = [element.proto.body for element in app.get("html") if 'class="entries"' in element.proto.body]
    items = [item for body in bodies for item in html.fromstring(f"<div>{body}</div>").xpath(".//li")]
    return [
        (item.xpath(".//*[contains(@class, 'kind ')]")[0].get("class").split("kind-")[1],
         item.xpath(".//p[@class='entry-title']")[0].text_content().removesuffix(" ↗"))
        for item in items
    ]  # fmt: skip


def toggles(app):
    (pills,) = [each for each in app.button_group if each.key and each.key.startswith("latest-kinds-")]
    return pills


def listed(rows) -> list[tuple[str, str]]:
    return list(zip(rows["kind"], rows["title"], strict=True))


def test_it_lists_what_happened_under_its_months_and_pages_go_on(open_page, snapshot):
    app = open_page("latest", lang="en")
    first = list_latest(snapshot, Selection(), Window(coming=False), limit=50)
    assert shown(app) == listed(first)
    text = text_of(app)
    assert "December 2021" in text
    total = sum(count_latest(snapshot, Selection(), Window(coming=False)).values())
    assert f"Entries 1 to 50 of {total}." in text
    second = open_page("latest", lang="en", page="2")
    assert shown(second) == listed(list_latest(snapshot, Selection(), Window(coming=False), limit=50, offset=50))


def test_kinds_are_toggles_in_the_link_as_feeds_have_them(open_page, snapshot):
    app = open_page("latest", kind=["story", "event"], lang="fr")
    assert shown(app) == [
        ("story", "Une école de plus (récit fictif)"),
        ("event", "World Day Against Child Labour, imagined"),
    ]
    assert kept_query(app)["kind"] == ["event,story"] or kept_query(app)["kind"] == ["story,event"]
    toggles(app).set_value(["milestone"]).run()
    assert kept_query(app)["kind"] == ["milestone"]
    assert {kind for kind, _ in shown(app)} == {"milestone"}
    toggles(app).set_value(list(NEWS)).run()
    assert "kind" not in kept_query(app)


def test_what_is_new_counts_every_kind_since_a_day(open_page, snapshot):
    app = open_page("latest", since="2021-12-01", region="africa", lang="en")
    window = Window(kinds=tuple(KINDS), since=date(2021, 12, 1), coming=False)
    counts = count_latest(snapshot, Selection(regions=("africa",)), window)
    assert f"{sum(counts.values())} entries since 1 December 2021." in text_of(app)
    assert len(shown(app)) == sum(counts.values()) > 3
    app.button_group(key="latest-since").set_value("monday").run()
    assert kept_query(app)["since"] == ["monday"]
    assert "since 27 December 2021" in text_of(app)  # the Monday before the last day, a Friday
    app.button_group(key="latest-by").set_value("known").run()
    assert "is not noted yet" in text_of(app)
    (_, data) = mounted(app, "last_visit")[0]
    assert "since" not in data["query"]
    assert "region=africa" in data["query"]


def test_events_to_come_stand_first_with_their_calendar(open_page):
    app = open_page("latest", as_of="2021-06-10", lang="en")
    assert shown(app)[0] == ("event", "World Day Against Child Labour, imagined")
    assert "Events from 10 June 2021 on" in text_of(app)
    assert "12 June 2021 to 13 June 2021" in text_of(app)
    assert not [kind for kind, _ in shown(app)[1:] if kind == "event"]


def test_a_link_to_an_entry_shows_it_whatever_its_kind_and_says_why_it_does_not(open_page, snapshot):
    report = list_latest(snapshot, Selection(), Window(kinds=("report",)), limit=9).iloc[8]
    app = open_page("latest", entry=report["entry_id"], lang="en")
    assert shown(app)[0] == ("report", report["title"])
    elsewhere = open_page("latest", entry=report["entry_id"], as_of="2021-06-17", lang="en")
    assert "The filters or the day leave it out." in text_of(elsewhere)
    for wrong in ("no id", "00000000-0000-0000-0000-000000000000"):
        assert "It is not in these figures" in text_of(open_page("latest", entry=wrong, lang="en"))


@pytest.mark.parametrize("query", [{"kind": "news"}, {"since": "yesterday"}, {"by": "name"}, {"page": "x"}])
def test_what_a_link_asks_for_and_is_not_known_is_said(open_page, query):
    app = open_page("latest", lang="en", **query)
    assert not app.exception
    (name, value) = next(iter(query.items()))
    assert f"{name}={value}" in " ".join(warning.value for warning in app.warning)
    assert len(shown(app)) == 50


def test_overview_says_what_is_new_and_leads_there(open_page, snapshot):
    window = Window(kinds=tuple(KINDS), since=date(2021, 12, 27), coming=False)
    counts = count_latest(snapshot, Selection(), window)
    assert counts["report"] > 0
    text = text_of(open_page("overview", lang="en"))
    assert "What is new since Monday, 27 December 2021" in text
    assert f"Reports: {counts['report']}" in text
