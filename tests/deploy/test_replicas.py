"""Two servers of one campaign behind nginx: alike in what they answer, and one goes on where the other ended."""

import asyncio
from collections.abc import Iterator

import pytest

from benchmarks.readers import Reader
from tests.deploy.running import Site
from tests.deploy.several import NAMES, Servers, SteadySocket, several
from tests.snapshots import publish_fixture

pytestmark = pytest.mark.slow


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
    await reader.run([next(one for one in reader.options if one.startswith(region))])
    assert not reader.failure
    return reader.query.split("&")[0]


async def read_through_a_kill(servers: Servers, site: Site) -> str:
    """Click before and after the server of a page is killed; gives its name."""
    async with SteadySocket(site) as socket:
        reader = Reader(socket, "regions")
        await reader.run(None)
        assert await choose(reader, "Africa") == "region=africa"
        before, session = socket.server, socket.session
        await socket.open()  # the connection alone breaks: the page stays where it is
        assert (await choose(reader, "Americas"), socket.server) == ("region=americas", before)
        assert before in NAMES and socket.session == session
        servers.kill(before)
        assert await choose(reader, "Africa") == "region=africa", "the first click after the end"
        assert socket.server in NAMES and socket.server != before and socket.session != session
        assert site.ask("/extracts/actions.csv?region=africa")[0].status == 200, "one of them is enough"
        assert "Traceback" not in servers.log(socket.server).read_text()
        return before


async def click_through_an_end(servers: Servers, site: Site) -> None:
    """Click on and on while the server of a page is told to end, and until it is gone."""
    async with SteadySocket(site) as socket:
        reader = Reader(socket, "regions")
        await reader.run(None)
        before = socket.server
        ending = asyncio.create_task(asyncio.to_thread(servers.end, before))
        while not ending.done():
            assert await choose(reader, "Africa") == "region=africa"
            assert await choose(reader, "Americas") == "region=americas"
        await ending
        assert await choose(reader, "Africa") == "region=africa"
        assert socket.server != before
        assert "Traceback" not in servers.log(before).read_text()


def test_a_page_goes_on_at_the_other_server_and_no_click_is_lost(two: tuple[Servers, Site]) -> None:
    servers, site = two
    servers.start(asyncio.run(read_through_a_kill(servers, site)))


@pytest.mark.exhaustive
def test_every_server_may_be_ended_in_the_middle_of_clicks(two: tuple[Servers, Site]) -> None:
    servers, site = two
    for _ in range(4):
        asyncio.run(click_through_an_end(servers, site))
        servers.start(*(name for name in NAMES if servers.processes[name].poll() is not None))
