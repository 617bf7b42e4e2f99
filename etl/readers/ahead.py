"""Large exports opened one ahead: while one is loading, a second thread already opens the next.

Opening is mostly work that leaves the interpreter free: unpacking, hashing, counting rows. Nothing else changes:
each opens as it would have, in the same order; a fault in one is raised when its turn comes.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from etl.readers.exports import ExportFile
from etl.readers.files import MB, TEXT_EXTENSIONS, WORKBOOK_EXTENSIONS, Limits

FEWEST_BYTES = MB // 2
"""Smaller ones are opened sooner than a thread begins."""
MOST_WORKBOOK_BYTES = 32 * MB
"""Larger workbooks take too much memory for two at once."""

OpenFile = Callable[[Path, str, Limits], ExportFile]


class OpenedAhead:
    """Opens exports for a build; use it in a `with` statement."""

    def __init__(self, open_file: OpenFile, files: Iterable[tuple[Path, str, Limits]]) -> None:
        """Begin with none.

        Files come in the order of the later calls; calls for other files are fine as well. The second thread, too,
        calls `open_file`.
        """
        self._open_file = open_file
        self._files = [file for file in files if _is_worth_it(file[0])]
        self._places = {path: place for place, (path, *_) in enumerate(self._files)}
        self._waiting: dict[Path, Future[ExportFile]] = {}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="opened-ahead")

    def open(self, path: Path, name: str, limits: Limits) -> ExportFile:
        """Open an export, and have the next one opened meanwhile.

        Raises:
            ReadError: It cannot be read.
        """
        future = self._waiting.pop(path, None)
        place = self._places.get(path, len(self._files))
        for following in self._files[place + 1 : place + 2]:
            self._waiting[following[0]] = self._pool.submit(self._open_file, *following)
        return self._open_file(path, name, limits) if future is None else future.result()

    def __enter__(self) -> Self:
        """Return the opener."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the files that nobody asked for."""
        self._pool.shutdown(cancel_futures=True)
        for waiting in self._waiting.values():
            if not waiting.cancelled() and waiting.exception() is None:
                waiting.result().close()
        self._waiting.clear()


def _is_worth_it(path: Path) -> bool:
    """Whether a file is a large export by itself: no archive, no link, and no workbook that fills the memory."""
    suffix = path.suffix.lower()
    try:
        size = 0 if path.is_symlink() else path.stat().st_size
    except OSError:
        return False
    most = MOST_WORKBOOK_BYTES if suffix in WORKBOOK_EXTENSIONS else size
    return suffix in TEXT_EXTENSIONS | WORKBOOK_EXTENSIONS and FEWEST_BYTES <= size <= most
