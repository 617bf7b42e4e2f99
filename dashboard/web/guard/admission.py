"""Admit each request by role and route; a route without a class is for nobody.

Routes and pages declare their class; this module declares the class of Streamlit's own addresses. People who may sign
in are led to the sign-in, programs get a refusal. Nobody may keep answers that are for staff or of a closed campaign,
and no script of another site may read them.

Of Streamlit's addresses, only those that its pages need are answered. Streamlit has an interface for agents that runs
the pages' scripts, and an address that tells anybody what it holds in memory; both are closed. For an unknown address
Streamlit would send its own shell with 200 and say in English that there is no such page; people get a page with links
instead.
"""

import difflib
import logging
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access.rights import ROLE_NAMES, AccessClass, Role
from dashboard.access.sessions import is_closed, sessions_of
from dashboard.errors import sentence
from dashboard.ground import page_addresses
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web import openings
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.hosts import refuse
from dashboard.web.guard.visiting import Visitor, recognise, visit
from dashboard.web.http import OPEN, Answer, Layer, change_headers, lead
from dashboard.web.refusals import NO_PAGE, answer_nothing, answer_scope, answer_words, read_language, say_nothing_at
from dashboard.web.site import SIGN_IN, Pages, RouteTable, path_of

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

NEEDED = frozenset(address.removeprefix("/_stcore/") for address in STREAMLIT if address.startswith("/_stcore/"))
"""Below `/_stcore`: what probes ask, what a page asks before it connects, the connection, files, the components."""

UNUSED = frozenset(("app", "component", "auth", "index.html", "oauth2callback"))
"""The first parts of further paths that Streamlit takes: files of a script, old components, its own sign-in,
its page as it comes."""

ICON = "/favicon.ico"
QUIET = ("/latest-build", "/_stcore/health", "/_stcore/host-config", "/static")
"""What open pages ask by themselves; that is no use of a session, which so ends when nobody is there."""


class Admission(Layer):
    """ASGI middleware that recognises the visitor, and admits or refuses."""

    def __init__(self, app: ASGIApp, routes: RouteTable[ApiRoute], pages: Pages) -> None:
        """Wrap `app`; an address that is none of the declared `routes` and `pages` is for nobody."""
        super().__init__(app)
        self.routes, self.pages = routes, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request if its visitor may open it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http" and path_of(scope) == ICON:  # browsers ask for it by themselves
            path = f"{scope['path'].removesuffix(ICON)}/favicon.png"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        if scope["type"] == "http" and _is_unneeded(path_of(scope)):
            await answer_nothing(scope)(scope, receive, send)
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
            await _refuse(scope, visitor, access)(scope, receive, send)
        elif access is None and not _is_read_by_people(scope):
            await answer_nothing(scope)(scope, receive, send)
        else:
            await _note_use(visitor, scope, settings)
            answer = self.app if access is not None else self._lead_on(Request(scope))
            await answer(
                scope, receive, change_headers(send, _keep_private) if is_private(access, is_closed=closed) else send
            )

    def find_access(self, scope: Scope) -> AccessClass | None:
        """Find the class of the requested address; None where nothing is there."""
        path = path_of(scope)
        if scope["type"] == "websocket":
            return STREAMLIT[STREAM] if path == STREAM else None
        name = path.strip("/")
        if name in page_addresses.PAGES:  # each part has a class of its own
            part = page_addresses.read_query(name, scope.get("query_string", b"").decode("latin-1"))
            return self.pages.access.get(part, AccessClass.NOBODY)
        route = self.routes.find(path)
        if route is not None:
            return route.access
        page_id = openings.find_page(name) or name or next(iter(self.pages.titles), "")
        if page_id in self.pages.titles:
            return self.pages.access.get(page_id, AccessClass.NOBODY)
        return next(
            (access for start, access in STREAMLIT.items() if path == start or path.startswith(f"{start}/")), None
        )

    def _lead_on(self, request: Request) -> Response:
        """Answer 404 with the titles of pages and charts; those whose names resemble the address come first."""
        t, base = read_language(request), urlsplit(Settings.from_environment().base_url).path.rstrip("/")
        path = path_of(request.scope).rstrip("/")
        titles = {part: t(self.pages.titles[part]) for part in self.pages.ways} | {"charts": t(N_("Charts"))}
        near = difflib.get_close_matches(path.rpartition("/")[2].lower(), titles, n=3)
        parameters = [("lang", t.language)]
        ways = [
            (titles[part], page_addresses.write(base, part, parameters)) for part in dict.fromkeys([*near, *titles])
        ]
        advice = N_("It may be mistyped, or the page may have another name now. These are here:")
        sentences = say_nothing_at(f"{base}{path}"), advice
        return answer_words(request, 404, NO_PAGE, sentences, OPEN, ways=ways)


def _is_unneeded(path: str) -> bool:
    """Whether a path below the dashboard's own is an address of Streamlit's that no page needs."""
    _, room, part, *_ = [*path.split("/", 3), "", ""]
    return room in UNUSED or (room == "_stcore" and part not in NEEDED)


def is_private(access: AccessClass | None, *, is_closed: bool) -> bool:
    """Whether nobody may keep an answer of a class, and no script of another site may read it."""
    if access in (AccessClass.READER, AccessClass.STAFF, AccessClass.ADMINISTRATOR):
        return True
    return is_closed and access is not AccessClass.EVERYBODY


def _refuse(scope: Scope, visitor: Visitor, access: AccessClass | None) -> Response:
    """Lead strangers to the sign-in; tell others why they have no access."""
    may_sign_in = visitor.person.role is Role.STRANGER and access is not AccessClass.NOBODY
    if may_sign_in and _is_read_by_people(scope):
        request = Request(scope)
        base = urlsplit(Settings.from_environment().base_url).path
        query = request.url.query
        next_path = f"{base}{path_of(request.scope)}{f'?{query}' if query else ''}"
        pairs = {"next": next_path} | ({"lang": lang} if (lang := request.query_params.get("lang", "")) else {})
        return lead(f"{base}{SIGN_IN}?{urlencode(pairs)}", {"cache-control": PRIVATE})
    if may_sign_in:
        way = sentence(N_("A browser does so at {address}."), address=SIGN_IN)
        # A browser would meet a challenge for a password with a window of its own.
        challenge = {"www-authenticate": 'Bearer realm="dashboard"'}
        return answer_scope(scope, 401, N_("Sign in for access."), way, heading=N_("Sign in"), headers=challenge)
    role = sentence(ROLE_NAMES[visitor.person.role])
    problem = sentence(N_("Your role does not give access to this: {role}."), role=role)
    remedy = N_("Ask an administrator of the dashboard for another one.")
    return answer_scope(scope, 403, problem, remedy, heading=N_("You do not have access"))


async def _note_use(visitor: Visitor, scope: Scope, settings: Settings) -> None:
    if visitor.session is None or path_of(scope).startswith(QUIET):
        return
    sessions = sessions_of(settings)
    if sessions.needs_note(visitor.session):
        await run_in_threadpool(sessions.note, visitor.session)


def _keep_private(headers: MutableHeaders, _status: int) -> None:
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
    headers["cache-control"] = PRIVATE


def _is_read_by_people(scope: Scope) -> bool:
    return scope["method"] in ("GET", "HEAD") and "text/html" in Request(scope).headers.get("accept", "")
