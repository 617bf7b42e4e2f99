"""Finished answers in memory: each is made once, however many ask for it at once, and kept while there is room.

They are kept compressed as they are sent. What is not there yet is made by a few threads behind bounded queues, one
for what takes milliseconds, one for pictures, one for files that a worker process makes, so that neither the event
loop nor quick answers wait for slow ones.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import brotli

from dashboard.i18n import N_
from dashboard.processes.runner import WorkerError
from dashboard.web.static import COMPRESSORS

MEGABYTES = 64
"""Memory for finished answers: some ten thousand embed pages, or a thousand pictures."""

IDENTITY = "identity"
_UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": lambda body: bytes(brotli.decompress(body))}


class Lane(NamedTuple):
    """How many answers of a kind are made at a time, and how many more may wait."""

    threads: int
    waiting: int


LANES = {"page": Lane(1, 1_200), "picture": Lane(1, 250), "file": Lane(4, 12)}
"""One thread draws: two draw no more, since most of drawing holds the interpreter, and slow the pages twice as much."""


class Counts:
    """What has been answered and made, for `/metrics`."""

    def __init__(self) -> None:
        """Start at nought."""
        self.requests: Counter[tuple[str, str]] = Counter()
        """By kind and outcome (`unmodified`, `kept`, `made`)."""
        self.made: Counter[str] = Counter()
        self.milliseconds: Counter[str] = Counter()
        """Time spent making answers, by kind."""
        self.refused = 0


class Bodies:
    """Answers by key and encoding; the longest unused ones are dropped when they take too much room."""

    def __init__(self, megabytes: float = MEGABYTES, lanes: dict[str, Lane] | None = None) -> None:
        """Keep `megabytes` of answers; make them in `lanes`."""
        self.counts = Counts()
        self._room = int(megabytes * 1_000_000)
        self._lanes = lanes or LANES
        self._pools = {name: ThreadPoolExecutor(lane.threads, f"embed-{name}") for name, lane in self._lanes.items()}
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._under_way: dict[tuple[str, str], Future[bytes]] = {}
        self._in_lane: Counter[str] = Counter()
        self.held = 0
        """Bytes kept now."""

    def find(self, key: str, encoding: str) -> bytes | None:
        """The answer in an encoding, if it is there."""
        with self._lock:
            body = self._kept.get((key, encoding))
            if body is not None:
                self._kept.move_to_end((key, encoding))
            return body

    def submit(self, key: str, encoding: str, lane: str, kind: str, make: Callable[[], bytes]) -> "Future[bytes]":
        """The answer to come: made by `make` unless it is there or under way already; raises what that raises.

        Args:
            key: What it is made from.
            encoding: `br`, `gzip` or `identity`.
            lane: One of the lanes.
            kind: What it counts as.
            make: Makes it, uncompressed, in a thread.

        Raises:
            WorkerError: too many answers are waited for.
        """
        place = (key, encoding)
        with self._lock:
            if place in self._kept:
                there: Future[bytes] = Future()
                there.set_result(self._kept[place])
                return there
            if place in self._under_way:
                return self._under_way[place]
            if self._in_lane[lane] >= sum(self._lanes[lane]):
                self.counts.refused += 1
                raise WorkerError(N_("Too many charts are being drawn at once."), N_("Try again in a minute."))
            self._in_lane[lane] += 1
            coming = self._pools[lane].submit(self._make, place, lane, kind, make)
            self._under_way[place] = coming
        coming.add_done_callback(lambda _: self._leave(place, lane))
        return coming

    def close(self) -> None:
        """Give up what has not been begun, and drop everything."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._kept.clear()
            self.held = 0

    def _make(self, place: tuple[str, str], lane: str, kind: str, make: Callable[[], bytes]) -> bytes:
        key, encoding = place
        begun = time.perf_counter()
        raw = self._find_plain(key)
        if raw is None:
            raw = make()
            self.counts.made[kind] += 1
            self.counts.milliseconds[kind] += round((time.perf_counter() - begun) * 1000)
        body = COMPRESSORS[encoding](raw) if encoding in COMPRESSORS else raw
        self._keep(place, body)
        return body

    def _find_plain(self, key: str) -> bytes | None:
        """The answer from another encoding of it: unpacking is cheaper than drawing."""
        for encoding in (IDENTITY, *_UNPACK):
            body = self.find(key, encoding)
            if body is not None:
                return _UNPACK[encoding](body) if encoding in _UNPACK else body
        return None

    def _keep(self, place: tuple[str, str], body: bytes) -> None:
        """Keep the newest answer, and of the others what there is room for; one too large for that is not kept."""
        if len(body) > self._room // 4:
            return
        with self._lock:
            self.held += len(body) - len(self._kept.pop(place, b""))
            self._kept[place] = body
            while self.held > self._room:
                self.held -= len(self._kept.popitem(last=False)[1])

    def _leave(self, place: tuple[str, str], lane: str) -> None:
        with self._lock:
            self._under_way.pop(place, None)
            self._in_lane[lane] -= 1
