"""Signed links at the door of a closed campaign: `?token=…`, or the token as the password of basic authentication.

What has been judged is taken out of the request, so that no route, no kept answer, no address and no log has it; the
one page that needs it, to be found by oEmbed, is told apart (`LINK_TOKEN`). Where the campaign is open, a token is left
out unread: what it would open is public.

Answers to a link are the reader's own (`private`) and are asked for anew each time (`no-cache`): an `ETag` makes that a
304, and a link that has ended opens nothing more, not even from a browser's memory.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.link_makers import role_now
from dashboard.access.rights import Person, Role
from dashboard.access.signed_links import PREFIX, TOKEN, EndedError, LinkState, SignedLink, TokenError, open_links
from dashboard.access.who import is_closed
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.link_scope import opens
from dashboard.web.http import OPEN
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.refusals import answer_words, read_language, write_policy
from dashboard.web.site import path_of

_READER = "dashboard.link_reader"
LINK_TOKEN = "dashboard.link_token"  # noqa: S105  (the key's name)
"""Where a request that a link opened has the link's token, for the page that names it to oEmbed."""
OEMBED = "/oembed"
CHALLENGE = 'Basic realm="Signed link: any user name, the token as password", charset="UTF-8"'
KEPT = "private, no-cache"


class Given(NamedTuple):
    """A token that came with a request.

    Attributes:
        path: What it is shown for; of oEmbed, the address that is to be described.
        query: Its query string, without the token.
        is_basic: Whether it came as a password.
    """

    token: str
    path: str
    query: str
    is_basic: bool = False


class ForeignError(UserError):
    """A link that was made for something else."""


class LinkTokens:
    """ASGI middleware that lets in whoever has a signed link, and tells programs how to show one."""

    def __init__(self, app: ASGIApp, routes: Sequence[ApiRoute]) -> None:
        """Wrap `app`; `routes` say which of them a link opens."""
        self.app = app
        self.routes = tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as the link's reader, as it is where it has no link, or refuse it."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not self._takes_link(scope):
            await self.app(scope, receive, send)
            return
        link_request, settings = take_token(scope), Settings.from_environment()
        if not is_closed(settings):
            await self.app(scope, receive, send)
        elif link_request is None:
            await self.app(scope, receive, _challenge(scope, send))
        else:
            await self._judge(link_request, settings, scope, receive, send)

    def _takes_link(self, scope: Scope) -> bool:
        probe = {"type": "http", "method": "GET", "path": path_of(scope), "headers": []}
        matched_route = next((route for route in self.routes if route.matches(probe)[0] is not Match.NONE), None)
        return matched_route is not None and matched_route.takes_link

    async def _judge(self, link_request: Given, settings: Settings, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            link = await run_in_threadpool(_find, link_request, settings)
        except UserError as error:
            await _refuse(Request(scope), error, link_request, settings)(scope, receive, send)
            return
        scope[_READER] = link.person
        scope[LINK_TOKEN] = link_request.token
        await self.app(scope, receive, _keep_private(send))


def take_token(scope: Scope) -> Given | None:
    """Take a token out of a request; None where it has none. The server's own log has what is left."""
    path, query_string = path_of(scope), scope["query_string"].decode("latin-1")
    token, query = split_query(query_string)
    if token is not None:
        scope["query_string"] = query.encode("latin-1")
        return Given(token, path, query)
    token = _take_password(scope)
    if token is not None:
        return Given(token, path, query, is_basic=True)
    return _take_nested(scope) if path == OEMBED else None


def split_query(query: str) -> tuple[str | None, str]:
    """The last token of a query string, None where it has none, and the rest as it was written."""
    parts = query.split("&") if query else []
    named_parts = [(unquote_plus(part.partition("=")[0]), part) for part in parts]
    tokens = [unquote_plus(part.partition("=")[2]) for name, part in named_parts if name == TOKEN]
    return (tokens[-1] if tokens else None), "&".join(part for name, part in named_parts if name != TOKEN)


def find_link_reader(scope: Scope) -> Person | None:
    """Who comes in by a signed link that was judged; None for everybody else."""
    person = scope.get(_READER)
    return person if isinstance(person, Person) else None


def _take_nested(scope: Scope) -> Given | None:
    """The token of the address that oEmbed is asked to describe; none where several addresses are given."""
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
    plain = place._replace(query=query).geturl()
    scope["query_string"] = urlencode([(name, plain if name == "url" else value) for name, value in pairs]).encode()
    return Given(token, path_of({**scope, "path": place.path}), query)


def _take_password(scope: Scope) -> str | None:
    """The token of basic authentication; a password that is no token stays in the request."""
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


def _find(link_request: Given, settings: Settings) -> SignedLink:
    """The link of a token, if it opens what it is shown for.

    Raises:
        TokenError: nobody here has made it.
        EndedError: it has ended.
        ForeignError: it was made for something else.
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


def _refuse(request: Request, error: UserError, link_request: Given, settings: Settings) -> Response:
    """What is wrong with a link, in words, also inside a frame; a program that can ask for another password does."""
    t, status = read_language(request), 410 if isinstance(error, EndedError) else 403
    headers = {**OPEN, "referrer-policy": "no-referrer"}
    if link_request.is_basic and isinstance(error, TokenError):
        status, headers = 401, headers | {"www-authenticate": CHALLENGE}
    answer = answer_words(request, status, t(N_("This link opens nothing")), (t(error.what), t(error.remedy)), headers)
    if "content-security-policy" in answer.headers:
        ancestors = settings.frame_ancestors
        framing = "" if ancestors == "*" else f"; frame-ancestors {ancestors}"
        answer.headers["content-security-policy"] = f"{write_policy()}{framing}"
    return answer


def _challenge(scope: Scope, send: Send) -> Send:
    """Tell a program that is refused that a token can be its password; a browser would ask its reader for one."""
    if "text/html" in Request(scope).headers.get("accept", ""):
        return send

    async def send_challenge(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 401:
            MutableHeaders(scope=message)["www-authenticate"] = CHALLENGE
        await send(message)

    return send_challenge


def _keep_private(send: Send) -> Send:
    """Let nobody but the reader keep an answer, and nobody learn the address that was asked for."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if message["status"] in (200, 304):
                headers["cache-control"] = KEPT
            headers["referrer-policy"] = "no-referrer"
            headers["x-robots-tag"] = "noindex"
        await send(message)

    return send_private
