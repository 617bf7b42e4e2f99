"""Database engines in memory, lent for a few questions and then reused.

Starting and ending an engine takes twenty times as long as a question to a small file; publishing a build asks six.
For little data an engine has one thread, and runs statements nearly as they are written: a second thread only costs,
and rewriting the plans takes longer than it saves.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from dashboard.paths import QUERIES, quote_path

MOST_IDLE = 2
"""How many engines of a kind are kept, for a build and the readers of its files; others end on their return."""
LITTLE = 20_000_000
"""Bytes of a database up to which it holds little."""
WRITTEN_LAST = {
    "enable_optimistic_write": "false",
    "checkpoint_threshold": "1TB",
    "auto_checkpoint_skip_wal_threshold": str(1 << 40),
}
"""The settings by which tables are packed and written when their file is detached, and not before."""
_FOR_LITTLE: dict[str, Any] = {"threads": "1", "async_threads": "0", "memory_limit": "2000MB", **WRITTEN_LAST}
_idle: list[duckdb.DuckDBPyConnection] = []
_idle_for_much: list[duckdb.DuckDBPyConnection] = []


@contextmanager
def lend(
    files: Mapping[str, Path] | None = None, *, is_changed: bool = False, is_for_much: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend an engine, to be left as it was found: without tables, macros, other files or settings.

    `files`: database files to attach meanwhile, read-only, by the name they have there.
    `is_changed`: whether it will not be left so; then it is a new one, and ends with the block.
    `is_for_much`: whether other data than of `files` will be much.

    Raises:
        duckdb.Error: a file cannot be opened.
    """
    is_for_much = is_for_much or any(map(is_much, (files or {}).values()))
    engine = _start(is_for_much) if is_changed else _take(is_for_much)
    is_sound = False
    try:
        for name, path in (files or {}).items():
            engine.execute(f"attach {quote_path(path)} as {name} (read_only)")
        yield engine
        engine.execute("use memory")  # a file that is asked by its tables' bare names cannot be let go of
        for name in files or {}:
            engine.execute(f"detach {name}")
        is_sound = not is_changed
    finally:
        if is_sound and len(_list_idle(is_for_much)) < MOST_IDLE:
            _list_idle(is_for_much).append(engine)
        else:
            engine.close()


def is_much(path: Path) -> bool:
    """Return whether a database file holds much."""
    return path.is_file() and path.stat().st_size > LITTLE


def close_idle() -> None:
    """End the engines that are lent to nobody, with their threads."""
    for engines in (_idle, _idle_for_much):
        while engines:
            engines.pop().close()


def _list_idle(is_for_much: bool) -> list[duckdb.DuckDBPyConnection]:
    return _idle_for_much if is_for_much else _idle


def _take(is_for_much: bool) -> duckdb.DuckDBPyConnection:
    try:
        return _list_idle(is_for_much).pop()
    except IndexError:  # none is idle, or another thread was faster
        return _start(is_for_much)


def _start(is_for_much: bool) -> duckdb.DuckDBPyConnection:
    if is_for_much:
        return duckdb.connect()
    engine = duckdb.connect(config=_FOR_LITTLE)
    ((names,),) = engine.execute((QUERIES / "idle_rewrites.sql").read_text(encoding="utf-8")).fetchall()
    engine.execute("set global disabled_optimizers = $names", {"names": names})
    return engine
