"""How often one client may ask: counted in this process, by a number that says nothing about the client."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache

from cachetools import TTLCache

MOST_SIGN_UPS = 10
SECONDS = 3600.0
MOST_CLIENTS = 100_000
LOOPBACK = ("127.0.0.1", "::1")


class Limiter:
    """Counts what each client does within a while."""

    def __init__(
        self, most: int = MOST_SIGN_UPS, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Allow `most` in `seconds`, counted from the first."""
        self._most = most
        self._counts: TTLCache[bytes, list[int]] = TTLCache(MOST_CLIENTS, seconds, timer=clock)
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)

    def allows(self, client: str) -> bool:
        """Count one more; whether it is still within the limit."""
        key = hashlib.blake2b(client.encode("utf-8", "replace"), key=self._salt, digest_size=16).digest()
        with self._lock:
            count = self._counts.get(key)
            if count is None:
                count = self._counts[key] = [0]
            count[0] += 1
            return count[0] <= self._most


@cache
def sign_ups() -> Limiter:
    """The limit on signing up of this process."""
    return Limiter()


def name_client(host: str | None, headers: Mapping[str, str]) -> str:
    """Who asks: the address that is connected, or behind a proxy on this computer the one that the proxy names."""
    if host and host not in LOOPBACK:
        return host
    return headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or host or "here"
