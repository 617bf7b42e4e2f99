"""Finished files that routes hand out: each is made once, however many ask for it, and kept while there is room.

Files are made by a few threads of their own behind a bounded queue, so that neither the event loop nor the threads
that other routes share ever wait for an extract. Threads that write files themselves are apart from those that wait for
a worker's, so that a CSV file is not kept waiting by workbooks, and give way to the threads that serve the pages.
"""

import logging
import os
import shutil
import sys
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from dashboard.i18n import N_
from dashboard.processes.runner import WorkerError

LOG = logging.getLogger(__name__)


class Finished:
    """A finished file; it is there as long as anybody holds this object."""

    def __init__(self, path: Path) -> None:
        """Take over the file at `path`."""
        self.path = path
        self.stat = path.stat()
        weakref.finalize(self, path.unlink, missing_ok=True)


class Store:
    """Files by key: made when first asked for, the longest unused ones dropped when they take too much room."""

    def __init__(self, megabytes: int = 256, threads: int | None = None, waiting: int = 60) -> None:
        """Keep `megabytes` on disk and let `waiting` files wait for their turn.

        Args:
            megabytes: Room for finished files.
            threads: Files made at a time here, and as many more by workers; by default one a core, two at least and
                four at most.
            waiting: Files that may wait.
        """
        threads = threads or min(max(os.cpu_count() or 2, 2), 4)
        self._room = megabytes * 1_000_000
        self._most = threads + waiting
        self._here = ThreadPoolExecutor(threads, "extract", initializer=_give_way)
        self._workers = ThreadPoolExecutor(threads, "extract-worker")
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Finished] = OrderedDict()
        self._under_way: dict[str, Future[Finished]] = {}
        self._folder: Path | None = None
        self._made = 0

    def find(self, key: str) -> Finished | None:
        """The file, if it is finished already."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def submit(self, key: str, make: Callable[[Path], object], *, by_worker: bool = False) -> "Future[Finished]":
        """The file to come: made by `make` at the path it is given, unless it is there or under way already.

        `by_worker` says that `make` only waits for a process that makes it. The future raises what `make` raises, as a
        `WorkerError` where the file could not be written.

        Raises:
            WorkerError: too many files are being made.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                there: Future[Finished] = Future()
                there.set_result(self._kept[key])
                return there
            if key in self._under_way:
                return self._under_way[key]
            if len(self._under_way) >= self._most:
                raise WorkerError(N_("Too many exports are being made at once."), N_("Try again in a minute."))
            self._made += 1
            pool = self._workers if by_worker else self._here
            coming = pool.submit(self._make, key, make, self._place() / str(self._made))
            self._under_way[key] = coming
        return coming

    def close(self) -> None:
        """Drop every finished file that nobody holds, and what has not been begun."""
        for pool in (self._here, self._workers):
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._kept.clear()

    def _make(self, key: str, make: Callable[[Path], object], path: Path) -> Finished:
        finished = None
        try:
            make(path)
            finished = Finished(path)
        except OSError as error:
            LOG.error("An extract could not be written: %s", error)
            raise WorkerError(N_("The export stopped before it was finished."), N_("Try again.")) from None
        finally:
            if finished is None:
                path.unlink(missing_ok=True)
            with self._lock:
                del self._under_way[key]
                if finished is not None:
                    self._keep(key, finished)
        return finished

    def _keep(self, key: str, finished: Finished) -> None:
        """Keep the newest file, and of the others what there is room for."""
        self._kept[key] = finished
        taken = sum(kept.stat.st_size for kept in self._kept.values())
        while taken > self._room and len(self._kept) > 1:
            taken -= self._kept.popitem(last=False)[1].stat.st_size

    def _place(self) -> Path:
        """The folder of the files, made when first needed and removed when the process ends."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="dashboard-extracts-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder


def _give_way() -> None:
    """Let the threads that serve the pages go first; only Linux knows this of a thread, not of a process."""
    if sys.platform == "linux":
        os.nice(10)
