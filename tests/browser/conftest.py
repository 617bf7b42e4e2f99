"""The real server on the fixture snapshot, and a real Chromium to look at it with."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.paths import PROJECT
from tests.chromium import find_chromium

START_SECONDS = 60
PATIENCE = 30_000
"""Milliseconds that a page has to show what is expected of it; five seconds are too few where much else runs."""

expect.set_options(timeout=PATIENCE)
QUIET = ("--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync")


@contextmanager
def running_server(campaign: Path, log: Path, **settings: str) -> Iterator[str]:
    """The address of a dashboard, started as `make run` starts it, from another working directory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py"), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    environment = {**own, "DASHBOARD_CAMPAIGN": str(campaign), "DASHBOARD_BASE_URL": address, **settings}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=log.parent, env=environment, stdout=output, stderr=output)
        try:
            _await_answer(f"{address}/_stcore/health", process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def server(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard of the fixture campaign; its staff pages are closed."""
    with running_server(campaign_folder, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


def _await_answer(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (this test's own server)
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer: {log.read_text(errors='replace')}")


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


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A reader at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A reader with a phone."""
    context = browser.new_context(viewport={"width": 380, "height": 800}, is_mobile=True, has_touch=True)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
