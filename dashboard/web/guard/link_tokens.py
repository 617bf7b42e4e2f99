"""Admit readers of a closed campaign by signed links: `?token=…`, or the token as the password of basic authentication.

A token that was judged is removed from the request, so that no route, kept answer, address or log has it; the one page
that needs it, to be found by oEmbed, gets it apart (`LINK_TOKEN`). Where the campaign is open, a token is dropped
unread: what it would open is public.

A link opens one address, in any spelling, and no other one, not even a narrower selection. One of a folder (`/odata/`)
opens all below it for its selection: whichever rows and columns a program asks for there, and where the program leaves
the selection out, the link brings it. No link opens another build than it names, or than is published where it names
none; further pages of what it has opened are signed with `find_link_key`. Its answers are for the reader alone
(`private`) and are checked anew each time (`no-cache`): an `ETag` makes that a 304, and a link that has ended opens
nothing more, not even from a browser's memory.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access.rights import Person, Role
from dashboard.access.sessions import is_closed
from dashboard.access.signed_links import (
    PREFIX,
    TOKEN,
    EndedError,
    LinkState,
    SignedLink,
    TokenError,
    open_links,
    role_now,
)
from dashboard.errors import UserError
from dashboard.ground.tracking import drop_tracking
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.snapshot.selection import PARAMETERS, VERSUS, parse
from dashboard.web.api_route import ApiRoute
from dashboard.web.http import OPEN, Layer, change_headers
from dashboard.web.refusals import answer_scope, write_policy
from dashboard.web.site import RouteTable, path_of

_READER = "dashboard.link_reader"
LINK_TOKEN = "dashboard.link_token"  # noqa: S105  (the key's name)
"""Where a request that a link opened has the link's token, for the page that names it to oEmbed."""
OEMBED = "/oembed"
CHALLENGE = 'Basic realm="Signed link: any user name, the token as password", charset="UTF-8"'
KEPT = "private, no-cache"
MOST_FIELDS = 500
"""Parameters of an address that is compared with a link's."""


_KEY = "dashboard.link_key"


class RequestToken(NamedTuple):
    """A token that came with a request.

    Attributes:
        path: The path that it is shown for; for oEmbed, that of the address to describe.
        query: The query string of that address, without the token.
        is_basic: Whether it came as a password.
    """

    token: str
    path: str
    query: str
    is_basic: bool = False


class ForeignError(UserError):
    """A link that was made for another address."""


class LinkTokens(Layer):
    """ASGI middleware that admits readers with a signed link, and tells programs how to show one."""

    def __init__(self, app: ASGIApp, routes: RouteTable[ApiRoute]) -> None:
        """Wrap `app`; `routes` declare which of them a link opens."""
        super().__init__(app)
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as the link's reader, or unchanged where it has no link; or refuse it."""
        route = self.routes.find(path_of(scope)) if scope["type"] == "http" else None
        if route is None or not route.takes_link or scope["method"] not in (route.methods or ()):
            await self.app(scope, receive, send)
            return
        link_request, settings = take_token(scope), Settings.from_environment()
        if not is_closed(settings):
            await self.app(scope, receive, send)
        elif link_request is None:
            # A browser would ask its reader for a password, a program is told that a token can be its own.
            is_for_people = "text/html" in Request(scope).headers.get("accept", "")
            await self.app(scope, receive, send if is_for_people else change_headers(send, _challenge))
        else:
            await self._judge(link_request, settings, scope, receive, send)

    async def _judge(
        self, link_request: RequestToken, settings: Settings, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            link = await run_in_threadpool(_find, link_request, settings)
        except UserError as error:
            await _refuse(scope, error, link_request, settings)(scope, receive, send)
            return
        if link.path.endswith("/") and not read_pairs(drop_options(link_request.query)):
            scope["query_string"] = "&".join(filter(None, (link.query, link_request.query))).encode("latin-1")
        scope[_READER], scope[_KEY] = link.person, open_links(settings.campaign / "private").derive_key(link)
        scope[LINK_TOKEN] = link_request.token
        await self.app(scope, receive, change_headers(send, _keep_private))


def take_token(scope: Scope) -> RequestToken | None:
    """Take a token out of a request; None where it has none. The server's own log has what remains.

    The route reads no more than the guard has compared: empty parameters, which do not count there, go too.
    """
    path, query_string = path_of(scope), scope["query_string"].decode("latin-1")
    token, query = split_query(query_string)
    password = _take_password(scope) if token is None else None
    if token is None and password is None:
        return _take_nested(scope) if path == OEMBED else None
    query = _drop_empty(query)
    scope["query_string"] = query.encode("latin-1")
    return RequestToken(token or password or "", path, query, is_basic=token is None)


def split_query(query: str) -> tuple[str | None, str]:
    """Split a query string into its last token (None where it has none) and the rest as it was written."""
    parts = query.split("&") if query else []
    named_parts = [(unquote_plus(part.partition("=")[0]), part) for part in parts]
    tokens = [unquote_plus(part.partition("=")[2]) for name, part in named_parts if name == TOKEN]
    return (tokens[-1] if tokens else None), "&".join(part for name, part in named_parts if name != TOKEN)


def find_link_reader(scope: Scope) -> Person | None:
    """Find the reader whose signed link was judged; None for everybody else."""
    person = scope.get(_READER)
    return person if isinstance(person, Person) else None


def find_link_key(scope: Scope) -> str:
    """Find the key by which the link that opened a request signs what only its own answers name; else empty."""
    return str(scope.get(_KEY, ""))


def _take_nested(scope: Scope) -> RequestToken | None:
    """Take the token out of the address that oEmbed describes; None where several addresses are given."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    addresses = [address for name, address in pairs if name == "url"]
    try:
        (address,) = addresses
        place = urlsplit(address)
    except ValueError:
        return None
    token, query = split_query(place.query)
    if token is None:
        return None
    query = _drop_empty(query)
    plain = place._replace(query=query).geturl()
    scope["query_string"] = urlencode([(name, plain if name == "url" else value) for name, value in pairs]).encode()
    return RequestToken(token, path_of({**scope, "path": place.path}), query)


def _take_password(scope: Scope) -> str | None:
    """Take the token of basic authentication out of a request; a password that is no token stays."""
    for header in scope["headers"]:
        name, value = header
        scheme, _, credentials = value.partition(b" ")
        if name == b"authorization" and scheme.lower() == b"basic":
            try:
                password = base64.b64decode(credentials.strip(), validate=True).partition(b":")[2].decode()
            except (binascii.Error, UnicodeDecodeError):
                return None
            if password.startswith(PREFIX):
                scope["headers"] = [pair for pair in scope["headers"] if pair is not header]
                return password
    return None


def _find(link_request: RequestToken, settings: Settings) -> SignedLink:
    """Find the link of a token, if it opens the address that it is shown for.

    Raises:
        TokenError: nobody in this campaign made it.
        EndedError: it has ended.
        ForeignError: it was made for another address.
    """
    links = open_links(settings.campaign / "private")
    link = links.find(link_request.token)
    if link.state() is LinkState.REVOKED:
        raise EndedError(N_("This link was revoked."), N_("Ask who gave it to you for a new one."))
    if link.state() is LinkState.ENDED:
        raise EndedError(N_("This link has expired."), N_("Ask who gave it to you for a new one."))
    if role_now(link, settings) < Role.READER:
        raise EndedError(
            N_("Whoever created this link no longer has access, so it has expired."),
            N_("Ask somebody who has for a new one."),
        )
    if not opens(link, link_request.path, link_request.query, settings):
        raise ForeignError(
            N_("This link opens another selection or format than the one it was made for."),
            N_("Take the address as it was given to you, or ask for a link to this selection."),
        )
    links.note_use(link)
    return link


def _refuse(scope: Scope, error: UserError, link_request: RequestToken, settings: Settings) -> Response:
    """Answer what is wrong with a link, also inside a frame; ask programs for another password."""
    status = 410 if isinstance(error, EndedError) else 403
    headers = {**OPEN, "referrer-policy": "no-referrer"}
    if link_request.is_basic and isinstance(error, TokenError):
        status, headers = 401, headers | {"www-authenticate": CHALLENGE}
    heading = N_("This link opens nothing")
    answer = answer_scope(scope, status, error.what, error.remedy, heading=heading, headers=headers)
    if "content-security-policy" in answer.headers:
        ancestors = settings.frame_ancestors
        framing = "" if ancestors == "*" else f"; frame-ancestors {ancestors}"
        answer.headers["content-security-policy"] = f"{write_policy()}{framing}"
    return answer


def _challenge(headers: MutableHeaders, status: int) -> None:
    if status == 401:
        headers["www-authenticate"] = CHALLENGE


def _keep_private(headers: MutableHeaders, status: int) -> None:
    """Let only the reader keep an answer, and hide the requested address from other sites."""
    if status in (200, 304):
        headers["cache-control"] = KEPT
    headers["referrer-policy"] = "no-referrer"
    headers["x-robots-tag"] = "noindex"


def opens(link: SignedLink, path: str, query: str, settings: Settings) -> bool:
    """Whether a link was made for an address; blocks while a build is opened.

    `path`: the requested path, below the dashboard's own address. `query`: its query string, without the token.
    """
    if link.path.endswith("/") and f"{path}/".startswith(link.path):
        path, query = link.path, drop_options(query)
        if not read_pairs(query):
            return True
    if link.path != path or query.count("&") >= MOST_FIELDS:
        return False
    return query == link.query or write_alike(query, settings) == write_alike(link.query, settings)


def _drop_empty(query: str) -> str:
    return urlencode(read_pairs(query), doseq=True)


def drop_options(query: str) -> str:
    """Leave out the options by which a program chooses rows and columns of what a link opens."""
    return "&".join(part for part in query.split("&") if not unquote_plus(part).startswith("$"))


def write_alike(query: str, settings: Settings) -> str:
    """Write the canonical form of a query string: codes in one order and case, defaults written out.

    A query string that cannot be read stays as it is, so that the address itself answers what is wrong with it.
    """
    parameters = read_pairs(query)
    selection_parameters = {name: values for name, values in parameters.items() if name in (*PARAMETERS, *VERSUS)}
    other_pairs = sorted(
        (name, value) for name, values in parameters.items() if name not in selection_parameters for value in values
    )
    try:
        selection = (
            parse(selection_parameters, kept_builds.find(settings, selection_parameters)).in_order().query_pairs()
        )
    except UserError:
        selection = sorted((name, value) for name, values in selection_parameters.items() for value in values)
    return urlencode([*selection, *other_pairs])


def read_pairs(query: str) -> dict[str, list[str]]:
    """Read the parameters that count: without a token, without what was appended on the way, without empty ones."""
    parameters: Mapping[str, Sequence[str]] = parse_qs(query, keep_blank_values=True)
    untracked = drop_tracking(parameters)
    non_empty = {name: [value for value in values if value or name in VERSUS] for name, values in untracked.items()}
    return {name: values for name, values in non_empty.items() if values and name != TOKEN}
