"""Limit how much one client may ask for, by a bucket for each client that refills with time, in this process.

A client is counted in its network and in every wider one (`dashboard.ground.budgets`). A client's new work is done in
turn: while one piece is made, the client's next ones wait, and other clients' pieces are made between them. What is in
memory costs nothing, so the first reader of an office does not hold back the others behind the same address. A client
on this computer is not counted: it is a program of the computer itself, or a proxy that no setting names, behind which
all readers would be one client.

Even the cheapest answer, such as a refusal, takes processor time. So `Pacing` stands before everything that answers:
requests that come faster than a client's pace wait for their turn, and are refused where they would wait too long.

The cheapest answer takes a share of the processor too, a refusal among them. So `Pacing` stands before all that
answers: what comes faster than a client's requests are taken waits for its turn, and is refused where it would wait too
long.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from functools import lru_cache
from ipaddress import IPv6Address, ip_network
from typing import TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.errors import TooOftenError
from dashboard.ground.budgets import Bucket, widen
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.hosts import client_of, parse_address, refuse
from dashboard.web.http import Layer
from dashboard.web.refusals import answer_scope
from dashboard.web.site import path_of

COSTS = {"text": 1, "picture": 3, "file": 10}
"""What is made anew counts so much: a page, table or feed; a picture; a workbook, deck, paper or ZIP."""

LONGEST_REST = 0.25
"""Seconds at most that a client's next drawing waits after one that took as long: drawing holds the interpreter."""

MOST_WAITING = 100
"""Things of a kind that wait for one client's turn."""

SECONDS_AT_ONCE = 4
"""Requests of a client, or clicks on its pages, that are taken at once: what may come in so many seconds."""

PATIENCE = 30.0
"""Seconds that a request waits for its turn, as where a hall opens a page from one address.

One that would wait longer is refused after them.
"""

FILES = ("/static/", "/charts/assets/")
FILE, PAGE = 0.1, 5.0
"""What a file of the program, sent from memory, and the opening of a page count for; all else counts 1."""

_OFTEN = N_("Too many requests from your address in a short time.")
Value = TypeVar("Value")


def name_client(scope: Scope) -> str:
    """Name what a client is counted under: its address, or its network for IPv6; empty where it is not counted."""
    return name_network(client_of(scope))


def charge(scope: Scope, kind: str) -> None:
    """Charge a client for new work of one of the kinds of `COSTS`.

    Raises:
        TooOftenError: the client has had so much made in the last minute that it must wait.
    """
    client, per_minute = name_client(scope), Settings.from_environment().work_per_minute
    if client and per_minute:
        seconds = _work(per_minute).take(client, COSTS[kind])
        if seconds:
            raise _refuse(seconds)


async def have_made(scope: Scope, kind: str, begin: "Callable[[], Future[Value]]") -> Value:
    """Charge a client for new work, wait for the client's turn and start it.

    `kind`: one of `COSTS`. `begin`: submits the work to a lane of few threads and returns its future.

    Raises:
        TooOftenError: the client has had, or waits for, too much; the work's own errors pass through.
    """
    charge(scope, kind)
    is_drawn, loop = kind != "file", asyncio.get_running_loop()
    turn = await take_turn(scope, "drawing" if is_drawn else "file")
    began = loop.time()
    try:
        # Shielded: other requests may wait for the same when this one's client goes away.
        return await asyncio.shield(asyncio.wrap_future(begin()))
    finally:
        loop.call_later(min(loop.time() - began, LONGEST_REST) if is_drawn else 0, turn.close)


async def take_turn(scope: Scope, lane: str) -> ExitStack:
    """Wait for a client's turn in a lane; the turn lasts until the returned stack is closed.

    Raises:
        TooOftenError: too many requests of the client wait already.
    """
    return await _turns.take(name_client(scope), lane)


class _Gate(asyncio.Semaphore):
    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self.users, self.loop = 0, asyncio.get_running_loop()


class Turns:
    """The turns in a lane, among the work for one client or for a network around it."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self.gates: dict[tuple[str, str], _Gate] = {}

    async def take(self, client: str, lane: str) -> ExitStack:
        """Wait for a turn, which lasts until the returned stack is closed; a client that is not counted has it at once.

        Raises:
            TooOftenError: too many wait already.
        """
        turn = ExitStack()
        try:
            for network, at_once in widen(client, at_a_time=True) if client else ():
                gate = self._enter((lane, network), at_once, turn)
                await gate.acquire()
                turn.callback(gate.release)
        except BaseException:
            turn.close()
            raise
        return turn

    def _enter(self, key: tuple[str, str], at_once: int, turn: ExitStack) -> _Gate:
        gate = self.gates.get(key)
        if gate is None or gate.loop is not asyncio.get_running_loop():  # that of a loop which has ended
            gate = self.gates[key] = _Gate(at_once)
        if gate.users >= MOST_WAITING * at_once:
            raise _refuse(60)
        gate.users += 1
        turn.callback(self._leave, key, gate)
        return gate

    def _leave(self, key: tuple[str, str], gate: _Gate) -> None:
        gate.users -= 1
        if not gate.users and self.gates.get(key) is gate:
            del self.gates[key]


_turns = Turns()


def _refuse(seconds: float) -> TooOftenError:
    return TooOftenError(_OFTEN, N_("Try again in a minute; earlier requests are answered immediately."), seconds)


@lru_cache(4)
def _work(per_minute: int) -> Bucket:
    return Bucket(per_minute / 60, per_minute)


@lru_cache(4096)
def name_network(client: str) -> str:
    """Name the network that stands for a client: for IPv6 the whole one of a household; empty for this computer."""
    address = parse_address(client)
    if address is None or address.is_loopback:
        return ""
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def make_pace(per_second: float) -> Bucket:
    """Make the bucket that takes so many requests a second of each client."""
    return Bucket(per_second, per_second * SECONDS_AT_ONCE, at_a_time=True)


class Pacing(Layer):
    """ASGI middleware that takes a client's requests in turn."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        super().__init__(app)
        self._find_pace = lru_cache(4)(make_pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its turn has come."""
        if scope["type"] in ("http", "websocket"):
            client, per_second = name_client(scope), Settings.from_environment().requests_per_second
            if client and per_second:
                seconds = self._find_pace(per_second).take(client, _weigh(scope), PATIENCE)
                if seconds:
                    await asyncio.sleep(min(seconds, PATIENCE))
                if seconds > PATIENCE:
                    headers = {"retry-after": str(round(PATIENCE))}
                    answer = answer_scope(scope, 429, _OFTEN, N_("Try again in a minute."), headers=headers)
                    await refuse(scope, receive, send, answer)
                    return
        await self.app(scope, receive, send)


def _weigh(scope: Scope) -> float:
    if scope["type"] == "websocket":
        return PAGE
    return FILE if path_of(scope).startswith(FILES) else 1
