"""The list of charts as a page for people, beside the one for programs."""

from urllib.parse import urljoin

import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.charts.catalogue import CATALOGUE
from dashboard.i18n import translator
from tests.cases import of_which
from tests.charts_over_http import ask, ask_all
from tests.shipped import LANGUAGES

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_people_get_every_chart_with_its_picture_and_every_link_leads_somewhere(app: Starlette, lang: str) -> None:
    path = f"/charts?region=africa&theme=education&lang={lang}"
    answer = ask(app, path, accept=BROWSER)
    assert (answer.status_code, answer.headers["vary"]) == (200, "Accept, Accept-Encoding")
    page = html.fromstring(answer.text)
    assert page.get("lang") == lang
    t = translator(lang)
    assert page.xpath("//h2/a/text()") == [t(spec.title) for spec in CATALOGUE.values()]
    addresses = [urljoin(path, address) for address in page.xpath("//a/@href") if not address.startswith("openapi")]
    assert len(page.xpath("//*[local-name()='svg']")) == len(CATALOGUE)
    assert all("region=africa" in address and "theme=education" in address for address in addresses)
    (picture,) = page.xpath("//meta[@property='og:image']/@content")
    assert "/charts/completion-by-region.png?region=africa&theme=education" in picture
    (canonical,) = page.xpath("//link[@rel='canonical']/@href")
    assert canonical.endswith(path)
    assert set(page.xpath("//link/@hreflang")) == {*LANGUAGES, "x-default"}
    pages = [address for address in dict.fromkeys(addresses) if address.startswith("/charts") and ".png" not in address]
    assert {a.status_code for a in ask_all(app, pages, accept=BROWSER, at_once=4)} == {200}


def test_programs_get_json_as_before(app: Starlette) -> None:
    for accept in ("*/*", "application/json", ""):
        answer = ask(app, "/charts", accept=accept)
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["vary"] == "Accept"
        assert [chart["id"] for chart in answer.json()["charts"]] == list(CATALOGUE)
    tags = {ask(app, "/charts", accept=accept).headers["etag"] for accept in ("*/*", BROWSER)}
    assert len(tags) == 2


def test_a_faulty_link_is_refused_in_its_own_form(app: Starlette) -> None:
    assert "<h1>" in ask(app, "/charts?region=atlantis", accept=BROWSER).text
    assert ask(app, "/charts?region=atlantis").json()["parameter"] == "region"
