"""The page Latest news drawn, its choices in the link; its texts are tested as data (`tests/dashboard/ui/latest`)."""

from datetime import UTC, date, datetime

import pytest
from lxml import html

from dashboard.measures.latest import KINDS
from dashboard.ui.latest.body import News, make_model
from tests.app.conftest import (
    assert_drawn,
    filter_by,
    kept_query,
    list_lines,
    mounted,
)
from tests.views import lead, make_view


def shown(app) -> list[str]:
    """Return the titles of the lists' entries, in order: that of the link first, then those that are coming."""
    tables = [table for body in bodies_of(app) for table in html.fromstring(f"<div>{body}</div>").xpath("//table")]
    return [row.xpath("./th/bdi/@title")[0] for table in tables for row in table.xpath(".//tbody/tr")]


def bodies_of(app) -> list[str]:
    return [element.proto.body for element in app.get("html") if 'class="cards"' in element.proto.body]


def test_what_it_says_is_drawn_events_to_come_first_and_an_entry_of_a_link_or_why_not(open_page, snapshot):
    report = make_model(make_view(snapshot, "latest", {"kind": "report"}), date(2022, 3, 1))
    assert isinstance(report, News)
    entry_id = lead(report.list_model.lines[0]["when"].link)[1]["entry"][0]
    for query in ({"as_of": "2021-06-10"}, {"page": "2", "kind": "news"}, {"entry": entry_id}, {"entry": "no id"}):
        app = open_page("latest", lang="fr", **query)
        day = {"as_of": date.fromisoformat(query["as_of"])} if "as_of" in query else {}
        own = {name: value for name, value in query.items() if name != "as_of"}
        news = make_model(make_view(snapshot, "latest", own, lang="fr", **day), datetime.now(UTC).date())
        assert isinstance(news, News)
        assert_drawn(app, news, ids=("happened", "known_on", *KINDS, *(head.name for head in news.list_model.heads)))
        above = [
            one
            for one in (news.linked_entry and news.linked_entry.entry, news.coming and news.coming.list_model)
            if one
        ]
        assert shown(app) == [line["title"].text for listed in (*above, news.list_model) for line in listed.lines]
        assert bool(above) == (query.keys() & {"as_of"} != set() or query.get("entry") == entry_id)


@pytest.mark.nightly
def test_its_choices_are_wired_to_the_link(open_page):
    app = open_page("latest", kind=["story", "event"], lang="fr")
    kinds = {line.cells["Type"] for line in list_lines(app, "Entrées")}
    assert kinds == {"Récit", "Événement"}
    assert kept_query(app)["kind"] in (["event,story"], ["story,event"])
    filter_by(app, "region", "africa")
    app.query_params["since"], app.query_params["by"] = "2021-12-01", "known"
    app.run().date_input(key="latest-day").set_value(date(2021, 11, 2)).run()
    assert (kept_query(app)["since"], kept_query(app)["by"]) == (["2021-11-02"], ["known"])
    (_, data) = mounted(app, "last_visit")[0]
    assert "since" not in data["query"] and "region=africa" in data["query"]
