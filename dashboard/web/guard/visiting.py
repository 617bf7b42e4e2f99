"""Recognise whose a request or an open page is, and end a page's connection with its sign-in.

A visitor is recognised by the session's cookie, else by a signed link. The cookie is for this host alone, out of reach
of scripts, and not sent by other sites' forms. Headers in which somebody merely claims an identity (`X-Forwarded-User`
and the like) do not count.

The sign-in is checked before each message of a connection, so that no click of an ended session is carried out, and
every few seconds for idle pages (`watch`): another server may have ended the session, or a change of `roles.toml` the
role.

Where the server has a name, the connection sets it as a cookie, by which a proxy leads a page's other requests there:
only the server that runs a page knows the files it offers or takes. So the cookie always names the server that the page
is connected to; charts, extracts and feeds, which any server answers alike, set none. It says nothing about the reader.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.presence import HEADER, STRANGERS, Visit, presence
from dashboard.access.rights import STRANGER, AccessClass, Person, SignInWay
from dashboard.access.sessions import Session, is_closed, name_hash, sessions_of, who_asks
from dashboard.ground.base_urls import is_local
from dashboard.settings import Settings
from dashboard.web.guard.allowances import name_client
from dashboard.web.guard.link_tokens import find_link_reader
from dashboard.web.http import read_header

SECURE_COOKIE, PLAIN_COOKIE = "__Host-dashboard", "dashboard"
LONGEST_COOKIE = 4_000


def is_secure(scope: Scope, settings: Settings) -> bool:
    """Whether the browser speaks https: to this process, or to a proxy at the public address."""
    if scope.get("scheme") in ("https", "wss"):
        return True
    return settings.base_url.startswith("https://") and not is_local("//" + read_header(scope, b"host"))


def name_cookie(scope: Scope, settings: Settings, use: str = "session") -> str:
    """Name the cookie, with the port on this computer: browsers send a host's cookies to all its ports."""
    if is_secure(scope, settings):
        return f"{SECURE_COOKIE}-{use}"
    _, mark, port = read_header(scope, b"host").rpartition(":")
    return f"{PLAIN_COOKIE}-{use}-{port if mark else 80}"


def read_cookie(scope: Scope, settings: Settings, use: str = "session") -> str:
    """Read the cookie; empty where there is none, or several, as another site of the domain might add one."""
    name = name_cookie(scope, settings, use)
    matches = []
    for header, value in scope["headers"]:
        if header == b"cookie":
            pairs = (pair.strip().partition("=") for pair in value.decode("latin-1").split(";"))
            matches += [text for cookie_name, _, text in pairs if cookie_name == name]
    return matches[0] if len(matches) == 1 and len(matches[0]) <= LONGEST_COOKIE else ""


def write_cookie(scope: Scope, settings: Settings, value: str, use: str = "session", seconds: int | None = None) -> str:
    """Write the header `Set-Cookie`: until the browser is closed, for some seconds, or with 0 to remove it."""
    parts = [f"{name_cookie(scope, settings, use)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if is_secure(scope, settings):
        parts.append("Secure")
    return "; ".join(parts)


LOG = logging.getLogger(__name__)
STATE = "known"
COOKIE = "dashboard_server"
"""Names the server; without a hyphen, so that nginx can read it as a variable."""
SIGNED_OUT, MOVED = 4401, 1012
"""The codes by which a connection is closed: its sign-in has ended, and the page loads itself anew (first_page.js); the
server ends, and the page connects to the next one."""
EVERY = 2.0
"""Seconds between two looks at all visits."""
FILES_LEFT = 60.0
"""Seconds for which a tab that took files is kept once its page is gone: it may have broken off."""
PROTOCOL = b"sec-websocket-protocol"
PLACE_OF_TAB = 2
"""Where the tab stands that the browser wants to go on with, in that header."""


class Visitor(NamedTuple):
    """The visitor whose request it is.

    Attributes:
        session: The sign-in session of the request; None where it has none that holds.
    """

    person: Person
    session: Session | None = None

    @property
    def session_hash(self) -> str:
        """Return the hash that names the session."""
        return STRANGERS if self.session is None else self.session.session_hash


NOBODY = Visitor(STRANGER)


async def recognise(scope: Scope, settings: Settings) -> Visitor:
    """Recognise the visitor, and note them in the scope for all later code."""
    visitor = await _find(scope, settings)
    scope.setdefault("state", {})[STATE] = visitor
    return visitor


def find_known(scope: Scope) -> Visitor:
    """Find the visitor that `recognise` noted; a stranger where it was not called."""
    visitor = scope.get("state", {}).get(STATE)
    return visitor if isinstance(visitor, Visitor) else NOBODY


async def look_again(session_hash: str, settings: Settings) -> Visitor:
    """Find who has a session now; the file is read at most once a second."""
    if session_hash == STRANGERS:
        return Visitor(who_asks(None, settings))
    if sessions_of(settings).is_remembered(session_hash):
        return _look(session_hash, settings)
    return await run_in_threadpool(_look, session_hash, settings)


def _look(session_hash: str, settings: Settings) -> Visitor:
    try:
        session = sessions_of(settings).find(session_hash)
    except (sqlite3.Error, OSError):  # a visitor whose session cannot be read has none; everybody else is answered
        LOG.exception("The sessions cannot be read.")
        session = None
    person = who_asks(session, settings)
    return Visitor(person, session if person.way is not SignInWay.NONE else None)


async def _find(scope: Scope, settings: Settings) -> Visitor:
    token = read_cookie(scope, settings)
    visitor = await look_again(name_hash(token) if token else STRANGERS, settings)
    reader = find_link_reader(scope)
    return Visitor(reader) if reader is not None and visitor.person is STRANGER else visitor


async def visit(app: ASGIApp, scope: Scope, receive: Receive, send: Send, visitor: Visitor) -> None:
    """Serve a page's connection for as long as its sign-in holds."""
    end, loop = _End(), asyncio.get_running_loop()

    def close(code: int) -> None:
        with suppress(RuntimeError):  # the server has ended
            loop.call_soon_threadsafe(end.come, code)

    own_visit = Visit(
        person=visitor.person,
        session_hash=visitor.session_hash,
        close=lambda: close(SIGNED_OUT),
        move=lambda: close(MOVED),
        client=name_client(scope),
    )
    connection = _Connection(own_visit, end, scope, receive, send)
    presence().begin(own_visit)
    try:
        await app(_mark(scope, own_visit), connection.receive, connection.send)
    finally:
        presence().leave(own_visit)
        if end.code == SIGNED_OUT:
            close_tabs([own_visit.tab, *presence().drop(own_visit.session_hash)])


def close_tabs(tabs: Iterable[str]) -> None:
    """End tabs with all that they hold; runs on the server's own thread."""
    for tab in filter(None, tabs):
        try:
            presence().close_tab(tab)
        except Exception:  # else one that cannot be ended keeps the others from it
            LOG.exception("A tab could not be ended.")


async def watch() -> None:
    """End what has to end, every few seconds, as long as the server runs."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await look_at_all()
        except Exception:  # a full disk, a locked file: the next look may succeed
            LOG.exception("Open pages could not be looked at.")


async def look_at_all() -> None:
    """Close connections and tabs of ended sessions and changed roles, and drop files that were left behind."""
    close_tabs(presence().drop_left(FILES_LEFT))
    visits, settings = presence().list_visits(), Settings.from_environment()
    hashes = {visit.session_hash for visit in visits} | presence().list_sessions()
    persons = await run_in_threadpool(_find_persons, hashes, settings)
    for one in visits:
        if not _may_stay(one, persons[one.session_hash], settings):
            one.close()
    for session_hash, person in persons.items():
        if person is STRANGER and session_hash != STRANGERS:
            close_tabs(presence().drop(session_hash))


def _find_persons(hashes: Iterable[str], settings: Settings) -> dict[str, Person]:
    live = {session.session_hash: session for session in sessions_of(settings).list_all()}
    return {session_hash: who_asks(live.get(session_hash), settings) for session_hash in hashes}


def _may_stay(visit: Visit, person: Person, settings: Settings) -> bool:
    """Whether a connection may go on: its person has the role with which it began, and may open a page."""
    admits = AccessClass.PUBLIC.admits(person.role, is_closed=is_closed(settings))
    return admits and (person.role, person.key) == (visit.person.role, visit.person.key)


class _End(asyncio.Event):
    """The end of a connection once something asks for it: its code, 0 until then."""

    code = 0

    def come(self, code: int) -> None:
        self.code = self.code or code
        self.set()


class _Connection:
    """The messages between a page and Streamlit."""

    def __init__(self, visit: Visit, end: _End, scope: Scope, receive: Receive, send: Send) -> None:
        self._visit, self._over, self._scope = visit, end, scope
        self._receive, self._send = receive, send
        self._is_over = False

    async def receive(self) -> Message:
        """Receive the next message; once the sign-in has ended, the message that the connection is over."""
        coming, end = asyncio.ensure_future(self._receive()), asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait((coming, end), return_when=asyncio.FIRST_COMPLETED)
            if not self._over.code and coming.done():
                message = coming.result()
                if message["type"] != "websocket.receive" or await self._holds():
                    return message
                self._over.come(SIGNED_OUT)
        finally:
            for task in (coming, end):
                if not task.done():
                    task.cancel()
        return await self._end()

    async def send(self, message: Message) -> None:
        """Pass a message on; none after the end."""
        if message["type"] == "websocket.accept":
            settings = Settings.from_environment()
            if settings.server_name:
                secure = "; Secure" if is_secure(self._scope, settings) else ""
                value = f"{COOKIE}={settings.server_name}; Path=/; HttpOnly; SameSite=Lax{secure}"
                message["headers"] = list(message.get("headers", ()))
                MutableHeaders(scope=message).append("set-cookie", value)
        if not self._is_over:
            await self._send(message)

    async def _holds(self) -> bool:
        settings = Settings.from_environment()
        visitor = await look_again(self._visit.session_hash, settings)
        if not _may_stay(self._visit, visitor.person, settings):
            return False
        if visitor.session is not None and sessions_of(settings).needs_note(visitor.session):
            await run_in_threadpool(sessions_of(settings).note, visitor.session)
        return True

    async def _end(self) -> Message:
        if not self._is_over:
            self._is_over = True
            with suppress(RuntimeError):  # the browser was first
                await self._send({"type": "websocket.close", "code": self._over.code, "reason": ""})
        return {"type": "websocket.disconnect", "code": self._over.code, "reason": ""}


def _mark(scope: Scope, visit: Visit) -> Scope:
    """Return the handshake with the name of the visit, and without a tab of somebody else."""
    headers = []
    for name, value in scope["headers"]:
        if name == PROTOCOL:
            value = _drop_foreign_tab(value, visit)
        if name != HEADER.encode():
            headers.append((name, value))
    return {**scope, "headers": [*headers, (HEADER.encode(), visit.visit_id.encode())]}


def _drop_foreign_tab(value: bytes, visit: Visit) -> bytes:
    parts = value.decode("latin-1").split(",")
    if len(parts) > PLACE_OF_TAB:
        tab = parts[PLACE_OF_TAB].strip()
        if presence().may_resume(tab, visit.session_hash):
            visit.asked_tab = tab
        else:
            parts = parts[:PLACE_OF_TAB]
    return ",".join(parts).encode("latin-1")
