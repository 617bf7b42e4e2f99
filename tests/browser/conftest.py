"""The real server on the fixture snapshot, and a real Chromium to look at it with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from benchmarks.servers import find_free_port, run_server
from dashboard.paths import PROJECT
from tests.chromium import find_chromium

PATIENCE = 30_000
"""Milliseconds that a page has to show what is expected of it; five seconds are too few where much else runs."""

expect.set_options(timeout=PATIENCE)
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; only where none is installed are its tests skipped.

    It ends with the module: while Playwright is open, no other test of the thread can run an event loop.
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
def _opened(context: BrowserContext) -> Iterator[Page]:
    """A page whose content policy holds nothing back of what the test does with it."""
    context.set_default_timeout(PATIENCE)
    held_back: list[str] = []
    context.on("console", lambda said: held_back.append(said.text) if "Content Security Policy" in said.text else None)
    yield context.new_page()
    context.close()
    assert held_back == []


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A reader at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    with _opened(context) as page:
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A reader with a phone."""
    with _opened(browser.new_context(viewport={"width": 380, "height": 800}, is_mobile=True, has_touch=True)) as page:
        yield page
