"""Limit how much one client may have, in its network and in every wider one, whose budgets are larger.

A household has a whole network of IPv6, a customer of a hoster thousands of them: if only the narrowest network
counted, whoever has many networks would be many clients.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Network, ip_network
from math import inf
from typing import NamedTuple

from cachetools import LRUCache

MOST_CLIENTS = 20_000
"""Networks that are remembered; the one that has not asked for longest is forgotten first."""

WIDTHS = {64: 1, 56: 2, 48: 4, 32: 16}
"""Bits of a network of IPv6, and how many times the budget of one client all in it have together."""


AT_A_TIME = {64: 1, 56: 1, 48: 1, 32: 4}
"""The same of what takes the processor at the very moment, of which there is no more for many networks than for one."""


class Share(NamedTuple):
    """A network in which a client is counted, and how many clients' budgets it has."""

    network: str
    budgets: int


@lru_cache(4096)
def widen(client: str, *, at_a_time: bool = False) -> tuple[Share, ...]:
    """List the networks in which a client is counted, the narrowest first; anything but IPv6 is its own network.

    `at_a_time`: whether it is counted by `AT_A_TIME` and not by `WIDTHS`.
    """
    try:
        network = ip_network(client)
    except ValueError:
        return (Share(client, 1),)
    if not isinstance(network, IPv6Network):
        return (Share(client, 1),)
    widths = AT_A_TIME if at_a_time else WIDTHS
    return tuple(Share(str(network.supernet(new_prefix=bits)), budgets) for bits, budgets in widths.items())


class Bucket:
    """A bucket for each client and each network around it, which refills with time."""

    def __init__(
        self, per_second: float, most: float, clock: Callable[[], float] = time.monotonic, *, at_a_time: bool = False
    ) -> None:
        """Make full buckets of `most` for a client, into which `per_second` flows; `at_a_time` as in `widen`."""
        self._at_a_time = at_a_time
        self._per_second, self._most, self._clock = per_second, most, clock
        self._lock = threading.Lock()
        self._left = LRUCache[str, tuple[float, float]](MOST_CLIENTS)

    def take(self, client: str, amount: float = 1, patience: float = 0) -> float:
        """Take an amount, in turn with all earlier ones; return the seconds until it is there.

        Where that would be longer than `patience`, nothing is taken, and the returned seconds exceed it.
        """
        with self._lock:
            now = self._clock()
            tokens = {share: self._fill(share, now) for share in widen(client, at_a_time=self._at_a_time)}
            waits = ((min(amount, self._most) - tokens[share]) / (self._per_second * share.budgets) for share in tokens)
            seconds = max(0.0, *waits)
            for share in tokens:
                self._left[share.network] = (tokens[share] - (amount if seconds <= patience else 0), now)
        return seconds

    def allows(self, client: str) -> bool:
        """Take one for a client; return whether it was there.

        This computer (empty) has the budget of the widest network: it may be an unconfigured proxy for any number of
        readers.
        """
        return not self.take(client, 1 if client else 1 / max(WIDTHS.values()))

    def _fill(self, share: Share, now: float) -> float:
        most = self._most * share.budgets
        tokens, at = self._left.get(share.network, (most, now))
        return min(most, tokens + (now - at) * self._per_second * share.budgets)


class Places:
    """Counts how many of something each client has now, and all clients of each network around it together."""

    def __init__(self) -> None:
        """Start with none taken."""
        self.taken: Counter[str] = Counter()
        """By network."""
        self.total = 0
        self._lock = threading.Lock()

    def take(self, client: str, most: float, most_of_network: float = inf, most_of_all: float = inf) -> bool:
        """Take one more; return whether there was one.

        `most`: how many one client may have; a network may have as many as its budgets. `most_of_network`: the most for
        any network. `most_of_all`: the most for all together.
        """
        with self._lock:
            shares = widen(client)
            full = any(self.taken[share.network] >= min(most * share.budgets, most_of_network) for share in shares)
            if full or self.total >= most_of_all:
                return False
            self.total += 1
            self.taken.update(share.network for share in shares)
        return True

    def give_back(self, client: str) -> None:
        """Give one back."""
        with self._lock:
            self.total -= 1
            for share in widen(client):
                self.taken[share.network] -= 1
                if not self.taken[share.network]:
                    del self.taken[share.network]
