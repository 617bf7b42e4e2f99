"""The desk for addresses of charts: it reads them, finds the build, and makes and keeps the answers.

Finished answers stay in memory, compressed as they are sent. A few threads behind bounded queues make the others:
one queue for work of milliseconds, one for pictures, one for files from a worker process, so that
neither the event loop nor quick answers wait for slow ones.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import NamedTuple, TypeVar

import brotli
from starlette.requests import Request

from dashboard.cache import Cache, Lane
from dashboard.campaign import builds
from dashboard.charts.svg.png import prepare
from dashboard.i18n import N_
from dashboard.processes.runner import StandingProcess
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.web.charts import making
from dashboard.web.charts.requests import ChartRequest, read
from dashboard.web.http import IDENTITY, compress, edition, read_query

MEGABYTES = 64
"""Memory for finished answers: some ten thousand embed pages, or a thousand pictures."""

MOST_REMEMBERED = 4096
LONGEST_REMEMBERED = 2048
"""The longest query string, in bytes, to remember as it was written."""
PAINTER = ("dashboard.charts.svg.painting", 30.0, (N_("The picture could not be created."), N_("Try again.")))
"""Its module, the seconds for a picture, and the message without one."""


Value = TypeVar("Value")


class LaneSize(NamedTuple):
    """The number of answers of a kind in the making, and of further ones that may wait."""

    threads: int
    waiting: int


LANES = {"page": LaneSize(1, 1_200), "picture": LaneSize(1, 250), "file": LaneSize(4, 12)}
"""One thread draws: two draw no more, since most of drawing holds the interpreter, and slow the pages twice as much."""


class Counts:
    """The counts of answers and of their making, for `/metrics`."""

    def __init__(self) -> None:
        """Start with zero requests counted."""
        self.requests: Counter[tuple[str, str]] = Counter()
        """By kind and outcome (`unmodified`, `kept`, `made`)."""
        self.made: Counter[str] = Counter()
        self.milliseconds: Counter[str] = Counter()
        """The time spent making answers, by kind."""


class Answers:
    """Finished answers by key and encoding, each made once."""

    def __init__(self, megabytes: float = MEGABYTES, lanes: Mapping[str, LaneSize] = LANES) -> None:
        """Keep `megabytes` of answers; make them in `lanes`."""
        room = int(megabytes * 1_000_000)
        refusal = N_("Too many charts are being drawn at once.")
        self.counts = Counts()
        self.bodies = Cache[tuple[str, str], bytes](room, len, largest=room // 4)
        self.lanes = {name: Lane(f"embed-{name}", *size, refusal) for name, size in lanes.items()}

    @property
    def refused(self) -> int:
        """How many answers were refused because too many were waiting."""
        return sum(lane.refused for lane in self.lanes.values())

    def find(self, key: str, encoding: str) -> bytes | None:
        """Return the answer in an encoding, if it is there."""
        return self.bodies.find((key, encoding))

    def submit(self, key: str, encoding: str, lane: str, kind: str, make: Callable[[], bytes]) -> "Future[bytes]":
        """Return the answer to come: made by `make` unless it is there or under way already; raise what that raises.

        Args:
            key: The key of all it is made from.
            encoding: `br`, `gzip` or `identity`.
            lane: One of the lanes.
            kind: Its kind in the counts.
            make: Makes it, uncompressed, in a thread.

        Raises:
            BusyError: too many answers are waiting.
        """
        return self.bodies.submit((key, encoding), lambda: self._make(key, encoding, kind, make), self.lanes[lane])

    def work(self, lane: str, make: Callable[[], Value]) -> "Future[Value]":
        """Return the result of `make` in a lane, without keeping it.

        Raises:
            BusyError: too many answers are waiting.
        """
        return self.lanes[lane].submit(make)

    def close(self) -> None:
        """Give up the work that has not begun, and drop everything."""
        for lane in self.lanes.values():
            lane.close()
        self.bodies.clear()

    def _make(self, key: str, encoding: str, kind: str, make: Callable[[], bytes]) -> bytes:
        started_at = time.perf_counter()
        raw = self._find_plain(key)
        if raw is None:
            raw = make()
            self.counts.made[kind] += 1
            self.counts.milliseconds[kind] += round((time.perf_counter() - started_at) * 1000)
        return compress(raw, encoding)

    def _find_plain(self, key: str) -> bytes | None:
        """Find the answer in another encoding: unpacking is cheaper than drawing."""
        plain = self.find(key, IDENTITY)
        if plain is not None:
            return plain
        packed = self.find(key, "br")
        return None if packed is None else bytes(brotli.decompress(packed))


class ReadAddress(NamedTuple):
    """An address as read: its request, the key of its answer, and the live snapshot unless frozen."""

    chart_request: ChartRequest
    key: str
    live: Snapshot | None


class Desk:
    """A reader of addresses that remembers the last ones, and has their answers made and kept."""

    def __init__(self, answers: Answers | None = None) -> None:
        """Begin with nothing remembered."""
        self.answers = answers or Answers()
        self.painter = StandingProcess(*PAINTER)
        self._lock = threading.Lock()
        self._owner: tuple[Snapshot, Settings] | None = None
        self._addresses = Cache[tuple[bytes, str, str], ReadAddress](MOST_REMEMBERED)

    def settings(self) -> Settings:
        """Return the settings in force; the same object as long as the environment has not changed."""
        return Settings.from_environment()

    def recall(self, query: bytes, chart_id: str, file_format: str, settings: Settings) -> ReadAddress | None:
        """Find an address that was read before from the live build; never wait."""
        live = database.opened(settings)
        if live is None:
            return None
        with self._lock:
            if self._owner is None or self._owner[0] is not live or self._owner[1] is not settings:
                self._addresses.clear()  # so that nothing here holds an old snapshot open
                self._owner = (live, settings)
                return None
            address = self._addresses.find((query, chart_id, file_format))
        if address is not None and address.chart_request.is_frozen:
            build_id = address.chart_request.build_id
            if builds.find_snapshot(settings.campaign, build_id) is None:
                raise GoneError(build_id)
        return address

    def read(self, request: Request, chart_id: str, file_format: str, settings: Settings) -> ReadAddress:
        """Read an address. Block; errors as in `requests.read`, `kept_builds.find`."""
        query = read_query(request)
        snapshot = kept_builds.find(settings, query)
        chart_request = read(chart_id, file_format, query, snapshot)
        live = None if chart_request.is_frozen else snapshot
        address = ReadAddress(chart_request, chart_request.key(edition(), live, settings), live)
        query_string = request.scope["query_string"]
        with self._lock:
            owner = self._owner
            is_current = owner is not None and owner[1] is settings and (live is None or owner[0] is live)
            if is_current and len(query_string) <= LONGEST_REMEMBERED:
                self._addresses.keep((query_string, chart_id, file_format), address)
        return address

    def by_link(self, address: ReadAddress, token: str, settings: Settings) -> ReadAddress:
        """Return the address of a page for a reader with a signed link, who can open nothing else of the chart."""
        chart_request = replace(address.chart_request, token=token)
        return address._replace(chart_request=chart_request, key=chart_request.key(edition(), address.live, settings))

    def make(self, address: ReadAddress, settings: Settings) -> bytes:
        """Make the answer to an address; errors as in `making.make`, and a build may be gone meanwhile."""
        chart_request = address.chart_request
        snapshot = address.live or kept_builds.kept_builds().open(settings, chart_request.build_id)
        return making.make(snapshot, chart_request, settings, self.paint)

    def paint(self, svg: str, scale: float = 1) -> bytes:
        """Paint an SVG as PNG, by a process that stays: resvg holds the interpreter, and readers would wait.

        Raises:
            WorkerError: it could not be painted, or not in time.
        """
        return self.painter.ask(*prepare(svg, scale))

    def close(self) -> None:
        """Let go of everything."""
        self.answers.close()
        self.painter.close()
        with self._lock:
            self._addresses.clear()
            self._owner = None
