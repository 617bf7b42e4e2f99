"""Two servers of one campaign behind nginx: alike in their answers, and one goes on where the other ended."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks import replicas
from benchmarks.readers import Reader
from dashboard.web.guard.visiting import COOKIE
from tests.browser.conftest import PATIENCE
from tests.deploy.running import NAME, Site
from tests.deploy.several import NAMES, Servers, SteadySocket, several
from tests.deploy.test_site import PASSWORD, browsing
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.registers import HEADER, action
from tests.snapshots import publish_fixture

pytestmark = pytest.mark.slow
LEFT_ALONE = 6.0
"""Seconds after which nginx asks a server again that was away."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servers, Site]]:
    folder = tmp_path_factory.mktemp("several")
    publish_fixture(folder / "campaign")
    with several(folder / "campaign", folder) as found:
        yield found


def test_both_answer_alike(two: tuple[Servers, Site]) -> None:
    servers, site = two
    for path in ("/charts/completion-by-region.svg", "/extracts/actions.csv?region=africa", "/latest-build"):
        (first, body), (second, same) = (servers.ask(name, path) for name in NAMES)
        assert (first["etag"], body) == (second["etag"], same), path
        answer, _ = site.ask(path, headers={"If-None-Match": first["etag"]})
        assert answer.status == 304 and "Set-Cookie" not in answer.headers, "what any server answers names none"


async def choose(reader: Reader, region: str) -> str:
    assert region in reader.options
    await reader.run([region])
    assert not reader.failure
    return reader.query.split("&")[0]


async def read_through_a_kill(servers: Servers, site: Site) -> str:
    """Click before and after the server of a page is killed; gives its name."""
    async with SteadySocket(site) as socket:
        reader = Reader(socket, "regions")
        await reader.run(None)
        assert await choose(reader, "africa") == "region=africa"
        before, session = socket.server, socket.session
        await socket.open()  # the connection alone breaks: the page stays where it is
        assert (await choose(reader, "americas"), socket.server) == ("region=americas", before)
        assert before in NAMES and socket.session == session
        servers.kill(before)
        assert await choose(reader, "africa") == "region=africa", "the first click after the end"
        assert socket.server in NAMES and socket.server != before and socket.session != session
        assert site.ask("/extracts/actions.csv?region=africa")[0].status == 200, "one of them is enough"
        assert "Traceback" not in servers.log(socket.server).read_text()
        return before


async def click_through_an_end(servers: Servers, site: Site) -> None:
    """Click on and on while a page's server gets the signal to end, and until it is gone."""
    async with SteadySocket(site) as socket:
        reader = Reader(socket, "regions")
        await reader.run(None)
        before = socket.server
        ending = asyncio.create_task(asyncio.to_thread(servers.end, before))
        while not ending.done():
            assert await choose(reader, "africa") == "region=africa"
            assert await choose(reader, "americas") == "region=americas"
        await ending
        assert await choose(reader, "africa") == "region=africa"
        assert socket.server != before
        assert "Traceback" not in servers.log(before).read_text()


def test_a_page_goes_on_at_the_other_server_and_no_click_is_lost(two: tuple[Servers, Site]) -> None:
    servers, site = two
    servers.start(asyncio.run(read_through_a_kill(servers, site)))


async def click_before_the_page_is_drawn(site: Site) -> str:
    """Click an element of another server while this one runs the page as opened; return the address then."""
    async with SteadySocket(site) as socket:
        before = Reader(socket, "regions")
        await before.run(None)
    async with SteadySocket(site) as socket:
        after = Reader(socket, "regions")
        after.widget, after.page_hash = before.widget, before.page_hash
        await after.ask(None)
        await after.ask(["africa"])
        async with asyncio.timeout(PATIENCE / 1_000):
            while "region=" not in after.query:
                await after.wait()
        return after.query.split("&")[0]


def test_no_click_is_lost_in_a_page_whose_server_went_before_it_had_drawn_all(two: tuple[Servers, Site]) -> None:
    assert asyncio.run(click_before_the_page_is_drawn(two[1])) == "region=africa"


@pytest.mark.nightly
def test_every_server_may_be_ended_in_the_middle_of_clicks(two: tuple[Servers, Site]) -> None:
    servers, site = two
    for _ in range(4):
        asyncio.run(click_through_an_end(servers, site))
        servers.start(*(name for name in NAMES if servers.processes[name].poll() is not None))


@pytest.mark.nightly
def test_in_a_browser_neither_a_click_nor_a_file_nor_a_preview_is_lost(tmp_path: Path) -> None:
    folder = make_campaign(
        tmp_path / "campaign", {"first.csv": HEADER + action("1", "Imaginary Union", "Train", Where="Kenya")}
    )
    publish_campaign(folder)
    (tmp_path / "second.csv").write_text(HEADER + action("2", "Fictional Guild", "Open"), encoding="utf-8")
    with (
        several(folder.root, tmp_path, {"DASHBOARD_STAFF_PASSWORD": PASSWORD}) as (servers, site),
        browsing(site) as page,
    ):
        page.goto(f"https://{NAME}/regions")
        mark = page.locator("svg [data-mark]")
        expect(mark.first).to_be_visible(timeout=PATIENCE)
        servers.kill(find_server(page))
        mark.first.click()  # at once, while the page is without a connection
        page.wait_for_url("**region=**", timeout=PATIENCE)
        start_all(servers)

        page.goto(f"https://{NAME}/download")
        file = page.locator(".files a").first
        expect(file).to_be_visible(timeout=PATIENCE)
        servers.kill(find_server(page))
        with page.expect_download(timeout=PATIENCE) as download:
            file.click()
        assert Path(download.value.path()).stat().st_size > 1_000
        start_all(servers)

        page.goto(f"https://{NAME}/upload")
        page.get_by_label("Staff password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("input[type=file]").set_input_files(tmp_path / "second.csv")
        page.get_by_role("button", name="Preview 1 file").click()
        publish = page.get_by_role("button", name="Publish", exact=False).first
        expect(publish).to_be_enabled(timeout=PATIENCE)
        before = find_server(page)
        servers.end(before)
        expect(publish).to_be_enabled(timeout=PATIENCE)
        publish.click()
        expect(page.get_by_text("Published", exact=False).first).to_be_visible(timeout=PATIENCE)
        assert find_server(page) != before
        start_all(servers)
        told = [json.loads(servers.ask(name, "/latest-build")[1]) for name in NAMES]
        assert told[0] == told[1] and told[0]["actions"] == 2, "both show what one has published"


@pytest.mark.nightly
@pytest.mark.parametrize("case", ["kill", "roll"])
def test_none_of_a_hundred_readers_sees_an_error_or_loses_a_click(case: str, two: tuple[Servers, Site]) -> None:
    seen = replicas.measure(case, two[0].campaign, readers=100, think=10, seconds=30)
    assert len(seen.clicks) > 100 and seen.moves >= 20
    assert seen.lost == [] and seen.errors == []


def find_server(page: Page) -> str:
    """Find the server that runs the page."""
    (name,) = (cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE)
    return str(name)


def start_all(servers: Servers) -> None:
    """Start those that have ended, and wait until nginx asks them again."""
    servers.start(*(name for name in NAMES if servers.processes[name].poll() is not None))
    time.sleep(LEFT_ALONE)
