"""The page Latest news drawn, its choices in the link; what it says is tested as data (`tests/dashboard/ui/latest`)."""

from datetime import UTC, date, datetime

from lxml import html

from dashboard.i18n import translator
from dashboard.measures.latest import KINDS, NEWS
from dashboard.snapshot.selection import Selection
from dashboard.ui.latest.model import make_model
from tests.app.conftest import (
    assert_drawn,
    filter_by,
    kept_query,
    mounted,
)


def shown(app) -> list[tuple[str, str]]:
    """The kind and title of each entry of the lists, in their order; those that are coming first."""
    bodies = [element.proto.body for element in app.get("html") if 'class="entries"' in element.proto.body]
    items = [item for body in bodies for item in html.fromstring(f"<div>{body}</div>").xpath(".//li")]
    return [
        (item.xpath(".//*[contains(@class, 'kind ')]")[0].get("class").split("kind-")[1],
         item.xpath(".//p[@class='entry-title']")[0].text_content().removesuffix(" ↗"))
        for item in items
    ]  # fmt: skip


def test_what_it_says_is_drawn_events_to_come_first_and_an_entry_of_a_link_or_why_not(open_page, snapshot):
    report = make_model(snapshot, Selection(), translator("en"), {"kind": "report"}, date(2022, 3, 1)).news
    entry_id = dict(report.listed.groups[0].entries[0].permalink.pairs)["entry"]
    for query in ({"as_of": "2021-06-10"}, {"page": "2", "kind": "news"}, {"entry": entry_id}, {"entry": "no id"}):
        app = open_page("latest", lang="fr", **query)
        selection = Selection(as_of=date.fromisoformat(query["as_of"]) if "as_of" in query else None, lang="fr")
        own = {name: value for name, value in query.items() if name != "as_of"}
        model = make_model(snapshot, selection, translator("fr"), own, datetime.now(UTC).date())
        assert_drawn(app, model, ids=("happened", *KINDS))
        news = model.news
        groups = (*(news.opened.entries if news.opened else ()), *(news.coming.entries if news.coming else ()))
        listed = [entry for group in (*groups, *news.listed.groups) for entry in group.entries]
        assert shown(app) == [(entry.kind, entry.title) for entry in listed]
        assert bool(groups) == (query.keys() & {"as_of"} != set() or query.get("entry") == entry_id)


def test_its_choices_are_wired_to_the_link(open_page):
    app = open_page("latest", kind=["story", "event"], lang="fr")
    assert {kind for kind, _ in shown(app)} == {"story", "event"}
    assert kept_query(app)["kind"] in (["event,story"], ["story,event"])
    for kinds, stated in ((["milestone"], ["milestone"]), (list(NEWS), None)):
        (toggles,) = [each for each in app.button_group if each.key and each.key.startswith("latest-kinds-")]
        toggles.set_value(kinds).run()
        assert kept_query(app).get("kind") == stated
    filter_by(app, "region", "africa")
    app.button_group(key="latest-since").set_value("monday")
    app.button_group(key="latest-by").set_value("known").run()
    assert (kept_query(app)["since"], kept_query(app)["by"]) == (["monday"], ["known"])
    (_, data) = mounted(app, "last_visit")[0]
    assert "since" not in data["query"] and "region=africa" in data["query"]
