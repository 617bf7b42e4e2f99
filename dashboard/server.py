"""The HTTP side of the dashboard: its routes, the middleware before them, start and end.

`app.py` passes `middleware()`, `routes()` and `lifespan` to Streamlit's `st.App`; this module itself
does not know Streamlit. The routes of charts, extracts and offered files are in `web`.
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

from dashboard.access.signed_links import open_links
from dashboard.campaign.blank import keep_out_of_git
from dashboard.campaign.copies.reading_copy import is_copy
from dashboard.errors import SnapshotError
from dashboard.ground.processes import runner
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.web import (
    check_page,
    crawlers,
    evidence_files,
    extracts,
    handouts,
    held_pages,
    latest_build,
    news_feeds,
    newsletter,
    offers,
    operating,
    promise_confirming,
    promise_pages,
    report_pages,
    report_publishing,
    report_sending,
)
from dashboard.web.api_route import ApiRoute
from dashboard.web.assistants import llms_text, protocol
from dashboard.web.charts import routes as charts
from dashboard.web.first_page import FirstPage
from dashboard.web.guard import visiting
from dashboard.web.guard.admission import Admission
from dashboard.web.guard.allowances import Pacing
from dashboard.web.guard.ending import Ending
from dashboard.web.guard.hosts import Hosts
from dashboard.web.guard.limits import Bodies, Connections, Uploads
from dashboard.web.guard.link_tokens import LinkTokens
from dashboard.web.guard.request_log import RequestLog
from dashboard.web.guard.security_headers import SecurityHeaders
from dashboard.web.http import edition
from dashboard.web.odata import odata_answers
from dashboard.web.openapi import openapi_document
from dashboard.web.sign_in import by_provider, signing
from dashboard.web.site import NO_PAGES, Pages, RouteTable
from dashboard.web.static import CompressedStatic, streamlit_copies

LOG = logging.getLogger(__name__)

# The imports of a reader's first page, made before the first reader comes.
WARM_MODULES = ("babel.numbers", "babel.dates", "pandas", "plotly.graph_objects", "plotly.io")


def middleware(pages: Pages) -> list[Middleware]:
    """Return the middleware for `st.App`, outermost first."""
    answered = RouteTable(routes(pages))
    return [
        Middleware(SecurityHeaders),
        Middleware(RequestLog, pages=pages.names, routes=answered),
        Middleware(Pacing),
        Middleware(Hosts),
        Middleware(Ending),
        Middleware(LinkTokens, routes=answered),
        Middleware(Admission, routes=answered, pages=pages),
        Middleware(Bodies, routes=answered),
        Middleware(Connections),
        Middleware(Uploads),
        Middleware(FirstPage, pages=pages),
        Middleware(CompressedStatic, copies=streamlit_copies()),
    ]


def routes(pages: Pages = NO_PAGES) -> list[ApiRoute]:
    """Return the routes for `st.App`; the last ones describe all. The sitemap lists `pages` beside the charts."""
    listed_routes: list[ApiRoute] = [
        *charts.routes(),
        *extracts.routes(),
        *odata_answers.routes(),
        *offers.routes(),
        *latest_build.routes(),
        *check_page.routes(),
        *newsletter.routes(),
        *report_pages.routes(),
        *report_sending.routes(),
        *held_pages.routes(),
        *promise_pages.routes(),
        *promise_confirming.routes(),
        *news_feeds.routes(),
        *evidence_files.routes(),
        *protocol.routes(),
        *llms_text.routes(),
        *signing.routes(),
        *by_provider.routes(),
        *crawlers.routes(pages),
        *operating.routes(),
    ]
    return [*listed_routes, *openapi_document.routes(listed_routes)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Prepare the process before the first reader: imports, snapshot, compressed scripts, fonts, collector."""
    ended = threading.Event()
    await run_in_threadpool(keep_out_of_git, Settings.from_environment().campaign)
    await run_in_threadpool(_follow_store, Settings.from_environment(), ended)
    await run_in_threadpool(_warm_up)
    threading.Thread(target=streamlit_copies().make_all, name="compress-static", daemon=True).start()
    threading.Thread(target=charts.load_fonts, name="load-fonts", daemon=True).start()
    report_publishing.start(Settings.from_environment(), ended)
    watching = asyncio.create_task(visiting.watch(), name="watch-visits")
    LOG.info("The server is ready.")
    yield
    LOG.info("The server ends.")
    ended.set()
    watching.cancel()
    handouts.close()
    charts.close()
    runner.default_workers().close()
    open_links(Settings.from_environment().campaign / "private").write_uses()
    offers.close()
    kept_builds.close()


def _follow_store(settings: Settings, ended: threading.Event) -> None:
    """On a reading copy, take the store's builds until the server ends; at once where none can be shown."""
    if not is_copy(settings):
        return
    from dashboard.campaign.copies.taking import Taker, follow  # its library is needed by those who have a store

    taker = Taker(settings)
    try:
        database.current(settings)
    except SnapshotError:  # nothing is here yet, or only another version's build
        taker.try_look()
    threading.Thread(target=follow, args=(settings, ended, taker), name="follow-store", daemon=True).start()


def _warm_up() -> None:
    for name in WARM_MODULES:
        importlib.import_module(name)
    operating.find_snapshot()
    edition()
    # Objects that exist now stay for the life of the process. Frozen, they are left out of every later
    # collection, which would otherwise walk through all of it (docs/performance.md).
    gc.collect()
    gc.freeze()
