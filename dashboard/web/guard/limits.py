"""Limit what clients send and hold open: the bodies of requests, who may send files, pages, and how fast their clicks.

A body that is too large is not read; one that does not end is given up; a route may declare limits of its own. Only
sessions that have opened a page with an upload may send files: Streamlit itself accepts files from every open session,
whether or not its page asks for any, and keeps them in memory until the session ends. So one sign-in has room for a few
files, and all together for little more.

Of one client's pages, one runs at a time: a page that runs beside another slows that one and all others.

A handshake that cannot be read gets an answer too. The websocket library parses it again, with limits of its own (a
line of 8,192 bytes, 128 headers) and without a body; uvicorn does not answer what the library refuses, so the client
would wait for ever and its connection would stay open.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from math import inf

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from dashboard.access.presence import HEADER, presence
from dashboard.errors import TooOftenError
from dashboard.ground.budgets import Bucket, Places, widen
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard.allowances import LONGEST_REST, make_pace, name_client, take_turn
from dashboard.web.guard.hosts import refuse
from dashboard.web.guard.visiting import find_known
from dashboard.web.http import Layer, read_header
from dashboard.web.refusals import SECONDS_TO_RETRY, answer_refusal, answer_scope
from dashboard.web.site import RouteTable, path_of

LARGEST = 64_000
"""Bytes of a body that is no upload, unless its route declares another limit."""

MARGIN = 1_000_000
"""Bytes that a form puts around a file."""

SECONDS = 20.0
"""For a body whose route declares no limit; of every other one for each part, since lines are slow."""

SECONDS_OF_UPLOAD = 3_600.0
FILES_OF_ONE, FILES_OF_ALL = 2, 3
"""Files of the largest size that are held in memory for one sign-in, and for all."""

UPLOADS = "/_stcore/upload_file/"
UPLOAD = re.compile(rf"{UPLOADS}([^/]+)")
_LAST = {"connection": "close"}
_REFUSALS = {408: N_("What you sent did not arrive in time."), 413: N_("What you sent is too large.")}


class _RefusedError(Exception):
    """A body is too large, or comes too slowly."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Bodies(Layer):
    """ASGI middleware that limits what is sent with a request."""

    def __init__(self, app: ASGIApp, routes: RouteTable[ApiRoute]) -> None:
        """Wrap `app`; `routes` may declare limits."""
        super().__init__(app)
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a body that is limited."""
        sizes = (b"content-length", b"transfer-encoding")
        if scope["type"] != "http" or not any(name in sizes for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
            return
        body = _Body(receive, self._find_limit(path_of(scope)))
        is_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            if read_length(scope) > body.limit.size:
                raise _RefusedError(413)
            await self.app(scope, body.receive, send_noted)
        except _RefusedError as refused:
            if not is_begun:
                answer = answer_scope(scope, refused.status, _REFUSALS[refused.status], headers=_LAST)
                await answer(scope, receive, send)

    def _find_limit(self, path: str) -> BodyLimit:
        if path.startswith(UPLOADS):
            return BodyLimit(find_largest(), SECONDS_OF_UPLOAD)
        route = self.routes.find(path)
        return (route.body if route is not None else None) or BodyLimit(LARGEST, SECONDS)


class _Body:
    """A request's body, part by part."""

    def __init__(self, receive: Receive, limit: BodyLimit) -> None:
        self.limit = limit
        self._receive = receive
        self._size = 0
        self._is_whole = False
        self._ends = time.monotonic() + limit.seconds

    async def receive(self) -> Message:
        """Receive the next part; after the last one pass on whatever comes."""
        if self._is_whole:
            return await self._receive()
        seconds = self._ends - time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, min(seconds, SECONDS)))
        except TimeoutError:
            raise _RefusedError(408) from None
        self._size += len(message.get("body", b""))
        if self._size > self.limit.size:
            raise _RefusedError(413)
        self._is_whole = not message.get("more_body", False)
        return message


def read_length(scope: Scope) -> int:
    """Read the length that a request states; 0 where it states none or no number."""
    length = read_header(scope, b"content-length")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0


def find_largest() -> int:
    """Compute the bytes of the largest accepted file, with the form around it."""
    return Settings.from_environment().upload_mb * 1_000_000 + MARGIN


class Uploads(Layer):
    """ASGI middleware that refuses files from sessions that may not send any."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        super().__init__(app)
        self.coming: Counter[str] = Counter()
        """Bytes that are on their way, by sign-in."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse the file."""
        is_sent = scope["type"] == "http" and scope["method"] in ("PUT", "POST")
        upload = UPLOAD.search(scope["path"]) if is_sent else None
        if upload is None:
            await self.app(scope, receive, send)
        elif presence().may_hand_over(upload[1], find_known(scope).session_hash):
            await self._take(scope, receive, send)
        else:  # its tab has opened no staff page, or is of another sign-in
            answer = PlainTextResponse("Files are taken from signed-in staff only.\n", 403)
            await answer(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept a file where there is room for it."""
        owner, largest = find_known(scope).session_hash, find_largest()
        size = min(read_length(scope) or largest, largest)
        of_one, of_all = presence().weigh_held(owner)
        is_full = of_one + self.coming[owner] + size > FILES_OF_ONE * largest
        if is_full or of_all + self.coming.total() + size > FILES_OF_ALL * largest:
            problem, remedy = N_("Too many files are waiting on this server."), N_("Preview those first.")
            await answer_scope(scope, 413, problem, remedy, headers=_LAST)(scope, receive, send)
            return
        self.coming[owner] += size
        try:
            with await take_turn(scope, "upload"):
                await self.app(scope, receive, send)
        except TooOftenError as error:
            await answer_refusal(Request(scope), error)(scope, receive, send)
        finally:
            self.coming[owner] -= size
            if not self.coming[owner]:
                del self.coming[owner]


LARGEST_MESSAGE = 1_000_000
"""Bytes of what a page sends at a click: which widgets there are, and what is in them."""

TOO_LARGE, NO_TEXT = 1009, 1003
"""Codes of the end: too large, and of a kind that no page sends."""

CLICKS_PER_SECOND, MOST_CLICKS = 5.0, 60
"""Of one page; those of a form that is filled in quickly come at once."""

LONGEST_TURN = 1.0
"""Seconds that a click waits for another page of its client: one that is run for longer keeps none of the others."""

LOOK_SECONDS, BEGINNING, FIRST = 0.01, 0.05, 1.0
"""Between two looks at the page that is run; from a click until that is seen; of a page that has no tab yet."""


class Connections(Layer):
    """ASGI middleware that limits the connections of pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        super().__init__(app)
        self.open = Places()
        self.runs: dict[str, _Runs] = {}
        self._find_pace = lru_cache(4)(make_pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on with its clicks, or refuse it."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        client, settings = name_client(scope), Settings.from_environment()
        most, per_second = settings.pages_per_client, settings.clicks_per_second
        if not self.open.take(client, most if client and most else inf):
            problem, remedy = N_("Too many pages are open from your address."), N_("Close those that you do not need.")
            answer = answer_scope(scope, 429, problem, remedy, headers={"retry-after": SECONDS_TO_RETRY})
            await refuse(scope, receive, send, answer)
            return
        try:
            paces = [("", Bucket(CLICKS_PER_SECOND, MOST_CLICKS))]
            if not (client and per_second):
                await self.app(scope, _slow_down(receive, send, paces), send)
                return
            paces += [(client, self._find_pace(per_second))]
            page = _Page(read_header(scope, HEADER.encode()))
            with self._joined(
                [share.network for share in widen(client, at_a_time=True) if share.budgets == 1][-1], page
            ) as runs:
                await self.app(scope, _slow_down(receive, send, paces, lambda: runs.wait(page)), send)
        finally:
            self.open.give_back(client)

    @contextmanager
    def _joined(self, neighbours: str, page: "_Page") -> "Iterator[_Runs]":
        runs = self.runs.setdefault(neighbours, _Runs())
        runs.pages.append(page)
        try:
            yield runs
        finally:
            runs.pages.remove(page)
            if not runs.pages:
                del self.runs[neighbours]


@dataclass(eq=False)
class _Page:
    """An open page.

    Attributes:
        visit_id: The id of its connection, by which its tab is found.
        clicked_at: When its last click was passed on, by a monotonic clock.
    """

    visit_id: str
    clicked_at: float = float("-inf")

    def is_busy(self) -> bool:
        """Whether it runs, or is about to."""
        since = time.monotonic() - self.clicked_at
        tab = presence().find_tab(self.visit_id)
        return since < BEGINNING or (presence().is_busy(tab) if tab else since < FIRST)


class _Runs:
    """The turns among the pages of a client and of its nearest networks."""

    def __init__(self) -> None:
        self.pages: list[_Page] = []
        self._turn = asyncio.Lock()

    async def wait(self, clicked_page: _Page) -> None:
        """Wait, after all earlier clicks, until no other page runs, and then as long again as that run took."""
        async with self._turn:
            until, last = time.monotonic() + LONGEST_TURN, None
            while (
                time.monotonic() < until
                and (busy := next((page for page in self.pages if page is not clicked_page and page.is_busy()), None))
                is not None
            ):
                last = busy
                await asyncio.sleep(LOOK_SECONDS)
            if last is not None:
                await asyncio.sleep(min(time.monotonic() - last.clicked_at, LONGEST_REST))
            clicked_page.clicked_at = time.monotonic()


async def _go_on() -> None:
    """Do not wait."""


def _slow_down(
    receive: Receive, send: Send, paces: Sequence[tuple[str, Bucket]], wait: Callable[[], Awaitable[None]] = _go_on
) -> Receive:
    """Receive what a page sends, at the pace of the page and at that of all of the client's pages together.

    The server does not read on meanwhile. `wait` ends when it is the page's turn.
    """

    async def receive_slowly() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        data = message.get("bytes")
        if data is None or len(data) > LARGEST_MESSAGE:
            code = NO_TEXT if data is None else TOO_LARGE
            await send({"type": "websocket.close", "code": code})
            return {"type": "websocket.disconnect", "code": code}
        for name, pace in paces:
            seconds = pace.take(name, 1, inf)
            if seconds:
                await asyncio.sleep(seconds)
        await wait()
        return message

    return receive_slowly


class Handshakes(WebSocketsSansIOProtocol):
    """The protocol by which uvicorn reads connections, with an answer to a handshake that it cannot read."""

    def data_received(self, data: bytes) -> None:
        """Read on; if the bytes cannot become a handshake, answer what is wrong with them and end the connection."""
        super().data_received(data)
        if self.conn.handshake_exc is None or self.handshake_initiated or self.transport.is_closing():
            return
        words = f"This handshake of a websocket cannot be read: {self.conn.handshake_exc.__cause__}.\n"
        answer = b"".join(self.conn.data_to_send()) or self.conn.reject(HTTPStatus.BAD_REQUEST, words).serialize()
        self.transport.write(answer)
        self.transport.close()
