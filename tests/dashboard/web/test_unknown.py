"""Addresses where nothing is: people get a page in their language with ways on, programs JSON below a route."""

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.i18n import translator
from dashboard.web.refusals import UnknownAddress
from dashboard.web.site import RouteTable
from tests.charts_over_http import BROWSER as BROWSERS
from tests.charts_over_http import PAGES, ask

BROWSER = {"accept": BROWSERS}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org/figures")
    known = Route("/{rest:path}", lambda _: PlainTextResponse("known"))
    routes = [Route(path, known.endpoint) for path in ("/charts", "/charts/{name}")]
    unknown = Middleware(UnknownAddress, pages=PAGES, routes=RouteTable(routes))
    return Starlette(routes=[known], middleware=[unknown])


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


def test_what_is_known_is_answered_as_ever_and_programs_too(app: Starlette) -> None:
    for path in ("/", "/regions", "/figures/regions", "/charts/nowhere", "/figures/charts/x", "/_stcore/health"):
        assert ask(app, path, **BROWSER).text == "known", path
    assert ask(app, "/nowhere", accept="application/json").text == "known"


def test_below_a_route_there_is_no_shell_but_an_answer_in_the_form_asked_for(app: Starlette) -> None:
    for path in ("/charts/x/y", "/figures/charts/x/y"):
        answer = ask(app, path)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, "*")
        assert answer.json()["allowed"] == ["/charts", "/charts/{name}"]
        assert "/figures/charts/x/y" in answer.json()["error"]
        assert ask(app, path, "POST").status_code == 404
        page = html.fromstring(ask(app, path, **BROWSER).text)
        assert page.findtext(".//h1") == "There is no such page"
