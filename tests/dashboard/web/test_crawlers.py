"""Requests of machines: pages for search engines, the list of them, and the contact for a weakness (RFC 9116)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree
from starlette.applications import Starlette

from dashboard.charts.catalogue import CATALOGUE
from dashboard.errors import UserError
from dashboard.ground.page_addresses import find_page, write
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.web import crawlers
from dashboard.web.handouts import Store
from dashboard.web.operating import CONTACT_PATH, write_security_contact
from tests.charts_over_http import BASE, PAGES, ask
from tests.shipped import LANGUAGES

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def app(site: Starlette, store: Store) -> Starlette:
    return site


def read(app: Starlette, path: str) -> etree._Element:
    answer = ask(app, path)
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


def test_robots_are_kept_out_of_what_is_staffs_and_led_to_the_sitemap(app: Starlette) -> None:
    lines = ask(app, "/robots.txt").text.splitlines()
    below = urlsplit(BASE).path
    assert {f"Disallow: {below}/{name}" for name in ("files", "ask", "settings")} <= set(lines)
    assert not any(f"Disallow: {below}/{find_page(name)}" in lines for name in PAGES.public)
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert len({ask(app, "/robots.txt", accept_encoding=form).headers["etag"] for form in ("gzip", "br")}) == 2


def test_the_sitemap_has_everything_public_in_every_language_and_a_large_one_in_parts(
    app, store: Store, snapshot: Snapshot, monkeypatch
) -> None:
    sitemap = read(app, "/sitemap.xml")
    listed = sitemap.xpath("s:url/s:loc/text()", namespaces=NAMES)
    assert len(set(listed)) == len(listed)
    ids = set(snapshot.ask("select action_id from actions")["action_id"])
    for lang in LANGUAGES:
        own = [address for address in listed if parse_qs(urlsplit(address).query)["lang"] == [lang]]
        others = {address.removeprefix(BASE) for address in own if "action=" not in address}
        places = ("charts", *PAGES.public, *(f"charts/{chart_id}" for chart_id in CATALOGUE))
        assert others == {write("", place, [("lang", lang)]) for place in places}
        assert {parse_qs(urlsplit(address).query)["action"][0] for address in own if "action=" in address} == ids
    entry = sitemap.xpath("s:url", namespaces=NAMES)[-1]
    assert set(entry.xpath("x:link/@hreflang", namespaces=NAMES)) == {*LANGUAGES, "x-default"}
    assert entry.xpath("s:loc/text()", namespaces=NAMES)[0] in entry.xpath("x:link/@href", namespaces=NAMES)
    assert entry.xpath("s:lastmod/text()", namespaces=NAMES) == [snapshot.built_at[:10]]
    whole = set(read(app, "/sitemap.xml").xpath("s:url/s:loc/text()", namespaces=NAMES))
    store.bodies.clear()
    monkeypatch.setattr(crawlers, "MOST_LISTED", 5 * len(LANGUAGES))
    parts = read(app, "/sitemap.xml").xpath("s:sitemap/s:loc/text()", namespaces=NAMES)
    assert len(parts) == -(-len(snapshot.ask("select action_id from actions")) // 5) > 1
    listed = [a for p in parts for a in read(app, p.removeprefix(BASE)).xpath("s:url/s:loc/text()", namespaces=NAMES)]
    assert set(listed) == whole
    assert len(listed) == len(whole)
    assert ask(app, f"/sitemap/{len(parts) + 1}.xml").status_code == 404


def test_the_contact_is_told_with_a_day_on_which_that_ends(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(app, CONTACT_PATH).status_code == 404
    monkeypatch.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org, https://example.org/report")
    monkeypatch.setenv("DASHBOARD_SECURITY_POLICY", "https://example.org/policy")
    answer = ask(app, CONTACT_PATH)
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:security@example.org", "https://example.org/report",
    ]  # fmt: skip
    single = {name: value for name, value in fields if name != "Contact"}
    assert len(single) == len(fields) - 2, "each other field once"
    assert single["Canonical"] == f"{BASE}{CONTACT_PATH}" and single["Policy"] == "https://example.org/policy"
    assert {"en", "fr", "es"} <= set(single["Preferred-Languages"].split(", "))
    remaining = datetime.fromisoformat(single["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < remaining < timedelta(days=365)


def test_a_contact_is_the_same_for_a_day_and_what_is_none_is_refused() -> None:
    settings = Settings.from_environment({"DASHBOARD_SECURITY_CONTACT": "security@example.org"})
    first, second, later = (
        write_security_contact(settings, BASE, datetime(2021, 6, day, hour, tzinfo=UTC))
        for day, hour in ((1, 0), (1, 23), (2, 0))
    )
    assert first == second != later
    assert "Policy" not in first
    for text in ("security", "http://example.org", "a@b\u00e9.example", "https://", "javascript:alert(1)@b"):
        with pytest.raises(UserError, match="DASHBOARD_SECURITY_CONTACT names"):
            Settings.from_environment({"DASHBOARD_SECURITY_CONTACT": text})
