"""The HTTP side: compressed copies, conditional requests, headers, health, readiness and metrics."""

import asyncio
import gc
import gzip
import shutil
import sys
import time
from pathlib import Path

import brotli
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dashboard import server
from dashboard.errors import SnapshotError
from dashboard.paths import PROJECT
from dashboard.snapshot import database
from dashboard.web import http, static
from dashboard.web.guard import ending, request_log
from dashboard.web.guard.request_log import RequestLog, Traffic
from dashboard.web.http import choose_encoding, matches
from dashboard.web.site import RouteTable
from dashboard.web.static import CompressedStatic, Copies, list_static_files, locate
from tests.charts_over_http import ask
from tests.page_connection import Page
from tests.snapshots import mark_as_others, publish_fixture

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


APP_JS = "/static/js/app.1a2b.js"


@pytest.fixture
def traffic(monkeypatch: pytest.MonkeyPatch) -> Traffic:
    counts = Traffic()
    monkeypatch.setattr(request_log, "traffic", lambda: counts)
    return counts


@pytest.fixture
def site(folder: Path, traffic: Traffic) -> Starlette:
    """Return the middleware under test in front of plain files."""
    return Starlette(
        routes=[Mount("/", StaticFiles(directory=folder, html=True))],
        middleware=[
            Middleware(RequestLog, pages=(), routes=RouteTable([])),
            Middleware(CompressedStatic, copies=Copies(list_static_files(folder))),
        ],
    )


def test_script_is_sent_compressed_and_unpacks_to_the_file(site: Starlette) -> None:
    answers = {encoding: ask(site, APP_JS, accept_encoding=encoding) for encoding in ("br", "gzip", "identity")}
    for encoding, answer in answers.items():
        assert (answer.status_code, answer.text) == (200, SCRIPT)
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert encoding == "identity" or int(answer.headers["content-length"]) < len(SCRIPT) / 10
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert encoding == "identity" or "immutable" in answer.headers["cache-control"]
    assert len({answer.headers["etag"] for answer in answers.values()}) == 3
    index = ask(site, "/", accept_encoding="gzip, br")
    assert (index.text, index.headers["content-encoding"]) == (INDEX, "br")
    assert index.headers["cache-control"] == "no-cache"


def test_each_file_is_compressed_once(site: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def compress(raw: bytes) -> bytes:
        calls.append(len(raw))
        return bytes(brotli.compress(raw, quality=1))

    monkeypatch.setattr(http, "COMPRESSORS", {"br": compress, "gzip": gzip.compress})
    for _ in range(3):
        assert ask(site, APP_JS, accept_encoding="br").text == SCRIPT
    assert calls == [len(SCRIPT)]


def test_what_is_not_to_be_compressed_is_left_and_a_repeated_request_is_not_modified(site: Starlette) -> None:
    for path in ("/static/js/tiny.js", "/static/js/font.woff2"):
        answer = ask(site, path, accept_encoding="br")
        assert (answer.status_code, "content-encoding" in answer.headers) == (200, False)
    part = ask(site, APP_JS, accept_encoding="br", range="bytes=0-9")
    assert (part.status_code, part.text, "content-encoding" in part.headers) == (206, SCRIPT[:10], False)
    assert ask(site, APP_JS, "POST", accept_encoding="br").status_code == 405
    first = ask(site, APP_JS, accept_encoding="br", x_request_id="request-1")
    again = ask(site, APP_JS, accept_encoding="br", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-encoding" not in again.headers
    assert ask(site, APP_JS, accept_encoding="br", if_none_match='"other"').status_code == 200
    head = ask(site, APP_JS, "HEAD", accept_encoding="br", x_request_id="request-1")
    assert (head.status_code, head.content, head.headers) == (200, b"", first.headers)


def test_tags_and_paths_are_told_from_others(folder: Path) -> None:
    files = list_static_files(folder)
    assert locate(f"/child-labour{APP_JS}", files) == APP_JS
    assert [locate(path, files) for path in ("/static/js/../../index.html", "/static/js/none.js", "/regions")] == [
        None
    ] * 3
    same, other = ('"a"', 'W/"a"', '"b", "a"', '"b","a" , "c"', "*"), ('"b"', "a", 'W/"b", "c"', "", None)
    assert all(matches(header, '"a"') for header in same)
    assert not any(matches(header, '"a"') for header in other)


@pytest.mark.parametrize(
    ("encoding", "accepted"),
    [
        ("br", ["gzip, deflate, br, zstd", "*"]),
        ("gzip", ["gzip", "GZIP;q=0.5", "br;q=0.2, gzip;q=0.9", "br;q=0, *", "br;q=high, gzip"]),
        ("identity", ["br;q=0, gzip;q=0", "*;q=0", "identity, br;q=0.5", "deflate", ""]),
    ],
)
def test_choice_of_encoding(encoding: str, accepted: list[str]) -> None:
    assert {text: choose_encoding(text) for text in accepted} == dict.fromkeys(accepted, encoding)


def test_answers_are_counted(site: Starlette, traffic: Traffic) -> None:
    for path in ("/", "/missing.js", "/missing.js"):
        ask(site, path, accept_encoding="br")
    assert traffic.requests == {("GET", 200): 1, ("GET", 404): 2}


def test_open_pages_are_counted_while_they_are_open(traffic: Traffic) -> None:
    seen = []

    async def page(_scope: object, _receive: object, _send: object) -> None:
        seen.append(traffic.open_pages)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        asyncio.run(Page(RequestLog(page, [], RouteTable([]))).run)
    assert (seen, traffic.open_pages) == ([1], 0)


@pytest.fixture
def operator() -> Starlette:
    return Starlette(routes=server.routes())


def test_without_a_snapshot_it_is_healthy_not_ready_and_no_path_is_told(operator, monkeypatch) -> None:
    def refuse() -> database.Snapshot:
        raise SnapshotError("Nothing has been published yet in /somewhere/private.")

    monkeypatch.setattr(database, "current", refuse)
    healthy = ask(operator, "/healthz")
    assert (healthy.status_code, healthy.text) == (200, "ok\n")
    answer = ask(operator, "/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert "/somewhere" not in answer.text
    metrics = ask(operator, "/metrics", host="127.0.0.1")
    assert metrics.status_code == 200
    assert "dashboard_snapshot_ready 0.0" in metrics.text
    assert "dashboard_build_info" not in metrics.text
    newer = ask(operator, "/metrics", host="127.0.0.1", accept="application/openmetrics-text; version=1.0.0")
    assert newer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert newer.text.endswith("# EOF\n")


def test_ready_with_a_snapshot_and_metrics_are_prometheus_text(operator, campaign_folder: Path, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    answer = ask(operator, "/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "build_id": "fixture", "built_at": "2022-01-10T09:00:00Z"}
    with ending.begun():
        answer = ask(operator, "/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "reason": "The server ends."})
    answer = ask(operator, "/metrics", host="127.0.0.1")
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
    caches = {sample.labels["cache"] for sample in families["dashboard_cache_hits"].samples}
    assert caches == {"charts", "extracts", "queries"}
    documented = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = {sample.name for family in families.values() for sample in family.samples}
    assert not [name for name in names if name.startswith("dashboard_") and f"`{name}`" not in documented]


def test_a_good_snapshot_put_back_is_ready_and_read_at_once(operator: Starlette, tmp_path, monkeypatch, caplog) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    file = publish_fixture(tmp_path)
    good = file.read_bytes()
    middle = len(good) // 2
    draft = Path(shutil.copy(file, tmp_path / "draft"))
    mark_as_others(draft)
    for damaged in (good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :], b"", draft.read_bytes()):
        assert ask(operator, "/readyz").status_code == 200
        file.write_bytes(damaged)
        caplog.clear()
        assert [ask(operator, "/readyz").status_code for _ in range(2)] == [503, 503]
        assert caplog.text.count("Readers go on with build fixture") == 1, "what is damaged is read once"
        draft.write_bytes(good)
        draft.replace(file) if damaged else shutil.copy(draft, file)  # another file, or the same one
        assert ask(operator, "/readyz").status_code == 200
        database.current().read_whole()
    for gone in (file, file.with_name("current.json")):
        gone.unlink()
        assert ask(operator, "/readyz").status_code == 503, gone.name


def test_start_prepares_for_the_first_reader_also_of_a_campaign_to_come(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "new"))
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
    assert (tmp_path / "new" / ".gitignore").is_file(), "what is put there from now on stays out of git"
