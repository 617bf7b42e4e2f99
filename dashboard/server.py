"""The HTTP side of the dashboard: security headers, health, readiness, metrics, start.

`app.py` passes `middleware()`, `routes()` and `lifespan` to Streamlit's `st.App`; this module itself
does not know Streamlit. What the routes of charts, extracts and offered files answer is in `web`.
"""

import asyncio
import gc
import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.access.signed_links import open_links
from dashboard.campaign.out_of_git import keep_out_of_git
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.copies.reading_copy import copy_state, find_checked_at, is_copy, read_note
from dashboard.errors import SnapshotError
from dashboard.i18n import N_
from dashboard.queries import query_text
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.web import crawlers, extracts, latest_build, metrics, newsletter, offers, security_contact, unknown
from dashboard.web.charts import routes as charts
from dashboard.web.feeds import answering as feeds
from dashboard.web.first_page import FirstPage
from dashboard.web.guard import visiting
from dashboard.web.guard.admission import Admission
from dashboard.web.guard.bodies import Bodies
from dashboard.web.guard.connections import Connections
from dashboard.web.guard.counting import Counting, traffic
from dashboard.web.guard.ending import Ending, ending
from dashboard.web.guard.hosts import Hosts
from dashboard.web.guard.link_tokens import LinkTokens
from dashboard.web.guard.metrics_readers import may_read_metrics
from dashboard.web.guard.pacing import Pacing
from dashboard.web.guard.request_log import RequestLog
from dashboard.web.guard.security_headers import SecurityHeaders
from dashboard.web.guard.streamlit_routes import StreamlitRoutes
from dashboard.web.guard.uploaders import Uploads
from dashboard.web.http import NO_STORE, answer_body, answer_json, edition
from dashboard.web.openapi import describing
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.operation import EITHER, JSON, Operation, Reply, refer
from dashboard.web.sign_in import by_provider, signing
from dashboard.web.site import NO_PAGES, Pages
from dashboard.web.static import CompressedStatic, streamlit_copies
from dashboard.web.unknown import UnknownAddress

LOG = logging.getLogger(__name__)

# What a reader's first page needs; imported before the first reader comes.
WARM_MODULES = ("babel.numbers", "babel.dates", "pandas", "plotly.graph_objects", "plotly.io")
_FOR_OPERATORS = N_("For operators")
_UNKEPT = ("Cache-Control",)
HEALTH = Operation(
    "/healthz",
    "health",
    "operation",
    _FOR_OPERATORS,
    N_("The process answers"),
    (Reply("text/plain", None, _UNKEPT),),
)
READINESS = Operation(
    "/readyz",
    "readiness",
    "operation",
    _FOR_OPERATORS,
    N_("A build is published and can be read; 503 where not, and once the server is told to end"),
    (Reply(JSON, refer("Readiness"), _UNKEPT),),
    refusals={503: (JSON,)},
)
METRICS = Operation(
    "/metrics",
    "metrics",
    "operation",
    _FOR_OPERATORS,
    N_("What the process has done, as Prometheus reads it"),
    (Reply("text/plain", None, _UNKEPT), Reply("application/openmetrics-text", None, _UNKEPT)),
    refusals={404: EITHER},
    details=N_("For a program on the same computer, or by a bearer token; for all others nothing is there."),
)


def middleware(pages: Pages) -> list[Middleware]:
    """The middleware for `st.App`, outermost first."""
    answered = routes(pages)
    return [
        Middleware(Counting, counts=traffic()),
        Middleware(SecurityHeaders),
        Middleware(RequestLog, pages=pages.names, routes=answered),
        Middleware(Pacing),
        Middleware(Hosts),
        Middleware(Ending),
        Middleware(StreamlitRoutes),
        Middleware(LinkTokens, routes=answered),
        Middleware(Admission, routes=answered, pages=pages),
        Middleware(Bodies),
        Middleware(Connections),
        Middleware(Uploads),
        Middleware(FirstPage, pages=pages),
        Middleware(UnknownAddress, pages=pages, routes=answered),
        Middleware(CompressedStatic, copies=streamlit_copies()),
    ]


def routes(pages: Pages = NO_PAGES) -> list[ApiRoute]:
    """The routes for `st.App`: charts, extracts, files, the build, feeds, what crawlers ask, the operator's.

    The last ones describe all of them.

    Args:
        pages: The pages that the sitemap lists beside the charts.
    """
    listed_routes: list[ApiRoute] = [
        *charts.routes(),
        *extracts.routes(),
        *offers.routes(),
        *latest_build.routes(),
        *newsletter.routes(),
        *feeds.routes(),
        *signing.routes(),
        *by_provider.routes(),
        *crawlers.routes(pages),
        *security_contact.routes(),
        ApiRoute("/healthz", answer_health, (HEALTH,), AccessClass.EVERYBODY),
        ApiRoute("/readyz", answer_readiness, (READINESS,), AccessClass.EVERYBODY),
        ApiRoute("/metrics", answer_metrics, (METRICS,), AccessClass.OPERATOR),
    ]
    return [*listed_routes, *describing.routes(listed_routes)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Prepare the process before the first reader: imports, snapshot, compressed scripts, fonts, collector."""
    ended = threading.Event()
    await run_in_threadpool(keep_out_of_git, Settings.from_environment().campaign)
    await run_in_threadpool(_follow_store, Settings.from_environment(), ended)
    await run_in_threadpool(_warm_up)
    threading.Thread(target=streamlit_copies().make_all, name="compress-static", daemon=True).start()
    threading.Thread(target=charts.prepare, name="prepare-fonts", daemon=True).start()
    watching = asyncio.create_task(visiting.watch(), name="watch-visits")
    LOG.info("The server is ready.")
    yield
    LOG.info("The server ends.")
    ended.set()
    watching.cancel()
    charts.close()
    extracts.close()
    open_links(Settings.from_environment().campaign / "private").write_uses()
    offers.close()
    kept_builds.close()


async def answer_health(request: Request) -> Response:
    """`ok` while the process answers at all."""
    return answer_body(request, b"ok\n", {**NO_STORE, "content-type": "text/plain; charset=utf-8"})


def answer_readiness(request: Request) -> Response:
    """200 with the build's id when a snapshot is published and can be read; 503 else, and once the server ends."""
    if ending().has_begun:
        return answer_json(request, {"ready": False, "reason": "The server ends."}, status=503)
    snapshot, copy = _find_snapshot(), _describe_copy(Settings.from_environment())
    if snapshot is None:
        return answer_json(request, {"ready": False, "reason": _say_why_not(), **copy}, status=503)
    return answer_json(request, {"ready": True, "build_id": snapshot.build_id, "built_at": snapshot.built_at, **copy})


def answer_metrics(request: Request) -> Response:
    """The process's state in Prometheus' text format; 404 for those whom it does not concern."""
    if not may_read_metrics(request.scope, Settings.from_environment()):
        return unknown.answer_nothing(request)
    return metrics.answer_metrics(request, _find_snapshot())


def _follow_store(settings: Settings, ended: threading.Event) -> None:
    """On a reading copy, take the store's builds until the server ends; where none can be shown, the first at once."""
    if not is_copy(settings):
        return
    from dashboard.copies.taking import Taker, follow  # its library is needed by those who have a store

    taker = Taker(settings)
    try:
        database.current(settings)
    except SnapshotError:  # nothing is here yet, or what another version of the program made
        taker.try_look()
    threading.Thread(target=follow, args=(settings, ended, taker), name="follow-store", daemon=True).start()


def _describe_copy(settings: Settings) -> dict[str, object]:
    """Of a reading copy: when it last asked the store, when it took what it shows, whether it could ask."""
    if not is_copy(settings):
        return {}
    checked_at, note = find_checked_at(settings.campaign), read_note(settings.campaign)
    checked = checked_at.isoformat(timespec="seconds") if checked_at else None
    is_well = copy_state().problem is None
    return {"copy": {"checked_at": checked, "taken_at": note.taken_at or None, "store_is_read": is_well}}


def _say_why_not() -> str:
    """Why nothing can be shown, in a sentence."""
    try:
        database.current()
    except OtherSchemaError as error:
        return str(error)
    except SnapshotError:
        pass
    return "No snapshot is published, or it cannot be read."


def _find_snapshot() -> database.Snapshot | None:
    """The published snapshot, asked one question to see that it answers."""
    try:
        snapshot = database.current()
        with snapshot.cursor() as cursor:  # not `query`, which need not ask the database again
            cursor.execute(query_text("campaign")).fetchone()
    except SnapshotError:
        return None
    except Exception:  # a broken file can fail in many ways, and none of them is "ready"
        LOG.exception("The snapshot cannot be read.")
        return None
    if not snapshot.is_untouched():  # what is open goes on to answer of what it has read, and breaks at the rest
        logging.getLogger(__name__).error("The file of the published snapshot was changed: %s", snapshot.path)
        return None
    return snapshot


def _warm_up() -> None:
    for name in WARM_MODULES:
        importlib.import_module(name)
    _find_snapshot()
    edition()
    # What is here now stays for the life of the process. Frozen, it is left out of every later
    # collection, which would otherwise walk through all of it (docs/performance.md).
    gc.collect()
    gc.freeze()
