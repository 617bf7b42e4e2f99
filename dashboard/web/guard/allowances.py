"""How much one client may ask for: counted in this process, by a bucket for each that fills again with time.

What is kept already costs nothing, so that an office behind one address is not held back by what its first reader has
opened. A client that is this computer is not counted: it is a program of its own, or a proxy that no setting names,
behind which all would be one.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from starlette.types import Scope

from dashboard.errors import TooOftenError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.clients import client_of, parse_address

MOST_CLIENTS = 20_000
"""The one that has not asked for longest is forgotten first."""

COSTS = {"text": 1, "picture": 3, "file": 10}
"""What is made anew counts so much: a page, table or feed; a picture; a workbook, deck, paper or ZIP."""


class Bucket:
    """A bucket for each client."""

    def __init__(self, per_second: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Full ones hold `most`, and `per_second` flows in."""
        self._per_second, self._most, self._clock = per_second, most, clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, amount: float = 1) -> float:
        """Take an amount; the seconds to wait before there is so much, where nothing is taken, else 0."""
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(client, (self._most, now))
            left = min(self._most, left + (now - at) * self._per_second)
            lacking = min(amount, self._most) - left
            self._left[client] = (left if lacking > 0 else left - amount, now)
            if len(self._left) > MOST_CLIENTS:
                self._left.popitem(last=False)
        return max(0.0, lacking / self._per_second)


def name_client(scope: Scope) -> str:
    """Under which name a client is counted: its address, of IPv6 that of its network; empty where it is not counted."""
    return name_network(client_of(scope))


def charge(scope: Scope, kind: str) -> None:
    """Count what is made anew for a client.

    Args:
        scope: The request.
        kind: One of `COSTS`.

    Raises:
        TooOftenError: the client has had so much made in the last minute that it must wait.
    """
    client, per_minute = name_client(scope), Settings.from_environment().work_per_minute
    if client and per_minute:
        seconds = _work(per_minute).take(client, COSTS[kind])
        if seconds:
            remedy = N_("Try again in a minute; what was asked for before is answered at once.")
            raise TooOftenError(N_("Too much was asked for from your address in a short time."), remedy, seconds)


@lru_cache(4)
def _work(per_minute: int) -> Bucket:
    return Bucket(per_minute / 60, per_minute)


@lru_cache(4096)
def name_network(client: str) -> str:
    """What stands for a client: of IPv6 its network, since one household has it whole; empty for this computer."""
    address = parse_address(client)
    if address is None or address.is_loopback:
        return ""
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)
