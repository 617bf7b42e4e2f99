"""The store of finished answers: bounded in memory and on disk, its queues, and failures."""

import gc
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from dashboard.errors import BusyError
from dashboard.ground.processes.runner import WorkerError
from dashboard.web.handouts import LANES, FinishedFile, Handout, Store


def submit(store: Store, key: str, make: Callable[..., Any], lane: str = "table") -> "Future[Any]":
    return store.submit(Handout(key, "text/csv", {}, make, "x", lane, is_file=lane != "page"), "identity")


def find(store: Store, key: str, lane: str = "table") -> bytes | FinishedFile | None:
    return store.find(Handout(key, "text/csv", {}, bytes, "x", lane, is_file=lane != "page"), "identity")


def write(text: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text)


def test_answers_in_memory_are_bounded_in_number_and_size() -> None:
    store = Store(0.001)
    for key in ("first", *map(str, range(9)), "last"):
        submit(store, key, lambda: b"y" * 200, "page").result()
        assert store.bodies.size <= 1_000
    submit(store, "large", lambda: b"y" * 900, "page").result()
    kept = [find(store, key, "page") is not None for key in ("first", "last", "large")]
    assert kept == [False, True, False]
    store.close()


def test_the_store_keeps_to_its_room_on_disk_and_to_those_who_hold_a_file() -> None:
    store = Store(disk_megabytes=1)
    held = submit(store, "a", write(bytes(600_000))).result()
    second = submit(store, "b", write(bytes(600_000))).result().path
    assert find(store, "a") is None
    assert held.path.exists(), "somebody is reading it"
    submit(store, "c", write(bytes(2_000_000))).result()
    gc.collect()
    assert not second.exists()
    assert find(store, "c") is not None, "the newest stays, however large"
    path = held.path
    del held
    gc.collect()
    assert not path.exists()
    store.close()


def test_queues_are_bounded_and_apart_and_a_failure_is_no_memory() -> None:
    one = {name: size._replace(threads=1, waiting=1) for name, size in LANES.items()}
    store, go_on = Store(lanes=one), threading.Event()

    def write_late(path: Path) -> None:
        assert go_on.wait(30)
        path.write_bytes(b"late")

    futures = [submit(store, key, write_late, "workbook") for key in "ab"]
    with pytest.raises(BusyError, match="Too many"):
        submit(store, "c", write(b""), "workbook")
    assert submit(store, "list", write(b"list")).result(30).path.read_bytes() == b"list", "it waits for no worker"
    assert not futures[0].done()
    go_on.set()
    assert [future.result(30).path.read_bytes() for future in futures] == [b"late"] * 2

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("no space left")

    with pytest.raises(WorkerError, match="before it finished"):
        submit(store, "c", fail).result()
    assert submit(store, "c", write(b"whole")).result().path.read_bytes() == b"whole"
    store.close()
