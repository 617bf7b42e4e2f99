"""Any build that is still kept, opened: the published one, the one a link names, the one a session has seen.

A few earlier builds are open at a time. A snapshot is closed when nobody holds it any more, so that an answer under way
ends on the build it began with; a session holds none, but names its build at every run of its page.
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
"""Earlier builds that are open at once."""

CACHE_MB = 8
GONE = N_("This build is no longer kept here, so what was frozen at it cannot be shown: {build}.")
OTHER = N_("Another version of the program made this build, so what was frozen at it cannot be shown: {build}.")


class GoneError(UserError):
    """The build that an address is frozen at is not kept, or another version of the program made it.

    Attributes:
        build_id: The build.
        reason: What is wrong, with a place for the build.
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
        """The snapshot of a build, the same for an address today and tomorrow; blocks while it is opened.

        Raises:
            GoneError: the build is not there, or not what its name says.
        """
        path = builds.find_snapshot(settings.campaign, build_id)
        if path is None:
            raise GoneError(build_id)
        return self._open.get(path, lambda: _open_kept(path, build_id))

    def close(self) -> None:
        """Let go of every snapshot."""
        self._open.clear()


@cache
def kept_builds() -> KeptBuilds:
    """The earlier builds that this process has open."""
    return KeptBuilds()


def close() -> None:
    """Let go of every snapshot."""
    kept_builds().close()


def find(settings: Settings, query: Mapping[str, Sequence[str]]) -> Snapshot:
    """The snapshot a link speaks of: the published one, or the one it is frozen at. Blocks while one is opened.

    Raises:
        SelectionError: the build's id is none.
        GoneError: the build is not kept.
        SnapshotError: nothing is published.
    """
    build_id = read_build(query)
    return kept_builds().open(settings, build_id) if build_id else database.current(settings)


def open_seen(settings: Settings, build_id: str) -> Snapshot:
    """The snapshot of the build that a session has seen, with the answers that are kept while it was published.

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
    """Work on a snapshot that is opened again when the work is done: whoever keeps it holds no snapshot open.

    The work raises a `GoneError` where the build is not kept any more by then.
    """
    build_id = snapshot.build_id
    return lambda: work(open_seen(Settings.from_environment(), build_id))


def read_build(query: Mapping[str, Sequence[str]]) -> str:
    """The build a link is frozen at; empty where it follows the data.

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
