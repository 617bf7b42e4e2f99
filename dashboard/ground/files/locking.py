"""One lock for all who change the same files.

The system holds it and releases it when its process ends, however it ends: a kill leaves nothing to tidy up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dashboard.errors import UserError

FOR_EVER = -1.0
InUseError = Timeout
"""Somebody else holds a lock."""


@contextmanager
def hold(path: Path, wait: float = FOR_EVER, refusal: UserError | None = None, *, mode: int = -1) -> Iterator[None]:
    """Hold a lock while the body runs.

    Args:
        path: The file that stands for the lock; its folder must be there.
        wait: Seconds to wait for the holder; 0 only tries.
        refusal: The holder and the remedy, in words.
        mode: The permissions of the file; the system's by default.

    Raises:
        UserError: somebody else holds it for so long, and `refusal` says so.
        InUseError: somebody else holds it, and there is no `refusal`.
        OSError: the file cannot be made or opened.
    """
    lock = FileLock(path, mode=mode)
    try:
        lock.acquire(timeout=wait)
    except InUseError as error:
        if refusal is None:
            raise
        raise refusal from error
    try:
        yield
    finally:
        lock.release()
