"""How far a worker's job is: the job writes the share it has done into a small file, who asked for it reads that file.

Jobs call `tell_progress`; outside a worker, on the command line for example, that does nothing.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

PROGRESS = "progress"
SECONDS_BETWEEN = 0.2
"""How often at most a job writes: what it tells more often costs nothing."""


class _Teller:
    """Where this process writes how far it is, and which part of the whole work is being told."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self.span = (0.0, 1.0)
        self._next = 0.0

    def tell(self, share: float) -> None:
        now = time.monotonic()
        if self.file is None or (now < self._next and share < 1):
            return
        self._next = now + SECONDS_BETWEEN
        first, last = self.span
        with contextlib.suppress(OSError):  # a full disk is noticed by the work itself, with its reason
            self.file.write_text(f"{first + (last - first) * share:.4f}", encoding="ascii")


_teller = _Teller()


def tell_in(directory: Path) -> None:
    """From now on this process writes its progress into `directory`."""
    _teller.file = directory / PROGRESS


def tell_progress(done: int, total: int) -> None:
    """The job's side: `done` of `total` rows (or portions) are written."""
    if total > 0:
        _teller.tell(done / total)


@contextlib.contextmanager
def stage(begin: int, end: int, whole: int) -> Iterator[None]:
    """What is told inside is progress from `begin` to `end` of a `whole` (rows or bytes); stages may be nested."""
    first, last = outer = _teller.span
    each = (last - first) / whole
    _teller.span = (first + begin * each, first + end * each)
    try:
        yield
    finally:
        _teller.span = outer


def read_progress(directory: Path) -> float | None:
    """The share that the job of this directory has done, from 0 to 1.

    None when it has told nothing, has just begun to write, or its directory is gone because it has ended.
    """
    with contextlib.suppress(OSError, ValueError):
        return min(1.0, max(0.0, float((directory / PROGRESS).read_text(encoding="ascii"))))
    return None
