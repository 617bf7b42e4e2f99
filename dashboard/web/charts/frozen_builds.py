"""Earlier builds, opened for embeds that are frozen at them: a few at a time, the longest unused closed first.

Refusals that only charts' addresses know.
"""

import threading
from collections import OrderedDict
from datetime import UTC, datetime

from dashboard.campaign.builds import find_snapshot
from dashboard.errors import SnapshotError, UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot

MOST_OPEN = 4
CACHE_MB = 8


class FrozenBuilds:
    """Snapshots of builds by their ids.

    A snapshot is closed when nobody holds it any more, so that an answer under way ends on the build it began with.
    """

    def __init__(self, most_open: int = MOST_OPEN) -> None:
        """Hold `most_open` snapshots."""
        self._most = most_open
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Snapshot] = OrderedDict()

    def open(self, settings: Settings, build_id: str) -> Snapshot:
        """The snapshot of a build; blocks while it is opened.

        Raises:
            GoneError: the build is not there, or not what its name says.
        """
        path = find_snapshot(settings.campaign, build_id)
        with self._lock:
            if path is None:
                raise GoneError(build_id)
            key = str(path)
            if key not in self._open:
                try:
                    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
                    snapshot = Snapshot(path, build_id, written, CACHE_MB)
                except (OSError, SnapshotError) as error:
                    raise GoneError(build_id) from error
                if snapshot.campaign["build_id"] != build_id:
                    raise GoneError(build_id)
                self._open[key] = snapshot
            self._open.move_to_end(key)
            while len(self._open) > self._most:
                self._open.popitem(last=False)
            return self._open[key]

    def close(self) -> None:
        """Let go of every snapshot."""
        with self._lock:
            self._open.clear()


GONE = N_("This build is no longer kept here, so what was frozen at it cannot be shown: {build}.")


class GoneError(UserError):
    """The build that an address is frozen at is not kept.

    Attributes:
        build_id: The build.
    """

    def __init__(self, build_id: str) -> None:
        """Name the build."""
        super().__init__(
            GONE.format(build=build_id), N_("Take the address without build= to see the figures of today.")
        )
        self.build_id = build_id
