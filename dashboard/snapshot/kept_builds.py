"""Open any kept build: the published one, a link's, a session's.

A few earlier builds are open at a time. A snapshot closes when nobody uses it any more, so that an answer under way
ends on its first build; a session holds none, but names its build at every run of its page.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from dashboard.cache import Cache
from dashboard.campaign import builds
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot

Result = TypeVar("Result")
MOST_OPEN = 4
"""The most earlier builds open at once."""

CACHE_MB = 8
GONE = N_("This build is no longer kept here, so what was frozen at it cannot be shown: {build}.")
OTHER = N_("Another version of the program made this build, so what was frozen at it cannot be shown: {build}.")


class GoneError(UserError):
    """The build of a frozen address is not kept, or another version of the program made it.

    Attributes:
        reason: The fault, with a placeholder for the build.
    """

    def __init__(self, build_id: str, reason: str = GONE) -> None:
        """Name the build."""
        super().__init__(
            reason.format(build=build_id), N_("Take the address without build= to see the figures of today.")
        )
        self.build_id = build_id
        self.reason = reason


class KeptBuilds:
    """Snapshots of earlier builds by their ids; a few are open at a time."""

    def __init__(self, most_open: int = MOST_OPEN) -> None:
        """Hold `most_open` snapshots."""
        self._open = Cache[Path, Snapshot](most_open)

    def open(self, settings: Settings, build_id: str) -> Snapshot:
        """Open the snapshot of a build, the same for an address today and tomorrow; block while it opens.

        Raises:
            GoneError: the build is not there, or its content contradicts its name.
        """
        path = builds.find_snapshot(settings.campaign, build_id)
        if path is None:
            raise GoneError(build_id)
        return self._open.get(path, lambda: _open_kept(path, build_id))

    def close(self) -> None:
        """Release every snapshot."""
        self._open.clear()


@cache
def kept_builds() -> KeptBuilds:
    """Return the earlier builds that this process has open."""
    return KeptBuilds()


def close() -> None:
    """Release every snapshot."""
    kept_builds().close()


def find(settings: Settings, query: Mapping[str, Sequence[str]]) -> Snapshot:
    """Find the snapshot of a link: the published one, or the one it is frozen at. Block while one opens.

    Raises:
        SelectionError: the build's id is none.
        GoneError: the build is not kept.
        SnapshotError: nothing is published.
    """
    build_id = read_build(query)
    return kept_builds().open(settings, build_id) if build_id else database.current(settings)


def open_seen(settings: Settings, build_id: str) -> Snapshot:
    """Open the snapshot of a session's last build, with its answers cached while it was published.

    Raises:
        GoneError: the build is not kept any more.
        SnapshotError: nothing is published.
    """
    published = database.current(settings)
    if published.build_id == build_id:
        return published
    path = builds.find_snapshot(settings.campaign, build_id)
    replaced = database.find_replaced(path) if path is not None else None
    if replaced is not None and replaced.build_id == build_id:
        return replaced
    return kept_builds().open(settings, build_id)


def postpone(snapshot: Snapshot, work: Callable[[Snapshot], Result]) -> Callable[[], Result]:
    """Work on a snapshot that opens again when the work is done: its owner holds no snapshot open.

    The work raises a `GoneError` where the build is gone by then.
    """
    build_id = snapshot.build_id
    return lambda: work(open_seen(Settings.from_environment(), build_id))


def read_build(query: Mapping[str, Sequence[str]]) -> str:
    """Read the build of a frozen link; empty where it follows the data.

    Raises:
        SelectionError: no build can have such an id.
    """
    build_id = (query.get("build") or ("",))[-1]
    if build_id and not builds.is_build_id(build_id):
        raise SelectionError(f"build={build_id!r} is not the id of a build.", "build", (), build_id)
    return build_id


def _open_kept(path: Path, build_id: str) -> Snapshot:
    try:
        built_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        snapshot = Snapshot(path, build_id, built_at, CACHE_MB)
    except OtherSchemaError as error:
        raise GoneError(build_id, OTHER) from error
    except (OSError, SnapshotError) as error:
        raise GoneError(build_id) from error
    if snapshot.campaign["build_id"] != build_id:
        raise GoneError(build_id)
    return snapshot
