"""The desk for addresses of charts: it reads them, finds the build, and makes the answers."""

import threading
from dataclasses import replace
from typing import NamedTuple

from starlette.requests import Request

from dashboard.cache import Cache
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
from dashboard.web.delivery import open_context
from dashboard.web.http import edition

MOST_REMEMBERED = 4096
LONGEST_REMEMBERED = 2048
"""The longest query string, in bytes, to remember as it was written."""
PAINTER = ("dashboard.charts.svg.painting", 30.0, (N_("The picture could not be created."), N_("Try again.")))
"""Its module, the seconds for a picture, and the message without one."""


class ReadAddress(NamedTuple):
    """An address as read: its request, the key of its answer, and the live snapshot unless frozen."""

    chart_request: ChartRequest
    key: str
    live: Snapshot | None


class Desk:
    """A reader of addresses that remembers the last ones, and makes their answers."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self.painter = StandingProcess(*PAINTER)
        self._lock = threading.Lock()
        self._owner: tuple[Snapshot, Settings] | None = None
        self._addresses = Cache[tuple[bytes, str, str], ReadAddress](MOST_REMEMBERED)

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
        _, query, snapshot = open_context(request)
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
        self.painter.close()
        with self._lock:
            self._addresses.clear()
            self._owner = None
