"""What open pages cost while nobody touches them: each holds its websocket and asks for the published build.

    python -m benchmarks.idle [--campaign FOLDER] [--pages 100] [--seconds 60]

A page here is a session that has run once; then it asks `/latest-build` every five seconds with the tag of the last
answer, as `dashboard/ui/frame/figures.js` has the browser do, over a connection of its own.
Only servers that this program started are asked.
"""

import asyncio
import random
from collections.abc import Mapping

import httpx
from websockets.asyncio.client import connect

from benchmarks.pages import make_parser, open_campaign
from benchmarks.processes import describe_machine, read_processor_seconds
from benchmarks.readers import RUN_SECONDS, Reader
from benchmarks.servers import Server, run_dashboard
from dashboard.web.latest_build import PATH

PERIOD = 5.0
HEADER = """
| pages | answers | of them 304 | processor, % of a core | ms an answer |
|---|---:|---:|---:|---:|"""


async def wait_idly(server: Server, ready: asyncio.Barrier, until: asyncio.Event, statuses: list[int]) -> None:
    """Open one page, then leave it alone until the time is up."""
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    async with (
        connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as socket,  # type: ignore[list-item]
        httpx.AsyncClient(base_url=server.url, timeout=RUN_SECONDS) as client,
    ):
        await Reader(socket, "").run(None)
        await ready.wait()
        await asyncio.sleep(random.uniform(0, PERIOD))  # noqa: S311  (times, no secrets)
        headers: Mapping[str, str] = {}
        while not until.is_set():
            answer = await client.get(PATH, headers=headers)
            statuses.append(answer.status_code)
            headers = {"If-None-Match": answer.headers["etag"]}
            await asyncio.sleep(PERIOD)


async def measure(server: Server, pages: int, seconds: float) -> str:
    """Return one line of the table."""
    ready, until = asyncio.Barrier(pages + 1), asyncio.Event()
    statuses: list[int] = []
    async with asyncio.TaskGroup() as group:
        for _ in range(pages):
            group.create_task(wait_idly(server, ready, until, statuses))
        await ready.wait()
        await asyncio.sleep(PERIOD)  # all of them ask by now
        statuses.clear()
        used = read_processor_seconds(server.pid)
        await asyncio.sleep(seconds)
        used = read_processor_seconds(server.pid) - used
        answers, unmodified = len(statuses), statuses.count(304)
        until.set()
    each = f"{1000 * used / answers:.2f}" if answers else "–"
    return f"| {pages} | {answers} | {unmodified} | {100 * used / seconds:.1f} | {each} |"


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 100_000)
    parser.add_argument("--pages", type=int, nargs="+", default=[100])
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with open_campaign(options.campaign, options.actions) as campaign:
        print(f"Idle pages: {describe_machine()}{HEADER}")
        for pages in options.pages:
            with run_dashboard(campaign) as server:
                print(asyncio.run(measure(server, pages, options.seconds)), flush=True)


if __name__ == "__main__":
    main()
