"""Real servers that the journeys share, and a real Chromium to look at them with."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from benchmarks.amount import WATCH
from benchmarks.servers import find_free_port, run_server
from dashboard.paths import PROJECT
from dashboard.snapshot.database import POINTER
from tests.acceptance.conftest import publish_sample, share_folder
from tests.chromium import find_chromium
from tests.snapshots import copy_published

PATIENCE = 30_000
"""Milliseconds for a page to show the expected element; five seconds are too few where much else runs."""

expect.set_options(timeout=PATIENCE)
PASSWORD = "an imaginary password"  # noqa: S105
DESK: ViewportSize = {"width": 1280, "height": 900}
QUIET = ("--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync")
SCRIPTS = "--max-lazy --no-maglev --no-opt --min-semi-space-size=64 --max-semi-space-size=64"
CHEAP = ("--disable-gpu", "--renderer-process-limit=1", f"--js-flags={SCRIPTS}")
"""A page takes a fifth less of the processor: it is not drawn as for a screen, nor are scripts read ahead of their use,
made faster than a page's life is long, or swept up after as if it were longer.
"""


@contextmanager
def running_server(campaign: Path, folder: Path, **settings: str) -> Iterator[str]:
    """Run a dashboard by `streamlit run`, from another working directory (`folder`); yield its address."""
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    command = ["-m", "streamlit", "run", str(PROJECT / "app.py"), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    environment = {**own, "DASHBOARD_CAMPAIGN": str(campaign), "DASHBOARD_BASE_URL": address, **settings}
    with run_server("dashboard", command, port, folder, environment, "/_stcore/health") as server:
        yield server.url


@pytest.fixture(scope="session")
def campaign(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the fixture campaign, which the server shows; who publishes into it has it `stand_again`."""
    root = tmp_path_factory.mktemp("served") / "campaign"
    copy_published(campaign_folder, root)
    return root


def stand_again(campaign: Path, campaign_folder: Path) -> None:
    """Show the fixture's build again, and nothing else that has been taken in or published."""
    for name in ("inbox", "recipes", "private/reports"):
        shutil.rmtree(campaign / name, ignore_errors=True)
    (campaign / "campaign.toml").unlink(missing_ok=True)
    show_published(campaign_folder / "published", campaign / "published")


def show_published(source: Path, target: Path) -> None:
    """Publish a published snapshot elsewhere, as a build does: the pointer comes after all else."""
    files = sorted((file for file in source.iterdir() if file.is_file()), key=lambda file: file.name == POINTER)
    for file in files:
        Path(shutil.copyfile(file, target / "being copied")).replace(target / file.name)
    for file in target.iterdir():
        if file.is_file() and file.name not in {one.name for one in files}:
            file.unlink()


@pytest.fixture(scope="session")
def server(campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the dashboard of that campaign, whose staff pages are behind a password."""
    with running_server(campaign, tmp_path_factory.mktemp("server"), DASHBOARD_STAFF_PASSWORD=PASSWORD) as address:
        yield address


@pytest.fixture(scope="session")
def sample_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the published folder of the fictional sample; do not write into it."""
    return share_folder(tmp_path_factory, "sample campaign", publish_sample) / "published"


@pytest.fixture
def sample_server(server: str, campaign: Path, campaign_folder: Path, sample_published: Path) -> Iterator[str]:
    """Yield the address of the dashboard while it shows the fictional sample."""
    show_published(sample_published, campaign / "published")
    yield server
    stand_again(campaign, campaign_folder)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Yield a real Chromium; only where none is installed are its tests skipped.

    It ends with this folder's tests: while Playwright is open, no other test of the thread can run an event loop.
    """
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome: install one, or name it in DASHBOARD_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox", *QUIET, *CHEAP])
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def holding_nothing_back(context: BrowserContext) -> Iterator[None]:
    """Check that the content policy of pages blocks nothing that the tests do with them."""
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
    """Yield the page of all readers at a desk: the first page of a new context costs as much as two or three more.

    They have asked for less motion: movements while a page is drawn cost a quarter of it. A phone has not.
    """
    context = browser.new_context(viewport=DESK, accept_downloads=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def reader(desk_page: Page) -> Iterator[Page]:
    """Yield a reader at a desk whose browser has a used cache only: no storage, no cookie and no note."""
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
    page.emulate_media(media="null", color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(DESK)
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    for origin in {"://".join(urlsplit(address)[:2]) for address in visited if address.startswith("http")}:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    session.detach()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Yield a reader with a phone, whose pages record movements while they are drawn."""
    context = browser.new_context(viewport={"width": 380, "height": 800}, is_mobile=True, has_touch=True)
    context.add_init_script(WATCH)
    context.set_default_timeout(PATIENCE)
    with holding_nothing_back(context):
        yield context.new_page()
    context.close()
