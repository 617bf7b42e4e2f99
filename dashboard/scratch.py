"""Temporary folders that can be recognised after their process was killed.

A lock on the folder itself holds each; the system releases it when the process ends, however it ends. A locked
folder belongs to a living process, in whatever container; an unlocked one was left behind.
"""

import os
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

KINDS = (
    "classify", "evidence", "export", "extracts", "forget", "kept", "package", "parts", "receipt", "row", "rows",
    "sample", "verify", "work",
)  # fmt: skip
"""The purposes of folders in the system's place for temporary files: `dashboard-<kind>-…`."""
_SPILLED = "dashboard-spilled-"
SHARED_TEMPORARY = "SHARED_TMPDIR"
"""The variable that names the lasting temporary folder to a worker, whose own goes with it."""


def find_shared_temporary() -> str:
    """Find the folder for temporary files that all processes of this program share."""
    return os.environ.get(SHARED_TEMPORARY) or tempfile.gettempdir()


class Scratch(tempfile.TemporaryDirectory[str]):
    """A temporary folder, removed on leaving; `list_left` finds it where its process was killed."""

    def __init__(self, kind: str, place: Path | None = None, *, prefix: str = "") -> None:
        """Make it.

        Args:
            kind: One of `KINDS`.
            place: Its parent; the system's place for temporary files by default.
            prefix: The beginning of its name, where that is not `dashboard-<kind>-`.
        """
        super().__init__(prefix=prefix or f"dashboard-{kind}-", dir=place, ignore_cleanup_errors=True)
        self._number = _lock(Path(self.name))
        if self._number is not None:
            self._let_go = weakref.finalize(self, os.close, self._number)

    def cleanup(self) -> None:
        """Remove it and let it go."""
        super().cleanup()
        if self._number is None:
            return
        with suppress(OSError):  # where nothing may be opened any more, no folder is looked into but one that is open
            for name in os.listdir(self._number):  # noqa: PTH208  (of a number)
                os.unlink(name, dir_fd=self._number)
            Path(self.name).rmdir()
        self._number = None
        self._let_go()


def is_left(folder: Path) -> bool:
    """Return whether no process holds a folder; a moment may pass between its making and its lock."""
    number = _lock(folder)
    if number is None:
        return sys.platform == "win32"  # no such locks there: age alone tells
    os.close(number)
    return True


def _lock(folder: Path) -> int | None:
    """Lock a folder, until the number is closed; None where somebody else holds it, or where there are no locks."""
    if sys.platform == "win32":
        return None
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number


def list_left(hours: float, place: Path | None = None) -> Iterator[Path]:
    """List the temporary folders that ended processes of this user left, at least so many hours old."""
    where = place or Path(tempfile.gettempdir())
    beginnings = (*(f"dashboard-{kind}-" for kind in KINDS), _SPILLED)
    for path in sorted(path for path in where.glob("dashboard-*") if path.name.startswith(beginnings)):
        if _is_own(path) and _is_old(path, hours) and is_left(path) and not _is_spilling(path):
            yield path


def remove_left(hours: float, place: Path | None = None) -> list[Path]:
    """Remove the folders of `list_left`; return them."""
    leftovers = list(list_left(hours, place))
    for path in leftovers:
        shutil.rmtree(path, ignore_errors=True)
    return leftovers


def _is_own(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and (os.name != "posix" or path.lstat().st_uid == os.getuid())


def _is_old(path: Path, hours: float) -> bool:
    try:
        return time.time() - path.lstat().st_mtime >= hours * 3600
    except OSError:
        return False


def _is_spilling(path: Path) -> bool:
    """Return whether the database of a living process writes there: it makes and removes that folder itself."""
    number = path.name.removeprefix(_SPILLED)
    if number == path.name or not number.isdecimal():
        return False
    if sys.platform == "win32":  # signal 0 is Ctrl+C there: age alone tells
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
