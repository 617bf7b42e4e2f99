"""Foreign names and foreign pages are refused before Streamlit sees them; the dashboard's own are not."""

import asyncio
from typing import Any

import pytest
import requests
import streamlit.net_util
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.server_util import is_url_from_allowed_origins
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dashboard import server
from dashboard.web.guard.hosts import Hosts, client_of, is_own_name, is_trusted, peer_of
from tests.charts_over_http import PAGES, ask
from tests.page_connection import Page

FOREIGN_NAMES = (
    "evil.example", "evil.example:8501", "127.0.0.1.evil.example", "127.evil.example", "localhost.evil.example",
    "", "user@localhost", "localhost/x", "localhost#", "10.0.0.1", "[fe80::1]", "0.0.0.1", "xintern.example.org",
    "actions.example.org.evil.example", "localhost:x",
)  # fmt: skip
OWN_NAMES = (
    "localhost", "LOCALHOST:9000", "127.0.0.1:8501", "127.8.9.1", "[::1]:8501", "actions.example.org",
    "Actions.Example.Org:8443", "actions.example.org.", "192.0.2.7:8501", "a.intern.example.org", "[2001:db8::7]:80",
)  # fmt: skip


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org/figures")
    monkeypatch.setenv("DASHBOARD_PUBLIC_NAMES", "192.0.2.7, *.intern.example.org [2001:db8::7]")


async def say_client(request: Any) -> PlainTextResponse:
    return PlainTextResponse(f"{client_of(request.scope)} {request.client.host} {request.url}")


@pytest.fixture
def app() -> Starlette:
    methods = ["GET", "POST", "PUT"]
    return Starlette(routes=[Route("/{rest:path}", say_client, methods=methods)], middleware=[Middleware(Hosts)])


def test_own_names_are_answered_with_any_port_and_foreign_ones_not(app: Starlette) -> None:
    for host in OWN_NAMES:
        assert is_own_name(host)
        assert ask(app, "/regions", host=host).status_code == 200
    for host in FOREIGN_NAMES:
        assert not is_own_name(host)
        answer = ask(app, "/regions", host=host, accept="text/html", accept_language="fr")
        assert (answer.status_code, answer.headers["content-language"]) == (421, "fr")
        assert "DASHBOARD_PUBLIC_NAMES" in answer.text
        for probe in ("/healthz", "/readyz", "/_stcore/health", "/figures/readyz"):
            assert ask(app, probe, host=host).status_code == 200
        for other in ("/regions/readyz", "/readyz/", "/metrics"):
            assert ask(app, other, host=host).status_code == 421


def test_what_changes_something_is_asked_for_by_own_pages_alone(app: Starlette) -> None:
    def send(method: str = "POST", host: str = "localhost:8501", **headers: str) -> int:
        return ask(app, "/newsletter/sign-up", method, host=host, **headers).status_code

    assert send() == 200  # no browser
    assert send(origin="http://localhost:8501") == 200
    assert send(host="actions.example.org", origin="https://actions.example.org:443") == 200
    assert send(origin="https://actions.example.org") == 200  # a proxy that sends its own name for the server
    assert send(origin="null", sec_fetch_site="same-origin") == 200
    foreign = ("http://localhost:3000", "http://evil.example", "http://localhost:8501.evil.example", "null", "x", "")
    for origin in foreign:
        assert send(origin=origin) == send("PUT", origin=origin) == 403
        assert send("GET", origin=origin) == 200  # whether its script may read that, the answer says


def test_forwarding_is_believed_of_named_proxies_alone(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "x_forwarded_for": "198.51.100.9, 203.0.113.5, 10.0.0.3",
        "x_forwarded_host": "a.intern.example.org",
        "x_forwarded_proto": "https",
    }
    assert ask(app, "/x", host="localhost:1", **said).text == "127.0.0.1 127.0.0.1 http://localhost:1/x"
    monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", "127.0.0.0/8 10.0.0.3")
    assert ask(app, "/x", host="localhost:1", **said).text == "203.0.113.5 203.0.113.5 https://a.intern.example.org/x"
    assert ask(app, "/x", host="localhost:1", **said | {"x_forwarded_host": "evil.example"}).status_code == 421
    monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", "10.0.0.0/8")
    assert ask(app, "/x", host="evil.example", **said).status_code == 421


def test_what_uvicorn_believed_of_this_computer_is_undone_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", "127.0.0.1")
    addresses: list[tuple[bool, str]] = []

    async def note(scope: Scope, _receive: Receive, _send: Send) -> None:
        addresses.append((is_trusted(peer_of(scope)), client_of(scope)))

    def ask_from(client: tuple[str, int] | None, hops: str) -> tuple[bool, str]:
        headers = [(b"x-forwarded-for", hops.encode())]
        asyncio.run(ProxyHeadersMiddleware(note)({"type": "http", "client": client, "headers": headers}, None, None))  # type: ignore[arg-type]
        return addresses.pop()

    assert ask_from(("127.0.0.1", 4711), "10.9.9.9, 198.51.100.9") == (True, "198.51.100.9")
    assert ask_from(None, "198.51.100.9") == (True, "198.51.100.9")
    for hops in ("127.0.0.1", "203.0.113.5", "203.0.113.5:4711", "10.9.9.9, 203.0.113.5", "203.0.113.5, 127.0.0.1"):
        assert ask_from(("203.0.113.5", 4711), hops) == (False, "203.0.113.5")
    monkeypatch.delenv("DASHBOARD_TRUSTED_PROXIES")
    assert ask_from(("127.0.0.1", 4711), "10.9.9.9, 198.51.100.9") == (False, "127.0.0.1")


def connect(app: ASGIApp, **headers: str) -> list[Message]:
    """Return the answer to the handshake of a websocket."""
    page = Page(app, **headers)
    asyncio.run(page.run)
    return page.sent


def test_streamlit_never_looks_up_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []
    for module, name in ((streamlit.net_util, "_make_blocking_http_get"), (requests, "get")):
        monkeypatch.setattr(module, name, lambda *args, **_: looked_up.append(args))
    monkeypatch.setattr(streamlit.net_util, "_external_ip", None)
    seen: list[bool] = []

    async def stream(scope: Any, _receive: object, send: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        seen.append(_is_origin_allowed(headers.get("origin"), headers["host"]))
        await send({"type": "websocket.accept"})

    app = Hosts(stream)
    own = [("LOCALHOST:8501", "http://localhost:8501"), ("actions.example.org", "https://actions.example.org:443")]
    for host, origin in [*own, ("localhost:8501", "https://actions.example.org"), ("localhost:8501", None)]:
        headers = {"host": host, "origin": origin} if origin else {"host": host}
        assert connect(app, **headers) == [{"type": "websocket.accept"}]
    assert seen == [True] * 4
    for origin in ("http://evil.example", "http://localhost:3000", "null", "", "file://", "http://[::1"):
        start, body = connect(app, host="localhost:8501", origin=origin)
        assert (start["type"], start["status"]) == ("websocket.http.response.start", 403)
        assert body["body"]
    assert connect(app, host="evil.example:8501", origin="http://evil.example:8501")[0]["status"] == 421
    assert len(seen) == 4
    assert looked_up == []
    is_url_from_allowed_origins("http://evil.example")  # the effect without the guard, so that the proof is one
    assert looked_up


def test_what_of_streamlit_no_page_needs_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []

    async def answer(request: Any) -> PlainTextResponse:
        reached.append(request.url.path)
        return PlainTextResponse("Streamlit")

    inside = Route("/{rest:path}", answer, methods=["GET", "POST"])
    app = Starlette(routes=[inside], middleware=server.middleware(PAGES))
    closed = (
        "/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp",
        "/_stcore/script-health-check", "/_stcore", "/_stcore/", "/component/x/index.html", "/auth/login",
        "/oauth2callback", "/app/static/x.txt", "/figures/_stcore/metrics",
    )  # fmt: skip
    for path in closed:
        for method in ("GET", "POST"):
            answer_ = ask(app, path, method, host="localhost")
            assert (answer_.status_code, reached) == (404, []), path
    needed = ("health", "host-config", "bidi-components/x.js")
    for path in (*(f"/_stcore/{name}" for name in needed), "/figures/_stcore/host-config", "/favicon.ico"):
        assert ask(app, path, host="localhost").text == "Streamlit"
    assert reached[-1] == "/favicon.png"
    assert "agent" not in ask(app, "/regions", host="localhost").text


def test_metrics_are_read_on_this_computer_or_by_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Starlette(routes=server.routes(), middleware=[Middleware(Hosts)])

    def read(host: str = "127.0.0.1:8501", **headers: str) -> int:
        return ask(app, "/metrics", host=host, **headers).status_code

    assert read() == 200
    assert read("actions.example.org") == 404
    for forwarding in ("x_forwarded_for", "forwarded", "via", "x_real_ip", "x_forwarded_host"):
        assert read(**{forwarding: "127.0.0.1"}) == 404
    monkeypatch.setenv("DASHBOARD_METRICS_TOKEN", "blue sky")
    assert read() == read(authorization="Bearer blue") == read(authorization="Basic blue sky") == 404
    assert read("actions.example.org", authorization="bearer blue sky", x_forwarded_for="203.0.113.5") == 200
