"""The published build, for open pages: they ask every few seconds and are answered from memory, mostly by a 304."""

from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.resources.operation import EITHER, JSON, Operation, Reply, refer
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.api_route import ApiRoute
from dashboard.web.http import answer_body, answer_unmodified, hash_body, write_json
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
    described = _described().get(snapshot) if snapshot is not None else None
    if described is None:
        described = await run_in_threadpool(_describe)
    headers, body = described
    return answer_unmodified(request, headers) or answer_body(request, body, headers)


def _describe() -> tuple[dict[str, str], bytes]:
    """Describe the published snapshot as headers and body; opens it if need be."""
    snapshot = database.current()
    content: dict[str, Any] = {
        "build_id": snapshot.build_id,
        "built_at": snapshot.built_at,
        "actions": headline(snapshot, Selection()).actions,
    }
    body = write_json(content)
    headers = {"content-type": "application/json", "cache-control": "no-cache", "etag": f'"{hash_body(body)}"'}
    return _described().setdefault(snapshot, (headers, body))


@cache
def _described() -> WeakKeyDictionary[Snapshot, tuple[dict[str, str], bytes]]:
    return WeakKeyDictionary()
