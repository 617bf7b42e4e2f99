"""The HTTP side: compressed copies, conditional requests, headers, health, readiness and metrics."""

import asyncio
import gc
import gzip
import json
import sys
import time
from pathlib import Path

import brotli
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard import server
from dashboard.errors import SnapshotError
from dashboard.paths import PROJECT
from dashboard.snapshot import database
from dashboard.web import http, static
from dashboard.web.guard import ending
from dashboard.web.guard.counting import Counting, Traffic
from dashboard.web.guard.security_headers import SecurityHeaders
from dashboard.web.http import choose_encoding, matches
from dashboard.web.static import CompressedStatic, Copies, list_static_files, locate

SCRIPT = "const greeting = 'bonjour';\n" * 200
INDEX = "<!doctype html><p>" + "page " * 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (scripts / "app.1a2b.js").write_text(SCRIPT, encoding="utf-8")
    (scripts / "tiny.js").write_text("1", encoding="utf-8")
    (scripts / "font.woff2").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "index.html").write_text(INDEX, encoding="utf-8")
    return tmp_path


class Site:
    """A Starlette application with the middleware under test in front of plain files."""

    def __init__(self, folder: Path) -> None:
        self.copies = Copies(list_static_files(folder))
        self.traffic = Traffic()

        async def framed(_request: object) -> HTMLResponse:
            return HTMLResponse("x", headers={"Content-Security-Policy": "frame-ancestors *"})

        self.app = Starlette(
            routes=[Route("/framed", framed), Mount("/", StaticFiles(directory=folder, html=True))],
            middleware=[
                Middleware(Counting, counts=self.traffic),
                Middleware(SecurityHeaders),
                Middleware(CompressedStatic, copies=self.copies),
            ],
        )

    def request(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        return request(self.app, path, method, **headers)


def request(app: Starlette, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            del client.headers["accept-encoding"]
            return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return asyncio.run(ask())


@pytest.fixture
def site(folder: Path) -> Site:
    return Site(folder)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_script_is_sent_compressed_and_unpacks_to_the_file(site: Site, encoding: str) -> None:
    answer = site.request("/static/js/app.1a2b.js", accept_encoding=encoding)
    assert answer.status_code == 200
    assert answer.text == SCRIPT
    assert answer.headers["content-encoding"] == encoding
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


def test_copies_hold_what_the_encodings_say(folder: Path) -> None:
    copies = Copies(list_static_files(folder))
    assert brotli.decompress(copies.make("/static/js/app.1a2b.js", "br").body).decode() == SCRIPT
    assert gzip.decompress(copies.make("/static/js/app.1a2b.js", "gzip").body).decode() == SCRIPT


def test_each_file_is_compressed_once(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def compress(raw: bytes) -> bytes:
        calls.append(len(raw))
        return bytes(brotli.compress(raw, quality=1))

    monkeypatch.setattr(http, "COMPRESSORS", {"br": compress, "gzip": gzip.compress})
    for _ in range(3):
        assert site.request("/static/js/app.1a2b.js", accept_encoding="br").text == SCRIPT
    assert calls == [len(SCRIPT)]


def test_all_copies_are_made_ahead(folder: Path) -> None:
    copies = Copies(list_static_files(folder))
    assert copies.find("/static/js/app.1a2b.js", "br") is None
    copies.make_all()
    assert copies.find("/static/js/app.1a2b.js", "br") is not None
    assert copies.find("/", "br") is not None


def test_index_is_compressed_and_always_asked_for_again(site: Site) -> None:
    answer = site.request("/", accept_encoding="gzip, br")
    assert answer.text == INDEX
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["cache-control"] == "no-cache"


def test_client_without_compression_gets_the_file_itself(site: Site) -> None:
    answer = site.request("/static/js/app.1a2b.js", accept_encoding="identity")
    assert answer.text == SCRIPT
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/static/js/tiny.js", "/static/js/font.woff2"])
def test_small_and_compressed_files_are_left_alone(site: Site, path: str) -> None:
    answer = site.request(path, accept_encoding="br")
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def test_range_is_of_the_file_itself(site: Site) -> None:
    answer = site.request("/static/js/app.1a2b.js", accept_encoding="br", range="bytes=0-9")
    assert answer.status_code == 206
    assert answer.text == SCRIPT[:10]
    assert "content-encoding" not in answer.headers


def test_repeated_request_is_not_modified(site: Site) -> None:
    first = site.request("/static/js/app.1a2b.js", accept_encoding="br")
    again = site.request("/static/js/app.1a2b.js", accept_encoding="br", if_none_match=first.headers["etag"])
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-encoding" not in again.headers
    changed = site.request("/static/js/app.1a2b.js", accept_encoding="br", if_none_match='"other"')
    assert changed.status_code == 200


def test_encodings_have_their_own_etags(site: Site) -> None:
    tags = {
        site.request("/static/js/app.1a2b.js", accept_encoding=e).headers["etag"] for e in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


def test_head_has_the_headers_of_get_and_no_body(site: Site) -> None:
    get = site.request("/static/js/app.1a2b.js", accept_encoding="br")
    head = site.request("/static/js/app.1a2b.js", "HEAD", accept_encoding="br")
    assert head.status_code == 200
    assert head.content == b""
    assert dict(head.headers) == dict(get.headers)


def test_other_methods_go_on_to_the_application(site: Site) -> None:
    assert site.request("/static/js/app.1a2b.js", "POST", accept_encoding="br").status_code == 405


def test_base_path_and_unknown_paths(folder: Path) -> None:
    files = list_static_files(folder)
    assert locate("/child-labour/static/js/app.1a2b.js", files) == "/static/js/app.1a2b.js"
    assert locate("/static/js/../../index.html", files) is None
    assert locate("/static/js/none.js", files) is None
    assert locate("/regions", files) is None


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("identity, br;q=0.5", "identity"),
        ("br;q=high, gzip", "gzip"),
        ("deflate", "identity"),
        ("", "identity"),
    ],
)
def test_choice_of_encoding(accepted: str, encoding: str) -> None:
    assert choose_encoding(accepted) == encoding


@pytest.mark.parametrize(
    ("header", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False), (None, False)],
)
def test_etag_comparison(header: str | None, expected: bool) -> None:
    assert matches(header, '"a"') is expected


def test_every_answer_has_security_headers(site: Site) -> None:
    for path in ("/", "/static/js/app.1a2b.js", "/static/js/font.woff2"):
        answer = site.request(path, accept_encoding="br")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert "referrer-policy" in answer.headers


def test_route_for_embedding_keeps_its_own_policy(site: Site) -> None:
    assert site.request("/framed").headers["content-security-policy"] == "frame-ancestors *"


def test_answers_are_counted(site: Site) -> None:
    site.request("/", accept_encoding="br")
    site.request("/missing.js")
    site.request("/missing.js")
    assert site.traffic.requests == {("GET", 200): 1, ("GET", 404): 2}


def test_open_pages_are_counted_while_they_are_open() -> None:
    counts = Traffic()
    seen = []

    async def page(_scope: object, _receive: object, _send: object) -> None:
        seen.append(counts.open_pages)
        raise ConnectionResetError

    guard = Counting(page, counts)
    with pytest.raises(ConnectionResetError):
        asyncio.run(guard({"type": "websocket"}, None, None))  # type: ignore[arg-type]
    assert seen == [1]
    assert counts.open_pages == 0


def test_streamlits_own_files_are_found() -> None:
    copy = static.streamlit_copies().make("/", "br")
    assert b"<html" in brotli.decompress(copy.body)


@pytest.fixture
def operator() -> Starlette:
    return Starlette(routes=server.routes())


def test_health_needs_no_snapshot(operator: Starlette, nothing_published: None) -> None:
    answer = request(operator, "/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.fixture
def nothing_published(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> database.Snapshot:
        raise SnapshotError("Nothing has been published yet in /somewhere/private.")

    monkeypatch.setattr(database, "current", refuse)


def test_not_ready_without_a_snapshot_and_no_path_is_told(operator: Starlette, nothing_published: None) -> None:
    answer = request(operator, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "/somewhere" not in answer.text
    metrics = request(operator, "http://127.0.0.1/metrics")
    assert metrics.status_code == 200
    assert "dashboard_snapshot_ready 0.0" in metrics.text
    assert "dashboard_build_info" not in metrics.text


def test_ready_with_a_snapshot(operator: Starlette, campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    answer = request(operator, "/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "build_id": "fixture", "built_at": "2022-01-10T09:00:00Z"}
    with ending.begun():
        answer = request(operator, "/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "reason": "The server ends."})


def test_metrics_are_prometheus_text(
    operator: Starlette, campaign_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    answer = request(operator, "http://127.0.0.1/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'dashboard_build_info{build_id="fixture"} 1.0' in lines
    assert "dashboard_snapshot_ready 1.0" in lines
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert all(family.documentation and family.type in ("gauge", "counter") for family in families.values())
    assert families.keys() >= {"dashboard_open_pages", "dashboard_http_requests", "dashboard_chart_bytes_kept"}
    if sys.platform == "linux":  # the only system where the library can tell
        assert families["process_start_time_seconds"].samples[0].value < time.time()
        assert families["process_resident_memory_bytes"].samples[0].value > 10_000_000
    assert {sample.labels["cache"] for sample in families["dashboard_cache_hits"].samples} == {
        "charts",
        "extracts",
        "queries",
    }
    documented = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = {sample.name for family in families.values() for sample in family.samples}
    assert not [name for name in names if name.startswith("dashboard_") and f"`{name}`" not in documented]


def test_metrics_in_the_newer_format_for_those_who_ask_for_it(operator: Starlette, nothing_published: None) -> None:
    answer = request(operator, "http://127.0.0.1/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text.endswith("# EOF\n")


def test_start_prepares_for_the_first_reader(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    static.streamlit_copies.cache_clear()

    async def start() -> int:
        async with server.lifespan(None):
            while static.streamlit_copies().find("/", "br") is None:
                await asyncio.sleep(0.01)
            return gc.get_freeze_count()

    try:
        assert asyncio.run(asyncio.wait_for(start(), timeout=60)) > 0
    finally:
        gc.unfreeze()


def test_not_ready_when_the_snapshot_is_broken(
    operator: Starlette, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published = tmp_path / "published"
    published.mkdir()
    (published / "broken.duckdb").write_bytes(b"this is no database")
    pointer = {"snapshot": "broken.duckdb", "build_id": "b", "built_at": "2021-12-31T00:00:00Z"}
    (published / "current.json").write_text(json.dumps(pointer), encoding="utf-8")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    assert request(operator, "/readyz").status_code == 503


def test_not_ready_when_the_pointer_is_no_json(
    operator: Starlette, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    assert request(operator, "/readyz").status_code == 503
