"""Kept values: one maker at a time, no errors remembered, no more room taken than there is, no endless waiting."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.cache import Cache, Lane
from dashboard.errors import BusyError


class Maker:
    """Makes a value when it is let go on, and counts how often; raises it where it is an error."""

    def __init__(self, value: str | BaseException = "value") -> None:
        self.calls = 0
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.value = value

    def __call__(self) -> str:
        self.calls += 1
        self.begun.set()
        assert self.go_on.wait(30)
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


def make_soon(maker: Maker) -> None:
    threading.Timer(0.1, maker.go_on.set).start()


@pytest.mark.parametrize("by_lane", [False, True])
def test_a_value_is_made_once_however_many_ask(by_lane: bool) -> None:
    cache, maker, lane = Cache[str, str](10), Maker(), Lane("test", 2, 20, "full")
    with ThreadPoolExecutor(8) as threads:
        if by_lane:
            coming = [cache.submit("key", maker, lane) for _ in range(8)]
        else:
            coming = [threads.submit(cache.get, "key", maker) for _ in range(8)]
        make_soon(maker)
        assert {future.result(30) for future in coming} == {"value"}
    assert (maker.calls, cache.made, cache.is_idle) == (1, 1, True)
    assert cache.find("key") == cache.get("key", maker) == cache.submit("key", maker, lane).result() == "value"
    assert maker.calls == 1
    assert cache.hits >= 3


def test_other_keys_do_not_wait_and_nobody_waits_for_ever() -> None:
    cache, slow = Cache[str, str](10), Maker()
    thread = threading.Thread(target=cache.get, args=("slow", slow))
    thread.start()
    assert slow.begun.wait(30)
    assert cache.get("quick", lambda: "at once") == "at once"
    assert cache.find("slow") is None
    slow.go_on.set()
    thread.join()
    assert cache.find("slow") == "value"
    cache, maker = Cache[str, str](10, seconds=0.05), Maker()
    thread = threading.Thread(target=cache.get, args=("key", maker))
    thread.start()
    assert maker.begun.wait(30)
    with pytest.raises(BusyError):
        cache.get("key", lambda: "never called")
    maker.go_on.set()
    thread.join()
    assert cache.find("key") == "value"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()], ids=["fails", "stopped"])
def test_what_fails_is_told_to_all_who_wait_and_what_is_stopped_is_left_to_one_of_them(error: BaseException) -> None:
    cache, maker = Cache[str, str](10), Maker(error)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.get, "key", maker)
        assert maker.begun.wait(30)
        second = threads.submit(cache.get, "key", lambda: "made by the other")
        time.sleep(0.1)
        maker.go_on.set()
        with pytest.raises(type(error)):
            first.result(30)
        if isinstance(error, ValueError):
            with pytest.raises(ValueError, match="no"):
                second.result(30)
        else:
            assert second.result(30) == "made by the other"
    assert cache.is_idle
    assert cache.get("key", lambda: "anew") == ("anew" if isinstance(error, ValueError) else "made by the other")


def test_the_values_asked_for_last_are_kept_within_the_room() -> None:
    cache = Cache[int, bytes](1_000, len, largest=250)
    for number in range(20):
        cache.get(number, lambda: b"x" * 200)
        assert cache.size <= 1_000
    assert [cache.find(number) is not None for number in (14, 15, 19)] == [False, True, True]
    cache.get(15, lambda: b"never called")
    cache.get(20, lambda: b"x" * 200)
    assert (cache.find(15) is None, cache.find(16) is None) == (False, True)
    assert cache.get(21, lambda: b"x" * 251) == b"x" * 251
    assert cache.find(21) is None
    cache.clear()
    assert (cache.size, cache.find(20)) == (0, None)


def test_a_lane_refuses_what_would_wait_too_long_and_leaves_nothing_under_way() -> None:
    cache, lane, maker = Cache[str, str](10), Lane("test", 1, 1, "Too many."), Maker()
    coming = [cache.submit(key, maker, lane) for key in "ab"]
    with pytest.raises(BusyError, match="Too many"):
        cache.submit("c", maker, lane)
    assert cache.submit("a", maker, lane) is coming[0], "what is under way takes no further place"
    assert lane.refused == 1
    maker.go_on.set()
    assert [future.result(30) for future in coming] == ["value"] * 2
    assert cache.submit("c", maker, lane).result(30) == "value"
    cache, lane, maker = Cache[str, str](10), Lane("test", 1, 5, "full"), Maker()
    cache.submit("a", maker, lane)
    assert maker.begun.wait(30)
    given_up = cache.submit("b", maker, lane)
    lane.close()
    assert given_up.cancelled()
    maker.go_on.set()
    assert cache.get("b", lambda: "by another") == "by another"
