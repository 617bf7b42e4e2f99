"""The published build, for open pages: they ask every few seconds and are answered from memory, mostly by a 304."""

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.api_route import ApiRoute
from dashboard.web.handouts import deliver, hold_text
from dashboard.web.http import write_json
from dashboard.web.operation import EITHER, JSON, Operation, Reply, refer
from dashboard.web.refusals import explained

PATH = "/latest-build"
OPERATION = Operation(
    PATH,
    "latest_build",
    "news",
    N_("The published build"),
    N_("Which build is published, since when, with how many actions"),
    (Reply(JSON, refer("Build")),),
    refusals={503: EITHER},
)


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    return [ApiRoute(PATH, answer_latest, (OPERATION,), AccessClass.PUBLIC)]


@explained
async def answer_latest(request: Request) -> Response:
    """Answer with the published build, its hour and its number of actions; 503 while there is none."""
    snapshot = database.opened(Settings.from_environment())
    if snapshot is None:
        snapshot = await run_in_threadpool(database.current)
    parts = PATH, snapshot.build_id, snapshot.built_at
    write = partial(_write, snapshot)
    return await deliver(request, hold_text("application/json", parts, write, {"cache-control": "no-cache"}))


def _write(snapshot: Snapshot) -> str:
    actions = headline(snapshot, Selection()).actions
    build = {"build_id": snapshot.build_id, "built_at": snapshot.built_at, "actions": actions}
    return write_json(build).decode()
