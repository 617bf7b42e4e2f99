"""The page Latest news drawn, its choices in the link; what it says is tested as data (`tests/dashboard/ui/latest`)."""

from datetime import UTC, date, datetime

from lxml import html

from dashboard.i18n import translator
from dashboard.measures.latest import NEWS, Window, list_latest
from dashboard.snapshot.selection import Selection
from dashboard.ui.latest.model import make_model
from tests.app.conftest import assert_drawn, kept_query, mounted, text_of


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


def test_what_it_says_is_drawn_events_to_come_first(open_page, snapshot):
    report = list_latest(snapshot, Selection(), Window(kinds=("report",)), limit=9).iloc[8]["entry_id"]
    for lang, query in (("fr", {"as_of": "2021-06-10"}), ("es", {"page": "2"}), ("en", {"entry": report})):
        app = open_page("latest", lang=lang, **query)
        assert not app.exception
        day = date.fromisoformat(query.pop("as_of")) if "as_of" in query else None
        selection = Selection(as_of=day, lang=lang)
        model = make_model(snapshot, selection, translator(lang), query, datetime.now(UTC).date())
        assert_drawn(app, model)
        news = model.news
        groups = (*(news.opened.entries if news.opened else ()), *(news.coming.entries if news.coming else ()))
        listed = [entry for group in (*groups, *news.listed.groups) for entry in group.entries]
        assert shown(app) == [(entry.kind, entry.title) for entry in listed]
        assert bool(groups) == ("page" not in query)


def test_its_choices_are_wired_to_the_link(open_page):
    app = open_page("latest", kind=["story", "event"], lang="fr")
    assert {kind for kind, _ in shown(app)} == {"story", "event"}
    assert kept_query(app)["kind"] == ["event,story"] or kept_query(app)["kind"] == ["story,event"]
    toggles(app).set_value(["milestone"]).run()
    assert kept_query(app)["kind"] == ["milestone"]
    assert {kind for kind, _ in shown(app)} == {"milestone"}
    toggles(app).set_value(list(NEWS)).run()
    assert "kind" not in kept_query(app)
    app.multiselect(key="filter-region").select("africa").run()
    app.button_group(key="latest-since").set_value("monday").run()
    assert kept_query(app)["since"] == ["monday"]
    app.button_group(key="latest-by").set_value("known").run()
    assert kept_query(app)["by"] == ["known"]
    (_, data) = mounted(app, "last_visit")[0]
    assert "since" not in data["query"]
    assert "region=africa" in data["query"]
    for name, value in {"kind": "news", "since": "yesterday", "by": "name", "page": "x"}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    warned = " ".join(warning.value for warning in app.warning)
    assert all(said in warned for said in ("kind=news", "since=yesterday", "by=name", "page=x"))


def test_an_entry_that_the_figures_do_not_have_is_said_so(open_page, snapshot):
    report = list_latest(snapshot, Selection(), Window(kinds=("report",)), limit=9).iloc[8]["entry_id"]
    app = open_page("latest", entry=report, as_of="2021-06-17", lang="en")
    assert "The filters or the day leave it out." in text_of(app)
    app.query_params["entry"] = "no id"
    app.run()
    assert "It is not in these figures" in text_of(app)
