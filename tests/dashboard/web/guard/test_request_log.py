"""Every request has a number and a line in the log, without its content or its sender."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from dashboard.ground.logs.begin import is_wanted
from dashboard.ground.logs.lines import JsonLines
from dashboard.web.guard.request_log import RequestLog
from dashboard.web.site import RouteTable
from tests.charts_over_http import ask
from tests.page_connection import Page

SEARCH, NAME, MAIL, TOKEN = "brickkilns", "Sample-Person-001", "person1@example.org", "tokenTOKENtoken123"
PLANTED = (SEARCH, NAME, "Person", "person1", "example.org", "tokenTOKEN", "203.0.113", "planted")
ASKED = (
    (f"/charts/completion-by-region.json?q={SEARCH}&stakeholder={NAME}", "/charts/{name}"),
    (f"/charts/{NAME}.json", "/charts/{name}"),
    (f"/extracts/actions.csv?q={SEARCH}", "/extracts/{file}"),
    (f"/extracts/{SEARCH}.csv", "/extracts/{file}"),
    (f"/files/{TOKEN}", "/files/{token}"),
    (f"/newsletter/confirm?token={TOKEN}", "/newsletter/confirm"),
    (f"/newsletter/unsubscribe?email={MAIL}", "/newsletter/unsubscribe"),
    (f"/report/form?t={TOKEN}", "/report/form"),
    (f"/actions?q={SEARCH}", "/actions"),
    (f"/{MAIL}", "unknown"),
    (f"/charts/{NAME}/{SEARCH}", "unknown"),
    (f"/_stcore/upload_file/{TOKEN}/x", "/_stcore/upload_file"),
    (f"/_stcore/{TOKEN}", "/_stcore/…"),
    (f"/media/{TOKEN}.png", "/media/…"),
    ("/healthz", "/healthz"),
    ("/", "/"),
    ("/dashboard/charts/status-overview.svg", "/charts/{name}"),
)
HEADERS = {
    "user_agent": NAME, "referer": f"https://x.example.org/?q={SEARCH}", "cookie": f"a={TOKEN}",
    "x_forwarded_for": "203.0.113.9", "authorization": f"Basic {TOKEN}", "accept_language": "fr",
}  # fmt: skip


async def break_off(_request: object) -> None:
    raise ValueError(f"{NAME} {MAIL}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return the log down to `debug`, as JSON."""
    said, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(said), root.level
    handler.setFormatter(JsonLines())
    handler.addFilter(is_wanted)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(handler)
    root.setLevel(level)


def read(log: io.StringIO) -> list[dict]:
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in lines if line["logger"] == RequestLog.__module__]


def test_a_line_names_the_route_and_nothing_of_what_was_asked(site, log) -> None:
    answers = [ask(site, path, **HEADERS) for path, _ in ASKED]
    lines = read(log)
    assert [line["route"] for line in lines] == [route for _, route in ASKED]
    assert [line["status"] for line in lines] == [answer.status_code for answer in answers]
    assert [line["bytes"] for line in lines] == [int(answer.headers["content-length"]) for answer in answers]
    assert [line["request_id"] for line in lines] == [answer.headers["x-request-id"] for answer in answers]
    assert len({line["request_id"] for line in lines}) == len(ASKED)
    assert lines[0]["message"].startswith("GET /charts/{name}: 400 in ")
    assert [line["level"] for line in lines].count("debug") == 2  # a picture of Streamlit's, and a probe
    assert [word for word in PLANTED if word.lower() in log.getvalue().lower()] == []


def test_a_proxys_number_is_taken_where_it_is_well_formed(site, log) -> None:
    for given in ("proxy-00000001", f"{NAME} {MAIL}", "x"):
        number = ask(site, "/healthz", x_request_id=given).headers["x-request-id"]
        assert (number == given) is (given == "proxy-00000001")
        assert read(log)[-1]["request_id"] == number


def test_what_broke_is_answered_with_the_number_that_the_log_has(log) -> None:
    routes = [Route("/broken", break_off)]
    app = Starlette(routes=routes, middleware=[Middleware(RequestLog, pages=(), routes=RouteTable(routes))])
    answer = ask(app, "/broken", accept="application/json")
    number = answer.headers["x-request-id"]
    assert (answer.status_code, answer.json()["request_id"]) == (500, number)
    page = ask(app, "/broken", accept="text/html", accept_language="fr")
    assert page.headers["x-request-id"] in html.fromstring(page.text).text_content()
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    broken, line, *_ = read(log)
    assert broken["error"].startswith("ValueError at tests/dashboard/web/guard/test_request_log.py:")
    assert (broken["level"], broken["request_id"], line["status"]) == ("error", number, 500)
    assert [word for word in PLANTED if word in log.getvalue() + answer.text + page.text] == []


def test_who_gets_503_can_quote_the_number_and_who_errs_need_not(site, log, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    answer = ask(site, "/charts/status-overview.json")
    assert answer.status_code == 503
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == read(log)[0]["request_id"]
    page = ask(site, "/extracts/actions.csv", accept="text/html")
    assert page.headers["x-request-id"] in page.text
    assert "request_id" not in ask(site, "/nowhere/x", accept="application/json").text


def test_a_page_is_connected_under_the_number_that_its_scripts_see(log) -> None:
    seen = {}

    async def page(scope, _receive, send) -> None:
        seen.update(scope["headers"])
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": b"12345"})

    log_layer = RequestLog(page, ["actions"], RouteTable([]))
    visited = Page(log_layer, path="/actions/_stcore/stream", query=f"q={SEARCH}", x_request_id="no", host="x")
    asyncio.run(visited.run)
    (line,) = read(log)
    assert (line["method"], line["route"], line["status"], line["bytes"]) == ("WEBSOCKET", "/_stcore/stream", 101, 5)
    assert re.fullmatch("[0-9a-f]{16}", line["request_id"])
    assert (
        seen[b"x-request-id"].decode()
        == line["request_id"]
        == dict(visited.sent[0]["headers"])[b"x-request-id"].decode()
    )
