"""The desk where addresses come in: what each asks for, from which build, and where its answer is kept."""

import os
import threading
from collections import OrderedDict
from concurrent.futures import Future
from functools import lru_cache
from typing import NamedTuple

from starlette.requests import Request

from dashboard.campaign import builds as frozen
from dashboard.charts.svg.png import prepare
from dashboard.i18n import N_
from dashboard.processes.runner import Standing
from dashboard.settings import SETTINGS, Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.web.charts import making
from dashboard.web.charts.bodies import Bodies
from dashboard.web.charts.frozen_builds import FrozenBuilds, GoneError
from dashboard.web.charts.requests import FORMATS, Wanted, read, read_build
from dashboard.web.refusals import read_query

MOST_REMEMBERED = 4096
LONGEST_REMEMBERED = 2048
"""Bytes of a query string that is remembered as it was written."""
PAINTER = ("dashboard.charts.svg.painting", 30.0, (N_("The picture could not be painted."), N_("Try again.")))
"""Its module, the seconds for a picture, and what is said without one."""


class Asked(NamedTuple):
    """An address that was read: what it wants, the key of its answer, and the live snapshot unless frozen."""

    wanted: Wanted
    key: str
    live: Snapshot | None


class Desk:
    """Reads addresses, remembers the last ones, and has their answers made and kept."""

    def __init__(self, bodies: Bodies | None = None, builds: FrozenBuilds | None = None) -> None:
        """Begin with nothing remembered."""
        self.bodies = bodies or Bodies()
        self.builds = builds or FrozenBuilds()
        self.painter = Standing(*PAINTER)
        self._lock = threading.Lock()
        self._owner: tuple[Snapshot, Settings] | None = None
        self._remembered: OrderedDict[tuple[bytes, str, str], Asked] = OrderedDict()

    def settings(self) -> Settings:
        """The settings in force; read anew only when the environment has changed."""
        return _read_settings(tuple(os.environ.get(setting.variable, "") for setting in SETTINGS))

    def recall(self, query: bytes, chart_id: str, file_format: str, settings: Settings) -> Asked | None:
        """An address that was read before from the build that is live now: nothing here waits."""
        live = database.opened(settings)
        if live is None:
            return None
        with self._lock:
            if self._owner is None or self._owner[0] is not live or self._owner[1] is not settings:
                self._remembered.clear()  # so that nothing here holds an old snapshot open
                self._owner = (live, settings)
                return None
            asked = self._remembered.get((query, chart_id, file_format))
        if asked is not None and asked.wanted.is_frozen:
            self._check_kept(settings, asked.wanted)
        return asked

    def read(self, request: Request, chart_id: str, file_format: str, settings: Settings) -> Asked:
        """What an address asks for. Blocks; errors as in `requests.read`, `find_snapshot`."""
        query = read_query(request)
        found = self.find_snapshot(settings, query)
        wanted = read(chart_id, file_format, query, found)
        live = None if wanted.is_frozen else found
        asked = Asked(wanted, wanted.key(making.edition(), live, settings), live)
        written = request.scope["query_string"]
        with self._lock:
            owner = self._owner
            is_current = owner is not None and owner[1] is settings and (live is None or owner[0] is live)
            if is_current and len(written) <= LONGEST_REMEMBERED:
                self._remembered[written, chart_id, file_format] = asked
                while len(self._remembered) > MOST_REMEMBERED:
                    self._remembered.popitem(last=False)
        return asked

    def find_snapshot(self, settings: Settings, query: dict[str, list[str]]) -> Snapshot:
        """The snapshot an address speaks of: the live one, or the one it is frozen at. Blocks while one is opened.

        Raises:
            SelectionError: the build's id is none.
            GoneError: the build is not kept.
            SnapshotError: nothing is published.
        """
        build_id = read_build(query)
        return self.builds.open(settings, build_id) if build_id else database.current(settings)

    def submit(self, asked: Asked, encoding: str, settings: Settings) -> "Future[bytes]":
        """The answer to come; errors as in `Bodies.submit` and `making.make`."""
        wanted = asked.wanted

        def make() -> bytes:
            found = asked.live or self.builds.open(settings, wanted.build_id)
            return making.make(found, wanted, settings, self.paint)

        lane = FORMATS[wanted.file_format].lane
        return self.bodies.submit(asked.key, encoding, lane, wanted.file_format, make)

    def paint(self, svg: str, scale: float = 1) -> bytes:
        """An SVG as PNG, by a process that stays: resvg holds the interpreter, and readers would wait.

        Raises:
            WorkerError: it could not be painted, or not in time.
        """
        return self.painter.ask(*prepare(svg, scale))

    def close(self) -> None:
        """Let go of everything."""
        self.bodies.close()
        self.builds.close()
        self.painter.close()
        with self._lock:
            self._remembered.clear()
            self._owner = None

    def _check_kept(self, settings: Settings, wanted: Wanted) -> None:
        if frozen.find_snapshot(settings.campaign, wanted.build_id) is None:
            raise GoneError(wanted.build_id)


@lru_cache(maxsize=8)
def _read_settings(values: tuple[str, ...]) -> Settings:
    return Settings.from_environment({s.variable: value for s, value in zip(SETTINGS, values, strict=True)})
