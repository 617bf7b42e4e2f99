"""Values made once, however many callers ask for them at once, and kept while there is room.

`cachetools` decides what has to go. This module adds the rest: one maker at a time for each key,
threads that make values behind bounded queues, a limit to waiting, and the counts that operators see.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from cachetools import LRUCache

from dashboard.errors import BusyError
from dashboard.i18n import N_

MOST_SECONDS = 120.0
"""How long a caller waits for a value that another one is making."""

Key = TypeVar("Key")
Value = TypeVar("Value")


def give_way() -> None:
    """Let the threads that serve the pages go before this one; only Linux knows this of a thread, not of a process."""
    if sys.platform == "linux":
        os.nice(10)


class Lane:
    """A few threads that make values in turn; it refuses at once what would have to wait too long."""

    def __init__(
        self, name: str, threads: int, waiting: int, refusal: str, begin: Callable[[], object] | None = None
    ) -> None:
        """Start no thread yet.

        Args:
            name: The beginning of the threads' names.
            threads: Values made at a time.
            waiting: How many further ones may wait for their turn.
            refusal: The words for a reader when there are too many.
            begin: The first work of each thread.
        """
        self.refused = 0
        """How often there were too many."""
        self._refusal = refusal
        self._places = threads + waiting
        self._taken = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, name, initializer=begin)

    def submit(self, work: Callable[[], Value]) -> "Future[Value]":
        """Return the result to come of `work`.

        Raises:
            BusyError: every place is taken.
        """
        with self._lock:
            if self._taken >= self._places:
                self.refused += 1
                raise BusyError(self._refusal, N_("Try again in a minute."))
            self._taken += 1
        return self._pool.submit(self._run, work)

    def close(self) -> None:
        """Give up the work that has not begun, and wait for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, work: Callable[[], Value]) -> Value:
        try:
            return work()
        finally:
            with self._lock:
                self._taken -= 1


class Cache(Generic[Key, Value]):
    """Values by key, each made by one maker; those not asked for the longest are dropped when room is short.

    Only values are kept: a failure raises the same error for all who wait for it, and the next caller tries anew.
    No value may be None.
    """

    def __init__(
        self,
        room: float,
        measure: Callable[[Value], int] | None = None,
        *,
        largest: float | None = None,
        seconds: float = MOST_SECONDS,
    ) -> None:
        """Keep nothing yet.

        Args:
            room: How much all values together may take; `math.inf` where there are few.
            measure: How much a value takes; without it, room is a number of values.
            largest: The size above which a value is not kept; by default all the room.
            seconds: How long `get` waits for another maker.
        """
        self.hits = 0
        """How often a value was already there."""
        self.made = 0
        """How many values were made."""
        self._measure = measure
        self._largest = room if largest is None else largest
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way: dict[Key, Future[Value]] = {}
        self._entries: LRUCache[Key, tuple[Value, int]] = LRUCache(room, getsizeof=lambda entry: entry[1])

    @property
    def size(self) -> int:
        """How much the values take now."""
        return int(self._entries.currsize)

    @property
    def is_idle(self) -> bool:
        """Whether no value is being made."""
        return not self._under_way

    def find(self, key: Key) -> Value | None:
        """Return the value, if it is there; never wait for one."""
        with self._lock:
            return self._find(key)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value, made by `make` in this thread unless it is there or another thread is making it.

        Raises:
            BusyError: another maker takes too long.
            Exception: what the maker raised.
        """
        with self._lock:
            value = self._find(key)
            if value is not None:
                return value
            coming = self._under_way.get(key)
            if coming is None:
                future: Future[Value] = Future()
                future.set_running_or_notify_cancel()
                self._under_way[key] = future
        if coming is None:
            return self._make_for_all(future, key, make)
        try:
            return self._wait(coming)
        except CancelledError:  # the thread that was making it was stopped: somebody else makes it
            return self.get(key, make)

    def submit(self, key: Key, make: Callable[[], Value], lane: Lane) -> "Future[Value]":
        """Return the value to come, made by `make` in a thread of `lane` unless it is there or under way; never wait.

        Raises:
            BusyError: too many wait in the lane.
        """
        with self._lock:
            value = self._find(key)
            if value is not None:
                finished: Future[Value] = Future()
                finished.set_result(value)
                return finished
            coming = self._under_way.get(key)
            if coming is not None:
                return coming
            # The lock is held until the maker is known: a quick maker cannot leave before it came.
            coming = self._under_way[key] = lane.submit(lambda: self._make(key, make))
        coming.add_done_callback(lambda future: self._leave(key) if future.cancelled() else None)
        return coming

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value that has been made, if it is not too large."""
        size = self._measure(value) if self._measure else 1
        with self._lock:
            self.made += 1
            if size <= self._largest:
                self._entries[key] = value, size

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._entries.clear()

    def _find(self, key: Key) -> Value | None:
        try:
            value = self._entries[key][0]
        except KeyError:
            return None
        self.hits += 1
        return value

    def _wait(self, coming: "Future[Value]") -> Value:
        try:
            return coming.result(self._seconds)
        except TimeoutError:
            if coming.done():  # the maker's own error
                raise
        raise BusyError(N_("The answer takes too long."), N_("Try again in a minute."))

    def _make_for_all(self, future: "Future[Value]", key: Key, make: Callable[[], Value]) -> Value:
        try:
            value = self._make(key, make)
        except BaseException as error:
            future.set_exception(error if isinstance(error, Exception) else CancelledError())
            raise
        future.set_result(value)
        return value

    def _make(self, key: Key, make: Callable[[], Value]) -> Value:
        """Make and keep a value; the key is free again before anybody hears the outcome."""
        try:
            value = make()
            self.keep(key, value)
        finally:
            self._leave(key)
        return value

    def _leave(self, key: Key) -> None:
        with self._lock:
            self._under_way.pop(key, None)
