"""The sites of nginx: that before an installation which may write to its campaign alone, and that of public files."""

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from benchmarks.servers import find_free_port
from dashboard.commands import serve
from dashboard.web.guard.hosts import Hosts
from dashboard.web.public_files.files_of_build import HEADERS_FILE, name_headers
from dashboard.web.public_files.publishing import MANIFEST
from tests.browser.conftest import CHEAP, PATIENCE, QUIET
from tests.chromium import find_chromium
from tests.deploy.running import (
    DEPLOY,
    NAME,
    SITE,
    Site,
    as_nobody,
    find_nginx,
    install,
    make_environment,
    make_unwritable,
    proxied,
    read_directive,
    read_settings,
    running_nginx,
    seconds,
    serving,
)
from tests.snapshots import publish_fixture

pytestmark = pytest.mark.slow
PASSWORD = "a sample password"  # noqa: S105


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield an installation with the packages of this environment, whose program nobody may change, behind nginx."""
    find_nginx()  # before an installation is made for nothing
    folder = tmp_path_factory.mktemp("server")
    campaign = folder / "campaign"
    publish_fixture(campaign)
    answer = install(folder / "installed", "--environment", str(make_environment(folder / "environment")))
    assert answer.returncode == 0, answer.stderr
    make_unwritable(folder / "installed" / "program")
    settings = {"DASHBOARD_STAFF_PASSWORD": PASSWORD}
    with (
        serving(folder / "installed", campaign, folder, settings, as_nobody()) as port,
        proxied(port, folder / "nginx") as found,
    ):
        yield found


@contextmanager
def browsing(site: Site) -> Iterator[Page]:
    """Open a page of a browser in which the public name leads to the site."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome: install one, or name it in DASHBOARD_CHROMIUM")
    leads = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{site.tls}, MAP * ~NOTFOUND"
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(
            executable_path=str(path), args=["--no-sandbox", *QUIET, *CHEAP, leads]
        )
        try:
            page = browser.new_context(ignore_https_errors=True, reduced_motion="reduce").new_page()
            page.set_default_timeout(PATIENCE)
            yield page
        finally:
            browser.close()


def test_a_page_opens_with_its_connection_by_http_2(site: Site) -> None:
    sockets: list[str] = []
    with browsing(site) as page:
        page.on("websocket", lambda opened: sockets.append(opened.url))
        page.goto(f"https://{NAME}/regions?region=africa")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
        protocol = page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
    assert protocol == "h2"
    assert sockets == [f"wss://{NAME}/_stcore/stream"]


@pytest.mark.nightly
def test_staff_sign_in_and_hand_over_the_largest_file(site: Site, tmp_path: Path) -> None:
    most = int(read_settings()["DASHBOARD_UPLOAD_MB"]) * 10**6
    for name, size in (("largest.csv", most), ("larger.csv", most + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    with browsing(site) as page:
        page.goto(f"https://{NAME}/upload")
        page.get_by_label("Staff password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        field = page.locator("input[type=file]")
        with page.expect_response(lambda answer: "/upload_file/" in answer.url, timeout=PATIENCE) as taken:
            field.set_input_files(tmp_path / "largest.csv")
        assert taken.value.status == 204
        field.set_input_files(tmp_path / "larger.csv")
        page.get_by_text("larger.csv").hover()
        expect(page.get_by_text("MB or smaller").first).to_be_visible(timeout=PATIENCE)
        (cookie,) = (one for one in page.context.cookies() if "session" in one["name"])
    assert cookie["name"].startswith("__Host-") and cookie["secure"] and cookie["httpOnly"]


def test_an_extract_downloads_and_names_the_public_address(site: Site) -> None:
    answer, body = site.ask("/extracts/actions.csv?region=africa")
    assert answer.status == 200 and body.count(b"\n") > 1
    assert f"https://{NAME}/" in site.ask("/sitemap.xml")[1].decode()
    assert "Server" not in answer.headers or "/" not in answer.headers["Server"]


def test_a_file_of_the_stated_size_passes_and_a_larger_one_is_refused_in_a_sentence(site: Site) -> None:
    stated = int(re.fullmatch(r"(\d+)m", read_directive("client_max_body_size"))[1])
    for size, status, said in (
        (1_000, 401, "Sign in for access."),  # has come as far as the dashboard
        (stated * 2**20 + 1, 413, f"Files of up to {stated - 1} MB are taken."),
    ):
        with site.connect() as connection:
            head = f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {size}\r\n\r\n"
            connection.sendall(head.encode() + b"x" * min(size, 1_000))
            answer = connection.recv(4_096).decode()
        assert answer.startswith(f"HTTP/1.1 {status}"), answer
        assert said in answer


@pytest.mark.parametrize(
    "name",
    ["client_header_timeout", pytest.param("client_body_timeout", marks=pytest.mark.nightly)],
)
def test_slow_clients_are_closed_within_the_stated_seconds(site: Site, name: str) -> None:
    sent = f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: {NAME}\r\n"
    sent += "Content-Length: 1000\r\n\r\nabc" if name == "client_body_timeout" else "X-Slow: "
    stated = seconds(read_directive(name))
    began = time.monotonic()
    with site.connect() as connection:
        connection.sendall(sent.encode())
        with suppress(ConnectionResetError):  # a connection that timed out is reset
            while connection.recv(4_096):
                pass
    assert stated - 1 < time.monotonic() - began < stated + 5


@pytest.mark.nightly
def test_one_address_that_holds_all_it_may_keeps_nobody_else_out(site: Site) -> None:
    most = int(re.search(r"limit_conn dashboard_clients +(\d+);", SITE)[1])
    unfinished = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9\r\n\r\na".encode()
    with ExitStack() as held:
        for _ in range(most):
            connection = held.enter_context(site.connect(source="127.0.0.9"))
            connection.sendall(unfinished)
        time.sleep(0.2)
        refused, body = site.ask("/healthz", source="127.0.0.9")
        assert (refused.status, refused.headers["Retry-After"]) == (429, "5") and b"Too much" in body
        assert site.ask("/healthz", source="127.0.0.10")[0].status == 200


@pytest.mark.nightly
def test_one_address_that_asks_too_fast_is_told_to_wait(site: Site) -> None:
    burst = int(re.search(r"limit_req .*burst=(\d+)", SITE)[1])
    request = f"GET /healthz HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
    statuses: list[bytes] = []
    with site.connect(source="127.0.0.11") as connection:
        connection.sendall(request * (2 * burst))
        answered = b""
        while len(statuses := re.findall(rb"HTTP/1.1 (\d+) ", answered)) < 2 * burst and (
            part := connection.recv(65_536)
        ):
            answered += part
    assert set(statuses) == {b"200", b"429"} and statuses.count(b"200") > burst
    assert site.ask("/healthz", source="127.0.0.12")[0].status == 200


def test_long_headers_are_refused_in_a_sentence(site: Site) -> None:
    answer, body = site.ask("/", headers={"Cookie": "a" * 70_000})
    assert answer.status == 400
    assert b"too long" in body


def test_foreign_names_are_refused(site: Site) -> None:
    with pytest.raises(ssl.SSLError):
        site.connect("evil.example").close()
    for opened in (site.connect(), socket.create_connection(("127.0.0.1", site.plain))):
        with opened as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            assert connection.recv(100) == b"", "closed without a word"


def test_who_comes_without_tls_is_sent_to_the_stated_address(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.plain)) as connection:
        connection.sendall(f"GET /regions?region=africa HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        answer = connection.recv(2_000).decode()
    assert answer.startswith("HTTP/1.1 301") and f"\r\nLocation: https://{NAME}/regions?region=africa\r\n" in answer


def test_a_foreign_page_gets_no_connection(site: Site) -> None:
    asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    asked |= {"Sec-WebSocket-Version": "13"}
    with site.connect() as connection:
        lines = [
            f"{name}: {value}" for name, value in (asked | {"Host": NAME, "Origin": "https://evil.example"}).items()
        ]
        connection.sendall(("GET /_stcore/stream HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode())
        assert b" 403 " in connection.recv(200)


def test_the_log_has_neither_words_nor_tokens_and_the_dashboards_number(site: Site) -> None:
    site.ask("/newsletter/secrettoken")
    number = site.ask("/extracts/actions.csv?q=searchedword")[0].headers["X-Request-Id"]
    log, end = site.folder / "access.log", time.monotonic() + 10
    while number not in log.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    lines = [line for line in log.read_text().splitlines() if line.endswith(number)]
    assert len(lines) == 1 and '"GET /extracts/actions.csv HTTP/1.1" 200 ' in lines[0]
    server = (site.folder.parent / "server.log").read_text()
    assert not any(secret in log.read_text() + server for secret in ("searchedword", "secrettoken"))


@contextmanager
def echoing() -> Iterator[int]:
    """Run a server with the limits of `serve` that names, behind the layers of every answer, each client's request."""

    async def echo(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        said = {"client": scope["client"][0], "scheme": scope["scheme"]}
        said |= {name.decode(): value.decode() for name, value in scope["headers"]}
        await JSONResponse(said)(scope, _receive, send)

    listener = serve.listen("127.0.0.1", 0)
    server = serve.make_server(Hosts(echo), lifespan="off", log_config=None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def test_the_client_is_known_by_the_named_proxy_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_BASE_URL", read_settings()["DASHBOARD_BASE_URL"])
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "Forwarded": "for=203.0.113.9"}
    with echoing() as port, proxied(port, tmp_path / "nginx") as site:
        for proxies, client, scheme in (
            (read_settings()["DASHBOARD_TRUSTED_PROXIES"], "127.0.0.8", "https"),
            ("", "127.0.0.1", "http"),
        ):
            monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", proxies)
            said = json.loads(site.ask("/", headers=forged, source="127.0.0.8")[1])
            assert (said["client"], said["scheme"], said["host"]) == (client, scheme, NAME), proxies
            assert "203.0.113.9" not in said.values() and "forwarded" not in said
        monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", "127.0.0.7")
        assert json.loads(site.ask("/", headers=forged, source="127.0.0.8")[1])["client"] == "127.0.0.1"


def test_a_stopped_dashboard_is_said_in_a_sentence(tmp_path: Path) -> None:
    with proxied(find_free_port(), tmp_path / "nginx") as site:
        answer, body = site.ask("/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert "being started" in body.decode() and "démarre" in body.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


PUBLIC = (
    "index.html", "charts.json", "sitemap.xml", "robots.txt", "assets/font-1.woff2", "fr/x.html", "fr/x.svg", 
    "fr/x.png", "fr/x.csv", "fr/latest.atom", "fr/latest.json", "fr/latest.ics", "fr/data/x.parquet", "fr/data/x.zip",
    "builds/0/fr/x.metadata.json", "evidence/x.pdf", "evidence/x.jpg", "evidence/x.webp",
)  # fmt: skip


def test_each_public_file_has_its_type_and_lifetime(tmp_path: Path) -> None:
    types = next(path for path in (Path("/etc/nginx"), *Path(find_nginx()).parents) if (path / "mime.types").is_file())
    root, port = tmp_path / "public", find_free_port()
    for name in (*PUBLIC, MANIFEST, HEADERS_FILE):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x" * 2000)
    site = (DEPLOY / "nginx-public.conf").read_text(encoding="utf-8")
    for place, other in {
        r"listen \[::\]:80;": "",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "/srv/public": str(root),
        r"mime\.types": str(types / "mime.types"),
    }.items():
        site, count = re.subn(place, other, site)
        assert count == 1, place
    with running_nginx(tmp_path, f"access_log off;\n{site}", port), httpx.Client(timeout=20) as client:
        for name in PUBLIC:
            answer = client.get(f"http://127.0.0.1:{port}/{name}")
            expected = name_headers(name)
            assert {key: answer.headers[key] for key in expected} == expected, name
            is_evidence = name.startswith("evidence/")
            assert answer.headers.get("content-security-policy") == (
                "default-src 'none'; sandbox" if is_evidence else None
            )
            assert answer.headers["access-control-allow-origin"] == "*"
        for name in (MANIFEST, HEADERS_FILE):
            assert client.get(f"http://127.0.0.1:{port}/{name}").status_code == 404
