"""Role × route: every request is answered for those whom its class admits, and for nobody where it has none.

Routes and pages say their class where they are declared, Streamlit's own addresses here. People who may sign in are
led there, programs are told. What is for staff, or of a closed campaign, is kept by nobody and read by no script of
another site.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.rights import ROLE_NAMES, AccessClass, Role
from dashboard.access.sessions import sessions_of
from dashboard.access.who import is_closed
from dashboard.ground import page_addresses
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web import openings
from dashboard.web.guard.hosts import refuse
from dashboard.web.guard.known import Known, recognise
from dashboard.web.guard.visiting import visit
from dashboard.web.http import Answer, lead
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.refusals import answer_words, read_language
from dashboard.web.site import Pages, path_of
from dashboard.web.unknown import STREAMLITS_OWN, answer_nothing
from dashboard.web.way_in import SIGN_IN

LOG = logging.getLogger(__name__)
STREAM = "/_stcore/stream"
PRIVATE = "private, no-store"
STREAMLIT: Mapping[str, AccessClass] = MappingProxyType(
    {
        "/static": AccessClass.EVERYBODY,  # its scripts
        "/favicon.png": AccessClass.EVERYBODY,
        "/manifest.json": AccessClass.EVERYBODY,
        "/_stcore/health": AccessClass.EVERYBODY,
        "/_stcore/host-config": AccessClass.PUBLIC,
        "/_stcore/stream": AccessClass.PUBLIC,  # what a page shows is judged page by page
        "/_stcore/upload_file": AccessClass.STAFF,
        "/_stcore/bidi-components": AccessClass.PUBLIC,
        "/media": AccessClass.PUBLIC,
    }
)
"""Streamlit's own addresses, and all below them; others are for nobody."""

MOST_REMEMBERED, LONGEST_REMEMBERED = 2_048, 200
"""Paths whose class is remembered, and how long they are."""

QUIET = ("/latest-build", "/_stcore/health", "/_stcore/host-config", "/static")
"""What open pages ask by themselves; that is no use of a session, which so ends when nobody is there."""


class Admission:
    """ASGI middleware that recognises the visitor, and admits or refuses."""

    def __init__(self, app: ASGIApp, routes: Sequence[ApiRoute], pages: Pages) -> None:
        """Wrap `app`.

        Args:
            app: What answers.
            routes: Those that are declared; what none of them takes is for nobody.
            pages: Those that are declared.
        """
        self.app = app
        self.routes = tuple(routes)
        self._recall = lru_cache(MOST_REMEMBERED)(self._find)
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for those whom it is for."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        settings = Settings.from_environment()
        visitor = await recognise(scope, settings)
        access, closed = self.find_access(scope), is_closed(settings)
        # A stranger gets the same answer for an address that does not exist as for one that is closed.
        is_admitted = (access or AccessClass.PUBLIC).admits(visitor.person.role, is_closed=closed)
        if scope["type"] == "websocket":
            if is_admitted and access is not None:
                await visit(self.app, scope, receive, send, visitor)
            else:
                await refuse(scope, receive, send, Answer(403, b"", {"cache-control": PRIVATE}))
        elif not is_admitted:
            await self._refuse(scope, visitor, access)(scope, receive, send)
        elif access is None and not _is_answered_as_unknown(scope):
            await answer_nothing(Request(scope))(scope, receive, send)
        else:
            await self._note(visitor, scope, settings)
            await self.app(scope, receive, _guard(send) if is_private(access, is_closed=closed) else send)

    def find_access(self, scope: Scope) -> AccessClass | None:
        """The class of what is asked for; None where nothing is there."""
        path = path_of(scope)
        if scope["type"] == "websocket":
            return STREAMLIT[STREAM] if path == STREAM else None
        name = path.strip("/")
        if name in page_addresses.PAGES:  # each part has a class of its own
            part = page_addresses.read_query(name, scope.get("query_string", b"").decode("latin-1"))
            return self.pages.access.get(part, AccessClass.NOBODY)
        return self._recall(path) if len(path) <= LONGEST_REMEMBERED else self._find(path)

    def _find(self, path: str) -> AccessClass | None:
        probe = {"type": "http", "method": "GET", "path": path, "headers": []}
        for route in self.routes:
            if route.matches(probe)[0] is not Match.NONE:
                return route.access
        name = path.strip("/")
        page_id = openings.find_page(name) or name or next(iter(self.pages.titles), "")
        if page_id in self.pages.titles:
            return self.pages.access.get(page_id, AccessClass.NOBODY)
        return next(
            (access for start, access in STREAMLIT.items() if path == start or path.startswith(f"{start}/")), None
        )

    def _refuse(self, scope: Scope, visitor: Known, access: AccessClass | None) -> Response:
        """Strangers are led to sign in; others are told why they have no access."""
        request = Request(scope)
        t = read_language(request)
        is_page = scope["method"] in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
        may_sign_in = visitor.person.role is Role.STRANGER and access is not AccessClass.NOBODY
        if is_page and may_sign_in:
            return lead(lead_to_sign_in(request), {"cache-control": PRIVATE})
        if may_sign_in:
            sentences = t(N_("Sign in for access.")), t(N_("A browser does so at {address}."), address=SIGN_IN)
            return answer_words(request, 401, t(N_("Sign in")), sentences, {"www-authenticate": _CHALLENGE})
        role = t(ROLE_NAMES[visitor.person.role])
        sentences = (
            t(N_("Your role does not give access to this: {role}."), role=role),
            t(N_("Ask an administrator of the dashboard for another one.")),
        )
        return answer_words(request, 403, t(N_("You do not have access")), sentences)

    async def _note(self, visitor: Known, scope: Scope, settings: Settings) -> None:
        if visitor.session is None or path_of(scope).startswith(QUIET):
            return
        sessions = sessions_of(settings)
        if sessions.needs_note(visitor.session):
            await run_in_threadpool(sessions.note, visitor.session)


_CHALLENGE = 'Bearer realm="dashboard"'
"""A browser would meet a challenge for a password with a window of its own."""


def is_private(access: AccessClass | None, *, is_closed: bool) -> bool:
    """Whether an answer of a class may be kept by nobody and read by no script of another site."""
    if access in (AccessClass.READER, AccessClass.STAFF, AccessClass.ADMINISTRATOR):
        return True
    return is_closed and access is not AccessClass.EVERYBODY


def lead_to_sign_in(request: Request) -> str:
    """The way to sign in, and from there back to what was asked for."""
    base = urlsplit(Settings.from_environment().base_url).path
    query = request.url.query
    next_path = f"{base}{path_of(request.scope)}{f'?{query}' if query else ''}"
    pairs = {"next": next_path} | ({"lang": lang} if (lang := request.query_params.get("lang", "")) else {})
    return f"{base}{SIGN_IN}?{urlencode(pairs)}"


def _guard(send: Send) -> Send:
    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.lower().startswith("access-control-")]:
                del headers[name]
            headers["cache-control"] = PRIVATE
        await send(message)

    return send_private


def _is_answered_as_unknown(scope: Scope) -> bool:
    """Whether `UnknownAddress` says, in a page, that nothing is there."""
    is_read = scope["method"] in ("GET", "HEAD") and "text/html" in Request(scope).headers.get("accept", "")
    return is_read and path_of(scope).strip("/").partition("/")[0] not in STREAMLITS_OWN
