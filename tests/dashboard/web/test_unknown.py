"""Addresses where nothing is: people get a page in their language with ways on, programs a sentence as JSON."""

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard import server
from dashboard.i18n import translator
from dashboard.web.guard.admission import Admission
from dashboard.web.site import RouteTable
from tests.charts_over_http import BROWSER as BROWSERS
from tests.charts_over_http import PAGES, ask

BROWSER = {"accept": BROWSERS}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    known = Route("/{rest:path}", lambda _: PlainTextResponse("known"))
    admission = Middleware(Admission, pages=PAGES, routes=RouteTable(server.routes(PAGES)))
    return Starlette(routes=[known], middleware=[admission])


@pytest.mark.parametrize(
    ("address", "accepted", "lang"),
    [
        ("/Regionss", "", "en"),
        ("/figures/regionss?lang=es", "fr", "es"),
        ("/regions/all", "de-AT, en;q=0.4, fr-CA;q=0.8", "fr"),
    ],
)
def test_an_unknown_address_leads_on_in_the_readers_language(
    app: Starlette, address: str, accepted: str, lang: str
) -> None:
    answer = ask(app, address, accept_language=accepted, **BROWSER)
    page, t = html.fromstring(answer.text), translator(lang)
    assert (answer.status_code, page.get("lang"), answer.headers["content-language"]) == (404, lang, lang)
    assert page.findtext(".//h1") == t("There is no such page")
    ways = {link.get("href"): link.text for link in page.iter("a")}
    assert ways[f"/figures/regions?lang={lang}"] == t("Regions")
    assert len(ways) == len(PAGES.ways) + 1
    assert ways[f"/figures/actions?part=stakeholders&lang={lang}"] == t("Stakeholders")
    assert not any("/upload" in way for way in ways)
    if "egionss" in address:  # what was meant stands first
        assert next(iter(ways)) == f"/figures/regions?lang={lang}"


def test_what_is_known_is_answered_as_ever_and_nothing_else_to_programs(app: Starlette) -> None:
    for path in ("/", "/regions", "/figures/regions", "/charts/nowhere", "/figures/charts/x", "/_stcore/health"):
        assert ask(app, path, **BROWSER).text == "known", path
    for path in ("/nowhere", "/charts/x/y", "/figures/charts/x/y"):
        answer = ask(app, path, accept="application/json")
        assert (answer.status_code, path in answer.json()["error"]) == (404, True)
        assert ask(app, path, "POST", **BROWSER).status_code == 404
        page = html.fromstring(ask(app, path, **BROWSER).text)
        assert page.findtext(".//h1") == "There is no such page"
