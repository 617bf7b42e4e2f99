"""Real servers that the journeys share, and a real Chromium to look at them with."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Frame, Page, expect, sync_playwright

from benchmarks.servers import find_free_port, run_server
from dashboard.paths import PROJECT
from tests.browser.guides.campaigns import publish_sample
from tests.chromium import find_chromium
from tests.contacts import write_contacts
from tests.snapshots import copy_published

PATIENCE = 30_000
"""Milliseconds that a page has to show what is expected of it; five seconds are too few where much else runs."""

expect.set_options(timeout=PATIENCE)
SITE = "https://dashboard.example.org"
"""The address that pages of the sample show as theirs."""
QUIET = ("--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync")


@contextmanager
def running_server(campaign: Path, folder: Path, **settings: str) -> Iterator[str]:
    """The address of a dashboard, started as `make run` starts it, from another working directory (`folder`)."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    command = ["-m", "streamlit", "run", str(PROJECT / "app.py"), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    environment = {**own, "DASHBOARD_CAMPAIGN": str(campaign), "DASHBOARD_BASE_URL": address, **settings}
    with run_server("dashboard", command, port, folder, environment, "/_stcore/health") as server:
        yield server.url


@pytest.fixture(scope="session")
def server(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard of the fixture campaign; its staff pages are closed."""
    with running_server(campaign_folder, tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def sample_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard of the fictional sample, as readers have it; do not change it."""
    folder = tmp_path_factory.mktemp("sample server")
    publish_sample(folder / "campaign")
    with running_server(folder / "campaign", folder, DASHBOARD_BASE_URL=SITE) as address:
        yield address


@pytest.fixture(scope="session")
def staff_campaign(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the fixture campaign that staff may change; who does puts it back. Two of its silent have addresses."""
    copy = copy_published(campaign_folder, tmp_path_factory.mktemp("staff") / "campaign")
    write_contacts(copy, {"FIX-008": "contact008@example.org", "FIX-014": "contact014@example.org"})
    return copy


@pytest.fixture(scope="session")
def staff_server(staff_campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of that campaign's dashboard on staff's own computer: its staff pages are open."""
    with running_server(staff_campaign, tmp_path_factory.mktemp("server"), DASHBOARD_STAFF="open") as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real Chromium; only where none is installed are its tests skipped.

    It ends with this folder's tests: while Playwright is open, no other test of the thread can run an event loop.
    """
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome: install one, or name it in DASHBOARD_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox", *QUIET])
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def holding_nothing_back(context: BrowserContext) -> Iterator[None]:
    """Whether the content policy of pages holds nothing back of what is done with them."""
    held_back: list[str] = []

    def listen(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            held_back.append(said.text)

    context.on("console", listen)
    yield
    context.remove_listener("console", listen)
    assert held_back == []


@pytest.fixture(scope="package")
def desk_page(browser: Browser) -> Iterator[Page]:
    """The page of all readers at a desk: the first page of a new context costs as much as two or three more."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def reader(desk_page: Page) -> Iterator[Page]:
    """A reader at a desk, of whose browser only the cache has been used: nothing is stored, no cookie and no note."""
    visited: set[str] = set()

    def listen(frame: Frame) -> None:
        visited.add(frame.url)

    desk_page.on("framenavigated", listen)
    with holding_nothing_back(desk_page.context):
        yield desk_page
    desk_page.remove_listener("framenavigated", listen)
    leave(desk_page, visited)


def leave(page: Page, visited: Iterable[str]) -> None:
    """Leave an empty page for who comes next, and nothing stored of the addresses that have been visited."""
    for other in page.context.pages:
        if other != page:
            other.close()
    page.unroute_all()
    page.goto("about:blank")
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    for origin in {"://".join(urlsplit(address)[:2]) for address in visited if address.startswith("http")}:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    session.detach()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A reader with a phone."""
    context = browser.new_context(viewport={"width": 380, "height": 800}, is_mobile=True, has_touch=True)
    context.set_default_timeout(PATIENCE)
    with holding_nothing_back(context):
        yield context.new_page()
    context.close()
