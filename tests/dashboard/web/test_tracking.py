"""What networks and mail programs append to a link changes no answer of any address, nor what it is known by."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.snapshot.tracking import APPENDED, BEGINNINGS
from dashboard.ui import navigation
from dashboard.web import first_page
from dashboard.web.charts import routes
from dashboard.web.charts.desk import Desk
from tests.charts_over_http import BASE, ask

PAGES = navigation.list_pages()
TRACKED = urlencode(
    [
        *((name.upper() if name == "fbclid" else name, "IwAR0/x=y&z") for names in APPENDED.values() for name in names),
        *((f"{beginning}x", "a b") for beginning in BEGINNINGS),
        ("utm_source", "one"),
        ("utm_source", "two"),
        ("utm_campaign", ""),
    ]
)
"""Every name of the list at once, some twice and some without a value."""

CHART = "/charts/completion-by-region"
ROUTES = (
    CHART,
    *(f"{CHART}{ending}" for ending in ("/interactive", ".svg", ".png", ".csv", ".json", ".metadata.json")),
    "/charts/survey-answers",
    "/charts/explore",
    "/charts",
    "/charts/replay.json",
    "/show",
    "/oembed",
    "/extracts",
    "/extracts/actions.csv",
    "/extracts/actions.json",
    "/extracts/datapackage.json",
    "/latest.atom",
    "/latest.json",
    "/latest.ics",
    "/latest-build",
    "/newsletter/sign-up",
    "/robots.txt",
    "/sitemap.xml",
    *(f"/{page_id}" for page_id in PAGES.titles),
)
FOR_WORKERS = (f"{CHART}.xlsx", f"{CHART}.pptx", f"{CHART}.pdf", "/extracts/actions.xlsx", "/extracts/all-tables.zip")
"""Answers that a worker process makes: their headers say what they are known by."""


@pytest.fixture(scope="module")
def app(campaign_folder: Path) -> Iterator[Starlette]:
    with pytest.MonkeyPatch.context() as patch:
        own = Desk()
        patch.setattr(routes, "desk", lambda: own)
        patch.setattr(first_page, "MOST_SECONDS", 60)
        patch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
        patch.setenv("DASHBOARD_BASE_URL", BASE)
        patch.setenv("DASHBOARD_NEWSLETTER", "on")
        yield Starlette(routes=server.routes(PAGES), middleware=server.middleware(PAGES))
        own.close()


def write(path: str, query: str) -> str:
    """An address with a selection; the description of a chart has it in the address that is pasted."""
    if path != "/oembed":
        return f"{path}?{query}"
    return f"/oembed?url={quote(f'{BASE}{CHART}?{query}', safe='')}"


@pytest.mark.parametrize("path", [*ROUTES, *FOR_WORKERS])
def test_a_link_says_the_same_with_all_that_was_appended_to_it(app: Starlette, path: str) -> None:
    method = "HEAD" if path in FOR_WORKERS else "GET"
    plain = ask(app, write(path, "region=africa&theme=education&theme=mining&lang=fr"), method)
    shared = f"region=Africa&{TRACKED}&theme=education&theme=MINING&country=&as_of=&lang=fr-FR"
    if path.removeprefix("/") in PAGES.private:  # of these nobody is told anything
        shared = f"region=africa&{TRACKED}&theme=education&theme=mining&lang=fr"
    answer = ask(app, write(path, shared), method)
    assert plain.status_code == answer.status_code == 200, answer.text
    assert answer.headers.get("etag") == plain.headers.get("etag")
    assert answer.content == plain.content


def test_no_route_is_left_out() -> None:
    tried = {path.split("/")[1].split("?")[0] for path in (*ROUTES, *FOR_WORKERS)}
    without_links = {"files", "healthz", "readyz", "metrics", "sitemap"}  # no reader is led to these by a link
    assert {route.path.split("/")[1] for route in server.routes(PAGES)} - without_links <= tried


@pytest.mark.parametrize("name", ["ref", "cid", "source", "campaign", "regoin", "utm", "mc"])
def test_what_may_be_a_mistyped_filter_is_refused_like_any(app: Starlette, name: str) -> None:
    assert ask(app, f"{CHART}.csv?{name}=x").status_code == 400
