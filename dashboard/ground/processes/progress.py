"""Report how far a job is, from inside the job.

Jobs call `tell_progress`; outside a worker, on the command line for example, that does nothing.
"""

import contextlib
import time
from collections.abc import Callable, Iterator

Progress = Callable[[str, int, int], None]
"""Gets the work under way, how far it is, and its total (0 where unknown)."""
SECONDS_BETWEEN = 0.2
"""How often at most a job tells: what it says more often costs nothing."""


class _Teller:
    """Sends the progress of this process, and knows which part of the whole work is under way."""

    def __init__(self) -> None:
        self.send: Callable[[float], object] | None = None
        self.span = (0.0, 1.0)
        self._next = 0.0

    def tell(self, share: float) -> None:
        now = time.monotonic()
        if self.send is None or (now < self._next and share < 1):
            return
        self._next = now + SECONDS_BETWEEN
        first, last = self.span
        self.send(first + (last - first) * share)


_teller = _Teller()


def tell_to(send: Callable[[float], object]) -> None:
    """Send the finished share, from 0 to 1, to `send` from now on."""
    _teller.send = send


def tell_progress(done: int, total: int) -> None:
    """Report from a job that `done` of `total` rows (or portions) are written."""
    if total > 0:
        _teller.tell(done / total)


@contextlib.contextmanager
def stage(begin: int, end: int, total: int) -> Iterator[None]:
    """Count progress inside from `begin` to `end` of a `total` (rows or bytes); stages may be nested."""
    first, last = outer = _teller.span
    each = (last - first) / total
    _teller.span = (first + begin * each, first + end * each)
    try:
        yield
    finally:
        _teller.span = outer
